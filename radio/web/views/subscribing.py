"""Subscribing: what it is, the address of the feed, and the programs that take it."""

from flask import Blueprint, render_template, url_for
from markupsafe import Markup

from radio.archive.episode import Show
from radio.pictures.qr import qr
from radio.web.addresses import absolute, known_url
from radio.web.context import catalogue, shows
from radio.web.podcast_programs import ANY, DEVICES, link, links

subscribing = Blueprint("subscribing", __name__)


@subscribing.get("/subscribe")
def all_shows() -> str:
    """Subscribe to all shows, or choose one."""
    return _page(url_for("feeds.all_shows"))


@subscribing.get("/shows/<show>/subscribe")
def show(show: str) -> str:
    """Subscribe to a show."""
    item = catalogue().archive.show(show)
    return _page(url_for("feeds.feed", show=item.slug), item)


def _page(path: str, item: Show | None = None) -> str:
    """Show the page of a feed; where the site doesn't know its address, nobody can subscribe."""
    feed = absolute(path) if known_url() else ""
    return render_template(
        "subscribe.html",
        show=item,
        others=[each for each in shows() if each != item],
        feed=feed,
        path=path,
        programs=[(device, list(links(device, feed))) for device in DEVICES],
        any_program=link(ANY, feed),
        code=Markup(qr(feed)) if feed else "",  # noqa: S704 (drawn from an address)
    )
