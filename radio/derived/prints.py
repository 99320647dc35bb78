"""The fingerprints of recordings: derived, and named by the sha256 of each."""

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
        every = self.archive.episodes()
        bare = (each for each in every if not self._path(each.audio.sha256).exists())
        return [each for each in bare if self.archive.holds(self.archive.audio_path(each))]

    def of(self, episode: Episode, progress: Progress = lambda _: None) -> Fingerprint:
        """Give the fingerprint of an episode, made first if missing. Raises AudioError."""
        audio, path = episode.audio, self.archive.audio_path(episode)
        return self.of_file(path, audio.sha256, audio.duration, progress)

    def of_file(
        self, path: Path, sha256: str, duration: float = HOUR, progress: Progress = lambda _: None
    ) -> Fingerprint:
        """Give the fingerprint of a file of some seconds, which may be no episode yet; as `of`."""
        place = self._path(sha256)
        if not place.exists():
            write_whole(place, listen(path, duration, progress).astype(KIND).tobytes())
        content = read_bytes(place)
        whole = content[: len(content) // KIND.itemsize * KIND.itemsize]
        return np.frombuffer(whole, KIND).astype(np.uint16)

    def made(self) -> dict[str, Fingerprint]:
        """Give the fingerprints that episodes have, by their sha256, the oldest first."""
        episodes = reversed(self.archive.episodes())
        known = (each for each in episodes if self._path(each.audio.sha256).exists())
        return {each.audio.sha256: self.of(each) for each in known}

    def _path(self, sha256: str) -> Path:
        return self.archive.root / paths.fingerprint(sha256)
