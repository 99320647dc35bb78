"""The report of a year: its figures, its page, its table."""

import csv
import datetime as dt
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from radio.archive import Archive
from radio.archive.episode import Person, Show, Source
from radio.archive.protection import Protection
from radio.books.annual import COLUMNS, figures_of, render_page, render_programmes, summary
from radio.system.messages import speaking
from radio.system.words import words_of
from radio.text.transcript import Cue
from tests.heard import write_cues
from tests.processes import command
from tests.samples import CITY, MEMORY, STREET, put
from tests.visits import text
from tests.web.desks import signed_in

FRENCH, ENGLISH = words_of("fr"), words_of("en")


@pytest.fixture
def year(archive: Archive) -> Archive:
    archive.write_show(Show("emission", "<Émission>", station="Radio Dio", producers=("Halte",)))
    told: dict[str, Any] = {"title": "=Rue & <b>ville</b>", "tags": ("Ville", "eau")}
    told |= {"people": (Person("Camille"), Person("camille")), "playlist": ("Un",)}
    first = put(archive, STREET, source=Source(retrieved="2024-05-01T10:00:00"), **told)
    archive.write_episode(replace(first, audio=replace(first.audio, duration=3600.0)))
    gone: dict[str, Any] = {"status": "withdrawn", "reason": "x", "playlist": ("Retirée",)}
    put(archive, CITY, tags=("ville",), people=(Person("Noé"),), **gone)
    put(archive, MEMORY, tags=("ville",), people=(Person("Noé"),), producers=("La Quadrature",))
    (archive.media / "ancienne").mkdir()
    archive.write_show(Show("ancienne", "Ancienne"))
    put(archive, STREET, "ancienne", date=dt.date(2023, 5, 2))
    write_cues(archive, f"emission/{STREET}", Cue(0.0, 2.0, "Bonjour."), status="reread")
    return archive


def test_keepers_choose_a_year_at_the_desk(year: Archive) -> None:
    client = signed_in(year)
    page = client.get("/desk/report")
    offered = [year for year in (2024, 2023, 2022) if f"?year={year}" in page.text]
    assert offered == [2024, 2023]
    page = client.get("/desk/report?year=2024")
    assert "Diffusé en 2024" in text(page) and "L’écoute n’est pas comptée" in text(page)
    shown = client.get("/desk/report/2024.html")
    figures = figures_of(year, 2024)
    assert shown.text == render_page("Radio Dio", figures, FRENCH)
    assert "style-src 'sha256-" in shown.headers["Content-Security-Policy"]
    table = client.get("/desk/report/2024.csv")
    assert table.data.decode("utf-8-sig") == render_programmes(figures).decode("utf-8-sig")
    assert 'filename="rapport-2024.csv"' in table.headers["Content-Disposition"]
    assert "Les musiques de l’année" not in client.get("/desk/report?year=2023").text
    assert "/desk/report/2024-musiques.csv" in page.text
    music = client.get("/desk/report/2024-musiques.csv").data.decode("utf-8-sig")
    heard = [row.split(";")[0] for row in music.splitlines()[1:]]
    assert heard == ['"Un"', '"Retirée"']  # both were on the air
    assert "Broadcast in 2024" in text(client.get("/desk/report?year=2024&lang=en"))
    for wrong in ("/desk/report?year=0", "/desk/report/0.html", "/desk/report?year=x"):
        assert client.get(wrong).status_code in (200, 404)
    assert signed_in(year, "rereader", "Zoé").get("/desk/report").status_code == 403


def test_it_names_what_is_public_today(year: Archive) -> None:
    now = dt.datetime.now()
    later, before = now + dt.timedelta(days=1), now - dt.timedelta(days=1)
    first = year.episode(f"emission/{MEMORY}")
    for episode, told in (
        (replace(first, status="embargoed", until=later), (1, 1)),
        (replace(first, status="withdrawn", protection=Protection(until=later)), (1, 2)),
        (replace(first, status="withdrawn", protection=Protection(until=before)), (2, 1)),
    ):
        year.write_episode(episode)
        figures = figures_of(year, 2024)
        assert (len(figures.programmes), figures.withdrawn) == told


