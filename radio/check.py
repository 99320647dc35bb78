"""Fixity: is every file still what it was, and is anything missing or left over?

Nothing is ever mended or removed here: the findings are for a person. How many there were, and
when, is kept for the page that says so in public.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from radio import imprint, records
from radio.archive import Archive
from radio.disk import read_bytes, write_whole
from radio.episode import MIME, Episode, Show
from radio.errors import RadioError

VERSION = 1

Kind = Literal["missing", "changed", "orphaned", "unreadable"]
Progress = Callable[[float], None]
"""Is told which fraction, 0 to 1, is done."""


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be."""

    kind: Kind
    path: Path
    detail: str


@dataclass(frozen=True)
class Report:
    """How a look at the whole archive ended."""

    date: str  # ISO day, UTC
    recordings: int
    size: int  # bytes of them
    findings: int


def write_report(archive: Archive, findings: int) -> Report:
    """Keep how many findings the look that just ended gave.

    Raises ArchiveError if the disk refuses.
    """
    sizes = [episode.audio.size for episode in archive.episodes()]
    today = dt.datetime.now(dt.UTC).date().isoformat()
    report = Report(today, len(sizes), sum(sizes), findings)
    write_whole(_report_path(archive), records.render(report, version=VERSION))
    return report


def read_report(archive: Archive) -> Report | None:
    """Read how the last look ended; None if there was none since the cache was emptied.

    Raises ArchiveError if it can't be read.
    """
    path = _report_path(archive)
    return records.read(Report, read_bytes(path), path, version=VERSION) if path.exists() else None


def _report_path(archive: Archive) -> Path:
    return archive.cache / "fixity.json"


def check(archive: Archive, progress: Progress = lambda _: None) -> Iterator[Finding]:
    """Read the whole archive again and tell what is missing, changed, orphaned or unreadable."""
    for fault in imprint.faults(archive.root):
        yield Finding("unreadable", imprint.path_of(archive.root), fault)
    yield from _check_shows(archive)
    keys = set()
    sidecars = list(_sidecars(archive))
    for number, path in enumerate(sidecars, 1):
        key = f"{path.parent.name}/{path.stem}"
        keys.add(key)
        try:
            episode = archive.episode(key)
        except RadioError as error:
            yield Finding("unreadable", path, str(error))
        else:
            yield from _check_audio(archive, episode)
            yield from _check_picture(archive, episode)
            yield from _check_transcript(archive, episode)
        progress(number / len(sidecars))
    yield from _find_orphans(archive, keys)


def _sidecars(archive: Archive) -> Iterator[Path]:
    """Find every sidecar, those that can't be read too."""
    for path in sorted(archive.media.glob("*/[!.]*.json")):
        if path.name != "show.json":
            yield path


def _check_shows(archive: Archive) -> Iterator[Finding]:
    for path in sorted(archive.media.glob("*/show.json")):
        try:
            show = archive.show(path.parent.name)
        except RadioError as error:
            yield Finding("unreadable", path, str(error))
        else:
            yield from _check_picture(archive, show)


def _check_picture(archive: Archive, item: Show | Episode) -> Iterator[Finding]:
    path = archive.picture_path(item)
    if path and not path.is_file():
        yield Finding("missing", path, "restore it from a copy, or empty `image` beside it")


def _check_audio(archive: Archive, episode: Episode) -> Iterator[Finding]:
    path = archive.audio_path(episode)
    try:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        yield Finding("missing", path, "restore it from a copy")
    except OSError as error:
        yield Finding("unreadable", path, f"{error.strerror}; restore it from a copy")
    else:
        if sha256 != episode.audio.sha256:
            yield Finding("changed", path, "not the bytes that were ingested; restore a copy")


def _check_transcript(archive: Archive, episode: Episode) -> Iterator[Finding]:
    path = archive.vtt_path(episode.key)
    try:
        transcript = archive.transcript(episode.key)
        evidence = archive.evidence(episode.key)
    except RadioError as error:
        yield Finding("unreadable", path, str(error))
        return
    if transcript and transcript.note.get("audio", episode.audio.sha256) != episode.audio.sha256:
        yield Finding("orphaned", path, "the transcript of another recording")
    if evidence and not transcript:
        yield Finding("missing", path, "its evidence is there; `radio transcribe` writes it anew")


def _find_orphans(archive: Archive, keys: set[str]) -> Iterator[Finding]:
    """Find audio without a sidecar, and transcripts without an episode."""
    for path in sorted(archive.media.glob("*/[!.]*")):
        if path.suffix in MIME and f"{path.parent.name}/{path.stem}" not in keys:
            yield Finding("orphaned", path, "no sidecar; move it away, then `radio ingest` it")
    for path in sorted(archive.transcripts.glob("*/[!.]*")):
        slug = path.name.split(".")[0]
        if f"{path.parent.name}/{slug}" not in keys:
            yield Finding("orphaned", path, "no such episode; restore its sidecar and audio")
