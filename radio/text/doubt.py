"""Doubt: how sure one may be of the words that a machine heard, and why not. Pure. Whisper's
probability of a word is no share of right words: of those below 0.4, four in ten are right.
`certainties` corrects it by the words beside it, for wrong words seldom come alone, by its length,
by an elided word before it, and by whether French has it, if it is said once. One curve for both
engines is fitted on sample shows, made and human, and each show is judged by the others in
`bench/doubt.py`. The evidence keeps the probabilities as they came."""

import math
import operator
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from radio.french.letters import ELIDED
from radio.french.lexicon import is_word
from radio.text.transcript import SENTENCE_END, Evidence, Region, Segment, Word

# logistic: its base, then the weight of each sign of a word
CURVE = (0.04, 0.83, 0.37, -0.27, -3.44, -0.91)
Signs = tuple[float, float, float, float, float]

LOWEST, HIGHEST = 0.2, 0.995  # probabilities beyond say no more than these
DOUBTED = 0.65  # certainty; of the words below, three in five are wrong
LONGEST = 2.0  # seconds of a word; if it lasts longer, others were probably missed
SPARSEST = 2.0  # words in a second of speech; people say three
ENOUGH = 5.0  # seconds of speech from which on its words are counted

_ELIDED = re.compile(rf"^(?:{'|'.join(ELIDED)})['’]", re.IGNORECASE)

# unlikely, a name said once, too long, in speech with too few words
Reason = Literal["", "unsure", "name", "long", "sparse"]


class HeardWord(NamedTuple):
    """A word that the machine heard, and how sure one may be of it."""

    word: Word
    certainty: float  # chance that it is right
    reason: Reason  # empty where it is not in doubt


def weigh(evidence: Evidence) -> Iterator[HeardWord]:
    """Weigh the audible words of an episode, in order."""
    segments = _audible(evidence)
    once = said_once(evidence)
    strange = strange_words(evidence, once)
    starts = [*(segment.start for segment in segments[1:]), math.inf]
    for segment, following in zip(segments, starts, strict=False):
        end = min(segment.end, following)  # the next one may be of the same window
        sparse = is_sparse(segment.words, speech_seconds(evidence.regions, segment.start, end))
        names = set(_names(segment, once))
        sure = certainties(segment.words, () if segment.language else strange)
        for number, (word, certainty) in enumerate(zip(segment.words, sure, strict=True)):
            reason: Reason = "unsure" if certainty < DOUBTED else ""
            if is_long(word):  # the reason that tells most
                reason = "long"
            elif sparse:
                reason = "sparse"
            elif number in names:
                reason = "name"
            yield HeardWord(word, certainty, reason)


def _audible(evidence: Evidence) -> list[Segment]:
    return [segment for segment in evidence.segments if segment.audible]


def said_once(evidence: Evidence) -> set[str]:
    """Give the words that are said once in an episode, without signs, but for those that the
    machine was told."""
    texts = (_bare(word.text) for segment in _audible(evidence) for word in segment.words)
    told = {_bare(name) for name in str(evidence.parameters.get("prompt", "")).split()}
    return {text for text, count in Counter(texts).items() if count == 1} - told


def strange_words(evidence: Evidence, once: Iterable[str]) -> frozenset[str]:
    """Give which of some words French does not have; none where another language is spoken."""
    is_french = evidence.language.lower().partition("-")[0] == "fr"
    return frozenset(each for each in once if is_french and not is_word(each))


def certainties(words: Sequence[Word], strange: Collection[str] = ()) -> list[float]:
    """Give the chance of each word of a segment to be right, 0 to 1.

    >>> sure, unsure = Word(0, 1, "la", 0.99), Word(1, 2, "l'attente", 0.3)
    >>> [round(each, 2) for each in certainties([sure, sure, unsure])]
    [1.0, 0.99, 0.39]
    """
    base, *weights = CURVE
    return [
        1 / (1 + math.exp(-base - sum(map(operator.mul, weights, each))))
        for each in signs(words, strange)
    ]


def signs(words: Sequence[Word], strange: Collection[str] = ()) -> Iterator[Signs]:
    """Give of each word its log-odds, the mean of those beside it, the logarithm of its length, 1
    if it is strange, and 1 if a word before it is elided."""
    within = (min(max(word.probability, LOWEST), HIGHEST) for word in words)
    odds = [math.log(each / (1 - each)) for each in within]
    before = (odds[1:2] or odds) + odds[:-1]  # the first and the last have one neighbour
    after = odds[1:] + (odds[-2:-1] or odds)
    for word, own, last, following in zip(words, odds, before, after, strict=True):
        length, is_strange = math.log(max(1, len(word.text))), _bare(word.text) in strange
        is_elided = _ELIDED.match(word.text) is not None
        yield own, (last + following) / 2, length, float(is_strange), float(is_elided)


def right_in_ten(words: Iterable[HeardWord]) -> int | None:
    """Estimate how many words of ten are right; None where there are none."""
    chances = [heard.certainty for heard in words]
    return round(10 * sum(chances) / len(chances)) if chances else None


def is_long(word: Word) -> bool:
    """Whether a word lasts so long that others were probably missed."""
    return word.end - word.start > LONGEST


def is_sparse(words: Sequence[Word], seconds: float) -> bool:
    """Whether some seconds of speech have too few words."""
    return seconds >= ENOUGH and len(words) < SPARSEST * seconds


def is_wordless(evidence: Evidence) -> bool:
    """Whether an episode has too few words for its speech."""
    seconds = sum(each.end - each.start for each in evidence.regions if each.kind == "speech")
    return is_sparse([w for each in evidence.segments if each.audible for w in each.words], seconds)


def speech_seconds(regions: Sequence[Region], start: float, end: float) -> float:
    """Measure the speech between two seconds; regions are in order."""
    seconds = 0.0
    first = bisect_right(regions, start, key=lambda region: region.end)
    for region in regions[first:]:
        if region.start >= end:
            break
        if region.kind == "speech":
            seconds += min(region.end, end) - max(region.start, start)
    return seconds


def _names(segment: Segment, once: Collection[str]) -> Iterator[int]:
    """Find capitals within a sentence, on words that are said once in the episode."""
    for number in range(1, len(segment.words)):
        text = segment.words[number].text
        if text.islower() or segment.words[number - 1].text.endswith(SENTENCE_END):
            continue
        if (name := _bare(text)) in once and name[:1].isupper():
            yield number


def _bare(text: str) -> str:
    """Leave a word without signs, and without what is elided before it.

    >>> _bare("l'Amérique,"), _bare("« Saint-Étienne »."), _bare("aujourd'hui"), _bare("d’")
    ('Amérique', 'Saint-Étienne', "aujourd'hui", 'd')
    """
    word = text.strip("«»“”\"'’()[]…,;:.!? \u00a0\u202f-–—")
    return _ELIDED.sub("", word)
