"""What a bag comes in: a folder, or a ZIP of one. Its files are listed, then read one by one.

Whoever made it is not trusted. Only what lies in it is ever opened, by the names found there: no
link is followed, nothing is unpacked, no name leads out, and memory does not grow with what a ZIP
pretends to hold.
"""

import contextlib
import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Protocol

from radio.bags.bagit import DECLARATION
from radio.system.disk import blocks, explained, is_file
from radio.system.errors import ArchiveError
from radio.system.messages import _

MOST_FILES = 200_000
LARGEST_DIRECTORY = 32 << 20  # bytes, of a ZIP
SWELLING = 100  # times the size of a ZIP that its files may have; audio doesn't shrink
SPARE = 64 << 20  # bytes that they may have besides
LOCAL_HEADER = 30  # bytes, without the name
ENCRYPTED, PATCHED, HIDDEN = 0x1, 0x20, 0x2040  # flags of a ZIP entry
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)
"""What zipfile raises on a file that is no sound ZIP."""


class Parcel(Protocol):
    """The files of a bag, by their paths in it."""

    @property
    def sizes(self) -> dict[str, int]:
        """The size of each file in bytes."""

    def blocks(self, path: str) -> Iterator[bytes]:
        """Read a file from start to end.

        Raises ArchiveError if that fails.
        """


def is_bag(path: Path) -> bool:
    """Whether a path looks like a bag, rather than like audio."""
    return is_file(path / DECLARATION) or (path.suffix.lower() == ".zip" and is_file(path))


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Parcel]:
    """Open a bag, be it a folder or a ZIP.

    Raises ArchiveError if it is neither, or holds what no bag should.
    """
    if path.is_dir():
        yield _Folder(path)
        return
    with explained(path, _("check the file")):
        file = _Wary(path)
    with file:
        try:
            archive = zipfile.ZipFile(file)
        except DAMAGED as error:
            raise ArchiveError(
                _("{path}: not a sound ZIP ({error}); copy it again").format(path=path, error=error)
            ) from error
        yield _Zip(path, archive)


class _Folder:
    """A bag in a folder."""

    def __init__(self, root: Path):
        self._root = root
        self.sizes: dict[str, int] = {}
        todo = [root]
        while todo:
            with explained(todo[-1], _("check the rights of the folder")):
                entries = sorted(os.scandir(todo.pop()), key=lambda entry: entry.name)
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    todo.append(Path(entry.path))
                elif not entry.is_file(follow_symlinks=False):
                    raise ArchiveError(
                        _("{path}: neither file nor folder; not a bag of ours").format(
                            path=entry.path
                        )
                    )
                else:
                    place = Path(entry.path).relative_to(root).as_posix()
                    self.sizes[place] = entry.stat(follow_symlinks=False).st_size
            _limit(root, len(self.sizes))

    def blocks(self, path: str) -> Iterator[bytes]:
        """Read a file from start to end."""
        with explained(self._root / path, _("copy the bag again")):
            descriptor = os.open(self._root / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with io.FileIO(descriptor) as file:
                yield from blocks(file)


class _Wary(io.FileIO):
    """A file of which nobody reads too much at once, as a ZIP may tell zipfile to."""

    def read(self, size: int | None = -1) -> bytes:
        if size is not None and size > LARGEST_DIRECTORY:
            raise zipfile.BadZipFile(_("its directory is too large"))
        content = super().read(LARGEST_DIRECTORY + 1 if size is None or size < 0 else size) or b""
        if len(content) > LARGEST_DIRECTORY:
            raise zipfile.BadZipFile(_("its directory is too large"))
        return content


class _Zip:
    """A bag in a ZIP, beneath its only folder or not beneath one."""

    def __init__(self, path: Path, archive: zipfile.ZipFile):
        self._path, self._archive = path, archive
        infos = archive.infolist()
        _limit(path, len(infos))
        for info in infos:
            _refuse_odd(path, info)
        _refuse_overlaps(path, infos, archive.start_dir)
        _refuse_bombs(path, infos)
        files = [info for info in infos if not info.is_dir()]
        base = _base(files)
        self._infos = {info.filename.removeprefix(base): info for info in files}
        if len(self._infos) != len(files):
            raise ArchiveError(
                _("{path}: holds two files of one name; not a bag of ours").format(path=path)
            )
        self.sizes = {place: info.file_size for place, info in self._infos.items()}

    def blocks(self, path: str) -> Iterator[bytes]:
        """Read a file from start to end."""
        try:
            with self._archive.open(self._infos[path]) as file:
                yield from blocks(file)
        except DAMAGED as error:
            raise ArchiveError(
                _("{path}: {path2} is damaged ({error}); copy it again").format(
                    path=self._path, path2=path, error=error
                )
            ) from error


def _base(files: list[zipfile.ZipInfo]) -> str:
    """Find the folder that holds the bag: the one with the declaration."""
    for info in files:
        place = PurePosixPath(info.filename)
        if place.name == DECLARATION and len(place.parts) <= 2:
            return info.filename.removesuffix(DECLARATION)
    return ""


def _limit(path: Path, number: int) -> None:
    if number > MOST_FILES:
        raise ArchiveError(
            _("{path}: more than {most_files} files; not a bag of ours").format(
                path=path, most_files=MOST_FILES
            )
        )


def _refuse_odd(path: Path, info: zipfile.ZipInfo) -> None:
    """Refuse entries that lead elsewhere, or need more than to be read."""
    name, kind = info.orig_filename, stat.S_IFMT(info.external_attr >> 16)
    parts = name.removesuffix("/").split("/")
    if name != info.filename or "\\" in name or {"", ".", ".."} & set(parts) or ":" in parts[0]:
        raise ArchiveError(
            _("{path}: {name!r} leads out of it; not a bag of ours").format(path=path, name=name)
        )
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ArchiveError(
            _("{path}: {name!r} is neither file nor folder; not a bag of ours").format(
                path=path, name=name
            )
        )
    if info.flag_bits & (ENCRYPTED | PATCHED | HIDDEN):
        raise ArchiveError(
            _("{path}: {name!r} is encrypted; unpack it first").format(path=path, name=name)
        )
    if info.compress_type not in METHODS:
        raise ArchiveError(
            _("{path}: {name!r} is packed in a rare way; unpack it first").format(
                path=path, name=name
            )
        )


def _refuse_overlaps(path: Path, infos: list[zipfile.ZipInfo], end: int) -> None:
    """Refuse entries that share bytes: a small file could then give endless ones."""
    stop = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < stop:
            raise ArchiveError(
                _("{path}: {filename!r} overlaps another; not a bag of ours").format(
                    path=path, filename=info.filename
                )
            )
        stop = info.header_offset + LOCAL_HEADER + info.compress_size
    if stop > end:
        raise ArchiveError(_("{path}: cut short; copy it again").format(path=path))


def _refuse_bombs(path: Path, infos: list[zipfile.ZipInfo]) -> None:
    if sum(info.file_size for info in infos) > SWELLING * path.stat().st_size + SPARE:
        raise ArchiveError(
            _("{path}: swells out of proportion; not a bag of ours").format(path=path)
        )
