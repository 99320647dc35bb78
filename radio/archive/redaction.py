"""A passage that was taken out of a recording and its text, as a sidecar tells it. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MOMENT = re.compile(r"(?:(?:(\d{1,4}):)?(\d{1,2}):)?(\d{1,9}(?:[.,]\d{1,6})?)", re.ASCII)


@dataclass(frozen=True)
class Redaction:
    """A passage that was taken away; what it was stands nowhere."""

    start: float  # seconds
    end: float
    date: str = ""  # ISO day on which it was taken away


def read_moment(text: str) -> float | None:
    """Read a moment of a recording, in seconds; None where it is none.

    >>> read_moment("1:02:03,5"), read_moment("1:51.802"), read_moment("75"), read_moment("x")
    (3723.5, 111.802, 75.0, None)
    """
    found = MOMENT.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, seconds = found.groups()
    whole = 3600 * int(hours or 0) + 60 * int(minutes or 0)
    return round(whole + float(seconds.replace(",", ".")), 6)


def mark_of(language: str) -> str:
    """Write what stands in place of the words.

    >>> mark_of("fr"), mark_of("en-GB")
    ('[passage retiré]', '[passage removed]')
    """
    return "[passage retiré]" if language.lower().startswith("fr") else "[passage removed]"


def with_notices(text: str, redactions: Iterable[Redaction], language: str) -> str:
    """Add to a text a line for each day on which a passage was taken away.

    >>> with_notices("La rue.", [Redaction(1.0, 2.0, "2026-11-26")], "fr")
    'La rue.\\n\\nUn passage a été retiré (26/11/2026).'
    """
    lines = dict.fromkeys(_notice(each.date, language) for each in redactions)
    return "\n\n".join(filter(None, (text.rstrip(), *lines))) if lines else text


def _notice(date: str, language: str) -> str:
    if language.lower().startswith("fr"):
        return f"Un passage a été retiré ({'/'.join(reversed(date.split('-')))})."
    return f"A passage was removed ({date})."
