"""Feeds: of a show, of all, of a search; and what goes with them.

Only an ETag is sent: a reader that is told a date of last change may ask for nothing for days. It
comes from the state of the files, so that a program that has the feed already is answered without
writing it again.
"""

import hashlib
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for
from flask_babel import force_locale, gettext

from radio.archive import Archive, holdings
from radio.archive.episode import Show
from radio.archive.standing import status_of
from radio.derived.chapters import cached_chapters, chapters_of
from radio.formats import addresses
from radio.formats.opensearch import render_opml
from radio.formats.podcast_feed import (
    Excerpt,
    Feed,
    FeedEntry,
    Reception,
    render_excerpts,
    render_feed,
    show_feed,
    whole_feed,
)
from radio.formats.podcast_json import render_chapters
from radio.search import Results, SearchOptions
from radio.system.disk import Stamp, stamp
from radio.system.edition import edition
from radio.system.errors import NotFoundError
from radio.text.transcript import clock
from radio.web import language
from radio.web.addresses import absolute, base_url, episode_address, write_second
from radio.web.context import catalogue, plain_name
from radio.web.forwarding import refuse_away
from radio.web.headers import FEED_POLICY, as_file
from radio.web.interpretation import tell, tell_also
from radio.web.views.search import read_options, read_query

feeds = Blueprint("feeds", __name__)

RSS = "application/rss+xml; charset=utf-8"
XML = "text/xml; charset=utf-8"


@dataclass(frozen=True)
class Listed:
    """What a feed lists, the newest first, and a hash of it, which changes with the entries."""

    entries: tuple[FeedEntry, ...]
    sha256: str


@feeds.get("/shows/<show>/feed.xml")
def feed(show: str) -> Response:
    """Give the feed of a show."""
    found = catalogue().archive.show(show)
    return _podcast(
        [found],
        lambda entries: show_feed(found, entries),
        url_for("subscribing.show", show=found.slug, lang=None),
    )


@feeds.get("/feed.xml")
def all_shows() -> Response:
    """Give the feed of all shows."""
    shows = catalogue().archive.shows()
    if not shows:  # else programs would let go of every episode
        refuse_away()
    return _podcast(
        shows,
        lambda entries: whole_feed(plain_name(), shows, entries),
        url_for("subscribing.all_shows", lang=None),
    )


@feeds.get("/shows.opml")
def subscriptions() -> Response:
    """List the feeds of all shows, for programs that take such lists."""
    content = render_opml(plain_name(), catalogue().archive.shows(), base_url())
    return _respond(content, "text/x-opml; charset=utf-8")


@feeds.get("/shows/<show>/chapters/<slug>.json")
def chapters(show: str, slug: str) -> Response:
    """Give the chapters of an episode."""
    episode = catalogue().episode(f"{show}/{slug}")
    found = chapters_of(catalogue().archive, episode)
    if not found.parts:
        raise NotFoundError(f"{episode.key}: no chapters")
    content = render_chapters(catalogue().archive.show(show), episode, found)
    return _respond(content.encode(), "application/json+chapters")


@feeds.get("/search.xml")
def passages() -> Response:
    """Give the passages in which some words are said, the newest episodes first."""
    query = read_query()
    wanted = SearchOptions(order="newest", as_typed=read_options().as_typed)
    found = catalogue().index.search(query, wanted)
    asked = urlencode({"q": query, "exact": 1} if wanted.as_typed else {"q": query})
    own = f"{addresses.search_feed(base_url())}?{asked}"
    title = gettext("Passages pour «\N{NO-BREAK SPACE}%(query)s\N{NO-BREAK SPACE}»", query=query)
    page = f"{addresses.search_page(base_url())}?{asked}&sort=newest"
    about = _mended(found, own) or title
    return _respond(render_excerpts(title, about, page, own, _excerpts(found)), RSS)


def _mended(found: Results, own: str) -> str:
    """Say what the query was taken for, and how to insist on it as it was typed."""
    if not found.interpretation:
        return ""
    said = " ".join((*tell(found.interpretation), *tell_also(found.interpretation)))
    typed = gettext(
        "Chercher «\N{NO-BREAK SPACE}%(query)s\N{NO-BREAK SPACE}» tel quel", query=found.query
    )
    return f"{said} {typed}\N{NO-BREAK SPACE}: {own}&exact=1"


