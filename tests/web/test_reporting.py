"""Who meets an error can tell somebody, and what they write names the place."""

import json
import shutil
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from werkzeug.exceptions import ServiceUnavailable

from radio.archive import Archive
from radio.archive.episode import Show
from radio.search import Index
from radio.system.errors import ArchiveError
from radio.web.site import create_app
from tests.processes import running
from tests.samples import CITY, STREET, put, street
from tests.visits import Links, text, wait_until
from tests.web import sites

HERE = "https://radio.example"
PAGE = f"/shows/emission/{STREET}"


def tell(archive: Archive, **site: str) -> None:
    (archive.root / "site.json").write_text(json.dumps(site), encoding="utf-8")


def visit(archive: Archive) -> FlaskClient:
    return create_app(archive, Index(archive), base_url=HERE).test_client()


def letter(page: str) -> tuple[str, str, list[str]]:
    (link,) = {link for link in Links(page).found if "subject=" in link}
    parts = urlsplit(link)
    assert parts.scheme == "mailto"
    assert "\n" not in link and "+" not in link
    asked = parse_qs(parts.query, keep_blank_values=True)
    assert asked.keys() == {"subject", "body"}
    return unquote(parts.path), asked["subject"][0], asked["body"][0].split("\r\n")


@pytest.fixture
def told(archive: Archive) -> Archive:
    put(archive, STREET, title="L’été\r\nBcc: x@evil.example & « ça »")
    tell(archive, contact="radio+site@radio.example")
    return archive


def test_an_error_is_told_with_its_second_and_sentence(told: Archive) -> None:
    mail, subject, lines = letter(visit(told).get(f"{PAGE}?t=1").text)
    assert mail == "radio+site@radio.example"
    assert subject == "Une erreur dans « L’été Bcc: x@evil.example & « ça » »"
    assert lines[1] == f"À 0:00 : « Bonjour, voici {STREET}. »"
    assert lines[2].startswith(f"{HERE}{PAGE}?t=")


def test_the_contact_of_the_show_goes_first(told: Archive) -> None:
    told.write_show(Show("emission", "Émission", contact="collectif@dio.example"))
    assert letter(visit(told).get(PAGE).text)[0] == "collectif@dio.example"
    told.write_show(Show("emission", "Émission", contact="https://dio.example/ecrire"))
    page = visit(told).get(PAGE).text
    assert 'href="https://dio.example/ecrire"' in page
    told.write_show(Show("emission", "Émission", contact="javascript:alert(1)"))
    page = visit(told).get(PAGE).text
    assert "javascript" not in page
    assert letter(page)[0] == "radio+site@radio.example"


def test_without_a_contact_nothing_is_promised(archive: Archive) -> None:
    put(archive, STREET)
    client = visit(archive)
    for path in (PAGE, "/search?q=introuvable", "/nope"):
        assert "Écrivez-nous" not in client.get(path).text


def test_who_finds_nothing_can_say_what_is_missing(told: Archive) -> None:
    client = sites.visit(told, HERE)
    _, subject, _ = letter(client.get("/search?q=zzyzx").text)
    assert subject == "Recherche sans résultat : « zzyzx »"


def test_people_are_named_while_the_disk_is_away(told: Archive) -> None:
    tell(told, contact="radio@radio.example", legal="Tenu par **nous**.")
    client = visit(told)
    assert client.get("/").status_code == 200
    shutil.move(told.root, told.root.with_name("away"))
    for path, code in (("/nope", 404), ("/shows/emission/", 404), ("/legal", 200)):
        answer = client.get(path)
        assert answer.status_code == code
        assert "radio@radio.example" in text(answer)
        assert 'href="/legal"' in answer.text
        assert path != "/legal" or "Tenu par" in answer.text


def test_a_page_that_fails_names_people(told: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(told, contact="radio@radio.example", legal="Tenu par <nous>.")
    client = visit(told)

    def refuse(*_: object, **_values: object) -> None:
        raise ServiceUnavailable

    def fail(*_: object, **_values: object) -> None:
        raise ArchiveError("disk on fire")

    monkeypatch.setitem(client.application.view_functions, "pages.home", refuse)
    monkeypatch.setattr("radio.web.site.render_template", fail)
    busy, broken = client.get("/"), client.get("/nope")
    assert (busy.status_code, bool(busy.headers["Retry-After"])) == (503, True)
    for answer in (busy, broken):
        assert 'href="mailto:radio@radio.example"' in answer.text
        assert "<h2>Mentions légales</h2><p>Tenu par &lt;nous&gt;.</p>" in answer.text


def test_what_is_heard_is_what_is_told(browser: Browser, tmp_path: Path) -> None:
    archive = street(tmp_path)
    tell(archive, contact="radio@radio.example")
    put(archive, CITY)
    with running("serve", "--root", str(tmp_path)) as site, browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site}/shows/emission/{CITY}")
        page.evaluate("document.querySelector('audio').currentTime = 1")
        wait_until(page, "return audio.currentTime === 1;")
        link = page.get_by_role("link", name="Write to us")
        link.focus()
        lines = parse_qs(urlsplit(link.get_attribute("href") or "").query)["body"][0].split("\r\n")
    assert lines[1] == f"At 0:01: “Bonjour, voici {CITY}.”"
    assert lines[2].endswith(f"/shows/emission/{CITY}?t=1")
