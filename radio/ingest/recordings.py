"""What an archive holds already, by its content and by what its source calls it. None is taken
twice, and what a keeper deleted does not come back by itself."""

import contextlib
import functools
import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from radio.archive import Archive, imprint
from radio.archive.episode import Episode
from radio.archive.gone import Discard, discards, read_gone
from radio.french.letters import plain_letters
from radio.ingest.description import Arrival
from radio.ingest.folders import missing_text
from radio.ingest.run import IngestRun
from radio.system.disk import read_bytes, write_whole
from radio.system.errors import ArchiveError, DiscardedError, TwinError
from radio.system.messages import _
from radio.system.records import RecordFile

DELETED = "deleted"
SAVED_AFTER = 200  # files


class Recordings:
    """The keys of an archive's recordings by sha256 of bytes or sound; changed shows are reread."""

    def __init__(
        self,
        archive: Archive,
        named: Collection[Path] = (),
        *,
        anew: bool = False,
        run: IngestRun | None = None,
    ):
        """Take the files that a keeper named: they come back, though they were deleted. With
        `anew`, all that was deleted does, but not what was merged or forgotten. `run` notes what
        comes in."""
        self.run = run
        self._archive, self._named, self._anew = archive, frozenset(named), anew
        self._shows: dict[str, tuple[int, dict[str, str]]] = {}
        self._seen_at = archive.cache / "ingested.json"
        self._seen: dict[str, tuple[str, str]] = {}  # stamp and content of files, by their path
        self._unsaved = 0

    def key_of(self, sha256: str) -> str | None:
        """Name the episode whose file, or whose encoded sound, has that sha256, if there is one."""
        for show in self._archive.folders():
            changed = self._changed(show)
            if self._shows.get(show, (-1, {}))[0] != changed:
                pairs = self._archive.stamped_episodes(show)
                found = (pair for episode, _stamp in pairs for pair in _names(episode))
                self._shows[show] = changed, dict(found)
            if key := self._shows[show][1].get(sha256):
                return key
        return None

    @functools.cached_property
    def stations(self) -> frozenset[str]:
        """Give the names of the site, its shows and stations, in plain letters: they are nobody."""
        archive = self._archive
        named = (name for each in archive.shows() for name in (each.title, each.station))
        return frozenset(map(plain_letters, (imprint.about(archive.root).name, *named)))

    def is_former(self, key: str) -> bool:
        """Whether an episode had that key, so that it leads there."""
        return self.key_of(f"once {key}") is not None

    def note(self, episode: Episode) -> None:
        """Add an episode that was just written, under the archive's lock."""
        _old, keys = self._shows.get(episode.show, (-1, {}))
        keys.update(_names(episode))
        self._shows[episode.show] = self._changed(episode.show), keys

    @contextlib.contextmanager
    def unchanged(self, show: str) -> Iterator[None]:
        """Change no recording of a show here, so that it is not read again."""
        self.key_of("")
        before = self._changed(show)
        yield
        state, keys = self._shows.get(show, (-1, {}))
        if state == before:
            self._shows[show] = self._changed(show), keys

    def remember(self, path: Path, sha256: str) -> None:
        """Remember what a file is, so that it is not read again until it changes."""
        self._seen[str(path.absolute())] = state_of(path), sha256
        self._unsaved += 1
        if self._unsaved >= SAVED_AFTER:
            self.save()

    def save(self) -> None:
        """Save what is remembered for the next run, as far as the disk takes it."""
        with contextlib.suppress(ArchiveError):
            write_whole(self._seen_at, json.dumps(self._read() | self._seen).encode())
        self._unsaved = 0

    def _read(self) -> dict[str, tuple[str, str]]:
        """Read what an earlier run saw; derived, so empty where it can't be read."""
        with contextlib.suppress(ArchiveError, ValueError, TypeError, AttributeError):
            seen = json.loads(read_bytes(self._seen_at))
            return {str(path): (str(stamp), str(known)) for path, (stamp, known) in seen.items()}
        return {}

    def refuse_seen(self, path: Path) -> None:
        """Refuse a file that is as an earlier run saw it, and is here. Raises TwinError."""
        self._seen = self._seen or self._read()
        stamp, sha256 = self._seen.get(str(path.absolute()), ("", ""))
        if stamp and stamp == state_of(path):
            self.refuse(path, sha256)

    def refuse(self, path: Path, sha256: str, packets: str = "") -> None:
        """Refuse a file whose audio is here, be it with other tags; `packets` is the sha256 of its
        sound. Raises TwinError."""
        of_sound = self.key_of(packets)  # first, for the very file may come in meanwhile
        key = self.key_of(sha256)
        if key is None:
            self.refuse_discarded(path, sha256)
            if of_sound is None:
                self.refuse_discarded(path, packets)
                return
            self.remember(path, packets)
            message = _("{path} : le même son que {key}, étiqueté autrement ; rien à faire")
            raise TwinError(message, path=path, key=of_sound)
        self.remember(path, sha256)
        text = missing_text(self._archive, path, key)
        message = (
            _("{path} : le même son que {key} ; `radio text align {key} {text}` y cale son texte")
            if text
            else _("{path} : le même enregistrement que {key} ; rien à faire")
        )
        raise TwinError(_(message, path=path, key=key, text=text))

    def refuse_discarded(self, path: Path, sha256: str) -> None:
        """Refuse what a keeper deleted, unless a keeper names it. Raises DiscardedError."""
        found = discards(self._archive.root).get(sha256)
        if found is None or path in self._named:
            return
        if self.admits(found):
            return
        self.remember(path, sha256)
        message = (
            _(
                "{path} : fusionné avec {key} ici le {date} ; `radio ingest` du fichier lui-même "
                "l’ajoute"
            )
            if found.merged_into
            else _(
                "{path} : supprimé ici le {date} ({key}) ; `radio ingest` du fichier lui-même "
                "l’ajoute"
            )
        )
        key = found.merged_into or found.key
        raise DiscardedError(_(message, path=path, key=key, date=found.date))

    def admits(self, gone: Discard) -> bool:
        """Whether what was taken away may come back; a source that is followed brings nothing."""
        if gone.undone:
            return self._anew or not (self.run and self.run.origin == "source")
        return self._anew and bool(gone.key) and not gone.merged_into

    def _changed(self, show: str) -> int:
        return os.stat(self._archive.media / show).st_mtime_ns  # noqa: PTH116


