"""Who speaks in an episode, found by the machine and named by people. The evidence holds turns:
start, end and a number, within one episode; what a voice sounds like is forgotten, so that nobody
can be recognised elsewhere. Names are in the sidecar, and in the machine's text."""

import dataclasses
import html
import logging
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePosixPath

from radio.archive import Archive, history, journal, paths, removal
from radio.archive.acts import changed_meanwhile, perform, require_idle, undo
from radio.archive.authorship import END
from radio.archive.episode import read_episode, render_episode
from radio.archive.history import Act, Rewriting, text_of
from radio.archive.keys import pseudonyms_of
from radio.archive.pseudonyms import substitute
from radio.archive.removal import Removal
from radio.sound import decode
from radio.system.disk import is_file, read_bytes, read_end, write_whole
from radio.system.errors import ArchiveError, RadioError, TranscriptError
from radio.system.messages import _
from radio.system.progress import Progress
from radio.text.sentences import cue_at
from radio.text.transcript import (
    Cue,
    Evidence,
    Turn,
    escape,
    read_text,
    read_vtt,
    render_evidence,
    voice_number,
)
from radio.transcribe.attribution import (
    LONGEST_NAME,
    NOBODY,
    Part,
    Speakers,
    are_disjoint,
    known_turns,
    overlapping,
    parts,
    speakers_of,
    split,
)
from radio.transcribe.corrections import write_again
from radio.transcribe.models import weights
from radio.transcribe.turns import Ear, find_turns
from radio.transcribe.versions import evidence_aside, is_by_hand, keep_present, texts_aside

log = logging.getLogger(__name__)

TIME = r"(?:\d+:)?\d{1,2}:\d{1,2}\.\d{1,3}"
CUE = re.compile(  # times of a cue, and the first line said
    rf"(?P<times>^{TIME}[ \t]+-->[ \t]+{TIME}.*\n)(?P<said>[^\n]*\w[^\n]*)", re.MULTILINE
)
VOICE = re.compile(r"<v(?:\.[^ \t>]*)?[ \t]+([^>\n]*)>")
TOLD = (b'"voice": ', b'"turns": []')  # the end of evidence with turns: the last one, or none


@dataclass(frozen=True)
class Voice:
    """A voice of an episode."""

    number: int
    name: str  # that people gave it, else « Voix 1 »
    seconds: float  # 0 if it has a name and is not found any more
    share: float  # of all speech
    first: str  # words of it
    start: float  # where it says them, in seconds
    other: int  # the voice that it may be, or 0
    is_part: bool  # that one's name stands in the text until it gets its own


def untold(archive: Archive) -> list[str]:
    """List the keys of episodes without turns; none if there is no network. Only the end of each
    evidence is read; unreadable ones cost a warning."""
    found = []
    for episode in archive.episodes() if weights.has_voices() else ():
        try:
            end = read_end(archive.evidence_path(episode.key), END)
        except RadioError as error:
            log.warning("%s", error)
            continue
        if end and archive.is_transcribed(episode.key) and not any(each in end for each in TOLD):
            found.append(episode.key)
    return found


def tell(archive: Archive, key: str, progress: Progress = lambda _: None) -> int:
    """Find the voices of an episode, write their turns, and count them; known voices keep numbers
    and names. Raises TranscriptError if the words are not heard yet or the regions are unreadable,
    ModelError without the network, AudioError if the recording can't be decoded."""
    episode, evidence = archive.episode(key), _evidence(archive, key)
    if not are_disjoint(evidence.regions):
        message = _("{path} : des régions impossibles ; `radio transcribe {key} --again` le refait")
        raise TranscriptError(message, path=archive.evidence_path(key), key=key)
    ear, blocks = Ear(weights.find(weights.VOICES).path), decode(archive.audio_path(episode))
    turns = find_turns(evidence, blocks, ear, progress)
    with archive.lock():
        known = speakers_of(archive, archive.episode(key))
        turns = renumber(turns, known.named_turns, known.named)
        _settle(archive, key, dataclasses.replace(known, turns=turns), voices=weights.CAMPPLUS)
    return len({turn.voice for turn in turns})


