"""What of a source was taken before: by what it is called there, by its address, by its hash."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from radio.archive import Archive
from radio.archive.episode import Source
from radio.archive.gone import Discard, read_gone
from radio.ingest.description import Arrival
from radio.system import records
from radio.system.disk import read_bytes, write_whole
from radio.system.errors import ArchiveError, DiscardedError, TwinError

DELETED = "deleted"


@dataclass(frozen=True)
class _Twins:
    """Recordings that were fetched and were here already, in `cache/twins-met.json`."""

    keys: Mapping[str, str] = field(default_factory=dict)  # DELETED or nothing, by the names there


class Known:
    """The names of all recordings that the archive has, and of those that were deleted here.

    A keeper deleted the latter on purpose, so no source brings them back, unless a keeper wants
    them `anew`; what was merged is here in its twin. Raises ArchiveError if `gone.json` can't
    be read.
    """

    def __init__(self, archive: Archive, *, anew: bool = False):
        self._path = archive.cache / "twins-met.json"
        self._twins = _read(self._path)
        met = {name for name, fate in self._twins.items() if fate == DELETED}
        self._discarded = set() if anew else met
        self._keys = dict.fromkeys(self._twins.keys() - (met - self._discarded), "")
        for sha256, each in read_gone(archive.root).recordings.items():
            if each.merged_into or not anew:
                self._discarded.update(self._note(each, sha256, ""))
        for episode in archive.episodes():
            self._note(episode.source, episode.audio.sha256, episode.key)

    def _note(self, source: Source | Discard, sha256: str, key: str) -> list[str]:
        names = list(_names(source.url, source.guid, source.page or source.url, sha256))
        self._keys |= dict.fromkeys(names, key)
        return names

    def key(self, arrival: Arrival) -> str | None:
        """Give the key of the episode that a recording is; empty where it was deleted.

        None where it is new.
        """
        return next((self._keys[name] for name in _of(arrival) if name in self._keys), None)

    def is_discarded(self, arrival: Arrival) -> bool:
        """Whether a recording was deleted here, and nothing of its names is here now."""
        return not self.key(arrival) and any(name in self._discarded for name in _of(arrival))

    def add(self, arrival: Arrival, key: str) -> None:
        """Note a recording that was just taken."""
        self._keys |= dict.fromkeys(_of(arrival), key)

    def add_twin(self, arrival: Arrival, why: TwinError) -> None:
        """Note for ever a recording that was fetched, and is or was here under other names.

        Raises ArchiveError if the disk refuses.
        """
        self.add(arrival, "")
        is_discarded = isinstance(why, DiscardedError)
        self._twins |= dict.fromkeys(_of(arrival), DELETED if is_discarded else "")
        if is_discarded:
            self._discarded.update(_of(arrival))
        write_whole(self._path, records.render(_Twins(self._twins)))


def _of(arrival: Arrival) -> Iterator[str]:
    said = arrival.said
    return _names(arrival.place, said.guid, said.page or arrival.place, arrival.sha256)


def _names(address: str, guid: str, page: str, sha256: str) -> Iterator[str]:
    """Give the names of a recording; a guid is one within its site alone."""
    if guid:
        yield f"as {guid} at {host_of(page)}"
    if address:
        yield f"at {address}"
    if sha256:
        yield f"is {sha256}"


def host_of(address: str) -> str:
    """Tell the host of an address; nothing where it has none.

    >>> host_of("https://Radio.example:8000/x"), host_of("http://[")
    ('radio.example', '')
    """
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _read(path: Path) -> dict[str, str]:
    try:
        return dict(records.read(_Twins, read_bytes(path), path).keys)
    except ArchiveError:
        return {}
