"""Colours of the site: two that a radio may choose for day and for night, and what goes with them.
Text must stay readable on them: contrasts of WCAG 2.2, level AA
(https://www.w3.org/TR/WCAG22/#contrast-minimum)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import ImageColor

from radio.system.messages import _

PLAIN = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
TEXT, SHAPE = 4.5, 3.0  # least contrast of text, and of lines and drawings
PATCH = 0.05  # part of the ink in what lies on the background
# of voices; distinct without seeing red or green too
HUES = ("#1979d2", "#d45500", "#12875a", "#b44cc0", "#8f7500", "#d8347a")
ON_ACCENT = ("#fffaf2", "#1b1714")
PAIRS = (  # what must differ: on what, and its least contrast
    *((text, "background", TEXT) for text in ("ink", "faded", "accent")),
    *((text, "patch", TEXT) for text in ("ink", "faded", "accent")),
    ("on_accent", "accent", TEXT),
    *((line, "background", SHAPE) for line in ("edge", "second")),
)


@dataclass(frozen=True)
class Scheme:
    """The colours of a page by day, or by night; each is `#rrggbb`."""

    background: str
    accent: str  # of links, buttons and seams
    ink: str
    faded: str  # text beside the main one
    edge: str  # of fields
    second: str  # of drawings, beside the accent

    @property
    def patch(self) -> str:
        """The background of what is sewn on the page."""
        return _mix(self.background, self.ink, PATCH)

    @property
    def on_accent(self) -> str:
        """The colour of text on the accent."""
        return max(ON_ACCENT, key=lambda color: contrast(color, self.accent))

    @property
    def voices(self) -> tuple[str, ...]:
        """The colours of voices: hues with as much ink as makes their names readable."""
        found = []
        for hue in HUES:
            mixed = (_mix(hue, self.ink, share / 10) for share in range(10))
            readable = (each for each in mixed if contrast(each, self.background) >= TEXT)
            found.append(next(readable, self.ink))
        return tuple(found)


DAY = Scheme("#fbf6ee", "#9f2a1f", "#241d19", "#63564d", "#8c7b6c", "#2f5f8a")
# the default, as in style.css
NIGHT = Scheme("#1b1714", "#ff9d88", "#f2e9de", "#bfb0a3", "#97867a", "#8fbce6")


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours, 1 to 21.

    >>> round(contrast("#000000", "#ffffff")), round(contrast("#777777", "#ffffff"), 2)
    (21, 4.48)
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def faults(scheme: Scheme) -> Iterator[str]:
    """Name what could not be read in a scheme, with the contrast that it has and should have."""
    message = _("{above} sur {below} : contraste {found:.1f}, il en faut au moins {least}")
    for above, below, least in PAIRS:
        found = contrast(getattr(scheme, above), getattr(scheme, below))
        if found < least:
            yield _(message, above=above, below=below, found=found, least=least)


def _luminance(color: str) -> float:
    values = (value / 255 for value in ImageColor.getrgb(color))
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in values
    )
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def _mix(one: str, other: str, share: float) -> str:
    pairs = zip(ImageColor.getrgb(one), ImageColor.getrgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
