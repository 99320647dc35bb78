"""Lists for programs: catalogue, hashes, robots, sitemap, OpenSearch, manifest. Each is written
while it is read; its ETag comes from the state of the files."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache, partial
from itertools import chain
from threading import Lock

from flask import Blueprint, Response, current_app, request, url_for
from flask_babel import gettext

from radio.archive import Archive, holdings
from radio.archive.authorship import status_of
from radio.archive.episode import Episode, Show
from radio.formats.addresses import ROOMS
from radio.formats.catalogue_rows import Row, describe, render_lines, render_table
from radio.formats.opensearch import render_opensearch, render_sitemap
from radio.french.letters import ELIDED, FUNCTION_WORDS, fold
from radio.mirror import manifest as mirrored
from radio.system.errors import warned
from radio.web.addresses import absolute, base_url, canonical, episode_address, known_url
from radio.web.context import catalogue, site_name
from radio.web.forwarding import refuse_away
from radio.web.headers import SITE_AGE, attached, file_named, file_of

listing, discovery = Blueprint("listing", __name__), Blueprint("discovery", __name__)

LINES = "application/jsonl; charset=utf-8"

LIGHT = sorted({*ELIDED, *map(fold, FUNCTION_WORDS)})
WORDS = ("help", "about", "privacy", "legal", "accessibility")  # pages that explain

_one_at_a_time = Lock()


@listing.get("/catalogue.<any(csv, jsonl):form>")
def table(form: str) -> Response:
    """Give the catalogue, or `?show=` of it: as a table, or an object of JSON on each line."""
    archive, slug = catalogue().archive, request.args.get("show")
    shows = [archive.show(slug)] if slug else archive.shows()
    listed = (holdings.episodes(archive, show.slug) for show in shows)
    rows = rows_of(archive, chain.from_iterable(listed), shows, known_url())
    if form == "jsonl":
        return _stream(render_lines(rows), LINES, shows)
    response = _stream(render_table(rows), "text/csv; charset=utf-8", shows)
    response.headers["Content-Disposition"] = attached("catalogue.csv")
    return response


@listing.get("/fixity.jsonl")
def manifest() -> Response:
    """Tell mirrors what there is to copy, and by which address the pages are known."""
    archive = catalogue().archive
    response = _stream(mirrored.render_manifest(archive), LINES, archive.shows())
    if canonical():
        response.headers["Link"] = f'<{canonical()}{request.path}>; rel="canonical"'
    return response


@listing.get("/fixity.sha256")
def sums() -> Response:
    """List every file as `sha256sum --check` reads it."""
    archive = catalogue().archive
    content = mirrored.render_sums(mirrored.list_files(archive))
    return _stream(content, "text/plain; charset=utf-8", archive.shows())


def rows_of(
    archive: Archive, episodes: Iterable[Episode], shows: Iterable[Show], base_url: str
) -> Iterator[Row]:
    """Describe some episodes of some shows, in their order."""
    by_slug = {show.slug: show for show in shows}
    finished = cache(partial(holdings.finished, archive))
    for episode in episodes:
        is_there = episode.slug in finished(episode.show)
        status = status_of(archive, episode.key) if is_there else ""
        yield describe(by_slug[episode.show], episode, status, base_url)


def totals() -> mirrored.Totals:
    """Count what there is, once for each state of it."""
    archive = catalogue().archive
    with _one_at_a_time:
        return _count(archive, mirrored.name_state(archive, archive.shows()))


@lru_cache(maxsize=1)
def _count(archive: Archive, _state: str) -> mirrored.Totals:
    return mirrored.sum_up(archive)


def _stream(content: Iterator[str], content_type: str, shows: Sequence[Show]) -> Response:
    state = mirrored.name_state(catalogue().archive, shows)
    etag = hashlib.sha256(f"{state} {known_url()} {request.full_path}".encode()).hexdigest()
    return file_named(etag, content_type, lambda: content)


@discovery.get("/robots.txt")
def robots() -> Response:
    """Keep robots out of what is made when somebody asks, and show them the rest."""
    root = request.script_root
    lines = ["User-agent: *", f"Disallow: {root}/search", f"Disallow: {root}/download/"]
    if known_url():
        lines.append(f"Sitemap: {base_url()}/sitemap.xml")
    response = Response("\n".join([*lines, ""]), mimetype="text/plain")
    response.headers["Cache-Control"] = SITE_AGE
    return response


@discovery.get("/sitemap.xml")
def sitemap() -> Response:
    """List every page that stays."""
    if not catalogue().archive.folders():
        refuse_away()
    return file_of(render_sitemap(map(absolute, _pages())), "application/xml")


@discovery.get("/opensearch.xml")
def opensearch() -> Response:
    """Let a browser search here."""
    label, mail = gettext("Rechercher dans ce qui a été dit"), catalogue().imprint.mail
    content = render_opensearch(site_name(), label, base_url(), mail)
    return file_of(content, "application/opensearchdescription+xml", SITE_AGE)


@discovery.get("/manifest.webmanifest", endpoint="manifest")
def program() -> Response:
    """Let a telephone keep the site beside its programs."""
    drawing = url_for("static", filename="icon.svg")
    icons = [{"src": drawing, "sizes": "any", "type": "image/svg+xml"}]
    for size, purpose in ((192, "any"), (512, "any"), (512, "maskable")):
        drawn = {"src": url_for("pictures.icon", size=size), "type": "image/png"}
        icons.append({**drawn, "sizes": f"{size}x{size}", "purpose": purpose})
    home, scheme = url_for("pages.home"), catalogue().imprint.colors.by_day
    content = {"name": site_name(), "start_url": home, "scope": home, "display": "minimal-ui"}
    look = {"background_color": scheme.background, "theme_color": scheme.accent, "icons": icons}
    return file_of(json.dumps(content | look), "application/manifest+json", SITE_AGE)


@discovery.get("/sw.js")
def worker() -> Response:
    """Answer for the network where it fails: a service worker, where it serves every page."""
    with current_app.open_resource("static/sw.js", "rt", encoding="utf-8") as file:
        content = f"const light = new Set({json.dumps(LIGHT)});\n{file.read()}"
    return Response(content, content_type="text/javascript; charset=utf-8")


def _pages() -> Iterator[str]:
    archive = catalogue().archive
    yield url_for("pages.home", lang=None)
    yield url_for("pages.catalogue_page", lang=None)
    yield from (url_for("pages.words", name=n, lang=None) for n in WORDS)
    yield url_for("pages.integrity", lang=None)
    yield url_for("subscribing.subscribe", lang=None)
    for each in archive.shows():
        yield url_for("pages.show", show=each.slug, lang=None)
        yield url_for("subscribing.subscribe_to_show", show=each.slug, lang=None)
    listed = (each for each in holdings.episodes(archive) if not each.protection.noindex)
    yield from (episode_address(each.key) for each in listed)
    with warned():  # the index, or what keepers say of themes, may be unreadable
        for count in catalogue().index.dossiers.subjects():
            room, slug = ROOMS[count.subject.kind], count.subject.slug
            yield url_for("dossiers.dossier", room=room, slug=slug, lang=None)
