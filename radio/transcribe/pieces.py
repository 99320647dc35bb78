"""Words read for their numbers: what belongs together, and what it says.

« Vingt et un », « 12 000 » and « deux mille dix-neuf » become one piece each; « 19h30 » and « 20% »
are set as they should be. Numbers side by side, which may be a telephone's, are none.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from radio.french.numbers import ALONE, AND, GREAT, HUNDREDS, NUMERALS, find_numbers
from radio.text.transcript import SENTENCE_END, Word
from radio.transcribe.cues import PAUSE
from radio.transcribe.orthography import CorrectedWord, take_apart

MOST_GROUPS = 4  # of three figures
ROUND = {*HUNDREDS, "mille"}  # numbers that may go on with the one before: « 3 mille »
VAGUE = {*HUNDREDS, *GREAT, *ALONE}  # numbers that stay in words where they are alone

_SIGNS = re.compile(r"([^\w%€]*)(.*?)(\s?[^\w%€°]*)", re.DOTALL)
_FIGURES = re.compile(r"0|[1-9]\d{0,11}|[1-9]\d{0,2}(?:[.\s]\d{3}){1,3}")
_IN_FIGURES = re.compile(r"\d[\d.,\s]*")
_CLOCK = re.compile(r"([01]?\d|2[0-4])\s?(?:[hH]\s?([0-5]\d)?|:([0-5]\d))")
_AMOUNT = re.compile(r"(\d+(?:,\d+)?)\s?([%€])")
_ORDINAL = re.compile(r"(\d+|[IVXL]+)(?:[èe]me|ième)(s?)")


@dataclass(frozen=True)
class NumberPiece:
    """Some words that are read as one: signs, a text and signs; the number that it says, if any."""

    words: tuple[Word, ...]
    before: str
    text: str
    after: str
    value: int | None = None
    is_new: bool = False  # the text is not as it was heard

    @property
    def key(self) -> str:
        """The text as the lists of words have it."""
        return self.text.lower().replace("’", "'")

    @property
    def is_corrected(self) -> bool:
        """Whether people corrected a word of it, so that it stays as it is."""
        return any(isinstance(word, CorrectedWord) for word in self.words)

    def write(self, text: str) -> "NumberPiece":
        """Give it another text."""
        return (
            self
            if text == self.text or self.is_corrected
            else replace(self, text=text, is_new=True)
        )

    def join(self, *others: "NumberPiece", text: str) -> "NumberPiece":
        """Make one piece of several, between the signs around them."""
        words = tuple(word for piece in (self, *others) for word in piece.words)
        return NumberPiece(words, self.before, text, [self, *others][-1].after, is_new=True)

    def forget(self) -> "NumberPiece":
        """Take its words as they were heard, for no number."""
        return replace(self, value=None, is_new=False)

    def result(self) -> tuple[Word, ...]:
        """Give the words as they were heard, or one that lasts as long as all of them."""
        if not self.is_new:
            return self.words
        text = f"{self.before}{self.text}{self.after}"
        probability = min(word.probability for word in self.words)
        return (Word(self.words[0].start, self.words[-1].end, text, probability),)


NOTHING = NumberPiece((), "", "", "")


def read_pieces(words: Sequence[Word]) -> list[NumberPiece]:
    """Read the numbers among words."""
    return _separate(list(_read(list(map(_piece, words)))))


def _piece(word: Word) -> NumberPiece:
    """Read a word by itself: its signs, its number in figures, and what is written together."""
    match = take_apart(word, _SIGNS)
    before, text, after = match.groups() if match else ("", word.text, "")
    if set(before) & set("-−+/"):
        return NumberPiece((word,), "", word.text, "")
    piece = NumberPiece((word,), before, text, after)
    if _FIGURES.fullmatch(text):
        return replace(piece, value=int(re.sub(r"\D", "", text)))
    return piece.write(_respell(text))


def _respell(text: str) -> str:
    """Set what is written as one word.

    >>> [_respell(text) for text in ("19h30", "7h", "20%", "2ème", "1ère", "24h/24")]
    ['19 h 30', '7 heures', '20 %', '2e', '1re', '24h/24']
    """
    if match := _CLOCK.fullmatch(text):
        hour, minutes = int(match[1]), match[2] or match[3]
        return f"{hour} h {minutes}" if minutes else f"{hour} heure{'s' * (hour > 1)}"
    if match := _AMOUNT.fullmatch(text):
        return f"{match[1]} {match[2]}"
    if match := _ORDINAL.fullmatch(text):
        return f"{match[1]}e{match[2]}"
    return "1re" if text in ("1ère", "1ere") else text


def follows(piece: NumberPiece, following: NumberPiece) -> bool:
    """Whether one piece follows another without a sign or a pause between them."""
    gap = following.words[0].start - piece.words[-1].end
    return not piece.after and not following.before and gap < PAUSE


def _read(pieces: Sequence[NumberPiece]) -> Iterator[NumberPiece]:
    """Make one piece of each number of several words."""
    first = 0
    while first < len(pieces):
        last = first + 1
        if _grows(pieces, first, first):
            while last < len(pieces) and _grows(pieces, last, first):
                last += 1
            yield from _read_run(pieces[first:last])
        else:
            yield pieces[first]
        first = last


def _grows(pieces: Sequence[NumberPiece], place: int, first: int) -> bool:
    """Whether a piece goes on with numbers that begin with another: « 12 000 », « vingt et un »."""
    piece, begun = pieces[place], pieces[first]
    is_kept = piece.is_corrected or begun.is_corrected
    if place > first and (is_kept or not follows(pieces[place - 1], piece)):
        return False
    if begun.value is not None:
        is_group = len(piece.text) == 3 and piece.text.isdecimal()
        takes_groups = begun.value > 0 and len(begun.text) <= 3 and place - first < MOST_GROUPS
        return place == first or (is_group and takes_groups)
    is_name = piece.text[:1].isupper() and not begins(pieces, place)
    parts = piece.key.split("-")
    return not is_name and all(part in NUMERALS or part == AND for part in parts)


def _read_run(run: Sequence[NumberPiece]) -> Iterator[NumberPiece]:
    """Read numbers of pieces that say nothing else."""
    if run[0].value is not None:
        text = "".join(piece.text for piece in run)
        yield (
            run[0] if len(run) == 1 else replace(run[0].join(*run[1:], text=text), value=int(text))
        )
        return
    parts = [(part, place) for place, piece in enumerate(run) for part in piece.key.split("-")]
    places = [place for _, place in parts] + [len(run)]
    at = 0
    for first, last, value in _counted([part for part, _ in parts]):
        begin, end = places[first], places[last]
        if begin not in places[first - 1 : first] and end != places[last - 1]:  # whole words
            yield from run[at:begin]
            text = " ".join(piece.text for piece in run[begin:end])
            number = run[begin].join(*run[begin + 1 : end], text=text)
            is_vague = end - begin == 1 and run[begin].key in VAGUE
            yield replace(number, value=None if is_vague else value, is_new=False)
            at = end
    yield from run[at:]


def _counted(parts: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Find numbers; « six millions » is six of something."""
    for first, last, value in find_numbers(parts):
        great = GREAT.get(parts[last - 1], 0)
        if last - first > 1 and great > GREAT["mille"]:
            yield first, last - 1, value // great
        else:
            yield first, last, value


