"""Bags to download, as plans of their ZIP (`zipped`): `cache/bags/`, derived.

A plan is named by the state of all that goes into it, so an archive that changes makes another, and
the old one goes. The checksums that it needs are found out beforehand (`measure_all`), and what is
lacking of them is measured when it is made.
"""

import contextlib
import hashlib
import io
import tempfile
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import IO

import radio
from radio.archive import Archive
from radio.bags.bagit import (
    DECLARATION,
    DECLARED,
    INFO,
    MANIFEST,
    TAG_MANIFEST,
    render_line,
    render_tags,
)
from radio.bags.payload import EARLIEST, Selection, Stored, all_files, public_files
from radio.bags.tag_files import README, RECORDS, catalogue, describe, welcome
from radio.bags.zip_plan import Planner, rewound
from radio.checksums import Checksums, Sums, hash_blocks
from radio.disk import discard, explained, keep, stamp, temporary
from radio.errors import ArchiveError
from radio.messages import _
from radio.progress import Progress

MOST = 50  # plans that are kept
LONG = 0.1  # seconds of work, for a look at the files
RECENT = 10  # times as long as such a look takes is it good for,
AT_MOST = 1.0  # seconds: what was withdrawn must go
OFTEN = 256 << 20  # bytes that are measured between two writings of their checksums


_looked: dict[tuple[Path, Selection, str, date], tuple[float, Path]] = {}
"""Until when a look at the files is good, and the plan that it named."""


@dataclass(frozen=True)
class Lacking:
    """What is not measured yet of a selection."""

    bytes: int
    total: int  # bytes of the whole selection

    @property
    def share(self) -> float:
        """Which part of the work is done, 0 to 1."""
        return 1 - self.bytes / max(1, self.total)


def checksums(archive: Archive) -> Checksums:
    """Give the checksums that are known of an archive."""
    return Checksums(archive.root, archive.cache / "checksums")


def lacking(archive: Archive, selection: Selection) -> Lacking:
    """Tell how much is to be read before a plan can be made."""
    known, left, total = checksums(archive), 0, 0
    for each in public_files(archive, selection):
        total += each.stamp[1]
        if _find(known, each) is None:
            left += each.stamp[1]
    return Lacking(left, total)


def measure_all(archive: Archive, progress: Progress = lambda _: None) -> None:
    """Read every file of the archive that changed since it was last read, and keep its checksums.

    Raises ArchiveError if they can't be written.
    """
    with archive.lock("checksums"):
        known = checksums(archive)
        total = sum(each.stamp[1] for each in all_files(archive) if _find(known, each) is None)
        read = kept = 0

        def passed(size: int) -> None:
            nonlocal read
            read += size
            progress(read / max(read, total))

        for folder, files in groupby(all_files(archive), lambda each: each.folder):
            names = set()
            for each in files:
                names.add(each.name)
                if _find(known, each) is None:
                    known.measure(each.folder, each.name, passed)
                if read - kept > OFTEN:
                    known.keep()
                    kept = read
            known.forget_others(folder, names)


def find_plan(archive: Archive, selection: Selection, address: str) -> IO[bytes] | None:
    """Open the plan of a selection if it is there and up to date."""
    try:
        return _current(archive, selection, address).open("rb")
    except FileNotFoundError:
        return None


def _current(archive: Archive, selection: Selection, address: str) -> Path:
    """Name the plan of a selection as it is now, or was a moment ago where a look takes long."""
    asked = archive.root, selection, address, date.today()
    good_until, path = _looked.get(asked, (0.0, archive.cache))
    if time.monotonic() < good_until:
        return path
    state, began = _State(selection, address), time.thread_time()
    deque(state.noted(public_files(archive, selection)), 0)
    took = time.thread_time() - began
    if took > LONG:
        if len(_looked) > MOST:
            _looked.clear()
        _looked[asked] = time.monotonic() + min(RECENT * took, AT_MOST), state.path(archive)
    return state.path(archive)


def make_plan(archive: Archive, selection: Selection, address: str) -> IO[bytes]:
    """Make the plan of a selection, measuring what is not measured yet, and open it.

    `address` is that of the site, where it is known. Raises ArchiveError if the disk refuses, or a
    file changes meanwhile.
    """
    state = _State(selection, address)
    folder = archive.cache / "bags"
    with explained(folder, _("check the free space and the rights of the folder")):
        folder.mkdir(parents=True, exist_ok=True)
        part = temporary(folder / f"{selection.name}.{id(state)}")
        try:
            with part.open("wb") as file:
                _write(archive, state, file)
            made = part.open("rb")
            path = state.path(archive)
            keep(part, path)
        finally:
            discard(part)
    _tidy(folder, path)
    return made


