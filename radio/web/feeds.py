"""The podcast feed of each show, and a feed of passages for each search.

Only an ETag is sent: a reader that is told a date of last change may ask for nothing for days.
"""

import hashlib
from collections.abc import Iterator
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext

from radio.publish.feed import Excerpt, render_excerpts, render_feed
from radio.search import Results, Wanted
from radio.transcript import clock
from radio.web.addresses import absolute, base_url, write_second
from radio.web.catalogue import catalogue
from radio.web.finding import read_query
from radio.web.headers import FILES

feeds = Blueprint("feeds", __name__)


@feeds.get("/shows/<show>/feed.xml")
def feed(show: str) -> Response:
    """Give the feed of a show."""
    archive = catalogue().archive
    episodes = archive.public_episodes(show)
    transcribed = {each.key for each in episodes if archive.vtt_path(each.key).exists()}
    return _respond(render_feed(archive.show(show), episodes, transcribed, base_url()))


@feeds.get("/search.xml")
def passages() -> Response:
    """Give the passages in which some words are said, the newest episodes first."""
    query = read_query()
    found = catalogue().index.search(query, Wanted(order="newest"))
    asked = urlencode({"q": query})
    own = f"{base_url()}/search.xml?{asked}"
    title = gettext("Passages pour « %(query)s »", query=query)
    page = f"{base_url()}/search?{asked}&sort=newest"
    return _respond(render_excerpts(title, page, own, _excerpts(found)))


def _excerpts(found: Results) -> Iterator[Excerpt]:
    for episode in found.episodes:
        for hit in episode.hits:
            address = url_for("pages.episode", show=episode.show, slug=episode.key.split("/")[1])
            link = f"{absolute(address)}?t={write_second(hit.listen_at)}"
            words = "".join(text for text, _ in hit.snippet)
            yield Excerpt(f"{episode.title} – {clock(hit.start)}", link, episode.date, words)


def _respond(content: bytes) -> Response:
    response = Response(content, content_type="application/rss+xml; charset=utf-8")
    response.set_etag(hashlib.sha256(content).hexdigest())
    response.headers.update(FILES)
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response
