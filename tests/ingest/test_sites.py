"""Sites with JSON of their own: what they keep of an episode comes in, each recording once."""

import contextlib
import datetime as dt
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from radio.archive.episode import Link
from radio.ingest import sites
from radio.ingest.description import Arrival, Day
from radio.ingest.folders import Left
from radio.system.connection.fetch import Web
from radio.system.errors import ReaderError
from tests.ingest.site import Page, Site, parted
from tests.samples import ROOT
from tests.tables import for_each

SITES = ROOT / "tests" / "data" / "sites"
PODCAST = (SITES / "podcast.json").read_text(encoding="utf-8")
ITEM = (SITES / "item.json").read_bytes()
ABOUT = json.loads(ITEM)["metadata"]
SON = {"name": "son.mp3", "source": "original", "format": "?", "size": "1000"}


def podcast(number: int) -> dict[str, object]:
    told: dict[str, object] = json.loads(PODCAST.replace("NUMBER", str(number)))
    return told | {"id": number}


def test_all_of_an_audioblog_comes_in(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites, "API", site.address)
    blog = [podcast(number) for number in range(1, 74)]
    blog[3]["file_url"] = None  # withdrawn by its author

    def answer(path: str) -> Page:
        offset, number = map(int, path.split("/")[-2:])
        listed = blog[offset : offset + number]
        return json.dumps([{"podcast": each, "stats": {"plays": 3}} for each in listed]).encode()

    site.otherwise = answer
    address = "https://audioblog.arteradio.com/blog/275449/nos-transports"
    taken, left = parted(sites.arrivals(Web(), address))
    assert len(taken) == 72
    place = "https://audioblog.arteradio.com/blog/275449/podcast/4"
    assert left == [Left(place, "no recording in it")]
    said = taken[0].said
    assert taken[0].place.endswith("/275449/1/son%201.mp3")
    assert taken[0].name == "son 1.mp3"
    assert (said.title, said.text) == ("Ligne 1 & retour", "Dans le *bus*.")
    assert said.day == Day(dt.date(2021, 11, 26))
    assert (said.tags, said.producers) == (("bus", "transport"), ("Zeïneb Grimbert",))
    assert said.page == "https://audioblog.arteradio.com/blog/275449/podcast/1"
    assert len({each.said.guid for each in taken}) == 72


def test_one_podcast_of_an_audioblog_comes_in(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites, "API", site.address)
    site.pages["/node/7?_format=json"] = json.dumps(podcast(7)).encode()
    for address in ("embed/7", "blog/275449/podcast/7/ligne-7"):
        (found,) = sites.arrivals(Web(), f"https://audioblog.arteradio.com/{address}")
        assert isinstance(found, Arrival)
        assert found.said.title == "Ligne 7 & retour"


def test_archive_org_gives_uploads_of_an_item(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites, "ARCHIVE", site.address)
    site.pages["/metadata/radio-dio-2019"] = ITEM
    page = sites.read_item(ITEM, f"{site.address}/metadata/radio-dio-2019")
    second, first = page.arrivals
    assert (first.name, second.name) == ("Émission 1.wav", "2.flac")
    place = f"{site.address}/download/radio-dio-2019"
    assert first.place == f"{place}/%C3%89mission%201.wav"
    assert first.texts == (f"{place}/%C3%89mission%201.vtt",)
    assert first.picture == f"{place}/cover.jpg"
    assert (first.size, second.size) == (9000, 4000)
    assert first.said.title == "La Machine à découdre – La rue"
    assert second.said.title == "La Machine à découdre – 2"
    assert first.said.day == Day(dt.date(2019, 3, 1), "month")
    assert first.said.text == "Deux émissions."
    assert first.said.producers == ("Le collectif", "Radio Dio")
    assert first.said.tags == ("radio", "surveillance")
    assert first.said.links == (Link(ABOUT["licenseurl"], "Licence"),)
    place = "https://archive.org/details/radio-dio-2019/2.flac"
    taken, _left = parted(sites.arrivals(Web(), place))
    assert [each.name for each in taken] == ["2.flac", "Émission 1.wav"]


@for_each(
    ("place", "query"),
    [
        ("details/radio-dio", "collection:radio-dio AND mediatype:audio"),
        ("search?query=creator%3A%22A+B%22&sort=-date", '(creator:"A B") AND mediatype:audio'),
    ],
)
def test_a_collection_and_a_search_of_archive_org_come_in(
    site: Site, monkeypatch: pytest.MonkeyPatch, place: str, query: str
) -> None:
    monkeypatch.setattr(sites, "ARCHIVE", site.address)
    about = {"identifier": "radio-dio", "mediatype": "collection", "title": "Radio Dio"}
    site.pages["/metadata/radio-dio"] = json.dumps({"metadata": about, "files": []}).encode()
    for number in (1, 2, 4):
        item = {"metadata": {**ABOUT, "identifier": f"e{number}"}, "files": [SON]}
        site.pages[f"/metadata/e{number}"] = json.dumps(item).encode()
    site.pages["/metadata/e3"] = b"{}"  # taken down

    def answer(path: str) -> Page:
        asked = parse_qs(urlsplit(path).query)
        assert asked["q"] == [query]
        if "cursor" in asked:
            return json.dumps({"items": [{"identifier": "e3"}, {"identifier": "e4"}]}).encode()
        first = [{"identifier": "e1"}, {"identifier": "e2"}]
        return json.dumps({"items": first, "cursor": "W3s", "total": 4}).encode()

    site.otherwise = answer
    taken, (left,) = parted(sites.arrivals(Web(), f"https://archive.org/{place}"))
    assert [each.said.guid for each in taken] == ["e1/son.mp3", "e2/son.mp3", "e4/son.mp3"]
    assert left.path == f"{site.address}/metadata/e3"


@for_each("content", [b"", b"<html>", b"[" * 100_000, b"[1, null]", b'{"a": 1e999}'])
def test_what_is_no_such_json_is_told(content: bytes) -> None:
    for read in (sites.read_blog, sites.read_item):
        with contextlib.suppress(ReaderError):
            assert read(content, "https://archive.org/metadata/x").arrivals == ()
