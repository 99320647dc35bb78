"""Files by byte range (RFC 9110, section 14). Only what `wsgi.file_wrapper` wraps is streamed
without holding a thread of the server; the ranges of Werkzeug hide that wrapper."""

import io
import os
import time
from dataclasses import dataclass
from pathlib import Path

from flask import Response, request
from werkzeug.http import http_date
from werkzeug.wsgi import wrap_file

from radio.formats.zips import Sought
from radio.system.disk import open_file
from radio.system.errors import NotFoundError
from radio.web.headers import as_file


@dataclass(frozen=True)
class FilePart:
    """A part of a file, in bytes."""

    file: io.RawIOBase
    start: int
    stop: int


class Parts(Sought):
    """Parts of files, one after the other."""

    def __init__(self, *parts: FilePart):
        super().__init__()
        self._parts = parts
        self._size = sum(part.stop - part.start for part in parts)

    def readable(self) -> bool:
        """Say yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Read up to the end of the last part."""
        place = self._place
        until = self._size if size < 0 else min(self._size, place + size)
        content, begin = b"", 0
        for part in self._parts:
            end = begin + part.stop - part.start
            first, last = max(place, begin), min(until, end)
            if first < last:
                part.file.seek(part.start + first - begin)
                content += part.file.read(last - first) or b""
            begin = end
        self._place += len(content)
        return content

    def close(self) -> None:
        """Close the files too."""
        for part in self._parts:
            part.file.close()
        super().close()


def respond(file: io.RawIOBase, mime: str, etag: str, modified: int | None = None) -> Response:
    """Answer with a file: 200, 206, 304 or 416; `modified` is in seconds since 1970. Who sends the
    answer closes the file; it is closed here if nothing of it is sent."""
    size = file.seek(0, os.SEEK_END)
    # A date names what can't have changed again within the same second.
    date = http_date(modified) if modified is not None and modified + 1 < time.time() else None
    may_be_cut = request.headers.get("If-Range", f'"{etag}"') in (f'"{etag}"', date)
    span = _read_range(size) if may_be_cut else None
    since = request.if_modified_since
    is_known = modified is not None and since is not None and modified <= since.timestamp()
    if request.if_none_match:  # then no date counts
        is_known = request.if_none_match.contains_weak(etag)
    if is_known:
        response = Response(status=304)
    elif span is None:
        response = _stream(file, mime, 0, size)
    elif span[0] >= span[1]:
        response = Response(status=416, content_type=mime)
        response.headers["Content-Range"] = f"bytes */{size}"
    else:
        response = _stream(file, mime, *span)
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {span[0]}-{span[1] - 1}/{size}"
    if response.status_code in (304, 416):
        file.close()
    response.set_etag(etag)
    if modified is not None:
        response.headers["Last-Modified"] = http_date(modified)
    response.headers["Accept-Ranges"] = "bytes"
    return response


def respond_made(path: Path | None, mime: str, named: str) -> Response:
    """Answer with a file that was made beforehand. Raises NotFoundError where there is none."""
    if path is None:
        raise NotFoundError("not made, or not yet")
    file = open_file(path)
    status = os.fstat(file.fileno())
    etag = f"{path.suffix[1:]}-{status.st_size}-{status.st_mtime_ns}"
    return as_file(respond(file, mime, etag), "no-cache", named)


def _read_range(size: int) -> tuple[int, int] | None:
    """Read the range; None for the whole, start >= stop if it can't be satisfied. Several ranges
    are answered with the whole, as the standard allows."""
    asked = request.range if request.method == "GET" else None
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return None
    ((start, stop),) = asked.ranges
    return (start, min(size, stop or size)) if start >= 0 else (max(0, size + start), size)


def _stream(file: io.RawIOBase, mime: str, start: int, stop: int) -> Response:
    body = wrap_file(request.environ, Parts(FilePart(file, start, stop)))  # type: ignore[arg-type]
    response = Response(body, content_type=mime, direct_passthrough=True)
    response.content_length = stop - start
    return response
