"""A selection: the passages of one page of results, as a book that is made while somebody waits.

It is without sound, so it costs a fifth of a second for ten episodes of two hours. A booklet in PDF
would take over a second: the site gives a page to print in its place.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from radio.archive import Archive, holdings
from radio.books.book import Book, BookPart
from radio.books.excerpts import anthology, excerpts_of
from radio.books.words import Words
from radio.system.errors import RadioError

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FoundPassages:
    """What was asked for, and what some episodes say of it, in the order of the results."""

    query: str  # as typed
    title: str
    subtitle: str
    note: str
    parts: tuple[BookPart, ...]
    address: str = ""  # of the results; nothing where the site does not know its own

    @property
    def licenses(self) -> tuple[str, ...]:
        """The licences of all that is in it, each once."""
        return tuple(dict.fromkeys(each.show.license for each in self.parts))

    @property
    def notes(self) -> tuple[str, ...]:
        """Who answers for the texts in it, each once."""
        return tuple(dict.fromkeys(each.note for each in self.parts))


def parts_of(
    archive: Archive, found: Mapping[str, Sequence[float]], base_url: str
) -> Iterator[BookPart]:
    """Read what episodes say at some seconds; one that is gone by now is left out."""
    for key, seconds in found.items():
        try:
            episode = holdings.episode(archive, key)
            yield from excerpts_of(archive, episode, seconds, base_url)
        except RadioError as error:
            log.warning("%s", error)


def note_of(words: Words, found: Mapping[str, Sequence[float]], total: int) -> str:
    """Tell how much of what was found is in it; `total` are the episodes found."""
    passages = sum(map(len, found.values()))
    return words.selected.format(passages=passages, episodes=len(found), total=total)


def book_of_selection(archive: Archive, selection: FoundPassages) -> Book:
    """Make a book of a selection."""
    keys = sorted({each.episode.key for each in selection.parts})
    name = f"selection {selection.query} {keys}"
    return replace(
        anthology(archive, selection.title, selection.subtitle, selection.parts, name),
        address=selection.address,
        note=selection.note,
    )
