"""Addresses that people wrote: pages and files lead to the web alone."""

from radio.archive import Archive
from radio.archive.episode import Show, Source
from radio.derived.downloads import make_label
from radio.text.chapters import Chapters
from tests.samples import put
from tests.tables import for_each
from tests.web.sites import visit

TRAPS = ("javascript:alert(1)", "data:text/html,x", "//evil.example/", "/search?q=x", " https://x/")


@for_each("trap", TRAPS)
def test_a_click_on_the_page_of_a_show_runs_no_script(archive: Archive, trap: str) -> None:
    archive.write_show(Show("emission", "Émission", link=trap))
    page = visit(archive).get("/about").text
    assert "Émission" in page
    assert trap not in page
    archive.write_show(Show("emission", "Émission", link="https://example.org/"))
    assert 'href="https://example.org/"' in visit(archive).get("/about").text


@for_each("trap", TRAPS)
def test_a_download_names_no_page_that_is_none(archive: Archive, trap: str) -> None:
    show = Show("emission", "Émission", link="https://example.org/")
    episode = put(archive, "2024-01-16-les-micros-de-la-rue", source=Source(url=trap))
    assert make_label(show, episode, None, Chapters()).source == "https://example.org/"
