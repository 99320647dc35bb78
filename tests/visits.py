"""What visitors do with a page: read its words, follow its links, press its buttons."""

import re
import shutil
from html.parser import HTMLParser
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from flask.testing import FlaskClient
from playwright.sync_api import Page, Route, expect
from werkzeug.test import TestResponse

from tests.patience import until


def text(response: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", response.text).split())


def words(response: TestResponse, code: int, *expected: str) -> str:
    """The text of an answer, which has this code and these words."""
    found = text(response)
    missing = [each for each in expected if each not in found]
    assert (response.status_code, missing) == (code, []), found
    return found


SCHEMES: dict[Literal["light", "dark"], dict[str, Any]] = {
    "light": {},
    "dark": {"runOnly": {"type": "rule", "values": ["color-contrast"]}},
}
"""How a page is looked at, and by which rules of axe."""


class Links(HTMLParser):
    """The addresses that a page names."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("iframe", "base")
        if ("rel", "schema.DC") in attrs:  # a name, which no browser asks for
            return
        self.found += [value or "" for name, value in attrs if name in ("href", "src", "action")]


def chromium() -> dict[str, Any]:
    """How to launch Debian's Chromium, quiet."""
    path = shutil.which("chromium")
    assert path, "install Chromium: apt-get install chromium"
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    arguments = ["--no-sandbox", "--disable-gpu", "--no-first-run", *quiet]
    return {"executable_path": path, "args": arguments}


def watch(page: Page) -> tuple[list[str], list[str]]:
    """Note what a page asks for from now on, and what it has to say: messages, errors, alerts."""
    requests: list[str] = []
    messages: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on("dialog", lambda dialog: messages.append(dialog.message))
    return requests, messages


def answer_by(client: FlaskClient, page: Page, base: str = "http://localhost") -> None:
    """Have a site answer a page without a server."""

    def answer(route: Route) -> None:
        given = client.get(route.request.url.removeprefix(base))
        route.fulfill(status=given.status_code, body=given.data, headers=dict(given.headers))

    page.route(f"{base}/**", answer)


def wait_until(page: Page, condition: str) -> None:
    audio = "const audio = document.querySelector('audio');"
    until(lambda: page.evaluate(f"(() => {{ {audio} {condition} }})()"), lambda: condition)


FAULTS = """(options) => axe.run(document, options).then((all) => all.violations
    .map((each) => `${each.id}: ${each.nodes.map((node) => node.html).join(" ")}`))"""


SHIFTS = """window.shift = 0;
new PerformanceObserver((list) => list.getEntries().forEach((each) => {
  if (!each.hadRecentInput) window.shift += each.value;
})).observe({ type: "layout-shift", buffered: true });"""
# A script that counts by how much what a page shows was moved, from its beginning


def faults(page: Page) -> str:
    """What axe finds wrong with a page by day, and with its colors by night: "" if all is well."""
    found = list[str]()
    page.evaluate(AXE_SCRIPT)
    for scheme, rules in SCHEMES.items():
        page.emulate_media(color_scheme=scheme)
        wrong = page.evaluate(FAULTS, rules | {"resultTypes": ["violations"]})
        found += [f"{scheme}: {each}" for each in wrong]
    return "\n".join(found)


def keep(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Écouter hors ligne").click()
    expect(page.get_by_role("status")).to_contain_text("C’est prêt")
