"""How the site looks: covers, quote cards, icons, logo, colours. Drawn pictures are named by what
they are made of and cached; one is drawn at a time, as a large one takes some 18 MB."""

import hashlib
import re
import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask_babel import force_locale
from werkzeug.wrappers import Response as AnyResponse

import radio.pictures
from radio.archive.episode import PICTURES, Episode, Show
from radio.archive.imprint import OWN_COLORS, PICTURED, picture_path, source_address, state_of
from radio.derived import covers
from radio.derived.covers import given, lettering
from radio.system.disk import open_beneath, stamp
from radio.system.edition import edition
from radio.system.errors import NotFoundError
from radio.web import language, ranges
from radio.web.context import catalogue
from radio.web.headers import OWN_AGE, SITE_AGE, STATIC_AGE, as_file, file_named
from radio.web.limits import Door
from radio.web.quoting import cite, read_transcript
from radio.web.spans import read_span

pictures, imprint = Blueprint("pictures", __name__), Blueprint("imprint", __name__)

SIZES = (96, 192, 400, 1400, 3000)  # pixels of a cover that is drawn
SIZE = 400
STORED = 192  # pixels of the small covers of shows in the site as files
ICONS = (180, 192, 512)  # pixels
KEPT = 64  # pictures in memory, the largest of some 120 kB

drawing = Door(4)  # of the server's threads
_one_at_a_time = threading.Lock()


@pictures.get("/covers/<show>.<any(jpg, png, webp):suffix>", endpoint="show_cover")
@pictures.get("/covers/<show>/<slug>.<any(jpg, png, webp):suffix>", endpoint="episode_cover")
def cover(show: str, suffix: str, slug: str = "") -> AnyResponse:
    """Give the picture of a show, or of an episode, else that of its show, or draw one, `?size=`
    pixels wide. If its format changed, redirect to its new address."""
    site = catalogue()
    item: Show | Episode = site.episode(f"{show}/{slug}") if slug else site.archive.show(show)
    size = next((each for each in SIZES if str(each) == request.args.get("size", f"{SIZE}")), None)
    if size is None:
        raise NotFoundError(f"no cover of that size; take one of {SIZES}")
    path = given(site.archive, item)
    if suffix != (path.suffix[1:] if path else "png"):
        return redirect(cover_address(item, size))
    version = _version(item, path)
    if path:
        file = open_beneath(site.archive.media, path.parent.name, path.name)
        response = ranges.respond(file, PICTURES[path.suffix], version)
    else:
        parts: dict[str, Any] = lettering(site.archive, item)
        response = _respond(f"{version}-{size}", radio.pictures.cover, size=size, **parts)
    age = STATIC_AGE if isinstance(item, Show) else OWN_AGE
    return as_file(response, age if request.args.get("v") == version else "")


@pictures.get("/cards/<show>/<slug>.png")
def card(show: str, slug: str) -> Response:
    """Draw the words that are said at `?t=`, or the title, in the language of the episode."""
    episode, item = catalogue().episode(f"{show}/{slug}"), catalogue().archive.show(show)
    span = read_span(request.args.get("t", ""), episode.audio.duration)
    transcript = read_transcript(episode.key) if span else None
    citation = cite(item, episode, span, transcript)
    with force_locale(language.nearest(item.language_of(episode))):
        day = language.dated(episode.known_date)
    parts = (citation.words, episode.title, item.title, day, citation.time)
    cloth = covers.cloth(catalogue().archive, show)
    named = {"label": citation.label, "seed": episode.key, "cloth": cloth}
    return _respond(_name(*parts, *named.values()), radio.pictures.quote_card, *parts, **named)


@pictures.get("/icons/<int:size>.png")
def icon(size: int) -> Response:
    """Draw the icon of the site."""
    if size not in ICONS:
        raise NotFoundError(f"{size}: no such icon")
    return as_file(_respond(_name(str(size)), radio.pictures.icon, size), SITE_AGE)


