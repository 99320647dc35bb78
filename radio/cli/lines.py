r"""Lines: all that the command prints goes through here, so that no title steers a terminal.
Foreign texts (titles, file names, words of a feed or an error) may have signs that move the cursor,
hide text, or reverse letters. They are shown as in JSON, `\u001b`, so JSON stays what it is."""

import json
import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import TypeVar

import click

from radio.system.messages import Message, _, ngettext

Item = TypeVar("Item")
STEERING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]"
    r"|\r(?!\n)"  # goes back to the beginning of the line
    r"|\x1b(?!\[[01]m)"  # all but bold, and its end
)


def visible(text: object) -> str:
    r"""Write a text so that nothing in it steers a terminal.

    >>> visible("Le \x1b[2J\u202ecri\r"), visible("« Déjà » :\n\tla rue")
    ('Le \\u001b[2J\\u202ecri\\u000d', '« Déjà » :\n\tla rue')
    """
    return STEERING.sub(lambda sign: f"\\u{ord(sign[0]):04x}", str(text))


def say(text: object = "", /, *, err: bool = False, **values: object) -> None:
    """Print a line: a result, or to standard error a message, with what is filled in there. It is
    said in the present language, also where it was written before that was known."""
    text = _(text, **values) if isinstance(text, Message) else text
    click.echo(visible(text), err=err)


def tell(text: object, /, **values: object) -> None:
    """Print a message to standard error."""
    say(text, err=True, **values)


def warn(text: object, /, **values: object) -> None:
    """Print what is wrong, or waits for a keeper, to standard error."""
    tell(f"radio: {_(text, **values) if isinstance(text, Message) else text}")


def warn_away(number: int) -> None:
    """Say first if files vanished at once."""
    if number:
        files = counted(number, "{n} fichier", "{n} fichiers")
        message = _(
            "radio : disparu d’un coup : {files} ; le disque est-il branché ? Rien de ce qui en a "
            "été fait n’est effacé"
        )
        tell(message, files=files)


def say_json(value: object) -> None:
    """Print a result for scripts."""
    say(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def say_each(
    some: Iterable[Item],
    as_json: bool,
    line: Callable[[Item], object],
    value: Callable[[Item], object] = asdict,  # type: ignore[assignment]
    nothing: str = "",
) -> None:
    """Print a line of each, or that there is none; for scripts a list of values instead."""
    listed = list(some)
    if as_json:
        say_json([value(each) for each in listed])
        return
    for each in listed:
        say(line(each))
    if nothing and not listed:
        tell(_(nothing))


def line_about(place: object, text: object) -> str:
    """Write a line of what is wrong with something, or has become of it."""
    return _("radio: {place} : {text}", place=place, text=text)


def counted(number: int, one: str, several: str, **values: object) -> str:
    """Write how many there are of something, in the singular or the plural.

    >>> counted(1, "{n} épisode", "{n} épisodes"), counted(0, "{n} fichier", "{n} fichiers")
    ('1 episode', '0 files')
    """
    return ngettext(one, several, number, n=number, **values)


def duration(seconds: float) -> str:
    """Write how long something takes.

    >>> duration(42), duration(754), duration(5400)
    ('42 s', '13 min', '1 h 30')
    """
    minutes = round(seconds / 60)
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d}"


class VisibleFormatter(logging.Formatter):
    """Warnings, as lines of the command."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one."""
        return visible(super().format(record))
