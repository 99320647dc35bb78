"""SVG of numbers: how often something is said by month, or year if there are many; a waveform."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 720, 200  # units of the chart
LABEL = 104  # units that a year takes, written as large as a phone needs
WIDEST = 64  # units of a bar, however few there are
MOST_MONTHS = 180  # beyond, bars stand for years
LONG, HIGH = 960, 64  # units of the waveform
LOW = 2  # half the height of its bar of silence


@dataclass(frozen=True)
class TableRow:
    """A month, or a year: how often each thing is said."""

    first: date
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Bar:
    """A bar, in units of the chart."""

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
    years: tuple[tuple[float, int], ...]  # where they begin, in units of the chart
    by_year: bool
    highest: int  # what the highest bar stands for

    @property
    def totals(self) -> tuple[int, ...]:
        """Tell how often each thing is said in all."""
        return tuple(map(sum, zip(*(row.counts for row in self.rows), strict=True)))


def draw_months(counts: Sequence[Mapping[date, int]]) -> Chart | None:
    """Draw what was counted by the first day of each month; None where nothing was.

    >>> chart = draw_months([{date(2023, 12, 1): 2, date(2024, 2, 1): 4}])
    >>> [(row.first.month, row.counts) for row in chart.rows]
    [(12, (2,)), (1, (0,)), (2, (4,))]
    >>> [(bar.x, bar.height) for bar in chart.bars]
    [(88.0, 100.0), (568.0, 200.0)]
    """
    every = sorted({month for each in counts for month in each})
    if not every:
        return None
    months = range(every[0].year * 12 + every[0].month - 1, every[-1].year * 12 + every[-1].month)
    by_year = len(months) > MOST_MONTHS
    steps = [date(month // 12, month % 12 + 1, 1) for month in months]
    if by_year:
        steps = [date(year, 1, 1) for year in range(every[0].year, every[-1].year + 1)]
    totals: Counter[tuple[date, int]] = Counter()
    for number, each in enumerate(counts):
        for month, count in each.items():
            totals[month.replace(month=1) if by_year else month, number] += count
    series = range(len(counts))
    rows = [TableRow(step, tuple(totals[step, number] for number in series)) for step in steps]
    step, highest, bars = WIDTH / len(rows), max(totals.values()), list[Bar]()
    width = min(0.8 * step / len(series), WIDEST)
    for place, row in enumerate(rows):
        for number, count in enumerate(row.counts):
            if count:
                x = (place + 0.5) * step + (number - len(series) / 2) * width
                y, height = HEIGHT * (1 - count / highest), HEIGHT * count / highest
                size = round(width, 2), round(height, 2)
                bars.append(Bar(round(x, 2), round(y, 2), *size, row, number))
    return Chart(tuple(rows), tuple(bars), tuple(_years(rows)), by_year, highest)


def _years(rows: Sequence[TableRow]) -> list[tuple[float, int]]:
    """Tell where years begin, far enough apart to be written."""
    begins = dict[int, float]()
    for place, row in enumerate(rows):
        begins.setdefault(row.first.year, place * WIDTH / len(rows))
    every = max(1, round(LABEL * len(begins) / WIDTH + 0.5))
    starts = list(begins.items())[::every]
    return [(round(x, 2), year) for year, x in starts if x <= WIDTH - LABEL or x == 0]


@dataclass(frozen=True)
class Waveform:
    """The sound of an episode, with what can be reached on it, in units from the left."""

    path: str  # a stroke for each bar
    chapters: tuple[float, ...]  # where each begins
    hits: tuple[float, ...]  # where the words of a search are said


def draw_waveform(
    bars: bytes, duration: float, chapters: Iterable[float], hits: Iterable[float]
) -> Waveform:
    """Draw bars (`sound.waveform`), and mark seconds of the recording on them.

    >>> draw_waveform(bytes([0, 255]), 10.0, [5.0], []).path
    'M240 30v4M720 0v64'
    """
    step, path = LONG / len(bars), ""
    for place, bar in enumerate(bars):
        half = max(LOW, round(bar / 255 * HIGH / 2))
        path += f"M{round((place + 0.5) * step)} {HIGH // 2 - half}v{2 * half}"
    marks = [[round(LONG * each / duration, 1) for each in some] for some in (chapters, hits)]
    return Waveform(path, tuple(marks[0]), tuple(marks[1]))
