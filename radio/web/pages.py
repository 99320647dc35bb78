"""The pages: home, catalogue, a show, an episode, and those that explain."""

import json
import logging
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import Blueprint, render_template, request
from markupsafe import Markup

from radio.archive import Archive
from radio.disk import Stamp, stamp
from radio.episode import Episode, slugify
from radio.errors import ArchiveError, SearchError, TranscriptError
from radio.publish.linked import describe
from radio.search import EpisodeHits
from radio.transcribe.checkpoint import headway
from radio.transcript import Cue, Region, Transcript, paragraphs
from radio.web.addresses import base_url, read_second
from radio.web.catalogue import catalogue
from radio.web.sharing import TICK, cite, frame

pages = Blueprint("pages", __name__)
log = logging.getLogger(__name__)

LATEST = 12
MUSIC = 5.0  # seconds from which on music is worth a line


@dataclass(frozen=True)
class Line:
    """A cue on the page, with its number in the transcript."""

    number: int
    cue: Cue


@dataclass(frozen=True)
class Part:
    """A paragraph, or the music between two."""

    lines: Sequence[Line] = ()
    music: Region | None = None


@dataclass(frozen=True)
class Reading:
    """A transcript as it is read: its parts, and the cue at which the page opens."""

    note: Mapping[str, str]
    parts: Sequence[Part]
    opened: int | None  # number of the cue, from 1
    cues: tuple[Cue, ...] = ()


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


@pages.get("/catalogue")
def catalogue_page() -> str:
    """List all that there is by show, year, person and tag, with how many episodes of each."""
    archive = catalogue().archive
    episodes = archive.public_episodes()
    years = Counter(each.date.year for each in episodes)
    people = Counter(name for each in episodes for name in {p.name for p in each.people})
    tags = Counter(tag for each in episodes for tag in set(each.tags))
    shows = Counter(each.show for each in episodes)
    return render_template(
        "catalogue.html",
        shows=[(show, shows[show.slug]) for show in archive.shows()],
        years=sorted(years.items(), reverse=True),
        people=sorted(people.items(), key=lambda pair: slugify(pair[0])),
        tags=sorted(tags.items(), key=lambda pair: slugify(pair[0])),
    )


@pages.get("/<any(help, about, privacy, kept):name>")
def words(name: str) -> str:
    """Explain: how to use the site, what it is, what is kept of a visit (nothing unless asked)."""
    return render_template(f"{name}.html", shows=catalogue().archive.shows())


@pages.get("/shows/<show>/<slug>")
def episode(show: str, slug: str) -> str:
    """Play an episode, from `?t=` seconds on, and give all that is said in it to read."""
    archive, found = catalogue().archive, catalogue().episode(f"{show}/{slug}")
    second = read_second(request.args.get("t", ""), found.audio.duration)
    reading = _reading(found, second)
    return render_template(
        "episode.html",
        show=archive.show(show),
        episode=found,
        second=second,
        reading=reading,
        headway=headway(archive, found.key, found.audio.duration),
        evidence=archive.evidence_path(found.key).is_file(),
        related=_related(found.key),
        neighbours=_neighbours(found),
        citation=cite(archive.show(show), found, second, reading.cues if reading else ()),
        frame=frame(found, second),
        linked=_linked(found, reading is not None),
        english=archive.translation_path(found.key).is_file(),
    )


def _linked(episode: Episode, transcribed: bool) -> Markup:
    """Describe an episode for machines, as JSON that no tag of HTML can end."""
    show = catalogue().archive.show(episode.show)
    described = describe(show, episode, base_url(), transcribed)
    return Markup(json.dumps(described, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704


def _neighbours(episode: Episode) -> tuple[Episode | None, Episode | None]:
    """Give the episode of the show before this one, and the one after it."""
    episodes = [None, *reversed(catalogue().archive.public_episodes(episode.show)), None]
    place = next(i for i, each in enumerate(episodes) if each and each.slug == episode.slug)
    return episodes[place - 1], episodes[place + 1]


def _related(key: str) -> tuple[EpisodeHits, ...]:
    """Find what speaks of the same things; a search that fails is no reason to hide an episode."""
    try:
        return catalogue().index.related(key)
    except SearchError as error:
        log.warning("%s", error)
        return ()


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
    music = _music(archive, episode.key, stamp(archive.evidence_path(episode.key)))
    return Reading(said.note, list(_parts(said.cues, music)), _opened(said.cues, second), said.cues)


@lru_cache(maxsize=64)
def _said(archive: Archive, key: str, _state: Stamp) -> Transcript | None:
    """Read a transcript once for each state of its file: two hours take 60 ms to parse."""
    return archive.transcript(key)


@lru_cache(maxsize=64)
def _music(archive: Archive, key: str, _state: Stamp) -> tuple[Region, ...]:
    """Read once where music plays; evidence that can't be read costs its marks alone."""
    try:
        evidence = archive.evidence(key)
    except ArchiveError as error:
        log.warning("%s", error)
        return ()
    regions = evidence.regions if evidence else ()
    return tuple(
        each for each in regions if each.kind == "music" and each.end - each.start >= MUSIC
    )


def _parts(cues: Sequence[Cue], music: Sequence[Region]) -> Iterator[Part]:
    """Lay out paragraphs, none across music."""
    first = 0
    for region in music:
        middle = (region.start + region.end) / 2
        last = bisect_left(cues, middle, lo=first, key=lambda cue: cue.start)
        yield from _paragraphs(cues[first:last], first + 1)
        yield Part(music=region)
        first = last
    yield from _paragraphs(cues[first:], first + 1)


def _paragraphs(cues: Sequence[Cue], number: int) -> Iterator[Part]:
    """Group cues, of which the first has that number in the transcript."""
    lines = (Line(*numbered) for numbered in enumerate(cues, number))
    for group in paragraphs(cues):
        yield Part([next(lines) for _ in group])


def _opened(cues: Sequence[Cue], second: float | None) -> int | None:
    """Find the cue that is said at a time, or the last before it."""
    if second is None or not cues:
        return None
    return max(1, sum(cue.start <= second + TICK for cue in cues))
