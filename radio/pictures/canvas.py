"""Cloth, patches, stitches and loose thread, in units of which one is the height of the picture.

Drawn larger and made small again, which smooths the edges, a band after the other, which takes
little memory; kept with a palette, which keeps the files small.
"""

import io
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import combinations, count, pairwise
from typing import TypeVar

from PIL import Image, ImageColor, ImageDraw, ImageFont

from radio.pictures.lettering import LEADING, RISE, TextBlock, font

Point = tuple[float, float]
Thing = TypeVar("Thing")
Paint = Callable[[ImageDraw.ImageDraw, list[Point]], None]
"""Lays a stroke on a band, at places in pixels."""

LARGEST = 3000  # pixels of the width in memory
BAND = 1_000_000  # pixels of a band, 4 bytes each
BLENDS = 7  # steps between two colours, for smooth edges
SMALL = 96  # pixels of a picture that does without: lists have many, and it is half as heavy
MIDDLING = 400  # pixels up to which the FEW colours that it has most of do, in a fifth fewer bytes
FEW = 16


@dataclass(frozen=True)
class Cloth:
    """The colours of a piece of sewing."""

    ground: str
    figure: str  # printed on the ground
    shade: str  # under the edges of the patch
    patch: str = "#fbf6ee"
    ink: str = "#241d19"
    faded: str = "#63564d"
    thread: str = "#9f2a1f"
    edge: str = "#8c7b6c"  # of cloth, and holes of a needle


class Chances:
    """A sequence of numbers that depends only on a seed."""

    def __init__(self, seed: str):
        self._numbers = _numbers(seed)

    def between(self, low: float, high: float) -> float:
        """Give the next number between two."""
        return low + (high - low) * next(self._numbers)

    def among(self, things: Sequence[Thing]) -> Thing:
        """Choose one of some things."""
        return things[int(len(things) * next(self._numbers))]


def _numbers(seed: str) -> Iterator[float]:
    for number in count():
        digest = sha256(f"{seed}\0{number}".encode()).digest()
        yield from (byte / 256 for byte in digest)


class Canvas:
    """A picture that is being drawn."""

    def __init__(self, width: int, height: int, cloth: Cloth):
        self.cloth = cloth
        self.width = width / height
        self._fold = max(1, min(4, LARGEST // width))
        self._unit = height * self._fold
        self._size = width, height
        self._strokes: list[tuple[list[Point], Paint]] = []

    def area(self, outline: Iterable[Point], colour: str) -> None:
        """Cover the inside of an outline."""
        places = [self._pixel(point) for point in outline]
        self._strokes.append((places, lambda band, places: band.polygon(places, colour)))

    def dot(self, centre: Point, radius: float, colour: str) -> None:
        """Cover a round spot."""
        corners = [self._pixel((centre[0] + r, centre[1] + r)) for r in (-radius, radius)]
        self._strokes.append((corners, lambda band, corners: band.ellipse(corners, colour)))

    def thread(self, path: Sequence[Point], width: float, colour: str) -> None:
        """Lay a thread along a path, its ends round."""
        places = [self._pixel(point) for point in path]
        thick = max(1, round(width * self._unit))
        self._strokes.append((places, lambda band, places: band.line(places, colour, thick)))
        for point in path:
            self.dot(point, (thick - 1) / 2 / self._unit, colour)

    def stitches(
        self, path: Sequence[Point], width: float, colour: str, length: float, gap: float
    ) -> None:
        """Sew running stitches along a path, a whole number of them."""
        total = sum(math.dist(*pair) for pair in pairwise(path))
        number = max(1, round((total + gap) / (length + gap)))
        step = (total + gap) / number
        for first in (step * place for place in range(number)):
            stitch = part(path, first, first + step - gap)
            self.thread(stitch, width, colour)

    def write(self, block: TextBlock, face: str, left: float, top: float, colour: str) -> None:
        """Write lines; the letters of the first begin at `top`."""
        letters = font(face, block.size * self._unit)
        for number, line in enumerate(block.lines):
            base = top + (RISE + number * LEADING) * block.size
            start = [(left * self._unit, base * self._unit)]
            self._strokes.append((start, _writing(line, letters, colour)))

    def png(self) -> bytes:
        """Give the picture, made small again."""
        width, height = self._size
        blends = BLENDS if width > SMALL else 0
        palette = _palette(tuple(vars(self.cloth).values()), blends)
        image = Image.new("P", self._size)
        image.putpalette(palette.getpalette() or ())
        step = max(1, BAND // (width * self._fold**2))
        for top in range(0, height, step):
            band = self._band(top, min(step, height - top))
            image.paste(band.quantize(palette=palette, dither=Image.Dither.NONE), (0, top))
        if width <= MIDDLING and blends:
            image = image.convert("RGB").quantize(FEW, dither=Image.Dither.NONE)
        file = io.BytesIO()
        image.save(file, "PNG", optimize=self._fold > 1)
        return file.getvalue()

    def _band(self, top: int, height: int) -> Image.Image:
        """Draw some rows of the picture."""
        size = self._size[0] * self._fold, height * self._fold
        image = Image.new("RGB", size, self.cloth.ground)
        draw = ImageDraw.Draw(image)
        for places, paint in self._strokes:
            paint(draw, [(x, y - top * self._fold) for x, y in places])
        return image.reduce(self._fold) if self._fold > 1 else image

    def _pixel(self, point: Point) -> Point:
        return int(point[0] * self._unit), int(point[1] * self._unit)


def _writing(line: str, letters: ImageFont.FreeTypeFont, colour: str) -> Paint:
    return lambda band, start: band.text(start[0], line, colour, letters, anchor="ls")


def part(path: Sequence[Point], start: float, end: float) -> list[Point]:
    """Cut a part out of a path, from one distance along it to another."""
    points, walked = [_along(path, start)], 0.0
    for a, b in pairwise(path):
        walked += math.dist(a, b)
        if start < walked < end:
            points.append(b)
    return [*points, _along(path, end)]


def _along(path: Sequence[Point], distance: float) -> Point:
    for a, b in pairwise(path):
        length = math.dist(a, b)
        if length >= distance:
            share = distance / length if length else 0
            return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share
        distance -= length
    return path[-1]


@lru_cache(maxsize=32)
def _palette(colours: tuple[str, ...], blends: int) -> Image.Image:
    """Collect colours and some steps between each two of them."""
    values = [ImageColor.getrgb(colour) for colour in dict.fromkeys(colours)]
    entries = [value for colour in values for value in colour]
    for one, two in combinations(values, 2):
        for step in range(1, blends + 1):
            share = step / (blends + 1)
            entries += [round(a + (b - a) * share) for a, b in zip(one, two, strict=True)]
    image = Image.new("P", (1, 1))
    image.putpalette(entries)
    return image
