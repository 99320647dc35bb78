"""A book as a booklet to print: a PDF of A5 pages whose codes open the second (`pictures.qr`).

The only importer of weasyprint, an extra, which needs Pango of the system.
"""

import importlib.util
import logging
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import radio
from radio import pictures
from radio.books.book import Book
from radio.books.leaves import render_leaves
from radio.books.sheet import style
from radio.derived import covers
from radio.french.calendar import write_date
from radio.system.errors import ModelError, ReaderError
from radio.system.messages import _

log = logging.getLogger(__name__)

MIME = "application/pdf"
FORM = "pdf/ua-1"  # tagged, so that screen readers read it in its order


def is_installed() -> bool:
    """Whether booklets can be made here; nothing is imported."""
    return importlib.util.find_spec("weasyprint") is not None


def write_booklet(book: Book, path: Path) -> None:
    """Write a booklet.

    Raises ModelError if what makes PDF is not installed, or lacks Pango.
    """
    if not is_installed():
        raise ModelError(
            _("booklets need weasyprint; add it: `pip install 'radio-archive[books]'`")
        )
    try:
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import URLFetcher
    except OSError as error:  # a library of the system
        told = _("booklets need Pango ({error}); on Debian: `apt-get install libpangoft2-1.0-0`")
        raise ModelError(told.format(error=error)) from error
    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # not of each letter
    words = book.words
    printed = words.printed.format(
        program=f"radio-archive {radio.__version__}",
        site=book.parts[0].address.partition("://")[2].partition("/")[0]
        or book.parts[0].show.title,
        day=write_date(book.day_written, words.language),
    )
    leaves = render_leaves(_safe(book), style(pictures.FONTS), printed)
    page = ET.tostring(leaves, encoding="unicode", method="html")
    fetcher = URLFetcher(allowed_protocols=("data", "file"), allow_redirects=False)
    document = weasyprint.HTML(string=f"<!DOCTYPE html>{page}", url_fetcher=fetcher)
    identifier = book.identifier.encode()
    document.write_pdf(
        path,
        font_config=FontConfiguration(),
        pdf_variant=FORM,
        pdf_identifier=identifier,
    )


def _safe(book: Book) -> Book:
    """Draw a cover that came from elsewhere anew, in a child; else one that says the title.

    What makes PDF would read it in this process, and take drawings that name files of this machine.
    """
    if book.is_cover_titled:
        return book
    try:
        return replace(book, cover=("image/jpeg", covers.redrawn(book.cover[1])))
    except ReaderError as error:
        told = _("%s: its picture can't be read and is left out of the booklet")
        log.warning(told, book.title)
        log.debug("%s", error)
    drawn = pictures.cover(book.title, book.subtitle, book.identifier, covers.SIDE)
    return replace(book, cover=("image/png", drawn), is_cover_titled=True)
