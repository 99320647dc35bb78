"""A visit leaves no trace."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from tests.processes import running
from tests.samples import STREET, holding, street
from tests.visits import wait_until

CANARY = "canari-7f3a9"
EPISODE = f"emission/{STREET}"


def test_a_visit_is_written_nowhere(browser: Browser, tmp_path: Path) -> None:
    street(tmp_path)
    headers = {"X-Forwarded-For": "203.0.113.77", "Referer": f"https://a.example/{CANARY}"}
    visitor: dict[str, Any] = {"user_agent": f"Mozilla/5.0 {CANARY}", "extra_http_headers": headers}
    elsewhere = dict.fromkeys(("TMPDIR", "HOME"), str(tmp_path))
    with (
        (tmp_path / "log").open("wb") as written,
        running("serve", "--root", str(tmp_path), output=written, **elsewhere) as site,
        browser.new_context(**visitor) as context,
    ):
        page = context.new_page()
        for path in (
            *("/", f"/search?q={CANARY}", f"/search/words?q={CANARY}", f"/{CANARY}"),
            *(f"/shows/{EPISODE}?t=2&q={CANARY}", f"/suggest?q={CANARY}"),
            *(f"/cite/{EPISODE}.txt?t=1&x={CANARY}", f"/search?q=%ff{CANARY}"),
        ):
            assert page.goto(site + path)
        page.goto(f"{site}/shows/{EPISODE}")
        page.evaluate("Object.assign(document.querySelector('audio'), { muted: true }).play()")
        wait_until(page, "return audio.currentTime > 0.4")
        assert context.cookies() == []
        assert holding(tmp_path, CANARY, "203.0.113.77") == set()
    log = (tmp_path / "log").read_text(encoding="utf-8")
    assert "127.0.0.1" not in log.replace(site, "")
