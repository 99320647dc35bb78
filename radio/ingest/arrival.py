"""A recording at an address: fetched to the archive's own disk, then taken as any file is. It is
fetched into `cache/arrivals/`, where the next run continues; what nobody continues is swept. Its
picture, texts and chapters come with it; failures of these cost a warning."""

import contextlib
import email.utils
import logging
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.derived import covers
from radio.formats.podcast_json import read_chapters, read_segments
from radio.ingest import extractors, files
from radio.ingest.description import Arrival, Description
from radio.ingest.folders import LARGEST_TEXT
from radio.ingest.names import file_name, folder_name
from radio.ingest.recordings import Known, Recordings
from radio.system.connection.fetch import Web
from radio.system.connection.place import is_address
from radio.system.disk import explained, keep, write_whole
from radio.system.errors import GoneError, RadioError, TwinError, warned
from radio.system.messages import _, reworded
from radio.system.progress import Progress, part_of, silent
from radio.text.transcript import render_vtt

KEPT_DAYS = 14  # for a download that was cut, until it is swept
LARGEST_PICTURE, LARGEST_CHAPTERS = 32 << 20, 1 << 20  # bytes

SAMPLE = 4096  # bytes of a text, which tell what it is
CAPTIONS, MARKUP = b"-->", (b"<!doctype", b"<html", b"<p", b"<div", b"<body")

log = logging.getLogger(__name__)


def take_new(
    archive: Archive,
    web: Web,
    arrival: Arrival,
    show: str,
    known: Known,
    progress: Progress = silent,
) -> Episode:
    """Take a recording, and note in `known` that it is here; raises as `take` does."""
    try:
        episode = take(archive, web, arrival, show, progress, known.recordings)
    except TwinError as error:
        known.add_twin(arrival, error)
        raise
    known.add(arrival, episode.key)
    return episode


def take(
    archive: Archive,
    web: Web,
    arrival: Arrival,
    show: str,
    progress: Progress = silent,
    recordings: Recordings | None = None,
) -> Episode:
    """Take a recording into a show, be it a file here or at an address. Raises GoneError if it is
    no longer there, NoAnswerError if it can't be had, and what `files.ingest` raises."""
    if arrival.is_page:
        arrival = extractors.resolve(arrival)
    if not is_address(arrival.place):
        path = Path(arrival.place)
        return files.ingest(archive, path, show, arrival.said, progress, None, recordings)
    with archive.lock("arrivals"):  # two runs would write to one part
        folder = _folder(archive, arrival.place)
        path = _fetched(web, arrival, folder, part_of(progress, 0.0, 0.5))
    said, picture = _accompany(web, arrival, path)
    taking = part_of(progress, 0.5, 0.5)
    try:
        episode = files.ingest(archive, path, show, said, taking, picture, recordings)
    except RadioError as error:
        message = reworded(error, str(path), arrival.place)
        if str(folder) not in message:  # it may name the text that came with it
            shutil.rmtree(folder, ignore_errors=True)
        raise type(error)(message) from error
    shutil.rmtree(folder, ignore_errors=True)
    return episode


def _folder(archive: Archive, address: str) -> Path:
    """Give the folder of an address, and sweep those that nobody continued."""
    arrivals = archive.cache / "arrivals"
    oldest = time.time() - KEPT_DAYS * 86400
    folder = arrivals / folder_name(address)
    with explained(arrivals):
        folder.mkdir(parents=True, exist_ok=True)
        for each in arrivals.iterdir():
            if each != folder and each.lstat().st_mtime < oldest:
                shutil.rmtree(each, ignore_errors=True)
        os.utime(folder)
    return folder


def _fetched(web: Web, arrival: Arrival, folder: Path, progress: Progress) -> Path:
    """Fetch the recording, unless the last run did and was killed before it was taken."""
    name = arrival.name or unquote(PurePosixPath(urlsplit(arrival.place).path).name)
    path, part = folder / "sound" / file_name(name), folder / "part"
    if path.exists():
        return path
    answer = web.download(arrival.place, part, progress)
    if answer.status != 200:
        shutil.rmtree(folder, ignore_errors=True)
        message = _("{address} : n’y est plus ({status})")
        raise GoneError(message, address=arrival.place, status=answer.status)
    with contextlib.suppress(ValueError, TypeError, OverflowError, OSError):
        changed = email.utils.parsedate_to_datetime(answer.headers.get("Last-Modified", ""))
        os.utime(part, (changed.timestamp(), changed.timestamp()))  # a guess, if nothing else tells
    with explained(path):
        path.parent.mkdir(exist_ok=True)
    keep(part, path)
    return path


def _accompany(web: Web, arrival: Arrival, path: Path) -> tuple[Description, bytes | None]:
    """Fetch chapters, text and picture; the picture is made small in a child."""
    said = replace(arrival.said, url=arrival.said.url or arrival.place)
    picture = None
    with warned():
        address = "" if said.chapters else arrival.chapters
        if content := _fetch_extra(web, address, LARGEST_CHAPTERS):
            said = replace(said, chapters=read_chapters(content, arrival.chapters))
    for address in arrival.texts:
        content = _fetch_extra(web, address, LARGEST_TEXT)
        if found := readable(content, address) if content else None:
            write_whole(path.with_suffix(found[0]), found[1])
            break
    try:
        content = _fetch_extra(web, arrival.picture, LARGEST_PICTURE)
        picture = covers.redrawn(content) if content else None
    except RadioError as error:
        log.warning(_("%s : image laissée de côté : %s"), arrival.picture, error)
    return said, picture


def _fetch_extra(web: Web, address: str, limit: int) -> bytes | None:
    with warned():
        answer = web.read(address, limit) if address else None
        if answer and answer.status == 200:
            return answer.content
        if answer:
            log.warning(_("%s : n’y est plus ; laissé de côté"), address)
    return None


def readable(content: bytes, address: str) -> tuple[str, bytes] | None:
    """Make of a transcript what may lie beside a recording, with its suffix; None if it is none."""
    head = content[:SAMPLE].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"{"):
        with warned():
            return ".vtt", render_vtt(read_segments(content, address)).encode()
        return None
    if b"\0" in head:
        log.warning(_("%s : pas un texte ; laissé de côté"), address)
        return None
    if head.startswith(b"WEBVTT"):
        return ".vtt", content
    is_page = head.lower().startswith(MARKUP)
    return ".html" if is_page else ".srt" if CAPTIONS in head else ".txt", content
