"""Keys that change words: the fewest there are, by letters, by words, by what is offered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from radio.proposals.offers import MOST, SentenceOffers
from radio.text.accuracy import plain
from radio.text.aligned import SIGNS


@lru_cache(maxsize=10_000)
def keys_to_change(old: str, new: str) -> int:
    """Count the keys that change words, the caret before them: the fewest there are.

    A key goes on by a letter or a word, deletes one of either, before or behind the caret, or types
    a letter.

    >>> keys_to_change("kni", "CNIL"), keys_to_change("aux téléphones", "au téléphone")
    (5, 4)
    """
    if not old or not new:
        return len(new) + 1 if new else len(old.split())
    known = {(len(old), to): len(new) - to for to in range(len(new) + 1)}
    for at in range(len(old) - 1, -1, -1):
        for to in range(len(new), -1, -1):
            known[at, to] = min(_ways(old, new, at, to, known))
    return known[0, 0]


def _ways(
    old: str, new: str, at: int, to: int, known: Mapping[tuple[int, int], int]
) -> Iterator[int]:
    """Give the keys that are left, by each key that may come next."""
    if old[at:] == new[to:]:
        yield 0
    end = old.find(" ", at + 1) if old.find(" ", at + 1) > 0 else len(old)
    word = old[at:end]
    yield 1 + min(known[at + 1, to], known[end, to])
    if to < len(new):
        yield 1 + known[at, to + 1]
        if old[at] == new[to]:
            yield 1 + known[at + 1, to + 1]
    if word == new[to : to + len(word)]:
        yield 1 + known[end, to + len(word)]
    for stop in range(to + 1, len(new) + 1):
        yield _from_end(word, new[to:stop]) + known[end, stop]


def _from_end(word: str, other: str) -> int:
    """Change a word from its end: go there, back by letters, delete and type, go there again."""
    first = _alike(word, other)
    last = min(_alike(word[::-1], other[::-1]), min(len(word), len(other)) - first)
    return 1 + last + (last > 0) + len(word) + len(other) - 2 * (first + last)


def _alike(one: str, other: str) -> int:
    """Count the letters with which both begin."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda both: both[0] == both[1], pairs))


def keys_to_type(words: str, known: Sequence[str]) -> int:
    """Count the keys that type words, each ended where that is shorter: a key for each rank.

    >>> keys_to_type("la vidéosurveillance", ["ville", "vidéosurveillance"])
    6
    """
    texts = words.split()
    return sum(_typed(each, tuple(known)) for each in texts) + max(0, len(texts) - 1)


@lru_cache(maxsize=10_000)
def _typed(word: str, known: Sequence[str]) -> int:
    bare, fewest = word.rstrip(SIGNS), len(word)
    for size in range(1, len(bare)):
        begun = bare[:size].lower()
        found = [each for each in known if len(each) > size and each.lower().startswith(begun)]
        for rank, each in enumerate(found[:MOST], 1):
            if each.lower() == bare.lower():
                fewest = min(fewest, size + rank + len(word) - len(bare))
    return fewest


@dataclass(frozen=True)
class Offered:
    """What the desk offers for a sentence, and the words that end a half-typed one."""

    told: SentenceOffers
    start: int  # where the sentence begins in its text
    words: Sequence[str]  # of the text
    known: Sequence[str]
    is_whole: bool = False  # nothing is typed: an offer puts all right, or nothing does

    def keys(self, first: int, last: int, error: tuple[int, int, str]) -> int:
        """Count the keys that put words right by an offer for a place, and by letters after it."""
        wrong, end, new = error
        fewest = NEVER
        for rank, each in enumerate(self.told.at(first - self.start, last - self.start), 1):
            begin, stop = each.first + self.start, each.last + self.start
            if begin <= wrong and (stop > wrong or wrong == end == stop):
                before, after = self.words[begin:wrong], self.words[end : max(stop, end)]
                meant = " ".join(filter(None, (*before, new, *after)))
                stands = " ".join(filter(None, (each.text, *self.words[stop:end])))
                is_right = plain(stands) == plain(meant)
                if is_right or not self.is_whole:
                    more = 0 if is_right else keys_to_change(stands[::-1], meant[::-1])
                    fewest = min(fewest, rank + more)
        return fewest


NEVER = 10_000  # keys
