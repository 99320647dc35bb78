"""A ZIP that is never written: its files are stored (method 0), their sizes and checksums known, so
that any part of it can be given, and the same files make the same bytes. Format: APPNOTE 6.3.9
(https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT), with ZIP64 where needed. A plan on
the disk has the bytes between the files, each piece followed by the name of the next file; a record
for each piece; the number of records, the size of the ZIP and a hash of all that."""

import contextlib
import hashlib
import io
import os
import struct
import tempfile
import zlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO

from radio.system.checksums import Sums
from radio.system.disk import BLOCK, Stamp, blocks, open_beneath
from radio.system.errors import ArchiveError
from radio.system.messages import _

LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
END64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR = struct.Struct("<4sLQL")
RECORD = struct.Struct("<QQLLqQ")
FARTHEST = (1 << 63) - 1  # nanoseconds since 1970
TAIL = struct.Struct("<QQ32s")

UTF8 = 0x800
PLAIN, LARGE = 20, 45  # versions of the format: without ZIP64 and with it
UNIX = 3 << 8
MODE = 0o100644 << 16
FULL16, FULL32 = 0xFFFF, 0xFFFFFFFF
EARLIEST, LATEST = date(1980, 1, 1), date(2107, 12, 31)  # what a ZIP can say
NOON = 12 << 11


def noted(stamp: Stamp) -> Stamp:
    """Give a stamp as a plan keeps it: some clocks give files a date after the year 2262.

    >>> noted((16 * 10**18, 3))
    (9223372036854775807, 3)
    """
    return min(stamp[0], FARTHEST), stamp[1]


@dataclass(frozen=True)
class Piece:
    """A stretch of the ZIP: bytes of the plan, then a file as of a stamp."""

    start: int  # in the ZIP
    kept: int  # where its bytes lie in the plan
    length: int  # bytes of the plan
    stamp: Stamp  # of the file
    source: str  # where the file lies beneath the root of the archive; empty at the end

    @property
    def stop(self) -> int:
        """Where the file ends."""
        return self.start + self.length + self.stamp[1]


class Planner:
    """Writes a plan, file after file; its memory does not grow with their number."""

    def __init__(self, plan: IO[bytes]):
        self._plan = plan
        self._place = 0  # in the ZIP
        self._kept = 0  # in the plan
        self._glue = b""  # of the piece of the moment
        self._count = self._records_written = 0
        self._digest = hashlib.sha256()
        self._directory: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed at the end)
        self._records: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115

    def add_file(self, name: str, source: str, day: date, sums: Sums) -> None:
        """Go on with a file of the archive, as of its checksums; `source` is beneath the root."""
        self._add_header(name, day, sums.crc32, sums.stamp[1])
        self._end_piece(source.encode(), sums.stamp)

    def add_kept(self, name: str, day: date, content: IO[bytes]) -> None:
        """Go on with a file that the plan itself holds."""
        crc32 = size = 0
        for block in rewound(content):
            crc32, size = zlib.crc32(block, crc32), size + len(block)
        self._add_header(name, day, crc32, size)
        for block in rewound(content):
            self._add(block)

    def finish(self) -> None:
        """Write the directory, then the records."""
        start, size = self._place + len(self._glue), self._directory.tell()
        for block in rewound(self._directory):
            self._add(block)
        self._add(_render_end(self._count, size, start))
        self._end_piece(b"", (0, 0))
        for block in rewound(self._records):
            self._plan.write(block)
        self._plan.write(TAIL.pack(self._records_written, self._place, self._digest.digest()))

    def close(self) -> None:
        """Forget what was set aside."""
        self._directory.close()
        self._records.close()

    def _add_header(self, name: str, day: date, crc32: int, size: int) -> None:
        start, written = self._place + len(self._glue), name.encode()
        sizes = [size, size] if size >= FULL32 else []
        offset = [start] if start >= FULL32 else []
        shown = FULL32 if sizes else size
        rest = UTF8, 0, NOON, _days(day), crc32, shown, shown, len(written)
        extra = _extra(sizes)
        head = LARGE if extra else PLAIN, *rest, len(extra)
        self._glue += LOCAL.pack(b"PK\3\4", *head) + written + extra
        extra = _extra(sizes + offset)
        head = LARGE if extra else PLAIN, *rest, len(extra)
        place = 0, 0, 0, MODE, FULL32 if offset else start
        packed = CENTRAL.pack(b"PK\1\2", UNIX | LARGE, *head, *place)
        self._directory.write(packed + written + extra)
        self._count += 1

    def _add(self, content: bytes) -> None:
        self._glue += content
        if len(self._glue) > BLOCK:
            self._end_piece(b"", (0, 0))

    def _end_piece(self, source: bytes, stamp: Stamp) -> None:
        glue, self._glue = self._glue, b""
        self._digest.update(glue)
        record = self._place, self._kept, len(glue), len(source), *noted(stamp)
        self._records.write(RECORD.pack(*record))
        self._records_written += 1
        self._plan.write(glue + source)
        self._place += len(glue) + stamp[1]
        self._kept += len(glue) + len(source)


