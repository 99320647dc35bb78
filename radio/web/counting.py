"""Counts how often episodes are opened and heard, where RADIO_COUNT is `on`: by day and episode,
of nobody (`archive.audience`). What is new is held in memory, and written some minutes later
beside all answers; a crash costs these minutes. Robots, who is signed in, and who asks not to be
followed are not counted."""

import atexit
import contextlib
import logging
import os
import re
import threading
from collections import Counter
from datetime import date

from flask import Blueprint, Flask, Response, current_app, request, url_for
from werkzeug.exceptions import Forbidden, NotFound

from radio.archive import Archive, audience
from radio.archive.audience import Event
from radio.archive.episode import Episode
from radio.system.errors import BusyError, RadioError
from radio.web.context import catalogue
from radio.web.gate import COOKIE

counting = Blueprint("counting", __name__)
log = logging.getLogger(__name__)

SWITCH = "RADIO_COUNT"
EVERY = 300.0  # seconds after which what is new is written
PROBE = 64 << 10  # bytes: who asks for no more only looks what it is
ROBOT = re.compile(r"(?<!cu)bot|crawl|spider|slurp|preview|scan|monitor|radio-", re.IGNORECASE)
COUNTED: dict[str, Event] = {  # what answers, by its endpoint
    "pages.episode": "page",
    "counting.begun": "play",
    "files.media": "file",
    "files.listening_copy": "file",
    "downloads.tagged": "file",
    "downloads.music_free": "file",
}
# answers that count; a page that a browser still has is opened, too
GIVEN: dict[Event, tuple[int, ...]] = {"page": (200, 304), "play": (204,), "file": (200, 206)}


class Tally:
    """What was counted and is not written yet."""

    def __init__(self, archive: Archive):
        self._archive, self._lock = archive, threading.Lock()
        self._new = Counter[tuple[str, str, Event]]()  # by key, day and event
        self._timer: threading.Timer | None = None

    def add(self, key: str, event: Event) -> None:
        """Count one."""
        with self._lock:
            self._new[key, date.today().isoformat(), event] += 1
            self._wait()

    def write(self) -> None:
        """Write what is new; what can't be written waits."""
        with self._lock:
            new, self._new, self._timer = self._new, Counter(), None
        try:
            for key in sorted({key for key, _day, _event in new}):
                own = {(day, event): n for (each, day, event), n in new.items() if each == key}
                audience.add(self._archive, key, own)
                for day, event in own:
                    del new[key, day, event]
        except (RadioError, OSError) as error:
            if not isinstance(error, BusyError):
                log.warning("%s", error)
        if new:
            with self._lock:
                self._new.update(new)
                self._wait()

    def _wait(self) -> None:
        if self._timer is None:
            self._timer = threading.Timer(EVERY, self.write)
            self._timer.daemon = True
            self._timer.start()


def begin(app: Flask, archive: Archive) -> None:
    """Let a site count; what is new is written at its end, too."""
    tally = app.extensions["tally"] = Tally(archive)
    app.register_blueprint(counting)
    app.after_request(_count)
    atexit.register(tally.write)


def is_on() -> bool:
    """Whether whoever runs this site asked for it."""
    return os.environ.get(SWITCH, "").strip() == "on" and not current_app.config["FROZEN"]


def _is_counted(show: str) -> bool:
    return is_on() and not catalogue().archive.show(show).uncounted


def told_at(episode: Episode) -> str:
    """Give where the player of an episode tells that it was begun; nothing where none is counted:
    from what a browser asks for, nobody knows whether somebody listens."""
    if not _is_counted(episode.show):
        return ""
    return url_for("counting.begun", show=episode.show, slug=episode.slug)


@counting.post("/heard/<show>/<slug>")
def begun(show: str, slug: str) -> Response:
    """Take note that a player began, on a page of this site."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        raise Forbidden
    if not _is_counted(catalogue().episode(f"{show}/{slug}").show):
        raise NotFound
    return Response(status=204)


def _count(response: Response) -> Response:
    """Count an answer, if it is one of those that count."""
    event = COUNTED.get(request.endpoint or "")
    if event and is_on() and response.status_code in GIVEN[event] and _is_somebody(event):
        values = request.view_args or {}
        with contextlib.suppress(RadioError):
            if _is_counted(values["show"]):
                tally: Tally = current_app.extensions["tally"]
                tally.add(f"{values['show']}/{values['slug']}", event)
    return response


def _is_somebody(event: Event) -> bool:
    headers = request.headers
    asks_not = "1" in (headers.get("DNT"), headers.get("Sec-GPC"))
    early = headers.get("Sec-Purpose", headers.get("Purpose", "")).startswith("prefetch")
    robot = ROBOT.search(headers.get("User-Agent", "")) or COOKIE in request.cookies
    method = "POST" if event == "play" else "GET"
    is_told = not (event == "file" and _is_by_player()) and _is_from_start()
    return request.method == method and is_told and not (asks_not or early or robot)


def _is_by_player() -> bool:
    """Whether the player of a page asks, which it does before anybody listens; so browsers say,
    also where the script that finds kept episodes asks for it."""
    is_kept = request.endpoint not in ("files.media", "files.listening_copy")
    is_of_page = request.headers.get("Sec-Fetch-Mode") == "no-cors"
    return is_of_page and not is_kept and request.args.get("download") != "1"


def _is_from_start() -> bool:
    """Whether the beginning is asked for, and not only to look at it."""
    if (asked := request.range) is None or not asked.ranges:
        return True
    start, stop = asked.ranges[0]
    return start == 0 and (stop is None or stop > PROBE)
