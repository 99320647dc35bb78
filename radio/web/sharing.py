"""What others take of an episode: citations, a small page to embed, and how (oEmbed)."""

import json
import logging
from collections.abc import Sequence
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, render_template, request, url_for
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from radio.episode import Episode, Show
from radio.errors import NotFoundError, RadioError
from radio.publish.citation import Citation
from radio.publish.dublin_core import describe_episode, render_record
from radio.publish.reading import TICK, cue_at
from radio.transcript import Cue, Transcript
from radio.web.addresses import Span, absolute, base_url, canonical, read_span
from radio.web.catalogue import catalogue
from radio.web.headers import FILES

sharing = Blueprint("sharing", __name__)
log = logging.getLogger(__name__)

FORMS = {
    "txt": "text/plain",
    "bib": "application/x-bibtex",
    "json": "application/vnd.citationstyles.csl+json",
    "xml": "application/xml",
}
WIDTH, HEIGHT = 480, 150  # of what is embedded, in pixels


@sharing.get("/cite/<show>/<slug>.<any(txt, bib, json, xml):form>")
def citation(show: str, slug: str, form: str) -> Response:
    """Quote an episode, or what is said at `?t=`; describe it for libraries."""
    episode = catalogue().episode(f"{show}/{slug}")
    span = read_span(request.args.get("t", ""), episode.audio.duration)
    found, said = catalogue().archive.show(show), read_said(episode.key)
    if form == "xml":
        content = render_record(describe_episode(found, episode, canonical())).decode()
    else:
        quoted = cite(found, episode, span, said.cues if said else ())
        content = {"txt": f"{quoted.text}\n", "bib": quoted.bibtex, "json": quoted.csl}[form]
    response = Response(content, content_type=f"{FORMS[form]}; charset=utf-8")
    response.headers.update(FILES)
    return response


@sharing.get("/embed/<show>/<slug>")
def embed(show: str, slug: str) -> str:
    """Give a player, from `?t=` on, that fits into the page of another site."""
    episode = catalogue().episode(f"{show}/{slug}")
    span = read_span(request.args.get("t", ""), episode.audio.duration)
    return render_template(
        "embed.html", show=catalogue().archive.show(show), episode=episode, span=span
    )


@sharing.get("/oembed")
def oembed() -> Response:
    """Tell another site how to embed an episode by its address (https://oembed.com)."""
    url = request.args.get("url", "")
    try:
        address = urlsplit(url)
        if address.netloc != urlsplit(base_url()).netloc:
            raise NotFoundError(f"{url}: another site")
        endpoint, values = current_app.url_map.bind("").match(address.path)
    except (HTTPException, ValueError) as error:
        raise NotFoundError(f"{url}: no page of the site") from error
    if endpoint != "pages.episode" or request.args.get("format", "json") != "json":
        raise NotFoundError(f"{url}: nothing to embed as JSON")
    episode = catalogue().episode(f"{values['show']}/{values['slug']}")
    show = catalogue().archive.show(episode.show)
    content = {
        "version": "1.0",
        "type": "rich",
        "title": episode.title,
        "author_name": show.title,
        "provider_name": show.station,
        "provider_url": absolute("/"),
        "width": WIDTH,
        "height": HEIGHT,
        "html": frame(episode),
    }
    response = Response(json.dumps(content), content_type="application/json")
    response.headers.update(FILES)
    return response


def read_said(key: str) -> Transcript | None:
    """Read what is said; a transcript that editing broke costs the quoted words alone."""
    try:
        return catalogue().archive.transcript(key)
    except RadioError as error:
        log.warning("%s", error)
        return None


def cite(show: Show, episode: Episode, span: Span | None, cues: Sequence[Cue]) -> Citation:
    """Quote an episode, or what is said in a stretch of it: the cue at its start, at least."""
    address = absolute(url_for("pages.episode", show=episode.show, slug=episode.slug, lang=None))
    if span is None:
        return Citation(show, episode, address)
    return Citation(show, episode, f"{address}?t={span}", span.start, said_in(cues, span))


def said_in(cues: Sequence[Cue], span: Span) -> str:
    """Give the words of a stretch: its first cue, and those that begin before its end."""
    first = (cue_at(cues, span.start) or 1) - 1
    end = span.start if span.end is None else span.end
    return " ".join(
        " ".join(cue.text.split())
        for place, cue in enumerate(cues[first:])
        if place == 0 or cue.start < end - TICK
    )


def frame(episode: Episode, span: Span | None = None) -> str:
    """Write the HTML by which another site embeds an episode."""
    address = url_for("sharing.embed", show=episode.show, slug=episode.slug, t=span)
    title, source = escape(episode.title), escape(absolute(address))
    return (
        f'<iframe src="{source}" title="{title}" width="{WIDTH}" height="{HEIGHT}" '
        'loading="lazy" referrerpolicy="no-referrer"></iframe>'
    )