def _extra(numbers: list[int]) -> bytes:
    """Write the ZIP64 extra field for the numbers that 32 bits can't hold."""
    if not numbers:
        return b""
    return struct.pack(f"<2H{len(numbers)}Q", 1, 8 * len(numbers), *numbers)


def _render_end(count: int, size: int, start: int) -> bytes:
    """Write the end, after a directory of `count` entries and `size` bytes from `start` on."""
    end, at = b"", start + size
    if count >= FULL16 or max(size, start) >= FULL32:
        body = UNIX | LARGE, LARGE, 0, 0, count, count, size, start
        end = END64.pack(b"PK\6\6", END64.size - 12, *body)
        end += LOCATOR.pack(b"PK\6\7", 0, at, 1)
    number = min(count, FULL16)
    return end + END.pack(b"PK\5\6", 0, 0, number, number, min(size, FULL32), min(start, FULL32), 0)


def _days(day: date) -> int:
    """Write a day as MS-DOS did.

    >>> hex(_days(date(1980, 1, 1))), hex(_days(date(1912, 5, 5)))
    ('0x21', '0x21')
    """
    day = min(max(day, EARLIEST), LATEST)
    return (day.year - 1980) << 9 | day.month << 5 | day.day


def rewound(file: IO[bytes]) -> Iterator[bytes]:
    """Read a file from its start to its end."""
    file.seek(0)
    return blocks(file)


def open_zipped(file: IO[bytes], root: Path) -> "Zipped":
    """Read the ZIP of a plan that is open; a plan that can't be read is closed."""
    with contextlib.ExitStack() as undone:
        undone.enter_context(file)
        zipped = Zipped(file, root)
        undone.pop_all()
    return zipped


class Sought(io.RawIOBase):
    """Bytes that are read and sought as if they were a file."""

    _place = 0
    _size: int

    def seekable(self) -> bool:
        """Say yes: this is what servers look for before they stream by themselves."""
        return True

    def tell(self) -> int:
        """Tell the place."""
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._size}
        self._place = max(0, origin[whence] + offset)
        return self._place


class Zipped(Sought):
    """The ZIP of a plan; one file is open at a time."""

    def __init__(self, plan: IO[bytes], root: Path):
        super().__init__()
        self._plan, self._root = plan, root
        self._file: io.FileIO | None = None
        end = os.fstat(plan.fileno()).st_size - TAIL.size
        self._count, self._size, digest = TAIL.unpack(self._planned(end, TAIL.size))
        self._records = end - self._count * RECORD.size
        self.etag = digest.hex()
        self._piece = self._find(0)

    def read(self, size: int = -1) -> bytes:
        """Read up to the end. Raises ArchiveError if a file is no longer as its checksum says."""
        left, parts = max(0, self._size - self._place), []
        left = left if size < 0 else min(left, size)
        while left:
            parts.append(self._read_on(left))
            self._place += len(parts[-1])
            left -= len(parts[-1])
        return b"".join(parts)

    def close(self) -> None:
        """Close the files too."""
        self._forget()
        self._plan.close()
        super().close()

    def _read_on(self, size: int) -> bytes:
        if not self._piece.start <= self._place < self._piece.stop:
            self._forget()
            self._piece = self._find(self._place)
        piece, within = self._piece, self._place - self._piece.start
        if within < piece.length:
            return self._planned(piece.kept + within, min(size, piece.length - within))
        if self._file is None:
            folder, *names = piece.source.split("/")
            self._file = open_beneath(self._root / folder, *names)
        self._file.seek(within - piece.length)
        content = self._file.read(min(size, piece.stop - self._place))
        status = os.fstat(self._file.fileno())
        if not content or noted((status.st_mtime_ns, status.st_size)) != piece.stamp:
            message = _("{source} : changé pendant son téléchargement", source=piece.source)
            raise ArchiveError(message)
        return content

    def _find(self, place: int) -> Piece:
        starts = range(1, self._count)
        found = bisect_right(starts, place, key=lambda number: self._record(number)[0])
        start, kept, length, name, written, size = self._record(found)
        source = self._planned(kept + length, name).decode()
        return Piece(start, kept, length, (written, size), source)

    def _record(self, number: int) -> tuple[int, ...]:
        return RECORD.unpack(self._planned(self._records + number * RECORD.size, RECORD.size))

    def _planned(self, start: int, size: int) -> bytes:
        return os.pread(self._plan.fileno(), size, start)

    def _forget(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
