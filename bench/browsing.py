"""Pages in a browser as on a telephone: what they ask for, whether they shift, what they block."""

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, Response, ViewportSize, sync_playwright

from tests.visits import chromium

SCREEN = ViewportSize(width=360, height=740)
SETTLED = 700  # ms after all is loaded
TASK = 50.0  # ms that a task may take before it blocks, as Lighthouse counts
WATCH = """
window.shift = 0; window.blocking = 0;
new PerformanceObserver((list) => list.getEntries().forEach((each) => {
  if (!each.hadRecentInput) window.shift += each.value;
})).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => list.getEntries().forEach((each) => {
  window.blocking += each.duration - TASK;
})).observe({ type: "longtask", buffered: true });
""".replace("TASK", str(TASK))


@dataclass(frozen=True)
class Browsed:
    """What a page costs a browser."""

    scripts: int  # bytes of all its scripts
    packed_scripts: int  # the same, compressed
    packed: int  # bytes that it loads before one reads on, compressed, without the sound
    shift: float  # cumulative layout shift, from top to bottom of the page
    blocking: float  # ms beyond TASK, of all tasks


def browse(addresses: Mapping[str, str]) -> dict[str, Browsed]:
    """Open pages one after the other, each with nothing kept of the others."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium())
        found = {name: _open(browser, address) for name, address in addresses.items()}
        browser.close()
    return found


def _open(browser: Browser, address: str) -> Browsed:
    with browser.new_context(viewport=SCREEN, device_scale_factor=2, locale="fr-FR") as context:
        page, answers = context.new_page(), list[Response]()
        page.add_init_script(WATCH)
        page.on("response", lambda each: answers.append(each))  # noqa: PLW0108 (it takes no builtin)
        page.goto(address)
        page.wait_for_timeout(SETTLED)
        bodies = dict(_bodies(answers))
        _scroll(page)
        scripts = [body for (kind, _url), body in bodies.items() if kind == "script"]
        return Browsed(
            sum(map(len, scripts)),
            sum(len(gzip.compress(each)) for each in scripts),
            sum(_weight(kind, body) for (kind, _url), body in bodies.items()),
            page.evaluate("window.shift"),
            page.evaluate("window.blocking"),
        )


def _weight(kind: str, body: bytes) -> int:
    """Tell how many bytes come through the network; pictures are compressed already."""
    return len(body) if kind == "image" else len(gzip.compress(body))


def _scroll(page: Page) -> None:
    """Read it to the end by some leaps, for what is laid out late may shift."""
    for part in range(1, 6):
        page.evaluate(f"scrollTo(0, document.body.scrollHeight * {part} / 5)")
        page.wait_for_timeout(100)


def _bodies(answers: list[Response]) -> Iterator[tuple[tuple[str, str], bytes]]:
    for each in answers:
        kind = each.request.resource_type
        if kind in ("document", "stylesheet", "script", "image", "font", "fetch") and each.ok:
            yield (kind, each.url), each.body()
