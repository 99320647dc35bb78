"""The waveform of an episode as numbers for SVG, with what can be reached on it."""

from collections.abc import Iterable
from dataclasses import dataclass

WIDTH, HEIGHT = 960, 64
LOW = 2  # half the height of a bar of silence


@dataclass(frozen=True)
class Waveform:
    """A drawing of WIDTH by HEIGHT."""

    path: str  # a stroke for each bar
    step: float  # from one bar to the next
    chapters: tuple[float, ...]  # where each begins, from the left
    hits: tuple[float, ...]  # where the words of a search are said


def draw(
    bars: bytes, duration: float, chapters: Iterable[float], hits: Iterable[float]
) -> Waveform:
    """Draw bars (`audio.waveform`), and mark seconds of the recording on them.

    >>> draw(bytes([0, 255]), 10.0, [5.0], []).path
    'M240 30v4M720 0v64'
    """
    step = WIDTH / len(bars)
    return Waveform(
        "".join(_stroke(round((place + 0.5) * step), bar) for place, bar in enumerate(bars)),
        step,
        tuple(_place(second, duration) for second in chapters),
        tuple(_place(second, duration) for second in hits),
    )


def _stroke(x: int, bar: int) -> str:
    half = max(LOW, round(bar / 255 * HEIGHT / 2))
    return f"M{x} {HEIGHT // 2 - half}v{2 * half}"


def _place(second: float, duration: float) -> float:
    return round(WIDTH * second / duration, 1)
