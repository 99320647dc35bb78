"""What is told of the moments of a recording, with the moments of another one.

That one took its place, or holds the same broadcast. What is said in no moment of it is left out;
how far a text is reread goes with its words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import TypeVar

from radio.actions.timed_texts import TimedText
from radio.archive import Archive, rereading, stores
from radio.archive.episode import Audio, Episode, Soundbite
from radio.archive.protection import Redaction
from radio.archive.removal import Wording
from radio.archive.rereading import MARKS
from radio.archive.standing import without_before
from radio.archive.tunes import read_tune, write_tune
from radio.sound.moments import Moments
from radio.system.errors import RadioError, StrayError
from radio.text.chapters import Chapter
from radio.text.transcript import Cue, Evidence, Region, Segment, Transcript, Turn, Word

Timed = TypeVar("Timed", Cue, Region, Turn, Word)


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
    own = stores.files(archive.root, [new.key], "transcripts")
    for path in sorted(own, key=lambda path: not path.endswith(".vtt")):
        place = PurePosixPath(path)
        is_text = place.suffix in (".vtt", ".json")
        if not is_text or path in done or place.name.startswith("."):
            continue
        try:
            old = TimedText.read(archive, place)
            text = old.text and move_text(old.text, heard)
            evidence = old.evidence and move_evidence(old.evidence, heard, new.audio)
            for each in old.rewritten(text, evidence, new.audio.sha256):
                done.add(each.path)
                yield each
        except StrayError:
            raise
        except RadioError:
            continue


def move_text(text: Transcript, heard: Moments) -> Transcript:
    """Give the cues of a text their times in a new recording, and its NOTE what is reread then."""
    both, note = list(_moved(text.cues, heard)), text.note
    if heard.shared and not note.keys().isdisjoint(MARKS):
        before = rereading.read(text.note, text.cues)
        note = rereading.with_marks(note, rereading.moved(before, both))
    return replace(text, cues=tuple(cue for _old, cue in both), note=note)


def move_evidence(evidence: Evidence, heard: Moments, audio: Audio) -> Evidence:
    """Give what a machine heard its times in a new recording, and the hash of that."""
    segments = (_moved_segment(each, heard) for each in evidence.segments)
    turns = evidence.turns
    return replace(
        without_before(evidence),
        audio=audio.sha256,
        duration=audio.duration,
        regions=tuple(region for _old, region in _moved(evidence.regions, heard)),
        segments=tuple(each for each in segments if each),
        turns=None if turns is None else tuple(turn for _old, turn in _moved(turns, heard)),
    )


def _moved_segment(each: Segment, heard: Moments) -> Segment | None:
    """Move a segment with its words; without those that are not in the new recording."""
    words = tuple(word for _old, word in _moved(each.words, heard))
    if each.words and not words:
        return None
    text = each.text if len(words) == len(each.words) else " ".join(word.text for word in words)
    start, end = heard.moved(each.start), heard.moved(each.end)
    return replace(each, start=start, end=end, words=words, text=text)


def _moved(items: Sequence[Timed], heard: Moments) -> Iterator[tuple[Timed, Timed]]:
    """Give each item that is heard in the new recording, as it was and as it is there."""
    for each in items:
        if found := heard.span(each.start, each.end):
            yield each, replace(each, start=found[0], end=found[1])
