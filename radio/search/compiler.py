"""Queries, as the index is asked. Sidecar and passages of an episode meet a query together: what
the one says, the others need not. Where nothing meets the whole query, the fewest clauses are left
out and, among equals, those that no title or tag says. Filters and exclusions stay. The score of
one query tells which clauses each document meets: each adds the same large number, and a power of
two of its own. The best document meets the most clauses and, among equals, the last one."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from tantivy import FieldType, Occur, Query

from radio.archive import Archive
from radio.archive.episode import Show
from radio.archive.slugs import SLUG
from radio.french.letters import fold
from radio.search.acronyms import stand_for
from radio.search.days import read_periods
from radio.search.fields import by_numbers, episodes, fold_name, schema
from radio.search.french import FOLDED, words
from radio.search.marking import Marker
from radio.search.query import (
    LONGEST_QUERY,
    Clause,
    Either,
    ParsedQuery,
    Phrase,
    SaidWord,
    Term,
    compiled,
    every,
    frequency,
    matches,
    parse,
    parts_of,
    phrase,
    words_of,
)
from radio.search.questions import asked, in_french
from radio.search.ranking import narrow, numbers_in
from radio.search.reader import Reader
from radio.search.results import Interpretation, PeriodChoice, SearchOptions
from radio.search.syntax import aired, items, only, read
from radio.search.widening import (
    in_one_or_two,
    is_exact_only,
    mend,
    mishearings,
    titles,
    widen,
)

MOST_READ = 1_000  # passages that are read
MOST_CLAUSES = 12  # clauses: the scores stay whole numbers in 32 bits
COUNTED = 1 << MOST_CLAUSES
MOST_EPISODES = 1_000  # episodes; a word in more sidecars tells none from another
WEIGHT = 1.0  # of a word of the sidecar: less than that of a word said
NAMES, LATEST = 3, 2100  # figures of a number that names something; the last year
LONGEST_MISSED = 7  # days of a time for which the nearest episode stands

Clauses = frozenset[int]  # by place
Sidecars = Mapping[int, Clauses]  # by number of episode: clauses met, by place


@dataclass(frozen=True)
class CompiledQuery:
    """A query as the index is asked."""

    query: ParsedQuery
    index_query: Query | None  # with all filters; None where the query is empty
    interpretation: Interpretation = field(default_factory=Interpretation)
    typed: str = ""  # what the clauses were made of
    sidecars: Sidecars = field(default_factory=dict)  # clauses that passages need not meet
    shows: tuple[str, ...] = ()  # whose titles are typed, by slug


class Compiler:
    """Compiles queries for the index at one commit."""

    def __init__(self, archive: Archive, reader: Reader, options: SearchOptions):
        self._archive, self._reader, self._options = archive, reader, options

    @cached_property
    def _shows(self) -> Sequence[Show]:
        return self._archive.shows()

    def compile(self, text: str, *, timed: bool = True) -> CompiledQuery:
        """Compile what was typed, narrowed to the time that it means; sidecars may meet a part of
        several clauses."""
        as_typed, reader, shows = self._options.as_typed, self._reader, self._shows
        stated = "" if as_typed else asked(text[:LONGEST_QUERY])
        typed, instead = stated or text, ""
        time = self._time(typed[:LONGEST_QUERY]) if timed and not as_typed else None
        typed = time.words if time else typed
        query = parse(typed, as_typed=as_typed)
        if time:
            filters = replace(query.filters, first=time.first, last=time.last)
            query = replace(query, filters=filters)
        explained = stand_for(query.clauses, typed, reader, self._archive, shows)
        meanings = [] if as_typed else list(explained)
        found = [widening for widening, _ in meanings]
        found += mishearings(query.clauses, (each.corrections for each in shows))
        found += in_one_or_two(query, reader.vocabulary)
        named = {} if as_typed else dict(titles(query.clauses, shows, reader.of_shows))
        found += named.values()
        query = replace(query, clauses=widen(query.clauses, found))
        if not as_typed:
            query, instead = mend(query, typed, reader.vocabulary)
        parts = self._parts(query)
        sidecars = met_by_sidecars(query.clauses, reader) if len(parts) > 1 else {}
        sidecars = in_part(sidecars, {place: place for place in range(len(parts))})
        also = tuple(also for _, also in meanings)
        interpretation = Interpretation(stated, instead, also=also, time=time, idle=query.idle)
        index_query = self._compile(query, parts, sidecars)
        searched, named_shows = instead or typed, tuple(named)
        return CompiledQuery(query, index_query, interpretation, searched, sidecars, named_shows)

    def _time(self, text: str) -> PeriodChoice | None:
        """Read the one time that is meant, if something was aired then: 1984 may be a book. For a
        day or week that is typed alone and has no episode, take the nearest day that has one."""
        found = read_periods(text, date.today())
        if len(found) != 1 or any(aired(read(text))):
            return None
        (time,), days, other = found, self._reader.days, parse(found[0].words).clauses
        named = titles(other, self._shows, self._reader.of_shows)
        if not (time.is_meant or any(len(each.places) == len(other) for _, each in named)):
            return None
        first, last = time.first or date.min, time.last or date.max
        after = bisect_left(days, first)
        if days[after : after + 1] and days[after] <= last:
            return time
        if time.words or not after or (last - first).days > LONGEST_MISSED:
            return None
        near = min(days[after - 1 : after + 1], key=lambda day: max(first - day, day - last))
        return replace(time, first=near, last=near, missed=time)

    def relax(self, whole: CompiledQuery) -> CompiledQuery:
        """Where no passage meets all clauses, take the episodes that do, else leave out those that
        are not met with the others; what is left of several as good, all stand for."""
        query, clauses = replace(whole.query, closest=None), whole.query.clauses
        if whole.index_query is None or len(clauses) < 2 or self._options.as_typed:
            return whole
        parts = self._parts(query)
        queries = or_sidecars(parts, whole.sidecars)
        if apart := self._met_apart(query, queries):
            one = Query.boolean_query([(Occur.Should, each) for each in queries])
            return replace(
                whole,
                query=query,
                index_query=narrow(self._around(query, one), by_numbers(apart)),
                sidecars=dict.fromkeys(apart, frozenset(range(len(clauses)))),
                interpretation=replace(whole.interpretation, is_apart=True),
            )
        chosen = self._most_met(query, queries, whole.sidecars)
        if not chosen or len(chosen[0]) == len(clauses):
            return whole
        return self._kept(whole, query, chosen)

    def _kept(
        self, whole: CompiledQuery, query: ParsedQuery, chosen: Sequence[Clauses]
    ) -> CompiledQuery:
        """Compile what is left: the clauses of all choices, and one of those that differ."""
        clauses = query.clauses
        common = sorted(frozenset.intersection(*chosen))
        any_of_these = sorted(frozenset.union(*chosen).difference(common))
        kept = [clauses[place] for place in common]
        kept += [Either(tuple(clauses[place] for place in any_of_these))] if any_of_these else []
        places = {place: new for new, place in enumerate(common)}
        sidecars = in_part(whole.sidecars, places | dict.fromkeys(any_of_these, len(common)))
        less = replace(query, clauses=tuple(kept))
        index_query = self._compile(less, self._parts(less), sidecars)
        # What else stood for a clause that is left out is said no more.
        met = {*common, *any_of_these}
        others = [each for place, each in enumerate(clauses) if place not in met]
        left = frozenset[str]().union(*(word.keys for word in words_of(others)))
        pairs = [(also, phrase(also.text)) for also in whole.interpretation.also]
        lacking = [each for place, each in enumerate(clauses) if place not in common]
        interpretation = replace(
            whole.interpretation,
            without=left_out(whole.typed, lacking),
            is_either=bool(any_of_these),
            also=tuple(also for also, own in pairs if own and not own.keys <= left),
        )
        return CompiledQuery(less, index_query, interpretation, whole.typed, sidecars, whole.shows)

    def _met_apart(self, query: ParsedQuery, queries: Sequence[Query]) -> Sequence[int]:
        """Give the numbers of the episodes that meet all, though not in one passage."""
        if query.filters.voices or all(map(is_numeral, query.clauses)):
            return ()
        found = set(self._reader.about)
        for each in queries:
            if found:
                own = self._around(query, each)
                found.intersection_update(numbers_in(self._reader.searcher, own).tolist())
        return sorted(found)

    def _most_met(
        self, query: ParsedQuery, queries: Sequence[Query], sidecars: Sidecars
    ) -> list[Clauses]:
        """Choose the most clauses, by place, that one document meets together, those of titles and
        tags first; several choices that are as good differ by one clause. Not numbers and months
        alone: « mars 2024 » must not find « mars 2025 ». Asks the index once."""
        clauses, reader = query.clauses, self._reader
        frequencies = [frequency(each, reader.vocabulary) for each in clauses]
        rarest_last = sorted(range(len(clauses)), key=lambda place: (-frequencies[place], -place))
        asked = self._around(query, any_of([queries[place] for place in rarest_last]))
        hits = reader.searcher.search(asked, MOST_READ, count=False).hits
        found = [frozenset(rarest_last[place] for place in met(score)) for score, _ in hits]
        distinct = dict.fromkeys(each for each in found if len(each) == len(found[0]))
        told = [max((len(each & own) for own in sidecars.values()), default=0) for each in distinct]
        most = max(told, default=0)
        chosen = [each for each, number in zip(distinct, told, strict=True) if number == most]
        chosen = [each for each in chosen if not all(is_numeral(clauses[place]) for place in each)]
        own = [each.difference(*(other for other in chosen if other != each)) for each in chosen]
        return chosen if all(len(each) == 1 for each in own) else chosen[:1]

    def translate(self, compiled: CompiledQuery, text: str) -> CompiledQuery:
        """Add a French query to try, where an English word is said in none of the French shows."""
        is_french = all(show.language.startswith("fr") for show in self._shows)
        if self._options.as_typed or not is_french:
            return compiled

        def is_said(word: str) -> bool:
            return self._reader.vocabulary.frequency(FOLDED + fold(word)) > 0

        typed = compiled.interpretation.asked or text[:LONGEST_QUERY]
        if french := in_french(only(typed, lambda item: item.is_plain), is_said):
            french = f"{french} {only(typed, lambda item: not item.is_plain)}".strip()
        return replace(compiled, interpretation=replace(compiled.interpretation, french=french))

    def _parts(self, query: ParsedQuery) -> list[Query]:
        return [compiled(clause, self._reader.vocabulary) for clause in query.clauses]

    def _compile(self, query: ParsedQuery, parts: list[Query], sidecars: Sidecars) -> Query | None:
        show = self._options.show
        if not query or (show is not None and not SLUG.fullmatch(show)):
            return None
        if not parts:
            return narrow(self._around(query, Query.all_query()), episodes())
        index_query = self._around(query, every(or_sidecars(parts, sidecars)))
        if query.filters.voices:
            index_query = truly_said(query, index_query, sidecars, self._reader)
        return index_query

    def _around(self, query: ParsedQuery, met: Query) -> Query:
        index_query = query.around(met, self._reader.vocabulary)
        for condition in self._conditions(query):
            index_query = narrow(index_query, condition)
        return index_query

    def _conditions(self, query: ParsedQuery) -> Iterator[Query]:
        filters, options, reader = query.filters, self._options, self._reader
        for name in filters.shows:
            own = fold(name.lower())  # a slug, or a part of a title
            titles = {each.slug: fold(each.title.lower()) for each in self._shows}
            slugs = [slug for slug, title in titles.items() if name == slug or own in title]
            yield by_numbers(reader.of_shows(slugs))
        if options.show is not None:
            yield by_numbers(reader.of_shows([options.show]))
        if options.episode is not None:
            yield by_numbers(reader.of_keys([options.episode]))
        voice = "voice" if query.clauses else "speaker"
        named = (("person", filters.persons), ("tag", filters.tags), (voice, filters.voices))
        for name, texts in named:
            for form in (form for text in texts for form in fold_name(text)):
                yield Query.term_query(schema(), name, form)
        days = (filters.first or date.min).toordinal(), (filters.last or date.max).toordinal()
        ranges = [("seconds", *each) for each in filters.lengths]
        ranges += [("day", *days)] if filters.first or filters.last else []
        for name, lowest, highest in ranges:
            yield Query.range_query(schema(), name, FieldType.Unsigned, lowest, highest)


def is_numeral(clause: Clause) -> bool:
    """Whether a clause is a number or a month, but none that may be a name: the 115 is asked for
    by its number."""
    number = clause.forms[1].removeprefix(FOLDED) if isinstance(clause, Term) else ""
    is_name = number.isdecimal() and (len(number) == NAMES or int(number) > LATEST)
    return is_exact_only(number) and not is_name


def truly_said(query: ParsedQuery, index_query: Query, sidecars: Sidecars, reader: Reader) -> Query:
    """Keep the episodes where one of these voices says the words. Asks the index once."""
    hits = reader.searcher.search(index_query, MOST_READ, count=False).hits
    numbers = reader.numbers([address for _, address in hits])
    marker, true = Marker(query, reader.vocabulary), set[int]()
    for number, (_, address) in zip(numbers, hits, strict=True):
        passages = [] if number in true else reader.passages([address])
        if any(marker.find(passages, elsewhere=sidecars.get(number, ()))):
            true.add(number)
    return narrow(index_query, by_numbers(true))


def any_of(queries: Sequence[Query]) -> Query:
    """Build the query of what meets one of some queries; scores tell which (`met`)."""
    scored = ((each, float(COUNTED + (1 << place))) for place, each in enumerate(queries))
    weighed = (Query.const_score_query(*each) for each in scored)
    return Query.boolean_query([(Occur.Should, each) for each in weighed])


def met(score: float) -> frozenset[int]:
    """Read from a score which queries are met, by their place in the list.

    >>> sorted(met(float(COUNTED + 1) + float(COUNTED + 4)))
    [0, 2]
    """
    bits = round(score) % COUNTED
    return frozenset(place for place in range(MOST_CLAUSES) if bits >> place & 1)


def met_by_sidecars(clauses: Sequence[Clause], reader: Reader) -> Sidecars:
    """Find the episodes whose sidecar meets some clauses. Asks the index once."""
    query = any_of([compiled(clause, reader.sidecar_words) for clause in clauses])
    hits = reader.searcher.search(query, MOST_EPISODES + 1, count=False).hits
    found = [met(score) for score, _ in hits]
    cut = frozenset[int]()
    if len(hits) > MOST_EPISODES:  # not all that meet those up to the last one are among the best
        last = found[-1]
        cut = frozenset(range(max(last) + 1 if len(last) == 1 else len(clauses)))
    numbers = reader.numbers([address for _, address in hits])
    pairs = ((number, own - cut) for number, own in zip(numbers, found, strict=True))
    return {number: own for number, own in pairs if own}


def in_part(sidecars: Sidecars, places: Mapping[int, int]) -> Sidecars:
    """Keep what sidecars meet of some clauses, unless it is all of them; give their new places.

    >>> in_part({7: frozenset({0, 2}), 8: frozenset({3})}, {2: 0, 3: 1})
    {7: frozenset({0}), 8: frozenset({1})}
    """
    parts = (
        (number, frozenset(places[clause] for clause in own if clause in places))
        for number, own in sidecars.items()
    )
    most = len(set(places.values()))
    return {number: own for number, own in parts if own and len(own) < most}


def or_sidecars(queries: Sequence[Query], sidecars: Sidecars) -> list[Query]:
    """Let each clause be met by a passage, or by the sidecar of its episode."""
    found = list[Query]()
    for place, query in enumerate(queries):
        numbers = [number for number, own in sidecars.items() if place in own]
        sidecar = Query.const_score_query(by_numbers(numbers), WEIGHT)
        found.append(Query.disjunction_max_query([query, sidecar]) if numbers else query)
    return found


def left_out(text: str, clauses: Collection[Clause]) -> tuple[str, ...]:
    """Give what was typed for some clauses, in order: whole phrases, or single words.

    >>> left_out('"la place" licorne', [Term(("=licorne", "-licorne"))])
    ('licorne',)
    """
    free = [each.text for group in items(text) for each in group if not each.field]
    found = dict[str, None]()
    for clause in clauses:
        for item in free:
            every = words(item)
            own = [SaidWord(w.start, w.end, w.position, w.is_compound, w.forms) for w in every]
            met = [word for part in parts_of(clause) for word in matches(part, own)]
            spans = sorted({(word.start, word.end) for word in met})
            if isinstance(clause, Phrase) and spans:
                spans = [(min(spans)[0], max(spans)[1])]
            found |= {item[start:end]: None for start, end in spans}
    return tuple(found)
