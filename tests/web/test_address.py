"""What the site says of its own address, and that it says none where nobody gave one."""

import itertools
import os
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from tests.processes import call, running
from tests.samples import STREET
from tests.web.sites import visit

PAGE = f"/shows/emission/{STREET}"
ELSEWHERE = (
    *(
        "/feed.xml",
        "/shows/emission/feed.xml",
        "/search.xml?q=bonjour",
        "/shows.opml",
        "/publisher.xml",
    ),
    *("/sitemap.xml", "/opensearch.xml", "/search.m3u?q=bonjour", "/search.xspf?q=bonjour"),
    f"/oembed?url=http://localhost{PAGE}",
)
HOSTS = ("localhost", "127.0.0.1:8000", "evil.example", os.uname().nodename)


@pytest.fixture
def unnamed(stocked: Archive) -> FlaskClient:
    return visit(stocked)


def test_a_feed_without_an_address_asks_for_it_and_names_no_machine(unnamed: FlaskClient) -> None:
    for path, host in itertools.product(ELSEWHERE, HOSTS):
        answer = unnamed.get(path, headers={"Host": host})
        assert answer.status_code == 503
        assert "RADIO_BASE_URL=https://" in answer.text
        assert "no-store" in answer.headers["Cache-Control"]
        assert "http://" not in answer.text
        assert host not in answer.text


def test_a_page_without_an_address_names_no_machine(unnamed: FlaskClient) -> None:
    pages = ["/", PAGE, f"{PAGE}?t=1", f"/share/emission/{STREET}?t=1", "/robots.txt"]
    pages += ["/catalogue.csv", "/catalogue.jsonl", "/search/words.csv?q=bonjour", "/fixity"]
    pages += [f"/cite/emission/{STREET}.{form}?t=1" for form in ("txt", "bib", "json", "xml")]
    for path in pages:
        answer = unnamed.get(path, headers={"Host": "machine.example"})
        assert answer.status_code == 200
        assert "machine.example" not in answer.text + str(answer.headers)
        assert "localhost" not in answer.text
    said = unnamed.get(f"/cite/emission/{STREET}.txt?t=1").text
    assert said.endswith("16 janvier 2024, 00:00:00.\n")
    assert f",{PAGE}," in unnamed.get("/catalogue.csv").text


@pytest.mark.long
def test_serving_without_an_address_says_what_will_lack(stocked: Archive, tmp_path: Path) -> None:
    said = tmp_path / "said"
    with (
        said.open("wb") as output,
        running("serve", "--root", str(stocked.root), base_url="", output=output),
    ):
        pass
    assert b"RADIO_BASE_URL is not set" in said.read_bytes()


def test_an_address_that_is_none_is_refused_at_the_start(stocked: Archive) -> None:
    for address in ("radio.example", "ftp://radio.example", "https://a.example/é"):
        done = call("serve", "--root", str(stocked.root), check=False, RADIO_BASE_URL=address)
        assert done.returncode == 1
        assert done.stderr.startswith("radio: RADIO_BASE_URL: ")
        assert len(done.stderr.splitlines()) == 1
