"""Four ways to read the site: two browsers, each with JavaScript and without."""

import contextlib
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import Error, Page

from tests.firefox import DOWN, ENTER, TAB, Firefox
from tests.patience import until

BACK, DELETE, F4 = "\ue003", "\ue017", "\ue034"
NAMED = {ENTER: "Enter", TAB: "Tab", DOWN: "ArrowDown"}
NAMED |= {BACK: "Backspace", DELETE: "Delete", F4: "F4"}


class Chromium:
    """The same as `Firefox`, over a page of Playwright; it chooses a file where the focus is."""

    def __init__(self, page: Page):
        self._page, self.clicks = page, 0
        page.on("filechooser", lambda _: None)  # from now on: no window of the system opens

    def go(self, address: str) -> Self:
        self._page.goto(address)
        return self

    def click(self, selector: str) -> None:
        self.clicks += 1
        self._page.locator(selector).first.click()

    def press(self, keys: str) -> None:
        for key in keys:
            if key in NAMED:
                self._page.keyboard.press(NAMED[key])
            else:
                self._page.keyboard.type(key)

    def choose(self, selector: str, path: Path) -> None:
        del selector
        with self._page.expect_file_chooser() as chooser:
            self._page.keyboard.press("Enter")
        chooser.value.set_files(path)

    def evaluate(self, expression: str) -> Any:
        return self._page.evaluate(f"() => ({expression})")

    def wait_until(self, condition: str) -> None:
        until(lambda: self._holds(condition), lambda: condition)

    def _holds(self, condition: str) -> bool:
        with contextlib.suppress(Error):  # the page is about to be another one
            return bool(self.evaluate(condition))
        return False


Window = Chromium | Firefox
"""A window of a browser, and how often somebody pressed something in it."""
