"""The books of dossiers: made beforehand, given at once, gone with what they quote."""

import dataclasses
import os
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive, holdings
from radio.archive.dossier import Subject
from radio.archive.episode import Person, Show
from radio.books import dossiers, excerpts
from radio.books.dossiers import find_books, make_books, states_now
from radio.derived import cache
from radio.search import Index
from radio.static_site.export import export
from radio.system.errors import ArchiveError
from radio.web.site import create_app
from radio.work import recipes
from radio.work.recipes import BOOKS
from tests.books.shelf import BASE, CLEAN, codes, judge, pages
from tests.books.shelf import words as text_of
from tests.recipes import make
from tests.search.debate import speak
from tests.search.episodes import SHOW, put

NOE, TRAM = "/download/dossiers/people/noe", "/download/dossiers/themes/tramway"
DEBATE = f"{SHOW}/2024-03-10-debat"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Two debates, and a theme that is said in three episodes; all books but booklets are made."""
    made = Archive(Path(tmp_path_factory.mktemp("dossiers")))
    made.create()
    made.write_show(Show(SHOW, "La Machine", license="CC BY-SA 4.0"))
    people = (Person("Noé"), Person("Audrey"))
    speak(made, put(made, "2024-03-10-debat", people=people))
    speak(made, put(made, "2024-04-10-relu", people=people[:1]), "reread")
    for month in range(1, 4):
        said = [f"{each} passe. " + "Il pleut. " * 100 for each in ("Un tramway", "Rien") * 3]
        put(made, f"2020-0{month}-01-tram", *said, tags=("tramway <&>",))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recipes, "missing_booklets", lambda *_: [])  # of episodes: seconds for each
        assert make(made, BOOKS, base_url=BASE) == []
        assert make(made, BOOKS, -1.0, BASE) == [], "nothing is missing"
        yield made


@pytest.fixture(scope="module")
def index(made: Archive) -> Index:
    return Index(made)


@pytest.fixture(scope="module")
def client(made: Archive, index: Index) -> FlaskClient:
    return create_app(made, index, base_url=BASE).test_client()


def make_one(made: Archive, index: Index, subject: Subject) -> None:
    tell = partial(index.dossiers.dossier, subject)
    make_books(made, subject, index.dossiers.outline(subject), tell, BASE)


def test_the_page_offers_both_and_says_what_they_hold(client: FlaskClient) -> None:
    page = client.get("/people/noe").text.replace("\u00a0", " ")
    assert f'href="{NOE}.epub">Livre numérique (EPUB), <span>le texte sans le son, ' in page
    assert f'href="{NOE}.pdf">Livret (PDF), <span>à imprimer, ' in page
    answer = client.get(f"{NOE}.epub")
    assert answer.mimetype == "application/epub+zip"
    assert 'filename="noe.epub"' in answer.headers["Content-Disposition"]
    etag = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(f"{NOE}.epub", headers=etag).status_code == 304
    part = client.get(f"{NOE}.pdf", headers={"Range": "bytes=0-4"})
    assert (part.status_code, part.data) == (206, b"%PDF-")


def test_every_time_of_the_book_leads_to_its_second(client: FlaskClient, tmp_path: Path) -> None:
    book = tmp_path / "noe.epub"
    book.write_bytes(client.get(f"{NOE}.epub").data)
    found = pages(book)
    told = ("Ce qu’en disent les archives, 2024", "sans le son", "CC BY-SA 4.0")
    for words in (*told, f"{BASE}/people/noe"):
        assert words in text_of(found["about.xhtml"])
    page = found["text-0001.xhtml"]
    links = [each for each in page.iter() if each.get("class") == "time"]
    led = [(each.text, (each.get("href") or "").partition("?t=")[2]) for each in links]
    assert led == [("0:00", "0"), ("0:10", "10"), ("0:20", "20")]
    assert "tu oublies la Commission" in text_of(page)
    assert not [name for name in found if name.endswith(".smil")]


@pytest.mark.torture
@pytest.mark.long
def test_the_judge_finds_nothing(client: FlaskClient, tmp_path: Path) -> None:
    book = tmp_path / "book.epub"
    book.write_bytes(client.get(f"{TRAM}.epub").data)
    said = judge(book)
    assert CLEAN in said, said
    contents = text_of(pages(book)["nav.xhtml"])
    assert "Titre 2020-01-01-tram (0:00)Titre 2020-01-01-tram (0:10)" in contents


def test_every_code_of_the_booklet_opens_its_second(client: FlaskClient) -> None:
    said = ((month, second) for month in range(1, 4) for second in (0, 10, 20))
    wanted = [f"{BASE}/shows/{SHOW}/2020-0{month}-01-tram?t={second}" for month, second in said]
    assert sorted(codes(client.get(f"{TRAM}.pdf").data)) == wanted


def test_a_book_holds_a_fair_share_of_what_is_too_much(made: Archive, index: Index) -> None:
    subject = index.dossiers.find("theme", "tramway")
    assert subject
    lines, tell = index.dossiers.outline(subject), partial(index.dossiers.dossier, subject)
    found, last = (excerpts.passages_of(lines, tell, most) for most in (7, 2))
    assert ([len(each) for each in found.seconds.values()], found.is_whole) == ([2] * 3, False)
    assert list(last.seconds) == [each.key for each in lines[-2:]]
    book = excerpts.gather(made, subject, found, BASE)
    assert book
    assert "Passages\u00a0: 6. Épisodes\u00a0: 3." in book.note
    assert "d’autres" in book.note


def test_the_site_as_files_takes_along_what_is_made(made: Archive, tmp_path: Path) -> None:
    site = tmp_path / "site"
    export(made, site, books_url=BASE)
    page = (site / "people/noe/index.html").read_text(encoding="utf-8")
    for link in ("../../books/people/noe.epub", "../../books/people/noe.pdf"):
        assert f'href="{link}"' in page
        assert (site / "people/noe" / link).stat().st_size > 1000
    assert export(made, site, books_url=BASE).written == 0
    export(made, site)
    assert not list(site.glob("books/**/*.*"))
    assert "books/" not in (site / "people/noe/index.html").read_text(encoding="utf-8")


def test_what_is_withdrawn_takes_books_that_quote_it(made: Archive, client: FlaskClient) -> None:
    episode = made.episode(DEBATE)
    made.write_episode(dataclasses.replace(episode, status="withdrawn"))
    try:
        assert {client.get(f"{NOE}{end}").status_code for end in (".epub", ".pdf")} == {404}
        assert "Livret (PDF)" not in client.get("/people/noe").text
        assert "Livret (PDF)" in client.get("/themes/tramway").text
        cache.forget(made, holdings.public_keys(made))
        left = {path.stem for path in (made.cache / "dossiers").rglob("*.*")}
        assert left == {"tramway"}
    finally:
        made.write_episode(episode)


def test_what_was_withdrawn_while_it_was_made_is_not_kept(
    made: Archive, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject, episode = index.dossiers.find("person", "noe"), made.episode(DEBATE)
    assert subject

    def withdraw(_book: object, place: Path) -> None:
        place.write_bytes(b"%PDF")
        made.write_episode(dataclasses.replace(episode, status="withdrawn"))

    monkeypatch.setattr(dossiers, "write_booklet", withdraw)
    try:
        with pytest.raises(ArchiveError, match="changed in the meantime"):
            make_one(made, index, subject)
    finally:
        made.write_episode(episode)
    assert "pdf" not in find_books(made, subject, BASE, states_now(made))
    assert [path.name for path in (made.cache / "dossiers").glob("person/.*")] == []


def test_a_text_that_was_corrected_is_quoted_anew_and_what_is_new_after_a_day(
    made: Archive, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dossiers, "is_installed", lambda: False)
    subject = index.dossiers.find("theme", "tramway")
    assert subject
    key = f"{SHOW}/2020-01-01-tram"

    def is_missing() -> bool:
        outline = partial(index.dossiers.outline, subject)
        return dossiers.is_missing(made, subject, outline, BASE, states_now(made))

    make_one(made, index, subject)
    assert not is_missing()
    text = made.vtt_path(key).read_text()
    made.vtt_path(key).write_text(text.replace("pleut", "pleuvait"))
    assert is_missing()
    assert "epub" not in find_books(made, subject, BASE, states_now(made))
    index.refresh()
    make_one(made, index, subject)
    assert not is_missing()
    put(made, "2020-06-01-tram", "Encore un tramway.")
    index.refresh()
    assert not is_missing(), "what is quoted stands"
    note = made.cache / "dossiers" / "theme" / "tramway.json"
    os.utime(note, (time.time() - 90_000, time.time() - 90_000))
    assert is_missing()
