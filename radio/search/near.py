"""What lies near a query that found nothing: people, themes and titles that are written alike.

Where nothing is, the most frequent tags and the newest episodes, so that no page is empty.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from radio.archive import Archive, holdings
from radio.archive.dossier import Subject
from radio.search.compiler import CompiledQuery, Compiler
from radio.search.fields import About
from radio.search.french import FOLDED, words
from radio.search.hits import Near, Results, SearchOptions
from radio.search.ranking import count_episodes
from radio.search.reader import NamedWord, Reader
from radio.search.spelling import errors
from radio.search.syntax import without_filters

MOST = 5  # people, tags or episodes
MOST_WORDS = 6  # of a query, for which something near is looked for
SHORTEST = 4  # letters that two words share at their beginning
DIFFERENT = 2  # letters by which the shorter one ends otherwise, at most

NameSubjects = Callable[[str, str], Iterable[Subject]]
"""Finds what keepers name alike: as some words, or as all that was typed."""


def lead_on(
    found: Results,
    compiled: CompiledQuery,
    archive: Archive,
    reader: Reader,
    options: SearchOptions,
    named: NameSubjects,
) -> Results:
    """Add to the results of a search what leads on where words are left out, or all is."""
    left_out = " ".join(found.interpretation.without)
    if options.episode is not None or not (left_out or not found.total):
        return found
    is_public = holdings.public_keys(archive).__contains__
    close = near(left_out or compiled.typed, reader, is_public)
    close = _with_subjects(close, tuple(named(left_out, compiled.typed)))
    if found.total:
        return replace(found, near=close)
    beyond = _count_beyond(found.query, archive, reader, options)
    return replace(found, near=close or at_hand(reader, is_public) or Near(), beyond=beyond)


def _with_subjects(close: Near, subjects: Sequence[Subject]) -> Near:
    """Add what a keeper names; it stands for the names that it gathers."""
    gathered = {name for each in subjects for name in (each.name, *each.named)}
    return replace(
        close,
        people=tuple(each for each in close.people if each not in gathered),
        tags=tuple(each for each in close.tags if each not in gathered),
        subjects=tuple(subjects[:MOST]),
    )


def is_alike(subject: Subject, some: str, typed: str) -> bool:
    """Whether something is named almost as a word of some is written, or all that was typed.

    >>> theme = Subject("theme", "Mal-logement", "mal-logement", ("loyers",))
    >>> is_alike(theme, "loyrs", ""), is_alike(theme, "", "mallogement"), is_alike(theme, "bal", "")
    (True, True, False)
    """
    asked, whole = _asked(some or typed), "".join(_folded(typed))
    for text in subject.texts:
        own = _folded(text)
        joined = "".join(own)
        if len(joined) >= SHORTEST and whole and errors(joined, whole, 1) <= 1:
            return True
        if any(len(one) >= SHORTEST and _alike_words(one, other) for one in own for other in asked):
            return True
    return False


def _count_beyond(text: str, archive: Archive, reader: Reader, options: SearchOptions) -> int:
    """Count the episodes that a query finds without its filters; none where it has none."""
    words = without_filters(text)
    if not words or (words == text and options.show is None):
        return 0
    query = Compiler(archive, reader, replace(options, show=None)).compile(words).index_query
    return count_episodes(reader.searcher, query) if query else 0


def near(typed: str, reader: Reader, is_public: Callable[[str], bool]) -> Near:
    """Find public people, tags and episodes with a word close to one that was typed.

    `is_public` says so of the key of an episode.
    """
    found = [each for word in _asked(typed) for each in _alike(word, reader.named_words)]
    return Near(
        _public_names((name for each in found for name in each.people), reader, is_public),
        _public_names((name for each in found for name in each.tags), reader, is_public),
        _episodes((about for each in found for about in each.titles.values()), is_public),
    )


def _asked(typed: str) -> list[str]:
    """Give the words of a query, folded, for which something near is looked for."""
    return [word for word in dict.fromkeys(_folded(typed)) if len(word) >= SHORTEST][:MOST_WORDS]


def _folded(text: str) -> list[str]:
    text_words = (word for word in words(text) if not (word.is_light or word.is_compound))
    return [word.folded.removeprefix(FOLDED) for word in text_words]


def at_hand(reader: Reader, is_public: Callable[[str], bool]) -> Near:
    """Give the most frequent tags, and the newest public episodes."""
    tags = {tag for about in reader.about.values() for tag in about.tags}
    frequent = _public_names((n for _, n in reader.names if n in tags), reader, is_public)
    newest = sorted(reader.about.values(), key=lambda about: about.key.split("/")[1], reverse=True)
    return Near((), frequent, _episodes(newest, is_public), is_close=False)


def _alike(word: str, named_words: Iterable[NamedWord]) -> Iterator[NamedWord]:
    """Give the words of names that are written almost like one, the closest first."""
    alike = [each for each in named_words if _alike_words(each.word, word)]
    yield from sorted(alike, key=lambda each: -_shared(each.word, word))


def _alike_words(one: str, other: str) -> bool:
    if one[0] != other[0]:
        return False
    is_begun_alike = _shared(one, other) >= max(SHORTEST, min(len(one), len(other)) - DIFFERENT)
    return is_begun_alike or errors(one, other, 1) <= 1


def _shared(one: str, other: str) -> int:
    """Count the letters that two words share at their beginning."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(one), len(other)))


def _public_names(
    names: Iterable[str], reader: Reader, is_public: Callable[[str], bool]
) -> tuple[str, ...]:
    """Give the first of some names that a public episode has."""
    public = (n for n in dict.fromkeys(names) if any(map(is_public, reader.keys_by_name[n])))
    return tuple(islice(public, MOST))


def _episodes(
    abouts: Iterable[About], is_public: Callable[[str], bool]
) -> tuple[tuple[str, str], ...]:
    titles = {about.key: about.title for about in abouts}
    return tuple(islice(((k, t) for k, t in titles.items() if is_public(k)), MOST))
