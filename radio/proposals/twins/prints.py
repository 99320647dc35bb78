"""The fingerprints of an archive: derived, made where they are missing, named by the recording."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from radio.archive import Archive, paths
from radio.archive.episode import Episode
from radio.sound.fingerprint import Fingerprint, listen
from radio.system.disk import read_bytes, write_whole
from radio.system.progress import Progress

KIND = np.dtype("<u2")
HOUR = 3600.0  # seconds: how long a file is taken to be


@dataclass(frozen=True)
class Prints:
    """The fingerprints of the recordings of an archive."""

    archive: Archive

    def missing(self) -> list[Episode]:
        """List the episodes without a fingerprint whose audio is there, the newest first."""
        return [
            each
            for each in self.archive.episodes()
            if not self._path(each).exists() and self.archive.holds(self.archive.audio_path(each))
        ]

    def make(self, episode: Episode, progress: Progress = lambda _: None) -> None:
        """Listen to an episode and keep its fingerprint.

        Raises AudioError if it can't be decoded, ArchiveError if the disk refuses.
        """
        audio = episode.audio
        self._listen(self.archive.audio_path(episode), audio.sha256, audio.duration, progress)

    def of(self, episode: Episode, progress: Progress = lambda _: None) -> Fingerprint:
        """Give the fingerprint of an episode, made first where it is missing; raises as `make`."""
        path = self._path(episode)
        if not path.exists():
            self.make(episode, progress)
        return _read(path)

    def of_file(self, path: Path, sha256: str) -> Fingerprint:
        """Give the fingerprint of a file that is not taken yet; raises as `make`."""
        kept = self.archive.root / paths.fingerprint(sha256)
        if not kept.exists():
            self._listen(path, sha256, HOUR)
        return _read(kept)

    def _listen(
        self, path: Path, sha256: str, duration: float, progress: Progress = lambda _: None
    ) -> None:
        heard = listen(path, duration, progress).astype(KIND).tobytes()
        write_whole(self.archive.root / paths.fingerprint(sha256), heard)

    def each(self) -> Iterator[tuple[Episode, Fingerprint]]:
        """Give the episodes that have a fingerprint, the oldest first."""
        for episode in reversed(self.archive.episodes()):
            if self._path(episode).exists():
                yield episode, self.of(episode)

    def _path(self, episode: Episode) -> Path:
        return self.archive.root / paths.fingerprint(episode.audio.sha256)


def _read(path: Path) -> Fingerprint:
    content = read_bytes(path)
    whole = content[: len(content) // KIND.itemsize * KIND.itemsize]
    return np.frombuffer(whole, KIND).astype(np.uint16)
