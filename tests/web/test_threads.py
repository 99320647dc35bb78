"""Threads: a keeper makes one of passages, and listeners hear it, read it and take it away."""

from dataclasses import replace
from html import unescape
from pathlib import Path

import pypdfium2
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from radio.actions.pseudonymising import Replacement, put_pseudonym
from radio.actions.renaming import rename_episode
from radio.archive import Archive, journal
from radio.archive.protection import Redaction
from radio.archive.rights import Rights
from radio.search import Index
from radio.static_site.export import export
from radio.system.disk import write_whole
from radio.text.transcript import Cue
from radio.web.site import create_app
from radio.work import recipes
from radio.work.recipes import BOOKS
from tests.books.shelf import BASE, judge, pages
from tests.books.shelf import words as text_of
from tests.described import ask
from tests.heard import write_cues
from tests.processes import command
from tests.recipes import make
from tests.samples import CITY, MEMORY, STREET, put_all
from tests.visits import faults, text, wait_until
from tests.web.desks import OWN, form_of, hidden, listening, signed_in
from tests.web.sites import visit

FIRST, SECOND, LAST = (f"emission/{each}" for each in (STREET, CITY, MEMORY))
SAID = ("La rue écoute.", "Elle n’oublie rien.", "Personne ne l’a voulu,", "sauf la mairie.")
LINES = (
    f"https://radio.example/shows/{FIRST}?q=rue&t=0.5#t Au début, une rue.",
    f"{SECOND} 0:03",
    f"{LAST} 0:03-0:12 Puis Zoé Zimmermann s’en mêle.",
    f"{FIRST} 0:09.5 Et la rue revient.",
    f"/shows/{SECOND}?t=0,6 Pour finir.",
)
ALL = "\n\n".join(LINES)
SEWN = {"title": "Huit ans de rue", "author": "Zoé Zimmermann", "passages": ALL}
HEARD = (0, 3), (3, 6), (3, 12), (6, 12), (0, 6)  # seconds
LATE = """const now = fetch;
window.fetch = async (...asked) => {
  await new Promise((done) => setTimeout(done, 2000));
  return now(...asked);
};"""
ADDRESS = "/threads/huit-ans-de-rue"
MADE = "/download/dossiers/threads/huit-ans-de-rue"


@pytest.fixture
def told(archive: Archive) -> Archive:
    """Three shows, in each of which four lines are said: three sentences."""
    put_all(archive, STREET, CITY, MEMORY)
    for key in (FIRST, SECOND, LAST):
        name = key[-4:]  # no two say the same
        cues = (Cue(3.0 * n, 3.0 * n + 3, f"{name}\u00a0: {it}") for n, it in enumerate(SAID))
        write_cues(archive, key, *cues, status="reread")
    return archive


def post(client: FlaskClient, here: str = "/desk/threads", **fields: str) -> tuple[int, str]:
    asked = hidden(client.get(here)) | fields
    answer = client.post("/desk/threads", data=asked, headers=OWN)
    return answer.status_code, text(answer)


def sew(archive: Archive) -> None:
    assert post(signed_in(archive), **SEWN)[0] == 303


def spans(page: str) -> list[tuple[float, float]]:
    found = (each.split('"') for each in page.split('data-from="')[1:])
    return [(float(start), float(end)) for start, _, end, *_ in found]


def test_a_keeper_makes_changes_and_removes_a_thread_at_the_desk(told: Archive) -> None:
    client = signed_in(told)
    for number, line in enumerate(("x", f"{FIRST} 9:59", "emission/rien 0:01", f"{FIRST} x"), 1):
        lines = [*[LINES[0]] * (number - 1), line, *LINES]
        code, answer = post(client, **SEWN | {"passages": "\n".join(lines)})
        assert code == 422 and f"passage {number}\u00a0:" in answer.replace(" :", "\u00a0:")
    assert "il y en a 4" in post(client, **SEWN | {"passages": "\n".join(LINES[1:])})[1]
    assert not (told.root / "threads.json").exists()
    assert post(client, **SEWN)[0] == 303
    page, home = client.get(ADDRESS).text, client.get("/").text
    assert spans(page) == [*HEARD]
    assert 'href="/desk/threads?number=1">Modifier</a>' in page
    assert "Puis Zoé Zimmermann s’en mêle." in page and "Et la rue revient." in page
    assert f'href="{ADDRESS}">Huit ans de rue</a>' in home and "Au début, une rue." in home
    assert f'href="/shows/{FIRST}?t=0#listen"' in home
    assert f'href="{ADDRESS}"' in client.get("/catalogue").text
    assert "Huit ans de rue" in text(client.get("/desk/")) and "fil" in text(client.get("/desk/"))
    shown = client.get("/desk/threads?number=1").text
    known = form_of(shown, after='id="form"')
    assert known["title"] == ["Huit ans de rue"] and known["passages"][0].count("\n\n") == 4
    changed = {"title": "Neuf ans", "author": "Zoé", "passages": unescape(known["passages"][0])}
    assert post(client, "/desk/threads?number=1", **changed)[0] == 303
    page = client.get(ADDRESS).text
    assert "Neuf ans" in page and spans(page) == [*HEARD]  # where it was, of the same passages
    assert post(client, "/desk/threads?number=1", act="remove")[0] == 303
    assert client.get(ADDRESS).status_code == 404 and ADDRESS not in client.get("/").text
    command(told, "undo")
    assert "Neuf ans" in client.get(ADDRESS).text
    file = told.root / "fil.txt"
    file.write_text(command(told, "text", "threads", "huit-ans-de-rue").stdout, encoding="utf-8")
    named = ("--title", "Neuf ans", "--author", "Léa", "--passages", str(file))
    command(told, "text", "threads", *named)
    assert "huit-ans-de-rue  Neuf ans  Zoé" in command(told, "text", "threads").stdout
    assert spans(client.get("/threads/neuf-ans").text) == [*HEARD]
    command(told, "text", "threads", "neuf-ans", "--remove")
    assert client.get("/threads/neuf-ans").status_code == 404
    assert "thread" in {each.what for each in journal.entries(told.root)}


