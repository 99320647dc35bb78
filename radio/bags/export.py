"""The archive as a bag on a disk, written again only where it changed.

A recording that is lost or spoilt in the archive stays in the bag, as long as the bag has the one
that the sidecar names.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path

from radio.archive import Archive, losses
from radio.archive.episode import Audio
from radio.archive.locks import locked
from radio.bags.bagit import (
    AGENT,
    INFO,
    MANIFEST,
    PAYLOAD,
    identify,
    read_manifest,
    read_tags,
    values,
)
from radio.bags.folder import JOURNAL, BagFolder, Wanted, is_leftover, walk
from radio.bags.payload import all_files, checksums, find
from radio.system import disk
from radio.system.checksums import Checksums
from radio.system.disk import explained, read_bytes, stamp
from radio.system.errors import ArchiveError
from radio.system.messages import _
from radio.system.progress import Progress


@dataclass(frozen=True)
class Export:
    """What an export did."""

    copied: int  # files
    kept: int
    removed: int
    faults: tuple[str, ...]  # a line for each file that could not be taken as it should be
    damaged: tuple[Path, ...] = ()  # what lay there otherwise than it was written, where verified


def export_bag(
    archive: Archive,
    dest: Path,
    progress: Progress = lambda _: None,
    *,
    verify: bool = False,
    accept: bool = False,
) -> Export:
    """Write the archive to a folder as a bag, or bring the bag that lies there up to date.

    To `verify` is to read back all that lies there, and what is written now. Raises LossError if
    too much of the archive vanished since, unless somebody says to `accept` that; ArchiveError if
    the folder holds anything else, if there is no room, or if a disk refuses.
    """
    with explained(dest, _("vérifiez le nom et les droits du dossier")):
        dest = dest.absolute()
        dest.mkdir(mode=0o700, parents=True, exist_ok=True)
    bag = BagFolder(dest, _read_there(archive, dest, verify))
    damaged = bag.read_back(progress) if verify else []
    found, spoilt = _compare(archive, bag, damaged, accept), dict[str, str]()
    if found.todo or found.gone or damaged or not bag.is_finished:
        bag.begin(archive)
        bag.copy(found.todo, progress)
        # what changed meanwhile is copied too, and what is begun stays so: a bag is of one moment
        with locked(archive.root, "archive"):
            found = _compare(archive, bag, damaged, accept)
            spoilt = bag.copy(found.todo, progress)
            bag.switch(archive, found.gone)
        spoilt |= bag.read_again() if verify else {}
    copied = len(bag.copied & found.wanted.keys() - spoilt.keys())
    return Export(
        copied,
        kept=len(found.wanted) - len(spoilt) - copied,
        removed=len(found.gone),
        faults=(*found.faults, *spoilt.values()),
        damaged=tuple(dest / each for each in damaged),
    )


@dataclass(frozen=True)
class _Difference:
    """In what a bag differs from the archive."""

    wanted: dict[str, Wanted]  # by place
    todo: dict[str, Wanted]  # of these, what the bag has not, or not as it was written
    gone: Set[str]  # places of what the archive no longer holds
    faults: list[str]


def _compare(archive: Archive, bag: BagFolder, damaged: Sequence[str], accept: bool) -> _Difference:
    """Compare a bag with the archive; raises what `export_bag` does."""
    wanted, faults = _survey(archive, bag.hashes)
    if not wanted:
        raise ArchiveError(
            _("{root} : rien à exporter ; son disque est-il là ?", root=archive.root)
        )
    ours = bag.placed.keys() | wanted.keys()
    for path in walk(bag.dest / PAYLOAD):
        if path.relative_to(bag.dest).as_posix() not in ours and not is_leftover(path):
            raise ArchiveError(_("{path} : n’est pas de ce sac ; déplacez-le", path=path))
    if not accept:
        known = [place.removeprefix(PAYLOAD) for place in bag.placed]
        losses.refuse(archive.root, losses.unmoved(archive.root, known))
    rotten = {*damaged} - bag.copied
    todo = {
        place: each
        for place, each in wanted.items()
        if place in rotten or not bag.holds(place, each)
    }
    size = sum(each.size for each in todo.values())
    disk.require_room(
        bag.dest,
        size,
        lambda free: _(
            "{dest} : {size} octets à copier, {free} libres ; faites de la place",
            dest=bag.dest,
            size=size,
            free=free,
        ),
    )
    return _Difference(wanted, todo, bag.hashes.keys() - wanted.keys(), faults)


def _read_there(archive: Archive, dest: Path, verify: bool) -> dict[str, str]:
    """Read what lies in a folder already, by its place in the bag: the sha256.

    Where that is to be verified, a manifest that can't be read is as good as none. Raises
    ArchiveError if the folder holds anything but a bag of this archive.
    """
    if all(map(is_leftover, dest.iterdir())):
        return {}
    tags = read_tags(read_bytes(dest / INFO), dest / INFO) if (dest / INFO).is_file() else ()
    agents, names = (values(tags, name) for name in ("Bag-Software-Agent", "External-Identifier"))
    ours = {identify(show) for show in archive.shows()}
    if not any(agent.startswith(f"{AGENT} ") for agent in agents) or not ours & set(names):
        raise ArchiveError(
            _("{dest} : ni vide ni un sac de cette archive ; choisissez-en un autre", dest=dest)
        )
    listing = next((dest / name for name in (JOURNAL, MANIFEST) if (dest / name).exists()), None)
    try:
        return read_manifest(read_bytes(listing), listing) if listing else {}
    except ArchiveError:
        if not verify:
            raise
        return {}


def _survey(archive: Archive, there: dict[str, str]) -> tuple[dict[str, Wanted], list[str]]:
    """List what the bag should hold, by place, and what is wrong with it.

    A recording should be what its sidecar says. What else lies there is compared by its hash.
    """
    wanted, faults, known = dict[str, Wanted](), list[str](), checksums(archive)
    for episode in archive.episodes():
        path, audio = archive.audio_path(episode), episode.audio
        place = f"{PAYLOAD}media/{episode.show}/{audio.file}"
        if archive.holds(path) or there.get(place) == audio.sha256:
            wanted[place] = Wanted(path, audio.size, audio.sha256)
        if not archive.holds(path):
            faults.append(_("{path} : manquant ; restaurez-le d’une copie", path=path))
        elif there.get(place) == audio.sha256 and _is_spoilt(known, path, audio):
            faults.append(_("{path} : abîmé ; reprenez-le du sac", path=path))
    for each in all_files(archive):
        if each.place in wanted:
            continue
        sums = find(known, each)
        if sums is None and each.place in there:
            sums = known.measure(each.folder, each.name)
        wanted[each.place] = Wanted(
            archive.root / each.source, each.stamp[1], sums.sha256 if sums else ""
        )
    known.keep()
    return wanted, faults


def _is_spoilt(known: Checksums, path: Path, audio: Audio) -> bool:
    """Whether a recording is not what its sidecar says, as far as is known without reading it."""
    state = stamp(path)
    sums = known.find(f"media/{path.parent.name}", path.name, state)
    return state[1] != audio.size or (sums is not None and sums.sha256 != audio.sha256)
