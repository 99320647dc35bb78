"""Where lines of a transcript begin on a phone; seen in Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from radio.archive import Archive
from radio.archive.episode import Show
from radio.search import Index
from radio.system.disk import write_whole
from radio.text.transcript import Cue, Transcript, render_vtt
from tests.processes import running
from tests.samples import MEMORY, put

SAID = "Réunion à 19 h 30 : 20 % des 12 000 euros, « pour qui ? » et 3 € de plus"
WHOLE = ["19 h 30 :", "20 %", "12 000", "« pour", "qui ? »", "3 €"]
TORN = """([selector, whole]) => {
    const text = document.querySelector(selector);
    const torn = new Set();
    for (let width = 120; width < 420; width += 4) {
        text.style.cssText = `display: block; width: ${width}px`;
        const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
        const places = [];
        while (walker.nextNode())
            for (let at = 0; at < walker.currentNode.length; at++)
                places.push([walker.currentNode, at]);
        const letters = places.map(([node, at]) => node.data[at]).join("").replace(/\\s/g, " ");
        const line = ([node, at]) => {
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + 1);
            return Math.round(range.getBoundingClientRect().bottom);
        };
        for (const each of whole) {
            const at = letters.indexOf(each);
            if (at < 0) throw new Error(`${each} is not in ${letters}`);
            if (Math.abs(line(places[at]) - line(places[at + each.length - 1])) > 4) torn.add(each);
        }
    }
    return [...torn];
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with an episode where hours and amounts are said."""
    archive = Archive(Path(tmp_path_factory.mktemp("lines")))
    archive.create()
    archive.write_show(Show("emission", "Émission"))
    text = render_vtt(Transcript((Cue(0, 7, SAID),), {"status": "reread"}))
    write_whole(archive.vtt_path(put(archive, MEMORY).key), text.encode())
    Index(archive).refresh()
    with running("serve", "--root", str(archive.root), idle=archive.root) as address:
        yield address


@pytest.mark.parametrize(
    ("path", "selector"),
    [
        (f"/shows/emission/{MEMORY}", "a.cue"),
        (f"/shows/emission/{MEMORY}?q=euros", "a.cue"),
        ("/search?q=%2219+h+30%22", "q"),
        ("/search?q=euros", "q"),
    ],
)
def test_no_line_begins_within_an_hour_or_an_amount(
    browser: Browser, site: str, path: str, selector: str
) -> None:
    with browser.new_context(java_script_enabled=True) as context:
        page = context.new_page()
        page.goto(site + path)
        assert page.evaluate(TORN, [selector, WHOLE]) == []


@pytest.mark.parametrize("words", ["19 h 30", "12 000 euros", "20 %", "pour qui ?"])
def test_what_is_copied_from_a_page_is_found(browser: Browser, site: str, words: str) -> None:
    bound = words.replace(" ", "\u00a0")
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        for query in (bound, f'"{bound}"'):
            page.goto(f"{site}/search")
            page.locator("input[name=q]").first.fill(query)
            page.keyboard.press("Enter")
            page.wait_for_url("**q=**")
            expect(page.locator("q mark").first, query).to_be_visible()