class _State:
    """All that a plan is made of."""

    def __init__(self, selection: Selection, address: str):
        self.selection, self.address = selection, address
        self._digest = hashlib.sha256(repr((radio.__version__, address)).encode())

    def noted(self, files: Iterable[Stored]) -> Iterator[Stored]:
        """Note each file while it passes."""
        for each in files:
            self._digest.update(repr((each.source, each.stamp, each.day)).encode())
            yield each

    def path(self, archive: Archive) -> Path:
        """Name the plan."""
        name = f"{self.selection.name}.{self._digest.hexdigest()[:32]}"
        return archive.cache / "bags" / name


def _write(archive: Archive, state: _State, plan: IO[bytes]) -> None:
    """Write the plan of a bag: the payload, then the manifest and what else describes it."""
    base, payload = state.selection.name, _Payload()
    with contextlib.closing(Planner(plan)) as planner, tempfile.TemporaryFile() as manifest:
        files = state.noted(public_files(archive, state.selection))
        for each, sums in _measured(archive, files):
            payload.add(each)
            manifest.write(render_line(sums.sha256, each.place))
            planner.add_file(f"{base}/{each.place}", each, sums)
        with tempfile.TemporaryFile() as tag_manifest:
            for name, content in _tag_files(archive, state, payload, manifest):
                tag_manifest.write(render_line(hash_blocks(rewound(content)), name))
                planner.add_kept(f"{base}/{name}", payload.day, content)
            planner.add_kept(f"{base}/{TAG_MANIFEST}", payload.day, tag_manifest)
        planner.finish()


def _measured(archive: Archive, files: Iterable[Stored]) -> Iterator[tuple[Stored, Sums]]:
    """Give each file with its checksums; what can't be read is left out."""
    known = checksums(archive)
    for each in files:
        sums = _find(known, each) or known.measure(each.folder, each.name)
        if sums is None or sums.stamp != each.stamp:
            raise ArchiveError(
                _("{source}: changed meanwhile; try again in a moment").format(source=each.source)
            )
        if sums.is_readable:
            yield each, sums
    known.keep()


def _tag_files(
    archive: Archive, state: _State, payload: "_Payload", manifest: IO[bytes]
) -> Iterator[tuple[str, IO[bytes]]]:
    shows = [show for show in archive.shows() if show.slug in payload.shows]
    oxum = payload.size, payload.count
    day = datetime.fromtimestamp(payload.written / 1e9, UTC).date()
    tags = describe(shows, day, oxum, state.address)
    yield DECLARATION, io.BytesIO(DECLARED)
    yield INFO, io.BytesIO(render_tags(tags))
    yield README, io.BytesIO(welcome(shows, with_pages=payload.has_pages))
    with tempfile.TemporaryFile() as records:
        episodes = state.selection.episodes(archive, shows)
        records.writelines(catalogue(shows, episodes, state.address))
        yield RECORDS, records
    yield MANIFEST, manifest


def _find(known: Checksums, stored: Stored) -> Sums | None:
    return known.find(stored.folder, stored.name, stored.stamp)


class _Payload:
    """What is known of a payload once all of it went by."""

    def __init__(self) -> None:
        self.size = self.count = self.written = 0
        self.day = EARLIEST
        self.shows: set[str] = set()
        self.has_pages = False

    def add(self, stored: Stored) -> None:
        """Count a file."""
        self.count += 1
        self.size += stored.stamp[1]
        self.written = max(self.written, stored.stamp[0])
        self.day = max(self.day, stored.day)
        self.has_pages |= stored.place == "data/index.html"
        if stored.folder.startswith("media/"):
            self.shows.add(stored.folder.removeprefix("media/"))


def _tidy(folder: Path, made: Path) -> None:
    """Remove older plans of the same bag, and the oldest of the others."""
    others = (path for path in folder.glob("[!.]*") if path != made)
    for number, path in enumerate(sorted(others, key=stamp, reverse=True), 2):
        if number > MOST or path.stem == made.stem:
            path.unlink(missing_ok=True)
