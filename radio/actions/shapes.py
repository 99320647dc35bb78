"""The shapes of fields: a line, several values, a text; how each is written, and read again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from radio.archive import imprint
from radio.formats import tables
from radio.system.messages import _


@dataclass(frozen=True)
class Field:
    """How a field is written as a text, and read: what a text changes, by attribute.

    `read` raises ValueError saying what was expected.
    """

    write: Callable[[Any], str]
    read: Callable[[str], dict[str, Any]]
    shape: Literal["line", "list", "text"] = "line"
    merge: Callable[[str, str, str], str | None] = lambda _was, _now, _mine: None
    """Writes in one what two people wrote; None where who comes second has to decide."""

    def plainly(self, text: str) -> str:
        """Write a text in one way, whatever page, cell or system it comes from."""
        if self.shape == "list":
            return tables.join(tables.split(text))
        return tables.plain(text).strip() if self.shape == "text" else " ".join(text.split())


def paragraphs(name: str) -> Field:
    """Give a field of several paragraphs."""
    return Field(
        lambda item: tables.plain(getattr(item, name)), lambda text: {name: text.strip()}, "text"
    )


def line(name: str) -> Field:
    """Give a field of one line."""
    return Field(lambda item: getattr(item, name), lambda text: {name: " ".join(text.split())})


def series(name: str) -> Field:
    """Give a field of several values."""
    return Field(
        lambda item: tables.join(getattr(item, name)),
        lambda text: {name: tuple(dict.fromkeys(tables.split(text)))},
        "list",
    )


def number(name: str) -> Field:
    """Give a field that is a whole number, or nothing."""

    def read(text: str) -> dict[str, Any]:
        if text.strip() and not (text.strip().isdecimal() and int(text) > 0):
            raise ValueError(_("not a whole number from 1"))
        return {name: int(text) if text.strip() else None}

    return Field(lambda item: str(getattr(item, name) or ""), read)


def read_contact(text: str) -> dict[str, Any]:
    """Read how somebody is reached."""
    if text.strip() and not imprint.is_contact(text.strip()):
        raise ValueError(_("neither a mail address nor https://…"))
    return {"contact": text.strip()}
