"""A bag becomes part of the archive: verified from end to end, then taken episode by episode.

Nothing is taken of a bag in which one byte is not as its manifests say; nothing that is in the
archive already is overwritten. An episode's sidecar comes last, so that a run that was broken off
goes on. Pages, which can be made again, are verified and left.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from radio.bag import (
    DECLARATION,
    INFO,
    MANIFEST,
    PAYLOAD,
    TAG_MANIFEST,
    check_declaration,
    read_manifest,
    read_tags,
    values,
)
from radio.errors import ArchiveError
from radio.ingest.parcels import Parcel

FETCH = "fetch.txt"
LARGEST_TAGS = 1 << 20  # bytes
LARGEST_MANIFEST = 32 << 20  # bytes

Progress = Callable[[float], None]
"""Is told which fraction, 0 to 1, is done."""


@dataclass(frozen=True)
class Bag:
    """A bag whose every byte is as its manifests say."""

    parcel: Parcel
    hashes: dict[str, str]  # the sha256 of each file of the payload, by its path in the bag


def verify(parcel: Parcel, where: Path, progress: Progress = lambda _: None) -> Bag:
    """Read a bag from end to end.

    Raises ArchiveError naming what is missing, too much or not as the manifests say.
    """
    if DECLARATION not in parcel.sizes:
        raise ArchiveError(f"{where}: no {DECLARATION}; is it a bag, copied to its end?")
    check_declaration(_small(parcel, where, DECLARATION, LARGEST_TAGS), where / DECLARATION)
    if parcel.sizes.get(FETCH):
        raise ArchiveError(f"{where}: parts of it are elsewhere ({FETCH}); fetch them first")
    hashes = _manifest(parcel, where, MANIFEST)
    payload = {path for path in parcel.sizes if path.startswith(PAYLOAD)}
    for path in sorted(hashes.keys() ^ payload):
        fault = "missing" if path in hashes else "not in the manifest"
        raise ArchiveError(f"{where / path}: {fault}; copy the bag again")
    _check_sum(parcel, where, payload)
    tags = _manifest(parcel, where, TAG_MANIFEST) if TAG_MANIFEST in parcel.sizes else {}
    _check_hashes(parcel, where, tags | hashes, progress)
    return Bag(parcel, hashes)


def _check_sum(parcel: Parcel, where: Path, payload: Iterable[str]) -> None:
    """Compare the number of files and bytes with what the bag says."""
    if INFO not in parcel.sizes:
        return
    told = values(
        read_tags(_small(parcel, where, INFO, LARGEST_TAGS), where / INFO), "Payload-Oxum"
    )
    sizes = [parcel.sizes[path] for path in payload]
    found = f"{sum(sizes)}.{len(sizes)}"
    if told and told != [found]:
        raise ArchiveError(f"{where}: holds {found} (bytes.files), not {told[0]}; copy it again")


def _check_hashes(parcel: Parcel, where: Path, hashes: dict[str, str], progress: Progress) -> None:
    for path in hashes.keys() - parcel.sizes.keys():
        raise ArchiveError(f"{where / path}: missing; copy the bag again")
    done, total = 0, max(1, sum(parcel.sizes[path] for path in hashes))
    for path, expected in hashes.items():
        digest = hashlib.sha256()
        for block in parcel.blocks(path):
            digest.update(block)
            done += len(block)
            progress(min(1.0, done / total))
        if digest.hexdigest() != expected:
            raise ArchiveError(f"{where / path}: not as the manifest says; copy the bag again")


def _manifest(parcel: Parcel, where: Path, name: str) -> dict[str, str]:
    if name not in parcel.sizes:
        raise ArchiveError(f"{where}: no {name}; only bags with SHA-256 are taken")
    lines = _small(parcel, where, name, LARGEST_MANIFEST).splitlines()
    return read_manifest(lines, where / name)


def _small(parcel: Parcel, where: Path, path: str, largest: int) -> bytes:
    return read_small(parcel, path, largest, where / path)


def read_small(parcel: Parcel, path: str, largest: int, where: object) -> bytes:
    """Read a file that should be no larger than that.

    Raises ArchiveError if it is.
    """
    if parcel.sizes[path] > largest:
        raise ArchiveError(f"{where}: too large; not a bag of ours")
    return b"".join(parcel.blocks(path))
