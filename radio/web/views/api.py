"""The API as JSON: search, episodes, themes and people. `openapi.json` describes it."""

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
from radio.archive.episode import Episode
from radio.derived.chapters import chapters_of
from radio.derived.recipe import Kind
from radio.derived.soundness import gain, known_gain, known_quality
from radio.formats.markdown import render_html
from radio.search import Alternative, EpisodeHits, Near, Results, Snippet
from radio.search.sense.guesses import Guesses
from radio.system.connection.place import is_address
from radio.system.errors import NotFoundError, SearchError
from radio.web.addresses import episode_address, known_url, whole, write_second
from radio.web.context import catalogue
from radio.web.forwarding import forwarded
from radio.web.headers import as_file
from radio.web.queries import read_options, read_query
from radio.web.views.dossiers import ROOMS, Room, find_subject, leaves
from radio.web.views.listing import rows_of
from radio.web.views.search import find, guess
from radio.work.status import WorkStatus, is_running, read_status

api = Blueprint("api", __name__, url_prefix="/api/v1")

PAGE = 50  # episodes


class Refusal(Exception):  # noqa: N818 (an answer)
    """What can't be answered: the status, and why."""

    def __init__(self, status: int, why: str):
        super().__init__(why)
        self.status, self.why = status, why


@api.errorhandler(Refusal)
def refuse(refusal: Refusal) -> Response:
    """Say why there is no answer."""
    return answer({"error": refusal.why}, refusal.status)


def answer(content: dict[str, Any], status: int = 200) -> Response:
    """Answer with a value as JSON."""
    text = json.dumps(content, ensure_ascii=False, default=asdict)
    return as_file(Response(text, status, content_type="application/json"), "no-store")


def _read_number(name: str, usual: int | None, otherwise: str) -> int | None:
    """Read a whole number of the address; raises Refusal with `otherwise` where it is none."""
    try:
        return int(request.args[name]) if request.args.get(name) else usual
    except ValueError as error:
        raise Refusal(400, otherwise) from error


