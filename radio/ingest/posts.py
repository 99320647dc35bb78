"""Posts as WordPress gives them by REST, made articles of. To be called in a limited child."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from radio.french.dates import read_posted
from radio.ingest import sound
from radio.ingest.articles import Article
from radio.ingest.markup import scan
from radio.ingest.reading import as_dict, as_list, as_text, parse_json, whole_number
from radio.ingest.richtext import markdown, words

MOST = 500  # links, terms or recordings of a post
DEEPEST = 6  # values within values
# Fields without a recording; others, which plugins add, may have one.
WELL_KNOWN = {"content", "excerpt", "title", "guid", "link", "_links", "_embedded", "class_list"}
NOTHING_TOLD = {"uncategorized", "non-classe", "sans-categorie"}
KINDS = {  # what taxonomies are about, by their names
    "people": re.compile(
        "(?i)invit|guest|people|personne|speaker|intervenant|animat|presentat|contribut"
    ),
    "producers": re.compile("(?i)collecti[fv]|produc"),
    "shows": re.compile("(?i)^(?:series|s[ée]rie|.*[ée]missions?|shows?|programm?e?s?|podcasts?)$"),
    "tags": re.compile(""),
}


@dataclass(frozen=True)
class Posts:
    """The articles of an answer."""

    articles: tuple[Article, ...] = ()


def read(content: bytes, address: str, _charset: str = "") -> Posts:
    """Read the posts of an answer; one that can't be read is marked so. Raises ReaderError."""
    answer, found = parse_json(content, address), list[Article]()
    for post in answer if isinstance(answer, list) else [answer]:
        if isinstance(post, dict) and post.get("id") and "title" in post:
            try:
                found.append(read_post(post, address))
            except Exception:  # noqa: BLE001  a hostile text may lead parsers to any error
                page = sound.whole(as_text(post.get("link"))) or address
                found.append(Article(page, is_unreadable=True))
    return Posts(tuple(found))


def read_post(post: dict[str, Any], base: str) -> Article:
    """Make an article of a post."""
    page, content = sound.whole(as_text(post.get("link"))) or base, as_text(post.get("content"))
    found = scan(content, page)
    unrendered = sound.sounds_in_shortcodes(content, page)
    sounds = sound.distinct((*_fields(post), *found.sounds, *unrendered))
    frames = list(filter(None, map(sound.elsewhere, found.frames)))
    if not sounds and not frames:
        frames = list(filter(None, map(sound.elsewhere, found.links)))
    terms, meta = _terms(post), as_dict(post.get("meta"))
    dates = (as_text(post.get(name)) for name in ("date", "date_gmt"))  # where the site is, first
    return Article(
        page,
        words(as_text(post.get("title"))),
        guid=html.unescape(as_text(post.get("guid"))),
        day=next(filter(None, map(read_posted, dates)), None),
        text=markdown(content, page),
        sounds=tuple(sounds[:MOST]),
        elsewhere=tuple(dict.fromkeys(frames))[:MOST],
        links=tuple(dict.fromkeys(found.links))[:MOST],
        picture=_picture(post),
        tags=tuple(terms["tags"]),
        people=tuple(terms["people"]),
        producers=tuple(terms["producers"]),
        shows=tuple(terms["shows"]),
        season=_number(meta, "itunes_season_number", "season_number", "season"),
        number=_number(meta, "itunes_episode_number", "episode_number", "number"),
        kind=as_text(post.get("type")),
        number_there=_number(post, "id") or 0,
        is_protected=bool(as_dict(post.get("content")).get("protected")),
    )


def _fields(post: dict[str, Any]) -> Iterator[sound.LinkedSound]:
    """Find the recordings that plugins keep in fields: SSP, PowerPress, ACF, Podlove and others."""
    meta = as_dict(post.get("meta"))
    for value in (meta.get("audio_file"), meta.get("enclosure"), post.get("enclosure")):
        for each in value if isinstance(value, list) else [value]:
            first = (as_text(each).strip().splitlines() or [""])[0]  # then size, type and more
            if place := sound.whole(first):
                yield sound.LinkedSound(place)
    yield from _within([value for name, value in post.items() if name not in WELL_KNOWN], DEEPEST)


def _within(value: object, depth: int) -> Iterator[sound.LinkedSound]:
    if isinstance(value, str) and sound.is_sound(value) and sound.whole(value):
        yield sound.LinkedSound(value)
    elif isinstance(value, dict | list) and depth:
        about = as_dict(value)
        kind, place = about.get("mime_type") or about.get("mimeType"), as_text(about.get("url"))
        if as_text(kind).startswith("audio/") and sound.whole(place):
            yield sound.LinkedSound(place)
        for each in list(about.values() or as_list(value))[:MOST]:
            yield from _within(each, depth - 1)


def _terms(post: dict[str, Any]) -> dict[str, list[str]]:
    """Give the names of the terms of a post, by what their taxonomy is about."""
    groups = as_list(as_dict(post.get("_embedded")).get("wp:term"))
    found: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for term in [as_dict(term) for group in groups for term in as_list(group)][:MOST]:
        name, taxonomy = words(as_text(term.get("name"))), as_text(term.get("taxonomy"))
        is_idle = as_text(term.get("slug")) in NOTHING_TOLD or taxonomy == "post_format"
        if name and not is_idle:
            found[next(kind for kind, form in KINDS.items() if form.search(taxonomy))].append(name)
    return found


def _picture(post: dict[str, Any]) -> str:
    media = as_list(as_dict(post.get("_embedded")).get("wp:featuredmedia"))
    own = [post.get(f"episode_{name}_image") for name in ("featured", "player")]
    places = [*(as_dict(each).get("source_url") for each in media[:1]), *own]
    return next(filter(sound.whole, map(as_text, places)), "")


def _number(meta: dict[str, Any], *names: str) -> int | None:
    return next(filter(None, (whole_number(meta.get(name), 10) for name in names)), None)
