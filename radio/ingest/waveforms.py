"""Waveforms that are missing: drawn at ingest, they may be deleted or left out of a copy."""

from collections.abc import Sequence

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.derived.recipe import Making, Recipe, keys_of
from radio.sound import probe
from radio.system.progress import Progress


def undrawn(archive: Archive) -> list[Episode]:
    """List the episodes without a waveform whose audio is there, the newest first."""
    return [
        episode
        for episode in archive.episodes()
        if archive.waveform(episode) is None and archive.holds(archive.audio_path(episode))
    ]


def draw(archive: Archive, episode: Episode, progress: Progress = lambda _: None) -> None:
    """Listen to an episode from end to end and keep its waveform.

    Raises AudioError if its audio can't be decoded.
    """
    archive.write_waveform(episode, probe(archive.audio_path(episode), progress).waveform)


def _make(archive: Archive, keys: Sequence[str], making: Making) -> None:
    making.each(keys, lambda key: draw(archive, archive.episode(key), making.progress))


WAVEFORMS = Recipe("waveforms", keys_of(undrawn), _make)
