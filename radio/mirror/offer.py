"""What everybody may have of the archive, file by file, with hashes to prove it by."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain
from os import scandir
from pathlib import Path

from radio.archive import Archive, holdings
from radio.archive.episode import Episode, Show
from radio.archive.gone import read_gone
from radio.archive.holdings import File
from radio.mirror.manifest import End, ListedFile, Withdrawal, hidden, render_line, render_sums
from radio.system.checksums import hash_file
from radio.system.disk import Stamp, is_folder, stamp
from radio.system.edition import edition


@dataclass(frozen=True)
class Totals:
    """What there is, in figures."""

    recordings: int
    files: int
    size: int  # bytes
    fingerprint: str  # sha256 of the list that `sha256sum --check` reads


def list_files(archive: Archive) -> Iterator[ListedFile]:
    """List each file of what listeners may have today: first a show's own, then by episode.

    The hash of a recording is that of its sidecar; `radio check` reads recordings again. A copy
    takes nothing of an episode whose recording it can't prove, so such a one is left out: its
    recording is not there, or not of the size that the sidecar says.
    """
    for show in sorted(archive.shows(), key=lambda show: show.slug):
        episodes = sorted(holdings.episodes_now(archive, show.slug), key=lambda each: each.slug)
        for item, files in holdings.files(archive, show, episodes):
            if isinstance(item, Show) or _is_proved(item, files):
                yield from (_entry(archive, item, file) for file in files)


def list_withdrawals(archive: Archive) -> Iterator[Withdrawal]:
    """List the episodes that must no longer be heard, and those that were deleted, unnamed.

    A copy is a download: what may not be downloaded is not given to copies, or no longer.
    """
    reasons = {each.key: each.reason for each in holdings.withdrawn(archive)}
    public = holdings.episodes(archive)
    kept = (each for each in public if not each.rights.allows("download"))
    reasons |= {each.key: each.rights.reason for each in kept}
    gone = read_gone(archive.root)
    for key, departure in gone.episodes.items():
        if not (departure.untold or archive.sidecar_path(key).exists()):
            reasons[key] = departure.reason
    listed = {hidden(key): reason for key, reason in reasons.items()}
    listed |= dict.fromkeys(gone.forgotten, "")
    forgotten = {*gone.forgotten}
    return (Withdrawal(key, listed[key], key in forgotten) for key in sorted(listed))


def render_manifest(archive: Archive) -> Iterator[str]:
    """Write what a mirror needs to know, line by line."""
    listed: Iterator[ListedFile | Withdrawal] = chain(
        list_files(archive), list_withdrawals(archive)
    )
    lines = 0
    for each in listed:
        yield render_line(each)
        lines += 1
    yield render_line(End(lines))


def sum_up(archive: Archive) -> Totals:
    """Count what there is, and name all of it by one hash."""
    recordings = files = size = 0
    digest = hashlib.sha256()
    for entry in list_files(archive):
        recordings += entry.kind == "audio"
        files += 1
        size += entry.size
        digest.update("".join(render_sums([entry])).encode())
    return Totals(recordings, files, size, digest.hexdigest())


def name_state(archive: Archive, shows: Iterable[Show]) -> str:
    """Name the state of all files of some shows on this day, by one look at their folders."""
    digest = hashlib.sha256(f"{edition()} {date.today()}\n".encode())
    for show in shows:
        for folder in (archive.media / show.slug, archive.transcripts / show.slug):
            if is_folder(folder):
                with scandir(folder) as found:
                    states = sorted((each.name, stamp(each)) for each in found)
                digest.update(f"{folder.name} {states}\n".encode(errors="replace"))
    return digest.hexdigest()


def _is_proved(episode: Episode, files: Iterable[File]) -> bool:
    """Whether the recording is there as its sidecar says, as far as its size tells."""
    return any(file.kind == "audio" and file.stamp[1] == episode.audio.size for file in files)


def _entry(archive: Archive, item: Show | Episode, file: File) -> ListedFile:
    if isinstance(item, Episode) and file.kind == "audio":
        audio = item.audio
        return ListedFile(file.path, file.stamp[1], audio.sha256, audio.formerly)
    return ListedFile(file.path, file.stamp[1], _hash(str(archive.root / file.path), file.stamp))


@lru_cache(maxsize=200_000)
def _hash(path: str, _state: Stamp) -> str:
    """Hash a file once for each state of it."""
    return hash_file(Path(path))
