"""A recording at an address comes in whole, with what belongs to it, or its loss is told."""

import io
import json
import logging
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pytest import LogCaptureFixture

from radio.archive import Archive
from radio.archive.paths import source_text
from radio.formats.podcast_json import read_chapters, read_segments
from radio.ingest.arrival import KEPT_DAYS, readable, take
from radio.ingest.description import Arrival, Description
from radio.system.connection.fetch import Web
from radio.system.errors import ArchiveError, AudioError, GoneError, NoAnswerError, RadioError
from radio.text.chapters import Chapter
from tests.ingest.site import Page, Site
from tests.tables import for_each

ODD: tuple[object, ...] = (-1, "1", None, True, [], 10**400)
CHAPTERS = {
    "version": "1.2.0",
    "chapters": [
        {"startTime": 2.5, "title": " La\nsuite "},
        {"startTime": 0, "title": "Début"},
        {"startTime": 1, "title": "caché", "toc": False},
        *({"startTime": odd, "title": "x"} for odd in ODD),
        *({"startTime": 1, "title": odd} for odd in ("", 3, None)),
        "x",
    ],
}
SPOKEN = {"startTime": 1, "endTime": 2, "speaker": "Camille", "body": "Bonjour --> <b>"}
ODD_SPOKEN = {"startTime": 3, "endTime": 1, "body": "fin\ud800"}
SEGMENTS = {"version": "1.0.0", "segments": [SPOKEN, ODD_SPOKEN]}


def hold(site: Site, cuts: Sequence[int] = (), **files: bytes) -> None:
    """Have a site hold files; of each answer it sends so many bytes, as long as `cuts` tells."""
    left = list(cuts)

    def answer(path: str) -> Page:
        content = files.get(path.strip("/").partition(".")[0])
        if content is None:
            return 404, {}, b""
        asked = site.asked[-1][1].get("Range", "bytes=0-")
        have, whole = int(asked.removeprefix("bytes=").partition("-")[0]), len(content)
        head = {"ETag": '"1"', "Last-Modified": "Tue, 16 Jan 2024 20:00:00 GMT"}
        head["Content-Range"] = f"bytes {have}-{whole - 1}/{whole}"
        head["Content-Length"] = str(whole - have)
        sent = content[have : have + left.pop(0)] if left else content[have:]
        return 206 if have else 200, head, sent

    site.otherwise = answer


def left(archive: Archive) -> list[str]:
    return sorted(path.name for path in (archive.cache / "arrivals").rglob("*"))


def test_a_recording_comes_with_its_picture_text_and_chapters(
    archive: Archive, sounds: dict[str, Path], site: Site, web: Web
) -> None:
    texts = {"chapters": json.dumps(CHAPTERS).encode(), "text": json.dumps(SEGMENTS).encode()}
    Image.new("RGB", (20, 20), "#cc3300").save(picture := io.BytesIO(), "PNG")
    hold(site, sound=sounds[".mp3"].read_bytes(), picture=picture.getvalue(), **texts)
    name, at = "Émission du jour.MP3", site.address
    beside: Any = {"picture": f"{at}/picture", "chapters": f"{at}/chapters.json"}
    beside["texts"] = (f"{at}/missing.vtt", f"{at}/text.json")
    arrival = Arrival(f"{at}/sound.mp3?token=1", name, Description(title="Un jour"), **beside)
    episode = take(archive, web, arrival, "emission")
    assert archive.audio_path(episode).read_bytes() == sounds[".mp3"].read_bytes()
    assert (episode.title, episode.source.url) == ("Un jour", arrival.place)
    assert episode.source.original_name == name
    assert episode.chapters == (Chapter(0.0, "Début"), Chapter(2.5, "La suite"))
    with Image.open(archive.media / "emission" / episode.image) as image:
        assert (image.format, image.size) == ("JPEG", (20, 20))
    text = (archive.root / source_text(episode.key, ".vtt")).read_text()
    assert "<v Camille>Bonjour --&gt; &lt;b&gt;" in text
    assert left(archive) == []


