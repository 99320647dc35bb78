"""Text is sent compressed to browsers that take it: two hours of talk are 80 kB instead of 500.

A volunteer's small server often has no other program in front of it that would do so.
"""

import re
import struct
import zlib
from collections.abc import Iterable
from functools import lru_cache

from flask import Response, g, request

TEXTS = (
    "text/",
    "application/json",
    "application/ld+json",
    "application/manifest+json",
    "application/rss+xml",
    "application/x-subrip",
    "application/xml",
    "image/svg+xml",
)
WORTH = 1000  # bytes
LEVEL = 4  # of 9: a tenth larger than the smallest, in a third of the time
BEST = 9  # for what is compressed once and sent often
WINDOW = 1 << 15  # bytes before a place that may be told again there (RFC 1951)
HEAD = b"\x1f\x8b\x08" + bytes(6) + b"\xff"  # of gzip (RFC 1952), without name and time


_REMARK = re.compile(rb"""("[^"]*"|'[^']*')|/\*.*?\*/""", re.DOTALL)
_BLANK = re.compile(rb"""("[^"]*"|'[^']*')|\s+(?=[{};,])|(?<=[{};,:])\s+|(\s)\s*""")
_COMMENT = re.compile(rb"(?m)^\s*//.*\n|^ +|(?<=[;{},(]) // [^\"'`\n]*$")


def expect(texts: Iterable[bytes]) -> None:
    """Say what long texts the answer will have, in their order, that others have too."""
    g.expected = tuple(texts)


def compress(response: Response) -> Response:
    """Compress a whole answer of text; its ETag then names the content, not the bytes."""
    if not (response.mimetype or "").startswith(TEXTS):
        return response
    response.vary.add("Accept-Encoding")
    if response.direct_passthrough:  # a file of the program itself
        response.direct_passthrough = False
        response.make_sequence()
    is_own = request.endpoint == "static"  # the same for all, until the program changes
    if is_own and response.status_code == 200:
        response.set_data(lean(response.get_data(), request.path))
    if (
        response.status_code != 200
        or response.is_streamed
        or response.headers.get("Content-Encoding")
        or request.accept_encodings.quality("gzip") <= 0
        or len(content := response.get_data()) < WORTH
    ):
        return response
    response.set_data(_gzip(content, (content,) if is_own else g.get("expected", ())))
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)
    return response


@lru_cache(maxsize=64)
def lean(content: bytes, name: str) -> bytes:
    """Leave out what a style or a script says to its readers alone: its source has it.

    Of a style, comments and white space; of a script, comments and indentation.

    >>> lean(b"/* One. */\\na, b > c {\\n  color: red;\\n  content: '; ';\\n}\\n", "one.css")
    b"a,b > c{color:red;content:'; ';}"
    >>> lean(b"// One.\\nconst one = 1; // 1\\n  more(one);\\n", "one.js")
    b'const one = 1;\\nmore(one);\\n'
    """
    if name.endswith(".css"):
        return _BLANK.sub(rb"\1\2", _REMARK.sub(rb"\1", content).strip())
    return _COMMENT.sub(b"", content) if name.endswith(".js") else content


def _gzip(content: bytes, expected: Iterable[bytes]) -> bytes:
    """Compress a content, but for the texts in it that were compressed before.

    One that follows another tells again what was in that.
    """
    packed, at, before = [HEAD], 0, b""
    for text in expected:
        found = content.find(text, at)
        if found >= 0:
            packed.append(_deflate(content[at:found], LEVEL))
            packed.append(_deflate_once(text, before if found == at else b""))
            at, before = found + len(text), text
    packed.append(_deflate(content[at:], LEVEL, zlib.Z_FINISH))
    packed.append(struct.pack("<LL", zlib.crc32(content), len(content) % 2**32))
    return b"".join(packed)


@lru_cache(maxsize=512)
def _deflate_once(text: bytes, before: bytes) -> bytes:
    return _deflate(text, BEST, before=before[-WINDOW:])


def _deflate(
    content: bytes, level: int, end: int = zlib.Z_FULL_FLUSH, before: bytes = b""
) -> bytes:
    """Compress a part of a content (RFC 1951), up to a whole byte, with what stands before it."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS, zdict=before)
    return packer.compress(content) + packer.flush(end)
