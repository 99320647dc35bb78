"""What each engine hears in the sample shows, ours and faster-whisper's own pipeline."""

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np

from bench.errors import Said
from bench.shows import SampleShow, shows
from radio.archive import Archive, hearings
from radio.archive.episode import Show
from radio.archive.hearings import Hearing
from radio.ingest.files import ingest
from radio.sound import Samples, decode
from radio.text.transcript import Cue, Evidence
from radio.transcribe import engines
from radio.transcribe.corrections import audible_words
from radio.transcribe.engines.interface import Engine, LoadedEngine
from radio.transcribe.models import weights
from radio.transcribe.pool import local_pool
from radio.transcribe.rehearing import hear_again
from radio.transcribe.transcription import transcribe

ENGINES = {"openai-whisper": "openai", "faster-whisper": "faster"}
"""The engines as tables name them, and as the command does."""

THREADS = os.cpu_count() or 1


def samples_of(show: SampleShow) -> Samples:
    """Decode a show as a whole."""
    return np.concatenate(list(decode(show.sound)))


def hear(engine: Engine, samples: Iterable[SampleShow]) -> Iterator[tuple[SampleShow, Evidence]]:
    """Transcribe sample shows with a loaded engine, files and all, without a glossary."""
    for _archive, _key, sample, evidence in _transcribed(engine, samples):
        yield sample, evidence


def hear_and_draw(
    engine: LoadedEngine, samples: Iterable[SampleShow], draws: int
) -> Iterator[tuple[SampleShow, Evidence, list[tuple[Hearing, ...]]]]:
    """Transcribe sample shows, and hear each again so many times."""
    for archive, key, sample, evidence in _transcribed(engine, samples):
        yield sample, evidence, [_draw(archive, key, engine) for _ in range(draws)]


def _draw(archive: Archive, key: str, engine: LoadedEngine) -> tuple[Hearing, ...]:
    hearings.path_of(archive, key).unlink(missing_ok=True)
    hear_again(archive, key, engine)
    return hearings.read(archive, key)


def _transcribed(
    engine: Engine, samples: Iterable[SampleShow]
) -> Iterator[tuple[Archive, str, SampleShow, Evidence]]:
    with tempfile.TemporaryDirectory() as folder, local_pool(engine) as pool:
        archive = Archive(Path(folder))
        archive.create()
        archive.write_show(Show("mesure", "Mesure"))
        for sample in samples:
            episode = ingest(archive, sample.sound, "mesure")
            transcribe(archive, episode, pool)
            evidence = archive.evidence(episode.key)
            if evidence:
                yield archive, episode.key, sample, evidence


@lru_cache
def heard(engine: str) -> tuple[tuple[SampleShow, Evidence], ...]:
    """Transcribe every sample show with an engine, model `base`, once in a process."""
    return tuple(hear(engines.load(engine, "base"), shows()))


def said_words(evidence: Evidence) -> list[Said]:
    """List the words that a reader gets of what was heard."""
    words = (word for segment in evidence.segments for word in audible_words(segment))
    return [(word.text, (word.start + word.end) / 2) for word in words]


def peer() -> Callable[[SampleShow], list[Cue]]:
    """Load faster-whisper's own batched pipeline, which gives the segments of a show."""
    import faster_whisper

    path = str(weights.find("base", "ctranslate2").path)
    model = faster_whisper.WhisperModel(
        path, device="cpu", compute_type="int8", cpu_threads=THREADS
    )
    pipeline = faster_whisper.BatchedInferencePipeline(model)

    def segments(show: SampleShow) -> list[Cue]:
        found, _ = pipeline.transcribe(samples_of(show), language="fr", batch_size=8, beam_size=5)
        return [Cue(each.start, each.end, each.text) for each in found]

    return segments
