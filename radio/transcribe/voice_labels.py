"""Names of voices in a text that a person changed: written, and taken back. All else stays."""

import html
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from radio.archive import Archive, acts, paths
from radio.archive.episode import Episode, read_episode, render_episode
from radio.archive.history import Act, Rewriting, text_of
from radio.archive.keys import names_of
from radio.archive.pseudonyms import pseudonyms_for, substitute
from radio.system.disk import read_bytes
from radio.system.errors import ArchiveError, TranscriptError
from radio.system.messages import _
from radio.text.aligned import align
from radio.text.transcript import escape, read_vtt, voice_number
from radio.transcribe.attribution import Speakers, speakers_of
from radio.transcribe.corrections import write_again
from radio.transcribe.versions import is_by_hand

TIME = r"(?:\d+:)?\d{1,2}:\d{1,2}\.\d{1,3}"
CUE = re.compile(
    rf"(?P<times>^{TIME}[ \t]+-->[ \t]+{TIME}.*\n)(?P<said>[^\n]*\w[^\n]*)", re.MULTILINE
)
"""The line with the times of a cue, and the first line of what is said."""
VOICE = re.compile(r"<v(?:\.[^ \t>]*)?[ \t]+([^>\n]*)>")
Names = dict[str, str]
"""By the number of the voice; nothing where it had no name."""


def label_cues(
    archive: Archive, key: str, before: Speakers, after: Speakers, numbers: Collection[int]
) -> bytes:
    """Write the new names of some voices into a text, where it has their old ones, or none.

    Raises TranscriptError if the text is not WebVTT in UTF-8.
    """
    path = archive.vtt_path(key)
    content = read_bytes(path)
    if form := read_vtt(content, path).form:
        raise TranscriptError(
            _("{path}: {form}; save it as WebVTT in UTF-8, then name its voices").format(
                path=path, form=form
            )
        )
    text = content.decode()

    def write(cue: re.Match[str]) -> str:
        voice, said = before.voice_of(*_times(cue)), cue["said"]
        label = VOICE.match(said)
        number = _number(label, voice, before) if label else voice
        if number is None or number not in numbers:
            return cue[0]
        rest = said[label.end() :] if label else said
        head = said[: label.start(1)] if label else "<v "
        return f"{cue['times']}{head}{escape(after.label(number), one_line=True)}>{rest}"

    return CUE.sub(write, text).encode()


def without_labels(now: str, labelled: str, before: str) -> str:
    r"""Take labels back out of a text that somebody changed since: each line has that of before.

    >>> without_labels("<v Zoé>Oui.\n<v Zoé>Ah.", "<v Zoé>Non.\n<v Zoé>Ah.", "Non.\n<v A>Ah.")
    'Oui.\n<v A>Ah.'
    """
    lines, new, old = (text.split("\n") for text in (now, labelled, before))
    for first, last, begin, end, _is_equal in list(align(new, lines)):
        for number in range(begin, end if last > first else begin):
            place = min(first + number - begin, last - 1)
            was, label = (VOICE.match(each[place]) for each in (old, new))
            if label and lines[number].startswith(label[0]):
                rest = lines[number].removeprefix(label[0])
                lines[number] = f"{was[0] if was else ''}{rest}"
    return "\n".join(lines)


def _times(cue: re.Match[str]) -> tuple[float, float]:
    """Give start and end of a cue, in seconds."""
    start, end = map(_seconds, re.findall(r"[\d:.]+", cue["times"])[:2])
    return start, end


def _seconds(time: str) -> float:
    *hours, minutes, seconds = time.split(":")
    return 3600 * int(hours[0] if hours else 0) + 60 * int(minutes) + float(seconds)


def _number(label: re.Match[str], voice: int, before: Speakers) -> int | None:
    """Tell which voice a label stands for, where this one speaks; None where a person named it."""
    name = html.unescape(label[1]).strip()
    return voice if name == before.label(voice) else voice_number(name)


def unname(archive: Archive, act: Act) -> Act:
    """Take back names that voices of an episode got, whatever else changed since.

    Raises NotFoundError if there is no such episode, ArchiveError, having changed nothing, if one
    of these voices was named again since, or if the disk refuses.
    """
    undone = acts.undo(archive, act.name, _as_it_is_now)
    with archive.lock():
        key = _key_of(act)
        if not is_by_hand(archive, key):
            write_again(archive, key, speakers_of(archive, archive.episode(key)))
    return undone


def _as_it_is_now(archive: Archive, act: Act) -> Act:
    """Give the act as if it had been done to what is there now: only the names go back."""
    acts.require_idle(archive, [_key_of(act)])
    episode = archive.episode(_key_of(act))
    changed = renamed_voices(act, paths.sidecar(episode.key))
    if any(episode.voices.get(number, "") != new for number, (_old, new) in changed.items()):
        told = _("{key}: voices were named again since; take that back first, nothing was done")
        raise ArchiveError(told.format(key=episode.key))
    hidden = pseudonyms_for(archive.root, names_of(archive, episode))
    old = {number: substitute(name, hidden) for number, (name, _new) in changed.items()}
    left = {number: name for number, name in {**episode.voices, **old}.items() if name}
    before = replace(episode, voices=dict(sorted(left.items())))
    path = archive.sidecar_path(episode.key)
    sidecar = Rewriting(paths.sidecar(episode.key), render_episode(before).decode(), text_of(path))
    text: tuple[Rewriting, ...] = ()
    if is_by_hand(archive, episode.key):
        own = _text(archive, act, episode, old)
        text = (replace(own, before=substitute(own.before or "", hidden)),)
    return replace(act, rewritings=(*text, sidecar))


def _text(archive: Archive, act: Act, episode: Episode, old: Names) -> Rewriting:
    """Give a person's text as it was, or its names alone where somebody changed it since."""
    key, path = episode.key, archive.vtt_path(episode.key)
    now = text_of(path)
    own = next((each for each in act.rewritings if each.path == paths.transcript(key)), None)
    if own and own.after == now:
        return own
    if own and own.before and own.after and now:
        return replace(own, before=without_labels(now, own.after, own.before), after=now)
    known = speakers_of(archive, episode)
    names = {**known.names, **old}
    numbers = [int(number) for number in old]
    labelled = label_cues(archive, key, known, replace(known, names=names), numbers)
    before = now if labelled == read_bytes(path) else labelled.decode()
    return Rewriting(paths.transcript(key), before, now)


def _key_of(act: Act) -> str:
    sidecar = next(sidecars(act))
    return sidecar.removeprefix("media/").removesuffix(".json")


def renamed_voices(act: Act, sidecar: str) -> dict[str, tuple[str, str]]:
    """Tell how voices were called before an act, and then, of the episode with that sidecar.

    Raises ArchiveError if the act holds no sidecar that can be read.
    """
    texts = ((each.before, each.after) for each in act.rewritings if each.path == sidecar)
    changed = dict[str, tuple[str, str]]()
    for before, after in texts:
        was, then = (_read(sidecar, text) for text in (before, after))
        for number in sorted({**was, **then}):
            pair = was.get(number, ""), then.get(number, "")
            if pair[0] != pair[1]:
                changed[number] = pair
    return changed


def _read(sidecar: str, text: str | None) -> Names:
    place = PurePosixPath(sidecar)
    episode = read_episode(place.parent.name, place.stem, (text or "").encode(), place)
    return dict(episode.voices)


def sidecars(act: Act) -> Iterator[str]:
    """Name the sidecars that an act wrote anew."""
    paths = (each.path for each in act.rewritings if each.before and each.after)
    return (path for path in paths if path.startswith("media/") and path.endswith(".json"))
