"""Audio by byte range, transcripts in six forms, and what describes them. A path on the disk comes
from `holdings`, never from the address, which must agree with the sidecar."""

import contextlib
import hashlib
import io
import logging
import os
from dataclasses import replace
from urllib.parse import quote

from flask import Blueprint, Response, render_template, request, url_for
from markupsafe import Markup
from werkzeug.exceptions import Conflict

from radio import sound as audio
from radio.archive import holdings
from radio.archive.authorship import authorship, status_of
from radio.archive.episode import PICTURES, Episode, Show, mime_of
from radio.archive.rights import Use
from radio.archive.stores import Kind
from radio.derived.chapters import chapters_of
from radio.derived.copies import find_copy
from radio.derived.downloads import file_name
from radio.formats.podcast_json import render_segments
from radio.system.edition import edition
from radio.system.errors import NotFoundError, RadioError, TranscriptError
from radio.text.transcript import read_text, read_vtt, render_srt, render_vtt
from radio.web import ranges
from radio.web.addresses import quoted_address
from radio.web.context import catalogue
from radio.web.headers import as_file, file_named, styled
from radio.web.layout import lay_out
from radio.web.quoting import alone
from radio.web.reading import judge, read_evidence
from radio.web.spans import read_span

files = Blueprint("files", __name__)
log = logging.getLogger(__name__)

PLACE = "RADIO_SENDFILE"  # where the proxy has the recordings, as docs/en/proxies.md tells
FORMS = {
    "vtt": "text/vtt; charset=utf-8",
    "srt": "application/x-subrip; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "podcast.json": "application/json",
}
MACHINE = "-machine"  # after the name of a text that no person reread
SIMPLE = {"srt": render_srt, "podcast.json": render_segments}


@files.get("/media/<show>/<slug>.<suffix>")
def media(show: str, slug: str, suffix: str) -> Response:
    """Give the audio, byte for byte as it was received."""
    episode = recorded(show, slug, suffix)
    named = _named(episode, suffix)
    file = holdings.open_file(catalogue().archive, episode, "audio", _use())
    place = os.environ.get(PLACE, "")
    answer = _hand_on(episode, file, place) if place else recording(episode, file)
    # A browser that kept a part of it asks again: where the site can't be reached, the part is not
    # taken for the whole.
    return as_file(answer, "no-cache", named)


def _hand_on(episode: Episode, file: io.FileIO, place: str) -> Response:
    """Have the proxy send a recording, from a place that nobody else may ask it for."""
    with file:
        size = os.fstat(file.fileno()).st_size
    response = Response(content_type=mime_of(episode.audio.file) or "")
    path = quote(f"{episode.show}/{episode.audio.file}")
    response.headers["X-Accel-Redirect"] = f"{place.rstrip('/')}/{path}"
    response.set_etag(episode.audio.name_bytes(size))
    return response


def recorded(show: str, slug: str, suffix: str) -> Episode:
    """Find the episode of a recording. Raises NotFoundError where that has another ending."""
    episode = catalogue().episode(f"{show}/{slug}")
    if episode.audio.file != f"{slug}.{suffix}":
        raise NotFoundError(f"{show}/{slug}.{suffix}: no such file")
    return episode


def recording(episode: Episode, file: io.FileIO) -> Response:
    """Answer with the recording of an episode, which is open, or with the range asked for."""
    status = os.fstat(file.fileno())
    etag, modified = episode.audio.name_bytes(status.st_size), int(status.st_mtime)
    return ranges.respond(file, mime_of(episode.audio.file) or "", etag, modified)


@files.get("/media/<show>/<slug>.listen.mp3")
def listening_copy(show: str, slug: str) -> Response:
    """Give the copy of a recording in which every browser finds its place."""
    episode = catalogue().episode(f"{show}/{slug}")
    holdings.require(episode, _use())
    copy = find_copy(catalogue().archive, episode)
    return ranges.respond_made(copy, "audio/mpeg", _named(episode, "mp3"))


@files.get("/media/<show>/<slug>.json")
def sidecar(show: str, slug: str) -> Response:
    """Give the sidecar of an episode, or the file of its show, as it was written."""
    if slug == "show":
        return _file(catalogue().archive.show(show), "show", "application/json")
    return _file(catalogue().episode(f"{show}/{slug}"), "sidecar", "application/json")


@files.get("/media/<show>/<name>.jpg", defaults={"suffix": ".jpg"})
@files.get("/media/<show>/<name>.png", defaults={"suffix": ".png"})
@files.get("/media/<show>/<name>.webp", defaults={"suffix": ".webp"})
def picture(show: str, name: str, suffix: str) -> Response:
    """Give the picture of a show or an episode as it was received."""
    file_name, of_show = f"{name}{suffix}", catalogue().archive.show(show)
    if of_show.picture == file_name:
        return _file(of_show, "picture", PICTURES[suffix])
    episode = catalogue().episode(f"{show}/{name}")
    if episode.image != file_name:
        raise NotFoundError(f"{show}/{file_name}: no such picture")
    return _file(episode, "picture", PICTURES[suffix])


