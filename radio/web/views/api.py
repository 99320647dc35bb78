"""The API as JSON: search, episodes, themes, people and threads. `openapi.json` describes it."""

import json
from dataclasses import asdict
from datetime import date
from importlib import resources
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for
from werkzeug.exceptions import Gone

from radio.archive import holdings
from radio.archive.authorship import status_of
from radio.archive.dossier import Mentions, Quotation, Subject
from radio.derived.chapters import chapters_of
from radio.derived.recipe import Kind
from radio.derived.soundness import gain, known_gain, known_quality
from radio.formats.addresses import ROOMS, Room
from radio.formats.markdown import render_html
from radio.search.passage import Snippet
from radio.search.results import Alternative, EpisodeHits, Results
from radio.search.sense.guesses import Guesses
from radio.system.connection.place import is_address
from radio.system.errors import NotFoundError, SearchError
from radio.web.addresses import episode_address, known_url, whole
from radio.web.context import catalogue
from radio.web.forwarding import forwarded
from radio.web.headers import as_file
from radio.web.queries import read_options, read_query
from radio.web.spans import write_second
from radio.web.views.dossiers import find_subject, leaves
from radio.web.views.listing import rows_of
from radio.web.views.search import find, guess
from radio.work.status import WorkStatus, is_running, read_status

api = Blueprint("api", __name__, url_prefix="/api/v1")

PAGE = 50  # episodes
CHOICES = {"exact": {"1"}, "sort": {"best", "newest", "oldest"}}


class Refusal(Exception):  # noqa: N818 (an answer)
    """What can't be answered: the status, and why."""


@api.errorhandler(Refusal)
def refuse(refusal: Refusal) -> Response:
    """Say why there is no answer."""
    status, why = refusal.args
    return answer({"error": why}, status)


def answer(content: dict[str, Any], status: int = 200) -> Response:
    """Answer with a value as JSON."""
    text = json.dumps(content, ensure_ascii=False, default=_plain)
    return as_file(Response(text, status, content_type="application/json"), "no-store")


def _plain(value: Any) -> object:
    return str(value) if isinstance(value, date) else asdict(value)


def _read_number(name: str, otherwise: str) -> int | None:
    """Read a whole number of the address; raises Refusal with `otherwise` where it is none."""
    try:
        return int(request.args[name]) if request.args.get(name) else None
    except ValueError as error:
        raise Refusal(400, otherwise) from error


def _require_options() -> None:
    """Refuse what a search can't be told. Raises Refusal."""
    page = _read_number("page", "page is a whole number")
    if page is not None and page < 1:
        raise Refusal(404, "pages are counted from 1")
    for name, choices in CHOICES.items():
        if not choices.issuperset(request.args.getlist(name)):
            raise Refusal(400, f"{name} is one of: {', '.join(sorted(choices))}")


def _paging(page: int | None, pages: int, endpoint: str, **values: Any) -> dict[str, Any]:
    """Tell which page this is, of how many, and where the next is. Raises Refusal past the last."""
    number, pages = 1 if page is None else page, max(1, pages)
    if not 1 <= number <= pages:
        raise Refusal(404, f"there are {pages} pages")
    after = whole(url_for(endpoint, **values, page=number + 1)) if number < pages else None
    return {"page": number, "pages": pages, "next": after}


@api.get("/search")
def search() -> Response:
    """Give the passages in which some words are said, by episode."""
    _require_options()
    query, options = read_query(), read_options()
    try:
        results = find(query, options)
        guesses = guess(query, options, results)
    except NotFoundError as error:
        raise Refusal(404, "no such show") from error
    except SearchError as error:
        raise Refusal(503, "the index can't be read for now") from error
    content = _results(results or Results(query, 0, (), 1, 0))
    return answer({**content, "sense": guesses and _guesses(guesses)})


