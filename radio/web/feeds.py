"""The podcast feed of each show.

Only an ETag is sent: a reader that is told a date of last change may ask for nothing for days.
"""

import hashlib

from flask import Blueprint, Response, current_app, request

from radio.publish.feed import render_feed
from radio.web.catalogue import catalogue
from radio.web.headers import FILES

feeds = Blueprint("feeds", __name__)


@feeds.get("/shows/<show>/feed.xml")
def feed(show: str) -> Response:
    """Give the feed; without RADIO_BASE_URL its addresses are those of the request."""
    archive = catalogue().archive
    episodes = archive.public_episodes(show)
    transcribed = {each.key for each in episodes if archive.vtt_path(each.key).exists()}
    base_url = current_app.config["BASE_URL"] or request.host_url.rstrip("/")
    content = render_feed(archive.show(show), episodes, transcribed, base_url)
    response = Response(content, content_type="application/rss+xml; charset=utf-8")
    response.set_etag(hashlib.sha256(content).hexdigest())
    response.headers.update(FILES)
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response