def cover_address(item: Show | Episode, size: int = SIZE) -> str:
    """Give the address of the cover of a show or an episode; it changes when the picture does."""
    path = given(catalogue().archive, item)
    suffix = path.suffix[1:] if path else "png"
    if current_app.config["FROZEN"]:  # it draws few sizes
        size = STORED if isinstance(item, Show) and size <= STORED else SIZE
    width = None if path else size
    parameters: dict[str, Any] = {"suffix": suffix, "size": width, "v": _version(item, path)}
    if isinstance(item, Show):
        return url_for("pictures.show_cover", show=item.slug, **parameters)
    return url_for("pictures.episode_cover", show=item.show, slug=item.slug, **parameters)


def _version(item: Show | Episode, path: Path | None) -> str:
    if path:
        return _name(path.name, *map(str, stamp(path)))
    return _name(*lettering(catalogue().archive, item).values())


def _name(*parts: str) -> str:
    whole = "\0".join((edition("pictures"), *parts))
    return hashlib.sha256(whole.encode(errors="replace")).hexdigest()[:16]


def _respond(etag: str, *drawn: Any, **named: Any) -> Response:
    """Answer with a picture, given by what draws it, and from what."""

    def make() -> bytes:
        with drawing.entered():
            return _draw(*drawn, **named)

    return file_named(etag, "image/png", make)


@lru_cache(maxsize=KEPT)
def _draw(draw: Callable[..., bytes], *parts: str | int, **named: str | int) -> bytes:
    with _one_at_a_time:
        return draw(*parts, **named)


@imprint.get(f"/<any({', '.join(PICTURED)}):name>.<any(jpg, png, webp):suffix>")
def picture(name: str, suffix: str) -> Response:
    """Give a picture of the site as it was received."""
    root = catalogue().archive.root
    path = picture_path(root, catalogue().imprint, name)
    if path is None or path.suffix != f".{suffix}":
        raise NotFoundError(f"{name}.{suffix}: no such picture")
    file = open_beneath(root, path.name)
    return _set_age(as_file(ranges.respond(file, PICTURES[path.suffix], _site_version())))


@imprint.get("/site.css")
def colors() -> Response:
    """Give the colours that were chosen, over those of style.css."""
    return _set_age(Response(stylesheet(), mimetype="text/css"))


@imprint.get("/<any(light, dark):scheme>.css")
def scheme(scheme: str) -> Response:
    """Give the colours of one scheme, whatever a device prefers: for players on other sites."""
    with current_app.open_resource("static/style.css", "rt", encoding="utf-8") as file:
        look = file.read() + (stylesheet() if catalogue().imprint.colors != OWN_COLORS else "")
    rules = re.findall(r"(?ms)^:root \{.*?^\}", look)[: 1 if scheme == "light" else 0]
    preferred = rf"(?ms)^@media (?:screen and )?\(prefers-color-scheme: {scheme}\) \{{(.*?)^\}}"
    rules += [*re.findall(preferred, look), f":root {{ color-scheme: {scheme}; }}"]
    return _set_age(Response("\n".join(rules), mimetype="text/css"))


def stylesheet() -> str:
    """Write the colours of the site; a print stays black on white."""
    colors = catalogue().imprint.colors
    schemes = [("light", colors.by_day), ("dark", colors.by_night)]
    return render_template("site.css", schemes=schemes)


def surroundings() -> dict[str, Any]:
    """Give every page what the site says of itself, and the addresses of what it looks like."""
    root, site = catalogue().archive.root, catalogue().imprint
    version, has_colors = _site_version(), site.colors != OWN_COLORS
    paths = {each: picture_path(root, site, each) for each in PICTURED}
    return {
        "imprint": site,
        "source": source_address(site),
        **{
            name: url_for("imprint.picture", name=name, suffix=path.suffix[1:], v=version)
            for name, path in paths.items()
            if path
        },
        "colors": url_for("imprint.colors", v=version) if has_colors else "",
    }


def _site_version() -> str:
    state = state_of(catalogue().archive.root)
    return hashlib.sha256(state.encode()).hexdigest()[:12]


def _set_age(response: Response) -> Response:
    is_named = request.args.get("v") == _site_version()
    response.headers["Cache-Control"] = STATIC_AGE if is_named else SITE_AGE
    return response