def tell_if_untold(archive: Archive, key: str) -> None:
    """Find the voices of an episode, if the network is here. Failures cost a warning."""
    try:
        if weights.has_voices() and known_turns(archive, archive.episode(key)) is None:
            tell(archive, key)
    except RadioError as error:
        log.warning("%s", error)


def forget(archive: Archive, key: str) -> None:
    """Remove turns and names from what the machine wrote, older evidence too. A person's text and
    older texts stay: `older_texts` lists them. Raises TranscriptError without a transcript."""
    with archive.lock():
        _settle(archive, key, NOBODY)
        for path, evidence in evidence_aside(archive, key).items():
            if evidence.turns:
                write_whole(path, render_evidence(dataclasses.replace(evidence, turns=())))
        archive.write_episode(dataclasses.replace(archive.episode(key), voices={}))
        acts = history.acts(archive.root, paths.sidecar(key))
        past = dict.fromkeys(history.record(act)[0] for act in acts if act.what == "voices")
        removal.perform(archive.root, Removal(written=past))


def older_texts(archive: Archive, key: str) -> list[Path]:
    """List the texts of an episode, set aside ones too, in which somebody is said to speak."""
    texts = [archive.vtt_path(key), *texts_aside(archive, key)]
    return [path for path in texts if is_file(path) and "<v" in read_text(read_bytes(path))[0]]


def name(
    archive: Archive,
    key: str,
    names: Mapping[int, str],
    who: str = "",
    seen: Mapping[int, str] | None = None,
) -> None:
    """Name voices, or remove the names that are empty; `radio undo` takes that back. `seen` are the
    names (`Voice.name`) that somebody saw. A text that a person changed is set aside first; then
    only speakers change there, never a name by somebody else. The act holds numbers only: names may
    have to be forgotten. The sidecar comes first, then the machine's text made of it: killed in
    between, the same command ends the work. Raises TranscriptError for an unknown voice, a name too
    long, a text unreadable or unfinished; ArchiveError if a voice has another name than `seen`."""
    with archive.lock():
        _evidence(archive, key)
        episode = archive.episode(key)
        before = speakers_of(archive, episode)
        if seen and any(before.label(number) != text for number, text in seen.items()):
            raise changed_meanwhile(key)
        _require(key, names, before)
        named = {**episode.voices, **{str(number): text for number, text in names.items()}}
        hidden = pseudonyms_of(archive, episode)
        lines = {number: " ".join(text.split()) for number, text in sorted(named.items())}
        given = {number: substitute(text, hidden) for number, text in lines.items() if text}
        after = dataclasses.replace(before, names=given)
        rewritings = list[Rewriting]()
        if by_hand := is_by_hand(archive, key):
            path = archive.vtt_path(key)
            labelled = label_cues(archive, key, before, after, names.keys())
            if labelled != read_bytes(path):
                keep_present(archive, key)
                own = Rewriting(paths.transcript(key), text_of(path), labelled.decode())
                rewritings.append(own)
        if rewritings or after.names != episode.voices:
            sidecar = archive.sidecar_path(key)
            said = render_episode(dataclasses.replace(episode, voices=after.names)).decode()
            rewritings.append(Rewriting(paths.sidecar(key), text_of(sidecar), said))
            facts = {"voices": ", ".join(map(str, sorted(names)))}
            perform(archive, Act("voices", (key,), facts, (), tuple(rewritings), who=who))
        if not by_hand:
            write_again(archive, key, after)
    if rewritings:
        journal.note(archive.root, "voices", key=key, who=who)


def _require(key: str, names: Mapping[int, str], before: Speakers) -> None:
    known = {number for turn in before.turns for number in (turn.voice, turn.other)}
    for number, text in names.items():
        if number not in known and (text.strip() or number not in before.named):
            message = _("{key} : pas de voix {number} ; `radio text voices {key}` les liste")
            raise TranscriptError(message, key=key, number=number)
        if len(text) > LONGEST_NAME or not text.isprintable():
            message = _(
                "{key} : le nom de la voix {number} doit faire une ligne, de {most} "
                "caractères au plus"
            )
            raise TranscriptError(message, key=key, number=number, most=LONGEST_NAME)


