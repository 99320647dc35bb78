"""A foreign picture as a file, made small in a child process."""

from pathlib import Path

from radio.pictures.shrink import shrink
from radio.system.progress import Progress

LARGEST = 1400  # pixels, each way


def convert(path: str, _progress: Progress, target: str) -> None:
    """Write the pixels of a JPEG, PNG or WebP as a JPEG. Raises ReaderError if it is none."""
    Path(target).write_bytes(shrink(Path(path).read_bytes(), LARGEST))
