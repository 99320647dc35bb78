"""What is told of the moments of a recording, written anew where that changes.

A passage goes out of every text, or all that is said gets its times in another recording. A text
and what the machine heard of it, the evidence beside it, change together.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TypeVar

from radio.archive import Archive, paths, rereading, stores
from radio.archive.authorship import authorship, naming, without_before
from radio.archive.episode import Audio, Episode, Soundbite
from radio.archive.keys import keys_of
from radio.archive.rereading import MARKS
from radio.archive.slugs import slugify
from radio.archive.stores import SHOWS
from radio.archive.tunes import read_tune, write_tune
from radio.sound.moments import Moments
from radio.system.disk import is_file, read_bytes
from radio.system.errors import RadioError, StrayError
from radio.text.aligned import NEAR, AlignedText
from radio.text.transcript import (
    LARGEST_EVIDENCE,
    LARGEST_TEXT,
    Cue,
    Evidence,
    Region,
    Segment,
    Transcript,
    Turn,
    Word,
    read_evidence,
    read_vtt,
    render_evidence,
    render_vtt,
)

AROUND = 2.0  # seconds from a passage within which a translation may say it
TIMED = (".vtt", ".json")
Timed = TypeVar("Timed", Cue, Region, Turn, Word)


@dataclass(frozen=True)
class TimedText:
    """A text of an episode and its evidence; one of both may be missing."""

    path: PurePosixPath  # of the text, beneath the root
    text: Transcript | None
    evidence: Evidence | None

    @classmethod
    def read(cls, archive: Archive, path: str) -> "TimedText":
        """Read the text of a path and the evidence beside it, or that evidence alone.

        Raises TranscriptError or ArchiveError if one of both can't be read.
        """
        place, text, evidence = archive.root / path, None, None
        if is_file(beside := place.with_suffix(".json")):
            evidence = read_evidence(read_bytes(beside, LARGEST_EVIDENCE), beside)
        if place.suffix == ".vtt":
            text = read_vtt(read_bytes(place, LARGEST_TEXT), place)
        return cls(PurePosixPath(path).with_suffix(".vtt"), text, evidence)

    @property
    def is_machines(self) -> bool:
        """Whether the text is as the machine wrote it."""
        return self.text is not None and authorship(self.text, self.evidence) == "machine"

    def rewritten(
        self, text: Transcript | None, evidence: Evidence | None, audio: str
    ) -> dict[str, str]:
        """Give both for the recording of a sha256, by path; what is the machine's stays so."""
        files = dict[str, str]()
        if text is not None:
            note = {**text.note, "audio": audio} if "audio" in text.note else text.note
            files[str(self.path)] = written = render_vtt(replace(text, note=note))
            if evidence and self.is_machines:
                evidence = naming(evidence, written)
        if evidence:
            files[str(self.path.with_suffix(".json"))] = render_evidence(evidence).decode()
        return files


# Without a passage


@dataclass(frozen=True)
class Excision:
    """A passage that is taken out, and what stands in its place."""

    start: float  # seconds
    end: float
    mark: str

    def hits(self, start: float, end: float, near: float = 0.0) -> bool:
        """Whether something lies in the passage, or as near to it."""
        return start < self.end + near and end > self.start - near


def texts_without(
    archive: Archive, episode: Episode, passage: Excision, audio: str
) -> dict[str, str | None]:
    """Give the texts of an episode without a passage, by path; None for files that go whole.

    Those are texts that can't be read, that are not finished, or of which nobody knows when each
    word is said. `audio` is the sha256 of the new recording. Raises StrayError where words of the
    text of record are in no cue.
    """
    key, changes = episode.key, dict[str, str | None]()
    others = {paths.sidecar(key), paths.audio(episode), paths.picture(episode)}
    is_unfinished = archive.checkpoint_path(key).exists()
    unfinished = {paths.transcript(key), paths.evidence(key)} if is_unfinished else set()
    own = stores.files(archive.root, keys_of(archive, episode), *SHOWS)
    for path in sorted(own, key=lambda path: not path.endswith(".vtt")):
        if path not in others and path not in changes:
            changes[path] = None
            if path not in unfinished:
                changes |= _without(archive, path, key, passage, audio)
    return changes


