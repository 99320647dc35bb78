"""What strangers ask for and write: errors give nothing away, hostile words are only words."""

import random
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.episode import Person, Show
from radio.system.errors import SearchError
from radio.text.transcript import Cue
from tests.samples import SHOW, STREET
from tests.tables import for_each
from tests.visits import words
from tests.web.desks import signed_in
from tests.web.views import site
from tests.web.views.site import CANARY, MEDIA, PAGE, Canned, make_episode, visit, write_transcript

NOWHERE = ["/nope", "/static/nope", "/media/nope/nope.mp3", "/media/nope/show.json"]
NOWHERE += [f"/shows/{each}" for each in ("nope/", "NOPE/x", f"{SHOW}/nope", f"{SHOW}/show")]
NAMES = ("nope.json", "nope.jpg", f"{STREET}.jpg", f"{STREET}.ogg")


@for_each("address", [*NOWHERE, *(f"/media/{SHOW}/{name}" for name in NAMES)])
def test_what_is_not_there_is_searched_for(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    words(response, 404, "Cette page n’existe pas")
    assert 'role="search"' in response.text
    assert response.headers["Cache-Control"] == "no-store"


def test_logged_errors_betray_nothing(archive: Archive, caplog: pytest.LogCaptureFixture) -> None:
    client = visit(archive, Canned(SearchError(f"/srv/{CANARY}: broken")))
    response = client.get("/search?q=secretquery")
    words(response, 503, "Quelque chose s’est mal passé")
    assert CANARY not in response.text and CANARY in caplog.text
    assert "secretquery" not in caplog.text


def test_who_uses_another_method_learns_which_are_allowed(app: Flask, client: FlaskClient) -> None:
    rules = [each for each in app.url_map.iter_rules() if not each.arguments]
    assert len(rules) > 30
    for address in sorted({each.rule for each in rules} | {f"/shows/{SHOW}/", PAGE}):
        answer = client.delete(address)
        assert answer.status_code == 405, address
        allowed = set(filter(None, (answer.headers.get("Allow") or "").split(", ")))
        assert allowed and allowed <= {"GET", "HEAD", "POST", "OPTIONS"}, address
        assert "POST" not in allowed or address.startswith("/desk"), address
        for method in ("GET", "HEAD", "POST", "PUT"):
            is_allowed = client.open(address, method=method).status_code != 405
            assert is_allowed == (method in allowed), (method, address)


HOSTILE = "<script>alert('x')</script>\"'&<img src=//evil.example/x>"


def test_hostile_words_are_only_words(archive: Archive, index: Canned, client: FlaskClient) -> None:
    archive.write_show(Show(SHOW, HOSTILE, HOSTILE, HOSTILE, HOSTILE))
    make_episode(archive, STREET, HOSTILE, description=HOSTILE, people=(Person(HOSTILE, HOSTILE),))
    note = {"status": "machine", "engine": HOSTILE, "model": HOSTILE, "date": HOSTILE}
    write_transcript(archive, STREET, [Cue(0, 5, HOSTILE, "Someone")], **note)
    make_episode(archive, "2024-04-16-retire", HOSTILE, status="withdrawn", reason=HOSTILE)
    index.answer = site.hits(site.found(STREET, ((HOSTILE, False), (HOSTILE, True)), title=HOSTILE))
    addresses = ["/", f"/shows/{SHOW}/", f"{PAGE}?t=1", f"/shows/{SHOW}/2024-04-16-retire"]
    for address in [*addresses, "/search?q=" + quote(HOSTILE), "/" + quote(HOSTILE)]:
        page = client.get(address).text
        assert "<script>" not in page and "<img src=//" not in page, address
        assert re.findall("<img[^>]*src=[^>]*>", page) == re.findall(site.COVER, page)
    name = client.get(f"{MEDIA}?download=1").headers["Content-Disposition"].split("''")[1]
    assert re.fullmatch(r"[\w.%~-]+", name)


UPS = ["..", "%2e%2e", "%252e%252e", ".%2e", "%c0%ae%c0%ae", "．．", "..%00", "....", "."]
SLASHES = ["/", "%2f", "%252f", "%5c", "\\", "//", "/./", "%c0%af"]
ENDS = ["secret.txt", "show.json", "archive/secret.txt", "app.py", "x" * 5000, "link.mp3"]
ENDS += [f"{STREET}.mp3%00.txt", f"{STREET}.json", ".hidden.mp3"]
STARTS = ["/media/", "/download/", "/transcripts/", "/static/", "/shows/", "/", "/media//"]
STARTS += [f"/media/{SHOW}/", f"/transcripts/{SHOW}/", f"/shows/{SHOW}/", "/static/../"]


def evil_paths(count: int, secret: Path, starts: list[str]) -> Iterator[str]:
    chance = random.Random(15)
    pick, ends = chance.choice, [str(secret).lstrip("/"), *ENDS]
    for _ in range(count):
        steps = (pick(UPS) + pick(SLASHES) for _ in range(chance.randrange(1, 9)))
        yield "".join((pick(starts), *steps, pick(ends), pick(["", ".vtt", "%00"])))


@pytest.fixture
def secret(archive: Archive, tmp_path: Path) -> Path:
    secret = tmp_path / "secret.txt"
    for place in (secret, archive.root / "secret.txt", archive.media / SHOW / ".hidden.mp3"):
        place.write_text(CANARY, encoding="utf-8")
    return secret


@pytest.mark.long
def test_2000_paths_stay_inside(client: FlaskClient, secret: Path) -> None:
    for path in evil_paths(2000, secret, STARTS):
        response = client.get(path)
        assert response.status_code in (400, 404), path
        assert CANARY not in response.text and "def create_app" not in response.text, path


def routes(app: Flask) -> list[str]:
    """What stands before each part of an address that changes."""
    named = {"show": SHOW, "slug": STREET, "key": f"{SHOW}/{STREET}"}
    found = list[str]()
    for rule in app.url_map.iter_rules():
        start = ""
        for literal, name in re.findall(r"([^<]*)<(?:[^:>]*:)?(\w+)>", rule.rule):
            found.append(start + literal)
            start += literal + named.get(name, "1")
    return sorted(set(found))


@pytest.mark.long
@pytest.mark.torture
def test_2000_paths_of_every_route_stay_inside(archive: Archive, app: Flask, secret: Path) -> None:
    """As a keeper asks for them, to whom the desk opens, too. It takes minutes."""
    client, starts = signed_in(archive), routes(app)
    assert len(starts) > 60
    for start in starts:
        for path in evil_paths(2000, secret, [start]):
            response = client.get(path)
            assert response.status_code < 500, path
            assert CANARY not in response.text and "def create_app" not in response.text, path


def test_absolute_addresses_come_from_the_setting_alone(archive: Archive) -> None:
    public = visit(archive, Canned(), "https://radio.example/")
    evil = public.get(PAGE, headers={"Host": "evil.example"})
    assert "evil.example" not in evil.text + str(evil.headers)
    assert f'<link rel="canonical" href="https://radio.example{PAGE}">' in evil.text
    assert "Strict-Transport-Security" not in evil.headers
    ours = public.get("/", headers={"Host": "radio.example"})
    assert ours.headers["Strict-Transport-Security"] == "max-age=31536000"
