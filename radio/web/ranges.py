"""Files by byte range (RFC 9110, section 14), without holding a thread.

A server streams what `wsgi.file_wrapper` wraps on its own, however slowly a listener reads; the
ranges of Werkzeug hide that wrapper and keep one thread of the server per listener. So ranges are
answered here: the file is cut to the stretch asked for, then wrapped.
"""

import io
import os
import re
import time
from dataclasses import dataclass

from flask import Response, request
from werkzeug.http import http_date
from werkzeug.wsgi import wrap_file

ONE_RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.IGNORECASE)


class Stretch(io.RawIOBase):
    """A stretch of a file, read and sought as if it were a whole file."""

    def __init__(self, file: io.RawIOBase, start: int, stop: int):
        super().__init__()
        self._file, self._start, self._stop = file, start, stop
        file.seek(start)

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes: this is what servers look for before they stream by themselves."""
        return True

    def tell(self) -> int:
        """Tell the place, from the start of the stretch."""
        return self._file.tell() - self._start

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place, counted from the start of the stretch."""
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self.tell(), os.SEEK_END: self._stop - self._start}
        self._file.seek(self._start + max(0, origin[whence] + offset))
        return self.tell()

    def read(self, size: int = -1) -> bytes:
        """Read up to the end of the stretch."""
        rest = max(0, self._stop - self._file.tell())
        return self._file.read(rest if size < 0 else min(size, rest)) or b""

    def close(self) -> None:
        """Close the file too."""
        self._file.close()
        super().close()


class Joined(io.RawIOBase):
    """A stretch of one file and one of another, read and sought as if they were one file."""

    def __init__(self, first: Stretch, second: Stretch):
        super().__init__()
        self._parts, self._place = (first, second), 0
        self._border = first.seek(0, os.SEEK_END)
        self._size = self._border + second.seek(0, os.SEEK_END)

    def tell(self) -> int:
        """Tell the place."""
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._size}
        self._place = max(0, origin[whence] + offset)
        return self._place

    def read(self, size: int = -1) -> bytes:
        """Read up to the end."""
        first, second = self._parts
        content = b""
        if self._place < self._border:
            first.seek(self._place)
            content = first.read(size)
        if size < 0 or len(content) < size:
            second.seek(self._place + len(content) - self._border)
            content += second.read(size if size < 0 else size - len(content))
        self._place += len(content)
        return content

    def close(self) -> None:
        """Close the files too."""
        for part in self._parts:
            part.close()
        super().close()


@dataclass(frozen=True)
class Version:
    """The validators of a file: ETag and date (RFC 9110, section 8.8)."""

    etag: str
    modified: int | None = None  # seconds since 1970, for those who ask by date

    def is_known(self) -> bool:
        """Whether the client has this version. A date counts only where no ETag is given."""
        if request.if_none_match:
            return request.if_none_match.contains_weak(self.etag)
        since = request.if_modified_since
        return (
            self.modified is not None and since is not None and self.modified <= since.timestamp()
        )

    def may_be_cut(self) -> bool:
        """Whether a range may be answered: `If-Range` is absent, or names this version.

        A date names it once the file can't have changed again within the same second.
        """
        validator = request.headers.get("If-Range")
        is_old = self.modified is not None and self.modified + 1 < time.time()
        return validator in (None, f'"{self.etag}"') or (
            is_old and validator == http_date(self.modified)
        )

    def seal(self, response: Response) -> Response:
        """Add the validators to an answer, and say that ranges may be asked for."""
        response.set_etag(self.etag)
        if self.modified is not None:
            response.headers["Last-Modified"] = http_date(self.modified)
        response.headers["Accept-Ranges"] = "bytes"
        return response


def respond(file: io.RawIOBase, mime: str, etag: str, modified: int | None = None) -> Response:
    """Answer the current request with a file: 200, 206, 304 or 416.

    Whoever sends the answer closes the file; it is closed here where nothing of it is sent.
    """
    version = Version(etag, modified)
    size = file.seek(0, os.SEEK_END)
    if version.is_known():
        file.close()
        return version.seal(Response(status=304))
    range_ = _read_range(size) if version.may_be_cut() else None
    if range_ is None:
        return version.seal(_stream(file, mime, 0, size))
    start, stop = range_
    if start >= stop:
        file.close()
        unsatisfied = Response(status=416, content_type=mime)
        unsatisfied.headers["Content-Range"] = f"bytes */{size}"
        return version.seal(unsatisfied)
    response = _stream(file, mime, start, stop)
    response.status_code = 206
    response.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    return version.seal(response)


def _read_range(size: int) -> tuple[int, int] | None:
    """Read the range asked for; None for the whole, start >= stop where it can't be satisfied.

    Several ranges are answered whole: no player asks for them, and the standard allows it.
    """
    if request.method != "GET":
        return None
    match = ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        return max(0, size - int(last)), size
    if last and int(last) < int(first):
        return None
    return int(first), min(size, int(last) + 1) if last else size


def _stream(file: io.RawIOBase, mime: str, start: int, stop: int) -> Response:
    body = wrap_file(request.environ, Stretch(file, start, stop))  # type: ignore[arg-type]
    response = Response(body, content_type=mime, direct_passthrough=True)
    response.content_length = stop - start
    return response