def _names(episode: Episode) -> Iterator[tuple[str, str]]:
    audio = episode.audio
    for sha256 in filter(None, (audio.sha256, audio.packets, *audio.formerly)):
        yield sha256, episode.key
    for key in episode.formerly:
        yield f"once {key}", episode.key


def state_of(path: Path) -> str:
    """Name the state of a file: its size, and when it was written."""
    status = os.stat(path)  # noqa: PTH116
    return f"{status.st_size} {status.st_mtime_ns}"


@dataclass(frozen=True)
class _Twins:
    """Recordings that were fetched and were here already, in `cache/twins-met.json`."""

    keys: Mapping[str, str] = field(default_factory=dict)  # DELETED or nothing, by the names there


TWINS = RecordFile("cache/twins-met.json", _Twins, version=None)


class Known:
    """The `recordings` of an archive with all their names, and those that were deleted here. No
    source brings the latter back, unless a keeper wants them `anew`, and they were not merged.
    Raises ArchiveError if `gone.json` can't be read."""

    def __init__(self, archive: Archive, *, anew: bool = False, run: IngestRun | None = None):
        self._root, self.recordings = archive.root, Recordings(archive, anew=anew, run=run)
        self._met = dict(TWINS.recall(archive.root).keys)
        deleted = {name for name, fate in self._met.items() if fate == DELETED}
        self._discarded = set() if anew else deleted
        self._keys = dict.fromkeys(self._met.keys() - (deleted - self._discarded), "")
        for sha256, gone in read_gone(archive.root).recordings.items():
            if not self.recordings.admits(gone):
                names = list(_names_there(gone.url, gone.guid, gone.page, sha256))
                self._keys |= dict.fromkeys(names, "")
                self._discarded.update(names)
        for each in archive.episodes():
            own, sha256 = each.source, each.audio.sha256
            self._keys |= dict.fromkeys(_names_there(own.url, own.guid, own.page, sha256), each.key)

    def key(self, arrival: Arrival) -> str | None:
        """Give the key of the episode that a recording is; empty where deleted, None where new."""
        return next((self._keys[name] for name in _of(arrival) if name in self._keys), None)

    def is_discarded(self, arrival: Arrival) -> bool:
        """Whether a recording was deleted here, and nothing of its names is here now."""
        return not self.key(arrival) and not self._discarded.isdisjoint(_of(arrival))

    def add(self, arrival: Arrival, key: str) -> None:
        """Note a recording that was just taken."""
        self._keys |= dict.fromkeys(_of(arrival), key)

    def add_twin(self, arrival: Arrival, why: TwinError) -> None:
        """Note for ever a recording that is or was here under other names. Raises ArchiveError."""
        self.add(arrival, "")
        is_discarded = isinstance(why, DiscardedError)
        self._met |= dict.fromkeys(_of(arrival), DELETED if is_discarded else "")
        self._discarded.update(_of(arrival) if is_discarded else ())
        TWINS.write(self._root, _Twins(self._met))


def _of(arrival: Arrival) -> Iterator[str]:
    return _names_there(arrival.place, arrival.said.guid, arrival.said.page, arrival.sha256)


def _names_there(address: str, guid: str, page: str, sha256: str) -> Iterator[str]:
    """Give the names of a recording; a guid is one within its site alone."""
    if guid:
        host = ""
        with contextlib.suppress(ValueError):
            host = urlsplit(page or address).hostname or ""
        yield f"as {guid} at {host}"
    if address:
        yield f"at {address}"
    if sha256:
        yield f"is {sha256}"
