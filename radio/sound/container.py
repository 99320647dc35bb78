"""Audio files, given to the decoder as open files, in the archive's formats only: it opens no other
file or connection. The decoder (PyAV) takes 16 MB: it is imported only to read sound."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias

from radio.system import sandbox
from radio.system.errors import AudioError, ReaderError
from radio.system.messages import _
from radio.system.progress import Progress

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.container import InputContainer, OutputContainer

SUFFIXES = {  # of each format, the usual one first
    "mp3": (".mp3",),
    "mov,mp4,m4a,3gp,3g2,mj2": (".m4a",),
    "ogg": (".ogg", ".opus"),
    "flac": (".flac",),
    "wav": (".wav",),
}
FORMATS = "mp3,mov,ogg,flac,wav"  # that the archive takes
MEMORY = 2 << 30  # bytes of address space for a child that listens
CPU = 3600  # seconds, some 24 hours of audio on an old computer
Frames: TypeAlias = "Iterator[AudioFrame]"


def listening(reader: str, path: Path, *arguments: object, progress: Progress) -> Any:
    """Decode a file in a child process with limits, and give what it answers. Raises AudioError if
    the file can't be decoded, or meets a limit."""
    target = f"radio.sound.{reader}"
    limits = {"memory": MEMORY, "seconds": CPU}
    try:
        return sandbox.call(target, str(path), *arguments, **limits, progress=progress)
    except ReaderError as error:
        raise AudioError(str(error)) from error


def open_sound(file: BinaryIO, path: object, formats: str = FORMATS) -> "InputContainer":
    """Open an audio file. Raises AudioError with `path` if it has none of the formats."""
    import av

    # Tags that are not UTF-8 are no fault, at which PyAV stops before 19 unless told so.
    is_old = int(av.__version__.split(".")[0]) < 19
    lenient: dict[str, Any] = {"metadata_errors": "replace"} if is_old else {}
    try:
        options = {"format_whitelist": formats, "protocol_whitelist": ""}
        container: InputContainer = av.open(file, mode="r", options=options, **lenient)
    except (av.error.FFmpegError, ValueError) as error:
        kinds = ", ".join(kind.lstrip(".") for kinds in SUFFIXES.values() for kind in kinds)
        message = _("{path} : pas un fichier audio que l’archive accepte ({kinds})")
        raise AudioError(message, path=path, kinds=kinds) from error
    if not container.streams.audio:
        container.close()
        raise AudioError(_("{path} : aucun son dedans ; est-ce un fichier audio ?", path=path))
    return container


def format_of(container: "InputContainer") -> str:
    """Name the format of a file as it is written, which reading names otherwise for MP4."""
    name = container.format.name
    return "ipod" if name.startswith("mov,") else name


def layout_of(container: "InputContainer") -> str:
    """Name one channel or two: as many as are needed to hear a file."""
    return "mono" if container.streams.audio[0].channels == 1 else "stereo"


def frames_of(
    container: "InputContainer", path: object, look: Callable[[Any], object] = lambda _: None
) -> Frames:
    """Decode the frames of a file, without damaged packets, as players do; `look` sees each packet
    first. Raises AudioError if most are damaged."""
    import av

    good = bad = 0
    packets = container.demux(container.streams.audio[0])
    while True:
        try:
            packet = next(packets, None)
            if packet is None:
                break
            look(packet)
            for frame in packet.decode():
                good += 1
                yield frame
        except av.error.FFmpegError:
            bad += 1
            if bad > good + 100:
                break
    if bad > good:
        raise AudioError(_("{path} : abîmé, presque rien ne s’en décode ; recopiez-le", path=path))


@contextmanager
def opened(path: str) -> Iterator[tuple["InputContainer", Frames]]:
    """Open a file, and decode its frames."""
    with Path(path).open("rb") as file, open_sound(file, path) as source:
        yield source, frames_of(source, path)


