"""A bag becomes part of the archive: verified from end to end, then taken episode by episode.

What is not as the manifests say is named and never taken, nor is anything of the same episode;
nothing that is in the archive already is overwritten. An episode's sidecar comes last, so that a
run that was broken off goes on. Pages, which can be made again, are verified and left.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from radio.bags.bagit import (
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
from radio.bags.containers import Parcel
from radio.system.checksums import hash_blocks
from radio.system.errors import ArchiveError
from radio.system.messages import _
from radio.system.progress import Progress

FETCH = "fetch.txt"
LARGEST_TAGS = 1 << 20  # bytes
LARGEST_MANIFEST = 32 << 20  # bytes


@dataclass(frozen=True)
class Bag:
    """A bag that was read from end to end."""

    parcel: Parcel
    hashes: dict[str, str]  # the sha256 of each sound file of the payload, by its path in the bag
    faults: dict[str, str]  # what is wrong, by the path in the bag


def verify(parcel: Parcel, where: Path, progress: Progress = lambda _: None) -> Bag:
    """Read a bag from end to end, and tell what is sound of it.

    Raises ArchiveError if it is no bag, or has no manifest that can be read.
    """
    if DECLARATION not in parcel.sizes:
        raise ArchiveError(
            _("{where}: no {declaration}; is it a bag, copied to its end?").format(
                where=where, declaration=DECLARATION
            )
        )
    check_declaration(_small(parcel, where, DECLARATION, LARGEST_TAGS), where / DECLARATION)
    if parcel.sizes.get(FETCH):
        raise ArchiveError(
            _("{where}: parts of it are elsewhere ({fetch}); fetch them first").format(
                where=where, fetch=FETCH
            )
        )
    hashes, faults = _manifest(parcel, where, MANIFEST)
    payload = {path for path in parcel.sizes if path.startswith(PAYLOAD)}
    faults |= dict.fromkeys(payload - hashes.keys() - faults.keys(), _("not in the manifest"))
    faults |= _check_sum(parcel, where, payload)
    tags, others = _manifest(parcel, where, TAG_MANIFEST) if _has_tags(parcel) else ({}, {})
    faults = others | _compare(parcel, hashes | tags, progress) | faults
    odd = {path for path in hashes if not path.startswith(PAYLOAD)}
    faults |= dict.fromkeys(odd, _("not of the payload"))
    sound = {path: sha256 for path, sha256 in hashes.items() if path not in faults}
    return Bag(parcel, sound, faults)


def _has_tags(parcel: Parcel) -> bool:
    return TAG_MANIFEST in parcel.sizes


def _check_sum(parcel: Parcel, where: Path, payload: Iterable[str]) -> dict[str, str]:
    """Compare the number of files and bytes with what the bag says."""
    if INFO not in parcel.sizes:
        return {}
    try:
        tags = read_tags(_small(parcel, where, INFO, LARGEST_TAGS), where / INFO)
    except ArchiveError:
        return {INFO: "damaged"}
    told, sizes = values(tags, "Payload-Oxum"), [parcel.sizes[path] for path in payload]
    found = f"{sum(sizes)}.{len(sizes)}"
    if not told or told == [found]:
        return {}
    return {
        INFO: _("says {told!r:.100} (bytes.files), but it holds {found}").format(
            told=told[0], found=found
        )
    }


def _compare(parcel: Parcel, hashes: dict[str, str], progress: Progress) -> dict[str, str]:
    """Read all files, and tell what is wrong with those that are not as they should be."""
    faults, done = dict[str, str](), 0
    total = max(1, sum(parcel.sizes.get(path, 0) for path in hashes))

    def read(path: str) -> Iterator[bytes]:
        nonlocal done
        for block in parcel.blocks(path):
            yield block
            done += len(block)
            progress(min(1.0, done / total))

    for path, expected in hashes.items():
        if path not in parcel.sizes:
            faults[path] = "missing"
            continue
        try:
            if hash_blocks(read(path)) != expected:
                faults[path] = _("not as the manifest says")
        except ArchiveError as error:
            faults[path] = _("can’t be read ({error})").format(error=error)
    return faults


def _manifest(parcel: Parcel, where: Path, name: str) -> tuple[dict[str, str], dict[str, str]]:
    """Read a manifest line by line: the sha256 of each path, and what is wrong with some."""
    if name not in parcel.sizes:
        raise ArchiveError(
            _("{where}: no {name}; only bags with SHA-256 are taken").format(where=where, name=name)
        )
    hashes, faults = dict[str, str](), dict[str, str]()
    for number, line in enumerate(_small(parcel, where, name, LARGEST_MANIFEST).splitlines(), 1):
        try:
            ((path, sha256),) = read_manifest([line], name).items()
        except ArchiveError:
            faults[f"{name}:{number}"] = _("no line of a manifest")
        else:
            if path in hashes:
                faults[path] = _("twice in the manifest")
            hashes[path] = sha256
    if not hashes and faults:
        raise ArchiveError(_("{name}: no manifest; copy the bag again").format(name=where / name))
    return hashes, faults


def _small(parcel: Parcel, where: Path, path: str, largest: int) -> bytes:
    return read_small(parcel, path, largest, where / path)


def read_small(parcel: Parcel, path: str, largest: int, where: object) -> bytes:
    """Read a file that should be no larger than that.

    Raises ArchiveError if it is.
    """
    if parcel.sizes[path] > largest:
        raise ArchiveError(_("{where}: too large; not a bag of ours").format(where=where))
    return b"".join(parcel.blocks(path))
