"""The recordings that an archive holds, by what they contain: none is taken twice."""

import contextlib
import json
import os
from collections.abc import Collection, Iterator
from pathlib import Path

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.archive.gone import discards
from radio.ingest.neighbours import unkept
from radio.system.disk import read_bytes, write_whole
from radio.system.errors import ArchiveError, DiscardedError, TwinError
from radio.system.messages import _

SAVED_AFTER = 200  # files


class Recordings:
    """The keys of an archive's recordings by their bytes and their sound, as sha256.

    A show is read again where it changed.
    One that is kept through a long run reads no sidecar twice.
    """

    def __init__(self, archive: Archive, named: Collection[Path] = (), *, anew: bool = False):
        """Take the files that a keeper named: they come back, though they were deleted.

        With `anew`, whatever was deleted does; what was merged is here in its twin, and what was
        forgotten shall not come back.
        """
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
        """Change nothing that counts in the folder of a show, under the archive's lock.

        Else a file that is put there would have all of it read again.
        """
        self.key_of("")
        before = self._changed(show)
        yield
        state, keys = self._shows.get(show, (-1, {}))
        if state == before:
            self._shows[show] = self._changed(show), keys

    def remember(self, path: Path, sha256: str) -> None:
        """Remember what a file is, so that it is not read again as long as it stays as it is."""
        self._seen[str(path.absolute())] = _stamp(path), sha256
        self._unsaved += 1
        if self._unsaved >= SAVED_AFTER:
            self.save()

    def save(self) -> None:
        """Keep what is remembered for the next run, as far as the disk takes it."""
        with contextlib.suppress(ArchiveError):
            seen = {path: list(known) for path, known in self._read().items()}
            seen |= {path: list(known) for path, known in self._seen.items()}
            write_whole(self._seen_at, json.dumps(seen).encode())
        self._unsaved = 0

    def refuse_seen(self, path: Path) -> None:
        """Refuse a file that is as an earlier run saw it, and is here. Raises TwinError."""
        if not self._seen:
            self._seen = self._read()
        stamp, sha256 = self._seen.get(str(path.absolute()), ("", ""))
        if stamp and stamp == _stamp(path):
            self.refuse(path, sha256)

    def _read(self) -> dict[str, tuple[str, str]]:
        """Read what an earlier run saw; it is derived, so nothing where it can't be read."""
        try:
            seen = json.loads(read_bytes(self._seen_at))
            return {str(path): (str(stamp), str(known)) for path, (stamp, known) in seen.items()}
        except (ArchiveError, ValueError, TypeError, AttributeError):
            return {}

    def refuse(self, path: Path, sha256: str) -> None:
        """Refuse a file whose audio is here. Raises TwinError, which says what may be done."""
        key = self.key_of(sha256)
        if key is None:
            self.refuse_discarded(path, sha256)
            return
        self.remember(path, sha256)
        if text := unkept(self._archive, path, key):
            told = _(
                "{path}: the same audio as {key}; `radio text align {key} {text}` lays its text"
            )
            raise TwinError(told.format(path=path, key=key, text=text))
        raise TwinError(
            _("{path}: the same audio as {key}; nothing to do").format(path=path, key=key)
        )

    def refuse_retagged(self, path: Path, packets: str, sha256: str) -> None:
        """Refuse a file whose sound is here, with other tags or as it is. Raises TwinError."""
        key = self.key_of(packets)
        if key is None:
            self.refuse_discarded(path, packets)
            return
        self.refuse(path, sha256)  # the very file may have come in meanwhile
        self.remember(path, packets)
        told = _("{path}: the same sound as {key}, with other tags; nothing to do")
        raise TwinError(told.format(path=path, key=key))

    def refuse_discarded(self, path: Path, sha256: str) -> None:
        """Refuse what a keeper took away, unless a keeper names it. Raises DiscardedError."""
        found = discards(self._archive.root).get(sha256)
        is_deleted = found is not None and found.key and not found.merged_into
        is_wanted = path in self._named or (self._anew and is_deleted)
        if found is None or is_wanted:
            return
        self.remember(path, sha256)
        told = (
            _("{path}: merged into {key} here on {date}; `radio ingest` of this file takes it")
            if found.merged_into
            else _("{path}: deleted here on {date} ({key}); `radio ingest` of this file takes it")
        )
        key = found.merged_into or found.key
        raise DiscardedError(told.format(path=path, key=key, date=found.date))

    def _changed(self, show: str) -> int:
        return os.stat(self._archive.media / show).st_mtime_ns  # noqa: PTH116


def _names(episode: Episode) -> Iterator[tuple[str, str]]:
    audio = episode.audio
    for sha256 in filter(None, (audio.sha256, audio.packets, *audio.formerly)):
        yield sha256, episode.key
    for key in episode.formerly:
        yield f"once {key}", episode.key


def _stamp(path: Path) -> str:
    status = os.stat(path)  # noqa: PTH116
    return f"{status.st_size} {status.st_mtime_ns}"
