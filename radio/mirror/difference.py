"""How a copy differs from its original, and what is to be done; nothing is done here."""

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Literal

from radio.archive import Archive, holdings
from radio.archive.episode import MIME
from radio.archive.gone import hidden
from radio.archive.losses import is_too_many
from radio.mirror.client import Offer
from radio.mirror.manifest import ListedFile
from radio.mirror.origin import Origin
from radio.system import disk
from radio.system.checksums import hash_file
from radio.system.disk import stamp
from radio.system.errors import ArchiveError, RadioError
from radio.system.messages import _

log = logging.getLogger(__name__)

RESERVE = 1 << 30  # bytes of the disk that stay free

# of a file: ours stays; theirs is taken, or put beside ours
Way = Literal["keep", "take", "beside"]


@dataclass(frozen=True)
class Unit:
    """What belongs together: the files of a show, or of an episode."""

    key: str
    entries: tuple[ListedFile, ...]
    reason: str | None = None  # of its withdrawal
    is_forgotten: bool = False  # there, so that nothing of it shall be left here


class CopyDifference:
    """A copy compared with its original. What was forgotten there goes here too; but much at once
    only with `accept`: an original that is broken, or in other hands, does not empty its copies."""

    def __init__(self, archive: Archive, offer: Offer, known: Origin, *, accept: bool):
        self.archive, self.entries, self._before = archive, offer.entries, known.offered
        # as noted before anything is taken
        self.origin = replace(known, address=offer.address, offered=self._offered())
        self._reasons = {each.withdrawn: each.reason for each in offer.withdrawals}
        self.faults: list[RadioError] = [*offer.faults]  # what can't be taken
        missing, episodes = list(self._missing()), archive.episodes()
        names = {each.withdrawn for each in offer.withdrawals if each.forgotten}
        forgotten = {each.key for each in episodes if hidden(each.key) in names}
        if not accept and is_too_many(len(forgotten), len(episodes)):
            message = _(
                "{root} : {number} épisodes y ont été oubliés d’un coup ; personne ne les entend "
                "plus ici, et `radio mirror` avec --yes les efface"
            )
            self.faults.append(ArchiveError(message, root=archive.root, number=len(forgotten)))
            forgotten = set()
        withdrawn = list[Unit]()
        for each in (each for each in episodes if each.key not in forgotten):
            reason, state = self._reasons.get(hidden(each.key)), (each.status, each.reason)
            is_new = (*state, each.protection.until) != ("withdrawn", reason, None)
            if reason is not None and is_new:
                withdrawn.append(Unit(each.key, (), reason))
        gone = (Unit(key, (), "", is_forgotten=True) for key in sorted(forgotten))
        self.units = (*gone, *withdrawn, *missing)  # in the order in which they are taken

    def _offered(self) -> dict[str, tuple[str, ...]]:
        """Add what is offered now; of a corrected file only once the other version is here."""
        offered = dict(self._before)
        for path, entry in self.entries.items():
            known = offered.get(path, ())
            if entry.kind == "audio" or entry.sha256 in known:
                continue
            if hash_here(self.archive.root / path) in (None, entry.sha256, *known):
                offered[path] = (*known, entry.sha256)
        return offered

    def _missing(self) -> Iterator[Unit]:
        """Give what is not here yet, shows first; what can't be taken is a fault."""

        def unit_of(entry: ListedFile) -> tuple[bool, str]:
            return (False, entry.show) if entry.kind == "show" else (True, entry.key)

        allowed = (each for each in self.entries.values() if hidden(each.key) not in self._reasons)
        for (_is_episode, key), group in groupby(sorted(allowed, key=unit_of), unit_of):
            try:
                if entries := tuple(each for each in group if self.way(each) != "keep"):
                    yield Unit(key, entries)
            except RadioError as error:
                self.faults.append(error)

    def require_room(self) -> None:
        """Raise ArchiveError unless the disk has room for what is fetched."""
        root, fetched = self.archive.root, [each for unit in self.units for each in unit.entries]
        needed = sum(each.size - stamp(self.part(each))[1] for each in fetched)

        def refusal(free: int) -> str:
            message = _("il faut {reserve:.1f} Go, il y en a {free:.1f} de libres")
            sizes = _(message, reserve=(needed + RESERVE) / 1e9, free=free / 1e9)
            return _("{root} : {sizes} ; faites de la place", root=root, sizes=sizes)

        disk.require_room(root, needed, refusal, RESERVE)

    def gone(self) -> list[str]:
        """Name the episodes that listeners may hear only here."""
        listed = {each.key for each in self.entries.values() if each.kind == "sidecar"}
        keys = (each.key for each in holdings.episodes(self.archive))
        return [key for key in keys if key not in listed and hidden(key) not in self._reasons]

    def way(self, entry: ListedFile) -> Way:
        """Decide about a file. Raises ArchiveError if ours is another recording, or damaged."""
        path = self.archive.root / entry.path
        if entry.kind != "audio":
            if hash_here(path) == entry.sha256:
                return "keep"
            if self.is_replaced(entry.key) or not self.is_corrected(entry):
                return "take"
            known = *self._before.get(entry.path, ()), hash_here(self.beside(entry))
            return "keep" if entry.sha256 in known else "beside"
        if not os.path.lexists(path) or (local := self._local_sound(entry)) in entry.formerly:
            return "take"
        if local != entry.sha256:
            message = _("{path} : l’enregistrement a changé là-bas ; le nôtre est gardé")
            raise ArchiveError(message, path=path)
        if stamp(path)[1] != entry.size:
            raise ArchiveError(_("{path} : abîmé ici ; déplacez-le, puis relancez"), path=path)
        return "keep"

    def is_replaced(self, key: str) -> bool:
        """Whether the original has another recording in place of the one that is here."""
        listed = (self.entries.get(f"media/{key}{suffix}") for suffix in MIME)
        entry = next((each for each in listed if each and each.formerly), None)
        return entry is not None and self._local_sound(entry) in entry.formerly

    def _local_sound(self, entry: ListedFile) -> str:
        if self.archive.sidecar_path(entry.key).exists():
            return self.archive.episode(entry.key).audio.sha256
        return hash_here(self.archive.root / entry.path) or ""

    def is_corrected(self, entry: ListedFile) -> bool:
        """Whether a file here is one that the original never had; evidence follows its text."""
        path = entry.path
        if entry.kind == "evidence":
            path = path.removesuffix(".json") + ".vtt"
        there = self.entries.get(path)
        known = (None, *self.origin.offered.get(path, ()), there and there.sha256)
        return hash_here(self.archive.root / path) not in known

    def part(self, entry: ListedFile) -> Path:
        """Give the path of what was fetched, until it is whole and checked."""
        return self.archive.cache / "mirror" / f"{entry.sha256}.{hidden(entry.path)[:16]}"

    def beside(self, entry: ListedFile) -> Path:
        """Give the path of the original's version of what was corrected here."""
        return self.archive.root / "mirror" / entry.path


def hash_here(path: Path) -> str | None:
    """Hash a file; None if there is none, "" if it can't be read, so that it stays."""
    if not os.path.lexists(path):
        return None
    try:
        return hash_file(path)
    except ArchiveError as error:
        log.warning("%s", error)
        return ""
