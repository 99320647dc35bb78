"""A selection to take away: the passages of a page of results, as an EPUB or as sheets to print."""

import io
from dataclasses import replace

from flask import Blueprint, Response, make_response, render_template, url_for
from markupsafe import Markup

from radio.archive.slugs import slugify
from radio.books.epub import MIME, write_epub
from radio.books.gathering import FoundPassages, book_of_selection, note_of, parts_of
from radio.books.words import Words, words_of
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
    book = book_of_selection(catalogue().archive, _selected())
    packed = io.BytesIO()
    write_epub(book, book.words.is_text, packed)
    response = Response(packed.getvalue(), content_type=MIME)
    name = slugify(without_filters(read_query())) or "passages"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.epub"'
    return as_file(response, "no-store")


@selections.get("/search/sheets")
def sheets() -> Response:
    """Lay out the same for paper: A5, with a code that opens each passage at its second."""
    told = words_of(language.current())
    page = render_template(
        "sheets.html",
        selection=_selected(told),
        query=read_query(),
        words=told,
        back=_address(),
        drawn=lambda address: Markup(qr(address)),  # noqa: S704 (drawn from an address)
    )
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    return response


def _selected(words: Words | None = None) -> FoundPassages:
    """Read the passages of the page, told in some words, or in the language of what is said.

    Raises NotFoundError where no words are said.
    """
    query, options = read_query(), replace(read_options(), most=FIRST)
    results = find(query, options)
    found = _seconds(results) if results else {}
    parts = tuple(parts_of(catalogue().archive, found, known_url()))
    if results is None or not parts:
        raise NotFoundError(f"{query}: no passage to take away")
    words = words or words_of(parts[0].show.language_of(parts[0].episode))
    return FoundPassages(
        query=query,
        title=words.found.format(words=without_filters(query) or query),
        subtitle=site_name(),
        note=note_of(words, found, results.total),
        parts=parts,
        address=absolute(_address(lang=None)) if known_url() else "",
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
