"""Cues: short texts to read while they are said, cut where the sense allows it. Every place between
two words has a price: nothing after a sentence, little at a comma or a pause, most between « la »
and its noun. The cheapest cut is taken, as D. Knuth and M. Plass break lines (1981)."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise

from radio.french.letters import word_lists
from radio.text.transcript import LINE, SENTENCE_END, Cue, Word

LINES = 2
LONGEST = 7.0  # seconds
SHORTEST = 0.8  # seconds in which two words are read
PAUSE = 0.7  # seconds between two words that always end a cue
BREATH = 0.25  # seconds between two words that a listener notices
CLAUSE_END = (",", ";", ":")

CUE = 1.0  # price of a cue more; of those below the one to end a cue there
CLAUSE, PAUSED, CONNECTED, ANYWHERE, LEANING = 1.0, 1.5, 2.5, 4.0, 7.0
JOINED = 3.5  # for the end of a sentence within a cue
LONELY = 6.0  # for a cue of one short word
HASTY = 2.0  # for one too short to be read
SHORT_WORD = 8  # letters
UNEVEN = 5  # letters by which lines may differ for a break that is cheaper by 1

_LISTS = {name: frozenset(words) for name, words in word_lists("transcribe").items()}
CONNECTORS, LEANING_WORDS = _LISTS["connectors"], _LISTS["leaning"]


def cut_cues(words: Iterable[Word]) -> Iterator[Cue]:
    """Cut the words of one voice into cues of at most two lines of 42 characters, and 7 seconds. A
    longer word is a cue of its own. A cue lasts from its first word to its last."""
    run: list[Word] = []
    for word in words:
        if run and word.start - run[-1].end >= PAUSE:
            yield from _cut(run)
            run = []
        run.append(word)
    if run:
        yield from _cut(run)


def _cut(words: Sequence[Word]) -> Iterator[Cue]:
    prices = [*map(_price, words[:-1], words[1:]), 0.0]
    edges = list(accumulate((len(word.text) + 1 for word in words), initial=0))
    costs, begins = [0.0], [0]  # of the cheapest way to cut so many words: its last cue's begin
    for last in range(1, len(words) + 1):
        ways = ((costs[first] + price, first) for first, price in _ways(words, edges, last))
        cost, first = min(ways)
        costs.append(cost + CUE + prices[last - 1])
        begins.append(first)
    borders = [len(words)]
    while borders[-1]:
        borders.append(begins[borders[-1]])
    for first, last in pairwise(reversed(borders)):
        text = "\n".join(_lines(words[first:last], prices[first:last]))
        yield Cue(words[first].start, words[last - 1].end, text)


def _ways(words: Sequence[Word], edges: Sequence[int], last: int) -> Iterator[tuple[int, float]]:
    """Give each word with which a cue ending before `last` can begin, and its price. It must fit in
    two lines; `edges` counts the letters before each word, spaces too."""
    inner = 0.0
    for first in range(last - 1, -1, -1):
        word = words[first]
        if first < last - 1:
            middle = bisect_right(edges, edges[first] + LINE + 1) - 1  # where the first line ends
            is_fit = middle >= last or (middle > first and edges[last] - edges[middle] - 1 <= LINE)
            if words[last - 1].end - word.start > LONGEST or not is_fit:
                return
            inner += JOINED if word.text.endswith(SENTENCE_END) else 0.0
            inner += max(0.0, words[first + 1].start - word.end - BREATH) * JOINED
        haste = HASTY if words[last - 1].end - word.start < SHORTEST else 0.0
        alone = first == last - 1 and len(word.text) < SHORT_WORD
        yield first, inner + (LONELY if alone else haste)


def _price(word: Word, following: Word) -> float:
    if word.text.endswith(SENTENCE_END):
        return 0.0
    if word.text.endswith(CLAUSE_END):
        return CLAUSE
    price = CONNECTED if _parts(following.text)[0] in CONNECTORS else ANYWHERE
    price = LEANING if _parts(word.text)[-1] in LEANING_WORDS else price
    return min(price, PAUSED) if following.start - word.end >= BREATH else price


def _parts(text: str) -> list[str]:
    """Cut a word at its apostrophes and hyphens, in small letters.

    >>> _parts("«Qu’on"), _parts("…")
    (['qu', 'on'], [''])
    """
    return re.findall(r"\w+", text.lower()) or [""]


def _lines(words: Sequence[Word], prices: Sequence[float]) -> list[str]:
    """Break a cue into two lines if it must be, alike in length, where the sense allows it."""
    texts = [word.text for word in words]
    whole = " ".join(texts)
    if len(whole) <= LINE or len(texts) == 1:
        return [whole]
    ways = [(" ".join(texts[:size]), " ".join(texts[size:])) for size in range(1, len(texts))]
    breaks = [
        (price * UNEVEN + abs(len(upper) - len(lower)), upper, lower)
        for price, (upper, lower) in zip(prices, ways, strict=False)
        if max(len(upper), len(lower)) <= LINE
    ]
    return list(min(breaks)[1:])
