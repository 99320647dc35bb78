"""Doors to slow work: a few requests go in, some wait, the others are told to come back. Each view
that reads more than one file has a door, shared with views that take as long; a streamed answer
keeps its place until its end. All doors hold fewer than the threads of `web.listening`."""

import contextlib
import functools
import threading
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Any

from flask import Flask, Response, make_response
from werkzeug.exceptions import ServiceUnavailable

from radio.web.gate import is_known

View = Callable[..., Any]

WAIT = 10.0  # seconds at a door, at most
BEGUN = 2  # pieces of an answer that are there before it is sent: of a table, its head and a row

LISTS = (  # views that read everything, or whole texts for a book
    *("finding.table", "finding.playlist", "finding.titled_playlist", "downloads.archive"),
    *("listing.table", "listing.manifest", "listing.sums", "pages.integrity"),
    *("discovery.sitemap", "pages.catalogue_page", "dossiers.table", "books.epub"),
    *("books.selection_epub", "books.selection_sheets"),
)

PAGES = (  # what listeners read, of one show or episode: nothing slower holds it up
    *("pages.home", "pages.show", "pages.episode", "pages.share", "subscribing.subscribe"),
    *("files.transcript", "files.translation", "files.sidecar", "files.picture"),
    *("files.listening_copy", "feeds.chapters", "mending.form"),
    *("sharing.citation", "sharing.embed", "sharing.oembed", "sharing.snippets"),
)

MADE = (  # views that make sound or pictures
    *("files.clip", "pictures.card", "pictures.show_cover", "pictures.episode_cover"),
    *("downloads.tagged", "downloads.music_free"),
)

CHEAP = (  # views that read a file or none: no door
    *("static", "healthz", "pages.words", "files.media", "imprint.picture", "imprint.colors"),
    *("discovery.robots", "discovery.opensearch", "discovery.manifest", "discovery.worker"),
    *("api.openapi", "pictures.icon", "subscribing.subscribe_to_show", "counting.begun"),
    "sharing.plugin",
)


class Door:
    """Lets a few requests in at a time, to answer the others meanwhile."""

    def __init__(self, places: int, waiting: int = 0, seconds: float = WAIT):
        self._inside = threading.BoundedSemaphore(places)
        self._places = threading.BoundedSemaphore(places + waiting)
        self._seconds = seconds

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """Hold a place, or wait for one. Raises ServiceUnavailable if that takes too long."""
        with contextlib.ExitStack() as held:
            for places, seconds in ((self._places, 0.0), (self._inside, self._seconds)):
                if not places.acquire(timeout=seconds):
                    raise ServiceUnavailable
                held.callback(places.release)
            yield


def hang_doors(app: Flask) -> None:
    """Give the views of a site their doors: of its threads some always stay free."""
    pages, made, lists, others = Door(3, 11), Door(2, 18), Door(2, 4), Door(2, 8)
    known, strangers = Door(2, 6), Door(1, 7)  # who guesses passwords keeps nobody else waiting
    doors = dict.fromkeys(PAGES, pages) | dict.fromkeys(MADE, made) | dict.fromkeys(LISTS, lists)
    for name, view in app.view_functions.items():
        if name.startswith("desk."):
            app.view_functions[name] = _behind(known, view, strangers)
        elif name not in CHEAP:
            app.view_functions[name] = _behind(doors.get(name, others), view)


def _behind(door: Door, view: View, strangers: Door | None = None) -> View:
    """Put a view behind a door, or for those whom the desk does not know behind another."""

    @functools.wraps(view)
    def guarded(**values: object) -> Response:
        with contextlib.ExitStack() as place:
            chosen = door if strangers is None or is_known() else strangers
            place.enter_context(chosen.entered())
            response = make_response(view(**values))
            if response.is_streamed and not response.direct_passthrough:
                pieces: Iterator[Any] = iter(response.response)
                begun = [*islice(pieces, BEGUN)]  # what goes wrong here is still told as an error
                if close := getattr(pieces, "close", None):
                    place.callback(close)
                response.response = chain(begun, pieces)
                response.call_on_close(place.pop_all().close)
            return response

    return guarded
