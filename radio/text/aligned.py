"""Two texts compared word by word, and one text by its letters, words, cues and seconds. Pure."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

from rapidfuzz.distance import Indel, Levenshtein

from radio.text.sentences import find_sentences, sentence_of
from radio.text.transcript import LINE, PAUSE, SENTENCE_END, Cue, Word

SIGNS = "’'«»“”\"()[].,;:!?…-–—"
SPACES = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
LEAST = 0.01  # seconds that are left to each part of a cue
NEAR = 0.25  # seconds from a border within which a word goes with what is taken out
SHORTEST = 0.1  # seconds that are left to a cue of which words are taken out
KNOWN = 0.6  # share of the words up to a border that a machine must have heard as they stand

Differences = list[tuple[str, bool]]  # parts of a sentence, each with whether the other lacks it


class AlignedWords(NamedTuple):
    """Some words of one text, and those of another in their place; the ends are excluded."""

    first: int
    last: int
    begin: int
    end: int
    is_equal: bool


def bare(word: str) -> str:
    """Give what words are compared by: letters with accents, without capitals.

    >>> bare("« L’Agenda, »"), bare("…")
    ("l'agenda", '')
    """
    return word.replace("’", "'").casefold().strip(f"{SIGNS}{SPACES}").strip()


def align(old: Sequence[str], new: Sequence[str]) -> Iterator[AlignedWords]:
    """Align the words of two short texts, or lines of longer ones, by their longest runs.

    >>> list(align("la kni dit".split(), "la CNIL".split()))[1]
    AlignedWords(first=1, last=3, begin=1, end=2, is_equal=False)
    """
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, first, last, begin, end in matcher.get_opcodes():
        yield AlignedWords(first, last, begin, end, tag == "equal")


def equal_places(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Give the places of the words of a new text in an old one, as `align` finds them.

    >>> equal_places("la kni dit non".split(), "la CNIL dit".split())
    {0: 0, 2: 2}
    """
    return {
        each.begin + number: each.first + number
        for each in align(old, new)
        if each.is_equal
        for number in range(each.last - each.first)
    }


def equal_words(written: Sequence[str], heard: Sequence[str]) -> dict[int, int]:
    """Give where the words of a text of many hours were heard: as many equal ones as can be.

    >>> equal_words("la CNIL dit".split(), "la kni dit non".split())
    {0: 0, 2: 2}
    """
    found = dict[int, int]()
    for block in Levenshtein.opcodes(written, heard):
        if block.tag == "equal":
            places = range(block.src_start, block.src_end)
            found.update(zip(places, range(block.dest_start, block.dest_end), strict=True))
    return found


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """Measure how alike two texts are, by words or letters: 0 to 1.

    >>> likeness("la kni dit non".split(), "la CNIL dit non".split())
    0.75
    """
    return Indel.normalized_similarity(one, other)


def word_differences(was: str, words: str) -> tuple[Differences, Differences]:
    """Cut two sentences into parts, each with whether the other sentence lacks it.

    >>> word_differences("la kni dit", "la CNIL dit")[1]
    [('la', False), ('CNIL', True), ('dit', False)]
    """
    old, new = was.split(), words.split()
    before, after = Differences(), Differences()
    for each in align(old, new):
        parts = old[each.first : each.last], new[each.begin : each.end]
        for side, part in zip((before, after), parts, strict=True):
            if part:
                side.append((" ".join(part), not each.is_equal))
    return before, after


def locate(texts: Sequence[str], start: int, end: int) -> tuple[range, str, str]:
    """Give the texts, joined by one sign, in which letters stand, with what is before and after.

    >>> locate(["Avec Zoé", "Durand."], 5, 15)
    (range(0, 2), 'Avec ', '.')
    """
    starts = _starts(texts)
    first, last = bisect_right(starts, start) - 1, bisect_right(starts, end - 1) - 1
    before, after = texts[first][: start - starts[first]], texts[last][end - starts[last] :]
    return range(first, last + 1), before, after


def _starts(texts: Sequence[str]) -> list[int]:
    """Give the letter with which each text begins, when joined by one sign."""
    return list(accumulate((len(text) + 1 for text in texts[:-1]), initial=0))


