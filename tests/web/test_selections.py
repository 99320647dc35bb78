"""What is taken away of a search: the passages of a page as an EPUB, or on sheets with codes."""

from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from flask.testing import FlaskClient
from playwright.sync_api import Page

from radio.books.epub import MIME
from radio.text.transcript import clock
from tests.books.shelf import BASE, pages
from tests.books.shelf import words as text_of
from tests.search.episodes import SHOW, begun, put
from tests.tables import for_each
from tests.visits import answer_by, faults
from tests.web.sites import visit

HIDDEN = "2024-04-01-retire"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    folder = Path(tmp_path_factory.mktemp("selections"))
    made = begun(folder, "La <Machine>", license="CC BY-SA 4.0")
    for month in range(1, 13):
        said = ("Un tramway passe.", *["Il pleut."] * 20, "Le tramway <b> & nous.")
        put(made, f"2023-{month:02d}-01-tram", *said)
    put(made, HIDDEN, "Un tramway tramway.", status="withdrawn")
    return visit(made, BASE)


def test_a_book_holds_the_page_and_leads_to_seconds(client: FlaskClient, tmp_path: Path) -> None:
    answer = client.get("/search.epub?q=tramway")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == (MIME, "no-store")
    assert 'filename="tramway.epub"' in answer.headers["Content-Disposition"]
    book = tmp_path / "tramway.epub"
    book.write_bytes(answer.data)
    found = pages(book)
    about = text_of(found["about.xhtml"]).replace("\u00a0", " ")
    told = ["Ce qui est dit de « tramway »", "Épisodes : 10, sur 12 trouvés."]
    for each in (*told, "Licence : CC BY-SA 4.0", f"{BASE}/search?q=tramway"):
        assert each in about
    assert len([name for name in found if name.startswith("text-")]) <= 30
    links = [each.get("href") for each in found["text-0001.xhtml"].iter() if each.get("href")]
    assert any((link or "").startswith(f"{BASE}/shows/{SHOW}/2023-") for link in links)
    assert HIDDEN not in "".join(map(text_of, found.values()))


@for_each("address", ["/search.epub", "/search/sheets"])
@for_each("query", ["", "zzzz", "§§§", "avant:2030", "x" * 5000, "\x00"])
def test_where_nothing_is_said_none_is_taken(client: FlaskClient, address: str, query: str) -> None:
    assert client.get(address, query_string={"q": query}).status_code == 404
    assert client.get(f"{address}?q=tramway&page=99").status_code == 404
    assert client.get(f"{address}?q=tramway&show=rien").status_code == 404


def test_paper_codes_open_a_second(client: FlaskClient, page: Page, tmp_path: Path) -> None:
    answer_by(client, page, BASE)
    page.goto(f"{BASE}/search/sheets?q=tramway&sort=oldest")
    assert faults(page) == ""
    times = page.locator(".second .time").all_inner_texts()
    page.pdf(path=tmp_path / "sheets.pdf", prefer_css_page_size=True)
    codes = list[str]()
    for sheet in pypdfium2.PdfDocument(tmp_path / "sheets.pdf"):
        assert [round(side / 72 * 25.4) for side in sheet.get_size()] == [148, 210]
        found = zxingcpp.read_barcodes(sheet.render(scale=3).to_numpy())
        codes += [each.text for each in sorted(found, key=lambda it: it.position.top_left.y)]
    assert codes[0] == f"{BASE}/shows/{SHOW}/2023-01-01-tram?t=0"
    assert [clock(float(code.partition("?t=")[2])) for code in codes] == times
