"""What several episodes say of a subject, or a page of results, gathered for one book.

The latter is made while somebody waits. It is without sound, so it costs a fifth of a second for
ten episodes of two hours. A booklet in PDF would take over a second: the site gives a page to print
in its place.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from radio.archive import Archive, holdings
from radio.archive.dossier import Dossier, Line, Mentions, Subject
from radio.books.book import Book, BookPart
from radio.books.excerpts import anthology, excerpts_of
from radio.books.words import Words, words_of
from radio.formats import addresses
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


MOST = 200  # passages of a book
AT_ONCE = 20  # episodes that are read in the index

Tell = Callable[[Sequence[Line]], Dossier]
"""Tells what some episodes of a dossier say."""


@dataclass(frozen=True)
class Gathered:
    """When each episode speaks of a subject, as far as a book holds it."""

    seconds: Mapping[str, Sequence[float]]  # by key
    is_whole: bool
    years: str


def passages_of(lines: Sequence[Line], tell: Tell, most: int = MOST) -> Gathered:
    """Find when a subject is spoken of, or speaks.

    Where that is more than a book holds, only the first passages of each episode are given, and
    only the last episodes.
    """
    some, found = lines[-most:], dict[str, list[float]]()
    for first in range(0, len(some), AT_ONCE):
        for entry in tell(some[first : first + AT_ONCE]).entries:
            if seconds := seconds_of(entry):
                found[entry.key] = seconds
    counts = [len(each) for each in found.values()]
    share = fair_share(counts, most)
    is_whole = len(some) == len(lines) and share >= max(counts, default=0)
    dates = [each.known_date[:4] for each in some if each.key in found and each.known_date]
    years = "–".join(dict.fromkeys([*dates[:1], *dates[-1:]]))
    return Gathered({key: each[:share] for key, each in found.items()}, is_whole, years)


def seconds_of(entry: Mentions) -> list[float]:
    """Tell when an episode speaks of a subject, and when that person first speaks."""
    return sorted({each.start for each in (*entry.sentences, *entry.own)})


def fair_share(counts: Sequence[int], most: int) -> int:
    """Tell how many of each may be taken so that all together are at most so many, but one each.

    >>> fair_share([1, 5, 9], 10), fair_share([1, 5, 9], 100), fair_share([1, 1, 1], 2)
    (4, 9, 1)
    """
    share = max(counts, default=1)
    while share > 1 and sum(min(each, share) for each in counts) > most:
        share -= 1
    return share


def gather(archive: Archive, subject: Subject, found: Gathered, base_url: str) -> Book | None:
    """Make a book of what is said of a subject; None where nothing is."""
    parts = list(parts_of(archive, found.seconds, base_url))
    if not parts:
        return None
    words = words_of(parts[0].show.language_of(parts[0].episode))
    subtitle = ", ".join(filter(None, (words.archives, found.years)))
    name = f"dossier {subject.kind} {subject.slug}"
    return replace(
        anthology(archive, subject.name, subtitle, parts, name),
        description=subject.description,
        address=addresses.dossier_page(base_url, subject) if base_url else "",
        note=_note(words, found),
    )


def _note(words: Words, found: Gathered) -> str:
    passages = sum(map(len, found.seconds.values()))
    told = words.all_said if found.is_whole else words.some_said
    return told.format(passages=passages, episodes=len(found.seconds))
