"""What a site answers, read in a limited child."""

import importlib
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from radio.system import records, sandbox
from radio.system.connection.fetch import Answer
from radio.system.errors import ReaderError, retold
from radio.system.messages import _, reworded
from radio.system.progress import Progress

LARGEST = 16 << 20  # bytes of a page or an answer
MEMORY, SECONDS = 1 << 30, 7  # of the child that reads one, which lives 28 s at most
NO_JSON = _("{address} : ce n’est pas du JSON")

Shape = TypeVar("Shape")
Reader = Callable[[bytes, str, str], Shape]  # of the bytes at an address, sent with a charset


def read_in_child(
    reader: Reader[Shape], answer: Answer, memory: int = MEMORY, seconds: int = SECONDS
) -> Shape:
    """Read what a site answered, in a child with limits: bytes of memory, seconds of its CPU.
    Raises ReaderError, or what else the reader raises."""
    name = f"{reader.__module__}:{reader.__name__}"
    given = (name, answer.address, answer.headers.get_content_charset(""))
    with tempfile.NamedTemporaryFile() as file:
        file.write(answer.content)
        file.flush()
        try:
            extractor = f"{__name__}:extract"
            value = sandbox.call(extractor, file.name, *given, memory=memory, seconds=seconds)
        except ReaderError as error:
            raise ReaderError(reworded(error, file.name, answer.address)) from error
    shape: type[Shape] = get_type_hints(reader)["return"]
    return records.read(shape, json.dumps(value).encode(), answer.address)


def extract(path: str, _progress: Progress, reader: str, address: str, charset: str) -> Any:
    """Call a reader on a file, in the child; gives a value for JSON."""
    module, _colon, name = reader.partition(":")
    read = getattr(importlib.import_module(module), name)
    return json.loads(records.render(read(Path(path).read_bytes(), address, charset)))


def parse_json(content: bytes, address: str, message: str = NO_JSON) -> Any:
    """Read JSON. Raises ReaderError with that message if it is none."""
    with retold(message, ValueError, RecursionError, by=ReaderError, address=address):
        return json.loads(content)


def as_dict(value: object) -> dict[str, Any]:
    """Give a value that is an object of JSON; else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """Give a value that is a list; else an empty one."""
    return value if isinstance(value, list) else []


def as_text(value: object) -> str:
    """Give a text, or what WordPress rendered of it; nothing where it is none."""
    value = value.get("rendered") if isinstance(value, dict) else value
    return value if isinstance(value, str) else ""


def whole_number(value: object, longest: int = 15) -> int:
    """Read a number of fewer digits than `longest`; 0 where it is none."""
    text = str(value).strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < longest else 0
