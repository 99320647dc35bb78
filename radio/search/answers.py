"""Answers from the index: episodes with their hits, counts by month, what is related, names."""

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from datetime import date
from itertools import accumulate, chain

from tantivy import DocAddress, Occur, Query

from radio.archive import Archive, holdings
from radio.archive.episode import Episode
from radio.archive.glossary import entries
from radio.formats.markdown import plain
from radio.french.letters import fold
from radio.search import related
from radio.search.clauses import Either
from radio.search.compiler import CompiledQuery, Compiler
from radio.search.coverage import Told
from radio.search.days import read_periods
from radio.search.fields import by_numbers, episodes
from radio.search.hits import (
    EpisodeHits,
    Hit,
    Interpretation,
    Order,
    PeriodChoice,
    Results,
    SearchOptions,
    Snippet,
)
from radio.search.marking import Marker, Matched
from radio.search.passage import Passage, unpack
from radio.search.query import LONGEST_QUERY, ParsedQuery
from radio.search.ranking import Ranking, count, count_episodes, months, narrow, rank
from radio.search.reader import Reader
from radio.search.snippet import mark, quote
from radio.search.store import Store, translate_errors
from radio.search.suggestions import NameSubjects, examples, lead_on, suggest
from radio.text.sentences import find_sentences

MANY, ALL = 1_000, 3_000  # passages that are looked at for one word, and for several
RELATED_CACHE = 200  # episodes whose related ones stay in memory, some 5 kB each

SHARED = 2  # passages that may overlap
FIRST_LOOK = 1_000  # passages of all episodes, before more are read

ScoredAddress = tuple[float, DocAddress]
Clauses = frozenset[int]
"""By their place in the query."""
MOMENT = 15.0  # seconds, about what is quoted of a passage
ALIKE = 0.8  # of the words of two sentences, as a machine may hear them: those in both
REPEATED = 3  # episodes of a page that repeat a sentence

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


