"""In what a copy differs from its original, and so what is to be done; nothing is done here."""

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Literal

from radio.archive import Archive, holdings
from radio.archive.episode import MIME
from radio.archive.losses import is_too_many
from radio.mirror.client import Offer
from radio.mirror.manifest import ListedFile, hidden
from radio.mirror.origin import Origin
from radio.system import disk
from radio.system.checksums import hash_file
from radio.system.disk import stamp
from radio.system.errors import ArchiveError, RadioError
from radio.system.messages import _

log = logging.getLogger(__name__)

RESERVE = 1 << 30  # bytes of the disk that stay free

Way = Literal["keep", "take", "beside"]
"""What becomes of a file: ours stays; theirs is taken, or put beside ours."""
Offered = Mapping[str, tuple[str, ...]]
"""The sha256 of every version of each small file that the original had, by path."""


@dataclass(frozen=True)
class Unit:
    """What belongs together: the files of a show, or of an episode."""

    key: str
    entries: tuple[ListedFile, ...]
    reason: str | None = None  # of its withdrawal
    is_forgotten: bool = False  # there, so that nothing of it shall be left here


@dataclass(frozen=True)
class Comparison:
    """The files of a copy beside those of its original."""

    archive: Archive
    entries: Mapping[str, ListedFile]  # what is offered, by path
    before: Offered  # as of the last run
    offered: Offered  # with what is offered now

    def way(self, entry: ListedFile) -> Way:
        """Tell what becomes of a file.

        Raises ArchiveError if another recording lies there, or a damaged one.
        """
        if entry.kind == "audio":
            return self._way_of_audio(entry)
        local = hash_here(self.archive.root / entry.path)
        if local == entry.sha256:
            return "keep"
        if self.is_replaced(entry.key) or not self.is_corrected(entry):
            return "take"
        beside = hash_here(self.beside(entry)) == entry.sha256
        return "keep" if beside or entry.sha256 in self.before.get(entry.path, ()) else "beside"

    def is_replaced(self, key: str) -> bool:
        """Whether the original has another recording in place of the one that is here."""
        listed = (self.entries.get(f"media/{key}{suffix}") for suffix in MIME)
        entry = next((each for each in listed if each and each.formerly), None)
        return entry is not None and self._local_sound(entry) in entry.formerly

    def part(self, entry: ListedFile) -> Path:
        """Name the file that holds what was fetched, until it is whole and proved."""
        return self.archive.cache / "mirror" / f"{entry.sha256}.{hidden(entry.path)[:16]}"

    def beside(self, entry: ListedFile) -> Path:
        """Name where the original's version lies of what was corrected here."""
        return self.archive.root / "mirror" / entry.path

    def _way_of_audio(self, entry: ListedFile) -> Way:
        """Tell whether a recording is missing; one that is there is read by `radio check`."""
        path = self.archive.root / entry.path
        if not os.path.lexists(path):
            return "take"
        local = self._local_sound(entry)
        if local in entry.formerly:
            return "take"
        if local != entry.sha256:
            raise ArchiveError(
                _(
                    "{path} : un autre enregistrement est là-bas depuis ; le nôtre est gardé",
                    path=path,
                )
            )
        if stamp(path)[1] != entry.size:
            raise ArchiveError(_("{path} : abîmé ici ; déplacez-le, puis relancez", path=path))
        return "keep"

    def _local_sound(self, entry: ListedFile) -> str:
        if self.archive.sidecar_path(entry.key).exists():
            return self.archive.episode(entry.key).audio.sha256
        return hash_here(self.archive.root / entry.path) or ""

    def is_corrected(self, entry: ListedFile) -> bool:
        """Whether a file here is not as the original ever had it; evidence follows its text."""
        path = entry.path
        if entry.kind == "evidence":
            path = path.removesuffix(".json") + ".vtt"
        local = hash_here(self.archive.root / path)
        there = self.entries.get(path)
        known = self.offered.get(path, ())
        return local is not None and local not in (*known, there and there.sha256)


