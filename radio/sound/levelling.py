"""A recording as MP3, made louder or quieter, its peaks held below full scale."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from radio.sound.container import frames_of, open_sound
from radio.sound.conversion import CPU, LARGEST, MEMORY, RATE, write_mp3
from radio.system import sandbox
from radio.system.progress import Progress

if TYPE_CHECKING:
    import av
    from av.audio.frame import AudioFrame

BITS = 192_000  # a second: it is encoded again by who broadcasts it
CEILING = 0.84  # of full scale: 1.5 dB below, for the encoder adds a little


def level(path: Path, target: Path, gain: float) -> None:
    """Write the sound of a file by `gain` dB louder, in a child process.

    Raises ReaderError if it can't be.
    """
    asked = "radio.sound.levelling:to_level", str(path), str(target), str(gain)
    sandbox.call(*asked, memory=MEMORY, seconds=CPU, writes=LARGEST)


def to_level(path: str, _progress: Progress, target: str, gain: str) -> None:
    """Do the work of `level`, in the child. Raises AudioError if it can't be read."""
    with Path(path).open("rb") as file, open_sound(file, path) as source:
        layout = "mono" if source.streams.audio[0].channels == 1 else "stereo"
        frames = _louder(frames_of(source, path), layout, float(gain))
        write_mp3(frames, target, layout, BITS)


def _louder(frames: "Iterator[AudioFrame]", layout: str, gain: float) -> "Iterator[AudioFrame]":
    from radio.sound.decoder import av

    resampler, graph, place = av.AudioResampler("fltp", layout, RATE), _graph(layout, gain), 0
    for frame in frames:
        frame.pts = None
        for part in resampler.resample(frame):
            part.pts, place = place, place + part.samples
            graph.push(part)
            yield from _pulled(graph)
    graph.push(None)
    yield from _pulled(graph)


def _pulled(graph: "av.filter.Graph") -> "Iterator[AudioFrame]":
    from radio.sound.decoder import av

    while True:
        try:
            frame = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        if isinstance(frame, av.AudioFrame):
            frame.pts = None
            yield frame


def _graph(layout: str, gain: float) -> "av.filter.Graph":
    from radio.sound.decoder import av

    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=RATE, format="fltp", layout=layout)
    volume = graph.add("volume", f"{gain:.2f}dB")
    limiter = graph.add("alimiter", f"limit={CEILING}:level=0")
    sink = graph.add("abuffersink")
    source.link_to(volume)
    volume.link_to(limiter)
    limiter.link_to(sink)
    graph.configure()
    return graph
