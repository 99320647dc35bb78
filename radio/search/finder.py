"""The hits in each episode of the results: its best passages, or all in order."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from tantivy import DocAddress, Occur, Query

from radio.archive.episode import Episode
from radio.formats.markdown import plain
from radio.search.coverage import Told
from radio.search.fields import by_numbers, episodes
from radio.search.hits import EpisodeHits, Hit, Snippet
from radio.search.marking import Marker, Matched
from radio.search.passage import Passage, unpack
from radio.search.query import ParsedQuery
from radio.search.ranking import narrow
from radio.search.reader import Reader
from radio.search.snippet import mark, quote
from radio.text.sentences import find_sentences

SHARED = 2  # passages that may overlap
FIRST_LOOK = 1_000  # passages of all episodes, before more are read

ScoredAddress = tuple[float, DocAddress]
Clauses = frozenset[int]
"""By their place in the query."""
MOMENT = 15.0  # seconds, about what is quoted of a passage
ALIKE = 0.8  # of the words of two sentences, as a machine may hear them: those in both
MANY = 3  # episodes of a page that repeat a sentence

Words = frozenset[str]
_WORD = re.compile(r"\w+")


class HitFinder:
    """Finds the hits of one query in some episodes."""

    def __init__(self, reader: Reader, query: ParsedQuery, index_query: Query, told: Told):
        self._reader, self._searcher, self._told = reader, reader.searcher, told
        self._query, self._index_query = query, index_query
        self._clauses = frozenset(range(len(query.clauses)))
        self._marker = Marker(query, reader.vocabulary)
        self._each_word = len(query.clauses) == 1

    def best(self, found: Sequence[Episode], most: int) -> tuple[EpisodeHits, ...]:
        """Give the best passages of each episode, and the number of further ones."""
        return tuple(self._best(*group, most) for group in self._by_episode(found))

    def every(self, found: Sequence[Episode]) -> tuple[EpisodeHits, ...]:
        """Give all hits in order: each word if the query has one clause, else each passage."""
        return tuple(self._every(*group) for group in self._by_episode(found))

    def _best(
        self, episode: Episode, addresses: Sequence[ScoredAddress], told: Clauses, most: int
    ) -> EpisodeHits:
        """Give the best hits; a word in two passages is marked in the same one as in `every`."""
        best = sorted(addresses, key=lambda each: -each[0])[: SHARED * most]
        scores = {passage: round(score, 4) for score, passage in self._passages(best)}
        in_order = sorted(scores, key=lambda each: each.first)
        found = self._marker.find(in_order, told=told)
        moments = join_moments((each, scores[each.passage]) for each in found)
        hits = [each.hit for each, _ in sorted(moments, key=lambda pair: -pair[1])[:most]]
        return self._of(episode, hits, told, max(0, len(addresses) - most))

    def _every(
        self, episode: Episode, addresses: Sequence[ScoredAddress], told: Clauses
    ) -> EpisodeHits:
        passages = (passage for _, passage in self._passages(addresses))
        in_order = sorted(passages, key=lambda each: each.first)
        found = self._marker.find(in_order, self._each_word, told)
        return self._of(episode, [each.hit for each in found], told, 0)

    def _passages(self, addresses: Sequence[ScoredAddress]) -> Iterator[tuple[float, Passage]]:
        documents = (
            (score, self._searcher.doc(at).get_first("passage")) for score, at in addresses
        )
        return ((score, unpack(bytes(each))) for score, each in documents if each)

    def _by_episode(
        self, found: Sequence[Episode]
    ) -> Iterator[tuple[Episode, list[ScoredAddress], Clauses]]:
        """Find the passages of all episodes at once: one query costs less than many.

        Where the sidecar meets a query that no passage meets, the passage that meets most of it
        stands for the episode.
        """
        groups = self._find([each.key for each in found], self._index_query)
        others = [each.key for each in found if not self._is_said(groups.get(each.key, []))]
        most_met = self._find(others, self._in_part()) if others and not self._each_word else {}
        for each in found:
            if each.key in others:
                yield each, most_met.get(each.key, [])[:1], self._clauses
            else:
                yield each, groups[each.key], self._told_of(each)

    def _is_said(self, addresses: Sequence[ScoredAddress]) -> bool:
        """Whether one of some documents of an episode is a passage."""
        return len(addresses) > 1 or any(self._passages(addresses))

    def _in_part(self) -> Query:
        """Build the query of passages that meet one clause or more."""
        vocabulary = self._reader.vocabulary
        parts = [(Occur.Should, clause.compile(vocabulary)) for clause in self._query.clauses]
        met = Query.boolean_query([*parts, (Occur.MustNot, episodes())])
        return self._query.around(met, vocabulary)

    def _find(self, keys: Sequence[str], index_query: Query) -> dict[str, list[ScoredAddress]]:
        """Find the documents of some episodes that meet a query, the best first."""
        query = narrow(index_query, by_numbers(self._reader.of_keys(keys)))
        result = self._searcher.search(query, FIRST_LOOK)
        total = result.count or 0  # type: ignore[attr-defined]  # not in tantivy's stub
        if total > FIRST_LOOK:
            result = self._searcher.search(query, total)
        found = self._reader.keys([at for _, at in result.hits])
        groups: dict[str, list[ScoredAddress]] = {}
        for key, address in zip(found, result.hits, strict=True):
            groups.setdefault(key, []).append(address)
        return groups

    def _told_of(self, episode: Episode) -> Clauses:
        """Give the clauses that the sidecar of an episode meets, where passages meet the others."""
        return self._told.get(self._reader.number_of.get(episode.key, 0), frozenset())

    def _of(self, episode: Episode, hits: Sequence[Hit], told: Clauses, more: int) -> EpisodeHits:
        matches, met = self._marker.any_in(episode.title)
        return EpisodeHits(
            episode.key,
            episode.show,
            episode.title,
            episode.date,
            tuple(hits),
            more,
            mark(episode.title, matches),
            tuple(self._tell(episode, (told if hits else self._clauses) - met)),
            episode.known_date,
        )

    def _tell(self, episode: Episode, clauses: Clauses) -> Iterator[Snippet]:
        """Quote what else of a sidecar meets some clauses: people, tags, description."""
        people = ", ".join(episode.names)
        for text in (people, ", ".join(episode.tags), " ".join(plain(episode.description).split())):
            matches, met = self._marker.any_in(text) if clauses else ([], frozenset[int]())
            if clauses & met:
                yield quote(text, matches)
                clauses -= met


def join_moments(found: Iterable[tuple[Matched, float]]) -> list[tuple[Matched, float]]:
    """Join what is of one moment, given in order with its scores, and keep the better score."""
    moments: list[tuple[Matched, float]] = []
    for each, score in found:
        first, other = moments[-1] if moments else (each, score)
        if moments and each.start - first.start < MOMENT:
            moments[-1] = first, max(score, other)
        else:
            moments.append((each, score))
    return moments


def set_apart(found: Sequence[EpisodeHits]) -> tuple[EpisodeHits, ...]:
    """Put what many episodes repeat after what each of them says for itself.

    A sentence that was quoted for an episode before is told by `Hit.again`.
    """
    firsts = _first_sentences(found)
    said = [each for each in firsts if each is not None]
    repeated = [one for one in said if sum(_are_alike(one, other) for other in said) >= MANY]
    if repeated:
        own = [_own_first(each, repeated) for each in found]
        found = sorted(own, key=lambda each: _only_repeats(each, repeated))
        firsts = _first_sentences(found)
    return tuple(_tell_again(found, firsts))


def _first_sentences(found: Iterable[EpisodeHits]) -> list[Words | None]:
    return [_sentence(each.hits[0]) if each.hits else None for each in found]


def _tell_again(
    found: Iterable[EpisodeHits], firsts: Iterable[Words | None]
) -> Iterator[EpisodeHits]:
    quoted: list[Words] = []
    for each, first in zip(found, firsts, strict=True):
        if first is None:
            yield each
        elif _is_one_of(first, quoted):
            yield replace(each, hits=(replace(each.hits[0], again=True), *each.hits[1:]))
        else:
            yield each
            quoted.append(first)


def _own_first(episode: EpisodeHits, repeated: Sequence[Words]) -> EpisodeHits:
    """Put the repeated sentences of an episode after its own."""
    if not any(_is_one_of(_sentence(hit), repeated) for hit in episode.hits[:1]):
        return episode
    hits = sorted(episode.hits, key=lambda hit: _is_one_of(_sentence(hit), repeated))
    return replace(episode, hits=tuple(hits))


def _only_repeats(episode: EpisodeHits, repeated: Sequence[Words]) -> bool:
    """Whether an episode has nothing else to show, neither in its title."""
    is_told = bool(episode.told) or any(is_match for _, is_match in episode.heading)
    return not is_told and any(_is_one_of(_sentence(hit), repeated) for hit in episode.hits[:1])


def _sentence(hit: Hit) -> Words:
    """Give the words of the sentence in which a hit begins."""
    ends = accumulate(len(text) for text, _ in hit.snippet)
    pairs = zip(ends, hit.snippet, strict=True)
    place = next((end - len(text) for end, (text, is_match) in pairs if is_match), 0)
    text = "".join(text for text, _ in hit.snippet)
    spans = (text[start:end] for start, end in find_sentences(text) if start <= place < end)
    return frozenset(_WORD.findall(next(spans, text).lower()))


def _is_one_of(sentence: Words, others: Iterable[Words]) -> bool:
    return any(_are_alike(sentence, other) for other in others)


def _are_alike(one: Words, other: Words) -> bool:
    shorter, longer = sorted((len(one), len(other)))
    return shorter >= ALIKE * longer and len(one & other) >= ALIKE * len(one | other)
