"""Posts as WordPress gives them by REST, made articles of. To be called in a limited child."""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from radio.french.dates import read_posted
from radio.ingest.articles import Article
from radio.ingest.markup import scan, without_comments
from radio.ingest.richtext import markdown, words
from radio.ingest.sound import (
    LinkedSound,
    distinct,
    elsewhere,
    is_sound,
    sounds_in_shortcodes,
    whole,
)
from radio.system import records
from radio.system.errors import ReaderError
from radio.system.messages import _
from radio.system.progress import Progress

MOST = 500  # links, terms or recordings of a post
DEEPEST = 6  # values within values
WELL_KNOWN = {"content", "excerpt", "title", "guid", "link", "_links", "_embedded", "class_list"}
"""What has no recording of a field of its own; whatever plugins add is looked at."""
NOTHING_TOLD = {"uncategorized", "non-classe", "sans-categorie"}
KINDS = {
    "people": re.compile(
        "(?i)invit|guest|people|personne|speaker|intervenant|animat|presentat|contribut"
    ),
    "producers": re.compile("(?i)collecti[fv]|produc"),
    "shows": re.compile("(?i)^(?:series|s[ée]rie|.*[ée]missions?|shows?|programm?e?s?|podcasts?)$"),
}
"""What a taxonomy of a site is about, by its name."""


def extract(path: str, progress: Progress, base: str) -> list[dict[str, Any]]:
    """Read the posts of an answer that lies in a file; one that is no post is left out."""
    try:
        answer = json.loads(Path(path).read_bytes())
    except (ValueError, RecursionError) as error:
        raise ReaderError(_("{address} : ce n’est pas du JSON", address=base)) from error
    posts = answer if isinstance(answer, list) else [answer]
    found = []
    for number, post in enumerate(posts, 1):
        if isinstance(post, dict) and post.get("id") and "title" in post:
            found.append(json.loads(records.render(_article(post, base))))
        progress(number / len(posts))
    return found


def _article(post: dict[str, Any], base: str) -> Article:
    """Make an article of a post; one that can't be read says so, and costs no other."""
    try:
        return read_post(post, base)
    except Exception:  # noqa: BLE001  a hostile text may lead parsers to any error
        return Article(whole(_text(post.get("link"))) or base, is_unreadable=True)


def read_post(post: dict[str, Any], base: str) -> Article:
    """Make an article of a post."""
    page, content = whole(_text(post.get("link"))) or base, _rendered(post.get("content"))
    found = scan(without_comments(content), page)
    sounds = distinct([*_fields(post), *found.sounds, *sounds_in_shortcodes(content, page)])
    frames = [place for each in found.frames if (place := elsewhere(each))]
    if not sounds and not frames:
        frames = [place for link, _words in found.links if (place := elsewhere(link))]
    terms, meta = list(_terms(post)), _dict(post.get("meta"))
    dates = (_text(post.get(name)) for name in ("date", "date_gmt"))  # where the site is, first
    return Article(
        page,
        words(_rendered(post.get("title"))),
        guid=html.unescape(_rendered(post.get("guid"))),
        day=next(filter(None, map(read_posted, dates)), None),
        text=markdown(content, page),
        sounds=tuple(sounds[:MOST]),
        elsewhere=tuple(dict.fromkeys(frames))[:MOST],
        links=tuple(dict.fromkeys(link for link, _words in found.links))[:MOST],
        picture=_picture(post),
        tags=tuple(name for kind, name in terms if kind == "tags"),
        people=tuple(name for kind, name in terms if kind == "people"),
        producers=tuple(name for kind, name in terms if kind == "producers"),
        shows=tuple(name for kind, name in terms if kind == "shows"),
        season=_number(meta, "itunes_season_number", "season_number", "season"),
        number=_number(meta, "itunes_episode_number", "episode_number", "number"),
        kind=_text(post.get("type")),
        number_there=_number(post, "id") or 0,
        is_protected=bool(_dict(post.get("content")).get("protected")),
    )


def _fields(post: dict[str, Any]) -> Iterator[LinkedSound]:
    """Find the recordings that plugins keep in fields: SSP, PowerPress, ACF, Podlove and others."""
    meta = _dict(post.get("meta"))
    for value in (meta.get("audio_file"), meta.get("enclosure"), post.get("enclosure")):
        for each in value if isinstance(value, list) else [value]:
            first = (_text(each).strip().splitlines() or [""])[0]  # then size, type and more
            if place := whole(first):
                yield LinkedSound(place)
    added = [value for name, value in post.items() if name not in WELL_KNOWN]
    yield from _within(added, DEEPEST)


def _within(value: object, depth: int) -> Iterator[LinkedSound]:
    """Find the addresses of recordings in values of any shape."""
    if isinstance(value, str) and is_sound(value) and whole(value):
        yield LinkedSound(value)
    elif isinstance(value, dict) and depth:
        kind, place = value.get("mime_type") or value.get("mimeType"), _text(value.get("url"))
        if _text(kind).startswith("audio/") and whole(place):
            yield LinkedSound(place)
        for each in list(value.values())[:MOST]:
            yield from _within(each, depth - 1)
    elif isinstance(value, list) and depth:
        for each in value[:MOST]:
            yield from _within(each, depth - 1)


def _terms(post: dict[str, Any]) -> Iterator[tuple[str, str]]:
    groups = _several(_dict(post.get("_embedded")).get("wp:term"))
    flat = [_dict(term) for group in groups for term in _several(group)]
    for term in flat[:MOST]:
        name, taxonomy = words(_text(term.get("name"))), _text(term.get("taxonomy"))
        if not name or _text(term.get("slug")) in NOTHING_TOLD or taxonomy == "post_format":
            continue
        yield next((kind for kind, form in KINDS.items() if form.search(taxonomy)), "tags"), name


def _picture(post: dict[str, Any]) -> str:
    media = _several(_dict(post.get("_embedded")).get("wp:featuredmedia"))
    own = [post.get(f"episode_{name}_image") for name in ("featured", "player")]
    places = [*(_dict(each).get("source_url") for each in media[:1]), *own]
    return next((place for place in map(_text, places) if whole(place)), "")


def _number(meta: dict[str, Any], *names: str) -> int | None:
    texts = (str(meta.get(name, "")).strip() for name in names)
    return next((int(each) for each in texts if re.fullmatch("[1-9][0-9]{0,8}", each)), None)


def _rendered(value: object) -> str:
    return _text(value.get("rendered")) if isinstance(value, dict) else _text(value)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _several(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
