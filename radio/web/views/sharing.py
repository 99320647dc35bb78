"""What others take of an episode: citations, a small page to embed, and how (oEmbed)."""

import json
import logging
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, Response, current_app, render_template, request, url_for
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from radio.episode import Episode, Show
from radio.errors import NotFoundError, RadioError
from radio.formats.citation import Citation
from radio.formats.dublin_core import describe_episode, render_record
from radio.transcript import Transcript, render_text
from radio.web import language
from radio.web.addresses import (
    LONGEST_SPAN,
    Span,
    absolute,
    base_url,
    canonical,
    known_url,
    quoted_address,
    read_span,
)
from radio.web.context import catalogue
from radio.web.headers import as_file
from radio.web.reading import judge, read_evidence
from radio.web.sentences import quote

sharing = Blueprint("sharing", __name__)
log = logging.getLogger(__name__)

FORMS = {
    "txt": "text/plain",
    "bib": "application/x-bibtex",
    "json": "application/vnd.citationstyles.csl+json",
    "xml": "application/xml",
}
WIDTH, HEIGHT = 480, 150  # of what is embedded, in pixels
EXCERPT = 30.0  # seconds of sound with a sentence, at least


@sharing.get("/cite/<show>/<slug>.<any(txt, bib, json, xml):form>")
def citation(show: str, slug: str, form: str) -> Response:
    """Quote an episode, or what is said at `?t=`; describe it for libraries."""
    episode = catalogue().episode(f"{show}/{slug}")
    span = read_span(request.args.get("t", ""), episode.audio.duration)
    found, said = catalogue().archive.show(show), read_said(episode.key)
    if form == "xml":
        content = render_record(describe_episode(found, episode, canonical())).decode()
    else:
        quoted = cite(found, episode, span, said or Transcript(()))
        content = {"txt": f"{quoted.text}\n", "bib": quoted.bibtex, "json": quoted.csl}[form]
    response = Response(content, content_type=f"{FORMS[form]}; charset=utf-8")
    return as_file(response)


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
    url, site = request.args.get("url", ""), urlsplit(base_url())
    try:
        address = urlsplit(url)
        if address.netloc != site.netloc or not address.path.startswith(f"{site.path}/"):
            raise NotFoundError(f"{url}: another site")
        path = address.path[len(site.path) :]
        endpoint, values = current_app.url_map.bind("").match(path)
    except (HTTPException, ValueError) as error:
        raise NotFoundError(f"{url}: no page of the site") from error
    if endpoint != "pages.episode" or request.args.get("format", "json") != "json":
        raise NotFoundError(f"{url}: nothing to embed as JSON")
    episode = catalogue().episode(f"{values['show']}/{values['slug']}")
    show, asked = catalogue().archive.show(episode.show), parse_qs(address.query).get("t", [""])
    span = read_span(asked[0], episode.audio.duration)
    quoted = cite(show, episode, span, (read_said(episode.key) if span else None) or Transcript(()))
    content = {
        "version": "1.0",
        "type": "rich",
        "title": f"{episode.title}, {quoted.time}" if quoted.time else episode.title,
        "author_name": show.title,
        "provider_name": show.station,
        "provider_url": absolute(url_for("pages.home")),
        "width": WIDTH,
        "height": HEIGHT,
        "html": frame(episode, quoted.at),
    }
    if quoted.said:
        content["description"] = quoted.said
    response = Response(json.dumps(content), content_type="application/json")
    return as_file(response)


def read_said(key: str) -> Transcript | None:
    """Read what is said, and how far it can be trusted.

    A transcript that editing broke costs the quoted words alone.
    """
    archive = catalogue().archive
    try:
        said = archive.transcript(key)
        return said and replace(said, note=judge(said, read_evidence(archive, key)))
    except RadioError as error:
        log.warning("%s", error)
        return None


def cite(show: Show, episode: Episode, span: Span | None, said: Transcript) -> Citation:
    """Quote an episode, or what is said in a stretch of it, or the sentence at a second."""
    address = quoted_address(episode.key)
    if span is None:
        return Citation(show, episode, address)
    found = quote(said.cues, span.start, span.end)
    if found and span.end is None:
        span, until = Span(found.start), max(found.end, found.start + EXCERPT)
    else:
        until = span.end or span.start + EXCERPT
    until = min(until, span.start + LONGEST_SPAN, episode.audio.duration)
    spoken = show.language_of(episode)
    label = language.reread(said.note.get("status"), spoken) if found else ""
    words = found.words if found else ""
    whole = address and f"{address}?t={span}"
    return Citation(show, episode, whole, span.start, words, label, str(span), until)


def alone(show: Show, episode: Episode, said: Transcript, address: str = "") -> str:
    """Write what was said as a text that is read away from the site: what it is comes first."""
    head = Citation(show, episode, address).text.strip()
    label = language.reread(said.note.get("status"), show.language_of(episode))
    lines = (head, label[:1].upper() + label[1:])
    return "\n".join(filter(None, lines)) + f"\n\n{render_text(said)}"


def frame(episode: Episode, at: str = "") -> str:
    """Write the HTML by which another site embeds an episode, from a time written for `?t=` on.

    Nothing where the site does not know its own address.
    """
    if not known_url():
        return ""
    address = url_for("sharing.embed", show=episode.show, slug=episode.slug, t=at or None)
    title, source = escape(episode.title), escape(absolute(address))
    return (
        f'<iframe src="{source}" title="{title}" width="{WIDTH}" height="{HEIGHT}" '
        'loading="lazy" referrerpolicy="no-referrer"></iframe>'
    )
