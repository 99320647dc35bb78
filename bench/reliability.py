"""A reliability plot as SVG: what is told against what is true, readable by day and by night."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

SIDE, LEFT, TOP, GAP = 300, 60, 50, 70  # units of the picture
LIKELY = 1.96  # standard deviations that hold 19 cases of 20
BAND = 0.1  # what is told may be so far from the truth
TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
SHAPES = {
    "bench": "M-{r} 0a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0-{d} 0z",  # a disc
    "demo": "M-{r}-{r}h{d}v{d}h-{d}z",  # a square
    "air": "M0-{r}L{r} {r}H-{r}z",  # a triangle
    "human": "M0-{r}L{r} 0L0 {r}L-{r} 0z",  # a lozenge
}
STYLE = """
    svg { background: #fbf6ee; color: #241d19; font: 13px system-ui, "DejaVu Sans", sans-serif; }
    text { fill: currentColor; } .axis { stroke: currentColor; fill: none; }
    .band { fill: #8c7b6c; opacity: .22; } .grid { stroke: #8c7b6c; opacity: .35; }
    .bench { fill: #9f2a1f; } .demo { fill: #2f5f8a; } .air { fill: #4d7a1d; }
    .human { fill: #7a3f8f; stroke: #7a3f8f; }
    .mark { opacity: .85; } .chance { stroke-width: 1; opacity: .8; }
    .bench { stroke: #9f2a1f; } .demo { stroke: #2f5f8a; } .air { stroke: #4d7a1d; }
    @media (prefers-color-scheme: dark) {
      svg { background: #1b1714; color: #f2e9de; }
      .bench { fill: #ff9d88; stroke: #ff9d88; } .demo { fill: #8fbce6; stroke: #8fbce6; }
      .air { fill: #b5d77e; stroke: #b5d77e; } .human { fill: #d6a8e6; stroke: #d6a8e6; }
    }"""


@dataclass(frozen=True)
class Point:
    """Words of one set that are told alike."""

    group: str
    told: float
    true: float
    words: int


def draw(panels: Mapping[str, Sequence[Point]]) -> str:
    """Draw a panel for each engine, side by side, under one legend."""
    width = LEFT + len(panels) * (SIDE + GAP)
    height = TOP + SIDE + 115
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'aria-labelledby="title desc" lang="fr">',
        '  <title id="title">La certitude annoncée et la part de mots justes</title>',
        f'  <desc id="desc">{_tell(panels)}</desc>',
        f"  <style>{STYLE}\n  </style>",
    ]
    for number, (name, points) in enumerate(panels.items()):
        lines.append(f'  <g transform="translate({LEFT + number * (SIDE + GAP)} {TOP})">')
        lines += [f"    {line}" for line in _panel(name, points)]
        lines.append("  </g>")
    lines += [f"  {line}" for line in _legend(height)]
    return "\n".join([*lines, "</svg>", ""])


def _tell(panels: Mapping[str, Sequence[Point]]) -> str:
    """Say in words what is drawn."""
    points = [point for each in panels.values() for point in each]
    words = sum(point.words for point in points)
    near = sum(point.words for point in points if abs(point.told - point.true) <= BAND)
    return (
        f"Chaque signe : les mots d’un ensemble annoncés également sûrs. {near / words:.0%} des "
        f"{words} mots sont dans des signes à 10 points au plus de la vérité."
    ).replace("%", " %")


def _panel(name: str, points: Sequence[Point]) -> Iterator[str]:
    band = SIDE * BAND
    yield f'<text x="{SIDE / 2}" y="-16" text-anchor="middle" font-weight="bold">{name}</text>'
    yield (
        f'<path class="band" d="M0 {SIDE}v-{band:g}L{SIDE - band:g} 0H{SIDE}V{band:g}'
        f'L{band:g} {SIDE}z"/>'
    )
    for tick in TICKS:
        at = SIDE * tick
        yield f'<path class="grid" d="M0 {SIDE - at:g}h{SIDE}M{at:g} 0v{SIDE}"/>'
        yield f'<text x="{at:g}" y="{SIDE + 18}" text-anchor="middle">{tick:.0%}</text>'.replace(
            "%<", " %<"
        )
        yield f'<text x="-8" y="{SIDE - at + 4:g}" text-anchor="end">{100 * tick:.0f}</text>'
    yield f'<path class="axis" d="M0 0V{SIDE}H{SIDE}M0 {SIDE}L{SIDE} 0"/>'
    yield f'<text x="{SIDE / 2}" y="{SIDE + 38}" text-anchor="middle">certitude annoncée</text>'
    yield (
        f'<text transform="translate(-38 {SIDE / 2}) rotate(-90)" text-anchor="middle">mots '
        "justes, en %</text>"
    )
    for point in sorted(points, key=lambda each: -each.words):
        yield _mark(point)


def _mark(point: Point) -> str:
    x, y = SIDE * point.told, SIDE * (1 - point.true)
    radius = 2.5 + point.words**0.5 / 3.5
    told = f"{point.group} : {point.words} mots, {100 * point.true:.0f} % justes"
    low, high = (SIDE * (1 - each) for each in _chance(point.true, point.words))
    return (
        f'<path class="chance {point.group}" d="M{x:.1f} {low:.1f}V{high:.1f}"/>'
        f'<path class="mark {point.group}" transform="translate({x:.1f} {y:.1f})" '
        f'd="{_shape(point.group, radius)}"><title>{told}</title></path>'
    )


def _chance(share: float, words: int) -> tuple[float, float]:
    """Give between what the true share lies in 19 cases of 20 (Wilson's interval)."""
    spread = LIKELY * (share * (1 - share) / words + LIKELY**2 / (4 * words**2)) ** 0.5
    middle, scale = share + LIKELY**2 / (2 * words), 1 + LIKELY**2 / words
    return (middle - spread) / scale, (middle + spread) / scale


def _shape(group: str, radius: float) -> str:
    return SHAPES[group].format(r=f"{radius:.1f}", d=f"{2 * radius:.1f}")


def _legend(height: int) -> Iterator[str]:
    x = LEFT
    for group in SHAPES:
        yield (
            f'<path class="{group}" transform="translate({x} {height - 45})" '
            f'd="{_shape(group, 6)}"/><text x="{x + 12}" y="{height - 40}">{group}</text>'
        )
        x += 80
    yield (
        f'<text x="{LEFT}" y="{height - 15}">un grand signe a plus de mots ; trait : le hasard, '
        "19 fois sur 20 ; bande : 10 points</text>"
    )
