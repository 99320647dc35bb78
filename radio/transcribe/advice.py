"""Which model of Whisper this machine can do, by decoding a sample show with the lightest weights.
Its time has three parts: finding speech, encoder, decoder. For other models the last two grow with
the multiplications of their networks (`catalogue`): true within a fifth from tiny to medium."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from radio.sound import RATE, decode
from radio.system.progress import Progress
from radio.transcribe import engines
from radio.transcribe.engines.interface import DecodeOptions
from radio.transcribe.fallback import decode_with_fallback
from radio.transcribe.models import catalogue
from radio.transcribe.models.catalogue import Model
from radio.transcribe.regions import describe, find_speech
from radio.transcribe.windows import count_frames, pack

NIGHT = 8.0  # hours: as many hours of show must be done in it

LEAST, SMALLEST = "base", "tiny"  # if nothing better can be done, and if even that does not fit
SHARE = 0.5  # of the memory, for a model better than `base`

# bytes for the program and for each number of the network, above what was measured
MEMORY = {"openai": (900e6, 6), "faster": (400e6, 5)}


@dataclass(frozen=True)
class Pace:
    """How long parts of a transcription took, in seconds, for as many seconds of show."""

    engine: str
    model: Model
    show: float  # decoded by all cores together
    frames: int  # of 20 ms, in a window
    listening: float  # finding the speech
    encoding: float
    decoding: float

    def hours(self, model: Model) -> float:
        """Estimate the hours of show that a model does in a night."""
        frames, ours = self.frames, self.model
        encoding = self.encoding * model.encoding(frames) / ours.encoding(frames)
        decoding = self.decoding * model.decoding(frames) / ours.decoding(frames)
        return NIGHT * self.show / (self.listening + encoding + decoding)


@dataclass(frozen=True)
class Candidate:
    """A model, with an engine: what it takes and what it gives."""

    model: str
    engine: str
    is_here: bool
    download: int  # bytes
    memory: int  # bytes, at most
    hours: float | None  # of show a night; None where nothing could be measured
    error: float | None  # share of words that are wrong, as published


@dataclass(frozen=True)
class Room:
    """What a model may take of this machine, in bytes."""

    memory: int
    disk: int


def measure(engine: str, name: str, sound: Path, progress: Progress) -> Pace:
    """Measure an engine with a ranked model that is here, on about a minute of sound. Each worker
    decodes it once. Raises ModelError for wrong weights, AudioError if it can't be decoded."""
    model = catalogue.MODELS[catalogue.rank(name) or 0]
    loaded = engines.load(engine, name)
    progress(0.2)
    samples = np.concatenate(list(decode(sound)))
    find_speech(samples[:RATE])  # what is made once is made now
    begin = time.monotonic()
    speech = find_speech(samples)
    describe(samples, speech, 0)
    listening = time.monotonic() - begin
    windows = pack(samples, speech, 0, loaded.window_samples)[: loaded.batch]
    options, everybody = DecodeOptions("fr"), range(loaded.workers)
    with ThreadPoolExecutor(loaded.workers) as executor:
        loaded.encode(windows[:1])  # here too
        progress(0.4)
        begin = time.monotonic()
        list(executor.map(lambda _each: loaded.encode(windows), everybody))
        encoding = time.monotonic() - begin
        progress(0.6)
        begin = time.monotonic()
        list(executor.map(lambda _: decode_with_fallback(windows, loaded, options), everybody))
        decoding = time.monotonic() - begin - encoding
    seconds = (windows[-1].end if windows else 0.0) * loaded.workers
    listening *= seconds / (len(samples) / RATE)
    frames = count_frames(windows) // 2
    return Pace(engine, model, seconds, frames, listening, encoding, max(decoding, 0.0))


def choices(engine: str, pace: Pace | None) -> list[Candidate]:
    """List what an engine could do here, from the lightest model to the best."""
    names = {catalogue.find(name) for name in engines.readable(engine)}
    program, each = MEMORY[engine]
    found = list[Candidate]()
    for model in catalogue.MODELS:
        is_here, memory = model in names, round(program + each * model.parameters)
        hours = pace.hours(model) if pace else None
        found.append(Candidate(model.name, engine, is_here, model.size, memory, hours, model.error))
    return found


def recommend(candidates: Sequence[Candidate], room: Room) -> Candidate:
    """Choose the best model faster than life within half of the memory, else `base` or `tiny`."""
    by_name = {each.model: each for each in candidates}
    fast = {name: each for name, each in by_name.items() if (each.hours or 0.0) >= NIGHT}
    better = (name for name, each in fast.items() if fits(each, room, SHARE))
    best = catalogue.best(name for name in better if name not in (LEAST, SMALLEST))
    return by_name[best or (LEAST if fits(by_name[LEAST], room, 1.0) else SMALLEST)]


def fits(choice: Candidate, room: Room, share: float) -> bool:
    """Whether a model fits into a share of the memory and, if it is not here yet, on the disk."""
    on_disk = choice.is_here or choice.download <= room.disk
    return on_disk and choice.memory <= share * room.memory
