r"""Lines: all that the command prints goes through here, so that no title steers a terminal.
Foreign texts (titles, file names, words of a feed or an error) may have signs that move the cursor,
hide text, or reverse letters. They are shown as in JSON, `\u001b`, so JSON stays what it is."""

import logging
import re

import click

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
    """Print a line, with what is filled in there: a result, or to standard error a message."""
    text = str(text).format(**values) if values else text
    click.echo(visible(text), err=err)


def tell(text: object, /, **values: object) -> None:
    """Print a message to standard error."""
    say(text, err=True, **values)


def warn(text: object, /, **values: object) -> None:
    """Print what is wrong, or waits for a keeper, to standard error."""
    say(f"radio: {str(text).format(**values) if values else text}", err=True)


class VisibleFormatter(logging.Formatter):
    """Warnings, as lines of the command."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one."""
        return visible(super().format(record))
