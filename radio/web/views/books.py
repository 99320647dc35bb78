"""Books: of an episode, a dossier, the passages of a page of results. EPUBs of episodes are made
while they are sent; booklets and books of dossiers by `radio work`."""

import io
import logging
from dataclasses import replace
from typing import Any, Literal

from flask import Blueprint, Response, make_response, render_template, url_for
from markupsafe import Markup
from werkzeug.exceptions import Conflict

from radio.archive.slugs import slugify
from radio.books import booklet
from radio.books.book import Book, anthology
from radio.books.cache import find_booklet, find_plan, make_plan
from radio.books.dossiers import find_books, states_now
from radio.books.epub import MIME, write_epub
from radio.books.excerpts import note_of_search, parts_of, title_of_search
from radio.books.pages import license_in_words
from radio.derived.chapters import chapters_of
from radio.formats.addresses import Room
from radio.formats.zips import open_zipped
from radio.pictures.drawing import qr
from radio.search.syntax import without_filters
from radio.system.errors import NotFoundError, TranscriptError
from radio.system.words import Words, words_of
from radio.web import language, ranges
from radio.web.addresses import absolute, known_url
from radio.web.context import catalogue, site_name
from radio.web.headers import as_file, attached, file_of
from radio.web.queries import read_options, read_query, sort_of
from radio.web.views.dossiers import find_subject
from radio.web.views.files import attachment
from radio.web.views.search import FIRST, find

books = Blueprint("books", __name__)
log = logging.getLogger(__name__)


@books.get("/download/<show>/<slug>.epub")
def epub(show: str, slug: str) -> Response:
    """Give all that is said in an episode as a book, with its sound where books can hold it."""
    archive, episode = catalogue().archive, catalogue().episode(f"{show}/{slug}")
    named = attachment(episode, "epub")
    try:
        file = find_plan(archive, episode, known_url())
        file = file or make_plan(archive, episode, chapters_of(archive, episode), known_url())
    except TranscriptError as error:
        log.warning("%s", error)
        raise Conflict from error
    zipped = open_zipped(file, archive.root)
    return as_file(ranges.respond(zipped, MIME, zipped.etag), "no-cache", named)


@books.get("/download/<show>/<slug>.pdf")
def sheets(show: str, slug: str) -> Response:
    """Give all that is said in an episode as a booklet to print, if it was made."""
    episode = catalogue().episode(f"{show}/{slug}")
    path = find_booklet(catalogue().archive, episode, known_url())
    return ranges.respond_made(path, booklet.MIME, attachment(episode, "pdf"))


@books.get("/download/dossiers/<any(people, themes, threads):room>/<slug>.<any(epub, pdf):form>")
def dossier(room: Room, slug: str, form: Literal["epub", "pdf"]) -> Response:
    """Give what is said of somebody or something as a book, or a booklet, if it was made."""
    archive, subject = catalogue().archive, find_subject(room, slug)
    found = find_books(archive, subject, known_url(), states_now(archive))
    mime = MIME if form == "epub" else booklet.MIME
    return ranges.respond_made(found.get(form), mime, attached(f"{slug}.{form}"))


@books.get("/search.epub")
def selection_epub() -> Response:
    """Give the passages of a page of results as a book whose times lead to their seconds."""
    packed = io.BytesIO()
    write_epub(_selected(), packed)
    name = slugify(without_filters(read_query())) or "passages"
    return file_of(packed.getvalue(), MIME, "no-store", attached(f"{name}.epub"))


@books.get("/search/sheets")
def selection_sheets() -> Response:
    """Set out the same for paper: A5, with a code that opens each passage at its second."""
    words = words_of(language.current())
    page = render_template(
        "sheets.html",
        selection=_selected(words),
        query=read_query(),
        licensed=lambda terms: license_in_words(terms, words),
        back=_results_address(),
        drawn=lambda address: Markup(qr(address)),  # noqa: S704 (drawn from an address)
    )
    return make_response(page, {"Cache-Control": "no-store"})


def _selected(words: Words | None = None) -> Book:
    """Read the passages of the page. Raises NotFoundError where no words are said."""
    query = read_query()
    results = find(query, replace(read_options(), most=FIRST))
    hits = {each.key: each.hits for each in results.episodes if each.hits} if results else {}
    found = {key: sorted(hit.start for hit in some) for key, some in hits.items()}
    parts = list(parts_of(catalogue().archive, found, known_url()))
    if results is None or not parts:
        raise NotFoundError(f"{query}: no passage to take away")
    words = words or words_of(parts[0].language)
    title = title_of_search(words, without_filters(query) or query)
    name = f"selection {query} {sorted({each.episode.key for each in parts})}"
    return replace(
        anthology(catalogue().archive, title, site_name(), parts, name),
        address=absolute(_results_address(lang=None)) if known_url() else "",
        note=note_of_search(words, found, results.total),
    )


def _results_address(**values: None) -> str:
    """Name the page of results; `lang=None` leaves the language of the visitor out of it."""
    options = read_options()
    page = options.page if options.page > 1 else None
    asked: dict[str, Any] = {"show": options.show, "sort": sort_of(options), "page": page}
    return url_for("finding.search", q=read_query(), **asked, **values)
