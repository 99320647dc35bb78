"""A bag to download: the plan of its ZIP (`formats.zips`), saved while nothing changes. The payload
comes first, texts a second time beside their sound, then tag files. Plans in `cache/bags/` are
named by the state of their files."""

import contextlib
import hashlib
import io
import tempfile
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, TypeVar, cast

from radio.archive import Archive
from radio.archive.episode import mime_of
from radio.bags import bagit
from radio.bags.payload import Selection, Stored, lacking, measured, public_files
from radio.derived.cache import BAGS, find
from radio.formats.zips import EARLIEST, Planner, rewound
from radio.system.checksums import hash_blocks
from radio.system.disk import unfinished
from radio.system.edition import edition

MOST = 50  # looks that are remembered
LONG = 0.1  # seconds of work, for a look at the files
RECENT = 10  # times as long as such a look takes is it good for,
AT_MOST = 1.0  # seconds: what was withdrawn must go
PATIENCE = 5.0  # seconds until it is counted again how much is left to read

Found = TypeVar("Found")


class PlanCache:
    """The plans of an archive; one cache serves all threads of a site."""

    def __init__(self, archive: Archive):
        self._archive = archive
        # what was found by a look that took long, and until when that is valid
        self._looks: dict[Hashable, tuple[Any, float]] = {}

    def find(self, selection: Selection, address: str) -> IO[bytes] | None:
        """Open the plan of a selection for a site at `address`, if it is, or just was, current."""

        def look() -> Path:
            state = _begin(address)
            deque(_noted(state, public_files(self._archive, selection)), 0)
            return self._path(selection, state)

        return find(self._found((selection, address), look, AT_MOST))

    def left(self, selection: Selection) -> tuple[int, int]:
        """Count the bytes to be read before a plan can be made, and those of all; as it was some
        seconds ago, where counting takes long."""
        return self._found(selection, lambda: lacking(self._archive, selection), PATIENCE)

    def _found(self, asked: Hashable, look: Callable[[], Found], most: float) -> Found:
        """Look, or give what was found just now."""
        found, until = self._looks.get(asked, (None, 0.0))
        if time.monotonic() < until:
            return cast(Found, found)
        began = time.thread_time()
        found, took = look(), time.thread_time() - began
        if took > LONG:
            if len(self._looks) > MOST:
                self._looks.clear()
            self._looks[asked] = found, time.monotonic() + min(RECENT * took, most)
        return found

    def make(self, selection: Selection, address: str) -> IO[bytes]:
        """Make the plan of a selection, measuring what is not measured yet, and open it."""
        state, folder = _begin(address), BAGS.folder(self._archive)
        with unfinished(folder / selection.name) as part:
            with part.open("wb") as file:
                files = _noted(state, public_files(self._archive, selection))
                _write_plan(self._archive, selection, address, files, file)
            return BAGS.keep_open(self._archive, part, self._path(selection, state))

    def _path(self, selection: Selection, state: "hashlib._Hash") -> Path:
        return BAGS.path(self._archive, selection.name, state.hexdigest())


def _begin(address: str) -> "hashlib._Hash":
    return hashlib.sha256(repr((edition(), address)).encode())


def _noted(state: "hashlib._Hash", files: Iterable[Stored]) -> Iterator[Stored]:
    for each in files:
        state.update(repr((each.source, each.stamp, each.day)).encode())
        yield each


def _write_plan(
    archive: Archive, selection: Selection, address: str, files: Iterable[Stored], plan: IO[bytes]
) -> None:
    base, folders, sounds, has_pages = selection.name, set[str](), set[str](), False
    size, count, written, newest = 0, 0, 0, EARLIEST
    with contextlib.ExitStack() as stack:
        planner = stack.enter_context(contextlib.closing(Planner(plan)))
        temporary = (stack.enter_context(tempfile.TemporaryFile()) for _number in range(3))
        manifest, tag_manifest, records = temporary
        for each, sums in measured(archive, files):
            written, newest = max(written, each.stamp[0]), max(newest, each.day)
            folders.add(each.folder)
            has_pages |= each.place == f"{bagit.PAYLOAD}index.html"
            sounds |= {each.place.partition(".")[0]} if mime_of(each.name) else set()
            beside = bagit.beside_sound(each.place)
            for place in (each.place, *({beside} if beside.partition(".")[0] in sounds else ())):
                count, size = count + 1, size + each.stamp[1]
                manifest.write(bagit.render_line(sums.sha256, place))
                planner.add_file(f"{base}/{place}", each.source, each.day, sums)
        shows = [each for each in archive.shows() if f"media/{each.slug}" in folders]
        day = datetime.fromtimestamp(written / 1e9, UTC).date()  # of the last change
        about = shows, day, (size, count), address
        described = bagit.describe(*about, with_pages=has_pages, is_public=True)
        records.writelines(bagit.catalogue(shows, selection.episodes(archive, shows), address))
        tags: dict[str, IO[bytes]] = {
            **{name: io.BytesIO(content) for name, content in described.items()},
            bagit.RECORDS: records,
            bagit.MANIFEST: manifest,
        }
        for name, file in tags.items():
            tag_manifest.write(bagit.render_line(hash_blocks(rewound(file)), name))
            planner.add_kept(f"{base}/{name}", newest, file)
        planner.add_kept(f"{base}/{bagit.TAG_MANIFEST}", newest, tag_manifest)
        planner.finish()
