"""The pages of a search: passages, players for them, words in context, months; and playlists.

A chart tells how often something is said: one bar for each month, or year where there are many.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, islice
from typing import Any, cast, get_args

from flask import (
    Blueprint,
    Response,
    current_app,
    make_response,
    render_template,
    request,
    stream_with_context,
    url_for,
)

from radio.archive.catalogue import without_text
from radio.formats.playlists import Track, render_m3u, render_xspf
from radio.formats.tables import render_csv
from radio.search import EpisodeHits, Order, Results, SearchOptions
from radio.search.sense.guesses import Guesses
from radio.search.syntax import without_filters
from radio.system.errors import NotFoundError, SearchError
from radio.text.transcript import clock
from radio.web import timeline
from radio.web.addresses import Span, absolute, episode_address, known_url, write_second
from radio.web.context import catalogue, shows
from radio.web.headers import as_file
from radio.web.interpretation import tell
from radio.web.narrowing import narrower

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


finding = Blueprint("finding", __name__)

QUERY_LENGTH = 200
LAST_PAGE = 1000
FIRST = 3  # passages of an episode in the list; the others are one click away
FEW = 5  # episodes on a page of players or of words in context
AROUND = 10.0  # seconds to hear from the first word on
IN_PLAYLIST = 100  # passages
SUGGESTED = 40  # names that a page knows by itself
IN_BAG = 1000  # episodes
IN_TABLE = 20_000  # rows of a CSV


@finding.get("/search")
def search() -> Response:
    """List the passages that hold some words, by episode."""
    options = replace(read_options(), most=FIRST)
    results = find(read_query(), options)
    choices = narrower(read_query(), results.facets, options) if results else ()
    return _page(
        "search.html",
        options,
        results=results,
        without_text=without_text(catalogue().archive, options.show),
        narrower=list(choices),
        most=IN_BAG,
        beyond=without_filters(read_query()),
        timeline=_timeline(results, options),
        guesses=guess(read_query(), options, results),
    )


@finding.get("/search/listen")
def listen() -> Response:
    """Play the passages that hold some words, one after the other."""
    options = replace(read_options(), size=FEW)
    return _page("listen.html", options, results=find(read_query(), options), around=AROUND)


@finding.get("/search/words")
def concordance() -> Response:
    """Show each word that was found between what is said before and after it."""
    options = replace(read_options(), size=FEW, whole=True)
    return _page("words.html", options, results=find(read_query(), options))


@finding.get("/search/months")
def months() -> Response:
    """Draw when some words are said, month by month, beside others where `?and=` names some."""
    options, other = read_options(), _squeeze(request.args.get("and", ""))
    queries = [query for query in (read_query(), other) if query]
    index = catalogue().index
    counts = [index.mentions(query, options) for query in queries]
    read = [index.interpret(each, options) for each in queries]
    return _page(
        "months.html",
        options,
        queries=queries,
        other=other,
        chart=draw(counts),
        told=list(chain.from_iterable(map(tell, read))),
        also=[each for interpretation in read for each in interpretation.also],
    )


@finding.get("/search/words.csv")
def table() -> Response:
    """Give the words in context as a table for other programs."""
    lines = render_csv(islice(_rows(), IN_TABLE + 1))
    # Written while it is read: the whole of a large archive needs no memory.
    response = Response(stream_with_context(lines), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="concordance.csv"'
    return as_file(response, "no-store")


@finding.get("/search.m3u")
def playlist() -> Response:
    """Give the passages as a playlist of clips, for any player."""
    return as_file(
        Response(render_m3u(_clips()), content_type="audio/x-mpegurl; charset=utf-8"), "no-store"
    )


@finding.get("/search.xspf")
def titled_playlist() -> Response:
    """Give the same as XSPF."""
    content = render_xspf(read_query(), _clips())
    return as_file(Response(content, content_type="application/xspf+xml"), "no-store")


@finding.get("/suggest")
def suggest() -> Response:
    """Suggest how to complete what was typed."""
    names = catalogue().index.suggestions(read_query())
    return as_file(Response(json.dumps(names), content_type="application/json"), "no-store")


def guess(query: str, options: SearchOptions, found: Results | None) -> Guesses | None:
    """Find passages near in sense, beside those found on the first page; None without sense.

    Raises SearchError if the index can't be read.
    """
    if not query or options.page > 1:
        return None
    guesses = catalogue().sense.guess(query, options)
    return guesses and guesses.beyond(found)


def _timeline(results: Results | None, options: SearchOptions) -> timeline.Timeline | None:
    """Show where what was found lies; the site as files gets all, on which a script sews."""
    if current_app.config["FROZEN"]:
        return timeline.of_archive()
    return timeline.of_results(read_query(), results, options) if results else None


def read_query() -> str:
    """Read `?q=`, its spaces made one."""
    return _squeeze(request.args.get("q", ""))


def find(query: str, options: SearchOptions) -> Results | None:
    """Search; None where no word is asked for.

    Raises NotFoundError past the last page, SearchError if the index can't be read.
    """
    if not query:
        return None
    results = catalogue().index.search(query, options)
    if results.total and options.page > results.pages:
        raise NotFoundError(f"page {options.page}: the search has fewer")
    return results


def read_options() -> SearchOptions:
    """Read what the address asks for beside the words."""
    page = request.args.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    return SearchOptions(
        show=request.args.get("show") or None,
        episode=request.args.get("episode") or None,
        page=min(max(number, 1), LAST_PAGE),
        order=_order(),
        as_typed=request.args.get("exact") == "1",
    )


def keep_exact(_endpoint: str, values: dict[str, Any]) -> None:
    """Keep `?exact=1` in the addresses of a search."""
    if "q" in values and request.args.get("exact") == "1":
        values.setdefault("exact", 1)


def _order() -> Order:
    for order in get_args(Order):
        if request.args.get("sort") == order:
            return cast(Order, order)
    return "best"


def _squeeze(text: str) -> str:
    return " ".join(text.split())[:QUERY_LENGTH]


def _page(template: str, options: SearchOptions, **more: object) -> Response:
    """Render a page of a search; no cache keeps it."""
    names = {each.slug: each.title for each in shows()}
    response = make_response(
        render_template(
            template,
            query=read_query(),
            options=options,
            within=options.show if options.show in names else "",
            shows=shows(),
            names=names,
            **more,
        )
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _every_page(options: SearchOptions, most: int) -> Iterator[EpisodeHits]:
    """Give up to `most` episodes of a search; it goes on only while they are read."""
    return chain.from_iterable(catalogue().index.batches(read_query(), options, most))


def _clips() -> Iterator[Track]:
    """Give the clips of a playlist."""
    passages = (
        (each, hit) for each in _every_page(read_options(), IN_PLAYLIST) for hit in each.hits
    )
    for each, hit in islice(passages, IN_PLAYLIST):
        episode = catalogue().archive.episode(each.key)
        if not episode.rights.allows("listen"):
            continue
        end = min(hit.start + AROUND, episode.audio.duration)
        address = url_for(
            "files.clip",
            show=episode.show,
            slug=episode.slug,
            suffix=episode.audio.suffix,
            t=Span(hit.listen_at, end),
        )
        title = f"{each.title} – {clock(hit.start)}"
        yield Track(title, absolute(address), end - hit.listen_at)


def media_address(key: str) -> str:
    """Give the address of an episode's audio; nothing where its rights let nobody listen."""
    episode = catalogue().archive.episode(key)
    if not episode.rights.allows("listen"):
        return ""
    return url_for("files.media", show=episode.show, slug=episode.slug, suffix=episode.audio.suffix)


def suggestions() -> list[str]:
    """Give the names that a page suggests without a script; none while there is no index."""
    try:
        return catalogue().index.suggestions("", SUGGESTED)
    except SearchError:
        return []


def words_to_try() -> Sequence[str]:
    """Give some words that are said here; none while there is no index."""
    try:
        return catalogue().index.examples()
    except SearchError:
        return ()


def _rows() -> Iterator[list[str]]:
    yield ["show", "episode", "date", "time", "second", "before", "word", "after", "address"]
    options = replace(read_options(), size=FEW, whole=True)
    for each in _every_page(options, IN_TABLE):
        for hit in each.hits:
            second = write_second(hit.start)
            address = episode_address(each.key, second, "t", read_query())
            start = [each.show, each.title, each.date.isoformat(), clock(hit.start), second]
            yield [*start, *hit.in_context, absolute(address) if known_url() else address]
