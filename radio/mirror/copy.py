"""The archive of another instance, copied here: whole, verified, and without deleting anything.

What comes from there is kept in `cache/mirror/`, named by its sha256, until it is whole and proved;
only then it gets its name, the sidecar of an episode last. A file that a person corrected here is
never replaced: the other version is put beside it, in `mirror/`.
"""

import contextlib
import dataclasses
import datetime as dt
import hashlib
import logging
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal

from radio import holdings, losses
from radio.archive import Archive
from radio.checksums import hash_file
from radio.disk import explained, keep, require_room, stamp, write_whole
from radio.episode import render_episode
from radio.errors import ArchiveError, NoAnswerError, RadioError
from radio.messages import _
from radio.mirror.client import Offer, Original, read_address
from radio.mirror.manifest import Entry, hidden
from radio.mirror.origin import Origin, read_origin, write_origin
from radio.mirror.verify import prove
from radio.progress import Progress

log = logging.getLogger(__name__)

RESERVE = 1 << 30  # bytes of the disk that stay free
SILENCES = 3  # units in a row that the original does not answer for, until it counts as gone
LAST = ("audio", "picture", "show", "evidence", "transcript", "translation", "sidecar")
"""The order in which the files of an episode get their names."""

Way = Literal["keep", "take", "beside"]
"""What becomes of a file: ours stays; theirs is taken, or put beside ours."""


@dataclass(frozen=True)
class Unit:
    """What belongs together: the files of a show, or of an episode."""

    key: str
    entries: tuple[Entry, ...]
    reason: str | None = None  # of its withdrawal


@contextlib.contextmanager
def open_copy(archive: Archive, url: str, *, accept: bool = False) -> Iterator["Copy"]:
    """Ask another instance what there is to copy into an archive, which is made if there is none.

    Raises LossError if too much of the copy vanished, unless somebody says to `accept` that, for
    then it is fetched anew; ArchiveError if the archive is not a copy of that instance, if the
    answer is none, or if the disk has not enough room; NoAnswerError if there is no answer.
    """
    url = read_address(url)
    _known(archive, url)
    if not accept:
        losses.refuse(archive.root, losses.inventory(archive.root))
    original = Original(url)
    try:
        offer = _asked(original)
        archive.create()
        with archive.lock("mirror", wait=False):
            yield Copy(archive, original, offer, _known(archive, url))
    finally:
        original.close()


def _known(archive: Archive, url: str) -> Origin:
    """Read what is known of the original; an archive of one's own is never made a copy."""
    known = read_origin(archive.root)
    if known is None and next(archive.media.glob("*/*"), None):
        raise ArchiveError(
            _("{root}: an archive of its own; choose another --root").format(root=archive.root)
        )
    if known and known.url != url:
        raise ArchiveError(
            _("{root}: a copy of {url}; choose another --root").format(
                root=archive.root, url=known.url
            )
        )
    return known or Origin(url, url)


def _asked(original: Original) -> Offer:
    try:
        return original.read_offer()
    except NoAnswerError as error:
        raise NoAnswerError(
            _("{url}: no answer ({error}); is it running?").format(url=original.url, error=error)
        ) from error