@files.get("/clips/<show>/<slug>.<suffix>")
def clip(show: str, slug: str, suffix: str) -> Response:
    """Give some seconds of the audio, `?t=FROM,TO`, cut without decoding them."""
    episode = recorded(show, slug, suffix)
    span = read_span(request.args.get("t", ""), episode.audio.duration)
    if span is None or span.end is None:
        raise NotFoundError(f"{show}/{slug}.{suffix}: no such clip")
    with holdings.open_file(catalogue().archive, episode, "audio", _use()) as file:
        content = audio.clip(file, span.start, span.end)
    response = Response(content, content_type=mime_of(episode.audio.file) or "")
    response.set_etag(f"{episode.audio.sha256}-{span}-{edition('sound')[:16]}")
    response.make_conditional(request, accept_ranges=True, complete_length=len(content))
    return as_file(response, "no-cache", _named(episode, suffix))


@files.get("/transcripts/<show>/<slug>.podcast.json", defaults={"form": "podcast.json"})
@files.get("/transcripts/<show>/<slug>.<any(vtt, srt, txt, html, json):form>")
def transcript(show: str, slug: str, form: str) -> Response:
    """Give what was said: the text of record, renderings of it, or the machine's evidence."""
    episode = catalogue().episode(f"{show}/{slug}")
    if form == "json":
        return _file(episode, "evidence", FORMS[form], _named(episode, form))
    response = _text(episode, form)
    return styled(response, _style()) if form == "html" else response


@files.get("/transcripts/<show>/<slug>.en.vtt")
def translation(show: str, slug: str) -> Response:
    """Give the English subtitles."""
    episode = catalogue().episode(f"{show}/{slug}")
    return _file(episode, "translation", FORMS["vtt"], _named(episode, "en.vtt", MACHINE))


def _use() -> Use:
    return "download" if request.args.get("download") == "1" else "listen"


def _file(item: Show | Episode, kind: Kind, mime: str, named: str = "") -> Response:
    return _answer(_read(item, kind), mime, named)


def _read(item: Show | Episode, kind: Kind) -> bytes:
    with holdings.open_file(catalogue().archive, item, kind) as file:
        return file.readall()


def _answer(content: bytes, mime: str, named: str) -> Response:
    """Answer with a file whose name is its hash, which mirrors compare."""
    return file_named(hashlib.sha256(content).hexdigest(), mime, lambda: content, named)


def _text(episode: Episode, form: str) -> Response:
    """Answer with what was said; the text of record as it is, unless it is no WebVTT."""
    content = _read(episode, "transcript") if form == "vtt" else _render(episode, form).encode()
    if form == "vtt" and read_text(content)[1]:  # another form of captions
        with contextlib.suppress(TranscriptError):
            content = render_vtt(replace(read_vtt(content, episode.key), stray="")).encode()
    writer = MACHINE if status_of(catalogue().archive, episode.key) == "machine" else ""
    return _answer(content, FORMS[form], _named(episode, form, writer))


def _render(episode: Episode, form: str) -> str:
    """Render what was said. Raises NotFoundError without a transcript, Conflict if it is broken."""
    archive = catalogue().archive
    try:
        transcript = holdings.transcript(archive, episode.key)
    except RadioError as error:
        log.warning("%s", error)
        raise Conflict from error
    if transcript is None:
        raise NotFoundError(f"{episode.key}: no transcript yet")
    if form in SIMPLE:
        return SIMPLE[form](transcript)
    show, evidence = archive.show(episode.show), read_evidence(archive, episode.key)
    if form == "html":  # a page that stands alone, with its style inside
        own = url_for("pages.episode", show=episode.show, slug=episode.slug)
        return render_template(
            "transcript.html",
            episode=episode,
            show=show,
            status=authorship(transcript, evidence),
            blocks=list(lay_out(transcript.cues, chapters=chapters_of(archive, episode).parts)),
            # One that is taken away leads to the public address, if any.
            page=quoted_address(episode.key) if _use() == "download" else own,
            style=Markup(_style()),  # noqa: S704
        )
    judged = replace(transcript, note=judge(transcript, evidence))
    return alone(show, episode, judged, quoted_address(episode.key))


def _style() -> str:
    return render_template("transcript.css").strip()


def _named(episode: Episode, suffix: str, writer: str = "") -> str:
    """Name what is kept as a file. This may fail, so that nothing is open yet meanwhile."""
    return attachment(episode, suffix, writer) if _use() == "download" else ""


def attachment(episode: Episode, suffix: str, writer: str = "") -> str:
    """Name a download as people name files, and as old programs can (RFC 6266)."""
    name = quote(file_name(catalogue().archive.show(episode.show), episode), safe="")
    end = f"{writer}.{suffix}"
    return f"attachment; filename=\"{episode.slug}{end}\"; filename*=UTF-8''{name}{end}"
