"""A planned ZIP, read as if it were a file: what the plan holds, and the files of the archive."""

import contextlib
import io
import os
from pathlib import Path
from typing import IO

from radio.formats.zips.plan import Piece, Plan, noted
from radio.system.beneath import open_beneath
from radio.system.errors import ArchiveError
from radio.system.messages import _


def open_zipped(file: IO[bytes], root: Path) -> "Zipped":
    """Read the ZIP of a plan that is open; a plan that can't be read is closed."""
    with contextlib.ExitStack() as undone:
        undone.enter_context(file)
        zipped = Zipped(Plan(file), root)
        undone.pop_all()
    return zipped


class Zipped(io.RawIOBase):
    """The ZIP of a plan, read and sought as if it were a file; one file is open at a time."""

    def __init__(self, plan: Plan, root: Path):
        super().__init__()
        self._plan, self._root, self._place, self.etag = plan, root, 0, plan.etag
        self._piece = plan.piece(0)
        self._file: io.FileIO | None = None

    def tell(self) -> int:
        """Tell the place."""
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._plan.size}
        self._place = max(0, origin[whence] + offset)
        return self._place

    def read(self, size: int = -1) -> bytes:
        """Read up to the end.

        Raises ArchiveError if a file is no longer as it was when its checksum was taken.
        """
        rest = max(0, self._plan.size - self._place)
        rest = rest if size < 0 else min(rest, size)
        blocks = []
        while rest:
            part = self._read_on(rest)
            blocks.append(part)
            self._place += len(part)
            rest -= len(part)
        return b"".join(blocks)

    def close(self) -> None:
        """Close the files too."""
        self._forget()
        self._plan.file.close()
        super().close()

    def _read_on(self, size: int) -> bytes:
        """Read what the plan or one file holds at the place."""
        if not self._piece.start <= self._place < self._piece.stop:
            self._forget()
            self._piece = self._plan.piece(self._place)
        piece = self._piece
        if self._place < piece.border:
            return self._plan.read(piece, self._place - piece.start, size)
        return self._read_file(piece, min(size, piece.stop - self._place))

    def _read_file(self, piece: Piece, size: int) -> bytes:
        if self._file is None:
            folder, *names = piece.source.split("/")
            self._file = open_beneath(self._root / folder, *names)
        self._file.seek(self._place - piece.border)
        content = self._file.read(size)
        status = os.fstat(self._file.fileno())
        if not content or noted((status.st_mtime_ns, status.st_size)) != piece.stamp:
            raise ArchiveError(
                _("{source}: changed while it was downloaded").format(source=piece.source)
            )
        return content

    def _forget(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
