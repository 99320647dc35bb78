"""A file fetched over HTTP: verified, and whole or not there at all."""

import contextlib
import http.client
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from radio.checksums import copy_blocks
from radio.disk import blocks, discard, keep, temporary
from radio.errors import ModelError, NoAnswerError
from radio.messages import _
from radio.progress import Progress
from radio.transcribe.models.storage import require_room

TIMEOUT = 20  # seconds without an answer


def download(url: str, sha256: str | None, path: Path, progress: Progress) -> None:
    """Fetch a file, and verify its hash if one is known.

    Raises ModelError if it is not the right one or the disk has no room for it, NoAnswerError if
    it can't be had, OSError or ArchiveError if the disk refuses.
    """
    part = temporary(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with ask(url) as answer, part.open("wb") as file:
            total = int(answer.headers.get("Content-Length") or 0)
            require_room(path.parent, total, url)
            digest = copy_blocks(received(answer), file, total, progress)
        if sha256 not in (None, digest):
            raise ModelError(
                _("{url}: what came is cut or changed; try again later").format(url=url)
            )
        keep(part, path)
    finally:
        discard(part)


def ask(url: str) -> http.client.HTTPResponse:
    """Ask for an address; what it gives is to be closed.

    Raises NoAnswerError, with the reason, if there is no answer.
    """
    with _of_network():
        answer: http.client.HTTPResponse = urllib.request.urlopen(url, timeout=TIMEOUT)  # noqa: S310 (from whisper's or the hub's table)
    return answer


def received(answer: http.client.HTTPResponse) -> Iterator[bytes]:
    """Give the content of an answer, block by block.

    Raises NoAnswerError, with the reason, if it breaks off.
    """
    with _of_network():
        yield from blocks(answer)


@contextlib.contextmanager
def _of_network() -> Iterator[None]:
    try:
        yield
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswerError(str(error)) from error
