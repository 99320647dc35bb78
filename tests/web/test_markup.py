"""Markup that somebody stored in any field stays words, on every page of site and desk."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from radio.archive import Archive
from radio.search import Index
from radio.system.disk import write_whole
from tests.web.busy_desk import KEY, OTHER, busy_desk

pytestmark = [pytest.mark.long, pytest.mark.torture, pytest.mark.browser]

MARKUP = "\"'><img src=//evil.example/x onerror=ran=1><script>ran=1</script>{{7*7}}<b hidden>"
STORES = ("media/**/*.json", "transcripts/**/*.json", "desk/**/*.json", "*.json")
FREE = "title description name role reason note text words person tags playlist author station"
FREE += " legal contact about agreed remark said trouble license label producers"
RAN = "[onerror], [src*=evil], b[hidden]"
PUBLIC = ["/", f"/shows/{KEY}", f"/shows/{KEY}?t=1", f"/shows/{OTHER}?q=micros", "/catalogue"]
PUBLIC += ["/search?q=micros", "/search/listen?q=micros", "/search/words?q=mi*", "/about", "/legal"]
PUBLIC += ["/shows/emission/", "/shows/emission/subscribe", f"/embed/{KEY}", "/help"]
PUBLIC += [f"/transcripts/{KEY}.html", "/search/months?q=micros", "/privacy", f"/propose/{KEY}?t=1"]


def poisoned(value: Any, name: str = "") -> Any:
    """The same with markup behind every text that somebody may have written."""
    if isinstance(value, dict):
        return {key: poisoned(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [poisoned(each, name) for each in value]
    return f"{value} {MARKUP}" if isinstance(value, str) and name in FREE.split() else value


def poison(archive: Archive) -> int:
    """Put markup into each sidecar, text and file of the desk; give the number of files."""
    found = (path for each in STORES for path in archive.root.glob(each))
    paths = [path for path in found if path.name != "accounts.json"]  # its words open the desk
    changed = 0
    for path in paths:
        before = json.loads(path.read_text(encoding="utf-8"))
        after = poisoned(before)
        changed += after != before
        write_whole(path, json.dumps(after, ensure_ascii=False).encode())
    for path in archive.transcripts.glob("*/*.vtt"):
        lines = path.read_text(encoding="utf-8").splitlines()
        said = [f"{each} {MARKUP}" if each.endswith((".", "!", "?")) else each for each in lines]
        write_whole(path, "\n".join([*said, ""]).encode())
        changed += said != lines
    return changed


def test_stored_markup_runs_on_no_page(browser: Browser, tmp_path: Path) -> None:
    with busy_desk(Archive(tmp_path / "root")) as desk:
        assert poison(desk.archive) > 10
        Index(desk.archive).refresh()
        shown = 0
        context = browser.new_context(locale="fr-FR")
        context.add_cookies([desk.cookie("Zoé")])  # type: ignore[list-item]
        page = context.new_page()
        told = list[str]()
        page.on("console", lambda each: told.append(each.text))
        page.on("request", lambda each: told.append(each.url) if "evil" in each.url else None)
        for path in (*desk.pages.values(), *PUBLIC):
            answer = page.goto(desk.address + path)
            assert answer and answer.status == 200, path
            assert page.locator(RAN).count() == 0, path
            assert not page.evaluate("window.ran"), path
            content = page.content()
            shown += "evil.example/x onerror" in content
            assert content.count("evil.example/x onerror=ran=1") <= content.count("{{7*7}}"), path
        assert [each for each in told if "inline" in each or "evil" in each] == []
        assert shown > 30
