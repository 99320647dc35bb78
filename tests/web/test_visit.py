"""A visit leaves no trace, and nothing that others wrote makes a browser call elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.poison import poison
from tests.processes import running
from tests.samples import street
from tests.visits import watch

CANARY = "canari-7f3a9"
STRANGE = "iframe, style, img[onerror], script:not([type='text/html'], [src^='/static/'])"


@dataclass(frozen=True)
class Place:
    """A site, and all the places where it could leave something."""

    address: str
    key: str
    folders: tuple[Path, ...]
    log: Path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    archive = street(tmp_path_factory.mktemp("hostile"))
    key = poison(archive)
    scratch = tmp_path_factory.mktemp("scratch")
    log = scratch / "log"
    elsewhere = {"TMPDIR": str(scratch), "HOME": str(scratch)}
    with (
        log.open("wb") as written,
        running("serve", "--root", str(archive.root), output=written, **elsewhere) as address,
    ):
        yield Place(address, key, (archive.root, scratch), log)


@pytest.mark.torture
@pytest.mark.long
def test_hostile_texts_make_no_browser_call_elsewhere(browser: Browser, place: Place) -> None:
    with browser.new_context(locale="fr-FR") as context:
        page = context.new_page()
        requests, messages = watch(page)
        for path in (
            *("/", "/shows/emission/", f"/shows/{place.key}?t=1&q=micros", "/catalogue", "/about"),
            *("/search?q=micros", "/search/words?q=micros", "/search/listen?q=micros"),
            *(f"/embed/{place.key}", f"/share/{place.key}?t=1"),
        ):
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
        page.evaluate("document.querySelector('audio').muted = true")
        page.evaluate("document.querySelector('audio').play()")
        page.wait_for_timeout(500)
        assert context.cookies() == []
    files = [each for folder in place.folders for each in folder.rglob("*") if each.is_file()]
    assert place.log in files
    for file in files:
        content = file.read_bytes()
        assert CANARY.encode() not in content, file
        assert b"203.0.113.77" not in content, file
    assert "127.0.0.1" not in place.log.read_text(encoding="utf-8").replace(place.address, "")
