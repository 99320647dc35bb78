"""How fast and how well each engine transcribes the sample shows, each in a process of its own."""

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from subprocess import PIPE, Popen
from typing import Any

import numpy as np

from bench.errors import Counts, Said, count, interval, outside, rate
from bench.heard import hear, peer, said_words, samples_of
from bench.memory import memory
from bench.shows import HUMAN, SOUNDS, SampleShow, shows
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


PEERS = {
    "whisper's own `transcribe`": "radio, openai-whisper",
    "faster-whisper's batched pipeline": "radio, faster-whisper",
}
"""What others make of the same weights, and what stands beside it."""

UNHEARD = (
    "Human speech was not measured: `apt install asterisk-core-sounds-fr-wav "
    "asterisk-prompt-fr-armelle`, then again."
)


def spread(segments: Iterable[Cue]) -> Iterator[Said]:
    """Share the time of a segment among its words, where it has no times of words."""
    for each in segments:
        words = each.text.split()
        for number, word in enumerate(words):
            yield word, each.start + (each.end - each.start) * (number + 0.5) / len(words)


def measure(subject: str) -> dict[str, Any]:
    """Run a subject in this process over all shows: its words, and what it took."""
    read = SUBJECTS[subject]()
    heard = {show.name: _timed(read, show) for show in shows()}
    return {"shows": heard, "memory": memory("self", "VmHWM")[0]}


def _timed(read: Reader, show: SampleShow) -> dict[str, Any]:
    began, worked = time.monotonic(), time.process_time()
    said = read(show)
    seconds, cpu = time.monotonic() - began, time.process_time() - worked
    return {"said": said, "seconds": seconds, "cpu": cpu}


def table() -> str:
    """Run every subject in a process of its own, one after the other, and write what came out."""
    found = {subject: _run(subject) for subject in SUBJECTS}
    heads = ["set", "", "word error rate", "radio beside it", "words outside speech"]
    heads += ["against real time", "CPU", "peak memory"]
    human = [group for group in SOUNDS if group in HUMAN]
    groups = (*human, *(group for group in SOUNDS if group not in HUMAN))
    rows = [row(group, subject, found) for group in groups for subject in SUBJECTS]
    missing = [] if human else ["", UNHEARD]
    return "\n".join([f"| {' | '.join(heads)} |", "|---" * len(heads) + "|", *rows, *missing])


def _run(subject: str) -> dict[str, Any]:
    print(f"{subject}…", file=sys.stderr, flush=True)  # noqa: T201 (a command's own words)
    command = [sys.executable, "-m", "bench.transcription", subject]
    with Popen(command, stdout=PIPE, text=True) as process:
        output, _ = process.communicate()
    found: dict[str, Any] = json.loads(output.splitlines()[-1])
    return found


def row(group: str, subject: str, found: Mapping[str, Any]) -> str:
    """Write what a subject made of a set."""
    heard = {name: each["shows"] for name, each in found.items()}
    own = [heard[subject][show.name] for show in shows(group)]
    counts = _counts(group, heard[subject])
    cells = [f"{rate(counts):.3f} ({_span(counts, None, '.3f')})", ""]
    if subject in PEERS:
        ours = _counts(group, heard[PEERS[subject]])
        cells[1] = f"{rate(ours) - rate(counts):+.3f} ({_span(ours, counts, '+.3f')})"
    seconds = sum(show.reference["duration"] for show in shows(group))
    cells += [
        str(sum(outside(show, heard[subject][show.name]["said"]) for show in shows(group))),
        f"{seconds / sum(each['seconds'] for each in own):.1f} ×",
        f"{sum(each['cpu'] for each in own):.0f} s",
        f"{found[subject]['memory'] / 1000:.0f} MB",
    ]
    return f"| {group} | {subject} | {' | '.join(cells)} |"


def _counts(group: str, heard: Mapping[str, Any]) -> Counts:
    return np.concatenate([count(show, heard[show.name]["said"]) for show in shows(group)])


def _span(counts: Counts, other: Counts | None, form: str) -> str:
    return " to ".join(format(each, form) for each in interval(counts, other))


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))  # noqa: T201 (a command's own words)
