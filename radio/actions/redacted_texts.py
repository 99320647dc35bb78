"""The texts of an episode without a passage: of record, of the machine, versions, translations."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from radio.actions.timed_texts import TimedText
from radio.archive import Archive, paths, stores
from radio.archive.episode import Episode
from radio.archive.keys import keys_of
from radio.archive.removal import Wording
from radio.archive.slugs import slugify
from radio.archive.standing import without_before
from radio.archive.stores import SHOWS
from radio.system.disk import read_bytes
from radio.system.errors import RadioError, StrayError
from radio.text.aligned import NEAR, AlignedText
from radio.text.transcript import (
    LARGEST_TEXT,
    Cue,
    Evidence,
    Region,
    Segment,
    Transcript,
    read_vtt,
    render_vtt,
)

AROUND = 2.0  # seconds from a passage within which a translation may say it


@dataclass(frozen=True)
class Excision:
    """A passage that is taken out, and what stands in its place."""

    start: float  # seconds
    end: float
    mark: str

    def hits(self, start: float, end: float, near: float = 0.0) -> bool:
        """Whether something lies in the passage, or as near to it."""
        return start < self.end + near and end > self.start - near


def text_without(text: Transcript, passage: Excision, evidence: Evidence | None) -> Transcript:
    """Give a text without the words of a passage, and its mark in their place."""
    heard = [word for each in evidence.segments for word in each.words] if evidence else []
    aligned = AlignedText(text.cues, heard, slugify)
    cues = aligned.without(passage.start, passage.end, passage.mark).cues
    return replace(text, cues=cues, sha256="")


def translation_without(text: Transcript, passage: Excision) -> Transcript:
    """Give a text in another language without every cue that may hold a word of the passage."""
    wide = replace(passage, start=passage.start - AROUND, end=passage.end + AROUND)
    left = [cue for cue in text.cues if not wide.hits(cue.start, cue.end)]
    before = [cue for cue in left if cue.start < passage.start]
    mark = Cue(passage.start, passage.end, passage.mark)
    return replace(text, cues=(*before, mark, *left[len(before) :]), sha256="")


def evidence_without(evidence: Evidence, passage: Excision, audio: str) -> Evidence:
    """Give what a machine heard without the words of a passage, in a recording of that sha256."""
    segments = (_segment_without(each, passage) for each in evidence.segments)
    return replace(
        without_before(evidence),
        audio=audio,
        segments=tuple(each for each in segments if each),
        regions=tuple(_silenced(evidence.regions, passage)),
    )


def texts_without(
    archive: Archive, episode: Episode, passage: Excision, audio: str
) -> Iterator[Wording | str]:
    """Give the texts of an episode without a passage, and the paths of files that go whole.

    Those are texts that can't be read, that are not finished, or of which nobody knows when each
    word is said. `audio` is the sha256 of the new recording. Raises StrayError where words of the
    text of record are in no cue.
    """
    key = episode.key
    others = {paths.sidecar(key), paths.audio(episode), paths.picture(episode)}
    unfinished = {paths.transcript(key), paths.evidence(key)}
    if not archive.checkpoint_path(key).exists():
        unfinished = set()
    done = set[str]()
    own = stores.files(archive.root, keys_of(archive, episode), *SHOWS)
    for path in sorted(own, key=lambda path: not path.endswith(".vtt")):
        if path in others or path in done:
            continue
        written = None if path in unfinished else _written(archive, path, key, passage, audio)
        if written is None:
            yield path
            continue
        yield from written
        done.update(each.path for each in written)


def _written(
    archive: Archive, path: str, key: str, passage: Excision, audio: str
) -> list[Wording] | None:
    """Give a text without a passage, and with it the evidence beside it; None where it must go.

    Raises StrayError where words of the text of record would go with it.
    """
    place = PurePosixPath(path)
    middle = place.name.split(".")[1:-1]
    if place.parts[0] != "transcripts" or place.name.startswith("."):
        return None
    try:
        if path == paths.translation(key):
            text = read_vtt(read_bytes(archive.root / path, LARGEST_TEXT), path)
            return [Wording(path, render_vtt(translation_without(text, passage)))]
        if place.suffix not in (".vtt", ".json") or (middle and not middle[0].isdigit()):
            return None
        old = TimedText.read(archive, place)
        evidence = old.evidence and evidence_without(old.evidence, passage, audio)
        left = old.text and text_without(old.text, passage, old.evidence)
        return list(old.rewritten(left, evidence, audio)) or None
    except StrayError:
        if path == paths.transcript(key):
            raise
        return None
    except RadioError:
        return None


def _segment_without(segment: Segment, passage: Excision) -> Segment | None:
    if not passage.hits(segment.start, segment.end, NEAR):
        return segment
    words = tuple(w for w in segment.words if not passage.hits(w.start, w.end, NEAR))
    if not words:
        return None
    return replace(segment, words=words, text=" ".join(word.text for word in words))


def _silenced(regions: Sequence[Region], passage: Excision) -> Iterator[Region]:
    """Let a passage be silence."""
    before = [replace(each, end=min(each.end, passage.start)) for each in regions]
    after = [replace(each, start=max(each.start, passage.end)) for each in regions]
    yield from (each for each in before if each.start < each.end)
    yield Region(passage.start, passage.end, "silence")
    yield from (each for each in after if each.start < each.end)