def test_the_figures_of_a_year_are_those_of_its_files(year: Archive) -> None:
    told = figures_of(year, 2024)
    assert [each.episode.slug for each in told.programmes] == [STREET, MEMORY]
    assert (told.withdrawn, told.episodes_kept, told.added) == (1, 3, 1)
    assert told.length == pytest.approx(3662.8)
    assert told.kept == pytest.approx(3725.6)
    assert told.share("reread") == pytest.approx(3600 / 3662.8)
    assert told.share("machine", "reread") == 1.0
    assert told.months()[0] == (1, 3600.0)
    assert told.months()[1] == (0, 0)
    assert [each[:2] for each in told.named("themes")] == [("Ville", 2), ("eau", 1)]
    assert [each[:2] for each in told.named("people")] == [("camille", 1), ("Noé", 1)]
    assert [each[:2] for each in told.named("producers")] == [("Halte", 1), ("La Quadrature", 1)]
    empty = figures_of(year, 1999)
    assert (empty.programmes, empty.kept, empty.share("reread")) == ((), 0, 0.0)


def test_a_share_stands_by_what_it_is_a_share_of(year: Archive) -> None:
    """Beneath the line of the whole archive, « 0,0 % » said that nothing there had a text."""
    shown = [name for name, _figure in summary(figures_of(year, 2024), FRENCH)]
    assert shown[0] == "Diffusé en 2024"
    assert [name[:5] for name in shown[1:3]] == ["dont "] * 2


def test_the_page_stands_alone_in_both_languages(year: Archive) -> None:
    for words, said in ((FRENCH, "L’écoute n’est pas comptée"), (ENGLISH, "nobody is watched")):
        page = render_page("Radio <Dio>", figures_of(year, 2024), words)
        assert said in page
        assert not re.search(r"(?:src|href)=|url\(|@import", page)
        assert "<b>" not in page
        assert "=Rue &amp; &lt;b&gt;ville&lt;/b&gt;" in page
        assert "x" not in re.findall(r"<td>([^<]*)</td>", page)
        assert CITY not in page
        assert "@media print" in page
        for tag in ("table", "thead", "tbody", "tr", "th", "td", "ul", "li", "p", "h2", "div"):
            assert len(re.findall(rf"<{tag}[ >]", page)) == page.count(f"</{tag}>"), tag
    assert "1 h 01, 2 épisodes" in render_page("", figures_of(year, 2024), FRENCH)
    assert "98,3\N{NO-BREAK SPACE}%" in render_page("", figures_of(year, 2024), FRENCH)
    assert "Rien n’est noté." in render_page("", figures_of(year, 1999), FRENCH)


def test_the_report_breaks_no_word_and_names_each_text(page: Page, year: Archive) -> None:
    report = render_page("Radio Dio", figures_of(year, 2024), FRENCH)
    assert "<td>relu</td>" in report
    assert "reread" not in report
    page.set_viewport_size({"width": 360, "height": 740})
    page.set_content(report)
    broken = """() => [...document.querySelectorAll('th')].filter((each) => {
        const words = document.createRange();
        words.selectNodeContents(each);
        return !each.textContent.includes(' ') && words.getClientRects().length > 1;
    }).map((each) => each.textContent)"""
    assert page.evaluate(broken) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.set_viewport_size({"width": 680, "height": 960})  # a sheet of paper
    page.set_content(report.replace("=Rue", "a" * 66))
    wider = "(it) => it.scrollWidth - it.clientWidth"
    assert page.locator(".wide").evaluate(wider) <= 0


def test_the_command_writes_a_page_and_a_table(year: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "rapports"
    with speaking("fr"):
        command(year, "export", "report", "2024", "--to", str(folder))
    assert "Radio Dio" in (folder / "rapport-2024.html").read_text(encoding="utf-8")
    text = (folder / "rapport-2024.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["title"] == "'=Rue & <b>ville</b>"
    times = [rows[0][name] for name in ("date", "length", "seconds")]
    assert times == ["2024-01-16", "1:00:00", "3600"]
    assert (rows[0]["text"], rows[1]["producers"]) == ("reread", "La Quadrature")
