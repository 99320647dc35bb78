"""The recordings that an archive holds, by what they contain: none is taken twice."""

import os
from collections.abc import Iterator
from pathlib import Path

from radio.archive import Archive
from radio.episode import Episode
from radio.errors import TwinError
from radio.ingest.neighbours import unkept
from radio.messages import _


class Recordings:
    """The keys of an archive's recordings by their bytes and their sound, as sha256.

    A show is read again where it changed.
    One that is kept through a long run reads no sidecar twice.
    """

    def __init__(self, archive: Archive):
        self._archive = archive
        self._shows: dict[str, tuple[int, dict[str, str]]] = {}

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

    def note(self, episode: Episode) -> None:
        """Add an episode that was just written, under the archive's lock."""
        _old, keys = self._shows.get(episode.show, (-1, {}))
        keys.update(_names(episode))
        self._shows[episode.show] = self._changed(episode.show), keys

    def refuse(self, path: Path, sha256: str) -> None:
        """Refuse a file whose audio is here. Raises TwinError, which says what may be done."""
        key = self.key_of(sha256)
        if key is None:
            return
        if text := unkept(self._archive, path, key):
            told = _("{path}: the same audio as {key}; `radio align {key} {text}` lays its text")
            raise TwinError(told.format(path=path, key=key, text=text))
        raise TwinError(
            _("{path}: the same audio as {key}; nothing to do").format(path=path, key=key)
        )

    def refuse_retagged(self, path: Path, packets: str) -> None:
        """Refuse a file whose sound is here with other tags. Raises TwinError."""
        if key := self.key_of(packets):
            raise TwinError(
                _("{path}: the same sound as {key}, with other tags; nothing to do").format(
                    path=path, key=key
                )
            )

    def _changed(self, show: str) -> int:
        return os.stat(self._archive.media / show).st_mtime_ns  # noqa: PTH116


def _names(episode: Episode) -> Iterator[tuple[str, str]]:
    for sha256 in filter(None, (episode.audio.sha256, episode.audio.packets)):
        yield sha256, episode.key
