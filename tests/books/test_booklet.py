"""The booklet to print: A5 pages whose codes open the second, for where there is no network."""

import dataclasses
import re
import zlib
from pathlib import Path

import pypdfium2
import pytest
from flask.testing import FlaskClient
from PIL import Image

from radio.archive import Archive, holdings
from radio.archive.episode import Episode
from radio.books import cache
from radio.books.book import book_of, read_part
from radio.books.booklet import write_booklet
from radio.books.cache import make_booklet, missing_booklets, missing_plans
from radio.derived.cache import BOOKS as PLANS
from radio.derived.cache import forget
from radio.derived.chapters import sidecar_chapters
from radio.derived.recipe import Remaining
from radio.static_site.export import export
from radio.system.errors import RadioError, WithdrawnError
from radio.text.transcript import Cue
from radio.work.recipes import BOOKS
from tests.books.shelf import BASE, CHAPTERS, CUES, codes, say, strange
from tests.processes import command
from tests.recipes import make

WORDS = "La phrase numéro {} dit quelque chose."
LONG = tuple(Cue(26.0 + n / 2, 26.4 + n / 2, WORDS.format(n)) for n in range(60))


@pytest.fixture(scope="module")
def booklet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    archive = Archive(tmp_path_factory.mktemp("booklet"))
    archive.create()
    episode = strange(archive)
    say(archive, episode, (*CUES[:3], *LONG))
    return write(archive, episode, archive.root)


def write(archive: Archive, episode: Episode, folder: Path) -> Path:
    book = book_of(archive, read_part(archive, episode, sidecar_chapters(episode), BASE))
    assert bool(book.given) == bool(episode.image)
    write_booklet(book, folder / "booklet.pdf")
    return folder / "booklet.pdf"


def text(booklet: Path) -> str:
    pages = (page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(booklet))
    return " ".join("\n".join(pages).split()).replace("\u00a0", " ")


def test_each_code_opens_its_second(booklet: Path) -> None:
    found = list(codes(booklet))
    address = f"{BASE}/shows/emission/2024-01-16-les-micros-de-la-rue?t="
    assert all(each.startswith(address) for each in found)
    seconds = [int(each.removeprefix(address)) for each in found]
    assert seconds[:2] == [int(cue.start) for cue in (CUES[0], LONG[0])]
    assert seconds == sorted(seconds)
    assert len(seconds) >= 4  # and again every few paragraphs


def test_its_a5_pages_carry_letters_all_that_is_said_and_who_answers_for_it(booklet: Path) -> None:
    document = pypdfium2.PdfDocument(booklet)
    sizes = [[round(side / 72 * 25.4) for side in page.get_size()] for page in document]
    assert sizes == [[148, 210]] * len(sizes)
    assert document.get_metadata_value("Title").startswith("Qui écoute <la ville> & « nous »")
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", booklet.read_bytes(), re.DOTALL)
    packed = (each for each in streams if each.startswith(b"x"))
    content = b"".join(zlib.decompressobj().decompress(each) for each in packed)
    for told in (b"pdfuaid", b"/MarkInfo <</Marked true>>", b"/FontFile2"):
        assert told in content  # tagged, for screen readers, and with its font
    said = text(booklet).replace("\ufffe", "")  # where a word is hyphenated
    for words in (
        "Transcription automatique, non relue (base, 3 mai 2026)",
        "Licence : CC BY-SA 4.0",
        "Musique, 0:12",
        "dure 12 000 secondes, ou presque ? <Oui> & non.",
        "Camille",
        CHAPTERS[1].title,
        "à partir de radio.example, texte du",
        "sha256",
        "radio.example/shows/emission/2024-01-16-les-micros-de-la-rue",
    ):
        assert words in said, words
    assert len(re.findall(r"La phrase numéro \d+", said)) == len(LONG)


