"""A recording with its words: the stored bytes, behind a tag that carries the text.

The feed and the player keep to the stored file; this is what people take away.
"""

import contextlib
import hashlib
import io

from flask import Blueprint, Response

from radio.archive import holdings
from radio.archive.episode import Episode, mime_of
from radio.derived.chapters import chapters_of
from radio.derived.downloads import find_head, make_head
from radio.kit.music_free import find_copy
from radio.sound import tags
from radio.system.disk import open_file
from radio.system.errors import NotFoundError
from radio.web import ranges
from radio.web.addresses import known_url
from radio.web.context import catalogue
from radio.web.headers import as_file
from radio.web.limits import Door
from radio.web.quoting import read_transcript
from radio.web.views.files import attachment

downloads = Blueprint("downloads", __name__)

making = Door(4)  # of the server's threads


@downloads.get("/download/<show>/<slug>.<suffix>")
def tagged(show: str, slug: str, suffix: str) -> Response:
    """Give the audio with its words."""
    episode = catalogue().episode(f"{show}/{slug}")
    if episode.audio.file != f"{slug}.{suffix}":
        raise NotFoundError(f"{show}/{slug}.{suffix}: no such file")
    named = attachment(episode, suffix)
    with contextlib.ExitStack() as undone:
        audio = holdings.open_file(catalogue().archive, episode, "audio")
        undone.enter_context(audio)
        file = undone.enter_context(_head(episode))
        head = tags.read_head(file)
        undone.pop_all()
    size = audio.seek(0, io.SEEK_END)
    checksum = episode.audio.name_bytes(size)
    sound = ranges.Stretch(audio, head.stored_offset, head.stored_stop)
    body = ranges.Joined(ranges.Stretch(file, 0, head.size), sound)
    told = f"{checksum} {head.sha256} {head.stored_offset} {head.stored_stop}"
    etag = hashlib.sha256(told.encode()).hexdigest()
    response = ranges.respond(body, mime_of(episode.audio.file) or "", etag)
    as_file(response, "no-cache")
    response.headers["Content-Disposition"] = named
    return response


@downloads.get("/download/<show>/<slug>.sans-musique.mp3")
def music_free(show: str, slug: str) -> Response:
    """Give the copy without the music, where it is offered and made."""
    episode = catalogue().episode(f"{show}/{slug}")
    path = find_copy(catalogue().archive, episode)
    if path is None:
        raise NotFoundError(f"{show}/{slug}: no copy without music")
    response = ranges.respond(open_file(path), "audio/mpeg", path.suffix.lstrip("."))
    as_file(response, "no-cache")
    response.headers["Content-Disposition"] = attachment(episode, "sans-musique.mp3")
    return response


def _head(episode: Episode) -> io.FileIO:
    archive, base_url = catalogue().archive, known_url()
    file = find_head(archive, episode, base_url)
    if file:
        return file
    with making.entered():
        is_finished = holdings.is_finished(archive, episode.key)
        transcript = read_transcript(episode.key) if is_finished else None
        chapters = chapters_of(archive, episode)
        return make_head(archive, episode, transcript, chapters, base_url)
