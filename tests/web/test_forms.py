"""Forms with files are read as they come: no byte is changed, and no text fills the memory."""

import io
import itertools
import os
import tracemalloc
from unittest.mock import Mock

import pytest
from werkzeug.exceptions import BadRequest

from radio.web import forms
from tests.tables import for_each

LINE = b"----------------------------x"
KIND = f"multipart/form-data; boundary={LINE.decode()}"
HEAD = b'--%s\r\nContent-Disposition: form-data; name="file"; filename="a.mp3"\r\n\r\n' % LINE
TAIL = b"\r\n--%s--\r\n" % LINE
TRAP = b"\r\n--%s\r--\n\r\r\n-" % LINE[:-1]


def kept(content: bytes) -> bytes:
    parts = forms.parts(KIND, io.BytesIO(HEAD + content + TAIL))
    (part,) = (b"".join(part.content) for part in parts)
    return part


def test_content_of_any_length_is_kept_as_it_is() -> None:
    whole, zeros = TRAP * (1 + (1 << 16) // len(TRAP)), bytes(1 << 16)
    for length in (*range(1 << 10), *range(1 << 10, 1 << 16, 11)):
        content = (whole if length % 2 else zeros)[:length]
        assert kept(content) == content, length
    whole, borders = os.urandom(3 << 16) + TRAP, (1 << 16, 2 << 16, 3 << 16, 4096)
    endings = (b"\r", b"\r\n", b"\r\n--", TRAP, b"\n", b"")
    for border, ending in itertools.product(borders, endings):
        for length in range(border - len(HEAD) - len(TAIL) - 8, border - len(HEAD) + 8, 3):
            content = whole[: length - len(ending)] + ending
            assert kept(content) == content, (border, ending, length)


def test_no_text_of_a_form_fills_the_memory() -> None:
    head = HEAD.replace(b'; filename="a.mp3"', b"")
    blocks = iter([head, *[b"x" * forms.BLOCK] * 400, TAIL])
    endless = Mock(read=lambda _size: next(blocks, b""))
    tracemalloc.start()
    try:
        texts = [part.text() for part in forms.parts(KIND, endless)]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert texts == ["x" * forms.LONGEST]
    assert peak < 20 * forms.BLOCK


@for_each(
    ("kind", "body"),
    [
        ("multipart/form-data", HEAD + TAIL),
        ("application/octet-stream", HEAD + TAIL),
        ("multipart/form-data; boundary=x", HEAD + TAIL),
        *((KIND, body) for body in (HEAD + b"cut", b"", (HEAD + b"\r\n") * 300 + TAIL)),
    ],
)
def test_what_is_no_whole_form_is_refused(kind: str, body: bytes) -> None:
    with pytest.raises(BadRequest):
        for part in forms.parts(kind, io.BytesIO(body)):
            part.text()
