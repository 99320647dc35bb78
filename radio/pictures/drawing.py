"""Drawings for what has no picture: covers, quote cards, icons, QR codes. The unit is the height.
They are drawn larger, in bands to save memory, then shrunk; a palette keeps files small."""

import io
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import combinations, count, pairwise
from typing import TypeVar

import segno
from PIL import Image, ImageColor, ImageDraw

from radio.pictures.lettering import BOLD, LEADING, REGULAR, RISE, TextBlock, fit, font

Point = tuple[float, float]
Thing = TypeVar("Thing")
Paint = Callable[[ImageDraw.ImageDraw, list[Point]], None]  # paints on a band, at places in pixels

LARGEST = 3000  # pixels of the width in memory
BAND = 1_000_000  # pixels of a band, 4 bytes each
BLENDS = 7  # steps between two colours, for smooth edges
SMALL = 96  # pixels of a picture that does without: lists have many, and it is half as heavy
MIDDLING = 400  # pixels up to which the FEW colours that it has most of do, in a fifth fewer bytes
FEW = 16
QUIET = 4  # modules of white around a code, without which some telephones see none


@dataclass(frozen=True)
class Cloth:
    """The colours of a sewn picture."""

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
        digests = (sha256(f"{seed}\0{number}".encode()).digest() for number in count())
        self._numbers = (byte / 256 for digest in digests for byte in digest)

    def between(self, low: float, high: float) -> float:
        """Give the next number between two."""
        return low + (high - low) * next(self._numbers)

    def among(self, things: Sequence[Thing]) -> Thing:
        """Choose one of some things."""
        return things[int(len(things) * next(self._numbers))]


