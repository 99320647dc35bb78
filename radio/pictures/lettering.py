"""Text in a box: as large as possible, in lines of about equal length, never over the edge."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

from radio.french.letters import bind, composed

FONTS = Path(__file__).parent / "fonts"  # Source Serif Pro, whole, as its licence wants it named
BOLD, REGULAR = "SourceSerifPro-Bold.ttf", "SourceSerifPro-Regular.ttf"
LEADING = 1.14  # from line to line, in heights of the letters
RISE, FALL = 0.72, 0.2  # of the letters above and below their line, likewise
LONGEST = 1000  # characters that are looked at
REFERENCE = 200  # pixels at which words are measured, once for every size
SLACK = 0.98  # of the width is used: hinting makes some sizes a little wider
NO_LETTER = "\uffff"


@dataclass(frozen=True)
class TextBlock:
    """Lines, and the size of their letters in the unit of the box."""

    lines: tuple[str, ...]
    size: float

    @property
    def height(self) -> float:
        """The height of the lines, without accents of the first and tails of the last."""
        return ((len(self.lines) - 1) * LEADING + RISE) * self.size


def font(face: str, pixels: float) -> ImageFont.FreeTypeFont:
    """Load a face at a size."""
    return ImageFont.truetype(FONTS / face, pixels)


def fit(
    text: str,
    face: str,
    width: float,
    height: float,
    sizes: tuple[float, float],
    most: int,
    dress: Callable[[str], str] = str,
) -> TextBlock:
    """Set text in a box, in at most `most` lines, with letters between two sizes. What doesn't fit
    is cut with …; `dress` then adds what must stay, such as guillemets."""
    smallest, largest = sizes
    words = _split(text[:LONGEST], face, SLACK * width / smallest)

    def block(number: int) -> TextBlock:
        shown = " ".join(words[:number])
        if number < len(words):
            shown = shown.rstrip(" ,;:.") + "…"
        # French signs stay with the word beside them: a line may begin at a space alone.
        return _set(bind(dress(shown)).split(" "), face, width, height, largest, most)

    whole = block(len(words))
    if whole.size >= smallest or len(words) < 2:
        return whole
    numbers = range(1, len(words))
    count = bisect_right(numbers, False, key=lambda number: block(number).size < smallest)
    return block(max(1, count))


def length(text: str, face: str) -> float:
    """Measure a line, in heights of its letters."""
    return _reference(face).getlength(text) / REFERENCE


def drawable(text: str, face: str) -> str:
    """Leave out characters that the face does not have.

    >>> drawable("L’œil 日本 de la ville", BOLD)
    'L’œil  de la ville'
    """
    whole = composed(re.sub(r"[^\S\u00a0\u202f]", " ", text))
    return "".join(letter for letter in whole if _has(face, letter))


def _split(text: str, face: str, longest: float) -> list[str]:
    """Give the words that can be drawn; those longer than `longest` are cut."""
    words: list[str] = []
    for word in drawable(text, face).split(" "):
        left = word
        while left:
            ends = range(1, len(left))
            end = len(left)
            if length(left, face) > longest:
                end = max(1, bisect_right(ends, longest, key=lambda end: length(left[:end], face)))
            words.append(left[:end])
            left = left[end:]
    return words


def _set(
    words: Sequence[str], face: str, width: float, height: float, largest: float, most: int
) -> TextBlock:
    """Choose the number of lines for the largest letters."""
    space = length(" ", face)
    lengths = [length(word, face) for word in words]
    best = TextBlock((), 0)
    for count in range(1, min(most, len(words)) + 1):
        lines = _balance(lengths, space, count)
        widest = max(sum(lengths[a:b]) + (b - a - 1) * space for a, b in lines)
        tall = (count - 1) * LEADING + RISE + FALL
        size = min(largest, SLACK * width / max(widest, 0.01), height / tall)
        if size > best.size * 1.2:
            best = TextBlock(tuple(" ".join(words[a:b]) for a, b in lines), size)
    return best


def _balance(lengths: Sequence[float], space: float, count: int) -> list[tuple[int, int]]:
    """Cut words into lines so that the longest is as short as possible."""
    low, high = max(lengths), sum(lengths) + len(lengths) * space
    lines = _fill(lengths, space, high)
    for _ in range(12):
        middle = (low + high) / 2
        candidate = _fill(lengths, space, middle)
        if len(candidate) <= count:
            high, lines = middle, candidate
        else:
            low = middle
    return lines


def _fill(lengths: Sequence[float], space: float, width: float) -> list[tuple[int, int]]:
    """Fill lines of a width with words; give first and end of each."""
    lines, first, line_width = [], 0, -space
    for number, each in enumerate(lengths):
        if number > first and line_width + space + each > width:
            lines.append((first, number))
            first, line_width = number, -space
        line_width += space + each
    return [*lines, (first, len(lengths))]


@lru_cache(maxsize=4)
def _reference(face: str) -> ImageFont.FreeTypeFont:
    return font(face, REFERENCE)


@lru_cache(maxsize=2048)
def _has(face: str, letter: str) -> bool:
    if unicodedata.category(letter)[0] == "C":
        return False
    shapes = [bytes(_reference(face).getmask(each)) for each in (letter, NO_LETTER)]
    return shapes[0] != shapes[1]