def evenly(texts: Sequence[str], start: float, end: float, probability: float) -> Iterator[Word]:
    """Give words that nobody timed the same share of the time."""
    step = (end - start) / max(1, len(texts))
    for place, text in enumerate(texts):
        times = round(start + place * step, 3), round(start + (place + 1) * step, 3)
        yield Word(*times, text, probability)


def break_lines(words: Sequence[str]) -> str:
    r"""Write words on one line, or on two of about the same length.

    >>> break_lines(["petit"] * 8)
    'petit petit petit petit\npetit petit petit petit'
    """
    text = " ".join(words)
    ends = [len(" ".join(words[:number])) for number in range(1, len(words))]
    if len(text) <= LINE or not ends:
        return text
    middle = min(ends, key=lambda end: abs(2 * end - len(text)))
    return f"{text[:middle]}\n{text[middle + 1 :]}"


@dataclass(frozen=True)
class AlignedText:
    """Some cues, and the words that a machine heard in their sound."""

    cues: tuple[Cue, ...]
    heard: Sequence[Word] = ()
    compared: Callable[[str], str] = bare  # what a word that stands and a heard one are equal by

    @property
    def letters(self) -> str:
        """The text, each cue on lines of its own."""
        return "\n".join(cue.text for cue in self.cues)

    @cached_property
    def spoken(self) -> tuple[Cue, ...]:
        """The cues with words, each of them on one line."""
        lines = (replace(cue, text=sentence_of([cue])) for cue in self.cues)
        return tuple(cue for cue in lines if cue.text)

    @cached_property
    def line(self) -> str:
        """The whole text on one line."""
        return " ".join(cue.text for cue in self.spoken)

    @cached_property
    def starts(self) -> list[int]:
        """The letter of the line with which each spoken cue begins."""
        return _starts([cue.text for cue in self.spoken])

    def second_of(self, letter: int, *, is_end: bool = False) -> float:
        """Estimate when a letter of the line is said; of an end, the letter before it counts."""
        number = bisect_right(self.starts, letter - is_end) - 1
        cue = self.spoken[number]
        share = min(1.0, (letter - self.starts[number]) / len(cue.text))
        return round(cue.start + share * (cue.end - cue.start), 3)

    def sentences(self) -> Iterator[tuple[float, str]]:
        """Give the sentences, each with the second of the cue in which it begins."""
        for start, end in find_sentences(self.line):
            cue = self.spoken[bisect_right(self.starts, start) - 1]
            yield cue.start, self.line[start:end].strip()

    def words_heard(self, cue: Cue) -> Mapping[int, Word]:
        """Give the words that were heard as they stand, within the cue's time, by place."""
        here = [word for word in self.heard if cue.start <= (word.start + word.end) / 2 <= cue.end]
        texts = [self.compared(word.text) for word in here]
        found = equal_places(texts, [self.compared(text) for text in cue.text.split()])
        return {place: here[other] for place, other in found.items()}

    def with_words(self, words: str) -> "AlignedText":
        """Write other words in the cues of those they replace; an empty cue joins its neighbour."""
        after = words.split()
        shares = defaultdict[int, list[str]](list)  # of each cue, by its place
        old = [(word, place) for place, cue in enumerate(self.cues) for word in cue.text.split()]
        texts = [bare(word) or word for word, _ in old], [bare(word) or word for word in after]
        for first, last, begin, end, _ in align(*texts):
            for number in range(end - begin):
                # Words more go with the one before them.
                step = number * (last - first) // (end - begin) if last > first else -1
                place = old[max(0, first + step)][1] if old else 0
                shares[place].append(after[begin + number])
        cues, start = list[Cue](), None
        for place, cue in enumerate(self.cues):
            own = shares[place]
            if own:
                text = cue.text if own == cue.text.split() else break_lines(own)
                cues.append(replace(cue, start=cue.start if start is None else start, text=text))
                start = None
            elif cues:
                cues[-1] = replace(cues[-1], end=cue.end)
            else:
                start = cue.start if start is None else start
        return replace(self, cues=tuple(cues))

    def cut_before(self, places: Collection[int]) -> "AlignedText":
        """Begin a cue with each of some words, given by their places in the text."""
        cues, at = list[Cue](), 0
        for cue in self.cues:
            words = cue.text.split()
            own = [each for each in range(1, len(words)) if at + each in places]
            times = [cue.start, *(self._second(cue, place) for place in own), cue.end]
            at += len(words)
            if not own or any(end - start < LEAST for start, end in pairwise(times)):
                cues.append(cue)  # too short for that, it stays whole
                continue
            borders = pairwise((0, *own, len(words)))
            for (first, last), (start, end) in zip(borders, pairwise(times), strict=True):
                text = break_lines(words[first:last])
                cues.append(replace(cue, start=start, end=end, text=text))
        return replace(self, cues=tuple(cues))

    def _second(self, cue: Cue, place: int) -> float:
        """Estimate when a word of a cue begins: as heard, else by the letters before it."""
        heard, words = self.words_heard(cue), cue.text.split()
        if place in heard:
            second = heard[place].start
        elif place - 1 in heard:
            second = heard[place - 1].end
        else:
            share = len(" ".join(words[:place])) / max(1, len(" ".join(words)))
            second = cue.start + share * (cue.end - cue.start)
        return round(min(max(second, cue.start + LEAST), cue.end - LEAST), 3)

    def joined_at(self, second: float) -> "AlignedText":
        """Join the two cues around a second, where a pause or a sign would separate them."""
        for place, (before, cue) in enumerate(pairwise(self.cues)):
            parts = cue.start - before.end >= PAUSE or before.text.rstrip().endswith(SENTENCE_END)
            if cue.start >= second and parts:
                words = break_lines([*before.text.split(), *cue.text.split()])
                one = replace(before, end=cue.end, text=words)
                return replace(self, cues=(*self.cues[:place], one, *self.cues[place + 2 :]))
        return self

    def with_letters(self, start: int, end: int, shown: str) -> "AlignedText":
        """Write other letters in the place of some, which may stand in several cues."""
        places, before, after = locate([cue.text for cue in self.cues], start, end)
        texts = [f"{before}{shown}", *[""] * (len(places) - 1)]
        texts[-1] = texts[-1] + after if len(places) == 1 else after.lstrip()
        own = self.cues[places.start : places.stop]
        cues = (replace(cue, text=text) for cue, text in zip(own, texts, strict=True))
        changed = (*self.cues[: places.start], *cues, *self.cues[places.stop :])
        return replace(self, cues=tuple(cue for cue in changed if cue.text.strip()))

    def without(self, start: float, end: float, mark: str) -> "AlignedText":
        """Take out what is said between two seconds, and put a mark in its place. Times of words
        are rough: words near a border go too, and a cue whose words were not heard goes whole."""
        before, after = list[Cue](), list[Cue]()
        for cue in self.cues:
            if cue.start >= end + NEAR or cue.end <= start - NEAR:
                (before if cue.end <= start else after).append(cue)
                continue
            first, last = self._outside(cue, start, end)
            if first:
                until = max(cue.start + SHORTEST, min(cue.end, start))
                before.append(replace(cue, text=" ".join(first), end=until))
            if last:
                since = min(cue.end - SHORTEST, max(cue.start, end))
                after.append(replace(cue, text=" ".join(last), start=since))
        return replace(self, cues=(*before, Cue(start, end, mark), *after))

    def _outside(self, cue: Cue, start: float, end: float) -> tuple[list[str], list[str]]:
        """Give the words of a cue that are surely said before a passage, and those after it."""
        texts, heard = cue.text.split(), self.words_heard(cue)
        before = [place for place, word in heard.items() if word.end <= start - NEAR]
        after = [place for place, word in heard.items() if word.start >= end + NEAR]
        first = _border(before)
        last = len(texts) - _border([len(texts) - 1 - place for place in reversed(after)])
        return texts[:first], texts[max(first, last) :]


def _border(known: Sequence[int]) -> int:
    """Count the words from an end that are surely outside; none where most are not known."""
    count = known[-1] + 1 if known else 0
    return count if len(known) >= KNOWN * count else 0