@api.get("/search")
def search() -> Response:
    """Give the passages in which some words are said, by episode."""
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
    archive, show, why = (
        catalogue().archive,
        request.args.get("show"),
        "year and page are whole numbers",
    )
    try:
        slugs = {archive.show(show).slug} if show else {each.slug for each in archive.shows()}
    except NotFoundError as error:
        raise Refusal(404, "no such show") from error
    year, page = _read_number("year", None, why), _read_number("page", 1, why) or 0
    found = [
        each
        for each in holdings.episodes(archive, show or None)
        if each.show in slugs and year in (None, each.date.year)
    ]
    pages = _check_page(page, -(-len(found) // PAGE))
    filters: dict[str, Any] = {
        name: request.args[name] for name in ("show", "year") if request.args.get(name)
    }
    after = whole(url_for("api.episodes", **filters, page=page + 1))
    part = found[(page - 1) * PAGE : page * PAGE]
    rows = rows_of(archive, part, archive.shows(), known_url())
    return answer(
        {
            "total": len(found),
            "page": page,
            "pages": pages,
            "next": after if page < pages else None,
            "episodes": [
                row | {"gain": known_gain(archive, each)}
                for row, each in zip(rows, part, strict=True)
            ],
        }
    )


def _check_page(page: int, pages: int) -> int:
    """Tell how many pages there are. Raises Refusal where that page is none of them."""
    pages = max(1, pages)
    if not 1 <= page <= pages:
        raise Refusal(404, f"there are {pages} pages")
    return pages


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
    return answer(row | _details(episode))


def _details(episode: Episode) -> dict[str, Any]:
    archive = catalogue().archive
    chapters, quality = chapters_of(archive, episode), known_quality(archive, episode)
    return {
        "loudness": quality and quality.loudness,
        "peak": quality and quality.peak,
        "gain": quality and gain(quality),
        "description_html": render_html(episode.description),
        "replies": [asdict(each) | {"date": each.day} for each in episode.protection.replies],
        "guid": episode.guid,
        "season": episode.season,
        "number": episode.number,
        "links": [asdict(each) for each in episode.links if is_address(each.url)],
        "playlist": list(episode.playlist),
        "rights": asdict(episode.rights),
        "soundbites": [asdict(each) for each in episode.soundbites],
        "chapters": [asdict(each) for each in chapters.parts],
        "chapters_proposed": chapters.proposed,
    }


@api.get("/work")
def work() -> Response:
    """Tell what this machine has still to transcribe; of what is not public nothing is told."""
    runs = is_running(catalogue().archive)
    status = read_status(catalogue().archive) if runs else WorkStatus()
    kinds: tuple[Kind, ...] = ("transcribe", "improve")
    left = {
        kind: {"episodes": each.public, "seconds": each.public_work if each.public else None}
        for kind, each in ((kind, status.of(kind)) for kind in kinds)
    }
    return answer({"running": runs, "left": left})


@api.get("/openapi.json")
def openapi() -> Response:
    """Describe the API."""
    document = json.loads(resources.files("radio.web").joinpath("openapi.json").read_bytes())
    return answer({**document, "servers": [{"url": f"{known_url()}/api/v1"}]})


def _results(results: Results) -> dict[str, Any]:
    read = results.interpretation
    # The address of the same search with each word taken as it was typed.
    exact = urlencode({**request.args.to_dict(), "q": results.query, "exact": "1"})
    return {
        "query": results.query,
        "asked": read.asked or None,
        "instead": results.instead or None,
        "without": list(read.without),
        "french": read.french or None,
        "near": _near(results.near),
        "beyond": results.beyond,
        "also": [_alternative(each, results.query) for each in read.also],
        "as_typed": f"{url_for('api.search')}?{exact}" if read else None,
        "periods": [
            {
                "first": each.first and each.first.isoformat(),
                "last": each.last and each.last.isoformat(),
                "query": each.query,
                "episodes": each.episodes,
            }
            for each in results.periods
        ],
        "total": results.total,
        "page": results.page,
        "pages": results.pages,
        "facets": {
            kind: [{"value": value, "episodes": number} for value, number in counts]
            for kind, counts in asdict(results.facets).items()
        },
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


def _near(near: Near) -> dict[str, Any]:
    return {
        "people": list(near.people),
        "tags": list(near.tags),
        "dossiers": [
            {"name": each.name, "kind": each.kind, "url": _dossier_page(each)}
            for each in near.subjects
        ],
        "episodes": [
            {"key": key, "title": title, "url": episode_address(key)}
            for key, title in near.episodes
        ],
    }


def _dossier_page(subject: Subject, **values: None) -> str:
    room = ROOMS[subject.kind]
    return url_for("dossiers.dossier", room=room, slug=subject.slug, **values)


def _episode(episode: EpisodeHits, query: str) -> dict[str, Any]:
    return {
        "key": episode.key,
        "show": episode.show,
        "title": episode.title,
        **_date(episode.key, episode.date),
        "url": episode_address(episode.key),
        "transcript": status_of(catalogue().archive, episode.key),
        "more": episode.more,
        "marked": _quote(episode.heading)["marked"],
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


@api.get("/themes")
def themes() -> Response:
    """List the people and themes, in the order of names."""
    counts = [(each.subject, each.episodes) for each in catalogue().index.dossiers.subjects()]
    return answer(
        {
            room: [_subject(*each) for each in counts if each[0].kind == kind]
            for kind, room in ROOMS.items()
        }
    )


@api.get("/<any(people, themes):room>/<slug>")
def dossier(room: Room, slug: str) -> Response:
    """Give what is said of somebody or something, `?page=` by page."""
    try:
        subject = find_subject(room, slug)
    except NotFoundError as error:
        raise Refusal(404, "no such dossier") from error
    page = _read_number("page", 1, "page is a whole number") or 0
    asked = catalogue().index.dossiers
    lines = asked.outline(subject)
    every = leaves(lines)
    pages = _check_page(page, len(every))
    entries = asked.dossier(subject, every[page - 1].lines).entries
    after = whole(url_for("api.dossier", room=room, slug=slug, page=page + 1))
    content = {
        **_subject(subject, len(lines)),
        "words": list(subject.words),
        "description": subject.description,
        "page": page,
        "pages": pages,
        "next": after if page < pages else None,
        "entries": [_entry(each) for each in entries],
    }
    return answer(content)


def _subject(subject: Subject, episodes: int) -> dict[str, Any]:
    return {
        "name": subject.name,
        "slug": subject.slug,
        "kind": subject.kind,
        "episodes": episodes,
        "url": whole(_dossier_page(subject, lang=None)),
    }


def _entry(entry: Mentions) -> dict[str, Any]:
    episode = catalogue().archive.episode(entry.key)
    return {
        "key": entry.key,
        "show": episode.show,
        "title": episode.title,
        "date": entry.line.known_date or None,
        "url": whole(episode_address(entry.key)),
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
        "marked": _quote(tuple(sentence.parts))["marked"],
        "voice": sentence.voice or None,
        "url": whole(episode_address(sentence.key, write_second(sentence.start), "t")),
    }
