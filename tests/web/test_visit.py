"""A visit leaves no trace, and nothing that others wrote makes a browser call elsewhere."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page

from tests.poison import poison
from tests.processes import running
from tests.samples import holding, street
from tests.visits import wait_until, watch

CANARY = "canari-7f3a9"
STRANGE = "iframe, style, img[onerror], script:not([type='text/html'], [src^='/static/'])"


class Place(NamedTuple):
    """A site, and all that it could leave something in."""

    address: str
    key: str
    folder: Path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("hostile")
    key, elsewhere = poison(street(folder)), dict.fromkeys(("TMPDIR", "HOME"), str(folder))
    with (
        (folder / "log").open("wb") as written,
        running("serve", "--root", str(folder), output=written, **elsewhere) as address,
    ):
        yield Place(address, key, folder)


@pytest.mark.torture
@pytest.mark.long
def test_hostile_texts_make_no_browser_call_elsewhere(page: Page, place: Place) -> None:
    requests, messages = watch(page)
    paths = ["/", "/shows/emission/", f"/shows/{place.key}?t=1&q=micros", "/catalogue", "/about"]
    paths += ["/search?q=micros", "/search/words?q=micros", "/search/listen?q=micros"]
    for path in (*paths, f"/embed/{place.key}", f"/share/{place.key}?t=1"):
        answer = page.goto(place.address + path, wait_until="networkidle")
        assert answer and answer.ok, path
        assert page.locator("main").locator(STRANGE).count() == 0
    assert len(requests) > 10
    assert [url for url in requests if not url.startswith(f"{place.address}/")] == []
    assert messages == []


def test_a_visit_is_written_nowhere(browser: Browser, place: Place) -> None:
    headers = {"X-Forwarded-For": "203.0.113.77", "Referer": f"https://a.example/{CANARY}"}
    agent = f"Mozilla/5.0 {CANARY}"
    with browser.new_context(user_agent=agent, extra_http_headers=headers) as context:
        page = context.new_page()
        for path in (
            *("/", f"/search?q={CANARY}", f"/search/words?q={CANARY}", f"/{CANARY}"),
            *(f"/shows/{place.key}?t=2&q={CANARY}", f"/suggest?q={CANARY}"),
            *(f"/cite/{place.key}.txt?t=1&x={CANARY}", f"/search?q=%ff{CANARY}"),
        ):
            assert page.goto(place.address + path)
        page.goto(f"{place.address}/shows/{place.key}")
        page.evaluate("Object.assign(document.querySelector('audio'), { muted: true }).play()")
        wait_until(page, "return audio.currentTime > 0.4")
        assert context.cookies() == []
    assert holding(place.folder, CANARY, "203.0.113.77") == set()
    log = (place.folder / "log").read_text(encoding="utf-8")
    assert "127.0.0.1" not in log.replace(place.address, "")
