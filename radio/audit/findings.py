"""What an audit finds, and what it looked at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Kind = Literal[
    "off-site request",
    "inline code",
    "cookie",
    "header",
    "dead link",
    "dead anchor",
    "missing transcript",
]


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that the site promises and does not keep.

    `page` is the path and query of where it was met; `what` is in the words of the formats (an
    element, a header, a status), the same in each language.
    """

    kind: Kind
    page: str
    what: str


@dataclass(frozen=True)
class Audit:
    """A site as it was found; a redirect is from and to, as path and query."""

    title: str
    address: str
    date: datetime  # UTC
    pages: int
    files: int
    recordings: int
    transcribed: int  # of the recordings
    redirects: tuple[tuple[str, str], ...]
    findings: tuple[Violation, ...]
    stopped: str = ""  # the limit at which it ended before the site did
