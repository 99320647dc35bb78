"""What each engine hears in the sample shows."""

import tempfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from bench.errors import Said
from bench.shows import SampleShow, shows
from radio.archive import Archive
from radio.episode import Show
from radio.ingest.files import ingest
from radio.transcribe import engines
from radio.transcribe.engines.interface import Engine
from radio.transcribe.hallucinations import drop_hallucinations
from radio.transcribe.pool import local_pool
from radio.transcribe.transcription import transcribe
from radio.transcript import Evidence

ENGINES = {"openai-whisper": "openai", "faster-whisper": "faster"}
"""The engines as tables name them, and as the command does."""


def hear(engine: Engine, samples: Iterable[SampleShow]) -> Iterator[tuple[SampleShow, Evidence]]:
    """Transcribe sample shows with a loaded engine, files and all, without a glossary."""
    with tempfile.TemporaryDirectory() as folder, local_pool(engine) as pool:
        archive = Archive(Path(folder))
        archive.create()
        archive.write_show(Show("mesure", "Mesure"))
        for sample in samples:
            episode = ingest(archive, sample.sound, "mesure")
            transcribe(archive, episode, pool)
            evidence = archive.evidence(episode.key)
            if evidence:
                yield sample, evidence


@lru_cache
def heard(engine: str) -> tuple[tuple[SampleShow, Evidence], ...]:
    """Transcribe every sample show with an engine, model `base`, once in a run of the bench."""
    return tuple(hear(engines.load(engine, "base"), shows()))


def said_words(evidence: Evidence) -> list[Said]:
    """List the words that a reader gets of what was heard."""
    words = (word for segment in evidence.segments for word in drop_hallucinations(segment))
    return [(word.text, (word.start + word.end) / 2) for word in words]
