"""Whether the site can do its work, told without a word of who asked: to a proxy or a container, to
the doctor of this machine, and to the journal where an answer failed."""

import json
import logging
import os
from types import TracebackType

from flask import Response, request

from radio.archive import Archive, losses
from radio.audit.outside import TELLING, is_asked
from radio.system.edition import edition
from radio.system.errors import ArchiveError, place_of

log = logging.getLogger(__name__)

TEXT = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
OWN = {"Content-Type": "application/json", "Cache-Control": "no-store"}


def healthz(archive: Archive) -> Response:
    """Say `ok` as long as the archive can be read. To the doctor of this machine, which the archive
    knows by a file, tell how its question came."""
    if not _is_readable(archive):
        return Response("archive", 503, TEXT)
    if is_asked(archive, request.args.get("seen", "")):
        told = [name for name in TELLING if request.headers.get(name)]
        seen = {"host": request.host, "told": told, "edition": edition()}
        return Response(json.dumps(seen), headers=OWN)
    return Response("ok", headers=TEXT)


def _is_readable(archive: Archive) -> bool:
    """Whether the folder of the shows can be read, and is not that of a missing disk."""
    try:
        with os.scandir(archive.media) as entries:
            return any(not each.name.startswith(".") for each in entries) or not (
                losses.inventory(archive.root)
            )
    except (OSError, ArchiveError):
        return False


def tell_failure(
    exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None],
) -> None:
    """Log which kind of page failed, and where. What was asked is in the address, and in the words
    of an error: neither is told."""
    log.error("%s %s: %s", request.method, request.endpoint, place_of(exc_info[1]))
