"""What browsers and search engines ask for: robots, sitemap, OpenSearch, manifest, worker."""

import json
import logging
from collections.abc import Iterator, Sequence

from flask import Blueprint, Response, current_app, request, url_for
from flask_babel import gettext

from radio.archive import holdings
from radio.archive.dossier import Count
from radio.formats.opensearch import render_opensearch, render_sitemap
from radio.french.letters import fold
from radio.search.french import ELIDED, FUNCTION_WORDS
from radio.system.errors import RadioError
from radio.web.addresses import absolute, base_url, episode_address, known_url
from radio.web.context import catalogue, site_name
from radio.web.forwarding import refuse_away
from radio.web.headers import SITE_AGE, as_file
from radio.web.views.dossiers import ROOMS

discovery = Blueprint("discovery", __name__)
log = logging.getLogger(__name__)

LIGHT = sorted({*ELIDED, *map(fold, FUNCTION_WORDS)})
WORDS = ("help", "about", "privacy", "legal", "accessibility")  # pages that explain


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
    content = render_sitemap(map(absolute, _pages()))
    return as_file(Response(content, content_type="application/xml"))


@discovery.get("/opensearch.xml")
def opensearch() -> Response:
    """Let a browser search here."""
    content = render_opensearch(
        site_name(),
        gettext("Rechercher dans ce qui a été dit"),
        base_url(),
        catalogue().imprint.mail,
    )
    return as_file(
        Response(content, content_type="application/opensearchdescription+xml"), SITE_AGE
    )


@discovery.get("/manifest.webmanifest")
def manifest() -> Response:
    """Let a telephone keep the site beside its programs."""
    drawing = url_for("static", filename="icon.svg")
    icons = [{"src": drawing, "sizes": "any", "type": "image/svg+xml"}]
    for size, purpose in ((192, "any"), (512, "any"), (512, "maskable")):
        source = url_for("pictures.icon", size=size)
        sizes = f"{size}x{size}"
        icons.append({"src": source, "sizes": sizes, "type": "image/png", "purpose": purpose})
    scheme = catalogue().imprint.colors.by_day
    content = {
        "name": site_name(),
        "start_url": url_for("pages.home"),
        "scope": url_for("pages.home"),
        "display": "minimal-ui",
        "background_color": scheme.background,
        "theme_color": scheme.accent,
        "icons": icons,
    }
    return as_file(
        Response(json.dumps(content), content_type="application/manifest+json"), SITE_AGE
    )


@discovery.get("/sw.js")
def worker() -> Response:
    """Answer for the network where it fails: a service worker, where it serves every page."""
    with current_app.open_resource("static/sw.js", "rt", encoding="utf-8") as file:
        content = f"const light = new Set({json.dumps(LIGHT)});\n{file.read()}"
    response = Response(content, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _pages() -> Iterator[str]:
    archive = catalogue().archive
    yield url_for("pages.home", lang=None)
    yield url_for("pages.catalogue_page", lang=None)
    yield from (url_for("pages.words", name=n, lang=None) for n in WORDS)
    yield url_for("pages.integrity", lang=None)
    yield url_for("subscribing.all_shows", lang=None)
    for each in archive.shows():
        yield url_for("pages.show", show=each.slug, lang=None)
        yield url_for("subscribing.show", show=each.slug, lang=None)
    listed = (each for each in holdings.episodes(archive) if not each.protection.noindex)
    yield from (episode_address(each.key) for each in listed)
    yield url_for("dossiers.themes", lang=None)
    for count in _dossiers():
        room, slug = ROOMS[count.subject.kind], count.subject.slug
        yield url_for("dossiers.dossier", room=room, slug=slug, lang=None)


def _dossiers() -> Sequence[Count]:
    """List the dossiers; none while the index, or what keepers say of themes, can't be read."""
    try:
        return catalogue().index.dossiers.subjects()
    except RadioError as error:
        log.warning("%s", error)
        return ()
