"""The API: the search of the site, as JSON. `openapi.json` describes it."""

import dataclasses
import json
from importlib import resources
from typing import Any

from flask import Blueprint, Response, url_for

from radio.errors import NotFoundError, SearchError
from radio.search import EpisodeHits, Results
from radio.web.addresses import base_url, write_second
from radio.web.finding import find, read_query, read_wanted
from radio.web.headers import FILES

api = Blueprint("api", __name__, url_prefix="/api/v1")


@api.get("/search")
def search() -> Response:
    """Give the passages in which some words are said, by episode."""
    query = read_query()
    try:
        found = find(query, read_wanted())
    except NotFoundError as error:
        return _answer({"error": str(error)}, 404)
    except SearchError:
        return _answer({"error": "the index can't be read for now"}, 503)
    return _answer(_results(found or Results(query, 0, (), 1, 0)))


@api.get("/openapi.json")
def openapi() -> Response:
    """Describe the API."""
    document = json.loads(resources.files("radio.web").joinpath("openapi.json").read_bytes())
    return _answer({**document, "servers": [{"url": f"{base_url()}/api/v1"}]})


def _results(found: Results) -> dict[str, Any]:
    facets = {
        kind: [{"value": value, "episodes": number} for value, number in counted]
        for kind, counted in dataclasses.asdict(found.facets).items()
    }
    return {
        "query": found.query,
        "instead": found.instead or None,
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "facets": facets,
        "episodes": [_episode(each) for each in found.episodes],
    }


def _episode(found: EpisodeHits) -> dict[str, Any]:
    address = url_for("pages.episode", show=found.show, slug=found.key.partition("/")[2])
    return {
        "key": found.key,
        "show": found.show,
        "title": found.title,
        "date": found.date.isoformat(),
        "url": address,
        "more": found.more,
        "passages": [
            {
                "start": round(hit.start, 3),
                "url": f"{address}?t={write_second(hit.listen_at)}",
                "text": "".join(text for text, _ in hit.snippet),
                "marked": [text for text, is_match in hit.snippet if is_match],
            }
            for hit in found.hits
        ],
    }


def _answer(content: dict[str, Any], status: int = 200) -> Response:
    text = json.dumps(content, ensure_ascii=False)
    response = Response(text, status, content_type="application/json")
    response.headers.update(FILES)
    response.headers["Cache-Control"] = "no-store"
    return response
