"""Four ways to read the site: two browsers, each with JavaScript and without."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest
from playwright.sync_api import Browser, Error, Page, ViewportSize

from tests.firefox import DOWN, ENTER, TAB, Firefox
from tests.patience import until

BACK, DELETE, F4 = "\ue003", "\ue017", "\ue034"
NAMED = {ENTER: "Enter", TAB: "Tab", DOWN: "ArrowDown"}
NAMED |= {BACK: "Backspace", DELETE: "Delete", F4: "F4"}


class Chromium:
    """The same as `Firefox`, over a page of Playwright; it chooses a file where the focus is."""

    def __init__(self, page: Page):
        self.page, self.clicks = page, 0
        page.on("filechooser", lambda _: None)  # from now on: no window of the system opens

    def go(self, address: str) -> Self:
        self.page.goto(address)
        return self

    def size(self, width: int, height: int) -> Self:
        self.page.set_viewport_size({"width": width, "height": height})
        return self

    def click(self, selector: str) -> None:
        self.clicks += 1
        self.page.locator(selector).first.click()

    def press(self, keys: str) -> None:
        for key in keys:
            if key in NAMED:
                self.page.keyboard.press(NAMED[key])
            else:
                self.page.keyboard.type(key)

    def choose(self, selector: str, path: Path) -> None:
        del selector
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Enter")
        chooser.value.set_files(path)

    def evaluate(self, expression: str) -> Any:
        return self.page.evaluate(f"() => ({expression})")

    def wait_until(self, condition: str) -> None:
        until(lambda: self._holds(condition), lambda: condition)

    def _holds(self, condition: str) -> bool:
        with contextlib.suppress(Error):  # the page is about to be another one
            return bool(self.evaluate(condition))
        return False


Window = Chromium | Firefox
"""A window of a browser, and how often somebody pressed something in it."""


@contextlib.contextmanager
def opened(request: pytest.FixtureRequest, room: ViewportSize) -> Iterator[Window]:
    """Open a window, as large as a room, of the browser that the parameter of a fixture names."""
    if request.param.endswith("firefox"):
        firefox: Firefox = request.getfixturevalue(request.param)
        yield firefox.size(**room)
        return
    browser: Browser = request.getfixturevalue("browser")
    script = request.param == "chromium"
    with browser.new_context(locale="fr-FR", viewport=room, java_script_enabled=script) as context:
        yield Chromium(context.new_page())


def search(window: Window, home: str, words: str) -> None:
    """Type words on the first page; what is pressed until then does not count."""
    window.go(home).click("#q")
    window.press(words + ENTER)
    window.wait_until("location.pathname === '/search' && document.readyState !== 'loading'")
    window.clicks = 0
