"""The plan of a bag as a ZIP (`formats.zips`): its payload, then the files that describe it."""

import contextlib
import io
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import IO

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
from radio.bags.payload import Selection, Stored
from radio.bags.sums import measured
from radio.bags.tag_files import README, RECORDS, catalogue, describe, welcome
from radio.formats.zips import EARLIEST, Planner, rewound
from radio.system.checksums import hash_blocks


def write_plan(
    archive: Archive, selection: Selection, address: str, files: Iterable[Stored], plan: IO[bytes]
) -> None:
    """Write the plan of a bag of some files of a selection.

    `address` is that of the site, where it is known. Raises ArchiveError if a file changes
    meanwhile.
    """
    base, payload = selection.name, _Payload()
    with contextlib.closing(Planner(plan)) as planner, tempfile.TemporaryFile() as manifest:
        for each, sums in measured(archive, files):
            payload.add(each)
            manifest.write(render_line(sums.sha256, each.place))
            planner.add_file(f"{base}/{each.place}", each.source, each.day, sums)
        with tempfile.TemporaryFile() as tag_manifest:
            for name, content in _tag_files(archive, selection, address, payload, manifest):
                tag_manifest.write(render_line(hash_blocks(rewound(content)), name))
                planner.add_kept(f"{base}/{name}", payload.day, content)
            planner.add_kept(f"{base}/{TAG_MANIFEST}", payload.day, tag_manifest)
        planner.finish()


def _tag_files(
    archive: Archive,
    selection: Selection,
    address: str,
    payload: "_Payload",
    manifest: IO[bytes],
) -> Iterator[tuple[str, IO[bytes]]]:
    shows = [show for show in archive.shows() if show.slug in payload.shows]
    oxum = payload.size, payload.count
    day = datetime.fromtimestamp(payload.written / 1e9, UTC).date()
    tags = describe(shows, day, oxum, address)
    yield DECLARATION, io.BytesIO(DECLARED)
    yield INFO, io.BytesIO(render_tags(tags))
    yield README, io.BytesIO(welcome(shows, with_pages=payload.has_pages, is_public=True))
    with tempfile.TemporaryFile() as records:
        episodes = selection.episodes(archive, shows)
        records.writelines(catalogue(shows, episodes, address))
        yield RECORDS, records
    yield MANIFEST, manifest


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
