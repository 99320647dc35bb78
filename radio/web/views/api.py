"""The API as JSON: search, episodes, themes and people. `openapi.json` describes it."""

import dataclasses
import json
from datetime import date
from importlib import resources
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import Gone

from radio.archive import holdings
from radio.archive.dossier import Count, Mentions, Quotation
from radio.archive.episode import Episode
from radio.archive.standing import status_of
from radio.derived.chapters import chapters_of
from radio.derived.recipe import Kind
from radio.derived.soundness import gain, known_gain, known_quality
from radio.formats.markdown import render_html
from radio.search import Alternative, EpisodeHits, Near, PeriodChoice, Results, Snippet
from radio.search.sense.guesses import Guesses
from radio.system.connection.place import is_address
from radio.system.errors import NotFoundError, SearchError
from radio.web.addresses import absolute, episode_address, known_url, write_second
from radio.web.context import catalogue
from radio.web.forwarding import forwarded
from radio.web.headers import as_file
from radio.web.paging import leaves
from radio.web.views import dossiers
from radio.web.views.dossiers import ROOMS, Room
from radio.web.views.listing import rows_of
from radio.web.views.search import find, guess, read_options, read_query
from radio.work.status import Remainder, WorkStatus, is_running, read_status

api = Blueprint("api", __name__, url_prefix="/api/v1")

PAGE = 50  # episodes


@api.get("/search")
def search() -> Response:
    """Give the passages in which some words are said, by episode."""
    query, options = read_query(), read_options()
    try:
        results = find(query, options)
        guesses = guess(query, options, results)
    except NotFoundError:
        return answer({"error": "no such show"}, 404)
    except SearchError:
        return answer({"error": "the index can't be read for now"}, 503)
    content = _results(results or Results(query, 0, (), 1, 0))
    return answer({**content, "sense": guesses and _guesses(guesses)})


