"""Who meets an error can tell somebody, and what they write names the place."""

import json
import shutil
from unittest.mock import Mock
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.sync_api import Browser
from werkzeug.exceptions import ServiceUnavailable

from radio.archive import Archive
from radio.archive.episode import Show
from radio.system.errors import ArchiveError
from tests.processes import running
from tests.samples import STREET, put
from tests.visits import Links, wait_until
from tests.web.sites import visit

HERE = "https://radio.example"
PAGE = f"/shows/emission/{STREET}"


def tell(archive: Archive, **site: str) -> None:
    (archive.root / "site.json").write_text(json.dumps(site), encoding="utf-8")


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


def test_an_error_is_told_with_its_sentence_and_nothing_found_with_its_words(told: Archive) -> None:
    client = visit(told, HERE)
    mail, subject, lines = letter(client.get(f"{PAGE}?t=1").text)
    assert mail == "radio+site@radio.example"
    assert subject == "Une erreur dans « L’été Bcc: x@evil.example & « ça » »"
    assert lines[1] == f"À 0:00 : « Bonjour, voici {STREET}. »"
    assert lines[2].startswith(f"{HERE}{PAGE}?t=")
    _, subject, _ = letter(client.get("/search?q=zzyzx").text)
    assert subject == "Recherche sans résultat : « zzyzx »"


def test_the_contact_of_the_show_goes_first(told: Archive) -> None:
    def page(contact: str) -> str:
        told.write_show(Show("emission", "Émission", contact=contact))
        return client.get(PAGE).text

    client = visit(told, HERE)
    assert letter(page("collectif@dio.example"))[0] == "collectif@dio.example"
    assert 'href="https://dio.example/ecrire"' in page("https://dio.example/ecrire")
    shown = page("javascript:alert(1)")
    assert "javascript" not in shown
    assert letter(shown)[0] == "radio+site@radio.example"


def test_without_a_contact_nothing_is_promised(archive: Archive) -> None:
    put(archive, STREET)
    client = visit(archive, HERE)
    for path in (PAGE, "/search?q=introuvable", "/nope"):
        assert "Écrivez-nous" not in client.get(path).text
    assert "Ce site n’indique pas d’adresse" in client.get(PAGE).text


def test_people_are_named_while_the_disk_is_away(told: Archive) -> None:
    tell(told, contact="radio@radio.example", legal="Tenu par **nous**.")
    client = visit(told, HERE)
    assert client.get("/").status_code == 200
    shutil.move(told.root, told.root.with_name("away"))
    for path, code in (("/nope", 404), ("/shows/emission/", 404), ("/legal", 200)):
        answer = client.get(path)
        assert answer.status_code == code
        assert "mailto:radio@radio.example" in answer.text
        assert 'href="/legal"' in answer.text
        assert path != "/legal" or "Tenu par" in answer.text


def test_a_page_that_fails_names_people(told: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(told, contact="radio@radio.example", legal="Tenu par <nous>.")
    client, busy = visit(told, HERE), Mock(side_effect=ServiceUnavailable)
    monkeypatch.setitem(client.application.view_functions, "pages.home", busy)
    fail = Mock(side_effect=ArchiveError("disk on fire"))
    monkeypatch.setattr("radio.web.site.render_template", fail)
    home, broken = client.get("/"), client.get("/nope")
    assert (home.status_code, bool(home.headers["Retry-After"])) == (503, True)
    for answer in (home, broken):
        assert 'href="mailto:radio@radio.example"' in answer.text
        assert "<h2>Mentions légales</h2><p>Tenu par &lt;nous&gt;.</p>" in answer.text


def test_what_is_heard_is_what_is_told(browser: Browser, told: Archive) -> None:
    root = str(told.root)
    with (
        running("serve", "--root", root, idle=root) as site,
        browser.new_context(locale="en-US") as context,
    ):
        page = context.new_page()
        page.goto(site + PAGE)
        page.evaluate("document.querySelector('audio').currentTime = 1")
        wait_until(page, "return audio.currentTime === 1;")
        page.get_by_role("link", name="Write to us").focus()
        _, _, lines = letter(page.locator(".report").last.inner_html())
        assert lines[1] == f"At 0:01: “Bonjour, voici {STREET}.”"
        assert lines[2] == f"{site}{PAGE}?t=1"
        page.evaluate("getSelection().selectAllChildren(document.querySelector('.cue'))")
        page.locator("#pick a").dispatch_event("pointerdown")
        _, _, lines = letter(page.locator(".report").last.inner_html())
    assert lines[2] == f"{site}{PAGE}?t=0", "what is selected goes before what is heard"
