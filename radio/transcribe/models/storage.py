"""Where weights are kept: room for them, and what to do where the disk refuses."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from radio.system.disk import explained
from radio.system.errors import ArchiveError, ModelError
from radio.system.messages import _

KEEP = _("check its free space and rights, or name another folder in RADIO_MODELS")
READ = _("check the rights of the file, or restore it")


@contextlib.contextmanager
def on_disk(path: Path, remedy: str = KEEP) -> Iterator[None]:
    """Tell what the system refused as a ModelError with a remedy."""
    try:
        with explained(path, remedy):
            yield
    except ArchiveError as error:
        raise ModelError(str(error)) from error


@contextlib.contextmanager
def scratch(folder: Path, name: str, size: int = 0) -> Iterator[Path]:
    """Give a hidden folder for what is fetched, and remove it; `size` is in bytes.

    Raises ModelError if the disk has no room for so much, or refuses what is done meanwhile.
    """
    with on_disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
        require_room(folder, size, name)
        with tempfile.TemporaryDirectory(dir=folder, prefix=f".{name}.") as hidden:
            yield Path(hidden)


def require_room(folder: Path, size: int, what: str) -> None:
    """Refuse what does not fit on the disk, before any of it is fetched; `size` is in bytes.

    Raises ModelError.
    """
    free = shutil.disk_usage(folder).free
    if size > free:
        raise ModelError(
            _(
                "{what}: {size} MB are too much for the disk of {folder}, where {free} MB are "
                "free; make room, or name another folder in RADIO_MODELS"
            ).format(what=what, size=round(size / 1e6), folder=folder, free=round(free / 1e6))
        )