class Copy:
    """A copy under way: `units` are to be taken, `faults` are what can't be."""

    def __init__(self, archive: Archive, original: Original, offer: Offer, known: Origin):
        self._archive, self._original = archive, original
        self._entries = {entry.path: entry for entry in offer.entries}
        self._before = known.offered
        self._parts = archive.cache / "mirror"
        self._reasons = {each.withdrawn: each.reason for each in offer.withdrawals}
        self._silent = 0
        self.faults: list[RadioError] = list(offer.faults)
        self._origin = dataclasses.replace(known, address=offer.address, offered=self._offered())
        self.units = [*self._withdrawn(), *self._wanted(offer.entries)]
        self._require_room()
        write_origin(archive.root, self._origin)

    def take(self, unit: Unit, progress: Progress) -> list[str]:
        """Fetch, verify and place what is missing of a unit; tell what a person should know.

        Raises a RadioError if something of it can't be taken: nothing of it is, then.
        NoAnswerError means that the others can't either.
        """
        if unit.reason is not None:
            return [self._withdraw(unit.key, unit.reason)]
        try:
            self._fetch(unit, progress)
            self._silent = 0
        except NoAnswerError as error:
            self._silent += 1
            kind = NoAnswerError if self._silent == SILENCES else ArchiveError
            raise kind(
                _("{key}: {error}; run again, it goes on from there").format(
                    key=unit.key, error=error
                )
            ) from error
        with self._archive.lock():
            entries = sorted(unit.entries, key=lambda entry: LAST.index(entry.kind or "show"))
            remarks = [remark for entry in entries for remark in self._place(entry)]
        for part in {self._part(entry) for entry in unit.entries}:
            part.unlink(missing_ok=True)
        return remarks

    def gone(self) -> list[str]:
        """Name the episodes that listeners may hear here alone."""
        listed = {entry.key for entry in self._entries.values() if entry.kind == "sidecar"}
        keys = (each.key for each in holdings.episodes(self._archive))
        return [key for key in keys if key not in listed and hidden(key) not in self._reasons]

    def finish(self) -> None:
        """Note that the copy is whole."""
        today = dt.datetime.now(dt.UTC).date().isoformat()
        write_origin(self._archive.root, dataclasses.replace(self._origin, pulled=today))
        shutil.rmtree(self._parts, ignore_errors=True)

    # What is to be done

    def _offered(self) -> dict[str, tuple[str, ...]]:
        """Add to what was offered what is now, before any of it is taken.

        What was corrected here is left out until the other version lies beside it.
        """
        offered = dict(self._before)
        for path, entry in self._entries.items():
            known = offered.get(path, ())
            if entry.kind != "audio" and entry.sha256 not in known:
                local = _hash(self._archive.root / path)
                if local in (None, entry.sha256, *known):
                    offered[path] = (*known, entry.sha256)
        return offered

    def _withdrawn(self) -> Iterator[Unit]:
        for episode in self._archive.episodes():
            reason = self._reasons.get(hidden(episode.key))
            if reason is not None and (episode.status, episode.reason) != ("withdrawn", reason):
                yield Unit(episode.key, (), reason)

    def _wanted(self, entries: Iterable[Entry]) -> Iterator[Unit]:
        """Give what is not here yet, shows first."""
        allowed = (entry for entry in entries if hidden(entry.key) not in self._reasons)
        ordered = sorted(allowed, key=_unit_key)
        for (_rest, key), group in groupby(ordered, _unit_key):
            try:
                wanted = tuple(entry for entry in group if self._way(entry) != "keep")
                if wanted:
                    yield Unit(key, wanted)
            except RadioError as error:
                self.faults.append(error)

    def _require_room(self) -> None:
        entries = [entry for unit in self.units for entry in unit.entries]
        needed = sum(entry.size - stamp(self._part(entry))[1] for entry in entries)
        root, text = self._archive.root, _("{reserve:.1f} GB are needed, {free:.1f} GB are free")

        def told(free: int) -> str:
            sizes = text.format(reserve=(needed + RESERVE) / 1e9, free=free / 1e9)
            return _("{root}: {sizes}; make room").format(root=root, sizes=sizes)

        require_room(root, needed, told, RESERVE)

    def _way(self, entry: Entry) -> Way:
        if entry.kind == "audio":
            return self._way_of_audio(entry)
        local = _hash(self._archive.root / entry.path)
        if local == entry.sha256:
            return "keep"
        if not self._is_corrected(entry):
            return "take"
        beside = _hash(self._beside(entry)) == entry.sha256
        return "keep" if beside or entry.sha256 in self._before.get(entry.path, ()) else "beside"

    def _way_of_audio(self, entry: Entry) -> Way:
        """Tell whether a recording is missing; one that is there is read by `radio check`."""
        path = self._archive.root / entry.path
        if not os.path.lexists(path):
            return "take"
        if self._archive.sidecar_path(entry.key).exists():
            local = self._archive.episode(entry.key).audio.sha256
        else:
            local = _hash(path) or ""
        if local != entry.sha256:
            raise ArchiveError(
                _("{path}: another recording is there by now; ours is kept").format(path=path)
            )
        if stamp(path)[1] != entry.size:
            raise ArchiveError(
                _("{path}: damaged here; move it away, then run again").format(path=path)
            )
        return "keep"

    def _is_corrected(self, entry: Entry) -> bool:
        """Whether a file here is not as the original ever had it; evidence follows its text."""
        path = entry.path
        if entry.kind == "evidence":
            path = path.removesuffix(".json") + ".vtt"
        local = _hash(self._archive.root / path)
        there = self._entries.get(path)
        known = self._origin.offered.get(path, ())
        return local is not None and local not in (*known, there and there.sha256)

    # Doing it

    def _withdraw(self, key: str, reason: str) -> str:
        """Let nobody hear an episode that its makers withdrew; its files stay."""
        with self._archive.lock():
            path = self._archive.sidecar_path(key)
            relative = str(path.relative_to(self._archive.root))
            episode = self._archive.episode(key)
            withdrawn = dataclasses.replace(episode, status="withdrawn", reason=reason)
            content = render_episode(withdrawn)
            known = self._origin.offered.get(relative, ())
            if _hash(path) in known:  # so that it is heard again when it is there
                sha256 = hashlib.sha256(content).hexdigest()
                offered = {**self._origin.offered, relative: (*known, sha256)}
                self._origin = dataclasses.replace(self._origin, offered=offered)
                write_origin(self._archive.root, self._origin)
            write_whole(path, content)
        return _("{key}: withdrawn there, so it is no longer heard here; its files stay").format(
            key=key
        )

    def _fetch(self, unit: Unit, progress: Progress) -> None:
        """Fetch the files of a unit and prove them."""
        whole, done = sum(entry.size for entry in unit.entries) or 1, 0
        with explained(self._parts, _("check the free space and the rights of the folder")):
            self._parts.mkdir(parents=True, exist_ok=True)
        for entry in unit.entries:
            before = done

            def tell(share: float, entry: Entry = entry, before: int = before) -> None:
                progress((before + share * entry.size) / whole)

            self._original.fetch(entry, self._part(entry), tell)
            done += entry.size
        files = {entry: self._part(entry) for entry in unit.entries}
        prove(self._archive, unit.key, files, self._entries)

    def _place(self, entry: Entry) -> Iterator[str]:
        """Give a file its name, unless a person changed the one that has it."""
        way = self._way(entry)
        if way == "keep":
            return
        path = self._archive.root / entry.path if way == "take" else self._beside(entry)
        with explained(path, _("check the rights of the folder")):
            path.parent.mkdir(parents=True, exist_ok=True)
        keep(self._part(entry), path)
        if way == "beside":
            yield _("{path}: corrected here and changed there; theirs is {path2}").format(
                path=entry.path, path2=path
            )

    def _part(self, entry: Entry) -> Path:
        return self._parts / f"{entry.sha256}.{hidden(entry.path)[:16]}"

    def _beside(self, entry: Entry) -> Path:
        return self._archive.root / "mirror" / entry.path


def _unit_key(entry: Entry) -> tuple[bool, str]:
    """Put the files of shows before all else."""
    return (False, entry.show) if entry.kind == "show" else (True, entry.key)


def _hash(path: Path) -> str | None:
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