def test_the_booklet_is_offered_once_it_is_made_and_gone_when_withdrawn(
    archive: Archive, client: FlaskClient, tmp_path: Path
) -> None:
    episode = strange(archive)
    page, address = f"/shows/{episode.key}", f"/download/{episode.key}.pdf"
    assert client.get(address).status_code == 404
    assert address not in client.get(page).text
    assert missing_booklets(archive, BASE) == [episode]
    command(archive, "index", "--booklets", RADIO_BASE_URL=BASE)
    assert missing_booklets(archive, BASE) == []
    assert address in client.get(page).text
    response = client.get(address)
    assert response.mimetype == "application/pdf"
    assert response.data.startswith(b"%PDF-1.7")
    export(archive, tmp_path / "site", books_url=BASE)
    booklet = tmp_path / "site" / "books/shows" / f"{episode.key}.pdf"
    assert booklet.read_bytes().startswith(b"%PDF-1.7")
    link = f"../../books/shows/{episode.key}.pdf"
    assert link in (tmp_path / f"site/shows/{episode.key}.html").read_text(encoding="utf-8")
    say(archive, episode, CUES[:2])  # somebody corrects it
    assert client.get(address).status_code == 404
    archive.write_episode(dataclasses.replace(episode, status="withdrawn"))
    assert client.get(address).status_code == 410
    forget(archive, holdings.public_keys(archive))
    assert list((archive.cache / "booklets").rglob("*.*")) == []


def test_nobody_waits_for_the_plan_of_a_book_that_the_site_had_time_to_make(
    archive: Archive, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    episode, planned = strange(archive), list[object]()
    assert missing_plans(archive, BASE) == [episode]
    assert Remaining(2) in make(archive, BOOKS, -1.0, BASE), "no time is left"
    assert make(archive, BOOKS, base_url=BASE) == []
    assert missing_plans(archive, BASE) == []
    monkeypatch.setattr(cache, "plan_epub", lambda *given: planned.append(given))
    assert client.get(f"/download/{episode.key}.epub").data.startswith(b"PK")
    assert not planned
    say(archive, episode, CUES[:2])  # somebody corrects it
    assert missing_plans(archive, BASE) == [episode]
    monkeypatch.setattr(cache, "BOOKS", dataclasses.replace(PLANS, room=1))
    assert missing_plans(archive, BASE) == [], "what listeners asked for would have to go"


def test_withdrawn_books_do_not_stay(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    episode = strange(archive)

    def withdraw(_book: object, place: Path) -> None:
        place.write_bytes(b"%PDF")
        archive.write_episode(dataclasses.replace(episode, status="withdrawn"))

    monkeypatch.setattr(cache, "write_booklet", withdraw)
    with pytest.raises(WithdrawnError):
        make_booklet(archive, episode, sidecar_chapters(episode), BASE)
    assert [path for path in (archive.cache / "booklets").rglob("*") if path.is_file()] == []


def test_where_nothing_makes_pdf_the_site_offers_none_and_the_command_says_what_to_install(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    episode = strange(archive)
    monkeypatch.setattr("radio.books.booklet.importlib.util.find_spec", lambda _name: None)
    assert missing_booklets(archive, BASE) == []
    with pytest.raises(RadioError, match=r"radio-archive\[books\]"):
        write(archive, episode, tmp_path)


def _draw(kind: str, path: Path) -> None:
    """Write a drawing of a secret picture, a bomb, or a picture that also holds other bytes."""
    if kind == "bomb":
        Image.new("1", (20_000, 8_000)).save(path, "PNG")
    else:
        color = "blue" if kind == "talkative" else "red"
        Image.new("RGB", (64, 64), color).save(path, "JPEG", comment=b"not for listeners")
    if kind == "drawing":
        secret = path.rename(path.with_name("secret.jpg"))
        drawing = f'<image href="{secret.as_uri()}" width="9" height="9"/>'
        path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg">{drawing}</svg>')


@pytest.mark.parametrize("kind", ["drawing", "bomb", "talkative"])
def test_no_picture_from_elsewhere_is_read_where_booklets_are_made(
    kind: str, archive: Archive, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    episode = strange(archive, image="2024-01-16-les-micros-de-la-rue.jpg")
    _draw(kind, archive.audio_path(episode).with_suffix(".jpg"))
    booklet = write(archive, episode, tmp_path)
    assert b"not for listeners" not in booklet.read_bytes()
    cover = pypdfium2.PdfDocument(booklet)[0].render(scale=1).to_pil()
    red, green, blue = cover.resize((1, 1), box=(50, 50, 300, 300)).getpixel((0, 0))
    assert (blue > 200 and red < 50) == (kind == "talkative"), (red, green, blue)
    assert not (red > 200 and green < 50)
    assert ("left out of the booklet" in caplog.text) == (kind != "talkative")
