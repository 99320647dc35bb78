"""Audio files, opened here and given to the decoder as open files, in the archive's formats only.

So no file can make the decoder open another file or a connection.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from radio.system.errors import AudioError
from radio.system.messages import _

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.container import InputContainer

SUFFIXES = {
    "mp3": (".mp3",),
    "mov,mp4,m4a,3gp,3g2,mj2": (".m4a",),
    "ogg": (".ogg", ".opus"),
    "flac": (".flac",),
    "wav": (".wav",),
}
"""The suffixes of each format, the usual one first."""

OPTIONS = {"format_whitelist": "mp3,mov,ogg,flac,wav", "protocol_whitelist": ""}


def _lenient() -> dict[str, Any]:
    """Have tags that are not UTF-8 be no fault, at which PyAV stops before 19 unless told so."""
    from radio.sound.decoder import av

    is_old = int(av.__version__.split(".")[0]) < 19
    return {"metadata_errors": "replace"} if is_old else {}


def open_sound(file: BinaryIO, path: object) -> "InputContainer":
    """Open an audio file.

    Raises AudioError naming `path` if it is not audio that the archive takes.
    """
    from radio.sound.decoder import av

    try:
        container: InputContainer = av.open(file, mode="r", options=OPTIONS, **_lenient())
    except (av.error.FFmpegError, ValueError) as error:
        kinds = ", ".join(kind.lstrip(".") for kinds in SUFFIXES.values() for kind in kinds)
        raise AudioError(
            _("{path}: not audio that the archive takes ({kinds})").format(path=path, kinds=kinds)
        ) from error
    if not container.streams.audio:
        container.close()
        raise AudioError(_("{path}: no sound in it; is it an audio file?").format(path=path))
    return container


def frames_of(
    container: "InputContainer", path: object, look: Callable[[Any], object] = lambda _: None
) -> "Iterator[AudioFrame]":
    """Decode the frames of a file; damaged packets are skipped, as players do.

    Each packet is shown to `look` before it is decoded. Raises AudioError if most are damaged.
    """
    from radio.sound.decoder import av

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
        raise AudioError(
            _("{path}: damaged, most of it can't be decoded; copy it again").format(path=path)
        )
