"""Answers from the index: episodes with their hits, counts by month, related episodes, names."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import chain, islice

from tantivy import Occur, Query

from radio.archive import Archive, holdings
from radio.archive.episode import Episode
from radio.archive.glossary import entries
from radio.formats.markdown import plain
from radio.french.letters import fold
from radio.search.compiler import CompiledQuery, Compiler
from radio.search.days import read_periods
from radio.search.dossiers import Dossiers
from radio.search.fields import by_numbers, episodes
from radio.search.marking import Marker
from radio.search.passage import Passage, Snippet, mark, quote
from radio.search.query import LONGEST_QUERY, Either, ParsedQuery, compiled
from radio.search.ranking import (
    Ranking,
    ScoredAddress,
    count,
    months,
    narrow,
    numbers_in,
    rank,
)
from radio.search.reader import Reader
from radio.search.results import (
    EpisodeHits,
    Hit,
    Interpretation,
    PeriodChoice,
    Results,
    SearchOptions,
)
from radio.search.store import Answer, Store, healed
from radio.search.suggestions import examples, lead_on, suggest

MANY, ALL = 1_000, 3_000  # passages that are looked at for one word, and for several
RELATED = 200  # episodes whose related ones stay in memory, some 5 kB each
SHARED = 2  # passages that may overlap
FIRST_LOOK = 1_000  # passages of all episodes, before more are read
MOMENT = 15.0  # seconds, about what is quoted of a passage
ALIKE = 0.8  # of the words of two sentences, as a machine may hear them: those in both
REPEATED = 3  # episodes of a page that repeat a sentence
USUAL = SearchOptions()

Clauses = frozenset[int]  # by their place in the query
Words = frozenset[str]
Groups = dict[int, list[ScoredAddress]]  # by number of the episode
Page = tuple[EpisodeHits, ...]


class HitFinder:
    """Finds the hits of one query in some episodes."""

    def __init__(self, reader: Reader, asked: CompiledQuery, ranking: Ranking | None = None):
        self._reader, self._asked, self._query = reader, asked, asked.query
        self._ranking = ranking  # of the query by the best passages, where it is known
        self._clauses = frozenset(range(len(self._query.clauses)))
        self._marker = Marker(self._query, reader.vocabulary)
        self._each_word = len(self._query.clauses) == 1

    def find(self, found: Sequence[Episode], most: int | None) -> Iterator[EpisodeHits]:
        """Give the best passages of each episode, and the number of further ones. Without `most`,
        all hits in order: each word if the query has one clause, else each passage."""
        numbers = [self._reader.number_of.get(each.key, 0) for each in found]
        groups = self._among_ranked(numbers) or self._by_number(numbers, self._asked.index_query)
        # Where the sidecar meets a query that no passage meets, the passage that meets most of it
        # stands for the episode.
        others = [
            each
            for each in numbers
            if len(groups.get(each, ())) < 2 and not any(self._passages(groups.get(each, ())))
        ]
        most_met = Groups()
        if others and not self._each_word:
            vocabulary = self._reader.vocabulary
            parts = [(Occur.Should, compiled(each, vocabulary)) for each in self._query.clauses]
            in_part = Query.boolean_query([*parts, (Occur.MustNot, episodes())])
            most_met = self._by_number(others, self._query.around(in_part, vocabulary))
        for number, episode in zip(numbers, found, strict=True):
            elsewhere = self._asked.sidecars.get(number, frozenset())
            addresses = groups.get(number, [])
            if number in others:
                addresses, elsewhere = most_met.get(number, [])[:1], self._clauses
            if most is None:
                passages = [passage for _, passage in self._passages(addresses)]
                passages.sort(key=lambda each: each.first)
                hits = list(self._marker.find(passages, self._each_word, elsewhere))
                yield self._of(episode, hits, elsewhere, 0)
            else:
                best = list(self._passages(addresses[: SHARED * most]))
                scores = {id(passage): round(score, 4) for score, passage in best}
                in_order = sorted((passage for _, passage in best), key=lambda each: each.first)
                met = self._marker.find(in_order, elsewhere=elsewhere)
                moments = join_moments((each, scores[id(each.passage)]) for each in met)
                hits = [each for each, _ in sorted(moments, key=lambda pair: -pair[1])[:most]]
                unread = max(0, len(addresses) - SHARED * most + 1) // SHARED
                yield self._of(episode, hits, elsewhere, max(0, len(moments) - most) + unread)

    def _passages(self, addresses: Sequence[ScoredAddress]) -> Iterator[tuple[float, Passage]]:
        return ((score, each) for score, at in addresses for each in self._reader.passages([at]))

    def _among_ranked(self, wanted: Collection[int]) -> Groups:
        """Choose the documents of some episodes among those that were ranked, if these are all."""
        if self._ranking is None or self._ranking.every is None:
            return {}
        ranked = zip(self._ranking.numbers, self._ranking.every, strict=True)
        return _grouped(each for each in ranked if each[0] in wanted)

    def _by_number(self, wanted: Sequence[int], index_query: Query | None) -> Groups:
        """Find all documents of some episodes that meet a query, the best first."""
        if not wanted or index_query is None:
            return {}
        query = narrow(index_query, by_numbers(wanted))
        result = self._reader.searcher.search(query, FIRST_LOOK)
        total = result.count or 0  # type: ignore[attr-defined]  # not in tantivy's stub
        if total > FIRST_LOOK:
            result = self._reader.searcher.search(query, total)
        numbers = self._reader.numbers([at for _, at in result.hits])
        return _grouped(zip(numbers, result.hits, strict=True))

    def _of(self, episode: Episode, hits: list[Hit], elsewhere: Clauses, more: int) -> EpisodeHits:
        matches, met = self._marker.any_in(episode.title)
        clauses, quotations = (elsewhere if hits else self._clauses) - met, list[Snippet]()
        for text in _told(episode) if clauses else ():
            others, met = self._marker.any_in(text) if clauses else ([], frozenset[int]())
            if clauses & met:
                quotations.append(quote(text, others))
                clauses -= met
        heading = mark(episode.title, matches)
        return EpisodeHits(episode, tuple(hits), more, heading, tuple(quotations))


def _grouped(documents: Iterable[tuple[int, ScoredAddress]]) -> Groups:
    groups = defaultdict[int, list[ScoredAddress]](list)
    for number, document in documents:
        groups[number].append(document)
    return groups


def _told(episode: Episode) -> Iterator[str]:
    """Give what a sidecar says beside the title."""
    yield from (", ".join(episode.names), ", ".join(episode.tags))
    yield " ".join(plain(episode.description).split())


class Answers(ABC):
    """Reads the index. A damaged one is made again; if that fails, methods raise SearchError."""

    def __init__(self, archive: Archive):
        self._archive, self._store = archive, Store(archive.index)
        self.dossiers = Dossiers(archive, self._store, self.heal)

    @abstractmethod
    def heal(self, answer: Callable[[], Answer]) -> Answer:
        """Answer; if the index can't be read, make it again first."""

    @healed
    def search(self, reader: Reader, query: str, options: SearchOptions = USUAL) -> Results:
        """Find one page of episodes; a word that is not in the index becomes the closest one."""
        page, size = max(1, options.page), options.size
        asked, ranking = self._ranked(reader, query, options, page * size)
        found = Results(query, 0, (), page, 0)  # for signs alone, or exclusions
        if asked.index_query is not None:
            keys = reader.keys(ranking.addresses[(page - 1) * size :])
            hits = self._find_hits(reader, asked, ranking, keys, options)
            counted = count(reader.searcher, asked.index_query, ranking, reader.facet_counter)
            total, facets, aired = counted
            pages, meant = -(-total // size), asked.interpretation
            is_said = page > 1 or meant.time
            periods = () if is_said else tuple(self._periods(reader, query, options))
            found = Results(query, total, hits, page, pages, facets, meant, periods, aired=aired)
            found = replace(found, shows=asked.shows)
        return lead_on(found, asked, self._archive, reader, options, self.dossiers.alike)

    def _periods(self, reader: Reader, text: str, options: SearchOptions) -> Iterator[PeriodChoice]:
        """Count what each time of a query leaves: with its other words, else all that was aired."""
        compiler = Compiler(self._archive, reader, options)
        for period in read_periods(text[:LONGEST_QUERY], date.today()):
            for choice in dict.fromkeys((period, replace(period, words=""))):
                index_query = compiler.compile(choice.query).index_query
                total = len(numbers_in(reader.searcher, index_query)) if index_query else 0
                if total:
                    yield replace(choice, episodes=total)
                    break

    def _ranked(
        self, reader: Reader, text: str, options: SearchOptions, size: int
    ) -> tuple[CompiledQuery, Ranking]:
        """Compile a query, relaxed where nothing meets it, and rank the first episodes."""

        def ranked(asked: CompiledQuery) -> Ranking:
            """Rank what a query finds; several words find little, so all is read."""
            if asked.index_query is None:
                return Ranking([])
            look = ALL if len(asked.query.clauses) > 1 else MANY
            return rank(reader.searcher, asked.index_query, size, options.order, look)

        compiler = Compiler(self._archive, reader, options)
        asked = compiler.compile(text)
        ranking, wholes = ranked(asked), [asked]
        if not ranking.addresses and asked.interpretation.time:  # all words, in any time
            asked = compiler.compile(text, timed=False)
            ranking, wholes = ranked(asked), [*wholes, asked]
        for whole in wholes:
            if not ranking.addresses and (relaxed := compiler.relax(whole)) is not whole:
                asked, ranking = relaxed, ranked(relaxed)
        if not ranking.addresses or asked.interpretation:
            asked = compiler.translate(asked, text)
        return asked, ranking

    def batches(self, query: str, options: SearchOptions, most: int) -> Iterator[Page]:
        """Give the first `most` episodes of the results, a page at a time."""
        keys = self.keys(query, replace(options, page=1, size=most))
        for first in range(0, len(keys), options.size):
            yield self._hits_in(query, options, keys[first : first + options.size])

    @healed
    def _hits_in(
        self, reader: Reader, text: str, options: SearchOptions, keys: Sequence[str]
    ) -> Page:
        asked, ranking = self._ranked(reader, text, options, 1)
        return self._find_hits(reader, asked, ranking, keys, options)

    def _find_hits(
        self,
        reader: Reader,
        asked: CompiledQuery,
        ranking: Ranking,
        keys: Sequence[str],
        options: SearchOptions,
    ) -> Page:
        most = None if options.whole else options.most
        finder = HitFinder(reader, asked, ranking if options.order == "best" else None)
        found = tuple(finder.find(self._public(keys), most))
        return set_apart(found) if options.order == "best" and not options.whole else found

    @healed
    def keys(self, reader: Reader, query: str, options: SearchOptions) -> list[str]:
        """Give the keys of the episodes on one page of the results."""
        _, ranking = self._ranked(reader, query, options, options.page * options.size)
        return reader.keys(ranking.addresses[(options.page - 1) * options.size :])

    @healed
    def mentions(
        self, reader: Reader, query: str, options: SearchOptions = USUAL
    ) -> dict[date, int]:
        """Count the matching passages by month of broadcast, named by its first day."""
        asked, _ = self._ranked(reader, query, options, 1)
        return months(reader.searcher, asked.index_query) if asked.index_query else {}

    @healed
    def suggestions(self, reader: Reader, beginning: str, most: int = 10) -> list[str]:
        """Suggest queries that begin so: names of glossaries and of public episodes."""

        def find() -> list[str]:
            public = holdings.public_keys(self._archive)
            glossaries = (show.glossary for show in self._archive.shows())
            known = dict.fromkeys(name for each in glossaries for name in entries(each))

            def is_public(name: str) -> bool:
                return name in known or not public.isdisjoint(reader.keys_by_name.get(name, ()))

            names = ((fold(name.lower()), name) for name in known)
            frequent = reader.frequent if beginning.strip() else ()
            return suggest(beginning, chain(names, reader.names), frequent, most, is_public)

        if beginning.strip():
            return find()
        state = holdings.state(self._archive, self._archive.folders())
        return list(reader.once("first names", (state, most), find))

    @healed
    def examples(self, reader: Reader, most: int = 4) -> Sequence[str]:
        """Choose some words to try."""
        public, shows = holdings.public_keys(self._archive), self._archive.shows
        state = public, most
        return reader.once("examples", state, lambda: examples(reader, shows(), *state))

    @healed
    def related(self, reader: Reader, key: str, most: int = 3) -> Page:
        """Find other public episodes about the same subjects, each with one passage."""
        find = partial(self._find_related, reader, key, most)
        hits = reader.once("related", key, lambda: tuple(find())[:most], RELATED)
        return tuple(each for each in hits if self._public([each.key]))

    def _find_related(self, reader: Reader, key: str, most: int) -> Iterator[EpisodeHits]:
        if terms := reader.characteristic_terms(key):
            met = [(Occur.Should, compiled(term, reader.vocabulary)) for term in terms]
            own = by_numbers(reader.of_keys([key]))
            index_query = Query.boolean_query([*met, (Occur.MustNot, own)])
            addresses = rank(reader.searcher, index_query, 2 * most, "best").addresses
            finder = HitFinder(reader, CompiledQuery(ParsedQuery((Either(terms),)), index_query))
            found = list(finder.find(self._public(reader.keys(addresses)), SHARED))
            said = [hit.sentence for each in found for hit in each.hits]
            for each in found:  # what several say is a jingle
                hits = (hit for hit in each.hits if _repeats(hit.sentence, said) < REPEATED)
                yield from (replace(each, hits=(hit,)) for hit in islice(hits, 1))

    @healed
    def interpret(self, reader: Reader, query: str, options: SearchOptions) -> Interpretation:
        """Give what a query is taken for, where that is not what was typed."""
        return self._ranked(reader, query, options, 1)[0].interpretation

    def _public(self, keys: Iterable[str]) -> list[Episode]:
        found = (holdings.find_episode(self._archive, key) for key in keys)
        return [each for each in found if each]


def join_moments(found: Iterable[tuple[Hit, float]]) -> list[tuple[Hit, float]]:
    """Join hits of one moment, given in order with scores; the better score stays."""
    moments: list[tuple[Hit, float]] = []
    for each, score in found:
        first, other = moments[-1] if moments else (each, score)
        if moments and each.start - first.start < MOMENT:
            moments[-1] = first, max(score, other)
        else:
            moments.append((each, score))
    return moments


def set_apart(found: Sequence[EpisodeHits]) -> Page:
    """Put what many episodes repeat last; `Hit.again` marks a sentence quoted before."""
    said = [each.hits[0].sentence for each in found if each.hits]
    repeated = [each for each in said if _repeats(each, said) >= REPEATED]

    def repeats(hit: Hit) -> bool:
        return any(_are_alike(hit.sentence, each) for each in repeated)

    def only_repeats(each: EpisodeHits) -> bool:
        """Whether an episode has nothing else to show, neither in its title."""
        has_more = bool(each.told) or any(is_match for _, is_match in each.heading)
        return not has_more and any(map(repeats, each.hits[:1]))

    if repeated:
        own = (replace(each, hits=tuple(sorted(each.hits, key=repeats))) for each in found)
        found = sorted(own, key=only_repeats)
    quoted, shown = list[Words](), list[EpisodeHits]()
    for each in found:
        first, *others = each.hits or (None,)
        if first and any(_are_alike(first.sentence, other) for other in quoted):
            shown.append(replace(each, hits=(replace(first, again=True), *others)))
        else:
            quoted += [first.sentence] if first else []
            shown.append(each)
    return tuple(shown)


def _repeats(one: Words, said: Iterable[Words]) -> int:
    return sum(_are_alike(one, other) for other in said)


def _are_alike(one: Words, other: Words) -> bool:
    both = len(one & other)
    return both >= ALIKE * (len(one) + len(other) - both)
