"""Episodes to take away: an EPUB whose text follows the voice, made while it is sent; a booklet.

A booklet takes seconds to make, so it is given once `radio work` has made it (`books.cache`), and
so are both books of a dossier (`books.dossiers`).
"""

import io
import logging
from pathlib import Path

from flask import Blueprint, Response
from werkzeug.exceptions import Conflict

from radio.books import booklet
from radio.books.cache import find_booklet, find_plan, make_plan
from radio.books.epub import MIME
from radio.derived.chapters import chapters_of
from radio.formats.zips import open_zipped
from radio.system.disk import stamp
from radio.system.errors import NotFoundError, TranscriptError
from radio.web import ranges
from radio.web.addresses import known_url
from radio.web.context import catalogue
from radio.web.dossier_books import books_of
from radio.web.headers import as_file
from radio.web.views.dossiers import Room, find
from radio.web.views.files import attachment

books = Blueprint("books", __name__)
log = logging.getLogger(__name__)


@books.get("/download/<show>/<slug>.epub")
def epub(show: str, slug: str) -> Response:
    """Give all that is said in an episode as a book, with its sound where books can hold it."""
    archive, episode = catalogue().archive, catalogue().episode(f"{show}/{slug}")
    named = attachment(episode, "epub")
    file = find_plan(archive, episode, known_url())
    if file is None:
        try:
            file = make_plan(archive, episode, chapters_of(archive, episode), known_url())
        except TranscriptError as error:
            log.warning("%s", error)
            raise Conflict from error
    zipped = open_zipped(file, archive.root)
    response = ranges.respond(zipped, MIME, zipped.etag)
    as_file(response, "no-cache")
    response.headers["Content-Disposition"] = named
    return response


@books.get("/download/<show>/<slug>.pdf")
def sheets(show: str, slug: str) -> Response:
    """Give all that is said in an episode as a booklet to print, if it was made."""
    archive, episode = catalogue().archive, catalogue().episode(f"{show}/{slug}")
    path = find_booklet(archive, episode, known_url())
    if path is None:
        raise NotFoundError(f"{episode.key}: no booklet yet")
    named = attachment(episode, "pdf")
    response = _sent(path, booklet.MIME)
    response.headers["Content-Disposition"] = named
    return response


@books.get("/download/dossiers/<any(people, themes):room>/<slug>.epub")
def dossier_epub(room: Room, slug: str) -> Response:
    """Give what is said of somebody or something as a book, if it was made."""
    return _dossier(room, slug, "epub")


@books.get("/download/dossiers/<any(people, themes):room>/<slug>.pdf")
def dossier_sheets(room: Room, slug: str) -> Response:
    """Give the same as a booklet to print, if it was made."""
    return _dossier(room, slug, "pdf")


def _dossier(room: Room, slug: str, form: str) -> Response:
    found = books_of(find(room, slug))
    path, mime = (found.epub, MIME) if form == "epub" else (found.booklet, booklet.MIME)
    if path is None:
        raise NotFoundError(f"{room}/{slug}: no {form} yet")
    response = _sent(path, mime)
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.{form}"'
    return response


def _sent(path: Path, mime: str) -> Response:
    """Answer with a file that was made beforehand."""
    etag = f"{path.suffix[1:]}-{stamp(path)[0]}"
    return as_file(ranges.respond(io.FileIO(path), mime, etag), "no-cache")