def _without(
    archive: Archive, path: str, key: str, passage: Excision, audio: str
) -> dict[str, str]:
    """Give a text without a passage, and with it the evidence beside it; nothing where it must go.

    Raises StrayError where words of the text of record would go with it.
    """
    place = PurePosixPath(path)
    middle = place.name.split(".")[1:-1]
    if place.parts[0] != "transcripts" or place.name.startswith("."):
        return {}
    try:
        if path == paths.translation(key):
            translation = read_vtt(read_bytes(archive.root / path, LARGEST_TEXT), path)
            return {path: render_vtt(_translation_without(translation, passage))}
        if place.suffix not in TIMED or (middle and not middle[0].isdigit()):
            return {}
        old = TimedText.read(archive, path)
        evidence = old.evidence and _evidence_without(old.evidence, passage, audio)
        left = old.text and text_without(old.text, passage, old.evidence)
        return old.rewritten(left, evidence, audio)
    except StrayError:
        if path == paths.transcript(key):
            raise
    except RadioError:
        pass
    return {}


def text_without(text: Transcript, passage: Excision, evidence: Evidence | None) -> Transcript:
    """Give a text without the words of a passage, and its mark in their place."""
    heard = [word for each in evidence.segments for word in each.words] if evidence else []
    aligned = AlignedText(text.cues, heard, slugify)
    cues = aligned.without(passage.start, passage.end, passage.mark).cues
    return replace(text, cues=cues, sha256="")


def _translation_without(text: Transcript, passage: Excision) -> Transcript:
    """Give a text in another language without every cue that may hold a word of the passage."""
    wide = replace(passage, start=passage.start - AROUND, end=passage.end + AROUND)
    left = [cue for cue in text.cues if not wide.hits(cue.start, cue.end)]
    before = [cue for cue in left if cue.start < passage.start]
    mark = Cue(passage.start, passage.end, passage.mark)
    return replace(text, cues=(*before, mark, *left[len(before) :]), sha256="")


def _evidence_without(evidence: Evidence, passage: Excision, audio: str) -> Evidence:
    segments = (_segment_without(each, passage) for each in evidence.segments)
    return replace(
        without_before(evidence),
        audio=audio,
        segments=tuple(each for each in segments if each),
        regions=tuple(_silenced(evidence.regions, passage)),
    )


def _segment_without(segment: Segment, passage: Excision) -> Segment | None:
    if not passage.hits(segment.start, segment.end, NEAR):
        return segment
    words = tuple(w for w in segment.words if not passage.hits(w.start, w.end, NEAR))
    if not words:
        return None
    return replace(segment, words=words, text=" ".join(word.text for word in words))


def _silenced(regions: Sequence[Region], passage: Excision) -> Iterator[Region]:
    before = [replace(each, end=min(each.end, passage.start)) for each in regions]
    after = [replace(each, start=max(each.start, passage.end)) for each in regions]
    yield from (each for each in before if each.start < each.end)
    yield Region(passage.start, passage.end, "silence")
    yield from (each for each in after if each.start < each.end)


# In another recording


def moved_episode(old: Episode, heard: Moments) -> Episode:
    """Give what people noted of moments the times that they have in the new recording."""
    passages = (
        replace(each, start=heard.moved(each.start), end=heard.moved(each.end))
        for each in old.redactions
    )
    replies = tuple(
        each if each.at is None else replace(each, at=heard.moved(each.at))
        for each in old.protection.replies
    )
    return replace(
        old,
        chapters=tuple(replace(each, start=heard.moved(each.start)) for each in old.chapters),
        soundbites=tuple(_moved_soundbites(old, heard)),
        redactions=tuple(passages),
        playlist=tuple(_moved_tune(line, heard) for line in old.playlist),
        protection=replace(old.protection, replies=replies),
    )


def _moved_soundbites(old: Episode, heard: Moments) -> Iterator[Soundbite]:
    for each in old.soundbites:
        if found := heard.span(each.start, each.start + each.duration):
            yield replace(each, start=found[0], duration=round(found[1] - found[0], 3))


def _moved_tune(line: str, heard: Moments) -> str:
    tune = read_tune(line)
    if tune.start is None or heard.offset == 0:
        return line
    return write_tune(replace(tune, start=heard.moved(tune.start)))


def moved_texts(archive: Archive, new: Episode, heard: Moments) -> dict[str, str]:
    """Give the texts of an episode with their new times, by path; what can't be read stays.

    What is said in no moment of the new recording is left out; how far a text is reread goes with
    its words. Raises StrayError where words are in no cue.
    """
    moved = dict[str, str]()
    own = stores.files(archive.root, [new.key], "transcripts")
    for path in sorted(own, key=lambda path: not path.endswith(".vtt")):
        if path in moved or not path.endswith(TIMED) or "/." in path:
            continue
        try:
            old = TimedText.read(archive, path)
            text = old.text and move_text(old.text, heard)
            evidence = old.evidence and move_evidence(old.evidence, heard, new.audio)
            moved |= old.rewritten(text, evidence, new.audio.sha256)
        except StrayError:
            raise
        except RadioError:
            continue
    return moved


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
