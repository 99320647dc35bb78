"""What the desk makes of an episode beside all else, then gives: a kit, a copy without music."""

from typing import Literal

from flask import Response, redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.derived.chapters import chapters_of
from radio.kit import music_free
from radio.kit import rebroadcast as kit
from radio.system.disk import open_file
from radio.system.progress import Progress
from radio.web import ranges
from radio.web.chores import busy, chores
from radio.web.context import catalogue
from radio.web.gate import desk, keeper
from radio.web.views.files import attachment

What = Literal["kit", "copy"]


@desk.post("/making/<show>/<slug>")
@keeper
def making(show: str, slug: str) -> AnyResponse:
    """Begin to make one of them; the page on the rights of the episode says how far that is."""
    archive = catalogue().archive
    episode = archive.episode(f"{show}/{slug}")
    what = request.form.get("what", "")
    if what not in ("kit", "copy"):
        raise NotFound
    act = _kit if what == "kit" else _copy
    begun = chores().begin(
        f"{what} {episode.key}", lambda progress: act(archive, episode, progress)
    )
    if not begun:
        return busy()
    return redirect(url_for("desk.rights", show=show, slug=slug, _anchor=what), 303)


@desk.get("/making/<show>/<slug>/<any(kit, copy):what>")
@keeper
def made(show: str, slug: str, what: What) -> Response:
    """Give what was made."""
    archive = catalogue().archive
    episode = archive.episode(f"{show}/{slug}")
    find, mime, suffix = kit.find_kit, "application/zip", "zip"
    if what == "copy":
        find, mime, suffix = music_free.made_copy, "audio/mpeg", "sans-musique.mp3"
    path = find(archive, episode)
    if path is None:
        raise NotFound
    response = ranges.respond(open_file(path), mime, path.suffix.lstrip("."))
    response.headers["Content-Disposition"] = attachment(episode, suffix)
    return response


def _kit(archive: Archive, episode: Episode, progress: Progress) -> None:
    kit.make_kit(archive, episode, chapters_of(archive, episode), progress)


def _copy(archive: Archive, episode: Episode, progress: Progress) -> None:
    music_free.make_copy(archive, episode, progress)