def _separate(pieces: list[NumberPiece]) -> list[NumberPiece]:
    """Leave numbers side by side as they were heard: « deux trois », « 04 77 »."""
    are_numbers = [_is_number(pieces, place) for place in range(len(pieces))]
    beside = {
        place + side
        for place, (piece, following) in enumerate(pairwise(pieces))
        if are_numbers[place] and are_numbers[place + 1] and follows(piece, following)
        for side in (0, 1)
    }
    return [
        piece.forget() if place in beside and piece.value is not None else piece
        for place, piece in enumerate(pieces)
    ]


def _is_number(pieces: Sequence[NumberPiece], place: int) -> bool:
    """Whether a piece is a number by itself; « 20 % », « 19 h 30 » and « pour cent » are none."""
    piece = pieces[place]
    is_round = piece.key in ROUND and (place == 0 or pieces[place - 1].key != "pour")
    return piece.value is not None or is_round or _IN_FIGURES.fullmatch(piece.text) is not None


def three(
    pieces: Sequence[NumberPiece], place: int
) -> tuple[NumberPiece, NumberPiece, NumberPiece]:
    """Give a piece and the two after it, or nothing in their place where they do not follow it."""
    found = [pieces[place]]
    for before, piece in pairwise(pieces[place : place + 3]):
        if not follows(before, piece):
            break
        found.append(piece)
    one, two, three, *_ = [*found, NOTHING, NOTHING]
    return one, two, three


def begins(pieces: Sequence[NumberPiece], place: int) -> bool:
    """Whether a piece begins a sentence."""
    return place == 0 or pieces[place - 1].after.rstrip().endswith(SENTENCE_END)
