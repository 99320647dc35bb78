"""A better copy takes the place of a recording: heard first, so that it is the same broadcast.

The text is aligned with it at once, by the sound: where each moment of the old one is heard in the
copy, there is heard what was said in it.
"""

from dataclasses import dataclass
from pathlib import Path

from radio.actions.replacing import replace_recording
from radio.archive import Archive
from radio.archive.episode import Episode
from radio.proposals.sentences import follow, text_of
from radio.proposals.twins.alignment import align, find_runs
from radio.proposals.twins.likeness import WHOLE, compare
from radio.proposals.twins.prints import Prints
from radio.search import Index
from radio.sound.fingerprint import STEP
from radio.sound.moments import Moments, shifted
from radio.sound.shift import refine
from radio.system.checksums import hash_file
from radio.system.errors import ArchiveError, UnlikeError
from radio.system.messages import _
from radio.system.progress import Progress
from radio.work.following import catch_up

SHIFTED = 0.02  # seconds: less is no shift


@dataclass(frozen=True)
class BetterCopy:
    """A file that is to take the place of a recording."""

    file: Path
    is_sure: bool = False  # a keeper says that it is the same, whatever it sounds like
    note: str = ""
    who: str = ""


@dataclass(frozen=True)
class CopyHeard:
    """What is known of a file once it was listened to."""

    moments: Moments
    is_known: bool = True  # whether it sounds like the recording, so that the text can be aligned
    is_whole: bool = True  # whether both hold the same from end to end, or nearly


def require_other(episode: Episode, copy: BetterCopy) -> None:
    """Raise ArchiveError if a file is the recording itself, or may hold what was taken out."""
    if hash_file(copy.file) == episode.audio.sha256:
        told = _("{file}: the recording of {key} itself")
        raise ArchiveError(told.format(file=copy.file, key=episode.key))
    if episode.redactions and not copy.is_sure:
        told = _("{key}: a passage was taken out; --yes if {file} does not have it either")
        raise ArchiveError(told.format(key=episode.key, file=copy.file))


def listen(archive: Archive, episode: Episode, copy: BetterCopy, progress: Progress) -> CopyHeard:
    """Tell whether a file is the same broadcast, and where each moment is heard in it.

    Raises UnlikeError if it does not sound like it, unless a keeper is sure, ArchiveError if the
    disk refuses, AudioError if one of both can't be decoded.
    """
    prints = Prints(archive)
    old = prints.of(episode, lambda share: progress(share / 2))
    new = prints.of_file(copy.file, hash_file(copy.file))
    path, likeness = archive.audio_path(episode), compare(new, old)
    if runs := find_runs(new, old):
        duration = episode.audio.duration
        sounds = (copy.file, duration), (path, duration)
        moments = align(runs, *sounds, lambda share: progress(0.5 + share / 2))
        return CopyHeard(_settled(moments), is_whole=_is_whole(moments, len(old), len(new)))
    if likeness.is_twin:
        offset = refine(copy.file, path, likeness.offset)
        return CopyHeard(_settled(shifted(offset)), is_whole=likeness.is_whole)
    if not copy.is_sure:
        told = _("{file} does not sound like {key}; --yes replaces it nevertheless")
        raise UnlikeError(told.format(file=copy.file, key=episode.key))
    return CopyHeard(Moments(), is_known=False)


def _is_whole(moments: Moments, old: int, new: int) -> bool:
    """Whether neither lacks anything, or little at its ends; steps of both."""
    first, last = (moments.shared[each].moved(each * -old * STEP) for each in (0, -1))
    beyond = max(0.0, -first) + max(0.0, last - new * STEP)
    more = max(0.0, first) + max(0.0, new * STEP - last)
    return not any(moments.gaps()) and max(beyond, more) <= (1 - WHOLE) * new * STEP


def _settled(moments: Moments) -> Moments:
    """Take a shift that nobody hears for none."""
    offset = moments.offset
    return Moments() if offset is not None and abs(offset) < SHIFTED else moments


def put_in_place(
    archive: Archive,
    index: Index,
    episode: Episode,
    copy: BetterCopy,
    heard: CopyHeard,
    progress: Progress,
) -> None:
    """Replace a recording; proposals, search and what was made of it follow.

    Raises as `replace_recording`.
    """
    key, moments, told = episode.key, heard.moments, {"note": copy.note, "who": copy.who}
    before = text_of(archive, key)
    replace_recording(archive, key, copy.file, moments, progress=progress, **told)
    follow(archive, key, before)
    catch_up(archive, index)
