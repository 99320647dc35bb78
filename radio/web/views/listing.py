"""What there is, listed for other programs: the catalogue, and the files with their hashes.

Each list is written while it is read, so that the whole of a large archive needs no memory; its
ETag comes from the state of the files.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from threading import Lock

from flask import Blueprint, Response, request, stream_with_context

from radio.archive import Archive, holdings
from radio.archive.episode import Episode, Show
from radio.archive.standing import status_of
from radio.formats.catalogue_rows import Row, describe, render_lines, render_table
from radio.mirror.manifest import render_sums
from radio.mirror.offer import (
    Totals,
    list_files,
    name_state,
    render_manifest,
    sum_up,
)
from radio.web.addresses import canonical, known_url
from radio.web.context import catalogue
from radio.web.headers import as_file

listing = Blueprint("listing", __name__)

LINES = "application/jsonl; charset=utf-8"

_one_at_a_time = Lock()


@listing.get("/catalogue.csv")
def table() -> Response:
    """Give the catalogue, or `?show=` of it, as a table."""
    archive, shows = catalogue().archive, _shows()
    rows = list_rows(archive, shows, known_url())
    response = _stream(render_table(rows), "text/csv; charset=utf-8", shows)
    response.headers["Content-Disposition"] = 'attachment; filename="catalogue.csv"'
    return response


@listing.get("/catalogue.jsonl")
def lines() -> Response:
    """Give the same, an object of JSON on each line."""
    archive, shows = catalogue().archive, _shows()
    return _stream(render_lines(list_rows(archive, shows, known_url())), LINES, shows)


@listing.get("/fixity.jsonl")
def manifest() -> Response:
    """Tell mirrors what there is to copy, and by which address the pages are known."""
    archive = catalogue().archive
    response = _stream(render_manifest(archive), LINES, archive.shows())
    if canonical():
        response.headers["Link"] = f'<{canonical()}{request.path}>; rel="canonical"'
    return response


@listing.get("/fixity.sha256")
def sums() -> Response:
    """List every file as `sha256sum --check` reads it."""
    archive = catalogue().archive
    content = render_sums(list_files(archive))
    return _stream(content, "text/plain; charset=utf-8", archive.shows())


def list_rows(archive: Archive, shows: Iterable[Show], base_url: str) -> Iterator[Row]:
    """Describe what listeners may hear today, show by show, the newest first."""
    for show in shows:
        yield from rows_of(archive, holdings.episodes(archive, show.slug), [show], base_url)


def rows_of(
    archive: Archive, episodes: Iterable[Episode], shows: Iterable[Show], base_url: str
) -> Iterator[Row]:
    """Describe some episodes of some shows, in their order."""
    shows_by_slug = {show.slug: show for show in shows}
    transcribed: dict[str, frozenset[str]] = {}
    for episode in episodes:
        if episode.show not in transcribed:
            transcribed[episode.show] = holdings.finished(archive, episode.show)
        is_there = episode.slug in transcribed[episode.show]
        status = status_of(archive, episode.key) if is_there else ""
        yield describe(shows_by_slug[episode.show], episode, status, base_url)


def totals() -> Totals:
    """Count what there is, once for each state of it."""
    archive = catalogue().archive
    with _one_at_a_time:
        return _count(archive, name_state(archive, archive.shows()))


@lru_cache(maxsize=1)
def _count(archive: Archive, _state: str) -> Totals:
    return sum_up(archive)


def _shows() -> list[Show]:
    archive, slug = catalogue().archive, request.args.get("show")
    return [archive.show(slug)] if slug else archive.shows()


def _stream(content: Iterator[str], content_type: str, shows: Sequence[Show]) -> Response:
    state = name_state(catalogue().archive, shows)
    etag = hashlib.sha256(f"{state} {known_url()} {request.full_path}".encode()).hexdigest()
    if request.if_none_match.contains_weak(etag):
        response = Response(status=304, content_type=content_type)
    else:
        response = Response(stream_with_context(content), content_type=content_type)
    response.set_etag(etag)
    return as_file(response, "no-cache")
