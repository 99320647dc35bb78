"""A query: clauses that a passage must meet, and filters that the episode must fit. A clause finds
passages in the index, and marks words in a text, by the same forms. A term matches by any of its
forms; a compound by the whole or all its parts; a phrase by the same words in order, accents
ignored. A word that says little (« le », « de », « faire ») makes a clause in a phrase, or where it
is alone."""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import NamedTuple, TypeAlias

from tantivy import Occur, Query

from radio.french.letters import fold
from radio.search.fields import by_numbers, episodes, schema
from radio.search.french import FOLDED, STEM, AnalysedWord, words
from radio.search.passage import CharacterRange
from radio.search.syntax import Item, Lengths, aired, items, lengths
from radio.search.vocabulary import Vocabulary

LONGEST_QUERY = 200  # characters
MOST_WORDS = 12
SHORTEST_PREFIX = 2  # letters
_IDLE = ("faire", "aller", "dire", "falloir", "mettre", "vouloir")  # in speech, beside any word
IDLE = frozenset(STEM + lemma for lemma in _IDLE)


class SaidWord(NamedTuple):
    """A word of a text, with those of its forms that may match."""

    start: int
    end: int
    position: int
    is_compound: bool
    forms: Collection[str]


@dataclass(frozen=True)
class Term:
    """A word, which matches by any of its forms. The folded one counts only if there is no lemma or
    stem: « marche » is not « marché »."""

    forms: tuple[str, ...]

    @cached_property
    def keys(self) -> frozenset[str]:
        """The forms that are looked for."""
        others = [form for form in self.forms if form[0] != FOLDED]
        return frozenset(others if len(others) > 1 else self.forms)


@dataclass(frozen=True)
class Phrase:
    """Words in this order, compared by their folded forms, or as inflected."""

    words: tuple[tuple[str, ...], ...]
    weight: float = 1.0  # of its score
    is_inflected: bool = False  # « questions prioritaires » is « question prioritaire »

    @cached_property
    def keys_of_words(self) -> list[frozenset[str]]:
        """The forms by which each of its words is compared."""
        own = roots if self.is_inflected else lambda forms: frozenset(forms[1:2])
        return [own(forms) for forms in self.words]

    @property
    def keys(self) -> frozenset[str]:
        """The forms by which its words are compared."""
        return frozenset().union(*self.keys_of_words)


@dataclass(frozen=True)
class Prefix:
    """The beginning of words, accents ignored."""

    start: str  # folded: letters and digits

    @property
    def keys(self) -> frozenset[str]:
        """What folded forms begin with."""
        return frozenset((FOLDED + self.start,))


@dataclass(frozen=True)
class Compound:
    """A word with hyphens: matches the whole word, or all its parts."""

    whole: Term
    parts: tuple[Term, ...]


@dataclass(frozen=True)
class Listed:
    """Some episodes by number: those of a show whose title is typed."""

    numbers: frozenset[int]
    weight: float


@dataclass(frozen=True)
class Every:
    """Several clauses that must all match."""

    clauses: "tuple[Clause, ...]"


@dataclass(frozen=True)
class Either:
    """Several clauses, of which one must match."""

    clauses: "tuple[Clause, ...]"


Clause: TypeAlias = (  # every result must match it
    Term | Phrase | Prefix | Compound | Listed | Every | Either
)


def compiled(clause: Clause, vocabulary: Vocabulary) -> Query:
    """Build the query of the index: exact words above folded ones, those above stems."""
    match clause:
        case Term():
            return vocabulary.any_of(clause.keys)
        case Phrase():
            return vocabulary.in_order(clause.words, clause.weight, clause.keys_of_words)
        case Prefix(start):
            words = list(vocabulary.beginning(start))
            return Query.term_set_query(schema(), vocabulary.field, words)
        case Compound(whole, parts):
            return compiled(Either((whole, Every(parts))), vocabulary)
        case Listed(numbers, weight):
            own = every([by_numbers(numbers), episodes()])
            return Query.const_score_query(own, weight)
        case Every(clauses):
            return every(compiled(each, vocabulary) for each in clauses)
        case Either(clauses):
            return Query.disjunction_max_query([compiled(each, vocabulary) for each in clauses])