def _excerpts(found: Results) -> Iterator[Excerpt]:
    archive = catalogue().archive
    for episode in found.episodes:
        spoken = archive.show(episode.show).language
        label = language.reread(status_of(archive, episode.key), spoken)
        for hit in episode.hits:
            at = write_second(hit.start)
            link = absolute(episode_address(episode.key, at, "t", found.query))
            words = "".join(text for text, _ in hit.snippet) + (f" [{label}]" if label else "")
            yield Excerpt(f"{episode.title} – {clock(hit.start)}", link, episode.date, words)


def _podcast(
    shows: Sequence[Show], make: Callable[[Sequence[FeedEntry]], Feed], explained: str
) -> Response:
    """Answer with a page of a feed, or that it didn't change; a page has it explained."""
    archive, slugs = catalogue().archive, tuple(show.slug for show in shows)
    listed = _list(archive, slugs, holdings.state(archive, slugs))
    made, number = make(listed.entries), request.args.get("page", 1, int)
    if not 1 <= number <= made.pages:
        raise NotFoundError(f"{made.path}: {made.pages} pages, not {number}")
    kind = XML if _is_browser() else RSS
    what = f"{edition()} {listed.sha256} {made.about.title} {number} {base_url()} {kind}"
    etag = hashlib.sha256(what.encode(errors="replace")).hexdigest()
    if request.if_none_match.contains_weak(etag):
        return _receive(_finish(Response(status=304, content_type=kind), etag))
    content = render_feed(made, base_url(), number, _reception(explained))
    return _receive(_finish(Response(content, content_type=kind), etag))


def _is_browser() -> bool:
    """Tell whether a person opens the feed: programs that take podcasts ask for no page."""
    return "text/html" in request.accept_mimetypes.values()


def _reception(explained: str) -> Reception:
    """Say, in French like the rest of the feed, what it is to whoever opened it in a browser."""
    with force_locale("fr"):
        told = gettext(
            "Ceci est un flux de podcast\u00a0: son adresse se donne à un programme de podcast. "
            "Comment s’abonner"
        )
    style = url_for("static", filename="feed.css")
    return Reception(style, told, absolute(explained))


def _receive(response: Response) -> Response:
    """Let a browser show the feed: it takes the site's own style sheet, and nothing else.

    As some browsers save what is called RSS, they are told that it is XML.
    """
    response.headers["Content-Security-Policy"] = FEED_POLICY
    response.vary.add("Accept")
    return response


@lru_cache(maxsize=16)
def _list(archive: Archive, shows: Sequence[str], _state: Hashable) -> Listed:
    """List what listeners may have of some shows, the newest first, once for each state of them."""
    entries, digest = list[FeedEntry](), hashlib.sha256()
    for slug in shows:
        digest.update(f"{slug} {stamp(archive.show_path(slug))}\n".encode())
        for entry, written in _entries_of(archive, archive.show(slug)):
            told = f"{entry.episode.slug} {written} {entry.transcribed} {entry.divided}\n"
            digest.update(told.encode())
            entries.append(entry)
    entries.sort(key=lambda entry: (entry.episode.date, entry.episode.slug), reverse=True)
    return Listed(tuple(entries), digest.hexdigest())


def _entries_of(archive: Archive, show: Show) -> Iterator[tuple[FeedEntry, Stamp | None]]:
    """Give the public episodes of a show, each with the state of its sidecar."""
    sidecars, finished = archive.sidecar_stamps(show.slug), holdings.finished(archive, show.slug)
    for episode in holdings.episodes(archive, show.slug):
        chapters = cached_chapters(archive, episode)
        divided = chapters is not None and bool(chapters.parts)
        entry = FeedEntry(show, episode, episode.slug in finished, divided)
        yield entry, sidecars.get(episode.slug)


def _respond(content: bytes, content_type: str) -> Response:
    response = _finish(
        Response(content, content_type=content_type), hashlib.sha256(content).hexdigest()
    )
    response.make_conditional(request)
    return response


def _finish(response: Response, etag: str) -> Response:
    response.set_etag(etag)
    return as_file(response, "no-cache")
