"""How fast and how well each engine transcribes the measured show, each in a process of its own."""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from subprocess import PIPE, Popen

import jiwer
import numpy as np

from bench.shows import plain, shows
from radio.archive import Archive
from radio.audio import decode
from radio.episode import Show
from radio.ingest.files import ingest
from radio.transcribe import engines
from radio.transcribe.hallucinations import drop_hallucinations
from radio.transcribe.models import weights
from radio.transcribe.pool import local_pool
from radio.transcribe.transcription import transcribe

(SHOW,) = shows("bench")
MARGIN = 0.5  # seconds by which a word may miss the speech of the reference
THREADS = os.cpu_count() or 1

Said = tuple[str, float]
"""A word and the middle of its time, in seconds."""


def ours(engine: str) -> Iterator[Said]:
    """Transcribe with one of our engines, files and all."""
    loaded = engines.load(engine, "base")
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive(Path(folder))
        archive.create()
        archive.write_show(Show("mesure", "Mesure"))
        episode = ingest(archive, SHOW.sound, "mesure")
        with local_pool(loaded) as pool:
            start()
            transcribe(archive, episode, pool)
            stop()
        evidence = archive.evidence(episode.key)
    for segment in evidence.segments if evidence else ():
        for word in drop_hallucinations(segment):
            yield word.text, (word.start + word.end) / 2


def whispers_own() -> Iterator[Said]:
    """Transcribe with whisper's `transcribe`, as its command line does by default."""
    import whisper

    from radio.transcribe.engines.openai import Engine

    model = Engine(weights.find("base"))._model
    samples = np.concatenate(list(decode(SHOW.sound)))
    start()
    found = whisper.transcribe(
        model, samples, language="fr", beam_size=5, best_of=5, fp16=False, verbose=None
    )
    stop()
    yield from spread((each["start"], each["end"], each["text"]) for each in found["segments"])


def fasters_own() -> Iterator[Said]:
    """Transcribe with faster-whisper's own batched pipeline."""
    import faster_whisper

    path = str(weights.find("base", "ctranslate2").path)
    model = faster_whisper.WhisperModel(
        path, device="cpu", compute_type="int8", cpu_threads=THREADS
    )
    pipeline = faster_whisper.BatchedInferencePipeline(model)
    samples = np.concatenate(list(decode(SHOW.sound)))
    start()
    segments, _ = pipeline.transcribe(samples, language="fr", batch_size=8, beam_size=5)
    found = [(each.start, each.end, each.text) for each in segments]
    stop()
    yield from spread(found)


SUBJECTS: dict[str, Callable[[], Iterator[Said]]] = {
    "radio, openai-whisper": lambda: ours("openai"),
    "whisper's own `transcribe`": whispers_own,
    "radio, faster-whisper": lambda: ours("faster"),
    "faster-whisper's batched pipeline": fasters_own,
}
clock: dict[str, float] = {}


def start() -> None:
    """Begin to measure, the model loaded."""
    clock["start"] = time.monotonic()


def stop() -> None:
    """End the measure."""
    clock["seconds"] = time.monotonic() - clock["start"]


def spread(segments: Iterable[tuple[float, float, str]]) -> Iterator[Said]:
    """Share the time of a segment among its words, where it has no times of words."""
    for first, last, text in segments:
        words = text.split()
        for number, word in enumerate(words):
            yield word, first + (last - first) * (number + 0.5) / len(words)


def measure(subject: str) -> dict[str, float]:
    """Run a subject in this process."""
    said = list(SUBJECTS[subject]())
    outside = sum(
        not any(each["start"] - MARGIN <= middle <= each["end"] + MARGIN for each in SHOW.speech)
        for _, middle in said
    )
    return {
        "seconds": clock["seconds"],
        "speed": SHOW.reference["duration"] / clock["seconds"],
        "wer": jiwer.wer(plain(SHOW.text), plain(" ".join(word for word, _ in said))),
        "outside": outside,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def table() -> str:
    """Run every subject in a process of its own, one after the other, and write what came out."""
    rows = []
    for subject in SUBJECTS:
        print(f"{subject}…", file=sys.stderr, flush=True)  # noqa: T201 (a command's own words)
        command = [sys.executable, "-m", "bench.transcription", subject]
        with Popen(command, stdout=PIPE, text=True) as process:
            output, _ = process.communicate()
        found = json.loads(output.splitlines()[-1])
        rows.append(
            f"| {subject} | {found['seconds']:.1f} s | {found['speed']:.1f} × | {found['wer']:.3f} "
            f"| {found['outside']} | {found['memory'] / 1e6:.0f} MB |"
        )
    head = "| | time | against real time | word error rate | words outside speech | peak memory |"
    return "\n".join([head, "|---|---|---|---|---|---|", *rows])


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))  # noqa: T201 (a command's own words)
