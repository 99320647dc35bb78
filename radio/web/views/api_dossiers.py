"""The API of themes and people: the list, and a dossier page by page."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from radio.archive.dossier import Count, Mentions, Quotation
from radio.archive.standing import status_of
from radio.system.errors import NotFoundError
from radio.web.addresses import absolute, episode_address, known_url, write_second
from radio.web.context import catalogue
from radio.web.paging import leaves
from radio.web.views.api import answer
from radio.web.views.dossiers import ROOMS, Room, find

api_dossiers = Blueprint("api_dossiers", __name__, url_prefix="/api/v1")


@api_dossiers.get("/themes")
def themes() -> Response:
    """List the people and themes, in the order of names."""
    counts = catalogue().index.dossiers.subjects()
    told: dict[str, Any] = {
        room: [_subject(each) for each in counts if each.subject.kind == kind]
        for kind, room in ROOMS.items()
    }
    return answer(told)


@api_dossiers.get("/<any(people, themes):room>/<slug>")
def dossier(room: Room, slug: str) -> Response:
    """Give what is said of somebody or something, `?page=` by page."""
    try:
        subject = find(room, slug)
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
    after = url_for("api_dossiers.dossier", room=room, slug=slug, page=page + 1)
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
