"""Shares as bars in an SVG, each with the interval in which chance may move it: by day, by night,
and in words for who can’t see it."""

from collections.abc import Sequence
from html import escape

from radio.pictures.palette import DAY, NIGHT

WIDTH, LEFT, RIGHT, TOP, STEP = 720, 190, 500, 64, 36  # units of the picture
STYLE = f"""
svg {{ background: {DAY.background}; color: {DAY.ink}; font: 14px system-ui, sans-serif; }}
text {{ fill: currentColor; }} rect {{ fill: {DAY.edge}; }}
path {{ stroke: currentColor; stroke-width: 2; }}
@media (prefers-color-scheme: dark) {{
  svg {{ background: {NIGHT.background}; color: {NIGHT.ink}; }} rect {{ fill: {NIGHT.edge}; }}
}}
"""

# its name, its share with the ends of the interval, and the same in words
SharedBar = tuple[str, tuple[float, float, float], str]


def draw_shares(title: str, bars: Sequence[SharedBar]) -> str:
    """Draw bars one below the other; the highest end of an interval lies at the right."""
    unit = (RIGHT - LEFT) / max(0.01, *(max(values) for _, values, _ in bars))
    told = "; ".join(f"{name}: {text}" for name, _, text in bars)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {TOP + STEP * len(bars)}" '
        'role="img" aria-labelledby="title told">',
        f'<title id="title">{escape(title)}</title>\n<desc id="told">{escape(told)}</desc>',
        f'<style>{STYLE}</style>\n<text x="20" y="32" font-weight="bold">{escape(title)}</text>',
    ]
    for place, (name, values, text) in enumerate(bars):
        y, (end, low, high) = TOP + STEP * place, (round(LEFT + unit * each) for each in values)
        lines += [
            f'<text x="{LEFT - 10}" y="{y + 5}" text-anchor="end">{escape(name)}</text>',
            f'<rect x="{LEFT}" y="{y - 11}" width="{end - LEFT}" height="16"/>',
            f'<path d="M{low} {y + 11}H{high}M{low} {y + 7}v8M{high} {y + 7}v8"/>',
            f'<text x="{max(end, high) + 10}" y="{y + 5}">{escape(text)}</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])
