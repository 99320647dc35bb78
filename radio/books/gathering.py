"""What several episodes say of a subject, gathered for one book of so many passages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from radio.archive import Archive
from radio.archive.dossier import Dossier, Line, Mentions, Subject
from radio.books.book import Book
from radio.books.excerpts import anthology
from radio.books.selection import parts_of
from radio.books.words import Words, words_of
from radio.formats import addresses

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