def every(queries: Iterable[Query]) -> Query:
    """Build the query of what matches all."""
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def matches(clause: Clause, text: Sequence[SaidWord]) -> Iterator[SaidWord]:
    """Give the words of a text that match a clause; `text` may leave out words that can't."""
    match clause:
        case Term():
            yield from (word for word in text if not clause.keys.isdisjoint(word.forms))
        case Phrase():
            by_position = {word.position: word for word in text if not word.is_compound}
            for first in by_position:
                run = [by_position.get(first + n) for n in range(len(clause.words))]
                pairs = zip(run, clause.keys_of_words, strict=True)
                if all(word and not keys.isdisjoint(word.forms) for word, keys in pairs):
                    yield from filter(None, run)
        case Prefix(start):
            begin = FOLDED + start
            yield from (word for word in text if any(f.startswith(begin) for f in word.forms))
        case Compound(whole, parts):
            yield from list(matches(whole, text)) or matches(Either(parts), text)
        case Every(clauses):
            found = [list(matches(each, text)) for each in clauses]
            yield from (word for some in found if all(found) for word in some)
        case Either(clauses):
            yield from (word for each in clauses for word in matches(each, text))


def frequency(clause: Clause, vocabulary: Vocabulary) -> int:
    """Estimate how many documents meet a clause. A prefix counts as rare: who types it means it."""
    match clause:
        case Term(forms):
            return max(map(vocabulary.frequency, forms))
        case Phrase(words):
            return min(vocabulary.frequency(forms[1]) for forms in words)
        case Prefix():
            return 0
        case Compound(whole, parts):
            return frequency(Either((whole, Every(parts))), vocabulary)
        case Listed(numbers):
            return len(numbers)
        case Every(clauses):
            return min(frequency(each, vocabulary) for each in clauses)
        case Either(clauses):
            return max(frequency(each, vocabulary) for each in clauses)


def parts_of(clause: Clause) -> Iterator[Term | Phrase | Prefix | Compound]:
    """Give the clauses of which a clause is made, each of words of one item of the query."""
    if isinstance(clause, Every | Either):
        yield from (part for each in clause.clauses for part in parts_of(each))
    elif not isinstance(clause, Listed):
        yield clause


def words_of(clauses: Iterable[Clause]) -> Iterator[Term | Phrase | Prefix]:
    """Give the single words, phrases and prefixes of some clauses."""
    for part in (part for each in clauses for part in parts_of(each)):
        yield from (part.whole, *part.parts) if isinstance(part, Compound) else (part,)


def roots(forms: Sequence[str]) -> frozenset[str]:
    """Give the lemmas or stems among the forms of a word, else its folded form."""
    return frozenset(form for form in forms if form[0] == STEM) or frozenset(forms[1:2])


@dataclass(frozen=True)
class Filters:
    """What an episode must fit: every person, tag and show that is named, and the dates."""

    persons: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    first: dt.date | None = None  # broadcast on that day or later
    last: dt.date | None = None  # or earlier
    voices: tuple[str, ...] = ()  # who says it
    lengths: tuple[Lengths, ...] = ()


@dataclass(frozen=True)
class ParsedQuery:
    """A parsed query. Passages that hold the phrase `closest` rank higher."""

    clauses: tuple[Clause, ...] = ()
    exclusions: tuple[Clause, ...] = ()
    filters: Filters = field(default_factory=Filters)
    closest: Phrase | None = None
    idle: tuple[str, ...] = ()  # words that make no clause beside others, though no function words

    def __bool__(self) -> bool:
        return bool(self.clauses) or self.filters != Filters()

    def around(self, met: Query, vocabulary: Vocabulary) -> Query:
        """Add exclusions and `closest` to the query of what meets the clauses."""
        parts = [(Occur.Must, met)]
        parts += [(Occur.MustNot, compiled(clause, vocabulary)) for clause in self.exclusions]
        if self.closest is not None:
            parts.append((Occur.Should, compiled(self.closest, vocabulary)))
        return Query.boolean_query(parts)

    def matches(
        self, text: list[SaidWord], unless: Collection[int] = (), elsewhere: Collection[int] = ()
    ) -> list[CharacterRange]:
        """Find the words that meet the clauses, but those at `unless`; none unless all clauses are
        met, here or `elsewhere` (places). `text` may lack words that no clause can match."""
        ranges = dict[int, CharacterRange]()
        for place, clause in enumerate(self.clauses):
            new = [word for word in matches(clause, text) if word.start not in unless]
            if not new and place not in elsewhere:
                return []
            for word in new:
                other = ranges.get(word.start)
                if other is None or other.end < word.end:
                    ranges[word.start] = CharacterRange(word.start, word.end, place)
        found: list[CharacterRange] = []
        for start in sorted(ranges):
            if not found or start >= found[-1].end:  # no word within another
                found.append(ranges[start])
        return found


