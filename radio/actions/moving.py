"""What is told of the moments of a recording, with the moments of one that took its place.

What is said in no moment of the new one is left out; how far a text is reread goes with its words.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from radio.archive import Archive, stretches
from radio.archive.belongings import belonging
from radio.archive.episode import Episode, Soundbite
from radio.archive.redaction import Redaction
from radio.archive.removal import Wording
from radio.archive.standing import BEFORE, hash_cues, sha256, standing
from radio.archive.stretches import MARKS
from radio.archive.tunes import read_tune, write_tune
from radio.sound.moments import Moments
from radio.system.disk import is_file, read_bytes
from radio.system.errors import RadioError, StrayError
from radio.text.chapters import Chapter
from radio.text.transcript import (
    LARGEST_EVIDENCE,
    LARGEST_TEXT,
    Cue,
    Evidence,
    Region,
    Segment,
    Transcript,
    Turn,
    read_evidence,
    read_vtt,
    render_evidence,
    render_vtt,
)


def moved_episode(old: Episode, heard: Moments) -> Episode:
    """Give what people noted of moments the times that they have in the new recording."""
    replies = tuple(
        each if each.at is None else replace(each, at=heard.moved(each.at))
        for each in old.protection.replies
    )
    return replace(
        old,
        chapters=tuple(_chapters(old, heard)),
        soundbites=tuple(_soundbites(old, heard)),
        redactions=tuple(_moved_passage(each, heard) for each in old.redactions),
        playlist=tuple(_tune(line, heard) for line in old.playlist),
        protection=replace(old.protection, replies=replies),
    )


def _chapters(old: Episode, heard: Moments) -> Iterator[Chapter]:
    return (replace(each, start=heard.moved(each.start)) for each in old.chapters)


def _soundbites(old: Episode, heard: Moments) -> Iterator[Soundbite]:
    for each in old.soundbites:
        if found := heard.span(each.start, each.start + each.duration):
            yield replace(each, start=found[0], duration=round(found[1] - found[0], 3))


def _moved_passage(each: Redaction, heard: Moments) -> Redaction:
    return replace(each, start=heard.moved(each.start), end=heard.moved(each.end))


def _tune(line: str, heard: Moments) -> str:
    tune = read_tune(line)
    if tune.start is None or heard.offset == 0:
        return line
    return write_tune(replace(tune, start=heard.moved(tune.start)))


def moved_texts(archive: Archive, new: Episode, heard: Moments) -> Iterator[Wording]:
    """Give the texts of an episode with their new times; what can't be read stays."""
    done = set[str]()
    for path in sorted(belonging(archive, new.key), key=lambda path: not path.endswith(".vtt")):
        place = PurePosixPath(path)
        hidden = place.name.startswith(".")
        if place.parts[0] != "transcripts" or path in done or hidden:
            continue
        try:
            for each in _text(archive, place, new, heard):
                done.add(each.path)
                yield each
        except StrayError:
            raise
        except RadioError:
            continue


def _text(
    archive: Archive, place: PurePosixPath, new: Episode, heard: Moments
) -> Iterator[Wording]:
    """Move a text, and the evidence beside it, which names a machine's text by its hash."""
    beside = place.with_suffix(".json")
    evidence = None
    if place.suffix in (".vtt", ".json") and is_file(archive.root / beside):
        content = read_bytes(archive.root / beside, LARGEST_EVIDENCE)
        evidence = read_evidence(content, beside)
    moved = evidence and move_evidence(evidence, heard, new)
    if place.suffix == ".vtt":
        old = read_vtt(read_bytes(archive.root / place, LARGEST_TEXT), place)
        text = render_vtt(_moved_text(old, heard, new))
        yield Wording(str(place), text)
        if evidence and moved and standing(old, evidence) == "machine":
            cues = hash_cues(read_vtt(text.encode(), place).cues)
            moved = replace(moved, vtt=sha256(text.encode()), cues=cues)
    if moved:
        yield Wording(str(beside), render_evidence(moved).decode())


def _moved_text(text: Transcript, heard: Moments, new: Episode) -> Transcript:
    note = {**text.note, "audio": new.audio.sha256} if "audio" in text.note else text.note
    pairs = list(_moved_cues(text, heard))
    if heard.stretches and not note.keys().isdisjoint(MARKS):
        before = stretches.read(text.note, text.cues)
        note = stretches.with_marks(note, stretches.moved(before, pairs))
    return replace(text, cues=tuple(cue for _old, cue in pairs), note=note)


def _moved_cues(text: Transcript, heard: Moments) -> Iterator[tuple[Cue, Cue]]:
    """Give each cue that is heard in the new recording, as it was and as it is there."""
    for cue in text.cues:
        if found := heard.span(cue.start, cue.end):
            yield cue, replace(cue, start=found[0], end=found[1])


def move_evidence(evidence: Evidence, heard: Moments, new: Episode) -> Evidence:
    """Give what a machine heard its times in a new recording, and the hash of that."""
    segments = (_moved_segment(each, heard) for each in evidence.segments)
    return replace(
        evidence,
        audio=new.audio.sha256,
        duration=new.audio.duration,
        regions=tuple(_regions(evidence, heard)),
        segments=tuple(each for each in segments if each),
        turns=None if evidence.turns is None else tuple(_turns(evidence.turns, heard)),
        extra={name: value for name, value in evidence.extra.items() if name != BEFORE},
    )


def _regions(evidence: Evidence, heard: Moments) -> Iterator[Region]:
    for each in evidence.regions:
        if found := heard.span(each.start, each.end):
            yield replace(each, start=found[0], end=found[1])


def _turns(turns: tuple[Turn, ...], heard: Moments) -> Iterator[Turn]:
    for each in turns:
        if found := heard.span(each.start, each.end):
            yield replace(each, start=found[0], end=found[1])


def _moved_segment(each: Segment, heard: Moments) -> Segment | None:
    """Move a segment with its words; without those that are not in the new recording."""
    spans = ((word, heard.span(word.start, word.end)) for word in each.words)
    words = [replace(word, start=found[0], end=found[1]) for word, found in spans if found]
    if each.words and not words:
        return None
    text = each.text if len(words) == len(each.words) else " ".join(word.text for word in words)
    start, end = heard.moved(each.start), heard.moved(each.end)
    return replace(each, start=start, end=end, words=tuple(words), text=text)
