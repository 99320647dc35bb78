"""A transcript laid out for reading: chapters, paragraphs, sentences, music, doubts (`text.doubt`);
words that a person wrote are beyond doubt. Pure."""

import re
from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, pairwise, zip_longest
from math import inf
from operator import itemgetter

from radio.french.letters import bind
from radio.text.chapters import Chapter
from radio.text.doubt import HeardWord, Reason, right_in_ten
from radio.text.sentences import split_cues
from radio.text.transcript import MUSIC, Cue, Evidence, Region, paragraphs

EARLY = 0.05  # seconds by which a word may begin before its cue, times being rounded
BREATH = 0.5  # seconds between two sentences; the first of them may be quoted with it
SPARE = 100  # heard words beyond those of a cue's text that are compared with it

LOST = ("long", "sparse")  # reasons for doubt that mean lost words
TELLING = 20  # words from which on it is told how sure a paragraph is

Run = tuple[str, Reason]  # some text, and why it is in doubt; empty if it is not


@dataclass(frozen=True)
class NumberedCue:
    """A cue, with its number in the transcript, from 1."""

    number: int
    cue: Cue
    runs: tuple[Run, ...]
    heard: Sequence[HeardWord] = ()


@dataclass(frozen=True)
class SpokenSentence:
    """What one voice says in one go: what is pressed to hear it, and lit while it is said."""

    lines: Sequence[NumberedCue]

    @property
    def number(self) -> int:
        """The number of its first cue."""
        return self.lines[0].number

    @property
    def start(self) -> float:
        """Where it begins, in seconds."""
        return self.lines[0].cue.start

    @property
    def end(self) -> float:
        """Where it ends, in seconds."""
        return self.lines[-1].cue.end


@dataclass(frozen=True)
class TranscriptBlock:
    """A paragraph, the music between two, or the heading of a chapter."""

    sentences: Sequence[SpokenSentence] = ()
    music: Region | None = None
    chapter: Chapter | None = None

    @property
    def voice(self) -> str:
        """Who speaks in it; empty where nobody knows."""
        return self.sentences[0].lines[0].cue.voice

    @property
    def right_in_ten(self) -> int | None:
        """How many words of ten are right, as one may expect; None where there are too few."""
        return right_in_ten(self._heard) if len(self._heard) >= TELLING else None

    @property
    def loses_words(self) -> bool:
        """Whether words were probably said that are missing here."""
        return any(each.reason in LOST for each in self._heard)

    @property
    def _heard(self) -> list[HeardWord]:
        lines = chain.from_iterable(sentence.lines for sentence in self.sentences)
        return [each for line in lines for each in line.heard]


def sentence_ends(sentences: Sequence[SpokenSentence]) -> Iterator[tuple[int, float]]:
    """Give number and end of each sentence that does not end about where the next begins."""
    for sentence, following in zip_longest(sentences, sentences[1:]):
        if not following or not 0 <= following.start - sentence.end <= BREATH:
            yield sentence.number, sentence.end


def lay_out(
    cues: Sequence[Cue],
    evidence: Evidence | None = None,
    heard: Sequence[HeardWord] = (),
    chapters: Iterable[Chapter] = (),
) -> Iterator[TranscriptBlock]:
    """Lay out paragraphs, none across music. A chapter stands before the first sentence or music of
    which it has more than half; it is left out if nothing follows it."""
    rest = deque(chapters)
    for block in _blocks(list(_lines(cues, heard)), evidence):
        begun = list[SpokenSentence]()
        for part in block.sentences or (block.music,):
            while part and rest and rest[0].start < (part.start + part.end) / 2:
                if begun:
                    yield TranscriptBlock(begun)
                    begun = []
                yield TranscriptBlock(chapter=rest.popleft())
            if isinstance(part, SpokenSentence):
                begun.append(part)
        yield TranscriptBlock(begun, block.music)


def _blocks(lines: Sequence[NumberedCue], evidence: Evidence | None) -> Iterator[TranscriptBlock]:
    regions = evidence.regions if evidence else ()
    long = [each for each in regions if each.kind == "music" and each.end - each.start >= MUSIC]
    first = 0
    for music in [*long, None]:
        middle = (music.start + music.end) / 2 if music else inf
        last = bisect_left(lines, middle, lo=first, key=lambda line: line.cue.start)
        for group in paragraphs([line.cue for line in lines[first:last]]):
            own, first = lines[first : first + len(group)], first + len(group)
            yield TranscriptBlock([SpokenSentence(own[a:b]) for a, b in split_cues(group)])
        if music:
            yield TranscriptBlock(music=music)


def _lines(cues: Sequence[Cue], heard: Sequence[HeardWord]) -> Iterator[NumberedCue]:
    starts, first = [each.word.start for each in heard], 0
    for number, cue in enumerate(cues, 1):
        first = bisect_left(starts, cue.start - EARLY, lo=first)
        words = cue.text.split()
        most = first + len(words) + SPARE
        spoken = heard[first : min(most, bisect_left(starts, cue.end, lo=first))]
        yield NumberedCue(number, cue, tuple(_runs(bind(" ".join(words)), spoken)), spoken)


def _runs(text: str, spoken: Sequence[HeardWord]) -> Iterator[Run]:
    """Split a text where doubt begins or ends.

    >>> from radio.text.transcript import Word
    >>> said = [("la", ""), ("kni", "unsure"), ("dit", "unsure"), ("Clo", "name")]
    >>> words = [HeardWord(Word(0, 1, word, 0.5), 0.5, reason) for word, reason in said]
    >>> list(_runs("la kni dit Clo", words))
    [('la ', ''), ('kni dit', 'unsure'), (' ', ''), ('Clo', 'name')]
    >>> list(_runs("la CNIL dit", words))
    [('la CNIL ', ''), ('dit', 'unsure')]
    """
    if not any(heard.reason for heard in spoken):
        yield text, ""
        return
    pieces = re.split(r"(\s+)", text)  # words, and the spaces between them
    doubts = list(_doubts(pieces[::2], spoken))
    between: list[Reason] = [last if last == this else "" for last, this in pairwise(doubts)]
    reasons = chain.from_iterable(zip_longest(doubts, between, fillvalue=""))
    for reason, run in groupby(zip(pieces, reasons, strict=False), key=itemgetter(1)):
        yield "".join(piece for piece, _ in run), reason


def _doubts(words: Sequence[str], spoken: Sequence[HeardWord]) -> Iterator[Reason]:
    """Tell of each word why it is in doubt, if it was heard so; both go forward together.

    >>> from radio.text.transcript import Word
    >>> list(_doubts("19 h 30. Oui".split(), [HeardWord(Word(0, 1, "19 h 30.", 0), 0.3, "unsure")]))
    ['unsure', 'unsure', 'unsure', '']
    """
    texts = [(text, each.reason) for each in spoken for text in each.word.text.split()]
    places = defaultdict[str, list[int]](list)
    for place, (text, _) in enumerate(texts):
        places[text].append(place)
    first = 0
    for word in words:
        found = places.get(word, [])
        following = bisect_left(found, first)
        reason: Reason = ""
        if following < len(found):
            reason, first = texts[found[following]][1], found[following] + 1
        yield reason
