"""The content of a small answer: no more than was asked for, also once it is opened."""

import zlib
from collections.abc import Callable, Iterator
from http.client import HTTPResponse

from radio.system.errors import NoAnswerError, RefusedError
from radio.system.messages import _

BLOCK = 64 << 10  # bytes
GZIP, GZIP_WINDOW = b"\x1f\x8b", 16 + zlib.MAX_WBITS
PLAIN = {"", "identity"}


def read_content(
    response: HTTPResponse, limit: int, is_enough: Callable[[bytes], bool] = lambda _: False
) -> bytes:
    """Read an answer of at most `limit` bytes, opened where it is gzip.

    One that begins with what `is_enough` is read no further, however large it is.
    Raises RefusedError if it is larger or packed in another way, NoAnswerError if it is cut or
    empty.
    """
    packing = response.headers.get("Content-Encoding", "").strip().lower()
    if packing not in PLAIN | {"gzip", "x-gzip"}:
        raise RefusedError(_("packed as {packing!r:.40}").format(packing=packing))
    begun = response.read1(BLOCK)
    if is_enough(begun):
        return begun
    sent = _sent(response, limit, begun)
    content = b"".join(sent if packing in PLAIN else _opened(sent, limit))
    if not content:  # as where the headers were cut
        raise NoAnswerError(_("an empty answer"))
    return content


def unpacked(content: bytes, limit: int) -> bytes:
    """Open a file that is gzip itself, as `sitemap.xml.gz` is; any other stays as it is.

    Raises RefusedError if what it holds is larger than `limit` bytes, NoAnswerError if it is cut.
    """
    return b"".join(_opened(iter([content]), limit)) if content.startswith(GZIP) else content


def require_whole(response: HTTPResponse) -> None:
    """Raise NoAnswerError if an answer, read to its end, is shorter than it says."""
    if response.length:
        raise NoAnswerError(_("cut, {size} bytes before its end").format(size=response.length))


def _sent(response: HTTPResponse, limit: int, block: bytes) -> Iterator[bytes]:
    """Give what is sent, from its first block on."""
    _require(len(block) + (response.length or 0), limit)
    size = 0
    while block:
        size += len(block)
        _require(size, limit)
        yield block
        block = response.read1(BLOCK)
    require_whole(response)


def _opened(sent: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """Open gzip, of one member or several; what a bomb would open to is never made."""
    member, size = zlib.decompressobj(GZIP_WINDOW), 0
    try:
        for each in sent:
            block = each
            while block:
                if member.eof:
                    if not block.startswith(GZIP):
                        break  # what is padded after the end
                    member = zlib.decompressobj(GZIP_WINDOW)
                opened = member.decompress(block, limit - size + 1)
                size += len(opened)
                _require(size, limit)
                yield opened
                block = member.unused_data
    except zlib.error as error:
        raise NoAnswerError(_("broken gzip")) from error
    if not member.eof:
        raise NoAnswerError(_("gzip that is cut"))


def _require(size: int, limit: int) -> None:
    if size > limit:
        raise RefusedError(_("larger than {limit} kB").format(limit=limit // 1000))
