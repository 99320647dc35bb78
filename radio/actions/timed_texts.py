"""Texts with times and their evidence, anew: without a passage, or for another recording."""

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
    """A text of an episode and its evidence; one may be missing."""

    path: PurePosixPath  # of the text, beneath the root
    text: Transcript | None
    evidence: Evidence | None

    @classmethod
    def read(cls, archive: Archive, path: str) -> "TimedText":
        """Read the text of a path and the evidence beside it, or that evidence alone."""
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
        """Write both for the recording of a sha256, by path; a machine's text stays one."""
        files = dict[str, str]()
        if text is not None:
            note = {**text.note, "audio": audio} if "audio" in text.note else text.note
            files[str(self.path)] = written = render_vtt(replace(text, note=note))
            if evidence and self.is_machines:
                evidence = naming(evidence, written)
        if evidence:
            files[str(self.path.with_suffix(".json"))] = render_evidence(evidence).decode()
        return files


@dataclass(frozen=True)
class Excision:
    """A passage that is taken out, and what stands in its place."""

    start: float  # seconds
    end: float
    mark: str

    def hits(self, start: float, end: float, near: float = 0.0) -> bool:
        """Whether something is in the passage, or less than `near` seconds from it."""
        return start < self.end + near and end > self.start - near


def texts_without(
    archive: Archive, episode: Episode, passage: Excision, audio: str
) -> dict[str, str | None]:
    """Give the texts of an episode without a passage, by path; None for files that go whole. Those
    that can't be read, are not finished, or don't say when words are said. `audio` is the sha256 of
    the new recording. Raises StrayError if words of the text of record are in no cue."""
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
    """Give a text and its evidence without a passage, or nothing if they go whole."""
    place = PurePosixPath(path)
    middle = place.name.split(".")[1:-1]
    if place.parts[0] != "transcripts" or place.name.startswith("."):
        return {}
    try:
        if path == paths.translation(key):
            text = read_vtt(read_bytes(archive.root / path, LARGEST_TEXT), path)
            left = [each for each in text.cues if not passage.hits(each.start, each.end, AROUND)]
            before = sum(each.start < passage.start for each in left)
            left.insert(before, Cue(passage.start, passage.end, passage.mark))
            return {path: render_vtt(replace(text, cues=tuple(left), sha256=""))}
        if place.suffix not in TIMED or (middle and not middle[0].isdigit()):
            return {}
        old = TimedText.read(archive, path)
        evidence = old.evidence and _evidence_without(old.evidence, passage, audio)
        shown = old.text and text_without(old.text, passage, old.evidence)
        return old.rewritten(shown, evidence, audio)
    except RadioError as error:
        if isinstance(error, StrayError) and path == paths.transcript(key):
            raise
    return {}


def text_without(text: Transcript, passage: Excision, evidence: Evidence | None) -> Transcript:
    """Give a text without the words of a passage, and its mark in their place."""
    heard = [word for each in evidence.segments for word in each.words] if evidence else []
    aligned = AlignedText(text.cues, heard, slugify)
    cues = aligned.without(passage.start, passage.end, passage.mark).cues
    return replace(text, cues=cues, sha256="")


def _evidence_without(evidence: Evidence, passage: Excision, audio: str) -> Evidence:
    def left(segment: Segment) -> Segment | None:
        if not passage.hits(segment.start, segment.end, NEAR):
            return segment
        words = tuple(w for w in segment.words if not passage.hits(w.start, w.end, NEAR))
        text = " ".join(word.text for word in words)
        return replace(segment, words=words, text=text) if words else None

    before = (replace(each, end=min(each.end, passage.start)) for each in evidence.regions)
    after = (replace(each, start=max(each.start, passage.end)) for each in evidence.regions)
    every = (*before, Region(passage.start, passage.end, "silence"), *after)
    regions = tuple(each for each in every if each.start < each.end)
    segments = tuple(filter(None, map(left, evidence.segments)))
    names = tuple(each for each in evidence.names if not passage.hits(each.start, each.end, NEAR))
    own = replace(without_before(evidence), segments=segments, regions=regions, names=names)
    return replace(own, audio=audio)


def moved_episode(old: Episode, heard: Moments) -> Episode:
    """Give what people noted of moments the times of the new recording."""
    bites = list[Soundbite]()
    for bite in old.soundbites:
        if found := heard.span(bite.start, bite.start + bite.duration):
            start, end = found
            bites.append(replace(bite, start=start, duration=round(end - start, 3)))
    lines = list[str]()
    for line in old.playlist:
        tune, shown = read_tune(line), line
        if tune.start is not None and heard.offset != 0:
            shown = write_tune(replace(tune, start=heard.moved(tune.start)))
        lines.append(shown)
    moved = heard.moved
    chapters = tuple(replace(each, start=moved(each.start)) for each in old.chapters)
    gaps = tuple(replace(a, start=moved(a.start), end=moved(a.end)) for a in old.redactions)
    known = old.protection.replies
    replies = tuple(a if a.at is None else replace(a, at=moved(a.at)) for a in known)
    own = replace(old, chapters=chapters, soundbites=tuple(bites), redactions=gaps)
    protection = replace(old.protection, replies=replies)
    return replace(own, playlist=tuple(lines), protection=protection)


def moved_texts(archive: Archive, new: Episode, heard: Moments) -> dict[str, str]:
    """Give the texts of an episode new times, by path; what can't be read stays. What the new
    recording lacks is left out. Raises StrayError if words are in no cue."""
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
        except RadioError as error:
            if isinstance(error, StrayError):
                raise
    return moved


def move_text(text: Transcript, heard: Moments) -> Transcript:
    """Give cues the times of a new recording, and mark in the NOTE what is still reread."""
    both, note = list(_moved(text.cues, heard)), text.note
    if heard.shared and not note.keys().isdisjoint(MARKS):
        before = rereading.read(text.note, text.cues)
        note = rereading.with_marks(note, rereading.moved(before, both))
    return replace(text, cues=tuple(cue for _old, cue in both), note=note)


def move_evidence(evidence: Evidence, heard: Moments, audio: Audio) -> Evidence:
    """Give an evidence the times and the hash of a new recording."""
    segments = list[Segment]()
    for each in evidence.segments:
        words = tuple(word for _old, word in _moved(each.words, heard))
        if words or not each.words:
            is_whole = len(words) == len(each.words)
            text = each.text if is_whole else " ".join(word.text for word in words)
            start, end = heard.moved(each.start), heard.moved(each.end)
            segments.append(replace(each, start=start, end=end, words=words, text=text))
    turns, own = evidence.turns, without_before(evidence)
    if turns is not None:
        turns = tuple(turn for _old, turn in _moved(turns, heard))
    regions = tuple(region for _old, region in _moved(evidence.regions, heard))
    names = tuple(name for _old, name in _moved(evidence.names, heard))
    own = replace(own, segments=tuple(segments), regions=regions, turns=turns, names=names)
    return replace(own, audio=audio.sha256, duration=audio.duration)


def _moved(items: Sequence[Timed], heard: Moments) -> Iterator[tuple[Timed, Timed]]:
    for each in items:
        if found := heard.span(each.start, each.end):
            yield each, replace(each, start=found[0], end=found[1])
