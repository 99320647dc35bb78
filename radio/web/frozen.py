"""The site without a server: its addresses lead from file to file."""

import posixpath
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import quote, urlencode

from flask import Flask, render_template, request

from radio.archive import Archive
from radio.derived.covers import given
from radio.search import Index
from radio.web.context import catalogue
from radio.web.site import create_app

PLACES = {
    "pages.home": "index.html",
    "pages.catalogue_page": "catalogue.html",
    "pages.words": "{name}.html",
    "pages.show": "shows/{show}/index.html",
    "pages.episode": "shows/{show}/{slug}.html",
    "finding.search": "search.html",
    "dossiers.named": "{room}/index.html",
    "dossiers.dossier": "{room}/{slug}/index.html",
    "dossiers.year": "{room}/{slug}/{year}.html",
    "dossiers.numbered_year": "{room}/{slug}/{year}-{number}.html",
    "files.media": "media/{show}/{slug}.{suffix}",
    "files.translation": "transcripts/{show}/{slug}.en.vtt",
    "books.sheets": "books/shows/{show}/{slug}.pdf",
    "books.dossier": "books/{room}/{slug}.{form}",
    "imprint.colors": "static/site.css",
    "static": "static/{filename}",
    "pictures.show_cover": "covers/{show}-{size}.png",
    "pictures.episode_cover": "covers/{show}/{slug}-{size}.png",
}
STORED = {"vtt", "json"}  # forms of a transcript that the archive holds


class Frozen(Flask):
    """A site whose addresses lead from file to file."""

    def url_for(self, endpoint: str, *, _anchor: str | None = None, **values: Any) -> str:
        """Give the way from the page that is being made to another file."""
        self.inject_url_defaults(endpoint, values)
        there = posixpath.relpath(_place(endpoint, values), posixpath.dirname(_asked_place()))
        query = urlencode({name: values[name] for name in ("q", "sort", "v") if values.get(name)})
        way = quote(there)
        return f"{way}?{query}" if query else way


def _place(endpoint: str, values: Mapping[str, Any]) -> str:
    if endpoint == "files.transcript":
        folder = "transcripts" if values["form"] in STORED else "texts"
        return f"{folder}/{values['show']}/{values['slug']}.{values['form']}"
    if endpoint.startswith("pictures.") and not values["size"]:  # one that was given as it is
        archive, show, slug = catalogue().archive, values["show"], values.get("slug")
        path = given(archive, archive.episode(f"{show}/{slug}") if slug else archive.show(show))
        assert path  # noqa: S101 (it has an address without a size)
        return str(path.relative_to(archive.root))
    if endpoint == "imprint.picture":
        return catalogue().imprint.pictures[values["name"]]
    return PLACES[endpoint].format(**values)


def _asked_place() -> str:
    return _place(request.endpoint or "", dict(request.view_args or {}))


def frozen_site(archive: Archive, books_url: str | None = None) -> Frozen:
    """Make the site with addresses of files; it links to books made for a site of `books_url`."""
    app = create_app(archive, Index(archive), kind=Frozen)
    app.config["BOOKS_URL"] = books_url
    return cast(Frozen, app)


def render(app: Frozen, address: str) -> tuple[str, bytes]:
    """Make the page of an address: the file that stands for it, and its content."""
    with app.test_request_context(address):
        content = app.make_response(app.dispatch_request()).get_data()
        return _asked_place(), content


def lead(app: Frozen, old: str, new: str, title: str) -> tuple[str, bytes]:
    """Make the page at an old address that leads to the new one."""
    with app.test_request_context(new):
        there = _asked_place()
    with app.test_request_context(old):
        here = _asked_place()
        way = quote(posixpath.relpath(there, posixpath.dirname(here)))
        return here, render_template("moved.html", address=way, title=title).encode()
