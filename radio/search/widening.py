"""What widens a query: clauses that also stand for some of its clauses, and corrected words. A
mishearing stands for a name, and « parcours sup » for Parcoursup: two words side by side may be one
that is said, and the other way round. Words of the dictionary mean themselves: « bien tôt » is not
« bientôt ». First parts like « anti » or « vidéo » may always be joined. A word that is not in the
index becomes the closest one: with one letter added, missing, changed, or two exchanged; else one
that sounds like it; else, if it is long, one with two such errors; the most frequent first. Words
of the dictionary, numbers and months are never replaced: 2024 is not 2025."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from itertools import chain, pairwise
from typing import NamedTuple

from radio.archive.episode import Show
from radio.french.dates import MONTHS
from radio.french.letters import FIRST_PARTS, FUNCTION_WORDS, fold
from radio.french.numbers import NUMERALS
from radio.french.sounds import errors, sound
from radio.search.french import EXACT, FOLDED, forms, is_known, words
from radio.search.query import (
    Clause,
    Compound,
    Either,
    Every,
    Listed,
    ParsedQuery,
    Phrase,
    Term,
    parse,
    phrase,
    roots,
)
from radio.search.vocabulary import Vocabulary

MISHEARD, IN_TWO = 0.3, 0.5  # the weights of a mishearing, and of two words for one
FIRST = 1_000.0  # the weight of what comes before all else
FREE_PARTS = frozenset(map(fold, FIRST_PARTS))
SHORTEST_PART, SHORTEST_KNOWN = 2, 3  # letters of a part; of what follows a first part
LONG_PART = 4  # letters of a first part that is cut off a name
_LONG_PARTS = "|".join(each for each in FIRST_PARTS if len(each) >= LONG_PART)
_FREE = re.compile(rf"\b({_LONG_PARTS})[ -](?=\w)", re.IGNORECASE)
SHORTEST = 4  # letters; shorter words are close to too many
LONG = 7  # letters; such a word may have two errors
EXACT_ONLY = frozenset(map(fold, (*NUMERALS, *MONTHS["fr"])))  # never replaced

Group = tuple[tuple[int, ...], Clause]  # places of clauses, and what stands for them
Name = tuple[frozenset[str], ...]  # for each clause of a text its folded words, or its lemmas


class Widening(NamedTuple):
    """What some clauses of a query stand for, too."""

    places: tuple[int, ...]  # of these clauses, in order
    clauses: tuple[Clause, ...]


def widen(clauses: Sequence[Clause], found: Iterable[Widening]) -> tuple[Clause, ...]:
    """Add what clauses stand for; of those that overlap, the shortest first, no part of another."""
    groups: list[Group] = [((place,), clause) for place, clause in enumerate(clauses)]
    for places, others in sorted(found, key=lambda each: len(each.places)):
        parts = [group for group in groups if not set(places).isdisjoint(group[0])]
        if sorted(place for own, _ in parts for place in own) != list(places):
            continue
        own_clauses = tuple(clause for _, clause in parts)
        whole = own_clauses[0] if len(parts) == 1 else Every(own_clauses)
        groups[groups.index(parts[0])] = places, Either((whole, *others))
        groups = [group for group in groups if group not in parts]
    return tuple(clause for _, clause in groups)


def find(name: Name, typed: Name) -> tuple[int, ...]:
    """Find the clauses of a name among those of a query, by number; none where one is missing."""
    places = [
        next((i for i, other in enumerate(typed) if not part.isdisjoint(other)), None)
        for part in name
    ]
    found = {place for place in places if place is not None}
    return tuple(sorted(found)) if None not in places else ()


def name_of(clause: Clause, *, inflected: bool = False) -> frozenset[str]:
    """Give the folded words of a clause as one, or the lemmas of its word; nothing of quotes."""
    match clause:
        case Phrase(words=own) if not inflected:
            return frozenset((" ".join(each[1] for each in own),))
        case Term(forms=own_forms) | Compound(whole=Term(forms=own_forms)):
            return roots(own_forms) if inflected else frozenset(own_forms[1:2])
        case _:
            return frozenset()


@lru_cache(maxsize=10_000)
def inflected_name(text: str) -> Name:
    """Give a text as its words may stand in a query, whatever their number and gender."""
    return tuple(name_of(each, inflected=True) for each in parse(text).clauses)


@lru_cache(maxsize=10_000)
def names_of(text: str) -> tuple[Name, ...]:
    """Give the folded words of a text as it may stand in a query: as words, and in quotes.

    >>> [[*each] for name in names_of("Crêt de Roc") for each in name]
    [['-cret'], ['-roc'], ['-cret -de -roc']]
    """
    quoted = phrase(text)
    both = (parse(text).clauses, (quoted,) if quoted else ())
    return tuple(dict.fromkeys(tuple(map(name_of, each)) for each in both if each))


def mishearings(
    clauses: Sequence[Clause], corrections: Iterable[Mapping[str, str]]
) -> Iterator[Widening]:
    """Find the names of a query that are misheard."""
    typed, wrongs = tuple(map(name_of, clauses)), dict[str, list[Clause]]()
    for wrong, right in chain.from_iterable(each.items() for each in corrections):
        if misheard := phrase(wrong):
            wrongs.setdefault(right, []).append(replace(misheard, weight=MISHEARD))
    for right, some in wrongs.items():
        if places := next(filter(None, (find(name, typed) for name in names_of(right))), ()):
            yield Widening(places, tuple(some))


def titles(
    clauses: Sequence[Clause], shows: Iterable[Show], of_shows: Callable[[list[str]], Iterable[int]]
) -> Iterator[tuple[str, Widening]]:
    """Find the shows whose whole title is typed, by slug: several words of one come before all."""
    typed = tuple(map(name_of, clauses))
    for show in shows:
        places = next(filter(None, (find(each, typed) for each in names_of(show.title))), ())
        if places and (numbers := frozenset(of_shows([show.slug]))):
            listed = Listed(numbers, FIRST if len(places) > 1 else 1.0)
            yield show.slug, Widening(places, (listed,))


def in_one_or_two(query: ParsedQuery, vocabulary: Vocabulary) -> Iterator[Widening]:
    """Find words said in one part where they are typed in two, and the other way round."""
    clauses = query.clauses
    typed = [Term(word_forms) for word_forms in (query.closest.words if query.closest else ())]
    for pair in pairwise(typed):
        places = sorted({clauses.index(each) for each in pair if each in clauses})
        if places and (whole := _joined(*pair, vocabulary)):
            yield Widening(tuple(places), (whole,))
    for place, term in ((n, each) for n, each in enumerate(clauses) if isinstance(each, Term)):
        pairs = _cuts(_spelling(term))
        cuts = (Phrase((forms(one), forms(other)), IN_TWO) for one, other in pairs)
        if said := tuple(cut for cut in cuts if vocabulary.is_said_in_order(cut.words)):
            yield Widening((place,), said)


def _joined(one: Term, other: Term, vocabulary: Vocabulary) -> Term | None:
    """Join two words if that is said; the last letter of one may begin the other (parcours sup)."""
    first, last = _spelling(one), _spelling(other)
    if not (first.isalpha() and last.isalpha()):
        return None
    lights = {first, last} & FUNCTION_WORDS
    is_odd = not all(word in lights or is_known(word) for word in (first, last))
    for joined in (first + last, *([first + last[1:]] if first[-1] == last[0] else [])):
        known = is_known(joined)
        may_join = is_odd or (not lights and (fold(first) in FREE_PARTS or not known))
        spellings = {joined, joined.removesuffix("s")}  # of a word that has no lemma
        said = forms(joined) if known else [FOLDED + fold(each) for each in spellings]
        if may_join and any(map(vocabulary.frequency, said)):
            return Term(forms(joined))
    return None


def _cuts(word: str) -> Iterator[tuple[str, str]]:
    """Cut a word in two, where it may be cut.

    >>> list(_cuts("antifascisme")), list(_cuts("weekend"))[:3]
    ([('anti', 'fascisme')], [('we', 'ekend'), ('we', 'eekend'), ('wee', 'kend')])
    """
    known = is_known(word)
    for place in range(1, len(word) - 1 if word.isalpha() else 0):
        first, last = word[:place], word[place:]
        is_free = not known and len(first) >= SHORTEST_PART
        if last in FUNCTION_WORDS or (first in FUNCTION_WORDS and fold(first) not in FREE_PARTS):
            continue
        if is_free or (fold(first) in FREE_PARTS and len(last) >= SHORTEST_KNOWN):
            yield first, last
        if is_free:
            yield first, first[-1] + last


def spacings(text: str) -> tuple[str, ...]:
    """Give a text as it is, and with its free first parts joined and separate.

    >>> spacings("vidéosurveillance algorithmique")
    ('vidéosurveillance algorithmique', 'vidéo surveillance algorithmique')
    >>> spacings("la vidéo surveillance"), spacings("centre de rétention")
    (('la vidéo surveillance', 'la vidéosurveillance'), ('centre de rétention',))
    """

    def in_two(word: str) -> str:
        cuts = (cut for cut in _cuts(word.lower()) if fold(cut[0]) in FREE_PARTS)
        sure = (cut for cut in cuts if len(cut[0]) >= LONG_PART and len(cut[1]) > LONG_PART)
        return next((" ".join(cut) for cut in sure if is_known(cut[1])), word)

    joined = _FREE.sub(lambda part: part[1], text)
    return tuple(dict.fromkeys((text, joined, " ".join(map(in_two, text.split())))))


def _spelling(term: Term) -> str:
    return term.forms[0].removeprefix(EXACT)


def mend(query: ParsedQuery, text: str, vocabulary: Vocabulary) -> tuple[ParsedQuery, str]:
    """Replace words that are not in the index; the text is empty if unchanged."""
    terms = dict.fromkeys(each for each in query.clauses if isinstance(each, Term))
    found = {each: word for each in terms if (word := _closest(each, vocabulary))}
    if not found:
        return query, ""
    clauses = (
        Term(forms(found[each])) if isinstance(each, Term) and each in found else each
        for each in query.clauses
    )
    by_form = {each.forms[0]: word for each, word in found.items()}
    place, mended = 0, ""
    for each in words(text):
        other = by_form.get(each.forms[0])
        if other and not each.is_compound and each.start >= place:
            mended, place = f"{mended}{text[place : each.start]}{other}", each.end
    return replace(query, clauses=tuple(clauses), closest=None), mended + text[place:]


def _closest(term: Term, vocabulary: Vocabulary) -> str | None:
    if any(map(vocabulary.frequency, term.forms)):
        return None
    folded, spelling = term.forms[1].removeprefix(FOLDED), _spelling(term)
    if len(folded) < SHORTEST or is_exact_only(folded) or is_known(spelling):
        return None
    slips = filter(partial(_is_slip, folded), misspellings(folded, vocabulary, 1))
    found: list[Callable[[], Iterable[str]]] = [lambda: slips]
    found += [lambda: vocabulary.sounding(folded)] if spelling.isalpha() else []
    found += [lambda: misspellings(folded, vocabulary, 2)] if len(folded) >= LONG else []
    for find_near in found:
        near = {word for word in map(fold, find_near()) if word.isalpha()} - {folded}
        counts = {word: vocabulary.frequency(FOLDED + word) for word in near}
        in_order = sorted(counts, key=lambda word: (counts[word], word), reverse=True)
        said = (word for word in in_order if vocabulary.is_said(FOLDED + word))
        if word := next(said, None):
            return word
    return None


def _is_slip(typed: str, word: str) -> bool:
    """Whether one error may turn a word into what was typed: a letter of a short word, or the first
    one, is taken for another only if that sounds the same.

    >>> [_is_slip(*pair) for pair in (("teuf", "neuf"), ("kamera", "camera"), ("maisno", "maison"))]
    [False, True, True]
    """
    said = fold(word)
    is_changed = len(said) == len(typed) and sorted(said) != sorted(typed)
    is_far = is_changed and (len(typed) <= SHORTEST + 1 or said[0] != typed[0])
    return not is_far or sound(said) == sound(typed)


def is_exact_only(folded: str) -> bool:
    """Whether a word is a number or a month, which is never replaced.

    >>> [is_exact_only(each) for each in ("2024", "g20", "treize", "mars", "fevrier", "camera")]
    [True, True, True, True, True, False]
    """
    return folded in EXACT_ONLY or any(letter.isdigit() for letter in folded)


def misspellings(folded: str, vocabulary: Vocabulary, most: int) -> Iterator[str]:
    """Give the words with `most` errors: one end is right, or two letters between are exchanged."""
    size = len(folded) // (most + 1)
    exchanged = f"{folded[: size - 1]}{folded[size]}{folded[size - 1]}{folded[size + 1 :]}"
    spellings = chain(
        vocabulary.beginning(folded[:size]),
        vocabulary.ending(folded[size:] if most == 1 else folded[-size:]),
        vocabulary.spellings(FOLDED + exchanged),
    )
    return (word for word in spellings if errors(fold(word), folded, most) <= most)