def label_cues(
    archive: Archive,
    key: str,
    before: Speakers,
    after: Speakers,
    numbers: Set[int],
    was: Sequence[Cue] = (),
) -> bytes:
    """Write the new names of some voices into a text, where it has their old ones, or none; if it
    `was` another text once, those that it had there. Raises TranscriptError if it is not WebVTT in
    UTF-8."""
    path = archive.vtt_path(key)
    content = read_bytes(path)
    if form := read_vtt(content, path).form:
        message = _("{path} : {form} ; enregistrez-le en WebVTT en UTF-8, puis nommez ses voix")
        raise TranscriptError(message, path=path, form=form)

    def second(time: str) -> float:
        *hours, minutes, seconds = time.split(":")
        return 3600 * int(hours[0] if hours else 0) + 60 * int(minutes) + float(seconds)

    def write(cue: re.Match[str]) -> str:
        start, end = map(second, re.findall(r"[\d:.]+", cue["times"])[:2])
        voice, said = before.voice_of(start, end), cue["said"]
        label = VOICE.match(said)
        name = html.unescape(label[1]).strip() if label else before.label(voice)
        is_own = name == before.label(voice)
        number = after.voice_of(start, end) if is_own else voice_number(name)  # None: a person's
        if number is None or numbers.isdisjoint({number, voice if is_own else number}):
            return cue[0]
        text = said[label.end() :] if label else said
        head = said[: label.start(1)] if label else "<v "
        place = cue_at(was, start)
        shown = was[place - 1].voice if place else after.label(number)
        named = f"{head}{escape(shown, one_line=True)}>" if shown else ""
        return f"{cue['times']}{named}{text}"

    return CUE.sub(write, content.decode()).encode()


def unname(archive: Archive, act: Act) -> Act:
    """Take back names that voices got, whatever else changed since. Raises NotFoundError without
    the episode, ArchiveError, with nothing changed, if one of them was named again since."""
    undone = undo(archive, act.name, _as_it_is_now)
    with archive.lock():
        key = _key_of(act)
        if not is_by_hand(archive, key):
            write_again(archive, key, speakers_of(archive, archive.episode(key)))
    return undone


def _key_of(act: Act) -> str:
    written = (each.path for each in act.rewritings if each.before and each.after)
    path = next(each for each in written if each.startswith("media/") and each.endswith(".json"))
    return path.removeprefix("media/").removesuffix(".json")


def _as_it_is_now(archive: Archive, act: Act) -> Act:
    """Give the act as if done to what is there now, so that only the names go back. In a person's
    text too: the whole text, or its names alone if it was changed since."""
    key = _key_of(act)
    require_idle(archive, [key])
    episode, path = archive.episode(key), archive.vtt_path(key)
    changed = renamed_voices(act, paths.sidecar(key))
    if any(episode.voices.get(number, "") != new for number, (_old, new) in changed.items()):
        message = _(
            "{key} : des voix ont reçu un autre nom depuis ; annulez d’abord cela, rien n’a été "
            "fait"
        )
        raise ArchiveError(message, key=key)
    hidden = pseudonyms_of(archive, episode)
    old = {number: substitute(name, hidden) for number, (name, _new) in changed.items()}
    left = {number: name for number, name in {**episode.voices, **old}.items() if name}
    before = render_episode(dataclasses.replace(episode, voices=dict(sorted(left.items()))))
    sidecar = Rewriting(paths.sidecar(key), before.decode(), text_of(archive.sidecar_path(key)))
    if not is_by_hand(archive, key):
        return dataclasses.replace(act, rewritings=(sidecar,))
    now = text_of(path)
    own = next((each for each in act.rewritings if each.path == paths.transcript(key)), None)
    if own and own.after == now:
        then = own.before or ""
    else:
        known = speakers_of(archive, episode)
        renamed = dataclasses.replace(known, names={**known.names, **old})
        was = read_vtt(own.before.encode(), path).cues if own and own.before else ()
        then = label_cues(archive, key, known, renamed, {*map(int, old)}, was).decode()
    text = Rewriting(paths.transcript(key), substitute(then, hidden), now)
    return dataclasses.replace(act, rewritings=(text, sidecar))


