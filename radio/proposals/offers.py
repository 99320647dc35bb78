"""What may have been said in the place of the words of a sentence: offered to who rereads it. Pure.

Offers come from other hearings of the same sound, laid beside what stands, and from names of the
glossary that sound alike. Words are told by their places in their sentence. Words that a person
wrote are beyond doubt: nothing is offered for them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain, groupby, pairwise
from typing import NamedTuple

from radio.archive.hearings import Hearing
from radio.proposals.variants import Variant, bare, letters, variants
from radio.search.lemmas import is_known
from radio.search.soundalikes import find_soundalikes
from radio.search.spelling import errors
from radio.text.doubt import Reason

MOST = 5  # offers for one place
ALL = 60  # offers for a sentence; and words that end a half-typed one
NAMES = 200  # of a glossary that are looked for
DISPUTED = 0.75  # share of the hearings; with fewer for a word, F4 stops there
SURE = 0.5  # share of the hearings that a name of the glossary counts for
KNOWN, NOTHING, ALIKE = 6.0, 0.3, 3.0
"""How much more an offer counts that is of known words, is no word at all, is written alike."""
FAR = 60  # letters
SHORTEST = 2  # letters; no use in ending a shorter word
_WORD = re.compile(r"[^\W_](?:[\w’'-]*[^\W_])?")


@dataclass(frozen=True)
class StandingWord:
    """A word of a text as it stands."""

    text: str
    second: float  # about when it is said: the middle of its cue
    is_heard: bool = True  # by the machine; else a person wrote it
    reason: Reason = ""  # for doubt


@dataclass(frozen=True)
class WordOffer:
    """What may stand in the place of some words."""

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

    def at(self, first: int, last: int) -> list[WordOffer]:
        """Give the offers for some words: those for just these, for what begins there, others."""
        here = [each for each in self.offers if each.first < last and each.last > first]
        here.sort(key=lambda each: ((each.first, each.last) != (first, last), each.first != first))
        return here[:MOST]


Sentence = Sequence[StandingWord]


def offer(
    sentences: Sequence[Sentence], hearings: Sequence[Hearing], names: Iterable[str] = ()
) -> list[SentenceOffers]:
    """Tell what is offered for the sentences of a text, which are in their order.

    >>> said = [StandingWord(each, 1.0) for each in "La kni dit".split()]
    >>> found = offer([said], [Hearing(0, 2, ("la CNIL dit", "la CNIL dit."))])
    >>> found[0].offers, found[0].stops
    ((WordOffer(first=1, last=2, text='CNIL'),), ())
    """
    words = [word for sentence in sentences for word in sentence]
    borders = list(accumulate(map(len, sentences), initial=0))
    found, agreed = _heard(words, hearings)
    told = tuple(names)[:NAMES]
    return [
        _for_sentence(
            sentence, [*_within(found, start, end), *_names(sentence, told)], agreed[start:end]
        )
        for sentence, (start, end) in zip(sentences, pairwise(borders), strict=True)
    ]


def _heard(
    words: Sequence[StandingWord], hearings: Iterable[Hearing]
) -> tuple[list[Variant], list[float | None]]:
    """Lay the hearings beside the words that are said while they last."""
    found, agreed = list[Variant](), list[float | None]([None] * len(words))
    for hearing in hearings:
        here = [n for n, word in enumerate(words) if hearing.start <= word.second <= hearing.end]
        if not here:
            continue
        start, end = here[0], here[-1] + 1
        shares, heard = variants(tuple(word.text for word in words[start:end]), hearing.texts)
        agreed[start:end] = shares or agreed[start:end]
        found += (each._replace(first=start + each.first, last=start + each.last) for each in heard)
    return found, agreed


def _within(found: Iterable[Variant], start: int, end: int) -> Iterator[Variant]:
    """Give what is about a sentence alone, by the places in it."""
    for first, last, text, share in found:
        if start <= first and last <= end:
            yield Variant(first - start, last - start, text, share)


def _names(sentence: Sentence, names: Iterable[str]) -> Iterator[Variant]:
    """Find words that sound like a name."""
    text = " ".join(word.text for word in sentence)
    for name in names:
        for start, end in _alike(text, name):
            first, last = text[:start].count(" "), text[:end].count(" ") + 1
            yield Variant(first, last, name, SURE)


@lru_cache(maxsize=50_000)
def _alike(text: str, name: str) -> tuple[tuple[int, int], ...]:
    return tuple(find_soundalikes(text, name))


def _for_sentence(
    sentence: Sentence, found: Iterable[Variant], agreed: Sequence[float | None]
) -> SentenceOffers:
    told = [word.text for word in sentence]
    scores = dict[tuple[int, int, str], tuple[float, WordOffer]]()
    for each in found:
        first, last, text, _ = each
        if all(word.is_heard for word in sentence[first:last]):
            score, place = _score(told[first:last], each), (first, last, bare(text))
            if place not in scores or scores[place][0] < score:
                scores[place] = score, WordOffer(first, last, text)
    ranked = [each for _, each in sorted(scores.values(), key=lambda each: -each[0])]
    return SentenceOffers(
        tuple(_capped(ranked)), tuple(_stops(sentence, agreed)), tuple(_words(told, ranked))
    )


def _score(words: Sequence[str], variant: Variant) -> float:
    """Weigh an offer: by how often it is heard, and by how like French and what stands it is."""
    if not variant.text:
        return variant.share * NOTHING
    one, other = letters(tuple(map(bare, words))), letters((bare(variant.text),))
    alike = 1 - errors(one, other, FAR) / max(len(one), len(other), 1)
    known = KNOWN if _is_known(variant.text) else 1.0
    return float(variant.share * known * ALIKE**alike)


@lru_cache(maxsize=20_000)
def _is_known(text: str) -> bool:
    words = re.findall(r"[^\W_]+", text.casefold())
    return all(len(word) == 1 or word.isdecimal() or is_known(word) for word in words)


def _capped(ranked: Iterable[WordOffer]) -> Iterator[WordOffer]:
    """Leave out what no place has room for."""
    starts = Counter[int]()
    for each in ranked:
        if starts[each.first] < MOST and starts.total() < ALL:
            starts[each.first] += 1
            yield each


def _stops(sentence: Sentence, agreed: Sequence[float | None]) -> Iterator[Stop]:
    """Find the words that are in doubt."""
    first = 0
    for reason, run in groupby(map(_reason, sentence, agreed)):
        last = first + len(list(run))
        if reason:
            yield Stop(first, last, reason)
        first = last


def _reason(word: StandingWord, share: float | None) -> Reason:
    """Tell why a word is in doubt; other hearings tell more than how sure the machine was."""
    if share is None or not word.is_heard or word.reason not in ("", "unsure"):
        return word.reason
    return "unsure" if share < DISPUTED else ""


def _words(told: Iterable[str], ranked: Iterable[WordOffer]) -> Iterator[str]:
    """Give words that may end a half-typed one: those of the offers, the likeliest first."""
    seen = {bare(word) for word in told}
    for word in chain.from_iterable(_WORD.findall(each.text) for each in ranked):
        if len(seen) < ALL + len(set(told)) and len(word) > SHORTEST and bare(word) not in seen:
            seen.add(bare(word))
            yield word
