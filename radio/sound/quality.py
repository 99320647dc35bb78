"""How a recording sounds, measured by one decoding: loudness, clipping, silences, ends, seeking.

Loudness is that of EBU R128 (ITU-R BS.1770), by ffmpeg's filter `ebur128`. The file stays as it is.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from radio.sound.container import frames_of, open_sound
from radio.sound.probing import CPU, LOOK, MEMORY, has_length_header
from radio.system import sandbox
from radio.system.errors import AudioError, ReaderError
from radio.system.progress import Progress

if TYPE_CHECKING:
    import av
    from av.audio.frame import AudioFrame

RATE = 48_000  # Hz, at which it is measured
STEP = RATE // 10  # samples of a look
FULL, RUN = 0.999, 3  # from where, and for how many samples, sound counts as clipped
SILENT = 1e-6  # mean square: -60 dB of full scale
LONG_SILENCE = 30.0  # seconds


@dataclass(frozen=True)
class Quality:
    """How a recording sounds."""

    loudness: float | None  # LUFS, integrated; None where there is next to nothing to hear
    peak: float | None  # dBTP, the true peak
    clipped: int  # tenths of a second in which it is clipped
    silences: tuple[tuple[float, float], ...]  # beginnings and ends, seconds, of the long ones
    sides: tuple[float, ...]  # mean square of each channel
    first: float  # mean square of the first tenth of a second
    last: float
    seekable: bool  # whether players find a moment in it without reading all of it


def listen_closely(path: Path, progress: Progress = lambda _: None) -> Quality:
    """Measure how a recording sounds, in a child process.

    Raises AudioError if it can't be decoded.
    """
    try:
        answer = sandbox.call(
            "radio.sound.quality:read", str(path), memory=MEMORY, seconds=CPU, progress=progress
        )
    except ReaderError as error:
        raise AudioError(str(error)) from error
    lists = {"silences": tuple(map(tuple, answer["silences"])), "sides": tuple(answer["sides"])}
    return Quality(**{**answer, **lists})


def read(path: str, progress: Progress) -> dict[str, Any]:
    """Do the work of `listen_closely`, in the child."""
    sizes = set[int]()
    with Path(path).open("rb") as file, open_sound(file, path) as container:
        kind, loudness, looks = container.format.name, _Loudness(), _Looks()
        is_mono = container.streams.audio[0].codec_context.channels == 1
        size = os.fstat(file.fileno()).st_size
        frames = frames_of(container, path, lambda packet: sizes.add(packet.size))
        for number, frame in enumerate(_even(frames, "mono" if is_mono else "stereo")):
            loudness.add(frame)
            samples = np.asarray(frame.to_ndarray(), np.float32)
            looks.add(samples.reshape(-1, 1 if is_mono else 2))
            if number % LOOK == 0:
                progress(min(1.0, file.tell() / max(size, 1)))
        seekable = _is_seekable(file, kind, sizes - {0})
    return {**loudness.told(), **looks.told(), "seekable": seekable}


def _even(frames: "Iterator[AudioFrame]", layout: str) -> "Iterator[AudioFrame]":
    """Bring all frames into one form: interleaved floats at RATE."""
    from radio.sound.decoder import av

    resampler, form = None, None
    for frame in frames:
        now = (frame.format.name, frame.layout.name, frame.sample_rate)
        if resampler is None or now != form:
            if resampler is not None:
                yield from resampler.resample(None)
            resampler, form = av.AudioResampler("flt", layout, RATE), now
        frame.pts = None
        yield from resampler.resample(frame)
    if resampler is not None:
        yield from resampler.resample(None)


class _Loudness:
    """Measures the loudness of frames of one form."""

    def __init__(self) -> None:
        self._graph: av.filter.Graph | None = None
        self._told: dict[str, str] = {}
        self._samples = 0

    def add(self, frame: "AudioFrame") -> None:
        from radio.sound.decoder import av

        if self._graph is None:
            self._graph = _graph(frame)
        frame.pts, self._samples = self._samples, self._samples + frame.samples
        self._graph.push(frame)
        while True:
            try:
                self._told = dict(self._graph.pull().metadata) or self._told
            except (av.error.BlockingIOError, av.error.EOFError):
                return

    def told(self) -> dict[str, float | None]:
        loudness = float(self._told.get("lavfi.r128.I", "-inf"))
        peak = float(self._told.get("lavfi.r128.true_peak", "0"))
        return {
            "loudness": round(loudness, 1) if loudness > -70 else None,  # the gate of R128
            "peak": round(20 * float(np.log10(peak)), 1) if peak > 0 else None,
        }


def _graph(frame: "AudioFrame") -> "av.filter.Graph":
    from radio.sound.decoder import av

    graph = av.filter.Graph()
    source = graph.add_abuffer(
        sample_rate=RATE, format="flt", layout=frame.layout.name, time_base=frame.time_base
    )
    meter, sink = graph.add("ebur128", "metadata=1:peak=true"), graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    return graph


@dataclass
class _Looks:
    """Looks at each tenth of a second."""

    rest: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 1), np.float32))
    powers: list[NDArray[np.float32]] = field(default_factory=list)  # of each channel
    clipped: int = 0

    def add(self, samples: NDArray[np.float32]) -> None:
        self.rest = np.concatenate([self.rest, samples]) if len(self.rest) else samples
        while len(self.rest) >= STEP:
            look, self.rest = self.rest[:STEP], self.rest[STEP:]
            self.powers.append(np.square(look).mean(axis=0))
            loud = np.abs(look) >= FULL
            runs = np.logical_and.reduce([loud[n : len(loud) - RUN + n] for n in range(RUN)])
            self.clipped += bool(runs.any())

    def told(self) -> dict[str, Any]:
        powers = np.array(self.powers) if self.powers else np.zeros((1, 1), np.float32)
        loudest = powers.max(axis=1)
        return {
            "clipped": self.clipped,
            "silences": list(_silences(loudest < SILENT)),
            "sides": [float(each) for each in powers.mean(axis=0)],
            "first": float(loudest[0]),
            "last": float(loudest[-1]),
        }


def _silences(silent: NDArray[np.bool_]) -> Iterator[tuple[float, float]]:
    """Give the beginnings and ends of long silences, in seconds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], silent, [False]]).astype(int)))
    for begin, end in edges.reshape(-1, 2) * (STEP / RATE):
        if end - begin > LONG_SILENCE:
            yield round(float(begin), 1), round(float(end), 1)


def _is_seekable(file: BinaryIO, kind: str, sizes: set[int]) -> bool:
    """Whether the head of a file tells where its moments lie, or all packets are of one size."""
    file.seek(0)
    if kind == "mp3":
        return max(sizes, default=0) - min(sizes, default=0) <= 1 or has_length_header(file)
    return not kind.startswith("mov") or _begins_with_index(file)


def _begins_with_index(file: BinaryIO) -> bool:
    """Whether the `moov` of an MP4 comes before its sound."""
    while len(head := file.read(8)) == 8:
        size, name = int.from_bytes(head[:4], "big"), head[4:]
        if name in (b"moov", b"mdat"):
            return name == b"moov"
        if size == 1:  # then its true size follows
            size = int.from_bytes(file.read(8), "big") - 8
        file.seek(max(0, size - 8), os.SEEK_CUR)
    return False
