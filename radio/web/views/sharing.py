"""What others take of an episode: citations, a small page to embed, and how (oEmbed)."""

import json
from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, Response, current_app, render_template, request, url_for
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from radio.archive import forwarding
from radio.archive.episode import Episode
from radio.derived.soundness import known_gain
from radio.formats.dublin_core import describe_episode, render_record
from radio.search.results import LEAD_IN, LONGEST_LEAD
from radio.system.errors import NotFoundError, warned
from radio.web.addresses import absolute, base_url, canonical, known_url
from radio.web.charts import draw_waveform
from radio.web.context import catalogue
from radio.web.headers import file_of
from radio.web.quoting import cite, read_transcript
from radio.web.spans import read_span

sharing = Blueprint("sharing", __name__)

FORMS = {
    "txt": "text/plain",
    "bib": "application/x-bibtex",
    "json": "application/vnd.citationstyles.csl+json",
    "xml": "application/xml",
}
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


@sharing.get("/embed/<show>/<slug>")
def embed(show: str, slug: str) -> str:
    """Give a player for pages of other sites, from `?t=` on, dark or light as `?theme=` says."""
    episode = catalogue().episode(f"{show}/{slug}")
    span = read_span(request.args.get("t", ""), episode.audio.duration)
    theme = request.args.get("theme", "")
    scheme = theme if theme in ("light", "dark") else ""
    archive = catalogue().archive
    item, bars = archive.show(show), None
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


@sharing.get("/oembed")
def oembed() -> Response:
    """Tell another site how to embed an episode by its address, or by one it had before."""
    url, site, archive = request.args.get("url", ""), urlsplit(base_url()), catalogue().archive
    try:
        address = urlsplit(url)
        path = address.path.removeprefix(site.path)
        is_ours = address.netloc == site.netloc and address.path.startswith(f"{site.path}/")
        endpoint, values = current_app.url_map.bind("").match(path) if is_ours else ("", {})
    except (HTTPException, ValueError) as error:
        raise NotFoundError(f"{url}: no page of the site") from error
    if endpoint != "pages.episode" or request.args.get("format", "json") != "json":
        raise NotFoundError(f"{url}: nothing to embed as JSON")
    key = f"{values['show']}/{values['slug']}"
    try:
        episode = catalogue().episode(key)
    except NotFoundError:
        episode = catalogue().episode(forwarding.episode_at(archive, key))
    show, times = archive.show(episode.show), parse_qs(address.query).get("t", [""])
    span = read_span(times[0], episode.audio.duration)
    transcript = read_transcript(episode.key) if span else None
    citation = cite(show, episode, span, transcript)
    content = {
        "version": "1.0",
        "type": "rich",
        "title": f"{episode.title}, {citation.time}" if citation.time else episode.title,
        "author_name": show.title,
        "provider_name": show.station,
        "provider_url": absolute(url_for("pages.home")),
        "width": WIDTH,
        "height": HEIGHT,
        "html": frame(episode, citation.at),
    }
    if citation.quotation:
        content["description"] = citation.quotation
    return file_of(json.dumps(content), "application/json")


def frame(episode: Episode, at: str = "") -> str:
    """Write the HTML that embeds an episode elsewhere; nothing where no address is set."""
    if not known_url():
        return ""
    address = url_for("sharing.embed", show=episode.show, slug=episode.slug, t=at or None)
    title, source = escape(episode.title), escape(absolute(address))
    size = f'width="{WIDTH}" height="{HEIGHT}" loading="lazy" referrerpolicy="no-referrer"'
    return f'<iframe src="{source}" title="{title}" {size}></iframe>'