def test_a_cut_run_goes_on_and_what_fails_beside_a_recording_costs_a_warning(
    archive: Archive, sounds: dict[str, Path], site: Site, web: Web, caplog: LogCaptureFixture
) -> None:
    content = sounds[".mp3"].read_bytes()
    hold(site, [1000, 1000, 1000], sound=content, page=b"<html>404</html>", zeros=bytes(99))
    page, texts = f"{site.address}/page", ("http://127.0.0.2/x", f"{site.address}/zeros")
    sound = f"{site.address}/sound.mp3"
    arrival = Arrival(sound, "a.mp3", picture=page, texts=texts, chapters=page)
    with pytest.raises(NoAnswerError, match="before the end"):
        take(archive, web, arrival, "emission")
    with caplog.at_level(logging.WARNING):
        episode = take(archive, web, arrival, "emission")
    assert archive.audio_path(episode).read_bytes() == content
    (asked,) = (head["Range"] for path, head in site.asked[3:] if path == "/sound.mp3")
    assert asked == "bytes=3000-"
    assert left(archive) == []
    assert (episode.image, episode.chapters) == ("", ())
    told = [record.getMessage() for record in caplog.records]
    addresses = ("page", "127.0.0.2", "zeros", "page")
    assert all(address in each for address, each in zip(addresses, told, strict=True))


def test_what_is_there_already_gone_or_no_sound_leaves_nothing_and_leftovers_go(
    archive: Archive, sounds: dict[str, Path], site: Site, web: Web
) -> None:
    hold(site, sound=sounds[".mp3"].read_bytes(), page=b"<html>Not found</html>" * 99)
    for name, days in (("old", KEPT_DAYS + 1), ("young", KEPT_DAYS - 1)):
        folder = archive.cache / "arrivals" / name
        folder.mkdir(parents=True)
        (folder / "part").write_bytes(b"x")
        then = time.time() - days * 86400
        os.utime(folder, (then, then))
    episode = take(archive, web, Arrival(f"{site.address}/sound.mp3", ""), "emission")
    assert left(archive) == ["part", "young"]
    for name, kind, told in (
        ("sound.mp3?again", ArchiveError, "the same recording as"),
        ("gone.mp3", GoneError, "no longer there"),
        ("page.mp3", AudioError, rf"^{site.address}/page.mp3: "),
    ):
        with pytest.raises(kind, match=told):
            take(archive, web, Arrival(f"{site.address}/{name}", "a.mp3"), "emission")
    assert left(archive) == ["part", "young"]
    assert (episode.date.isoformat(), episode.date_sure) == ("2024-01-16", False)  # of the server


@for_each(
    ("content", "suffix"),
    [
        (b"\xef\xbb\xbfWEBVTT\n\n", ".vtt"),
        (b"1\n00:00:01,000 --> 00:00:02,000\nA\n", ".srt"),
        (b"Bonjour.\n", ".txt"),
        (b"\n<!DOCTYPE html><p>Bonjour", ".html"),
        (json.dumps(SEGMENTS).encode(), ".vtt"),
        (b'{"segments": []}', None),
        (b"{" * 99999, None),
        (b"\x89PNG\r\n\x1a\n\0\0", None),
    ],
)
def test_the_kind_of_a_text_is_told_by_its_content(content: bytes, suffix: str | None) -> None:
    found = readable(content, "https://radio.example/text")
    assert (found and found[0]) == suffix


@for_each("content", [b"", b"[]", b"{}", b"[" * 99999, b'{"chapters": 3}', b"\xff", b"null"])
def test_json_that_is_none_of_ours(content: bytes) -> None:
    for read in (read_chapters, read_segments):
        try:
            assert not read(content, "x")
        except RadioError as error:
            assert str(error).startswith("x: no")