@api.get("/episodes")
def episodes() -> Response:
    """List what there is to hear, the newest first: `?show=`, `?year=`, `?page=`."""
    try:
        episodes = _list_episodes(request.args.get("show"), request.args.get("year"))
        page = int(request.args.get("page", "1"))
    except NotFoundError:
        return answer({"error": "no such show"}, 404)
    except ValueError:
        return answer({"error": "year and page are whole numbers"}, 400)
    pages = max(1, -(-len(episodes) // PAGE))
    if not 1 <= page <= pages:
        return answer({"error": f"there are {pages} pages"}, 404)
    archive = catalogue().archive
    part = episodes[(page - 1) * PAGE : page * PAGE]
    rows = rows_of(archive, part, archive.shows(), known_url())
    content = {"total": len(episodes), "page": page, "pages": pages, "next": _next(page, pages)}
    listed = [
        {**row, "gain": known_gain(archive, each)} for row, each in zip(rows, part, strict=True)
    ]
    return answer({**content, "episodes": listed})


@api.get("/episodes/<show>/<slug>")
def episode(show: str, slug: str) -> Response:
    """Give all fields of an episode."""
    archive = catalogue().archive
    try:
        episode = catalogue().episode(f"{show}/{slug}")
        (row,) = rows_of(archive, [episode], [archive.show(show)], known_url())
    except NotFoundError:  # nobody learns of what is to come
        return _elsewhere()
    except Gone as error:
        return _withdrawn(error)
    chapters = chapters_of(archive, episode)
    quality = known_quality(archive, episode)
    details = {
        "loudness": quality and quality.loudness,
        "peak": quality and quality.peak,
        "gain": quality and gain(quality),
        "description_html": render_html(episode.description),
        "replies": [
            dataclasses.asdict(each) | {"date": each.day} for each in episode.protection.replies
        ],
        "guid": episode.guid,
        "season": episode.season,
        "number": episode.number,
        "links": [dataclasses.asdict(each) for each in episode.links if is_address(each.url)],
        "playlist": list(episode.playlist),
        "rights": dataclasses.asdict(episode.rights),
        "soundbites": [dataclasses.asdict(each) for each in episode.soundbites],
        "chapters": [dataclasses.asdict(each) for each in chapters.parts],
        "chapters_proposed": chapters.proposed,
    }
    return answer(row | details)


def _elsewhere() -> Response:
    """Lead to the episode that was called so before, or say that there is none."""
    try:
        return forwarded() or answer({"error": "no such episode"}, 404)
    except Gone as error:
        return _withdrawn(error)


def _withdrawn(error: Gone) -> Response:
    return answer({"error": "withdrawn", "reason": error.description}, 410)


@api.get("/work")
def work() -> Response:
    """Tell what this machine has still to transcribe; of what is not public nothing is told."""
    runs = is_running(catalogue().archive)
    status = read_status(catalogue().archive) if runs else WorkStatus()
    kinds: tuple[Kind, ...] = ("transcribe", "improve")
    left = {
        kind: {"episodes": status.of(kind).public, "seconds": _seconds(status.of(kind))}
        for kind in kinds
    }
    return answer({"running": runs, "left": left})


def _seconds(left: Remainder) -> float | None:
    return left.public_work if left.public else None


@api.get("/openapi.json")
def openapi() -> Response:
    """Describe the API."""
    document = json.loads(resources.files("radio.web").joinpath("openapi.json").read_bytes())
    return answer({**document, "servers": [{"url": f"{known_url()}/api/v1"}]})


def _list_episodes(show: str | None, year: str | None) -> list[Episode]:
    """List what listeners may hear of a show and a year; of all where they are not given.

    Raises NotFoundError if there is no such show, ValueError if the year is no number.
    """
    archive = catalogue().archive
    slugs = {archive.show(show).slug} if show else {each.slug for each in archive.shows()}
    number = int(year) if year else None
    return [
        each
        for each in holdings.episodes(archive, show or None)
        if each.show in slugs and number in (None, each.date.year)
    ]


def _next(page: int, pages: int) -> str | None:
    """Give the address of the page that follows, whole where the site knows its own."""
    filters: dict[str, Any] = {
        name: request.args[name] for name in ("show", "year") if request.args.get(name)
    }
    address = url_for("api.episodes", **filters, page=page + 1)
    return (absolute(address) if known_url() else address) if page < pages else None


def _results(results: Results) -> dict[str, Any]:
    facets = {
        kind: [{"value": value, "episodes": number} for value, number in counts]
        for kind, counts in dataclasses.asdict(results.facets).items()
    }
    return {
        "query": results.query,
        "asked": results.interpretation.asked or None,
        "instead": results.instead or None,
        "without": list(results.interpretation.without),
        "french": results.interpretation.french or None,
        "near": _near(results.near),
        "beyond": results.beyond,
        "also": [_alternative(each, results.query) for each in results.interpretation.also],
        "as_typed": _as_typed(results) if results.interpretation else None,
        "periods": [_period(each) for each in results.periods],
        "total": results.total,
        "page": results.page,
        "pages": results.pages,
        "facets": facets,
        "episodes": [_episode(each, results.query) for each in results.episodes],
    }


def _guesses(guesses: Guesses) -> dict[str, Any]:
    passages = [
        {
            "key": each.key,
            "title": each.title,
            **_date(each.key, each.date),
            "start": round(each.start, 3),
            "url": episode_address(each.key, write_second(each.start), "t"),
            "text": each.text,
        }
        for each in guesses.passages
    ]
    return {"late": guesses.is_late, "passages": passages}


def _date(key: str, day: date) -> dict[str, str | bool]:
    """Give the date of an episode, whether it is sure and what of it is known."""
    episode = catalogue().archive.episode(key)
    return {
        "date": day.isoformat(),
        "date_sure": episode.date_sure,
        "date_precision": episode.date_precision,
    }


def _alternative(also: Alternative, query: str) -> dict[str, Any]:
    at = None if also.second is None else write_second(also.second)
    page = url_for("pages.show", show=also.show) if also.show else ""
    return {
        "text": also.text,
        "acronym": also.acronym,
        "words": also.words,
        "show": also.show or None,
        "episode": also.episode or None,
        "title": also.title,
        "start": at and float(at),
        "url": page or episode_address(also.episode, at, "t", query),
    }


def _period(choice: PeriodChoice) -> dict[str, Any]:
    return {
        "first": choice.first and choice.first.isoformat(),
        "last": choice.last and choice.last.isoformat(),
        "query": choice.query,
        "episodes": choice.episodes,
    }


def _near(near: Near) -> dict[str, Any]:
    episodes = [
        {"key": key, "title": title, "url": episode_address(key)} for key, title in near.episodes
    ]
    dossiers = [
        {
            "name": each.name,
            "kind": each.kind,
            "url": url_for("dossiers.dossier", room=ROOMS[each.kind], slug=each.slug),
        }
        for each in near.subjects
    ]
    named = {"people": list(near.people), "tags": list(near.tags), "dossiers": dossiers}
    return {**named, "episodes": episodes}


def _as_typed(results: Results) -> str:
    """Give the address of the same search with each word taken as it was typed."""
    parameters = {**request.args.to_dict(), "q": results.query, "exact": "1"}
    return f"{url_for('api.search')}?{urlencode(parameters)}"


def _episode(episode: EpisodeHits, query: str) -> dict[str, Any]:
    return {
        "key": episode.key,
        "show": episode.show,
        "title": episode.title,
        **_date(episode.key, episode.date),
        "url": episode_address(episode.key),
        "transcript": status_of(catalogue().archive, episode.key),
        "more": episode.more,
        "marked": [text for text, is_match in episode.heading if is_match],
        "told": [_quote(snippet) for snippet in episode.told],
        "passages": [
            {
                "start": round(hit.start, 3),
                "url": episode_address(episode.key, write_second(hit.start), "t", query),
                **_quote(hit.snippet),
            }
            for hit in episode.hits
        ],
    }


def _quote(snippet: Snippet) -> dict[str, Any]:
    return {
        "text": "".join(text for text, _ in snippet),
        "marked": [text for text, is_match in snippet if is_match],
    }


def answer(content: dict[str, Any], status: int = 200) -> Response:
    """Answer with a value as JSON."""
    text = json.dumps(content, ensure_ascii=False)
    response = Response(text, status, content_type="application/json")
    return as_file(response, "no-store")


@api.get("/themes")
def themes() -> Response:
    """List the people and themes, in the order of names."""
    counts = catalogue().index.dossiers.subjects()
    told: dict[str, Any] = {
        room: [_subject(each) for each in counts if each.subject.kind == kind]
        for kind, room in ROOMS.items()
    }
    return answer(told)


@api.get("/<any(people, themes):room>/<slug>")
def dossier(room: Room, slug: str) -> Response:
    """Give what is said of somebody or something, `?page=` by page."""
    try:
        subject = dossiers.find(room, slug)
        page = int(request.args.get("page", "1"))
    except NotFoundError:
        return answer({"error": "no such dossier"}, 404)
    except ValueError:
        return answer({"error": "page is a whole number"}, 400)
    asked = catalogue().index.dossiers
    lines = asked.outline(subject)
    every = leaves(lines)
    if not 1 <= page <= len(every):
        return answer({"error": f"there are {len(every)} pages"}, 404)
    entries = asked.dossier(subject, every[page - 1].lines).entries
    after = url_for("api.dossier", room=room, slug=slug, page=page + 1)
    content = {
        **_subject(Count(subject, len(lines))),
        "words": list(subject.words),
        "description": subject.description,
        "page": page,
        "pages": len(every),
        "next": _whole(after) if page < len(every) else None,
        "entries": [_entry(each) for each in entries],
    }
    return answer(content)


def _subject(count: Count) -> dict[str, Any]:
    subject = count.subject
    page = url_for("dossiers.dossier", room=ROOMS[subject.kind], slug=subject.slug, lang=None)
    return {
        "name": subject.name,
        "slug": subject.slug,
        "kind": subject.kind,
        "episodes": count.episodes,
        "url": _whole(page),
    }


def _entry(entry: Mentions) -> dict[str, Any]:
    episode = catalogue().archive.episode(entry.key)
    return {
        "key": entry.key,
        "show": episode.show,
        "title": episode.title,
        "date": entry.line.known_date or None,
        "url": _whole(episode_address(entry.key)),
        "transcript": status_of(catalogue().archive, entry.key),
        "named": entry.line.is_named,
        "sentences": [_sentence(each) for each in entry.sentences],
        "own": [_sentence(each) for each in entry.own],
    }


def _sentence(sentence: Quotation) -> dict[str, Any]:
    return {
        "start": round(sentence.start, 3),
        "end": round(sentence.end, 3),
        "text": sentence.text,
        "marked": [text for text, is_found in sentence.parts if is_found],
        "voice": sentence.voice or None,
        "url": _whole(episode_address(sentence.key, write_second(sentence.start), "t")),
    }


def _whole(address: str) -> str:
    return absolute(address) if known_url() else address
