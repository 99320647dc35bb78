"""The pages of a search: passages, players for them, words in context, months; and playlists."""

import contextlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain, islice
from typing import Any, BinaryIO

from flask import Blueprint, Response, current_app, g, make_response, render_template, url_for
from markupsafe import Markup

from radio import sound as audio
from radio.archive import holdings
from radio.archive.episode import Episode, mime_of
from radio.archive.holdings import without_text
from radio.formats.playlists import Track, render_m3u, render_xspf
from radio.formats.tables import render_csv
from radio.search import EpisodeHits, Hit, Results, SearchOptions
from radio.search.sense.guesses import Guesses
from radio.search.syntax import without_filters
from radio.system.errors import NotFoundError, SearchError
from radio.text.transcript import clock
from radio.web import timeline
from radio.web.addresses import absolute, episode_address, media_address, whole
from radio.web.charts import draw_months
from radio.web.context import catalogue, shows
from radio.web.headers import attached, file_of
from radio.web.queries import narrower, read_options, read_query
from radio.web.spans import Span, write_second

finding = Blueprint("finding", __name__)

FIRST = 3  # passages of an episode in the list; the others are one click away
FEW = 5  # episodes on a page of players or of words in context
IN_PLAYLIST = 100  # passages
SUGGESTED = 40  # names that a page knows by itself
IN_BAG = 1000  # episodes
IN_TABLE = 20_000  # rows of a CSV


@finding.get("/search")
def search() -> Response:
    """List the passages that hold some words, by episode."""
    options = replace(read_options(), most=FIRST)
    results = find(read_query(), options)
    query = results.interpretation.narrowed(read_query()) if results else ""
    choices = narrower(query, results.facets, options) if results else ()
    # The site as files gets the timeline of all, on which a script draws what was found.
    found_among = results and timeline.of_results(query, results, options)
    if current_app.config["FROZEN"]:
        found_among = timeline.of_archive()
    heard = _heard(results)
    return _page(
        "search.html",
        options,
        results=results,
        heard=heard,
        kind=_kind_of(results) if results else "",
        without_text=not heard[0] and without_text(catalogue().archive, options.show),
        narrower=list(choices),
        most=IN_BAG,
        beyond=without_filters(read_query()),
        timeline=found_among,
        guesses=guess(query, options, results),
    )


@finding.get("/search/listen")
def listen() -> Response:
    """Play the passages that hold some words, one after the other."""
    options = replace(read_options(), size=FEW)
    results = find(read_query(), options)
    return _page("listen.html", options, results=results, heard=_heard(results))


@finding.get("/search/passages.<suffix>")
def montage(suffix: str) -> Response:
    """Give the passages of a page of results as one sound. Raises NotFoundError where their
    recordings are not all of this kind, or may not all be kept."""
    results = find(read_query(), replace(read_options(), most=FIRST))
    if results is None or _kind_of(results) != suffix:
        raise NotFoundError(f"{read_query()}: no one sound of kind {suffix}")
    with contextlib.ExitStack() as opened:
        parts = list[tuple[BinaryIO, float, float]]()
        for each in results.episodes:
            for hit in sorted(each.hits, key=lambda hit: hit.start):
                episode = catalogue().episode(each.key)
                file = holdings.open_file(catalogue().archive, episode, "audio", "download")
                span = hit.listen_at, min(hit.listen_until, episode.audio.duration)
                parts.append((opened.enter_context(file), *span))
        content = audio.join(parts)
    mime = mime_of(f"passages.{suffix}") or ""
    return file_of(content, mime, "no-store", attached(f"passages.{suffix}"))


@finding.get("/search/words")
def concordance() -> Response:
    """Show each word that was found between what is said before and after it."""
    options = replace(read_options(), size=FEW, whole=True)
    return _page("words.html", options, results=find(read_query(), options))


@finding.get("/search/months")
def months() -> Response:
    """Draw when some words are said, month by month, beside others where `?and=` names some."""
    options, other = read_options(), read_query("and")
    queries = [query for query in (read_query(), other) if query]
    index = catalogue().index
    counts = [index.mentions(query, options) for query in queries]
    read = [index.interpret(each, options) for each in queries]
    return _page(
        "months.html",
        options,
        queries=queries,
        other=other,
        chart=draw_months(counts),
        narrowed=[each.narrowed(query) for query, each in zip(queries, read, strict=True)],
        read=read,
    )


@finding.get("/search/words.csv")
def table() -> Response:
    """Give the words in context as a table for other programs."""
    lines = render_csv(islice(_rows(), IN_TABLE + 1))
    return file_of(lines, "text/csv; charset=utf-8", "no-store", attached("concordance.csv"))