def resampled(frames: Frames, form: str, layout: str, rate: int) -> Frames:
    """Bring frames into one form, at one rate (Hz), even where theirs changes on the way."""
    import av

    resampler, present = None, None
    for frame in chain(frames, (None,)):
        state = frame and (frame.format.name, frame.layout.name, frame.sample_rate)
        if resampler is not None and state != present:
            yield from resampler.resample(None)
        if frame is not None:
            if state != present:
                resampler, present = av.AudioResampler(form, layout, rate), state
            frame.pts = None
            yield from resampler.resample(frame) if resampler else ()


def placed(frames: Frames) -> Frames:
    """Put each frame behind the one before it."""
    place = 0
    for frame in frames:
        frame.pts, frame.time_base = place, Fraction(1, frame.sample_rate)
        place += frame.samples
        yield frame


def filtered(frames: Frames, form: str, layout: str, rate: int, *steps: tuple[str, str]) -> Frames:
    """Bring frames into one form, and pass them through filters of ffmpeg, one after the other."""
    import av

    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=rate, format=form, layout=layout)
    nodes = [graph.add(*each) for each in (*steps, ("abuffersink", ""))]
    graph.link_nodes(source, *nodes).configure()
    for frame in chain(placed(resampled(frames, form, layout, rate)), (None,)):
        graph.push(frame)
        while True:
            try:
                made = graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                break
            if isinstance(made, av.AudioFrame):
                yield made


def clip(file: BinaryIO, start: float, end: float) -> bytes:
    """Cut a part out of an open file, in seconds, as whole packets, whose times begin at 0. Raises
    AudioError if the file can't be read."""
    return join([(file, start, end)])


def join(parts: Iterable[tuple[BinaryIO, float, float]]) -> bytes:
    """Cut a part out of each of some open files, and put them together. Raises AudioError if one
    can't be read, or is made in another way than the first."""
    import av

    buffer, target, first, offset = io.BytesIO(), None, None, 0
    with ExitStack() as opened:
        for file, start, end in parts:
            source = opened.enter_context(open_sound(file, file.name))
            stream = source.streams.audio[0]
            made = format_of(source), stream.codec_context.name, stream.rate, stream.channels
            try:
                if target is None:
                    first = made
                    target = opened.enter_context(av.open(buffer, "w", format=made[0]))
                    copy = target.add_stream_from_template(stream)
                elif made != first:
                    message = _(
                        "{path} : encodé autrement que le premier ; téléchargez-les un à un"
                    )
                    raise AudioError(message, path=file.name)
                offset = _append(source, target, copy, (start, end), offset)
            except av.error.FFmpegError as error:
                message = _("{path} : {error} ; `radio check` en dit plus")
                raise AudioError(message, path=file.name, error=error) from error
    joined = buffer.getvalue()
    if first and first[0] == "flac":  # zeros: length and checksum unknown (RFC 9639, 8.2)
        return joined[:21] + bytes([joined[21] & 0xF0]) + bytes(4 + 16) + joined[42:]
    return joined


def _append(
    source: "InputContainer", target: "OutputContainer", copy: Any, span: Sequence[float], at: int
) -> int:
    """Copy the packets of a span, so that they begin at a time in units of the stream. Give the
    time at which they end."""
    stream = source.streams.audio[0]
    unit = stream.time_base or Fraction(1, 1)
    (first, last), zero = [round(each / unit) for each in span], None
    source.seek(first, stream=stream)
    for packet in source.demux(stream):
        if packet.pts is None or packet.dts is None or packet.pts < first:
            continue
        if packet.pts >= last:
            break
        zero = packet.pts - at if zero is None else zero
        end = packet.pts - zero + (packet.duration or 0)
        packet.pts, packet.dts = packet.pts - zero, packet.dts - zero
        packet.stream = copy
        target.mux(packet)
        at = max(at, end)
    return at
