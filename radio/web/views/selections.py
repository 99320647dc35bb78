"""A selection to take away: the passages of a page of results, as an EPUB or as sheets to print."""

import io
from dataclasses import replace

from flask import Blueprint, Response, make_response, render_template, url_for
from markupsafe import Markup

from radio.archive.slugs import slugify
from radio.books.book import Book, anthology
from radio.books.epub import MIME, write_epub
from radio.books.excerpts import note_of_search, parts_of, title_of_search
from radio.books.pages import license_in_words
from radio.french.words import Words, words_of
from radio.pictures import qr
from radio.search import Results
from radio.search.syntax import without_filters
from radio.system.errors import NotFoundError
from radio.web import language
from radio.web.addresses import absolute, known_url
from radio.web.context import catalogue, site_name
from radio.web.headers import as_file
from radio.web.views.search import FIRST, find, read_options, read_query

selections = Blueprint("selections", __name__)


@selections.get("/search.epub")
def epub() -> Response:
    """Give the passages of a page of results as a book whose times lead to their seconds."""
    packed = io.BytesIO()
    write_epub(_selected(), packed)
    response = Response(packed.getvalue(), content_type=MIME)
    name = slugify(without_filters(read_query())) or "passages"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.epub"'
    return as_file(response, "no-store")


@selections.get("/search/sheets")
def sheets() -> Response:
    """Set out the same for paper: A5, with a code that opens each passage at its second."""
    told = words_of(language.current())
    page = render_template(
        "sheets.html",
        selection=_selected(told),
        query=read_query(),
        licensed=lambda terms: license_in_words(terms, told),
        back=_address(),
        drawn=lambda address: Markup(qr(address)),  # noqa: S704 (drawn from an address)
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _selected(words: Words | None = None) -> Book:
    """Read the passages of the page, told in some words, or in the language of what is said.

    Raises NotFoundError where no words are said.
    """
    query, options = read_query(), replace(read_options(), most=FIRST)
    results = find(query, options)
    found = _seconds(results) if results else {}
    parts = list(parts_of(catalogue().archive, found, known_url()))
    if results is None or not parts:
        raise NotFoundError(f"{query}: no passage to take away")
    words = words or words_of(parts[0].language)
    title = title_of_search(words, without_filters(query) or query)
    name = f"selection {query} {sorted({each.episode.key for each in parts})}"
    return replace(
        anthology(catalogue().archive, title, site_name(), parts, name),
        address=absolute(_address(lang=None)) if known_url() else "",
        note=note_of_search(words, found, results.total),
    )


def _seconds(results: Results) -> dict[str, list[float]]:
    """Tell when each episode of the results says what was asked for."""
    return {
        each.key: sorted(hit.start for hit in each.hits) for each in results.episodes if each.hits
    }


def _address(**values: None) -> str:
    """Name the page of results; `lang=None` leaves the language of the visitor out of it."""
    options = read_options()
    return url_for(
        "finding.search",
        q=read_query(),
        show=options.show,
        sort=options.order if options.order != "best" else None,
        page=options.page if options.page > 1 else None,
        **values,
    )