@finding.get("/search.m3u")
def playlist() -> Response:
    """Give the passages as a playlist of clips, for any player."""
    return file_of(render_m3u(_clips()), "audio/x-mpegurl; charset=utf-8", "no-store")


@finding.get("/search.xspf")
def titled_playlist() -> Response:
    """Give the same as XSPF."""
    return file_of(render_xspf(read_query(), _clips()), "application/xspf+xml", "no-store")


@finding.get("/suggest")
def suggest() -> Response:
    """Suggest how to complete what was typed."""
    names = catalogue().index.suggestions(read_query())
    return file_of(json.dumps(names), "application/json", "no-store")


def guess(query: str, options: SearchOptions, found: Results | None) -> Guesses | None:
    """Find passages near in sense, beside those found on the first page; None without sense."""
    if not query or options.page > 1:
        return None
    guesses = catalogue().sense.guess(query, options)
    return guesses and guesses.beyond(found)


def find(query: str, options: SearchOptions) -> Results | None:
    """Search; None where no word is asked for. Raises NotFoundError past the last page."""
    if not query:
        return None
    results = catalogue().index.search(query, options)
    if results.total and options.page > results.pages:
        raise NotFoundError(f"page {options.page}: the search has fewer")
    g.setdefault("listed", {}).update((each.key, each.episode) for each in results.episodes)
    return results


def _page(template: str, options: SearchOptions, **more: object) -> Response:
    names = {each.slug: each.title for each in shows()}
    context = {"query": read_query(), "options": options, "shows": shows(), "names": names}
    within = options.show if options.show in names else ""
    page = render_template(template, within=within, **context, **more)
    return make_response(page, {"Cache-Control": "no-store"})


def _heard(results: Results | None) -> tuple[int, float]:
    """Count the passages of a page that can be listened to, and their seconds."""
    episodes = [each for each in results.episodes if media_address(each.key)] if results else []
    hits = [hit for each in episodes for hit in each.hits]
    return len(hits), sum(hit.listen_until - hit.listen_at for hit in hits)


def _kind_of(results: Results) -> str:
    """Name the ending that all recordings with passages have, if listeners may keep each."""
    episodes = [each.episode for each in results.episodes if each.hits]
    kinds = {each.audio.suffix for each in episodes}
    return kinds.pop() if len(kinds) == 1 and all(map(_is_kept, episodes)) else ""


def _is_kept(episode: Episode) -> bool:
    return episode.rights.allows("download")


def _every_hit(options: SearchOptions, most: int) -> Iterator[tuple[EpisodeHits, Hit]]:
    """Give the passages of up to `most` episodes; the search goes on only while they are read."""
    batches = catalogue().index.batches(read_query(), options, most)
    return ((each, hit) for each in chain.from_iterable(batches) for hit in each.hits)


def _clips() -> Iterator[Track]:
    for each, hit in islice(_every_hit(read_options(), IN_PLAYLIST), IN_PLAYLIST):
        episode = catalogue().archive.episode(each.key)
        if not episode.rights.allows("listen"):
            continue
        span = Span(hit.listen_at, min(hit.listen_until, episode.audio.duration))
        names: dict[str, Any] = {"show": episode.show, "slug": episode.slug, "t": span}
        address = absolute(url_for("files.clip", suffix=episode.audio.suffix, **names))
        length = (span.end or 0.0) - span.start
        yield Track(f"{each.title} – {clock(hit.start)}", address, length)


def suggestions() -> Markup:
    """Write the names that a page suggests without a script; none while there is no index."""
    try:
        return _as_choices(tuple(catalogue().index.suggestions("", SUGGESTED)))
    except SearchError:
        return Markup()


@lru_cache(maxsize=8)
def _as_choices(names: Sequence[str]) -> Markup:
    return Markup().join(Markup('<option value="{}">').format(name) for name in names)


def words_to_try() -> Sequence[str]:
    """Give some words that are said here; none while there is no index."""
    try:
        return catalogue().index.examples()
    except SearchError:
        return ()


def _rows() -> Iterator[list[str]]:
    yield ["show", "episode", "date", "time", "second", "before", "word", "after", "address"]
    options = replace(read_options(), size=FEW, whole=True)
    for each, hit in _every_hit(options, IN_TABLE):
        second = write_second(hit.start)
        address = whole(episode_address(each.key, second, "t", read_query()))
        named = each.episode.show, each.title, each.episode.date.isoformat()
        start = [*named, clock(hit.start), second]
        yield [*start, *hit.in_context, address]
