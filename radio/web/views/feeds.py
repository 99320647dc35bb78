"""Feeds: of a show, of all, of a search; pages on how to subscribe, with the address schemes of
podcast programs. Only an ETag is sent: some programs that see a date ask for nothing for days."""

import hashlib
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import force_locale, gettext
from markupsafe import Markup

from radio.archive import Archive, holdings
from radio.archive.episode import Show
from radio.derived.chapters import cached_chapters, chapters_of
from radio.formats import addresses, podcast_feed
from radio.formats.opensearch import render_opml
from radio.formats.podcast_json import render_chapters
from radio.pictures.drawing import qr
from radio.search import Results, SearchOptions
from radio.system.disk import stamp
from radio.system.edition import edition
from radio.system.errors import NotFoundError
from radio.text.transcript import clock
from radio.web.addresses import absolute, base_url, canonical, episode_address, known_url
from radio.web.context import catalogue, plain_name, shows
from radio.web.forwarding import refuse_away
from radio.web.headers import FEED_POLICY, file_named, file_of
from radio.web.queries import read_options, read_query, tell, tell_also
from radio.web.quoting import label_of
from radio.web.spans import write_second

feeds, subscribing = Blueprint("feeds", __name__), Blueprint("subscribing", __name__)

RSS = "application/rss+xml; charset=utf-8"
XML = "text/xml; charset=utf-8"
Entries = Sequence[podcast_feed.FeedEntry]


@dataclass(frozen=True)
class Program:
    """A program, and how the address of a feed is written for it."""

    name: str
    device: str  # see DEVICES
    prefix: str
    is_whole: bool = False  # it takes the feed's address with its scheme, quoted
    tells: bool = True  # its maker which feeds somebody takes, unless that is turned off


DEVICES = ("android", "apple", "computer")
PROGRAMS = (
    Program("AntennaPod", "android", "antennapod-subscribe://", tells=False),
    Program("Pocket Casts", "android", "pktc://subscribe/"),
    Program("Apple Podcasts", "apple", "podcast://"),
    Program("Overcast", "apple", "overcast://x-callback-url/add?url=", is_whole=True),
    Program("Pocket Casts", "apple", "pktc://subscribe/"),
    Program("Castro", "apple", "castro://subscribe/"),
    Program("gPodder", "computer", "gpodder://", tells=False),
    Program("Apple Podcasts", "computer", "podcast://"),
)
ANY = Program("", "", "feed://", tells=False)  # whatever answers to that


def link(program: Program, feed: str) -> str:
    """Write the address by which a program takes a feed.

    >>> link(PROGRAMS[0], "https://radio.example/feed.xml")
    'antennapod-subscribe://radio.example/feed.xml'
    >>> link(PROGRAMS[3], "https://radio.example/feed.xml")
    'overcast://x-callback-url/add?url=https%3A%2F%2Fradio.example%2Ffeed.xml'
    """
    address = quote(feed, safe="") if program.is_whole else feed.partition("://")[2]
    return f"{program.prefix}{address}"


@feeds.get("/shows/<show>/feed.xml")
def feed(show: str) -> Response:
    """Give the feed of a show."""
    found = catalogue().archive.show(show)
    page = url_for("subscribing.subscribe_to_show", show=found.slug, lang=None)
    return _podcast([found], partial(podcast_feed.show_feed, found), page)


@feeds.get("/feed.xml")
def all_shows() -> Response:
    """Give the feed of all shows."""
    shows = catalogue().archive.shows()
    if not shows:  # else programs would let go of every episode
        refuse_away()
    page = url_for("subscribing.subscribe", lang=None)
    return _podcast(shows, partial(podcast_feed.whole_feed, plain_name(), shows), page)


@feeds.get("/publisher.xml")
def publisher() -> Response:
    """Give the feed that names the shows, as podcast programs take it from a publisher."""
    shows = catalogue().archive.shows()
    if not shows:
        refuse_away()
    content = podcast_feed.render_publisher(plain_name(), shows, base_url(), canonical())
    return file_of(content, RSS, "no-cache")


@feeds.get("/shows.opml")
def subscriptions() -> Response:
    """List the feeds of all shows, for programs that take such lists."""
    content = render_opml(plain_name(), catalogue().archive.shows(), base_url())
    return file_of(content, "text/x-opml; charset=utf-8", "no-cache")


@feeds.get("/shows/<show>/chapters/<slug>.json")
def chapters(show: str, slug: str) -> Response:
    """Give the chapters of an episode."""
    episode = catalogue().episode(f"{show}/{slug}")
    found = chapters_of(catalogue().archive, episode)
    if not found.parts:
        raise NotFoundError(f"{episode.key}: no chapters")
    content = render_chapters(catalogue().archive.show(show), episode, found)
    return file_of(content, "application/json+chapters", "no-cache")


