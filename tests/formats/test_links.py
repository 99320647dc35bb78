"""Addresses that people wrote: pages and files lead to the web alone."""

from dataclasses import replace

from radio.archive import Archive
from radio.archive.episode import Show, Source
from radio.derived.downloads import make_label
from radio.text.chapters import Chapters
from tests.samples import STREET, put
from tests.web.sites import visit

TRAPS = ("javascript:alert(1)", "data:text/html,x", "//evil.example/", "/search?q=x", " https://x/")


def test_a_click_on_the_page_of_a_show_runs_no_script_and_a_download_names_a_page_alone(
    archive: Archive,
) -> None:
    show, client = Show("emission", "Émission", link="https://example.org/"), visit(archive)
    for trap in TRAPS:
        archive.write_show(replace(show, link=trap))
        page = client.get("/about").text
        assert "Émission" in page
        assert trap not in page, trap
        episode = put(archive, STREET, source=Source(url=trap))
        assert make_label(show, episode, None, Chapters()).source == show.link, trap
    archive.write_show(show)
    assert 'href="https://example.org/"' in client.get("/about").text