class Canvas:
    """A picture that is being drawn."""

    def __init__(self, width: int, height: int, cloth: Cloth):
        self.cloth = cloth
        self.width = width / height
        self._fold = max(1, min(4, LARGEST // width))
        self._unit = height * self._fold
        self._size = width, height
        self._strokes: list[tuple[list[Point], Paint]] = []

    def _paint(self, points: Iterable[Point], paint: Paint) -> None:
        places: list[Point] = [(int(x * self._unit), int(y * self._unit)) for x, y in points]
        self._strokes.append((places, paint))

    def area(self, outline: Iterable[Point], colour: str) -> None:
        """Cover the inside of an outline."""
        self._paint(outline, lambda band, places: band.polygon(places, colour))

    def dot(self, centre: Point, radius: float, colour: str) -> None:
        """Cover a round spot."""
        corners = [(centre[0] + r, centre[1] + r) for r in (-radius, radius)]
        self._paint(corners, lambda band, places: band.ellipse(places, colour))

    def thread(self, path: Sequence[Point], width: float, colour: str) -> None:
        """Draw a thread along a path, its ends round."""
        thick = max(1, round(width * self._unit))
        self._paint(path, lambda band, places: band.line(places, colour, thick))
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
            self.thread(part(path, first, first + step - gap), width, colour)

    def write(self, block: TextBlock, face: str, left: float, top: float, colour: str) -> None:
        """Write lines; the letters of the first begin at `top`."""
        letters = font(face, block.size * self._unit)
        for number, line in enumerate(block.lines):
            base = top + (RISE + number * LEADING) * block.size
            place = left * self._unit, base * self._unit

            def write(band: ImageDraw.ImageDraw, places: list[Point], line: str = line) -> None:
                band.text(places[0], line, colour, letters, anchor="ls")

            self._strokes.append(([place], write))

    def png(self) -> bytes:
        """Give the picture, made small again."""
        width, height = self._size
        blends = BLENDS if width > SMALL else 0
        palette = _palette(astuple(self.cloth), blends)
        image = Image.new("P", self._size)
        image.putpalette(palette.getpalette() or ())
        step = max(1, BAND // (width * self._fold**2))
        for top in range(0, height, step):
            size = width * self._fold, min(step, height - top) * self._fold
            band = Image.new("RGB", size, self.cloth.ground)
            draw = ImageDraw.Draw(band)
            for places, paint in self._strokes:
                paint(draw, [(x, y - top * self._fold) for x, y in places])
            band = band.reduce(self._fold) if self._fold > 1 else band
            image.paste(band.quantize(palette=palette, dither=Image.Dither.NONE), (0, top))
        if width <= MIDDLING and blends:
            image = image.convert("RGB").quantize(FEW, dither=Image.Dither.NONE)
        file = io.BytesIO()
        image.save(file, "PNG", optimize=self._fold > 1)
        return file.getvalue()


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
    values = [ImageColor.getrgb(colour) for colour in dict.fromkeys(colours)]
    entries = [value for colour in values for value in colour]
    for one, two in combinations(values, 2):
        for step in range(1, blends + 1):
            share = step / (blends + 1)
            entries += [round(a + (b - a) * share) for a, b in zip(one, two, strict=True)]
    image = Image.new("P", (1, 1))
    image.putpalette(entries)
    return image


CLOTHS = {  # by their ground
    "#e9b44c": Cloth("#e9b44c", "#dfa63a", "#a97412"),
    "#9f2a1f": Cloth("#9f2a1f", "#8d231a", "#5e140d"),
    "#2f5f8a": Cloth("#2f5f8a", "#28527a", "#1b3a58"),
    "#3a302a": Cloth("#3a302a", "#463a33", "#17120f"),
    "#55765a": Cloth("#55765a", "#4b6a50", "#2e4733"),
    "#e6d5bb": Cloth("#e6d5bb", "#dac6a7", "#b0966d"),
}
PRINTS = ("plain", "stripes", "checks", "dots", "twill")
THREAD = 0.0085  # how thick it is
STITCH, GAP = 0.03, 0.02  # of running stitches
STEP = 0.034  # from stitch to stitch of a closed opening
HEM = 0.03  # from the edge of the patch to its stitches
WANDER = 0.008  # of the corners of a patch cut by hand
CARD = 1200, 630  # pixels
ICON_THREAD = "#fff6e9"


@dataclass(frozen=True)
class Slit:
    """A cut through a patch, sewn together up to its open part."""

    width: float  # of the picture
    edge: float  # of the ground around the patch
    height: float
    opening: float  # where it begins, from the closed side
    gape: float
    is_mirrored: bool  # the opening is on the left

    @property
    def open(self) -> float:
        """The width of the opening."""
        return self.width - self.edge - self.opening

    def at(self, x: float, y: float) -> Point:
        """Turn a point to the side on which it opens."""
        return (self.width - x, y) if self.is_mirrored else (x, y)

    def stitch(self, number: int) -> tuple[Point, Point]:
        """Give the lower and the upper end of a stitch, counted from the opening."""
        x = self.opening - (number + 0.8) * STEP
        return (x - 0.009, self.height + 0.02), (x + 0.009, self.height - 0.02)

    def lip(self, share: float, side: int) -> Point:
        """Give a point of the upper (-1) or the lower (1) edge of the opening."""
        return self.opening + self.open * share, self.height + side * self.gape * share**1.5


def cloths(shows: Iterable[str]) -> dict[str, str]:
    """Choose the cloth of each show of an archive, by its ground: the one that its name gives, or
    where a show before it has that one, another that is left. After six they come again.

    >>> len({*cloths("abcdef").values()}), len(cloths("abcdefgh"))
    (6, 8)
    """
    chosen, left = dict[str, str](), list[str]()
    for show in shows:
        left = left or [*CLOTHS]
        own = Chances(f"show {show}").among([*CLOTHS])
        chosen[show] = own if own in left else left[0]
        left.remove(chosen[show])
    return chosen


def cover(title: str, station: str, seed: str, size: int, cloth: str = "") -> bytes:
    """Draw the cover of a show or an episode: a square PNG of `size` pixels. `seed` is its key.
    `station` is below the title: the station of a show, or the show of an episode. `cloth` is the
    ground of its show (`cloths`), else the one that the name of the show gives."""
    chances = Chances(seed)
    height, opening = 0.735 + chances.between(-0.012, 0.012), chances.between(0.34, 0.58)
    gape, is_mirrored = chances.between(0.035, 0.06), chances.among((False, True))
    slit = Slit(1, 0.075, height, opening, gape, is_mirrored)
    canvas = _sew(size, size, seed, slit, chances, cloth)
    left, top, bottom = 0.145, 0.145, 0.645
    block = fit(title, BOLD, 1 - 2 * left, bottom - top, (0.055, 0.17), most=5)
    middle = top + (bottom - top - block.height) / 2
    canvas.write(block, BOLD, left, middle, canvas.cloth.ink)
    name = fit(station, REGULAR, 1 - 2 * left, 0.06, (0.047, 0.047), most=1)
    canvas.write(name, REGULAR, left, 0.825, canvas.cloth.faded)
    return canvas.png()


def quote_card(
    words: str,
    title: str,
    show: str,
    when: str,
    time: str,
    *,
    label: str = "",
    seed: str = "",
    cloth: str = "",
) -> bytes:
    """Draw a quotation and its source: a PNG of 1200 by 630 pixels. Without words the title is
    large. `label` says who answers for the words; `seed` is the key of the episode."""
    chances = Chances(f"card {seed}")
    slit = Slit(CARD[0] / CARD[1], 0.055, 0.675, chances.between(1.3, 1.5), 0.05, is_mirrored=False)
    canvas = _sew(*CARD, seed, slit, chances, cloth)
    left, top, bottom = 0.15, 0.145, 0.61
    dress = "« {} »".format if words else str
    width, height, sizes = slit.width - 2 * left, bottom - top, (0.068, 0.18)
    block = fit(words or title, BOLD, width, height, sizes, most=6, dress=dress)
    middle = top + (bottom - top - block.height) / 2
    canvas.write(block, BOLD, left, middle, canvas.cloth.ink)
    source = " — ".join(filter(None, (show, title if words else "")))
    facts = " · ".join(filter(None, (when, time, label)))
    lines = (source, BOLD, 0.755, 0.042), (facts, REGULAR, 0.825, 0.032)
    for line, face, down, smallest in lines:
        block = fit(line, face, 1.2, 0.1, (smallest, 0.05), most=1)
        canvas.write(block, face, left, down, canvas.cloth.ink)
    return canvas.png()


def icon(size: int) -> bytes:
    """Draw the icon of the site, a square PNG with its motif in the safe zone of masks: the circle
    of four fifths (https://www.w3.org/TR/appmanifest/#icon-masks)."""
    canvas = Canvas(size, size, Cloth("#9f2a1f", "#9f2a1f", "#9f2a1f", thread=ICON_THREAD))
    shares = [step / 200 for step in range(201)]
    wave = [(0.15 + 0.7 * share, 0.5 - 0.2 * math.sin(2 * math.pi * share)) for share in shares]
    canvas.stitches(wave, 0.08, ICON_THREAD, 0.135, 0.115)
    return canvas.png()


def qr(text: str) -> str:
    """Draw a text as a QR code, an SVG for a page: dark on white in both schemes, without a size.
    It is for eyes alone: its page says in words where it leads."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(border=QUIET, dark="#000", light="#fff", omitsize=True, svgclass="qr")
    return drawn.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


def _sew(width: int, height: int, seed: str, slit: Slit, chances: Chances, cloth: str) -> Canvas:
    """Draw the ground of a show, and on it an open patch."""
    show = Chances(f"show {seed.partition('/')[0]}")
    own = show.among([*CLOTHS])
    canvas = Canvas(width, height, CLOTHS[cloth or own])
    _print(canvas, show.among(PRINTS), show.among((0.05, 0.0625)))
    _patch(canvas, slit, chances)
    _close(canvas, slit, chances)
    return canvas


def _print(canvas: Canvas, kind: str, step: float) -> None:
    """Print the ground with a figure, again after each step."""
    half, figure = step / 2, canvas.cloth.figure
    for number in range(-round(1 / step), round(canvas.width / step) + 1):
        at = number * step
        if kind in ("stripes", "checks"):
            canvas.area(_box(at, 0, at + half, 1), figure)
        if kind == "checks":
            canvas.area(_box(0, at, canvas.width, at + half), figure)
        if kind == "twill":
            canvas.area([(at, 0), (at + half, 0), (at + half + 1, 1), (at + 1, 1)], figure)
        if kind == "dots":
            for row in range(round(1 / half) + 1):
                canvas.dot((at + row % 2 * half, row * half), step / 6, figure)


def _box(left: float, top: float, right: float, bottom: float) -> list[Point]:
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _patch(canvas: Canvas, slit: Slit, chances: Chances) -> None:
    cloth, edge = canvas.cloth, slit.edge
    top_left, top_right, bottom_right, bottom_left = (
        (x + chances.between(-WANDER, WANDER), y + chances.between(-WANDER, WANDER))
        for x, y in _box(edge, edge, canvas.width - edge, 1 - edge)
    )
    shares = [step / 20 for step in range(21)]
    upper = [slit.lip(share, -1) for share in reversed(shares)]
    lower = [slit.lip(share, 1) for share in shares]
    shape = [top_left, top_right, *upper, *lower, bottom_right, bottom_left]
    outline = [slit.at(*point) for point in shape]
    canvas.area([(x, y + WANDER) for x, y in outline], cloth.shade)
    canvas.area(outline, cloth.patch)
    hem = [lower[-1], bottom_right, bottom_left, top_left, top_right, upper[0]]
    right, down = (-1, -1, 1, 1, -1, -1), (1, -1, -1, 1, 1, -1)
    path = [(x + HEM * a, y + HEM * b) for (x, y), a, b in zip(hem, right, down, strict=True)]
    canvas.stitches([slit.at(*point) for point in path], THREAD, cloth.thread, STITCH, GAP)


def _close(canvas: Canvas, slit: Slit, chances: Chances) -> None:
    """Sew the closed part of the slit; its thread hangs in loops."""
    cloth = canvas.cloth
    line = [slit.at(slit.edge, slit.height), slit.at(slit.opening, slit.height)]
    canvas.thread(line, 0.003, cloth.edge)
    for number in range(int((slit.opening - slit.edge - HEM - 0.03) / STEP)):
        canvas.thread([slit.at(*end) for end in slit.stitch(number)], THREAD, cloth.thread)
    for number in range(1, int((slit.open - HEM - 0.02) / STEP) + 1):
        for side in (-1, 1):
            x, y = slit.lip(number * STEP / slit.open, side)
            canvas.dot(slit.at(x, y + side * 0.02), 0.0035, cloth.edge)
    loops = chances.among((2, 3, 4))
    reach = slit.open * chances.between(0.75, 0.95)
    wide = reach * chances.between(0.24, 0.31) / loops
    tall, hang = chances.between(0.028, 0.037), chances.between(-0.01, 0.02)
    path = [slit.at(*slit.stitch(0)[0])]
    for step in range(161):
        share = step / 160
        turn, growth = 2 * math.pi * loops * share, min(1.0, 4 * share)
        x = slit.opening - 0.02 + reach * share - growth * wide * math.sin(turn)
        y = slit.height + hang * share - growth * tall * (math.cos(turn) - 0.3)
        path.append(slit.at(x, y))
    canvas.thread(path, 2 * THREAD, cloth.patch)
    canvas.thread(path, THREAD, cloth.thread)
