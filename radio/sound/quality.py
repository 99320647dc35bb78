"""How a recording sounds: loudness (EBU R128, ITU-R BS.1770, ffmpeg's `ebur128`), clipping,
silences, ends, seeking, measured by one decoding."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from radio.sound.container import filtered, frames_of, layout_of, listening, open_sound
from radio.sound.layout import atoms
from radio.sound.probing import LOOK, has_length_header
from radio.system.progress import Progress

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
    """Measure how a recording sounds, in a child. Raises AudioError if it can't be decoded."""
    answer = listening("quality:read", path, progress=progress)
    lists = {"silences": tuple(map(tuple, answer["silences"])), "sides": tuple(answer["sides"])}
    return Quality(**{**answer, **lists})


def read(path: str, progress: Progress) -> dict[str, Any]:
    """Do the work of `listen_closely`, in the child."""
    metadata, powers, clipped = dict[str, str](), list[NDArray[np.float32]](), 0
    sizes, size = set[int](), Path(path).stat().st_size
    with Path(path).open("rb") as file, open_sound(file, path) as container:
        layout = layout_of(container)
        frames = frames_of(container, path, lambda packet: sizes.add(packet.size))
        steps = ("asetnsamples", f"n={STEP}:p=0"), ("ebur128", "metadata=1:peak=true")
        for number, frame in enumerate(filtered(frames, "flt", layout, RATE, *steps)):
            metadata |= frame.metadata
            if frame.samples == STEP:
                look = np.asarray(frame.to_ndarray(), np.float32)
                look = look.reshape(-1, 1 if layout == "mono" else 2)
                powers.append(np.square(look).mean(axis=0))
                loud = np.abs(look) >= FULL
                runs = [loud[n : len(loud) - RUN + n] for n in range(RUN)]
                clipped += bool(np.logical_and.reduce(runs).any())
            if number % LOOK == 0:
                progress(min(1.0, file.tell() / max(size, 1)))
        seekable = _is_seekable(file, container.format.name, sizes - {0})
    sides = np.array(powers) if powers else np.zeros((1, 1), np.float32)
    loudest = sides.max(axis=1)
    silent = np.concatenate([[False], loudest < SILENT, [False]]).astype(int)
    silences = (np.flatnonzero(np.diff(silent)).reshape(-1, 2) * (STEP / RATE)).tolist()
    loudness = float(metadata.get("lavfi.r128.I", "-inf"))
    peak = float(metadata.get("lavfi.r128.true_peak", "0"))
    return {
        "loudness": round(loudness, 1) if loudness > -70 else None,  # the gate of R128
        "peak": round(20 * float(np.log10(peak)), 1) if peak > 0 else None,
        "clipped": clipped,
        "silences": [(round(a, 1), round(b, 1)) for a, b in silences if b - a > LONG_SILENCE],
        "sides": [float(each) for each in sides.mean(axis=0)],
        "first": float(loudest[0]),
        "last": float(loudest[-1]),
        "seekable": seekable,
    }


def _is_seekable(file: BinaryIO, kind: str, sizes: set[int]) -> bool:
    """Whether the file's head says where its moments are, or all packets have one size."""
    if kind == "mp3":
        return max(sizes, default=0) - min(sizes, default=0) <= 1 or has_length_header(file)
    if not kind.startswith("mov"):
        return True
    names = (each.name for each in atoms(file))
    return next((name for name in names if name in (b"moov", b"mdat")), None) == b"moov"
