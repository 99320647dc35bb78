"""What a bag comes in: a folder, or a ZIP of one. Its files are read one by one. Its maker is not
trusted: no link is followed, nothing unpacked, no name leads out, memory is limited."""

import contextlib
import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from radio.bags.bagit import DECLARATION
from radio.system import disk
from radio.system.disk import RIGHTS, explained, is_file
from radio.system.errors import ArchiveError, retold
from radio.system.messages import _

MOST_FILES = 200_000
LARGEST_DIRECTORY = 32 << 20  # bytes, of a ZIP
SWELLING = 100  # times the size of a ZIP that its files may have; audio doesn't shrink
SPARE = 64 << 20  # bytes that they may have besides
LOCAL_HEADER = 30  # bytes, without the name
ENCRYPTED, PATCHED, HIDDEN = 0x1, 0x20, 0x2040  # flags of a ZIP entry
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
# raised by zipfile on a damaged ZIP
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError),
    *(RuntimeError, ValueError, OverflowError),
)


@dataclass(frozen=True)
class Parcel:
    """The files of a bag, by their paths in it."""

    sizes: dict[str, int]  # bytes of each
    blocks: Callable[[str], Iterator[bytes]]  # may raise ArchiveError

    def read(self, path: str, largest: int, where: object) -> bytes:
        """Read a file. Raises ArchiveError if it is larger than `largest`."""
        if self.sizes[path] > largest:
            raise ArchiveError(_("{where} : trop grand ; pas un sac de ce programme", where=where))
        return b"".join(self.blocks(path))


def is_bag(path: Path) -> bool:
    """Whether a path looks like a bag, rather than like audio."""
    return is_file(path / DECLARATION) or (path.suffix.lower() == ".zip" and is_file(path))


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Parcel]:
    """Open a folder or a ZIP. Raises ArchiveError if it is neither, or holds what no bag should."""
    if path.is_dir():
        yield _of_folder(path)
        return
    with explained(path, _("vérifiez le fichier")):
        file = _Wary(path)
    with file:
        message = _("{path} : ZIP abîmé ({error}) ; recopiez-le")
        with retold(message, *DAMAGED, by=ArchiveError, path=path):
            archive = zipfile.ZipFile(file)
        yield _of_zip(path, archive)


def _of_folder(root: Path) -> Parcel:
    sizes, todo = dict[str, int](), [root]
    while todo:
        with explained(todo[-1], RIGHTS):
            entries = sorted(os.scandir(todo.pop()), key=lambda entry: entry.name)
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                todo.append(Path(entry.path))
            elif entry.is_file(follow_symlinks=False):
                place = Path(entry.path).relative_to(root).as_posix()
                sizes[place] = entry.stat(follow_symlinks=False).st_size
            else:
                message = _("{path} : ni fichier ni dossier ; pas un sac de ce programme")
                raise ArchiveError(message, path=entry.path)
        _limit(root, len(sizes))

    def blocks(path: str) -> Iterator[bytes]:
        with explained(root / path, _("recopiez le sac")):
            descriptor = os.open(root / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with io.FileIO(descriptor) as file:
                yield from disk.blocks(file)

    return Parcel(sizes, blocks)


class _Wary(io.FileIO):
    """A file that refuses to read too much at once, which a ZIP may ask zipfile to do."""

    def read(self, size: int | None = -1) -> bytes:
        most = LARGEST_DIRECTORY + 1
        content = super().read(most if size is None or size < 0 else min(size, most)) or b""
        if max(len(content), size or 0) > LARGEST_DIRECTORY:
            raise zipfile.BadZipFile(_("sa table est trop grande"))
        return content


def _of_zip(path: Path, archive: zipfile.ZipFile) -> Parcel:
    """Give the files of a ZIP, without a folder that holds them all."""
    infos = archive.infolist()
    _limit(path, len(infos))
    for info in infos:
        _refuse_odd(path, info)
    _refuse_overlaps(path, infos, archive.start_dir)
    if sum(info.file_size for info in infos) > SWELLING * path.stat().st_size + SPARE:
        message = _("{path} : démesuré une fois décompressé ; pas un sac de ce programme")
        raise ArchiveError(message, path=path)
    files = [info for info in infos if not info.is_dir()]
    base = _base(files)
    by_place = {info.filename.removeprefix(base): info for info in files}
    if len(by_place) != len(files):
        message = _("{path} : contient deux fichiers du même nom ; pas un sac de ce programme")
        raise ArchiveError(message, path=path)

    def blocks(place: str) -> Iterator[bytes]:
        message = _("{path} : {path2} est abîmé ({error}) ; recopiez-le")
        retelling = retold(message, *DAMAGED, by=ArchiveError, path=path, path2=place)
        with retelling, archive.open(by_place[place]) as file:
            yield from disk.blocks(file)

    return Parcel({place: info.file_size for place, info in by_place.items()}, blocks)


def _base(files: list[zipfile.ZipInfo]) -> str:
    """Find the folder that holds the bag: the one with the declaration."""
    for info in files:
        place = PurePosixPath(info.filename)
        if place.name == DECLARATION and len(place.parts) <= 2:
            return info.filename.removesuffix(DECLARATION)
    return ""


def _limit(path: Path, number: int) -> None:
    if number > MOST_FILES:
        message = _("{path} : plus de {most_files} fichiers ; pas un sac de ce programme")
        raise ArchiveError(message, path=path, most_files=MOST_FILES)


def _refuse_odd(path: Path, info: zipfile.ZipInfo) -> None:
    """Refuse entries that lead elsewhere, or are not plainly readable."""
    name, kind = info.orig_filename, stat.S_IFMT(info.external_attr >> 16)
    parts = name.removesuffix("/").split("/")
    leads_out = "\\" in name or {"", ".", ".."} & set(parts) or ":" in parts[0]
    is_odd = kind not in (0, stat.S_IFREG, stat.S_IFDIR)
    is_locked = info.flag_bits & (ENCRYPTED | PATCHED | HIDDEN)
    faults = {
        _("{path} : {name!r} mène hors du sac ; pas un sac de ce programme"): name != info.filename
        or leads_out,
        _("{path} : {name!r} n’est ni fichier ni dossier ; pas un sac de ce programme"): is_odd,
        _("{path} : {name!r} est chiffré ; dépaquetez-le d’abord"): is_locked,
        _(
            "{path} : {name!r} est compressé d’une façon inhabituelle ; dépaquetez-le d’abord"
        ): info.compress_type not in METHODS,
    }
    for message, is_found in faults.items():
        if is_found:
            raise ArchiveError(message.format(path=path, name=name))


def _refuse_overlaps(path: Path, infos: list[zipfile.ZipInfo], end: int) -> None:
    """Refuse entries that share bytes: a small file could then give endless ones."""
    stop = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < stop:
            message = _("{path} : {filename!r} en recouvre un autre ; pas un sac de ce programme")
            raise ArchiveError(message, path=path, filename=info.filename)
        stop = info.header_offset + LOCAL_HEADER + info.compress_size
    if stop > end:
        raise ArchiveError(_("{path} : coupé ; recopiez-le", path=path))
