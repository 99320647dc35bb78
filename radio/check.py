"""Fixity: is every file still what it was, and is anything missing or left over?

Nothing is ever mended or removed here: the findings are for a person. How many there were, and
when, is kept for the page that says so in public.
"""

import datetime as dt
import hashlib
import os
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from radio import imprint, losses, records
from radio.archive import Archive
from radio.disk import read_bytes, stamp, write_whole
from radio.episode import MIME, Episode, Show
from radio.errors import RadioError

VERSION = 1

Kind = Literal["missing", "damaged", "orphaned", "unreadable", "leftover"]
WORK = (["checkpoint", "json"], ["improvement", "json"], ["translation", "json"])
"""The ends of the names of work under way."""

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
    """Read the whole archive again and tell what is not as it should be.

    Raises LossError if so much vanished that its disk may not be there.
    """
    known = losses.inventory(archive.root)
    losses.refuse(archive.root, known)
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
    yield from _find_leftovers(archive, keys)
    yield from _find_lost(archive, known)


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
            yield Finding("damaged", path, "not the bytes that were ingested; restore a copy")


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


def _find_leftovers(archive: Archive, keys: set[str]) -> Iterator[Finding]:
    """Find what writers left that were killed: half files, and work on what is no episode."""
    for path in sorted(archive.root.glob("[!i]*/**/.*.part")):  # the index sweeps its own
        if not _is_written(path):
            size = f"{stamp(path)[1] / 1e6:.1f} MB"
            yield Finding("leftover", path, f"{size} of a run that was killed; delete it")
    for path in sorted(archive.transcripts.glob("*/.*.json")):
        _, slug, *work = path.name.split(".")
        if work in WORK and f"{path.parent.name}/{slug}" not in keys:
            yield Finding("leftover", path, "work on an episode that is not there; delete it")


def _is_written(path: Path) -> bool:
    """Whether the process that a half file names is alive."""
    number = path.name.split(".")[-2]
    try:
        os.kill(int(number), 0)
    except PermissionError:
        return True
    except (ValueError, OverflowError, ProcessLookupError):
        return False
    return True


def _find_lost(archive: Archive, known: Set[str]) -> Iterator[Finding]:
    """Find the sidecars and transcripts that were here, of which nothing else tells."""
    remedy = "it was here; restore it, or say `radio check --yes` if it was deleted on purpose"
    for path in losses.lost(archive.root, known):
        if not (path.startswith("transcripts/") and _has_evidence(archive.root / path)):
            yield Finding("missing", archive.root / path, remedy)


def _has_evidence(path: Path) -> bool:
    return path.with_suffix(".json").exists()