class Answers:
    """Reads the index of an archive. Every method raises SearchError if it can't be read."""

    def __init__(self, archive: Archive, store: Store, named: NameSubjects):
        self._archive = archive
        self._store = store
        self._subjects_alike = named

    def results(self, text: str, options: SearchOptions) -> Results:
        """Find the episodes in which all the words are said, those of one page."""
        reader = self._store.reader()
        with translate_errors(self._store.path):
            page, size = max(1, options.page), options.size
            compiled, ranking = self._ranked(reader, text, options, page * size)
            if compiled.index_query is None:  # signs alone, or exclusions
                return self._lead_on(Results(text, 0, (), page, 0), compiled, reader, options)
            keys = reader.keys(ranking.addresses[(page - 1) * size :])
            hits = self._find_hits(reader, compiled, keys, options)
            total, facets, aired = count(
                reader.searcher, compiled.index_query, ranking, reader.facet_counter
            )
            periods = tuple(self._periods(reader, text, options)) if page == 1 else ()
            pages = -(-total // size)
            told = compiled.interpretation
            found = Results(text, total, hits, page, pages, facets, told, periods, aired=aired)
            return self._lead_on(found, compiled, reader, options)

    def _lead_on(
        self, found: Results, compiled: CompiledQuery, reader: Reader, options: SearchOptions
    ) -> Results:
        return lead_on(found, compiled, self._archive, reader, options, self._subjects_alike)

    def _periods(self, reader: Reader, text: str, options: SearchOptions) -> Iterator[PeriodChoice]:
        """Count what each time of a query leaves: with its other words, else all that was aired."""
        compiler = Compiler(self._archive, reader, options)
        for period in read_periods(text[:LONGEST_QUERY], date.today()):
            for choice in dict.fromkeys((period, replace(period, rest=""))):
                index_query = compiler.compile(choice.narrowed).index_query
                total = count_episodes(reader.searcher, index_query) if index_query else 0
                if total:
                    yield PeriodChoice(
                        choice.first, choice.last, choice.rest, choice.narrowed, total
                    )
                    break

    def _ranked(
        self, reader: Reader, text: str, options: SearchOptions, size: int
    ) -> tuple[CompiledQuery, Ranking]:
        """Compile a query, relaxed where nothing meets it, and rank the first episodes."""
        compiler = Compiler(self._archive, reader, options)
        compiled = compiler.compile(text)
        ranking = _rank(reader, compiled, size, options.order)
        if not ranking.addresses and (relaxed := compiler.relax(compiled)) is not compiled:
            compiled, ranking = relaxed, _rank(reader, relaxed, size, options.order)
        if not ranking.addresses or compiled.interpretation:
            compiled = compiler.translate(compiled, text)
        return compiled, ranking

    def hits_in(
        self, text: str, options: SearchOptions, keys: Sequence[str]
    ) -> tuple[EpisodeHits, ...]:
        """Find the hits in the episodes of some keys."""
        reader = self._store.reader()
        with translate_errors(self._store.path):
            compiled, _ = self._ranked(reader, text, options, 1)
            return self._find_hits(reader, compiled, keys, options)

    def _find_hits(
        self, reader: Reader, compiled: CompiledQuery, keys: Sequence[str], options: SearchOptions
    ) -> tuple[EpisodeHits, ...]:
        if compiled.index_query is None or not keys:
            return ()
        public = [episode for key in keys if (episode := self._public(key))]
        finder = HitFinder(reader, compiled.query, compiled.index_query, compiled.told)
        if options.whole:
            return finder.every(public)
        best = finder.best(public, options.most)
        return set_apart(best) if options.order == "best" else best

    def keys(self, text: str, options: SearchOptions) -> list[str]:
        """Give the keys of the episodes on one page of the results."""
        reader = self._store.reader()
        with translate_errors(self._store.path):
            _, ranking = self._ranked(reader, text, options, options.page * options.size)
            return reader.keys(ranking.addresses[(options.page - 1) * options.size :])

    def mentions(self, text: str, options: SearchOptions) -> dict[date, int]:
        """Count the matching passages by month of broadcast, named by its first day."""
        reader = self._store.reader()
        with translate_errors(self._store.path):
            compiled, _ = self._ranked(reader, text, options, 1)
            return months(reader.searcher, compiled.index_query) if compiled.index_query else {}

    def suggestions(self, beginning: str, most: int) -> list[str]:
        """Suggest queries that begin so."""
        reader = self._store.reader()
        glossaries = (show.glossary for show in self._archive.shows())
        known = tuple(dict.fromkeys(name for each in glossaries for name in entries(each)))
        public = holdings.public_keys(self._archive)
        with translate_errors(self._store.path):
            if beginning.strip():
                return _suggest(beginning, reader, known, public, most)
            return list(_first_names(reader, known, public, most))

    def examples(self, most: int) -> Sequence[str]:
        """Give some words to try, chosen once for each state of the index."""
        reader, public = self._store.reader(), holdings.public_keys(self._archive)
        state = public, most
        if state not in reader.examples:
            with translate_errors(self._store.path):
                found = examples(reader, self._archive.shows(), public, most)
            reader.examples.clear()
            reader.examples[state] = found
        return reader.examples[state]

    def related(self, key: str, most: int) -> tuple[EpisodeHits, ...]:
        """Find other episodes about the same subjects, each with one passage.

        Recent answers are kept until the index changes. Gives only episodes that are public today.
        """
        reader = self._store.reader()
        hits = reader.related.get(key)
        if hits is None:
            hits = self._find_related(reader, key, most)
            if len(reader.related) >= RELATED_CACHE:
                reader.related.clear()
            reader.related[key] = hits
        return tuple(each for each in hits if self._public(each.key))

    def _find_related(self, reader: Reader, key: str, most: int) -> tuple[EpisodeHits, ...]:
        with translate_errors(self._store.path):
            terms = related.characteristic_terms(reader, key)
            index_query = related.similar_passages(reader.vocabulary, terms, reader.of_keys([key]))
            addresses = (
                rank(reader.searcher, index_query, 2 * most, "best").addresses if terms else []
            )
            public = [episode for key in reader.keys(addresses) if (episode := self._public(key))]
            finder = HitFinder(reader, ParsedQuery((Either(terms),)), index_query, {})
            return tuple(each for each in finder.best(public, 1) if each.hits)[:most]

    def interpret(self, text: str, options: SearchOptions) -> Interpretation:
        """Tell what a query is taken for."""
        reader = self._store.reader()
        with translate_errors(self._store.path):
            return self._ranked(reader, text, options, 1)[0].interpretation

    def _public(self, key: str) -> Episode | None:
        """Read an episode; None where it is gone or broken since the last refresh."""
        return holdings.find_episode(self._archive, key)


def _suggest(
    beginning: str, reader: Reader, known: Sequence[str], public: Set[str], most: int
) -> list[str]:
    """Suggest queries that begin so, of names in glossaries and of what public episodes have."""

    def is_public(name: str) -> bool:
        return name in known or not public.isdisjoint(reader.keys_by_name.get(name, ()))

    glossary_names = ((fold(name.lower()), name) for name in known)
    frequent_words = reader.frequent if beginning else ()
    return suggest(beginning, chain(glossary_names, reader.names), frequent_words, most, is_public)


def _first_names(
    reader: Reader, known: tuple[str, ...], public: Set[str], most: int
) -> Sequence[str]:
    """Suggest something before anything is typed: every page does, so it is kept."""
    state = known, public, most
    if state not in reader.first_names:
        reader.first_names.clear()
        reader.first_names[state] = _suggest("", reader, known, public, most)
    return reader.first_names[state]


def _rank(reader: Reader, compiled: CompiledQuery, size: int, order: Order) -> Ranking:
    """Rank what a query finds; several words find little, so that all of it is looked at."""
    if compiled.index_query is None:
        return Ranking([], [])
    look = ALL if len(compiled.query.clauses) > 1 else MANY
    return rank(reader.searcher, compiled.index_query, size, order, look)


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
    repeated = [one for one in said if sum(_are_alike(one, other) for other in said) >= REPEATED]
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
