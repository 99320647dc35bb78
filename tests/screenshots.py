"""Pictures of the site: `make screenshots` writes that of the README to `docs/`; of the manual
those in each language; and each page, at three widths, light and dark, to `docs/pages/`,
where people look at them one by one; those of a busy desk to `docs/pages/desk/`, which is not kept.
`python -m tests.screenshots manual` writes those of the manual alone."""

import io
import itertools
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from radio.archive import Archive
from tests.processes import radio, running
from tests.samples import CITY, SHOW, STREET
from tests.visits import chromium
from tests.web.busy_desk import ANSWERS, KEY, OTHER, BusyDesk, busy_desk

DOCS = Path(__file__).parent.parent / "docs"


@dataclass(frozen=True)
class Shot:
    """What is seen of a page."""

    name: str
    path: str
    width: int = 1000
    height: int = 720
    scheme: Literal["light", "dark"] = "light"


SHOTS = (Shot("home", "/"),)


@dataclass(frozen=True)
class Picture:
    """A picture of the manual: what Zoé sees of a page of a busy desk."""

    path: str
    script: str = ""  # of ours, which leads to another page
    place: str = ""  # where the page is scrolled to, as a selector of CSS
    size: tuple[int, int] = (800, 640)


NEW = "first-evening"  # a desk where nothing waits
MANUAL = {
    NEW: Picture("/desk", size=(800, 560)),
    "desk-home": Picture("/desk", size=(800, 720)),
    "upload": Picture("/desk/uploads", place="#plan", size=(800, 720)),
    "episodes": Picture("/desk/episodes"),
    "publish": Picture(f"/desk/fields/autre/{STREET}", place="h1", size=(800, 720)),
    "details": Picture(f"/desk/fields/{KEY}", place="#f-title"),
    "chapters": Picture(f"/desk/chapters/{KEY}", place=".ear-of-chapters"),
    "correcting": Picture(f"/desk/reread/{KEY}/1", place=".sentence", size=(800, 900)),
    "voices": Picture(f"/desk/voices/{KEY}", size=(800, 720)),
    "suggestions": Picture("/desk/proposals"),
    "someone-asks": Picture(f"/desk/asked/{KEY}", place="h1", size=(800, 900)),
    "redact": Picture(f"/desk/redact/{KEY}", ANSWERS["redact-sure"].script, "h1"),
    "accounts": Picture("/desk/team", place="h1"),
    "report": Picture("/desk/report?year=2024", place="h1"),
    "status": Picture("/desk/status", place="h1", size=(800, 960)),
    "episode": Picture(f"/shows/{OTHER}", size=(800, 800)),
    "search": Picture("/search?q=micros", size=(800, 560)),
}
LOCALES = {"fr": "fr-FR", "en": "en-GB"}

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
Cookie = dict[str, Any]
WIDTHS = (360, 768, 1440)
SETTLED = 300  # ms, after which nothing comes in any more
TALLEST = 1600  # CSS pixels of a page that a sheet shows


def sheets(browser: Browser, site: str, folder: Path) -> Iterator[Path]:
    """Write a sheet for each page to a folder, as WebP."""
    folder.mkdir(exist_ok=True)
    for name, path in PAGES.items():
        yield sheet(browser, site + path, folder / f"{name}.webp")


def desk_sheets(browser: Browser, folder: Path) -> Iterator[Path]:
    """Write a sheet for each page of a busy desk, and for each answer to a form of it."""
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as root, busy_desk(Archive(Path(root) / "root")) as desk:
        asked = {name: (path, "") for name, path in desk.pages.items()}
        asked |= {name: (each.path, each.script) for name, each in ANSWERS.items()}
        for name, (path, script) in asked.items():
            place = folder / f"{name}.webp"
            yield sheet(browser, desk.address + path, place, desk.cookie("Zoé"), script)


