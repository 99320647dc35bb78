"""What others take of an episode: citations, a small page to embed, and how (oEmbed)."""

import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from flask import Blueprint, Response, current_app, render_template, request, url_for
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from radio.archive import forwarding, holdings
from radio.archive.episode import Episode, Show
from radio.derived.soundness import known_gain
from radio.formats.dublin_core import describe_episode, render_record
from radio.search.results import LEAD_IN, LONGEST_LEAD
from radio.system.errors import NotFoundError, warned
from radio.web.addresses import absolute, base_url, canonical, known_url
from radio.web.charts import draw_waveform
from radio.web.context import catalogue, site_name
from radio.web.headers import SITE_AGE, attached, file_of
from radio.web.quoting import cite, read_transcript
from radio.web.spans import read_span

sharing = Blueprint("sharing", __name__)

FORMS = {
    "txt": "text/plain",
    "bib": "application/x-bibtex",
    "json": "application/vnd.citationstyles.csl+json",
    "xml": "application/xml",
}
PLUGIN = Path(__file__).parent.parent / "plugin"
WIDTH, HEIGHT = 480, 190  # of what is embedded, in pixels


@sharing.get("/cite/<show>/<slug>.<any(txt, bib, json, xml):form>")
def citation(show: str, slug: str, form: str) -> Response:
    """Quote an episode, or what is said at `?t=`; describe it for libraries."""
    episode = catalogue().episode(f"{show}/{slug}")
    span = read_span(request.args.get("t", ""), episode.audio.duration)
    item, transcript = catalogue().archive.show(show), read_transcript(episode.key)
    if form == "xml":
        content = render_record(describe_episode(item, episode, canonical())).decode()
    else:
        reference = cite(item, episode, span, transcript)
        forms = {"txt": f"{reference.text}\n", "bib": reference.bibtex, "json": reference.csl}
        content = forms[form]
    return file_of(content, f"{FORMS[form]}; charset=utf-8")


@sharing.get("/share")
def snippets() -> str:
    """Give what other sites paste: of an episode, of the newest one, of a search."""
    archive, asked, theme = catalogue().archive, request.args, _theme()
    show = archive.show(asked["show"]) if asked.get("show") else None
    named = show and asked.get("episode")
    episode = catalogue().episode(f"{asked['show']}/{named}") if named else None
    latest = {"show": show.slug} if show else {}
    return render_template(
        "share.html",
        shows=archive.shows(),
        chosen=show,
        episode=episode,
        theme=theme,
        frame=frame(episode, theme=theme) if episode else "",
        latest=framed(show.title if show else site_name(), theme=theme or None, **latest),
    )


@sharing.get("/download/radio-archive.zip")
def plugin() -> Response:
    """Give the plugin for WordPress, as WordPress takes it."""
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as zipped:
        for path in sorted(PLUGIN.iterdir()):
            about = ZipInfo(f"radio-archive/{path.name}")  # the same bytes for all, without a date
            about.external_attr = 0o644 << 16
            zipped.writestr(about, path.read_bytes(), ZIP_DEFLATED)
    return file_of(packed.getvalue(), "application/zip", SITE_AGE, attached("radio-archive.zip"))


def _theme() -> str:
    """Read whether a player is dark or light; nothing where it is as the device prefers."""
    theme = request.args.get("theme", "")
    return theme if theme in ("light", "dark") else ""


@sharing.get("/embed/", defaults={"show": "", "slug": ""})
@sharing.get("/embed/<show>/", defaults={"slug": ""})
@sharing.get("/embed/<show>/<slug>")
def embed(show: str, slug: str) -> str:
    """Give a player for pages of other sites, from `?t=` on, dark or light as `?theme=` says: of
    an episode, else of the newest of a show or of all."""
    archive = catalogue().archive
    episode = catalogue().episode(f"{show}/{slug}" if slug else _newest(show))
    span, scheme = read_span(request.args.get("t", ""), episode.audio.duration), _theme()
    item, bars = archive.show(episode.show), None
    with warned():
        bars = archive.waveform(episode)
    citation = cite(item, episode, span, read_transcript(episode.key) if span else None)
    is_sentence = span is not None and span.end is None and citation.second is not None
    return render_template(
        "embed.html",
        show=item,
        episode=episode,
        span=span,
        playback=citation.at if is_sentence else span,
        leads=(LEAD_IN, LONGEST_LEAD),
        waveform=bars and draw_waveform(bars, episode.audio.duration, [], []),
        gain=known_gain(archive, episode),
        citation=citation,
        scheme=scheme,
    )


def _newest(show: str) -> str:
    """Give the key of the newest episode to hear. Raises NotFoundError where there is none."""
    for each in holdings.episodes(catalogue().archive, show or None):
        if each.rights.allows("listen"):
            return each.key
    raise NotFoundError(f"{show}: nothing to hear")


@sharing.get("/oembed")
def oembed() -> Response:
    """Tell another site how to embed a show, or an episode by its address or one it had before."""
    url, site, archive = request.args.get("url", ""), urlsplit(base_url()), catalogue().archive
    try:
        address = urlsplit(url)
        path = address.path.removeprefix(site.path)
        is_ours = address.netloc == site.netloc and address.path.startswith(f"{site.path}/")
        endpoint, values = current_app.url_map.bind("").match(path) if is_ours else ("", {})
    except (HTTPException, ValueError) as error:
        raise NotFoundError(f"{url}: no page of the site") from error
    if (
        endpoint not in ("pages.show", "pages.episode")
        or request.args.get("format", "json") != "json"
    ):
        raise NotFoundError(f"{url}: nothing to embed as JSON")
    if endpoint == "pages.show":
        item = archive.show(values["show"])
        return _embedded(item, item.title, framed(item.title, show=item.slug))
    key = f"{values['show']}/{values['slug']}"
    try:
        episode = catalogue().episode(key)
    except NotFoundError:
        episode = catalogue().episode(forwarding.episode_at(archive, key))
    show, times = archive.show(episode.show), parse_qs(address.query).get("t", [""])
    span = read_span(times[0], episode.audio.duration)
    transcript = read_transcript(episode.key) if span else None
    citation = cite(show, episode, span, transcript)
    title = f"{episode.title}, {citation.time}" if citation.time else episode.title
    return _embedded(show, title, frame(episode, citation.at), citation.quotation)


def _embedded(show: Show, title: str, code: str, description: str = "") -> Response:
    content = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "author_name": show.title,
        "provider_name": show.station,
        "provider_url": absolute(url_for("pages.home")),
        "width": _width(),
        "height": HEIGHT,
        "html": code,
    }
    if description:
        content["description"] = description
    return file_of(json.dumps(content), "application/json")


def _width() -> int:
    """Give the width of a player: no more than who asks has room for."""
    return max(1, min(WIDTH, request.args.get("maxwidth", WIDTH, int)))


def frame(episode: Episode, at: str = "", theme: str = "") -> str:
    """Write the HTML that embeds an episode elsewhere; nothing where no address is set."""
    place = {"show": episode.show, "slug": episode.slug, "t": at or None}
    return framed(episode.title, **place, theme=theme or None)


def framed(title: str, **place: Any) -> str:
    """Write the HTML that embeds the player of a place elsewhere, as `frame` does."""
    if not known_url():
        return ""
    source = escape(absolute(url_for("sharing.embed", **place)))
    size = f'width="{_width()}" height="{HEIGHT}" loading="lazy" referrerpolicy="no-referrer"'
    return f'<iframe src="{source}" title="{escape(title)}" {size} style="max-width:100%"></iframe>'