def parse(text: str, *, as_typed: bool = False) -> ParsedQuery:
    """Parse what was typed: first clauses with a sign, then one for each free word; `as_typed`, for
    « faire » too. Never fails."""
    groups = items(text[:LONGEST_QUERY])
    kinds = [(_kind(group), group) for group in groups]
    aside = [group[0] for kind, group in kinds if kind == "aside"]
    # A sign between two free words ends a compound.
    runs = (list(some) for kind, some in groupby(kinds, key=lambda each: each[0]) if kind == "free")
    free = list(_words(" , ".join(" ".join(group[0].text for _, group in run) for run in runs)))
    singles = tuple(word.forms for word in free if not word.is_compound)
    idle = () if as_typed else tuple(each.spelling for each in free if _is_idle(each.forms))
    terms = list(_terms(free, as_typed=as_typed))
    signed = (
        _joined(Either, filter(None, map(_clause, group))) for kind, group in kinds if not kind
    )
    clauses = [clause for clause in signed if clause]
    clauses += [term for term, is_light in terms if not is_light]
    excluded = (_clause(item) for item in aside if item.is_negated and not item.field)
    persons, tags, shows, voices, durations = (
        tuple(item.text for item in aside if item.field == field)
        for field in ("person", "tag", "show", "voice", "length")
    )
    allowed = tuple(filter(None, map(lengths, durations)))
    return ParsedQuery(
        tuple(clauses or (term for term, _ in terms))[:MOST_WORDS],
        tuple(filter(None, excluded)),
        Filters(persons, tags, shows, *aired(aside), voices, allowed),
        Phrase(singles) if len(singles) > 1 else None,
        idle if clauses else (),
    )


def _kind(group: Sequence[Item]) -> str:
    """Tell a free word without sign, and a filter or exclusion, which is no clause."""
    if len(group) > 1:
        return ""
    (item,) = group
    return "free" if item.is_plain else "aside" if item.is_negated or item.field else ""


def phrase(text: str) -> Phrase | None:
    """Make a phrase of the words of a text; None where it has no word."""
    singles = tuple(word.forms for word in _words(text) if not word.is_compound)
    return Phrase(singles) if singles else None


def _words(text: str) -> Iterator[AnalysedWord]:
    return (word for word in words(text) if word.position < MOST_WORDS)


def _joined(kind: type[Either | Every], clauses: Iterable[Clause]) -> Clause | None:
    found = tuple(clauses)
    return kind(found) if len(found) > 1 else next(iter(found), None)


def _clause(item: Item) -> Clause | None:
    if item.is_quoted:
        return phrase(item.text)
    if item.is_prefix:
        start = "".join(re.findall(r"[^\W_]+", fold(item.text.lower())))
        if len(start) >= SHORTEST_PREFIX:
            return Prefix(start)
    terms = list(_terms(list(_words(item.text))))
    heavy = [term for term, is_light in terms if not is_light]
    return _joined(Every, heavy or [term for term, _ in terms])


def _is_idle(forms: Sequence[str]) -> bool:
    return roots(forms) <= IDLE


def _terms(
    every: Sequence[AnalysedWord], *, as_typed: bool = False
) -> Iterator[tuple[Clause, bool]]:
    """Make a clause of each word or compound, and tell whether it says little."""
    inside = {
        whole: [each for each in every if whole.start <= each.start <= each.end <= whole.end]
        for whole in every
        if whole.is_compound
    }
    owned = {word for whole, parts in inside.items() for word in parts if word != whole}
    for word in (each for each in every if each not in owned):
        if word.is_compound:
            parts = tuple(Term(each.forms) for each in inside[word] if each != word)
            whole = Term(word.forms)
            yield Compound(whole, parts) if parts else whole, word.is_light
        else:
            yield Term(word.forms), word.is_light or (not as_typed and _is_idle(word.forms))
