"""What each engine hears in the sample shows, transcribed once in a run of the bench."""

import tempfile
from functools import lru_cache
from pathlib import Path

from bench.shows import SampleShow, shows
from radio.archive import Archive
from radio.episode import Show
from radio.ingest.files import ingest
from radio.transcribe import engines
from radio.transcribe.pool import local_pool
from radio.transcribe.transcription import transcribe
from radio.transcript import Evidence

ENGINES = {"openai-whisper": "openai", "faster-whisper": "faster"}
"""The engines as tables name them, and as the command does."""


@lru_cache
def heard(engine: str) -> tuple[tuple[SampleShow, Evidence], ...]:
    """Transcribe every sample show with an engine, model `base`, and give what it heard."""
    found = []
    with tempfile.TemporaryDirectory() as folder, local_pool(engines.load(engine, "base")) as pool:
        archive = Archive(Path(folder))
        archive.create()
        archive.write_show(Show("mesure", "Mesure"))
        for show in shows():
            episode = ingest(archive, show.sound, "mesure")
            transcribe(archive, episode, pool)
            evidence = archive.evidence(episode.key)
            if evidence:
                found.append((show, evidence))
    return tuple(found)
