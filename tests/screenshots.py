"""Pictures of the site: `make screenshots` writes those of the README to `docs/`, and those of each
page, at three widths, light and dark, to `docs/pages/`, where people look at them one by one."""

import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image
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


PAGES = {
    "home": "/",
    "show": f"/shows/{SHOW}/",
    "episode": f"/shows/{SHOW}/{CITY}",
    "passage": f"/shows/{SHOW}/{CITY}?q=cam%C3%A9ra&t=33#t",
    "text": f"/transcripts/{SHOW}/{CITY}.html",
    "subscribe": f"/shows/{SHOW}/subscribe",
    "feed": f"/shows/{SHOW}/feed.xml",
    "embed": f"/embed/{SHOW}/{CITY}?t=20",
    "search": "/search?q=cam%C3%A9ra",
    "nothing-found": "/search?q=zgrumpf",
    "listen": "/search/listen?q=cam%C3%A9ra",
    "words": "/search/words?q=cam%C3%A9ra",
    "months": "/search/months?q=cam%C3%A9ra&and=micro",
    "themes": "/themes",
    "theme": "/themes/videosurveillance",
    "shows": "/catalogue",
    "kept": "/kept",
    "help": "/help",
    "about": "/about",
    "privacy": "/privacy",
    "fixity": "/fixity",
    "legal": "/legal",
    "accessibility": "/accessibility",
    "error": "/rien",
}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
WIDTHS = (360, 768, 1440)
TALLEST = 1600  # CSS pixels of a page that a sheet shows


def sheets(browser: Browser, site: str, folder: Path) -> Iterator[Path]:
    """Write a sheet for each page to a folder, as WebP: light above, dark below."""
    folder.mkdir(exist_ok=True)
    for name, path in PAGES.items():
        rows = [list(seen(browser, site + path, scheme)) for scheme in SCHEMES]
        sheet = Image.new("RGB", (sum(WIDTHS) + 40, 2 * TALLEST + 20), "#888")
        for number, row in enumerate(rows):
            for place, picture in enumerate(row):
                left = sum(WIDTHS[:place]) + 20 * place
                sheet.paste(picture, (left, number * (TALLEST + 20)))
        half = sheet.resize((sheet.width // 2, sheet.height // 2), Image.Resampling.LANCZOS)
        half.save(folder / f"{name}.webp", quality=60, method=6)
        yield folder / f"{name}.webp"


def seen(browser: Browser, address: str, scheme: Literal["light", "dark"]) -> Iterator[Image.Image]:
    """Look at a page at each width."""
    with browser.new_context(locale="fr-FR", color_scheme=scheme) as context:
        page = context.new_page()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": TALLEST})
            page.goto(address, wait_until="networkidle")
            yield Image.open(io.BytesIO(page.screenshot()))


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
        for path in sheets(browser, site, DOCS / "pages"):
            print(path)  # noqa: T201
        browser.close()


if __name__ == "__main__":
    main()
