"""What keepers did to protect people, as the sidecar of an episode tells it. Pure."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

LONGEST_REPLY = 20_000  # characters
MOMENT = re.compile(r"(?:(?:(\d{1,4})[:h])?(\d{1,3})[:'’])?(\d{1,9}(?:[.,]\d{1,20})?)", re.ASCII)


@dataclass(frozen=True)
class PublicReply:
    """What somebody who was spoken of replies: the right of reply."""

    text: str  # a little Markdown
    author: str = ""
    at: float | None = None  # seconds: the passage that it replies to; else the whole episode
    date: dt.date | None = None

    @property
    def day(self) -> str:
        """The day of the reply, ISO; nothing where it is not known."""
        return self.date.isoformat() if self.date else ""


@dataclass(frozen=True, slots=True)
class Protection:
    """What was done for people, as far as listeners see it."""

    since: dt.date | None = None  # the day on which it was withdrawn
    until: dt.datetime | None = None  # when that ends; older programs never end it
    noindex: bool = False  # whether search engines are asked to leave it out
    replies: tuple[PublicReply, ...] = ()
    pseudonyms: tuple[dt.date, ...] = ()  # the days on which a name was replaced

    def joined(self, other: "Protection", withdrawal: "Protection") -> "Protection":
        """Join the protection of two episodes that become one; days as in `withdrawal`."""
        noindex = self.noindex or other.noindex
        replies = tuple(dict.fromkeys((*self.replies, *other.replies)))
        days = tuple(dict.fromkeys((*self.pseudonyms, *other.pseudonyms)))
        return replace(withdrawal, noindex=noindex, replies=replies, pseudonyms=days)


@dataclass(frozen=True)
class Redaction:
    """A passage that was taken out of a recording and its text."""

    start: float  # seconds
    end: float
    date: str = ""  # ISO day on which it was taken away

    def meets(self, start: float, end: float) -> bool:
        """Whether something of what is between two seconds was taken out."""
        return start < self.end and self.start < end


def replaced_notice(day: dt.date, language: str) -> str:
    """Say that a name was replaced, not which.

    >>> replaced_notice(dt.date(2026, 11, 26), "fr")
    'Un nom a été remplacé à la demande de la personne (26/11/2026).'
    """
    if _is_french(language):
        return f"Un nom a été remplacé à la demande de la personne ({day:%d/%m/%Y})."
    return f"A name was replaced as the person asked ({day})."


def mark_of(language: str) -> str:
    """Write what stands in place of removed words.

    >>> mark_of("fr"), mark_of("en-GB")
    ('[passage retiré]', '[passage removed]')
    """
    return "[passage retiré]" if _is_french(language) else "[passage removed]"


def with_notices(text: str, redactions: Iterable[Redaction], language: str) -> str:
    """Add a line to a text for each day on which a passage was removed.

    >>> with_notices("La rue.", [Redaction(1.0, 2.0, "2026-11-26")], "fr")
    'La rue.\\n\\nUn passage a été retiré (26/11/2026).'
    """
    days = dict.fromkeys(each.date for each in redactions)
    lines = [f"A passage was removed ({day})." for day in days]
    if _is_french(language):
        dates = ("/".join(reversed(day.split("-"))) for day in days)
        lines = [f"Un passage a été retiré ({date})." for date in dates]
    return "\n\n".join(filter(None, (text.rstrip(), *lines))) if lines else text


def _is_french(language: str) -> bool:
    return language.lower().startswith("fr")


def read_moment(text: str) -> float | None:
    """Read a moment of a recording, in seconds; None where it is none.

    >>> read_moment("1:02:03,5"), read_moment("1:51.802"), read_moment("75"), read_moment("x")
    (3723.5, 111.802, 75.0, None)
    >>> read_moment("01:02:03.500"), read_moment("1h25’30"), read_moment("")
    (3723.5, 5130.0, None)
    """
    found = MOMENT.fullmatch(text.strip())
    if found is None:
        return None
    hours, minutes, seconds = found.groups()
    whole = 3600 * int(hours or 0) + 60 * int(minutes or 0)
    return round(whole + float(seconds.replace(",", ".")), 6)
