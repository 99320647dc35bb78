"""Voices: who speaks in an episode, told by the machine and named by people.

The evidence keeps turns: start, end and a number, within one episode. What the network hears of a
voice is forgotten when the episode is done, so that nobody can be recognised elsewhere by it. Names
are a person's act, kept in the sidecar; the machine's text takes them over and stays the machine's.
A text that a person reread or changed keeps its words.
"""

import dataclasses
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from radio.archive import Archive, history, journal, paths, removal
from radio.archive.acts import perform
from radio.archive.episode import Episode, render_episode
from radio.archive.history import Act, Rewriting, text_of
from radio.archive.keys import names_of
from radio.archive.pseudonyms import pseudonyms_for, substitute
from radio.archive.removal import Removal
from radio.archive.standing import END
from radio.sound import decode
from radio.system.disk import is_file, read_bytes, read_end, write_whole
from radio.system.errors import ArchiveError, RadioError, TranscriptError
from radio.system.messages import _
from radio.system.progress import Progress
from radio.text.transcript import Evidence, Region, Turn, read_text, render_evidence
from radio.transcribe.attribution import (
    LONGEST_NAME,
    NOBODY,
    Speakers,
    are_apart,
    known_turns,
    overlapping,
    speakers_of,
)
from radio.transcribe.corrections import write_again
from radio.transcribe.models import voices as network
from radio.transcribe.turns import Ear, find_turns
from radio.transcribe.versions import (
    evidence_aside,
    is_by_hand,
    keep_present,
    texts_aside,
)
from radio.transcribe.voice_labels import label_cues

log = logging.getLogger(__name__)

TOLD = (b'"voice": ', b'"turns": []')
"""What the end of an evidence holds where voices were listened for: its last turn, or none."""


@dataclass(frozen=True)
class Voice:
    """A voice of an episode."""

    number: int
    name: str  # that people gave it, else « Voix 1 »
    seconds: float
    first: str  # words of it
    start: float = 0.0  # where it says them, in seconds


def untold(archive: Archive) -> list[str]:
    """List the keys of the episodes in which voices were not listened for; none without network.

    Only the end of each evidence is read. What can't be read costs a warning.
    """
    found = []
    for episode in archive.episodes() if network.is_here() else ():
        try:
            end = read_end(archive.evidence_path(episode.key), END)
        except RadioError as error:
            log.warning("%s", error)
            continue
        if end and archive.is_transcribed(episode.key) and not any(each in end for each in TOLD):
            found.append(episode.key)
    return found


def tell(archive: Archive, key: str, progress: Progress = lambda _: None) -> list[Voice]:
    """Listen for the voices of an episode, write their turns, and give them.

    `progress` is told how many seconds are heard. Voices that were known keep their numbers, and so
    their names. Raises TranscriptError if the machine has not heard the words yet or if its regions
    can't be, ModelError if
    the network is not here, AudioError if the recording can't be decoded.
    """
    episode, evidence = archive.episode(key), _evidence(archive, key)
    if not are_apart(evidence.regions):
        raise TranscriptError(
            _(
                "{path}: regions that can't be; `radio transcribe {key} --again` makes it anew"
            ).format(path=archive.evidence_path(key), key=key)
        )
    blocks = decode(archive.audio_path(episode))
    turns = find_turns(evidence, blocks, Ear(network.find()), progress)
    with archive.lock():
        known = speakers_of(archive, archive.episode(key))
        turns = renumber(turns, known.turns, known.named)
        _settle(archive, key, dataclasses.replace(known, turns=turns), voices=network.MODEL)
    return voices_of(archive, key)


def tell_if_untold(archive: Archive, key: str) -> None:
    """Listen for the voices of an episode, where the network is here and nobody did yet.

    What fails costs a warning: its words are there.
    """
    try:
        if network.is_here() and known_turns(archive, archive.episode(key)) is None:
            tell(archive, key)
    except RadioError as error:
        log.warning("%s", error)


def forget(archive: Archive, key: str) -> None:
    """Remove the turns of an episode, and the names of its voices, from what the machine wrote.

    Evidence that was set aside is part of it. A person's text stays as it is, and so do texts that
    were set aside: `still_told` lists them. Raises TranscriptError if there is no transcript.
    """
    with archive.lock():
        _settle(archive, key, NOBODY)
        for path, evidence in evidence_aside(archive, key).items():
            if evidence.turns:
                write_whole(path, render_evidence(dataclasses.replace(evidence, turns=())))
        archive.write_episode(dataclasses.replace(archive.episode(key), voices={}))
        named = (
            act for act in history.acts(archive.root, paths.sidecar(key)) if act.what == "voices"
        )
        past = dict.fromkeys(history.record(act)[0] for act in named)
        removal.perform(archive.root, Removal(written=past))


def still_told(archive: Archive, key: str) -> list[Path]:
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
    """Name voices, or take their names away where one is empty; `radio undo` takes that back.

    `seen` is how voices were called (`Voice.name`) where somebody saw them. A text that a person
    changed is kept aside first; then only who speaks is written there, never over a name that
    somebody else wrote. Raises TranscriptError if there is no such voice, if a name is too long, if
    a person's text can't be read, or if the text is not finished yet; ArchiveError if a voice that
    was seen has another name by now.
    """
    with archive.lock():
        _evidence(archive, key)
        episode = archive.episode(key)
        before = speakers_of(archive, episode)
        if seen and any(before.label(number) != text for number, text in seen.items()):
            raise ArchiveError(_("{key}: changed meanwhile; nothing was done").format(key=key))
        known = {turn.voice for turn in before.turns}
        for number, text in names.items():
            _require(
                key, number, text, known | (before.named.keys() if not text.strip() else set())
            )
        kept = {**episode.voices, **{str(number): text for number, text in names.items()}}
        hidden = pseudonyms_for(archive.root, names_of(archive, episode))
        kept = {
            each: substitute(" ".join(text.split()), hidden)
            for each, text in sorted(kept.items())
            if text.strip()
        }
        after = dataclasses.replace(before, names=kept)
        is_changed = _write_names(archive, episode, before, after, names, who)
    if is_changed:
        journal.note(archive.root, "voices", key=key, who=who)