def sheet(
    browser: Browser, address: str, path: Path, cookie: Cookie | None = None, script: str = ""
) -> Path:
    """Write a page at each width: light above, dark below; after a `script` of ours, if any."""
    whole = Image.new("RGB", (sum(WIDTHS) + 40, 2 * TALLEST + 20), "#888")
    for number, scheme in enumerate(SCHEMES):
        with browser.new_context(locale="fr-FR", color_scheme=scheme) as context:
            context.add_cookies([cookie] if cookie else [])  # type: ignore[list-item]
            for place, picture in enumerate(seen(context.new_page(), address, script)):
                left = sum(WIDTHS[:place]) + 20 * place
                whole.paste(picture, (left, number * (TALLEST + 20)))
    half = whole.resize((whole.width // 2, whole.height // 2), Image.Resampling.LANCZOS)
    half.save(path, quality=60, method=6)
    return path


def seen(page: Page, address: str, script: str) -> Iterator[Image.Image]:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": TALLEST})
        page.goto("about:blank")  # or one at a place in it would not be opened again
        page.goto(address, wait_until="networkidle")
        page.wait_for_timeout(SETTLED)
        if script:
            with page.expect_navigation(wait_until="networkidle"):
                page.evaluate(script)
        yield Image.open(io.BytesIO(page.screenshot()))


def pictures(browser: Browser) -> Iterator[Path]:
    """Write the pictures of the manual, in both languages."""
    with tempfile.TemporaryDirectory() as root:
        with busy_desk(Archive(Path(root) / "new"), new=True) as desk:
            yield from pictured(browser, desk, {NEW: MANUAL[NEW]})
        with busy_desk(Archive(Path(root) / "busy")) as desk:
            rest = {name: each for name, each in MANUAL.items() if name != NEW}
            yield from pictured(browser, desk, rest)


def pictured(browser: Browser, desk: BusyDesk, wanted: dict[str, Picture]) -> Iterator[Path]:
    """Write pictures of a desk."""
    for lang, locale in LOCALES.items():
        folder = DOCS / lang / "pictures"
        folder.mkdir(exist_ok=True)
        for name, each in wanted.items():
            size: ViewportSize = dict(zip(("width", "height"), each.size, strict=True))  # type: ignore[assignment]
            with browser.new_context(locale=locale, viewport=size) as context:
                if each.path.startswith("/desk"):
                    context.add_cookies([desk.cookie("Zoé")])  # type: ignore[list-item]
                yield picture(context.new_page(), desk.address, each, folder / f"{name}.webp")


def picture(page: Page, site: str, wanted: Picture, path: Path) -> Path:
    """Write what is seen of a page, as WebP."""
    page.goto(site + wanted.path, wait_until="networkidle")
    page.wait_for_timeout(SETTLED)
    if wanted.script:
        with page.expect_navigation(wait_until="networkidle"):
            page.evaluate(wanted.script)
    if wanted.place:
        page.locator(wanted.place).first.evaluate(
            "it => scrollTo(0, it.getBoundingClientRect().top - 90)"
        )
    seen = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    seen.save(path, quality=70, method=6)
    return path


def take(browser: Browser, site: str, folder: Path) -> Iterator[Path]:
    for shot in SHOTS:
        size: ViewportSize = {"width": shot.width, "height": shot.height}
        context = browser.new_context(locale="fr-FR", viewport=size, color_scheme=shot.scheme)
        with context:
            page = context.new_page()
            page.goto(site + shot.path, wait_until="networkidle")
            page.wait_for_timeout(SETTLED)
            path = folder / f"{shot.name}.png"
            page.screenshot(path=path)
            yield path


def main() -> None:
    """Make the demonstration, with its voices, visit it, write the pictures."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium())
        for path in pictures(browser):
            print(path)  # noqa: T201 (a command's own words)
        if sys.argv[1:] != ["manual"]:
            everything(browser)
        browser.close()


def everything(browser: Browser) -> None:
    """Write all pictures but those of the manual."""
    radio("model", "fetch", "voices")
    with (
        tempfile.TemporaryDirectory() as root,
        running("demo", "--root", root, seconds=900) as site,
    ):
        pages = DOCS / "pages"
        made = (take(browser, site, DOCS), sheets(browser, site, pages))
        for path in itertools.chain(*made, desk_sheets(browser, pages / "desk")):
            print(path)  # noqa: T201 (a command's own words)


if __name__ == "__main__":
    main()
