"""What keepers did to protect people, as the sidecar of an episode tells it. Pure."""

import datetime as dt
from dataclasses import dataclass, replace

LONGEST_REPLY = 20_000  # characters


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


@dataclass(frozen=True)
class Protection:
    """What was done for people, as far as listeners are told of it."""

    since: dt.date | None = None  # the day on which it was withdrawn
    until: dt.date | None = None  # the day on which that ends; older programs never end it
    noindex: bool = False  # whether search engines are asked to leave it out
    replies: tuple[PublicReply, ...] = ()
    pseudonyms: tuple[dt.date, ...] = ()  # the days on which a name was replaced

    def joined(self, other: "Protection", withdrawal: "Protection") -> "Protection":
        """Keep what protects people in either of two episodes that become one.

        The days of a withdrawal are those of one of both.
        """
        replies = dict.fromkeys((*self.replies, *other.replies))
        days = dict.fromkeys((*self.pseudonyms, *other.pseudonyms))
        return replace(
            withdrawal,
            noindex=self.noindex or other.noindex,
            replies=tuple(replies),
            pseudonyms=tuple(days),
        )


def replaced_notice(day: dt.date, language: str) -> str:
    """Tell that a name was replaced, and not which.

    >>> replaced_notice(dt.date(2026, 11, 26), "fr")
    'Un nom a été remplacé à la demande de la personne (26/11/2026).'
    """
    if language.lower().startswith("fr"):
        return f"Un nom a été remplacé à la demande de la personne ({day:%d/%m/%Y})."
    return f"A name was replaced as the person asked ({day})."
