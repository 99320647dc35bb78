"""The books of a dossier that may be given: made beforehand, of nothing that went or changed."""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache

from flask import current_app

from radio.archive import Archive
from radio.archive.dossier import Subject
from radio.books.dossiers import DossierBooks, find_books, state_of, states_now
from radio.system.disk import stamp
from radio.web.addresses import known_url
from radio.web.context import catalogue

KEPT = 300  # dossiers


@dataclass(frozen=True)
class BookSizes:
    """The bytes of the books of a dossier; 0 while there is none."""

    epub: int = 0
    booklet: int = 0


def books_of(subject: Subject) -> DossierBooks:
    """Find the books of a dossier, after a look at each episode that they quote."""
    archive = catalogue().archive
    return find_books(archive, subject, known_url(), states_now(archive))


def sizes_of(subject: Subject) -> BookSizes:
    """Tell how large the books of a dossier are; a site as files may have none."""
    archive, url = catalogue().archive, current_app.config["BOOKS_URL"]
    if url is None or not (made := state_of(archive, subject)):
        return BookSizes()
    return _sizes(archive, subject, url, catalogue().index.dossiers.state(), made)


@lru_cache(maxsize=KEPT)
def _sizes(
    archive: Archive, subject: Subject, base_url: str, _state: Hashable, _made: Hashable
) -> BookSizes:
    found = find_books(archive, subject, base_url, states_now(archive))
    return BookSizes(*(stamp(each)[1] if each else 0 for each in (found.epub, found.booklet)))
