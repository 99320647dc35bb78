"""Downloads: a recording behind a tag that carries its text, and the archive as a BagIt bag in a
ZIP that is made while it is sent. A cut one can go on, unless a file changed, which ends it."""

import contextlib
import hashlib
import io
from dataclasses import replace
from typing import IO

from flask import Blueprint, Response, current_app, make_response, render_template, request

from radio.archive import holdings
from radio.archive.episode import Episode, mime_of
from radio.archive.slugs import slugify
from radio.bags.payload import Selection
from radio.bags.plans import PlanCache
from radio.derived.chapters import chapters_of
from radio.derived.downloads import find_head, make_head
from radio.formats.zips import open_zipped
from radio.kit.music_free import find_copy
from radio.sound import tags
from radio.system.errors import NotFoundError
from radio.web import ranges
from radio.web.addresses import known_url
from radio.web.context import catalogue, plain_name
from radio.web.headers import as_file, attached
from radio.web.limits import Door
from radio.web.queries import read_options, read_query
from radio.web.quoting import read_transcript
from radio.web.ranges import FilePart
from radio.web.views.files import attachment, recorded
from radio.web.views.search import IN_BAG

downloads = Blueprint("downloads", __name__)

AT_ONCE = 64 << 20  # bytes that are read while somebody waits
RETRY = 30  # seconds

making, planning = Door(4), Door(2)  # of the server's threads


@downloads.get("/download/<show>/<slug>.<suffix>")
def tagged(show: str, slug: str, suffix: str) -> Response:
    """Give the audio with its words."""
    episode = recorded(show, slug, suffix)
    named = attachment(episode, suffix)
    with contextlib.ExitStack() as undone:
        audio = undone.enter_context(holdings.open_file(catalogue().archive, episode, "audio"))
        file = undone.enter_context(_head(episode))
        head = tags.read_head(file)
        undone.pop_all()
    checksum = episode.audio.name_bytes(audio.seek(0, io.SEEK_END))
    sound = FilePart(audio, head.stored_offset, head.stored_stop)
    body = ranges.Parts(FilePart(file, 0, head.size), sound)
    state = f"{checksum} {head.sha256} {sound.start} {sound.stop}"
    etag = hashlib.sha256(state.encode()).hexdigest()
    response = ranges.respond(body, mime_of(episode.audio.file) or "", etag)
    return as_file(response, "no-cache", named)


@downloads.get("/download/<show>/<slug>.sans-musique.mp3")
def music_free(show: str, slug: str) -> Response:
    """Give the copy without the music, where it is offered and made."""
    episode = catalogue().episode(f"{show}/{slug}")
    copy = find_copy(catalogue().archive, episode)
    return ranges.respond_made(copy, "audio/mpeg", attachment(episode, "sans-musique.mp3"))


def _head(episode: Episode) -> io.FileIO:
    archive, base_url = catalogue().archive, known_url()
    if file := find_head(archive, episode, base_url):
        return file
    with making.entered():
        is_finished = holdings.is_finished(archive, episode.key)
        transcript = read_transcript(episode.key) if is_finished else None
        chapters = chapters_of(archive, episode)
        return make_head(archive, episode, transcript, chapters, base_url)


@downloads.get("/download/archive.zip")
def archive() -> Response:
    """Give the whole archive, a show of it (`?show=`), or what a search finds (`?q=`)."""
    archive, selection = catalogue().archive, _select()
    plans: PlanCache = current_app.extensions.setdefault("radio-plans", PlanCache(archive))
    file = _plan(plans, selection)
    if file is None:
        left, total = plans.left(selection)
        page = render_template("preparing.html", share=1 - left / max(1, total))
        return make_response(page, 503, {"Retry-After": str(RETRY)})
    zipped = open_zipped(file, archive.root)
    response = ranges.respond(zipped, "application/zip", zipped.etag)
    return as_file(response, "no-cache", attached(f"{selection.name}.zip"))


def _select() -> Selection:
    """Read what is asked for. Raises NotFoundError if that is no show, nothing, or too much."""
    slug, query = request.args.get("show") or None, read_query()
    if slug:
        catalogue().archive.show(slug)
    if not query:
        return Selection(slug or slugify(plain_name()) or "archives", slug)
    options = replace(read_options(), show=slug, page=1, size=IN_BAG + 1)
    keys = catalogue().index.keys(query, options)
    if not 0 < len(keys) <= IN_BAG:
        raise NotFoundError(f"{query!r} finds {len(keys)} episodes; search for 1 to {IN_BAG}")
    name = f"recherche-{slugify(query)}"[:80].strip("-")
    return Selection(name, slug, frozenset(keys))


def _plan(plans: PlanCache, selection: Selection) -> IO[bytes] | None:
    """Open the plan of a bag; None while too much is to be read before it can be made."""
    file = plans.find(selection, known_url())
    if file or plans.left(selection)[0] > AT_ONCE:
        return file
    with planning.entered():
        return plans.make(selection, known_url())
