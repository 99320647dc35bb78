"""The pages: home, a show, an episode, a search."""

import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from flask import Blueprint, Response, make_response, render_template, request

from radio.archive import Archive, Stamp
from radio.episode import Episode
from radio.errors import NotFoundError, TranscriptError
from radio.search import Results
from radio.transcript import Cue, Transcript, paragraphs
from radio.web.catalogue import catalogue

pages = Blueprint("pages", __name__)
log = logging.getLogger(__name__)

LATEST = 12
QUERY_LENGTH = 200
LAST_PAGE = 1000
TICK = 0.001  # seconds; times in addresses are in thousandths


@dataclass(frozen=True)
class Line:
    """A cue on the page, with its number in the transcript."""

    number: int
    cue: Cue


@dataclass(frozen=True)
class Reading:
    """A transcript as it is read: paragraphs, and the cue at which the page opens."""

    note: Mapping[str, str]
    paragraphs: Sequence[Sequence[Line]]
    opened: int | None  # number of the cue, from 1


UNREADABLE = Reading({"status": "unreadable"}, (), None)


@pages.get("/")
def home() -> str:
    """Search first, then what is new, then the shows."""
    archive = catalogue().archive
    latest = archive.public_episodes()[:LATEST]
    return render_template("home.html", episodes=latest, shows=archive.shows())


@pages.get("/shows/<show>/")
def show(show: str) -> str:
    """List the episodes of a show, the newest first."""
    archive = catalogue().archive
    found = archive.show(show)
    return render_template("show.html", show=found, episodes=archive.public_episodes(show))


@pages.get("/shows/<show>/<slug>")
def episode(show: str, slug: str) -> str:
    """Play an episode, from `?t=` seconds on, and give all that is said in it to read."""
    found = catalogue().episode(f"{show}/{slug}")
    second = read_second(request.args.get("t", ""), found.audio.duration)
    return render_template(
        "episode.html",
        show=catalogue().archive.show(show),
        episode=found,
        second=second,
        reading=_reading(found, second),
        evidence=catalogue().archive.evidence_path(found.key).is_file(),
    )


@pages.get("/search")
def search() -> Response:
    """List the passages that hold some words, by episode."""
    shows = catalogue().archive.shows()
    query = " ".join(request.args.get("q", "").split())[:QUERY_LENGTH]
    within = request.args.get("show", "")
    within = within if within in {each.slug for each in shows} else ""
    results = _find(query, within)
    response = make_response(
        render_template(
            "search.html",
            query=query,
            within=within,
            results=results,
            shows=shows,
            names={each.slug: each.title for each in shows},
        )
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def read_second(text: str, duration: float) -> float | None:
    """Read `?t=`; None where it is no time of the episode.

    >>> read_second("754", 3600), read_second("2.5", 3600)
    (754.0, 2.5)
    >>> read_second("nan", 3600), read_second("-1", 3600), read_second("7e9", 3600)
    (None, None, None)
    """
    try:
        second = float(text)
    except ValueError:
        return None
    return second if math.isfinite(second) and 0 <= second < duration else None


def write_second(second: float) -> str:
    """Write a time for `?t=`.

    >>> write_second(754.0), write_second(2.5), write_second(0.1 + 0.2)
    ('754', '2.5', '0.3')
    """
    return f"{second:.3f}".rstrip("0").rstrip(".")


def _find(query: str, within: str) -> Results | None:
    if not query:
        return None
    page = request.args.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    found = catalogue().index.search(
        query, show=within or None, page=min(max(number, 1), LAST_PAGE)
    )
    if found.total and not found.episodes:
        raise NotFoundError(f"page {number}: the search has fewer")
    # A withdrawal counts at once, whenever the index hears of it.
    return replace(found, episodes=tuple(e for e in found.episodes if catalogue().is_public(e.key)))


def _reading(episode: Episode, second: float | None) -> Reading | None:
    """Lay a transcript out; one that a person's editing broke is no reason to hide the audio."""
    archive = catalogue().archive
    try:
        said = _said(archive, episode.key, archive.stamps(episode.key)[1])
    except TranscriptError as error:
        log.warning("%s", error)
        return UNREADABLE
    if said is None:
        return None
    return Reading(said.note, _lines(said), _opened(said.cues, second))


@lru_cache(maxsize=64)
def _said(archive: Archive, key: str, _state: Stamp) -> Transcript | None:
    """Read a transcript once for each state of its file: two hours take 60 ms to parse."""
    return archive.transcript(key)


def _lines(said: Transcript) -> list[list[Line]]:
    numbers = iter(range(1, len(said.cues) + 1))
    return [[Line(next(numbers), cue) for cue in group] for group in paragraphs(said.cues)]


def _opened(cues: Sequence[Cue], second: float | None) -> int | None:
    """Find the cue that is said at a time, or the last before it."""
    if second is None or not cues:
        return None
    return max(1, sum(cue.start <= second + TICK for cue in cues))
