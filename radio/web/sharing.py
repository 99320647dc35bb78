"""What others take of an episode: citations, a small page to embed, and how (oEmbed)."""

import json
import logging
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, render_template, request, url_for
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from radio.episode import Episode, Show
from radio.errors import NotFoundError, TranscriptError
from radio.publish.citation import Citation
from radio.transcript import Cue, Transcript
from radio.web.addresses import absolute, read_second, write_second
from radio.web.catalogue import catalogue
from radio.web.headers import FILES

sharing = Blueprint("sharing", __name__)
log = logging.getLogger(__name__)

FORMS = {
    "txt": "text/plain",
    "bib": "application/x-bibtex",
    "json": "application/vnd.citationstyles.csl+json",
}
WIDTH, HEIGHT = 480, 150  # of what is embedded, in pixels
TICK = 0.001  # seconds; times in addresses are in thousandths


@sharing.get("/cite/<show>/<slug>.<any(txt, bib, json):form>")
def citation(show: str, slug: str, form: str) -> Response:
    """Quote an episode, or what is said at `?t=`."""
    episode = catalogue().episode(f"{show}/{slug}")
    second = read_second(request.args.get("t", ""), episode.audio.duration)
    said = read_said(episode.key)
    quoted = cite(catalogue().archive.show(show), episode, second, said.cues if said else ())
    content = {"txt": f"{quoted.text}\n", "bib": quoted.bibtex, "json": quoted.csl}[form]
    response = Response(content, content_type=f"{FORMS[form]}; charset=utf-8")
    response.headers.update(FILES)
    return response


@sharing.get("/embed/<show>/<slug>")
def embed(show: str, slug: str) -> str:
    """Give a player, from `?t=` on, that fits into the page of another site."""
    episode = catalogue().episode(f"{show}/{slug}")
    second = read_second(request.args.get("t", ""), episode.audio.duration)
    return render_template(
        "embed.html", show=catalogue().archive.show(show), episode=episode, second=second
    )


@sharing.get("/oembed")
def oembed() -> Response:
    """Tell another site how to embed an episode by its address (https://oembed.com)."""
    url = request.args.get("url", "")
    try:
        address = urlsplit(url)
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
    except TranscriptError as error:
        log.warning("%s", error)
        return None


def cite(show: Show, episode: Episode, second: float | None, cues: tuple[Cue, ...]) -> Citation:
    """Quote an episode, or the cue that is said at a second."""
    address = absolute(url_for("pages.episode", show=episode.show, slug=episode.slug, lang=None))
    if second is None:
        return Citation(show, episode, address)
    spoken = [cue for cue in cues if cue.start <= second + TICK]
    words = spoken[-1].text if spoken else ""
    return Citation(show, episode, f"{address}?t={write_second(second)}", second, words)


def frame(episode: Episode, second: float | None = None) -> str:
    """Write the HTML by which another site embeds an episode."""
    at = None if second is None else write_second(second)
    address = url_for("sharing.embed", show=episode.show, slug=episode.slug, t=at)
    title, source = escape(episode.title), escape(absolute(address))
    return (
        f'<iframe src="{source}" title="{title}" width="{WIDTH}" height="{HEIGHT}" '
        'loading="lazy" referrerpolicy="no-referrer"></iframe>'
    )