@feeds.get("/search.xml")
def passages() -> Response:
    """Give the passages in which some words are said, the newest episodes first."""
    query = read_query()
    wanted = SearchOptions(order="newest", as_typed=read_options().as_typed)
    found = catalogue().index.search(query, wanted)
    asked = urlencode({"q": query, "exact": 1} if wanted.as_typed else {"q": query})
    own = f"{base_url()}{addresses.SEARCH_FEED}?{asked}"
    page = f"{base_url()}{addresses.SEARCH}?{asked}&sort=newest"
    title = about = gettext("Passages pour «\u00a0%(query)s\u00a0»", query=query)
    if read := found.interpretation:  # what the query was taken for, and how to insist on it
        typed = gettext("Chercher «\u00a0%(query)s\u00a0» tel quel", query=query)
        said = " ".join((*tell(read), *tell_also(read), typed))
        about = f"{said}\u00a0: {own}&exact=1"
    content = podcast_feed.render_excerpts(title, about, page, own, _excerpts(found))
    return file_of(content, RSS, "no-cache")


def _excerpts(found: Results) -> Iterator[podcast_feed.Excerpt]:
    for episode in found.episodes:
        label = label_of(episode.key)
        for hit in episode.hits:
            at = write_second(hit.start)
            link = absolute(episode_address(episode.key, at, "t", found.query))
            words = "".join(text for text, _ in hit.snippet) + (f" [{label}]" if label else "")
            title = f"{episode.title} – {clock(hit.start)}"
            yield podcast_feed.Excerpt(title, link, episode.episode.date, words)


@subscribing.get("/subscribe", endpoint="subscribe")
@subscribing.get("/shows/<show>/subscribe", endpoint="subscribe_to_show")
def subscribe(show: str = "") -> str:
    """Subscribe to a show; or to all of them, or choose one."""
    item = catalogue().archive.show(show) if show else None
    path = url_for("feeds.feed", show=show) if show else url_for("feeds.all_shows")
    feed = absolute(path) if known_url() else ""
    return render_template(
        "subscribe.html",
        show=item,
        others=[each for each in shows() if each != item],
        feed=feed,
        path=path,
        programs=[
            (device, [(each, link(each, feed)) for each in PROGRAMS if each.device == device])
            for device in DEVICES
        ],
        any_program=link(ANY, feed),
        code=Markup(qr(feed)) if feed else "",  # noqa: S704 (drawn from an address)
    )


def _podcast(
    shows: Sequence[Show], make: Callable[[Entries], podcast_feed.Feed], explained: str
) -> Response:
    """Answer with a page of a feed, or that it didn't change; a page has it explained."""
    archive, slugs = catalogue().archive, tuple(show.slug for show in shows)
    entries, sha256 = _list(archive, slugs, holdings.state(archive, slugs))
    made, number = make(entries), request.args.get("page", 1, int)
    if not 1 <= number <= made.pages:
        raise NotFoundError(f"{made.path}: {made.pages} pages, not {number}")
    # Programs that take podcasts ask for no page; some browsers save what is called RSS.
    kind = XML if "text/html" in request.accept_mimetypes.values() else RSS
    what = f"{edition()} {sha256} {made.about.title} {number} {base_url()} {canonical()} {kind}"
    etag = hashlib.sha256(what.encode(errors="replace")).hexdigest()

    def render() -> bytes:
        with force_locale("fr"):  # like the rest of the feed
            message = gettext(
                "Ceci est un flux de podcast\u00a0: copiez son adresse dans une application de "
                "podcast. Comment s’abonner"
            )
        style = url_for("static", filename="feed.css")
        opened = podcast_feed.Reception(style, message, absolute(explained))
        return podcast_feed.render_feed(made, base_url(), number, opened, canonical())

    response = file_named(etag, kind, render)
    response.vary.add("Accept")
    # A browser shows it with the site's own style sheet, and nothing else.
    response.headers["Content-Security-Policy"] = FEED_POLICY
    return response


@lru_cache(maxsize=16)
def _list(archive: Archive, shows: Sequence[str], _state: Hashable) -> tuple[Entries, str]:
    """List what listeners may have of some shows, the newest first, with a hash of it all."""
    entries, digest = list[podcast_feed.FeedEntry](), hashlib.sha256()
    for slug in shows:
        show, finished = archive.show(slug), holdings.finished(archive, slug)
        sidecars = archive.sidecar_stamps(slug)
        digest.update(f"{slug} {stamp(archive.show_path(slug))}\n".encode())
        for each in holdings.episodes(archive, slug):
            chapters = cached_chapters(archive, each)
            is_divided = chapters is not None and bool(chapters.parts)
            entry = podcast_feed.FeedEntry(show, each, each.slug in finished, is_divided)
            state = f"{each.slug} {sidecars.get(each.slug)} {entry.transcribed} {entry.divided}\n"
            digest.update(state.encode())
            entries.append(entry)
    entries.sort(key=lambda entry: (entry.episode.date, entry.episode.slug), reverse=True)
    return entries, digest.hexdigest()
