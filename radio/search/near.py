"""What lies near a query that found nothing: people, tags and titles that are written alike.

Where nothing is, the most frequent tags and the newest episodes, so that no page is empty.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice

from radio import holdings
from radio.archive import Archive
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


def lead_on(
    found: Results,
    compiled: CompiledQuery,
    archive: Archive,
    reader: Reader,
    options: SearchOptions,
) -> Results:
    """Add to the results of a search what leads on where words are left out, or all is."""
    left_out = " ".join(found.interpretation.without)
    if options.episode is not None or not (left_out or not found.total):
        return found
    is_public = holdings.public_keys(archive).__contains__
    close = near(left_out or compiled.typed, reader, is_public)
    if found.total:
        return replace(found, near=close)
    beyond = _count_beyond(found.query, archive, reader, options)
    return replace(found, near=close or at_hand(reader, is_public) or Near(), beyond=beyond)


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
    text_words = (word for word in words(typed) if not (word.is_light or word.is_compound))
    folded = (word.folded.removeprefix(FOLDED) for word in text_words)
    asked = [word for word in dict.fromkeys(folded) if len(word) >= SHORTEST][:MOST_WORDS]
    found = [each for word in asked for each in _alike(word, reader.named_words)]
    return Near(
        _public_names((name for each in found for name in each.people), reader, is_public),
        _public_names((name for each in found for name in each.tags), reader, is_public),
        _episodes((about for each in found for about in each.titles.values()), is_public),
    )


def at_hand(reader: Reader, is_public: Callable[[str], bool]) -> Near:
    """Give the most frequent tags, and the newest public episodes."""
    tags = {tag for about in reader.about.values() for tag in about.tags}
    frequent = _public_names((n for _, n in reader.names if n in tags), reader, is_public)
    newest = sorted(reader.about.values(), key=lambda about: about.key.split("/")[1], reverse=True)
    return Near((), frequent, _episodes(newest, is_public), is_close=False)


def _alike(word: str, named_words: Iterable[NamedWord]) -> Iterator[NamedWord]:
    """Give the words of names that are written almost like one, the closest first."""
    alike = [each for each in named_words if each.word[0] == word[0] and _is_near(each.word, word)]
    yield from sorted(alike, key=lambda each: -_shared(each.word, word))


def _is_near(one: str, other: str) -> bool:
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