@api.get("/episodes")
def episodes() -> Response:
    """List what there is to hear, the newest first: `?show=`, `?year=`, `?page=`."""
    archive, show = catalogue().archive, request.args.get("show")
    try:
        slugs = {archive.show(show).slug} if show else {each.slug for each in archive.shows()}
    except NotFoundError as error:
        raise Refusal(404, "no such show") from error
    why = "year and page are whole numbers"
    year, page = _read_number("year", why), _read_number("page", why)
    listed = (each for each in holdings.episodes(archive, show or None) if each.show in slugs)
    found = [each for each in listed if year in (None, each.date.year)]
    asked = {name: request.args[name] for name in ("show", "year") if request.args.get(name)}
    paging = _paging(page, -(-len(found) // PAGE), "api.episodes", **asked)
    part = found[(paging["page"] - 1) * PAGE :][:PAGE]
    rows = rows_of(archive, part, archive.shows(), known_url())
    loud = [r | {"gain": known_gain(archive, e)} for r, e in zip(rows, part, strict=True)]
    return answer({"total": len(found), **paging, "episodes": loud})


@api.get("/episodes/<show>/<slug>")
def episode(show: str, slug: str) -> Response:
    """Give all fields of an episode; lead to one that was called so before."""
    archive = catalogue().archive
    try:
        try:
            episode = catalogue().episode(f"{show}/{slug}")
            (row,) = rows_of(archive, [episode], [archive.show(show)], known_url())
        except NotFoundError as error:  # nobody learns of what is to come
            if there := forwarded():
                return there
            raise Refusal(404, "no such episode") from error
    except Gone as error:
        return answer({"error": "withdrawn", "reason": error.description}, 410)
    chapters, quality = chapters_of(archive, episode), known_quality(archive, episode)
    details = {
        "loudness": quality and quality.loudness,
        "peak": quality and quality.peak,
        "gain": quality and gain(quality),
        "description_html": render_html(episode.description),
        "replies": [asdict(each) | {"date": each.day} for each in episode.protection.replies],
        **_fields(episode, "guid", "season", "number"),
        "links": [each for each in episode.links if is_address(each.url)],
        **_fields(episode, "playlist", "rights", "soundbites"),
        "chapters": chapters.parts,
        "chapters_proposed": chapters.proposed,
    }
    return answer(row | details)


@api.get("/work")
def work() -> Response:
    """Tell what this machine has still to transcribe; of what is not public nothing is told."""
    runs = is_running(catalogue().archive)
    status = read_status(catalogue().archive) if runs else WorkStatus()
    kinds: tuple[Kind, ...] = ("transcribe", "improve")
    left = dict[str, dict[str, float | None]]()
    for kind in kinds:
        each = status.of(kind)
        seconds = each.public_work if each.public else None
        left[kind] = {"episodes": each.public, "seconds": seconds}
    return answer({"running": runs, "left": left})


@api.get("/openapi.json")
def openapi() -> Response:
    """Describe the API."""
    document = json.loads(resources.files("radio.web").joinpath("openapi.json").read_bytes())
    return answer({**document, "servers": [{"url": f"{known_url()}/api/v1"}]})


def _fields(item: object, *names: str) -> dict[str, Any]:
    return {name: getattr(item, name) for name in names}


def _results(results: Results) -> dict[str, Any]:
    read, near, query = results.interpretation, results.near, results.query
    periods = [_fields(each, "first", "last", "query", "episodes") for each in results.periods]
    # The address of the same search with each word taken as it was typed.
    exact = urlencode({**request.args.to_dict(), "q": query, "exact": "1"})
    return {
        "query": query,
        "asked": read.asked or None,
        "instead": results.interpretation.instead or None,
        "without": read.without,
        "is_either": read.is_either,
        "is_apart": read.is_apart,
        "shows": results.shows,
        "french": read.french or None,
        "near": {
            **_fields(near, "people", "tags"),
            "dossiers": [
                {"name": each.name, "kind": each.kind, "url": _dossier_page(each)}
                for each in near.subjects
            ],
            "episodes": [
                {"key": key, "title": title, "url": episode_address(key)}
                for key, title in near.episodes
            ],
        },
        "beyond": results.beyond,
        "also": [_alternative(each, query) for each in read.also],
        "as_typed": f"{url_for('api.search')}?{exact}" if read else None,
        "time": read.time and _fields(read.time, "first", "last", "query"),
        "periods": periods,
        **_fields(results, "total", "page", "pages"),
        "facets": {
            kind: [{"value": value, "episodes": number} for value, number in counts]
            for kind, counts in asdict(results.facets).items()
        },
        "episodes": [_episode(each, query) for each in results.episodes],
    }


def _alternative(also: Alternative, query: str) -> dict[str, Any]:
    at = None if also.second is None else write_second(also.second)
    page = url_for("pages.show", show=also.show) if also.show else ""
    return {
        **_fields(also, "text", "acronym", "words"),
        "show": also.show or None,
        "episode": also.episode or None,
        "title": also.title,
        "start": at and float(at),
        "url": page or episode_address(also.episode, at, "t", query),
    }


def _dossier_page(subject: Subject, **values: None) -> str:
    room = ROOMS[subject.kind]
    return url_for("dossiers.dossier", room=room, slug=subject.slug, **values)


def _date(key: str, day: date) -> dict[str, Any]:
    episode = catalogue().archive.episode(key)
    return {"date": day, **_fields(episode, "date_sure", "date_precision")}


def _place(key: str, start: float, query: str = "") -> dict[str, Any]:
    return {"start": round(start, 3), "url": episode_address(key, write_second(start), "t", query)}


def _guesses(guesses: Guesses) -> dict[str, Any]:
    passages = [
        _fields(each, "key", "title", "text")
        | _date(each.key, each.date)
        | _place(each.key, each.start)
        for each in guesses.passages
    ]
    return {"late": guesses.is_late, "passages": passages}


def _episode(episode: EpisodeHits, query: str) -> dict[str, Any]:
    return {
        **_fields(episode.episode, "key", "show", "title"),
        **_date(episode.key, episode.episode.date),
        "url": episode_address(episode.key),
        "transcript": status_of(catalogue().archive, episode.key),
        "more": episode.more,
        "marked": _quote(episode.heading)["marked"],
        "told": [_quote(snippet) for snippet in episode.told],
        "passages": [
            _place(episode.key, hit.start, query) | _quote(hit.snippet) for hit in episode.hits
        ],
    }


def _quote(snippet: Snippet) -> dict[str, Any]:
    marked = [text for text, is_match in snippet if is_match]
    return {"text": "".join(text for text, _ in snippet), "marked": marked}


@api.get("/themes")
def themes() -> Response:
    """List the people and themes in the order of names, the threads with the newest first."""
    rooms: dict[str, Any] = {room: [] for room in ROOMS.values()}
    for each in catalogue().index.dossiers.subjects():
        rooms[ROOMS[each.subject.kind]].append(_subject(each.subject, each.episodes))
    return answer(rooms)


@api.get("/<any(people, themes, threads):room>/<slug>")
def dossier(room: Room, slug: str) -> Response:
    """Give what is said of somebody or something, `?page=` by page."""
    try:
        subject = find_subject(room, slug)
    except NotFoundError as error:
        raise Refusal(404, "no such dossier") from error
    page, asked = _read_number("page", "page is a whole number"), catalogue().index.dossiers
    lines = asked.outline(subject)
    every = leaves(lines)
    paging = _paging(page, len(every), "api.dossier", room=room, slug=slug)
    entries = asked.dossier(subject, every[paging["page"] - 1].lines).entries
    about = {"words": list(subject.words), **_fields(subject, "description", "author", "day")}
    context = {**_subject(subject, len(lines)), **about, **paging}
    return answer({**context, "entries": [_entry(each) for each in entries]})


def _subject(subject: Subject, episodes: int) -> dict[str, Any]:
    address = whole(_dossier_page(subject, lang=None))
    return {**_fields(subject, "name", "slug", "kind"), "episodes": episodes, "url": address}


def _entry(entry: Mentions) -> dict[str, Any]:
    episode = catalogue().archive.episode(entry.key)
    return {
        **_fields(episode, "key", "show", "title"),
        "date": entry.line.known_date or None,
        "url": whole(episode_address(entry.key)),
        "transcript": status_of(catalogue().archive, entry.key),
        "named": entry.line.is_named,
        "sentences": [_sentence(each) for each in entry.sentences],
        "own": [_sentence(each) for each in entry.own],
        "before": entry.before or None,
    }


def _sentence(sentence: Quotation) -> dict[str, Any]:
    return {
        "start": round(sentence.start, 3),
        "end": round(sentence.end, 3),
        "text": sentence.text,
        "marked": _quote(tuple(sentence.parts))["marked"],
        "voice": sentence.voice or None,
        "url": whole(episode_address(sentence.key, write_second(sentence.start), "t")),
    }