def renamed_voices(act: Act, sidecar: str) -> dict[str, tuple[str, str]]:
    """Give the names of voices before an act and after, for the episode with that sidecar. Raises
    ArchiveError if the act holds no readable sidecar."""
    place, changed = PurePosixPath(sidecar), dict[str, tuple[str, str]]()
    for each in act.rewritings:
        if each.path == sidecar:
            was, then = (
                read_episode(place.parent.name, place.stem, (text or "").encode(), place).voices
                for text in (each.before, each.after)
            )
            pairs = {n: (was.get(n, ""), then.get(n, "")) for n in sorted({**was, **then})}
            changed |= {number: pair for number, pair in pairs.items() if pair[0] != pair[1]}
    return changed


def voices_of(archive: Archive, key: str) -> list[Voice]:
    """List the voices of an episode by number: how long each speaks, without pauses, when first,
    and which other one it may be, unless people named both."""
    speakers, transcript = speakers_of(archive, archive.episode(key)), archive.transcript(key)
    hidden = parts(speakers.named_turns)
    apart = dataclasses.replace(speakers, turns=split(speakers.named_turns, hidden))
    first = dict[int, tuple[str, float]]()
    for cue in transcript.cues if transcript else ():
        said = " ".join(cue.text.split()), cue.start
        first.setdefault(apart.voice_of(cue.start, cue.end), said)
    regions = [each for each in _evidence(archive, key).regions if each.kind == "speech"]
    seconds = defaultdict[int, float](float, dict.fromkeys(speakers.named, 0.0))
    for turn, _region, shared in _shared(apart.turns, regions):
        for number in {turn.voice, turn.other} if turn.voice in hidden else {turn.voice}:
            seconds[number] += shared
    spoken = sum(region.end - region.start for region in regions) or 1.0
    pairs = ((turn.voice, turn.other) for turn in apart.turns)
    others, found = {a: b for a, b in pairs if not {a, b} <= speakers.named}, list[Voice]()
    for number, time in sorted(seconds.items()):
        said, other = first.get(number, ("", 0.0)), others.get(number, 0)
        known = (number, speakers.label(number), time, time / spoken, *said)
        found.append(Voice(*known, other, number in hidden))
    return found


def _shared(turns: Iterable[Turn], others: Sequence[Part]) -> Iterator[tuple[Turn, Part, float]]:
    """Give how many seconds turns share with other parts."""
    for turn in turns:
        for other in overlapping(others, turn.start, turn.end):
            yield turn, other, min(turn.end, other.end) - max(turn.start, other.start)


def _evidence(archive: Archive, key: str) -> Evidence:
    evidence = archive.evidence(key)
    if evidence is None or not archive.is_transcribed(key):
        message = _(
            "{key} : la machine ne l’a pas encore entendu ; d’abord `radio transcribe {key}`"
        )
        raise TranscriptError(message, key=key)
    return evidence


def _settle(archive: Archive, key: str, speakers: Speakers, **parameters: str) -> None:
    """Write speakers into the machine's text, then the turns into the evidence: killed in between,
    these are missing, and the work is still to be done."""
    _evidence(archive, key)
    if not is_by_hand(archive, key):
        write_again(archive, key, speakers)
    evidence = _evidence(archive, key)
    made = {**evidence.parameters, **parameters}
    settled = dataclasses.replace(evidence, turns=speakers.turns, parameters=made)
    write_whole(archive.evidence_path(key), render_evidence(settled))


def renumber(turns: Sequence[Turn], old: Sequence[Turn], taken: Iterable[int]) -> tuple[Turn, ...]:
    """Give each voice, and each part of one, the number of the earlier one that it shares most time
    with, else a new one, not `taken`, as by a name. Both lists are in order, without overlaps."""
    shared = defaultdict[tuple[int, int], float](float)
    for turn, other, seconds in _shared(split(turns, parts(turns)), old):
        shared[turn.voice, other.voice] += seconds
    numbers: dict[int, int] = {}
    for voice, number in sorted(shared, key=lambda pair: -shared[pair]):
        if voice not in numbers and number not in numbers.values():
            numbers[voice] = number
    fresh = count(max([turn.voice for turn in old] + list(taken), default=0) + 1)
    for voice in [turn.voice for turn in turns] + [turn.other for turn in turns]:
        if voice and voice not in numbers:
            numbers[voice] = next(fresh)
    return tuple(
        dataclasses.replace(turn, voice=numbers[turn.voice], other=numbers.get(turn.other, 0))
        for turn in turns
    )
