"""Read a bag from end to end, and name what differs from its manifests. What is named is never
taken, nor the rest of its episode. Pages, which can be made again, are not taken."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from radio.bags import bagit
from radio.bags.containers import Parcel
from radio.system.checksums import hash_blocks
from radio.system.errors import ArchiveError
from radio.system.messages import _
from radio.system.progress import Progress, silent

FETCH = "fetch.txt"
LARGEST_TAGS = 1 << 20  # bytes
LARGEST_MANIFEST = 32 << 20  # bytes


@dataclass(frozen=True)
class Bag:
    """A bag that was read from end to end."""

    parcel: Parcel
    hashes: dict[str, str]  # the sha256 of each sound file of the payload, by its path in the bag
    faults: dict[str, str]  # what is wrong, by the path in the bag


def verify(parcel: Parcel, where: Path, progress: Progress = silent) -> Bag:
    """Read a whole bag. Raises ArchiveError if it is none, or has no readable manifest."""
    if bagit.DECLARATION not in parcel.sizes:
        message = _("{where} : pas de {declaration} ; est-ce un sac, copié jusqu’au bout ?")
        raise ArchiveError(message, where=where, declaration=bagit.DECLARATION)
    declaration = parcel.read(bagit.DECLARATION, LARGEST_TAGS, where / bagit.DECLARATION)
    bagit.check_declaration(declaration, where / bagit.DECLARATION)
    if parcel.sizes.get(FETCH):
        message = _("{where} : des parties en sont ailleurs ({fetch}) ; cherchez-les d’abord")
        raise ArchiveError(message, where=where, fetch=FETCH)
    if bagit.MANIFEST not in parcel.sizes:
        message = _("{where} : pas de {name} ; seuls les sacs avec SHA-256 sont acceptés")
        raise ArchiveError(message, where=where, name=bagit.MANIFEST)
    hashes, faults = _read_manifest(parcel, where, bagit.MANIFEST)
    payload = {path for path in parcel.sizes if path.startswith(bagit.PAYLOAD)}
    faults |= dict.fromkeys(payload - hashes.keys() - faults.keys(), _("absent du manifeste"))
    faults |= _check_sum(parcel, where, payload)
    tags, others = _read_manifest(parcel, where, bagit.TAG_MANIFEST)
    faults = others | _compare(parcel, hashes | tags, progress) | faults
    odd = {path for path in hashes if not path.startswith(bagit.PAYLOAD)}
    faults |= dict.fromkeys(odd, _("ne fait pas partie du contenu du sac"))
    sound = {path: sha256 for path, sha256 in hashes.items() if path not in faults}
    return Bag(parcel, sound, faults)


def _read_manifest(parcel: Parcel, where: Path, name: str) -> tuple[dict[str, str], dict[str, str]]:
    """Read the sha256 of each path, and what is wrong with some; nothing without the file."""
    if name not in parcel.sizes:
        return {}, {}
    hashes, faults = bagit.read_lines(parcel.read(name, LARGEST_MANIFEST, where / name), name)
    if not hashes and faults:
        raise ArchiveError(_("{name} : pas de manifeste ; recopiez le sac", name=where / name))
    return hashes, faults


def _check_sum(parcel: Parcel, where: Path, payload: Collection[str]) -> dict[str, str]:
    if bagit.INFO not in parcel.sizes:
        return {}
    try:
        info = where / bagit.INFO
        tags = bagit.read_tags(parcel.read(bagit.INFO, LARGEST_TAGS, info), info)
    except ArchiveError:
        return {bagit.INFO: "damaged"}
    noted = bagit.values(tags, "Payload-Oxum")
    found = f"{sum(parcel.sizes[path] for path in payload)}.{len(payload)}"
    if not noted or noted == [found]:
        return {}
    message = _("dit {told!r:.100} (octets.fichiers), mais contient {found}")
    return {bagit.INFO: _(message, told=noted[0], found=found)}


def _compare(parcel: Parcel, hashes: Mapping[str, str], progress: Progress) -> dict[str, str]:
    faults, done = dict[str, str](), 0
    total = max(1, sum(parcel.sizes.get(path, 0) for path in hashes))

    def read(path: str) -> Iterator[bytes]:
        nonlocal done
        for block in parcel.blocks(path):
            yield block
            done += len(block)
            progress(min(1.0, done / total))

    for path, expected in hashes.items():
        try:
            if path not in parcel.sizes:
                faults[path] = "missing"
            elif hash_blocks(read(path)) != expected:
                faults[path] = _("ne correspond pas au manifeste")
        except ArchiveError as error:
            faults[path] = _("ne peut pas être lu ({error})", error=error)
    return faults
