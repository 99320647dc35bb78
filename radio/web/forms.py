"""Forms as they were sent, read in blocks by multipart: Werkzeug adds a byte to some files."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header
from werkzeug.exceptions import BadRequest

from radio.system.disk import Readable

BLOCK = 64 << 10  # bytes that are read at once
MOST = 200  # parts of a form
LONGEST = 10_000  # bytes of a text


@dataclass(frozen=True)
class FormPart:
    """A part of a form: its name, that of a file if it is one, and what it holds."""

    name: str
    file: str | None
    content: Iterator[bytes]

    def text(self) -> str:
        """Read a part that is no file; of what is longer the beginning alone is held."""
        read = bytearray()
        for block in self.content:
            read += block[: LONGEST - len(read)]
        return read.decode("utf-8", "replace")


def parts(kind: str, stream: Readable) -> Iterator[FormPart]:
    """Read the parts of a form, each before the next is asked for. Raises BadRequest."""
    name, options = parse_options_header(kind)
    if name != "multipart/form-data" or not options.get("boundary"):
        raise BadRequest
    events = _events(options["boundary"], stream)
    for event in events:
        if isinstance(event, MultipartSegment):
            content = map(bytes, takewhile(lambda block: block is not None, events))
            yield FormPart(event.name, event.filename, content)
            for _rest in content:
                pass


def _events(boundary: str, stream: Readable) -> Iterator[Any]:
    try:
        with PushMultipartParser(boundary, max_segment_count=MOST) as parser:
            while not parser.closed:
                yield from parser.parse(stream.read(BLOCK))
    except MultipartError as error:
        raise BadRequest from error
