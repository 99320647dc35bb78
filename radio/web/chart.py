"""A chart of how often something is said: one bar for each month, or year where there are many."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 720, 200  # units of the picture
LABEL = 104  # units that a year takes, written as large as a phone needs
WIDEST = 64  # units of a bar, however few there are
MOST_MONTHS = 180  # beyond, bars stand for years


@dataclass(frozen=True)
class TableRow:
    """A month, or a year: how often each thing is said."""

    first: date
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Bar:
    """A bar, in units of the picture."""

    x: float
    y: float
    width: float
    height: float
    row: TableRow
    series: int


@dataclass(frozen=True)
class Chart:
    """What is drawn, and the table that says the same."""

    rows: tuple[TableRow, ...]  # without gaps
    bars: tuple[Bar, ...]
    years: tuple[tuple[float, int], ...]  # where they begin, in units of the picture
    by_year: bool

    @property
    def highest(self) -> int:
        """Tell what the highest bar stands for."""
        return max((count for row in self.rows for count in row.counts), default=0)

    @property
    def totals(self) -> tuple[int, ...]:
        """Tell how often each thing is said in all."""
        return tuple(map(sum, zip(*(row.counts for row in self.rows), strict=True)))


def draw(counts: Sequence[Mapping[date, int]]) -> Chart | None:
    """Draw what was counted by the first day of each month; None where nothing was.

    >>> chart = draw([{date(2023, 12, 1): 2, date(2024, 2, 1): 4}])
    >>> [(row.first.month, row.counts) for row in chart.rows]
    [(12, (2,)), (1, (0,)), (2, (4,))]
    >>> [(bar.x, bar.height) for bar in chart.bars]
    [(88.0, 100.0), (568.0, 200.0)]
    """
    months = sorted({month for each in counts for month in each})
    if not months:
        return None
    first, last = months[0], months[-1]
    by_year = (last.year - first.year) * 12 + last.month - first.month >= MOST_MONTHS
    if by_year:
        counts = [_by_year(each) for each in counts]
    steps = _steps(first, last, by_year)
    rows = tuple(TableRow(step, tuple(each.get(step, 0) for each in counts)) for step in steps)
    step = WIDTH / len(rows)
    return Chart(rows, tuple(_bars(rows, step)), tuple(_years(rows, step)), by_year)


def _by_year(counts: Mapping[date, int]) -> Counter[date]:
    years: Counter[date] = Counter()
    for month, number in counts.items():
        years[month.replace(month=1)] += number
    return years


def _steps(first: date, last: date, by_year: bool) -> list[date]:
    if by_year:
        return [date(year, 1, 1) for year in range(first.year, last.year + 1)]
    months = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(month // 12, month % 12 + 1, 1) for month in months]


def _bars(rows: Sequence[TableRow], step: float) -> list[Bar]:
    highest = max(count for row in rows for count in row.counts)
    series = len(rows[0].counts)
    width = min(0.8 * step / series, WIDEST)
    return [
        Bar(
            round((place + 0.5) * step + (number - series / 2) * width, 2),
            round(HEIGHT * (1 - count / highest), 2),
            round(width, 2),
            round(HEIGHT * count / highest, 2),
            row,
            number,
        )
        for place, row in enumerate(rows)
        for number, count in enumerate(row.counts)
        if count
    ]


def _years(rows: Sequence[TableRow], step: float) -> list[tuple[float, int]]:
    """Tell where years begin, far enough apart to be written."""
    begins = [(place * step, row.first.year) for place, row in enumerate(rows)]
    starts = [each for i, each in enumerate(begins) if not i or each[1] != begins[i - 1][1]]
    every = max(1, round(LABEL * len(starts) / WIDTH + 0.5))
    return [(round(x, 2), year) for x, year in starts[::every] if x <= WIDTH - LABEL or x == 0]