def _write_names(
    archive: Archive,
    episode: Episode,
    before: Speakers,
    after: Speakers,
    names: Mapping[int, str],
    who: str,
) -> bool:
    """Write names where they belong, and tell whether any changed.

    Killed in between, the same command ends the work: the machine's text comes after the sidecar,
    for it is made of it. The act is told of by the numbers alone: names may have to be forgotten.
    """
    key, rewritings = episode.key, list[Rewriting]()
    if by_hand := is_by_hand(archive, key):
        path = archive.vtt_path(key)
        labelled = label_cues(archive, key, before, after, names.keys())
        if labelled != read_bytes(path):
            keep_present(archive, key)
            rewritings.append(Rewriting(paths.transcript(key), text_of(path), labelled.decode()))
    if rewritings or after.names != episode.voices:
        sidecar = archive.sidecar_path(key)
        said = render_episode(dataclasses.replace(episode, voices=after.names)).decode()
        rewritings.append(Rewriting(paths.sidecar(key), text_of(sidecar), said))
        facts = {"voices": ", ".join(map(str, sorted(names)))}
        perform(archive, Act("voices", (key,), facts, (), tuple(rewritings), who=who))
    if not by_hand:
        write_again(archive, key, after)
    return bool(rewritings)


def stale_names(archive: Archive, key: str) -> dict[int, str]:
    """List the names in the sidecar whose voices are not found any more."""
    speakers = speakers_of(archive, archive.episode(key))
    present = {turn.voice for turn in speakers.turns}
    return {number: name for number, name in speakers.named.items() if number not in present}


def voices_of(archive: Archive, key: str) -> list[Voice]:
    """List the voices of an episode, in the order in which they first speak."""
    speakers, transcript = speakers_of(archive, archive.episode(key)), archive.transcript(key)
    first = dict[int, tuple[str, float]]()
    for cue in transcript.cues if transcript else ():
        said = " ".join(cue.text.split()), cue.start
        first.setdefault(speakers.voice_of(cue.start, cue.end), said)
    seconds = _seconds(speakers.turns, spoken(archive, key))
    return [
        Voice(number, speakers.label(number), seconds[number], *first.get(number, ("",)))
        for number in sorted(seconds)
    ]


def spoken(archive: Archive, key: str) -> list[Region]:
    """List the regions in which somebody speaks, as far as the machine heard."""
    return [region for region in _evidence(archive, key).regions if region.kind == "speech"]


def _seconds(turns: Iterable[Turn], regions: Sequence[Region]) -> dict[int, float]:
    """Measure how long each voice speaks, without the pauses that its turns go over."""
    seconds: dict[int, float] = defaultdict(float)
    for turn in turns:
        for region in overlapping(regions, turn.start, turn.end):
            seconds[turn.voice] += min(turn.end, region.end) - max(turn.start, region.start)
    return seconds


def _evidence(archive: Archive, key: str) -> Evidence:
    evidence = archive.evidence(key)
    if evidence is None or not archive.is_transcribed(key):
        raise TranscriptError(
            _("{key}: the machine has not heard it yet; `radio transcribe {key}` first").format(
                key=key
            )
        )
    return evidence


def _settle(archive: Archive, key: str, speakers: Speakers, **parameters: str) -> None:
    """Write who speaks into the machine's text, then the turns into the evidence.

    Killed in between, the turns are still missing, and so the work is still to be done.
    """
    _evidence(archive, key)
    if not is_by_hand(archive, key):
        write_again(archive, key, speakers)
    evidence = _evidence(archive, key)
    made = {**evidence.parameters, **parameters}
    settled = dataclasses.replace(evidence, turns=speakers.turns, parameters=made)
    write_whole(archive.evidence_path(key), render_evidence(settled))


def _require(key: str, number: int, text: str, known: set[int]) -> None:
    if number not in known:
        raise TranscriptError(
            _("{key}: no voice {number}; `radio text voices {key}` lists them").format(
                key=key, number=number
            )
        )
    if len(text) > LONGEST_NAME or not text.isprintable():
        raise TranscriptError(
            _("{key}: the name of voice {number} is no name of {most} letters at most").format(
                key=key, number=number, most=LONGEST_NAME
            )
        )


def renumber(
    turns: Sequence[Turn], before: Sequence[Turn], taken: Iterable[int]
) -> tuple[Turn, ...]:
    """Give each voice the number of the voice from before that it shares most time with.

    Those that share none get new numbers, never one that a voice from before had or that is
    `taken`, as by a name. Both kinds of turns are in order, and apart.
    """
    shared: dict[tuple[int, int], float] = defaultdict(float)
    for turn in turns:
        for other in overlapping(before, turn.start, turn.end):
            shared[turn.voice, other.voice] += min(turn.end, other.end) - max(
                turn.start, other.start
            )
    numbers: dict[int, int] = {}
    given = set[int]()
    for voice, number in sorted(shared, key=lambda pair: -shared[pair]):
        if voice not in numbers and number not in given:
            numbers[voice] = number
            given.add(number)
    fresh = max([turn.voice for turn in before] + list(taken), default=0)
    for voice in dict.fromkeys(turn.voice for turn in turns):
        if voice not in numbers:
            fresh += 1
            numbers[voice] = fresh
    return tuple(dataclasses.replace(turn, voice=numbers[turn.voice]) for turn in turns)
