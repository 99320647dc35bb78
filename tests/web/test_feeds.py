"""Subscribing to the site: feeds that are asked again and again, their pages, OPML, chapters."""

import dataclasses
import datetime as dt
import os
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

import feedparser
import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.episode import Audio, Episode, Show, render_episode
from radio.search import Index
from tests.tables import for_each
from tests.web.sites import visit

SITE = "https://radio.example"
FEED = "/shows/emission/feed.xml"
FEEDS = (FEED, "/feed.xml")


def episode(day: dt.date, title: str = "Titre", show: str = "emission") -> Episode:
    slug = f"{day}-x"
    audio = Audio(f"{slug}.mp3", "00" * 32, 1234, "audio/mpeg", 61.0)
    return Episode(show, slug, title, day, audio, f"guid-{show}-{slug}")


def put(archive: Archive, *episodes: Episode) -> None:
    """Write sidecars, without the audio that no feed reads."""
    for each in episodes:
        archive.sidecar_path(each.key).write_bytes(render_episode(each))


def days(count: int) -> Iterator[dt.date]:
    return (dt.date(2000, 1, 1) + dt.timedelta(day) for day in range(count))


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    made = Archive(tmp_path / "archive")
    made.create()
    made.write_show(Show("emission", "Émission", station="Radio Dio"))
    made.write_show(Show("autre", "Autre émission", station="Radio Dio"))
    put(made, *map(episode, days(3)))
    put(made, episode(dt.date(2000, 1, 2), "Ailleurs", "autre"))
    return made


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    return visit(archive, SITE)


def titles(client: FlaskClient, address: str) -> list[str]:
    read = feedparser.parse(client.get(address).data)
    assert not read.bozo
    return [entry.title for entry in read.entries]


def tag(client: FlaskClient, address: str = FEED) -> str:
    return client.get(address).headers["ETag"]


def asked_again(client: FlaskClient, etag: str, address: str = FEED) -> int:
    return client.get(address, headers={"If-None-Match": etag}).status_code


def test_the_feed_of_all_shows_has_them_all_by_day_in_every_language(client: FlaskClient) -> None:
    assert titles(client, "/feed.xml") == ["Titre", "Ailleurs", "Titre", "Titre"]
    assert "<title>Radio Dio, les archives</title>" in client.get("/feed.xml").text
    english = client.get("/feed.xml?lang=en", headers={"Accept-Language": "en"})
    assert english.data == client.get("/feed.xml", headers={"Accept-Language": "fr"}).data
    assert "lang=" not in english.text


def test_an_embargo_that_ends_changes_the_feed(
    archive: Archive, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    day, until = dt.date(2002, 1, 2), dt.datetime.now() + dt.timedelta(hours=1)
    put(archive, dataclasses.replace(episode(day), status="embargoed", until=until))
    etag = tag(client)
    monkeypatch.setattr("radio.archive.holdings.datetime", SimpleNamespace(now=lambda: until))
    assert asked_again(client, etag) == 200
    assert len(titles(client, FEED)) == 4


@for_each("address", [*FEEDS, "/shows.opml", "/publisher.xml"])
def test_who_has_it_is_told_so_and_no_host_is_repeated(client: FlaskClient, address: str) -> None:
    first = client.get(address, headers={"Host": "evil.example"})
    assert "evil.example" not in first.text + str(first.headers)
    assert f"{SITE}/shows/emission/" in first.text
    assert "Last-Modified" not in first.headers
    etag = first.headers["ETag"]
    for given in ("{}", '"a", {}, W/"b"', "W/{}", "*"):
        response = client.get(address, headers={"If-None-Match": given.format(etag)})
        assert (response.status_code, response.data) == (304, b""), given
        assert response.headers["ETag"] == etag
    assert asked_again(client, '"a", "b"', address) == 200


@for_each("seconds", [-3600, 3600])
def test_who_asks_again_costs_no_look_at_every_sidecar(archive: Archive, seconds: int) -> None:
    """Neither where a clock was wrong: a folder may come from the future, and be settled."""
    then = time.time() + seconds
    for place in (*archive.media.glob("*/show.json"), *archive.media.iterdir()):
        os.utime(place, (then, then))
    stamps, client = Archive.sidecar_stamps, visit(archive, SITE)
    with patch.object(Archive, "sidecar_stamps", autospec=True, side_effect=stamps) as look:
        for _ in range(2):  # each sidecar that is read for the first time is a change
            tags = {address: tag(client, address) for address in FEEDS}
        first = look.call_count
        for _ in range(10):
            assert {asked_again(client, tags[address], address) for address in FEEDS} == {304}
        assert look.call_count == first > 0


def test_what_changes_here_alone_is_given_at_once(archive: Archive, client: FlaskClient) -> None:
    etag = tag(client)
    archive.write_episode(episode(dt.date(2000, 1, 5), show="autre"))
    archive.vtt_path("emission/x").parent.mkdir()
    archive.checkpoint_path("emission/2000-01-01-x").write_text("{}")
    assert asked_again(client, etag) == 304
    archive.write_episode(episode(dt.date(2000, 1, 1), "Autre titre"))
    assert asked_again(client, etag) == 200
    assert "Autre titre" in titles(client, FEED)
    etag = tag(client)
    path = archive.sidecar_path("emission/2000-01-01-x")
    path.write_bytes(path.read_bytes().replace(b"Autre", b"Un dernier"))  # by an editor, in place
    os.utime(path, ns=(1, 1))
    Index(archive).refresh()  # as the server does every few seconds
    assert asked_again(client, etag) == 200
    assert "Un dernier titre" in titles(client, FEED)
    etag = tag(client, "/feed.xml")
    (archive.root / "site.json").write_text('{"name": "Mémoire des ondes"}', encoding="utf-8")
    assert asked_again(client, etag, "/feed.xml") == 200
    etag = tag(client)
    archive.write_show(Show("emission", "Renommée"))
    assert asked_again(client, etag) == 200
    etag = tag(client)
    archive.sidecar_path("emission/2000-01-01-x").unlink()
    assert asked_again(client, etag) == 200