@pytest.mark.long
def test_what_is_withdrawn_leaves_page_queue_and_books(
    told: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipes, "missing_booklets", lambda *_: [])
    monkeypatch.setattr(recipes, "missing_plans", lambda *_: [])
    sew(told)

    def read(name: str) -> tuple[str, list[tuple[float, float]], str, str, str]:
        assert make(told, BOOKS, base_url=BASE) == []
        client = create_app(told, Index(told), base_url=BASE).test_client()
        page, book = client.get(ADDRESS).text, tmp_path / f"{name}.epub"
        book.write_bytes(client.get(f"{MADE}.epub").data)
        in_book = " ".join(text_of(it) for n, it in pages(book).items() if n.endswith("xhtml"))
        sheets = pypdfium2.PdfDocument(client.get(f"{MADE}.pdf").data)
        printed = " ".join(each.get_textpage().get_text_range() for each in sheets)
        assert f"{BASE}{ADDRESS}" in client.get("/sitemap.xml").text
        entries = ask(client, f"/api/v1{ADDRESS}", schema="Dossier")["entries"]
        in_api = " ".join(it["text"] for each in entries for it in each["sentences"])
        return page, spans(page), in_book, " ".join(printed.split()), in_api

    page, heard, *others = read("whole")
    assert "No errors or warnings detected" in judge(tmp_path / "whole.epub")
    assert heard == [*HEARD] and "data-ordered" in page
    for each in (page, *others):
        assert all(f"{key[-4:]}" in each for key in (FIRST, SECOND, LAST))
    assert "Huit ans de rue" in others[0] and "Un fil de Zoé Zimmermann" in others[0]
    assert others[0].index("Au début, une rue.") < others[0].index("Et la rue revient.")
    write_cues(told, FIRST, Cue(0, 3, "Corrigé depuis."), Cue(6, 12, "Non."), status="reread")
    told.write_episode(replace(told.episode(SECOND), status="withdrawn"))
    page, heard, *others = read("less")
    assert heard == [HEARD[0], HEARD[2], HEARD[3]]
    for each in (page, *others):
        assert f"{SECOND[-4:]}\u00a0:" not in each and "Corrigé depuis." in each
        assert "Pour finir." not in each
    known = told.episode(LAST)
    for refused in (
        replace(known, redactions=(Redaction(11.0, 11.5),)),
        replace(known, rights=Rights(listen=False)),
    ):
        told.write_episode(refused)
        assert spans(visit(told).get(ADDRESS).text) == [HEARD[0], HEARD[3]]
    told.write_episode(known)
    rename_episode(told, LAST, "2024-03-20-autre")
    put_pseudonym(told, Index(told), (), Replacement("Zoé Zimmermann", "Camille"))
    page = visit(told).get(ADDRESS).text
    assert "Puis Camille s’en mêle." in page and "Un fil de Camille" in page
    assert spans(page) == [HEARD[0], HEARD[2], HEARD[3]]
    export(told, tmp_path / "site")
    page = (tmp_path / "site" / ADDRESS[1:] / "index.html").read_text("utf-8")
    assert "Corrigé depuis." in page and "../../shows/emission/2024-03-20-autre.html?t=3" in page
    assert ADDRESS[1:] in (tmp_path / "site" / "index.html").read_text("utf-8")
    write_whole(told.root / "threads.json", b'{"version": 1, "threads": [{"title": "..", "x"')
    assert visit(told).get("/").status_code == 200


@pytest.fixture
def address(told: Archive) -> str:
    sew(told)
    return f"http://127.0.0.1:{listening(create_app(told, Index(told)))}{ADDRESS}"


@pytest.mark.long
def test_all_is_heard_in_the_order_of_its_author(page: Page, plain: Page, address: str) -> None:
    page.add_init_script(LATE)  # what follows a passage is not heard while the next one is awaited
    page.goto(address)
    page.locator("#all").focus()
    page.keyboard.press("Enter")
    for number, (start, end) in enumerate(HEARD, 1):
        expect(page.locator(".passage span")).to_have_text(f"Passage {number} sur 5")
        lit = page.locator(".sewn > li").nth(number - 1)
        expect(lit).to_have_attribute("aria-current", "true")
        stands = f"{start} <= audio.currentTime && audio.currentTime < {end}"
        wait_until(page, f"return !audio.paused && {stands}")
        page.evaluate(f"document.querySelector('audio').currentTime = {end} - 0.3")
    expect(page.locator(".passage")).to_have_count(0)
    assert faults(page) == ""
    plain.goto(address)
    ways = plain.locator("#passages audio")
    expect(ways).to_have_count(5)
    assert str(ways.nth(2).get_attribute("src")).endswith(f"{MEMORY}.mp3#t=3,12")
    plain.locator("#all").click()
    assert plain.url.endswith("#passages")
