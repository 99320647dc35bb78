"""Dossiers: sentences of the archive about a person or a theme, in order of time; or a thread,
passages that somebody chose, in their order. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal

Kind = Literal["person", "theme", "thread"]


@dataclass(frozen=True)
class ThreadPassage:
    """A passage that somebody chose: where it is said, not its words."""

    key: str  # of its episode, or one that this had
    second: float  # at which it begins
    until: float | None = None  # the second at which it ends, where it is not one sentence
    line: str = ""  # what stands before it


@dataclass(frozen=True)
class Subject:
    """A person or a theme, of which there is a dossier; or a thread."""

    kind: Kind
    name: str
    slug: str
    words: tuple[str, ...] = ()  # other words for it, that are looked for too
    named: tuple[str, ...] = ()  # how sidecars write it: people and voices, or tags
    description: str = ""  # by a keeper
    author: str = ""  # of a thread
    day: str = ""  # on which it was made, ISO
    passages: tuple[ThreadPassage, ...] = ()  # of a thread

    @property
    def texts(self) -> tuple[str, ...]:
        """The name and the other words, each once."""
        return tuple(dict.fromkeys((self.name, *self.named, *self.words)))


@dataclass(frozen=True)
class Count:
    """A subject, and in how many episodes it is."""

    subject: Subject
    episodes: int


@dataclass(frozen=True)
class Line:
    """An episode of a dossier, before it is read."""

    key: str
    known_date: str  # ISO, of a day, a month or a year; "" where unknown
    passages: int  # in which the subject is named, about
    is_named: bool  # by the sidecar: the person takes part, or the theme is a tag

    @property
    def year(self) -> int:
        """The year of the broadcast; 0 where it is unknown."""
        return int(self.known_date[:4] or 0)


@dataclass(frozen=True)
class Quotation:
    """A sentence of the archive; « … » at an end where more of it is said."""

    key: str
    start: float  # seconds
    end: float
    text: str
    voice: str  # who speaks; nothing where nobody is named
    is_machine: bool  # written by the machine, and reread by nobody
    found: tuple[tuple[int, int], ...] = ()  # characters by which it is in the dossier

    @property
    def parts(self) -> Iterator[tuple[str, bool]]:
        """Split the text, each part with whether it was looked for.

        >>> list(Quotation("a/b", 0, 1, "la rue dort", "", True, ((3, 6),)).parts)
        [('la ', False), ('rue', True), (' dort', False)]
        """
        place = 0
        for start, end in self.found:
            yield self.text[place:start], False
            yield self.text[start:end], True
            place = end
        yield self.text[place:], False


@dataclass(frozen=True)
class Mentions:
    """What one episode says of a subject."""

    line: Line
    sentences: tuple[Quotation, ...]
    own: tuple[Quotation, ...] = ()  # the first that the person says there
    before: str = ""  # of a thread: what its author says first

    @property
    def key(self) -> str:
        """The key of the episode."""
        return self.line.key


@dataclass(frozen=True)
class Dossier:
    """What episodes say of a subject, the oldest first, undated ones last; passages of a thread."""

    subject: Subject
    entries: tuple[Mentions, ...]

    @property
    def sentences(self) -> tuple[Quotation, ...]:
        """All that is said of it, in order."""
        return tuple(chain.from_iterable(each.sentences for each in self.entries))