@dataclass(frozen=True)
class CopyDifference:
    """What makes a copy and its original differ."""

    comparison: Comparison
    origin: Origin  # as it is noted before anything is taken
    units: tuple[Unit, ...]  # in the order in which they are taken
    faults: tuple[RadioError, ...]  # what can't be taken
    needed: int  # bytes that are fetched
    reasons: Mapping[str, str]  # of what was withdrawn, by `hidden` key

    def require_room(self) -> None:
        """Raise ArchiveError unless the disk has room for what is fetched."""
        root = self.comparison.archive.root

        def told(free: int) -> str:
            sizes = _(
                "il faut {reserve:.1f} Go, il y en a {free:.1f} de libres",
                reserve=(self.needed + RESERVE) / 1e9,
                free=free / 1e9,
            )
            return _("{root} : {sizes} ; faites de la place", root=root, sizes=sizes)

        disk.require_room(root, self.needed, told, RESERVE)

    def gone(self) -> list[str]:
        """Name the episodes that listeners may hear here alone."""
        entries = self.comparison.entries.values()
        listed = {entry.key for entry in entries if entry.kind == "sidecar"}
        keys = (each.key for each in holdings.episodes(self.comparison.archive))
        return [key for key in keys if key not in listed and hidden(key) not in self.reasons]


def compare(
    archive: Archive, offer: Offer, known: Origin, *, accept: bool = False
) -> CopyDifference:
    """Compare an archive with what its original offers, and say what is to be done.

    What was forgotten there goes here too; but much at once only where somebody says to `accept`
    that: an original that is broken, or in other hands, does not empty its copies.
    """
    entries = {entry.path: entry for entry in offer.entries}
    reasons = {each.withdrawn: each.reason for each in offer.withdrawals}
    offered = _add_offered(archive, entries, known.offered)
    comparison = Comparison(archive, entries, known.offered, offered)
    missing, faults = _missing(comparison, offer, reasons)
    names, episodes = (
        {each.withdrawn for each in offer.withdrawals if each.forgotten},
        archive.episodes(),
    )
    forgotten = {each.key for each in episodes if hidden(each.key) in names}
    if not accept and is_too_many(len(forgotten), len(episodes)):
        faults.append(
            ArchiveError(
                _(
                    "{root} : {number} épisodes y furent oubliés d’un coup ; personne ne les "
                    "entend plus ici, et `radio mirror` avec --yes les efface",
                    root=archive.root,
                    number=len(forgotten),
                )
            )
        )
        forgotten = set()
    withdrawn = [
        Unit(each.key, (), reason)
        for each in episodes
        if each.key not in forgotten
        if (reason := reasons.get(hidden(each.key))) is not None
        if (each.status, each.reason, each.protection.until) != ("withdrawn", reason, None)
    ]
    fetched = [entry for unit in missing for entry in unit.entries]
    return CopyDifference(
        comparison=comparison,
        origin=replace(known, address=offer.address, offered=offered),
        units=(
            *(Unit(key, (), "", is_forgotten=True) for key in sorted(forgotten)),
            *withdrawn,
            *missing,
        ),
        faults=(*offer.faults, *faults),
        needed=sum(each.size - stamp(comparison.part(each))[1] for each in fetched),
        reasons=reasons,
    )


def _add_offered(archive: Archive, entries: Mapping[str, ListedFile], before: Offered) -> Offered:
    """Add to what was offered what is now, before any of it is taken.

    What was corrected here is left out until the other version lies beside it.
    """
    offered = dict(before)
    for path, entry in entries.items():
        known = offered.get(path, ())
        if entry.kind != "audio" and entry.sha256 not in known:
            local = hash_here(archive.root / path)
            if local in (None, entry.sha256, *known):
                offered[path] = (*known, entry.sha256)
    return offered


def _missing(
    comparison: Comparison, offer: Offer, reasons: Mapping[str, str]
) -> tuple[list[Unit], list[RadioError]]:
    """Give what is not here yet, shows first, and what can't be taken of it."""
    units, faults = list[Unit](), list[RadioError]()
    allowed = (entry for entry in offer.entries if hidden(entry.key) not in reasons)
    for (_rest, key), group in groupby(sorted(allowed, key=_unit_key), _unit_key):
        try:
            entries = tuple(entry for entry in group if comparison.way(entry) != "keep")
        except RadioError as error:
            faults.append(error)
        else:
            units += [Unit(key, entries)] if entries else []
    return units, faults


def _unit_key(entry: ListedFile) -> tuple[bool, str]:
    return (False, entry.show) if entry.kind == "show" else (True, entry.key)


def hash_here(path: Path) -> str | None:
    """Hash a file; None where there is none.

    What can't be read is as no original ever had it, so it stays.
    """
    if not os.path.lexists(path):
        return None
    try:
        return hash_file(path)
    except ArchiveError as error:
        log.warning("%s", error)
        return ""
