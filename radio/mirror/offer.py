"""What everybody may have of the archive, file by file, with hashes to prove it by."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain
from os import scandir
from pathlib import Path

from radio import holdings
from radio.archive import Archive
from radio.checksums import hash_file
from radio.disk import Stamp, is_folder, stamp
from radio.edition import edition
from radio.episode import Episode, Show
from radio.mirror.manifest import End, Entry, Withdrawal, hidden, render_line, render_sums


@dataclass(frozen=True)
class Totals:
    """What there is, in figures."""

    recordings: int
    files: int
    size: int  # bytes
    fingerprint: str  # sha256 of the list that `sha256sum --check` reads


def list_files(archive: Archive) -> Iterator[Entry]:
    """List each file of what listeners may hear today: first a show's own, then by episode.

    The hash of a recording is that of its sidecar; `radio check` reads recordings again. An episode
    whose recording is not there is left out, and a transcript until it is finished.
    """
    for show in sorted(archive.shows(), key=lambda show: show.slug):
        transcribed = holdings.finished(archive, show.slug)
        yield from _own_files(archive, show)
        for episode in sorted(holdings.episodes(archive, show.slug), key=lambda each: each.slug):
            yield from _files(archive, show, episode, episode.slug in transcribed)


def list_withdrawals(archive: Archive) -> Iterator[Withdrawal]:
    """List the episodes that must no longer be heard, unnamed."""
    withdrawn = (each for each in archive.episodes() if each.status == "withdrawn")
    listed = (Withdrawal(hidden(each.key), each.reason) for each in withdrawn)
    return iter(sorted(listed, key=lambda each: each.withdrawn))


def render_manifest(archive: Archive) -> Iterator[str]:
    """Write what a mirror needs to know, line by line."""
    listed: Iterator[Entry | Withdrawal] = chain(list_files(archive), list_withdrawals(archive))
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


def _own_files(archive: Archive, show: Show) -> Iterator[Entry]:
    for path in (archive.show_path(show.slug), archive.picture_path(show)):
        yield from _entries(archive, path)


def _files(archive: Archive, show: Show, episode: Episode, transcribed: bool) -> Iterator[Entry]:
    audio = archive.audio_path(episode)
    if not archive.holds(audio) or stamp(audio)[1] != episode.audio.size:
        return
    yield Entry(f"media/{episode.show}/{audio.name}", episode.audio.size, episode.audio.sha256)
    if episode.image != show.picture:
        yield from _entries(archive, archive.picture_path(episode))
    if transcribed:
        yield from _entries(archive, archive.vtt_path(episode.key))
        yield from _entries(archive, archive.evidence_path(episode.key))
        if not archive.checkpoint_path(episode.key, "translation").exists():
            yield from _entries(archive, archive.translation_path(episode.key))
    yield from _entries(archive, archive.sidecar_path(episode.key))


def _entries(archive: Archive, path: Path | None) -> Iterator[Entry]:
    """Describe a small file, if it is there."""
    if path and archive.holds(path):
        state = stamp(path)
        yield Entry(str(path.relative_to(archive.root)), state[1], _hash(str(path), state))


@lru_cache(maxsize=200_000)
def _hash(path: str, _state: Stamp) -> str:
    """Hash a file once for each state of it."""
    return hash_file(Path(path))
