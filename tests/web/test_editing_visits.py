"""A real browser sets chapters on the waveform by keyboard alone."""

import pytest
from playwright.sync_api import Browser, Page, expect

from radio.archive import Archive
from radio.text.chapters import Chapter
from tests.heard import KEY
from tests.processes import running
from tests.samples import STREET, put
from tests.visits import faults
from tests.web.desks import WIDER, cookie, enrol


def tab_to(page: Page, selector: str) -> None:
    """Go on by keyboard until something is reached."""
    for _ in range(60):
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(selector)


@pytest.mark.long
def test_chapters_are_set_by_keyboard(archive: Archive, browser: Browser) -> None:
    episode = put(archive, STREET)
    archive.write_waveform(episode, bytes(range(240)))
    with (
        running("serve", "--root", str(archive.root), idle=archive.root) as address,
        browser.new_context(locale="fr-FR", viewport={"width": 360, "height": 740}) as context,
    ):
        context.add_cookies([cookie(enrol(archive), address)])
        page = context.new_page()
        page.goto(f"{address}/desk/chapters/{KEY}")
        tab_to(page, ".seek")
        page.wait_for_function("document.querySelector('audio').readyState > 0")
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("Enter")
        tab_to(page, "#title-1")
        page.keyboard.type("La rue")
        assert faults(page) == ""
        assert page.evaluate(WIDER) <= 0
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("C’est enregistré.")
        assert archive.episode(KEY).chapters == (Chapter(10.0, "La rue"),)
