"""Other words for those of a sentence, offered to who rereads it. Pure. Offers come from other
hearings of the same sound, aligned with the text, from what reread texts tell of the machine, and
from names and their words that sound alike.
Words are given by their places. For words that a person wrote, nothing is offered."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate, chain, combinations, groupby, pairwise, product
from typing import NamedTuple

from radio.archive.hearings import Hearing
from radio.french.lexicon import is_french
from radio.french.sounds import errors, find_soundalikes, letters, sound
from radio.search.french import is_known
from radio.text.aligned import SIGNS, SPACES, align, bare
from radio.text.doubt import Reason

MOST = 5  # offers for one place
ALL = 60  # offers for a sentence; and words that end a half-typed one
NAMES = 200  # of a glossary that are looked for
DISPUTED = 0.75  # share of the hearings; with fewer for a word, F4 stops there
SURE = 0.5  # share of the hearings that a name of the glossary counts for
TAUGHT, ALONE = 0.4, 0.3  # likewise, what was corrected elsewhere, and a word that sounds alike
KNOWN, NOTHING, ALIKE = 6.0, 0.3, 3.0  # weights of known words, of no word, of a like spelling
LEAST = 4  # sounds of a word for which others are looked for
SHORTEST = 2  # letters; no use in ending a shorter word
LARGEST = 12  # words between two equal ones that are compared by their letters
MERGED = 3  # words of one that may stand for one or some words of the other
SEVERAL = 0.4  # what it costs that several words stand for one
FAR = 60  # letters
ENDS = SIGNS.replace("’'", "") + SPACES  # before and after the words of a variant
TIMES = 10  # hearings; with fewer of them, the others count as saying what stands
RUN = 2  # units that are one variant together
LONGEST_VARIANT = 8  # words
MOST_WORDS = 150  # of a hearing: nobody says more in half a minute
MORE = 2  # times the words that stand; a hearing with more of them goes round in circles
_WORD = re.compile(r"[^\W_](?:[\w’'-]*[^\W_])?")


class Variant(NamedTuple):
    """What some hearings have in the place of some words."""

    first: int
    last: int
    text: str
    share: float  # of the hearings


class WordUnit(NamedTuple):
    """Some words, and those of the other hearing in their place; the ends are excluded."""

    first: int
    last: int
    begin: int
    end: int


@dataclass(frozen=True)
class RereadWord:
    """A word of a text."""

    text: str
    second: float  # about when it is said: the middle of its cue
    is_heard: bool = True  # by the machine; else a person wrote it
    reason: Reason = ""  # for doubt


@dataclass(frozen=True)
class WordOffer:
    """Other words for some words."""

    first: int
    last: int  # the one after them
    text: str


class Stop(NamedTuple):
    """Words that are in doubt, and why."""

    first: int
    last: int
    reason: Reason


@dataclass(frozen=True)
class SentenceOffers:
    """What is offered for a sentence."""

    offers: tuple[WordOffer, ...] = ()  # the likeliest first
    stops: tuple[Stop, ...] = ()  # F4 goes from one to the next
    words: tuple[str, ...] = ()  # that may end a half-typed one

    def without(self, is_hidden: Callable[[str], bool]) -> "SentenceOffers":
        """Leave out words that nobody may be offered."""
        offers = tuple(each for each in self.offers if not is_hidden(each.text))
        words = tuple(each for each in self.words if not is_hidden(each))
        return replace(self, offers=offers, words=words)

    def at(self, first: int, last: int) -> list[WordOffer]:
        """Give the offers for just these words, then those that begin there, then others."""
        here = [each for each in self.offers if each.first < last and each.last > first]
        here.sort(key=lambda each: ((each.first, each.last) != (first, last), each.first != first))
        return here[:MOST]


@dataclass(frozen=True)
class Lessons:
    """What reread texts tell of a machine."""

    said: Mapping[str, Sequence[str]] = field(default_factory=dict)  # by what it heard, bare
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)  # that they say, by sound
    names: Sequence[str] = ()  # that nobody typed


Sentence = Sequence[RereadWord]
UNTAUGHT = Lessons()


def offer(
    sentences: Sequence[Sentence],
    hearings: Sequence[Hearing],
    names: Iterable[str] = (),
    lessons: Lessons = UNTAUGHT,
) -> list[SentenceOffers]:
    """Find offers for the sentences of a text, given in order."""
    words = [word for sentence in sentences for word in sentence]
    borders = list(accumulate(map(len, sentences), initial=0))
    found, agreed = list[Variant](), list[float | None]([None] * len(words))
    for hearing in hearings:  # aligned with the words that are said while it lasts
        here = [n for n, word in enumerate(words) if hearing.start <= word.second <= hearing.end]
        if here:
            start, end = here[0], here[-1] + 1
            said = tuple(word.text for word in words[start:end])
            shares, heard = variants(said, hearing.texts)
            agreed[start:end] = shares or agreed[start:end]
            found += (_moved(each, start) for each in heard)
    known, offered = tuple(names)[:NAMES], list[SentenceOffers]()
    for sentence, (start, end) in zip(sentences, pairwise(borders), strict=True):
        here_alone = (each for each in found if start <= each.first and each.last <= end)
        own = [_moved(each, -start) for each in here_alone]
        ranked = _ranked(sentence, [*own, *_names(sentence, known), *_taught(sentence, lessons)])
        starts, best = Counter[int](), list[WordOffer]()
        for each in ranked:
            if starts[each.first] < MOST and len(best) < ALL:
                starts[each.first] += 1
                best.append(each)
        stops, ends = _stops(sentence, agreed[start:end]), _words(sentence, ranked)
        offered.append(SentenceOffers(tuple(best), tuple(stops), tuple(ends)))
    return offered


def _moved(variant: Variant, by: int) -> Variant:
    return variant._replace(first=variant.first + by, last=variant.last + by)


def _names(sentence: Sentence, names: Iterable[str]) -> Iterator[Variant]:
    text = " ".join(word.text for word in sentence)
    for name in names:
        for start, end in _alike(text, name):
            first, last = text[:start].count(" "), text[:end].count(" ") + 1
            yield Variant(first, last, name, SURE)


def _taught(sentence: Sentence, lessons: Lessons) -> Iterator[Variant]:
    """Give what reread texts have for the same words; for doubtful ones, what sounds alike."""
    heard = [bare(word.text) for word in sentence]
    for first, last in combinations(range(len(heard) + 1), 2):
        if last - first < LONGEST_VARIANT:
            for text in lessons.said.get(" ".join(heard[first:last]), ()):
                yield Variant(first, last, text, TAUGHT)
    for each in _names(sentence, lessons.names):
        if any(word.reason for word in sentence[each.first : each.last]):
            yield each._replace(share=TAUGHT)
    for place, word in enumerate(sentence):
        spoken = "" if not word.reason or is_french(heard[place]) else sound(letters(word.text))
        if len(spoken) >= LEAST:
            near = [each for each in lessons.words if errors(spoken, each, 1) <= 1]
            for text in chain.from_iterable(lessons.words[each] for each in near):
                if bare(text) != heard[place]:
                    yield Variant(place, place + 1, text, ALONE)


@lru_cache(maxsize=50_000)
def _alike(text: str, name: str) -> tuple[tuple[int, int], ...]:
    return tuple(find_soundalikes(text, name))


def _ranked(sentence: Sentence, found: Iterable[Variant]) -> list[WordOffer]:
    """Give what may stand for words that a machine heard, first what is often heard and French."""
    scores = dict[tuple[int, int, str], tuple[float, WordOffer]]()
    for first, last, text, share in found:
        if not all(word.is_heard for word in sentence[first:last]):
            continue
        score, place = share * NOTHING, (first, last, bare(text))
        if text:
            one = letters(" ".join(word.text for word in sentence[first:last]))
            other = letters(text)
            alike = 1 - errors(one, other, FAR) / max(len(one), len(other), 1)
            score = float(share * (KNOWN if _is_known(text) else 1.0) * ALIKE**alike)
        if place not in scores or scores[place][0] < score:
            scores[place] = score, WordOffer(first, last, text)
    return [each for _, each in sorted(scores.values(), key=lambda each: -each[0])]


@lru_cache(maxsize=20_000)
def _is_known(text: str) -> bool:
    words = re.findall(r"[^\W_]+", text.casefold())
    return all(len(word) == 1 or word.isdecimal() or is_known(word) for word in words)


def _stops(sentence: Sentence, agreed: Sequence[float | None]) -> Iterator[Stop]:
    """Find the words in doubt; other hearings tell more than how sure the machine was."""
    reasons = list[Reason]()
    for word, share in zip(sentence, agreed, strict=True):
        is_judged = share is not None and word.is_heard and word.reason in ("", "unsure")
        doubted: Reason = "unsure" if share is not None and share < DISPUTED else ""
        reasons.append(doubted if is_judged else word.reason)
    first = 0
    for reason, run in groupby(reasons):
        last = first + len(list(run))
        if reason:
            yield Stop(first, last, reason)
        first = last


def _words(sentence: Sentence, ranked: Iterable[WordOffer]) -> Iterator[str]:
    """Give words that may end a half-typed one: those of the offers, the likeliest first."""
    seen = {bare(word.text) for word in sentence}
    most = ALL + len(seen)
    for word in chain.from_iterable(_WORD.findall(each.text) for each in ranked):
        if len(seen) < most and len(word) > SHORTEST and bare(word) not in seen:
            seen.add(bare(word))
            yield word


def units_of(words: Sequence[str], other: Sequence[str]) -> list[WordUnit]:
    """Align words with another hearing of them, in units as small as their letters allow."""
    old, new = tuple(map(bare, words)), tuple(map(bare, other))
    units = list[WordUnit]()
    for first, last, begin, end, is_equal in align(old, new):
        if is_equal:
            pairs = zip(range(first, last), range(begin, end), strict=True)
            units += (WordUnit(one, one + 1, two, two + 1) for one, two in pairs)
        elif max(last - first, end - begin) > LARGEST:
            units.append(WordUnit(first, last, begin, end))
        else:
            cut = _units(old[first:last], new[begin:end])
            units += (WordUnit(first + a, first + b, begin + c, begin + d) for a, b, c, d in cut)
    return units


@lru_cache(maxsize=20_000)
def _units(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[tuple[int, int, int, int], ...]:
    """Cut differing words into the units whose letters differ least."""
    best = {(0, 0): (0.0, (0, 0))}
    pairs = product(range(MERGED + 1), repeat=2)
    steps = [(a, b) for a, b in pairs if (a or b) and not (a > 1 and b > 1)]
    for row, column in product(range(len(old) + 1), range(len(new) + 1)):
        if row or column:
            best[row, column] = min(
                (best[place][0] + _cost(old[place[0] : row], new[place[1] : column]), place)
                for a, b in steps
                if (place := (row - a, column - b)) in best
            )
    units, here = list[tuple[int, int, int, int]](), (len(old), len(new))
    while here != (0, 0):
        before = best[here][1]
        units.append((before[0], here[0], before[1], here[1]))
        here = before
    return tuple(reversed(units))


def _cost(old: Sequence[str], new: Sequence[str]) -> float:
    one, other = letters(" ".join(old)), letters(" ".join(new))
    if not old or not new:
        return max(len(one), len(other)) * 0.9 + 1
    return errors(one, other, FAR) + SEVERAL * (len(old) + len(new) - 2)


@lru_cache(maxsize=64)
def variants(
    words: tuple[str, ...], texts: tuple[str, ...]
) -> tuple[tuple[float, ...], tuple[Variant, ...]]:
    """Give for each word the share of hearings that have it, and what they have instead.

    >>> variants(("la", "kni"), ("la CNIL", "La kni !"))
    ((1.0, 0.9), (Variant(first=1, last=2, text='CNIL', share=0.1),))
    """
    most = min(MOST_WORDS, MORE * len(words) + LONGEST_VARIANT)
    heard = Counter(other for text in texts if len(other := tuple(text.split())) <= most)
    if not heard or len(words) > MOST_WORDS:
        return (), ()
    times = max(heard.total(), TIMES)
    agreed = [times - heard.total()] * len(words)
    forms = defaultdict[tuple[int, int, str], Counter[str]](Counter)
    for other, often in heard.items():
        units = units_of(words, other)
        for each in units:
            if each.last - each.first == 1 and not _differs(words, other, each):
                agreed[each.first] += often
        for first, last, text in set(_runs(words, other, units)):
            forms[first, last, bare(text)][text] += often
    found = (
        Variant(first, last, written.most_common(1)[0][0], written.total() / times)
        for (first, last, _), written in forms.items()
    )
    return tuple(number / times for number in agreed), tuple(found)


def _differs(words: Sequence[str], other: Sequence[str], unit: WordUnit) -> bool:
    old, new = words[unit.first : unit.last], other[unit.begin : unit.end]
    return bare(" ".join(old)) != bare(" ".join(new))


def _runs(
    words: Sequence[str], other: Sequence[str], units: Sequence[WordUnit]
) -> Iterator[tuple[int, int, str]]:
    """Give what differs: unit by unit, and some together. Added words go with those beside them."""
    differ = [_differs(words, other, each) for each in units]
    for at, first in enumerate(units):
        for to in range(at, min(at + RUN, len(units))):
            last = units[to]
            added = to > at and any(each.first == each.last for each in units[at : to + 1])
            lengths = last.last - first.first, last.end - first.begin
            is_meant = (differ[at] and differ[to]) or added
            if first.first < last.last and max(lengths) <= LONGEST_VARIANT and is_meant:
                text = " ".join(other[first.begin : last.end]).strip(ENDS)
                if bare(text) != bare(" ".join(words[first.first : last.last])):
                    yield first.first, last.last, text
