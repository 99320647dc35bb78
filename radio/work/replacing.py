"""A better copy takes the place of a recording: heard first, so that it is the same broadcast."""

from dataclasses import dataclass
from pathlib import Path

from radio import caches, holdings
from radio.acts.replacing import replace_recording
from radio.archive import Archive
from radio.audio.shift import refine
from radio.checksums import hash_file
from radio.episode import Episode
from radio.errors import ArchiveError
from radio.messages import _
from radio.progress import Progress
from radio.search import Index
from radio.twins.likeness import Likeness, compare
from radio.twins.prints import Prints

SHIFTED = 0.02  # seconds: less is no shift


@dataclass(frozen=True)
class BetterCopy:
    """A file that is to take the place of a recording."""

    file: Path
    is_sure: bool = False  # a keeper says that it is the same, whatever it sounds like
    note: str = ""
    who: str = ""


@dataclass(frozen=True)
class Relaid:
    """How the text lies on the recording that took the place."""

    offset: float  # seconds by which all is said later
    is_whole: bool  # whether both hold the same from end to end, or nearly


def require_other(episode: Episode, copy: BetterCopy) -> None:
    """Raise ArchiveError if a file is the recording itself, or may hold what was taken out."""
    if hash_file(copy.file) == episode.audio.sha256:
        told = _("{file}: the recording of {key} itself")
        raise ArchiveError(told.format(file=copy.file, key=episode.key))
    if episode.redactions and not copy.is_sure:
        told = _("{key}: a passage was taken out; --yes if {file} does not have it either")
        raise ArchiveError(told.format(key=episode.key, file=copy.file))


def listen(archive: Archive, episode: Episode, copy: BetterCopy, progress: Progress) -> Likeness:
    """Tell whether a file is the same broadcast.

    Raises ArchiveError if it does not sound like it, unless a keeper is sure, AudioError if one of
    both can't be decoded.
    """
    prints = Prints(archive)
    old = prints.of(episode, progress)
    likeness = compare(prints.of_file(copy.file, hash_file(copy.file)), old)
    if not likeness.is_twin and not copy.is_sure:
        told = _("{file} does not sound like {key}; --yes replaces it nevertheless")
        raise ArchiveError(told.format(file=copy.file, key=episode.key))
    return likeness


def put_in_place(
    archive: Archive,
    index: Index,
    episode: Episode,
    copy: BetterCopy,
    likeness: Likeness,
    progress: Progress,
) -> Relaid:
    """Replace a recording; search and what was made of it follow. Raises as `replace_recording`."""
    offset = 0.0
    if likeness.is_twin:
        offset = refine(copy.file, archive.audio_path(episode), likeness.offset)
    offset = offset if abs(offset) >= SHIFTED else 0.0
    told = {"note": copy.note, "who": copy.who}
    replace_recording(archive, episode.key, copy.file, offset, progress=progress, **told)
    index.refresh()
    caches.forget(archive, holdings.stamps(archive).keys())
    return Relaid(offset, likeness.is_whole)
