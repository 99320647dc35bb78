"""How fast and how well each engine transcribes the sample shows, each in a process of its own."""

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from subprocess import PIPE, Popen
from typing import Any

import numpy as np

from bench.errors import Said, count, interval, outside, rate
from bench.heard import hear, peer, said_words, samples_of
from bench.memory import memory
from bench.shows import SOUNDS, SampleShow, shows
from radio.text.transcript import Cue
from radio.transcribe import engines
from radio.transcribe.engines.interface import Engine
from radio.transcribe.models import weights

Reader = Callable[[SampleShow], list[Said]]
"""What says the words of a show, its model loaded."""


def ours(engine: str) -> Reader:
    """Transcribe with one of our engines, files and all."""
    return read_with(engines.load(engine, "base"))


def read_with(loaded: Engine) -> Reader:
    """Transcribe with a loaded engine, files and all."""

    def read(show: SampleShow) -> list[Said]:
        return [word for _, evidence in hear(loaded, [show]) for word in said_words(evidence)]

    return read


def whispers_own() -> Reader:
    """Transcribe with whisper's `transcribe`, as its command line does by default."""
    import whisper

    from radio.transcribe.engines.openai import Engine

    model = Engine(weights.find("base"))._model

    def read(show: SampleShow) -> list[Said]:
        found = whisper.transcribe(
            model,
            samples_of(show),
            language="fr",
            beam_size=5,
            best_of=5,
            temperature=tuple(np.arange(0, 1.01, 0.2)),
            fp16=False,
            verbose=None,
        )
        segments = (Cue(each["start"], each["end"], each["text"]) for each in found["segments"])
        return list(spread(segments))

    return read


def fasters_own() -> Reader:
    """Transcribe with faster-whisper's own batched pipeline."""
    segments = peer()
    return lambda show: list(spread(segments(show)))


SUBJECTS: dict[str, Callable[[], Reader]] = {
    "radio, openai-whisper": lambda: ours("openai"),
    "whisper's own `transcribe`": whispers_own,
    "radio, faster-whisper": lambda: ours("faster"),
    "faster-whisper's batched pipeline": fasters_own,
}


def spread(segments: Iterable[Cue]) -> Iterator[Said]:
    """Share the time of a segment among its words, where it has no times of words."""
    for each in segments:
        words = each.text.split()
        for number, word in enumerate(words):
            yield word, each.start + (each.end - each.start) * (number + 0.5) / len(words)


def measure(subject: str) -> dict[str, Any]:
    """Run a subject in this process over all shows: its words, and what it took."""
    read = SUBJECTS[subject]()
    began, worked = time.monotonic(), time.process_time()
    said = {show.name: read(show) for show in shows()}
    return {
        "seconds": time.monotonic() - began,
        "cpu": time.process_time() - worked,
        "memory": memory("self", "VmHWM")[0],
        "said": said,
    }


def table() -> str:
    """Run every subject in a process of its own, one after the other, and write what came out."""
    seconds = sum(show.reference["duration"] for show in shows())
    rows = []
    for subject in SUBJECTS:
        print(f"{subject}…", file=sys.stderr, flush=True)  # noqa: T201 (a command's own words)
        command = [sys.executable, "-m", "bench.transcription", subject]
        with Popen(command, stdout=PIPE, text=True) as process:
            output, _ = process.communicate()
        found = json.loads(output.splitlines()[-1])
        rows.append(
            f"| {subject} | {found['seconds']:.0f} s | {seconds / found['seconds']:.1f} × "
            f"| {found['cpu']:.0f} s | {rates(found['said'])} | {found['memory'] / 1000:.0f} MB |"
        )
    heads = ("", "time", "against real time", "CPU", *SOUNDS, "all", "words outside speech")
    head = f"| {' | '.join((*heads, 'peak memory'))} |"
    return "\n".join([head, "|---" * (len(heads) + 1) + "|", *rows])


def rates(said: Mapping[str, Sequence[Said]]) -> str:
    """Write the cells of the word error rates, set by set and of all, and the words outside."""
    counts = {each.name: count(each, said[each.name]) for each in shows()}
    cells = []
    for groups in (*([group] for group in SOUNDS), SOUNDS):
        together = np.concatenate([counts[each.name] for each in shows(*groups)])
        low, high = interval(together)
        cells.append(f"{rate(together):.3f} ({low:.3f}–{high:.3f})")
    return " | ".join((*cells, str(sum(outside(each, said[each.name]) for each in shows()))))


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))  # noqa: T201 (a command's own words)
