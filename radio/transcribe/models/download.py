"""A file fetched over HTTP: verified, and whole or not there at all."""

import shutil
import urllib.request
from pathlib import Path

from radio.checksums import copy_blocks
from radio.disk import blocks, keep, temporary
from radio.errors import ModelError
from radio.messages import _
from radio.progress import Progress

TIMEOUT = 20  # seconds without an answer


def download(url: str, sha256: str | None, path: Path, progress: Progress) -> None:
    """Fetch a file, and verify its hash if one is known.

    Raises ModelError if it is not the right one or the disk has no room for it, OSError or
    HTTPException if it can't be had.
    """
    part = temporary(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT) as answer, part.open("wb") as file:  # noqa: S310 (from whisper's or the hub's table)
            total = int(answer.headers.get("Content-Length") or 0)
            require_room(path.parent, total, url)
            digest = copy_blocks(blocks(answer), file, total, progress)
        if sha256 not in (None, digest):
            raise ModelError(
                _("{url}: what came is cut or changed; try again later").format(url=url)
            )
        keep(part, path)
    finally:
        part.unlink(missing_ok=True)


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
