"""What a site answers, handed to a limited child that reads it."""

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from radio.ingest.articles import Article
from radio.ingest.page import WebPage
from radio.system import records, sandbox
from radio.system.connection.fetch import Answer
from radio.system.errors import ReaderError
from radio.system.messages import reworded

LARGEST = 16 << 20  # bytes of a page or an answer
MEMORY, SECONDS = 1 << 30, 7  # of the child that reads one, which lives 28 s at most


@dataclass(frozen=True)
class _Posts:
    articles: tuple[Article, ...] = ()


def read_page(answer: Answer) -> WebPage:
    """Read a page.

    Raises ReaderError where it passes the limits of the child.
    """
    value = _read("radio.ingest.page:extract", answer, _charset(answer))
    return records.read(WebPage, json.dumps(value).encode(), answer.address)


def read_posts(answer: Answer) -> Iterator[Article]:
    """Read an answer of WordPress as articles.

    Raises ReaderError where it is no JSON, or passes the limits of the child.
    """
    value = _read("radio.ingest.posts:extract", answer)
    text = json.dumps({"articles": value}).encode()
    yield from records.read(_Posts, text, answer.address).articles


def read_apart(reader: str, answer: Answer, *arguments: str, memory: int, seconds: int) -> Any:
    """Have a function read what a site answered at an address, in a child with limits.

    Raises ReaderError, or what else the function raises.
    """
    with tempfile.NamedTemporaryFile() as file:
        file.write(answer.content)
        file.flush()
        given = (reader, file.name, answer.address, *arguments)
        try:
            return sandbox.call(*given, memory=memory, seconds=seconds)
        except ReaderError as error:
            raise ReaderError(reworded(error, file.name, answer.address)) from error


def _read(reader: str, answer: Answer, *arguments: str) -> Any:
    return read_apart(reader, answer, *arguments, memory=MEMORY, seconds=SECONDS)


def _charset(answer: Answer) -> str:
    return answer.headers.get("Content-Type", "").partition("charset=")[2].strip("\"' ;")
