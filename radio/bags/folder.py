"""A folder that becomes a bag: what lies there is in a journal until all of it does.

A folder is a bag when it has its `bagit.txt`: that goes first and comes back last, so that a run
that was broken off leaves nothing that passes for whole, and the next one goes on from the journal.
"""

import hashlib
import os
import time
from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from radio.archive import Archive
from radio.bags.bagit import (
    DECLARATION,
    DECLARED,
    INFO,
    MANIFEST,
    PAYLOAD,
    TAG_MANIFEST,
    render_line,
    render_tags,
)
from radio.bags.readback import UnreadableError, differing, read_steady
from radio.bags.tag_files import README, RECORDS, catalogue, describe, welcome
from radio.checksums import copy_blocks
from radio.disk import discard, explained, keep, read_bytes, stamp, temporary, write_whole
from radio.messages import _
from radio.progress import Progress

JOURNAL = ".radio-export.txt"
OFTEN = 5.0  # seconds between two writings of the journal
UNSOUND = _("not what was written a moment ago; is this disk failing?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that the bag should hold."""

    source: Path
    size: int  # bytes
    sha256: str  # empty where only the copying will tell


class BagFolder:
    """A bag that is being written."""

    def __init__(self, dest: Path, hashes: dict[str, str]):
        self.hashes = hashes  # of what lies there, by place
        self._dest = dest
        self._saved = 0.0

    def begin(self, archive: Archive) -> None:
        """Be no bag until the end, but ours."""
        with explained(self._dest, _("check the rights of the folder")):
            (self._dest / DECLARATION).unlink(missing_ok=True)
            for path in filter(is_leftover, walk(self._dest)):
                path.unlink()
        self._describe(archive)
        self._save()

    def remove(self, gone: Set[str]) -> None:
        """Take out what the archive no longer holds."""
        for place in gone:
            path = self._dest / place
            with explained(path, _("check the rights of the folder")):
                path.unlink(missing_ok=True)
                if not any(path.parent.iterdir()):
                    path.parent.rmdir()
            self.hashes.pop(place, None)

    def copy(
        self, todo: dict[str, Wanted], there: dict[str, str], progress: Progress
    ) -> dict[str, str]:
        """Copy files, and tell what was wrong with some: of them what was there stays."""
        faults, done, total = dict[str, str](), 0, sum(each.size for each in todo.values())
        for place, each in todo.items():
            sha256 = _copy(each.source, self._dest / place, each.sha256)
            if sha256 is None:
                faults[place] = _("{source}: damaged or changing; `radio check` says more").format(
                    source=each.source
                )
                if place in there:
                    self.hashes[place] = there[place]
            else:
                self.hashes[place] = sha256
            done += each.size
            progress(done / max(1, total))
            if time.monotonic() > self._saved + OFTEN:
                self._save()
        return faults

    def read_again(self, places: Set[str]) -> dict[str, str]:
        """Read what was written, and tell what is wrong with some of it."""
        written = {place: self.hashes[place] for place in places}
        return {
            place: f"{self._dest / place}: {UNSOUND}" for place in differing(self._dest, written)
        }

    def finish(self, archive: Archive) -> None:
        """Write the manifests, and be a bag."""
        self._write(MANIFEST, self._listing())
        shows = archive.shows()
        has_pages = f"{PAYLOAD}index.html" in self.hashes
        self._write(README, welcome(shows, with_pages=has_pages, is_public=False))
        episodes = [each for each in archive.episodes() if each.show in {s.slug for s in shows}]
        self._write(RECORDS, b"".join(catalogue(shows, episodes)))
        self._describe(archive)
        names = (DECLARATION, INFO, README, RECORDS, MANIFEST)
        contents = [DECLARED, *(read_bytes(self._dest / name) for name in names[1:])]
        lines = map(render_line, (hashlib.sha256(each).hexdigest() for each in contents), names)
        self._write(TAG_MANIFEST, b"".join(lines))
        self._write(DECLARATION, DECLARED)
        (self._dest / JOURNAL).unlink(missing_ok=True)

    def _describe(self, archive: Archive) -> None:
        size = sum(stamp(self._dest / place)[1] for place in self.hashes)
        today = datetime.now(UTC).date()
        tags = describe(archive.shows(), today, (size, len(self.hashes)))
        self._write(INFO, render_tags(tags))

    def _save(self) -> None:
        self._write(JOURNAL, self._listing())
        self._saved = time.monotonic()

    def _listing(self) -> bytes:
        return b"".join(render_line(self.hashes[place], place) for place in sorted(self.hashes))

    def _write(self, name: str, content: bytes) -> None:
        write_whole(self._dest / name, content)


def _copy(source: Path, path: Path, expected: str) -> str | None:
    """Copy a file and give its sha256; None where it can't be read or is not what is expected.

    Raises ArchiveError if the disk copied to refuses.
    """
    part = temporary(path)
    try:
        with explained(path, _("check the free space and the rights of the folder")):
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                sha256 = copy_blocks(read_steady(source), file)
        if sha256 != (expected or sha256):
            return None
        keep(part, path)
    except UnreadableError:
        return None
    finally:
        discard(part)
    return sha256


def walk(folder: Path) -> Iterator[Path]:
    """Give every file beneath a folder."""
    for place, _rest, names in os.walk(folder):
        yield from (Path(place, name) for name in sorted(names))


def is_leftover(path: Path) -> bool:
    """Whether a file is what a broken run left half written."""
    return path.name.startswith(".") and path.suffix == ".part"
