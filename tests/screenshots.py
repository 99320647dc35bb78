"""Pictures of the site for the README: `make screenshots` writes them to `docs/`."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from tests.processes import radio, running
from tests.samples import CITY, SHOW, STREET
from tests.visits import chromium

DOCS = Path(__file__).parent.parent / "docs"


@dataclass(frozen=True)
class Shot:
    """What is seen of a page."""

    name: str
    path: str
    width: int = 1000
    height: int = 720
    scheme: Literal["light", "dark"] = "light"


SHOTS = (
    Shot("home", "/"),
    Shot("episode", f"/shows/{SHOW}/{CITY}?q=cam%C3%A9ra"),
    Shot("search", "/search?q=cam%C3%A9ra"),
    Shot("phone", f"/shows/{SHOW}/{CITY}", 360, 740, "dark"),
    Shot("voices", f"/shows/{SHOW}/{STREET}?t=23#c7", 768, 640),
)


def take(browser: Browser, site: str, folder: Path) -> Iterator[Path]:
    """Write each picture to a folder, as PNG."""
    for shot in SHOTS:
        with browser.new_context(
            locale="fr-FR",
            viewport={"width": shot.width, "height": shot.height},
            color_scheme=shot.scheme,
        ) as context:
            page = context.new_page()
            page.goto(site + shot.path, wait_until="networkidle")
            path = folder / f"{shot.name}.png"
            page.screenshot(path=path)
            yield path


def main() -> None:
    """Make the demonstration, with its voices, visit it, write the pictures."""
    radio("model", "fetch", "voices")
    with (
        tempfile.TemporaryDirectory() as root,
        running("demo", "--root", root, seconds=900) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(**chromium())
        for path in take(browser, site, DOCS):
            print(path)  # noqa: T201 (a command's own words)
        browser.close()


if __name__ == "__main__":
    main()
