"""The manual: its Markdown, which comes with the program, as pages in two languages. Pages
of the desk lead to what is said of them."""

import tomllib
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from radio.formats.markdown import ManualPage, read_manual
from radio.web import language
from radio.web.headers import SITE_AGE, file_of

manual = Blueprint("manual", __name__)

FOLDER = Path(__file__).parent.parent / "manual"
FIRST = "index"

# The topic of each page of the desk, as the English page names its heading.
TOPICS: dict[str, str] = tomllib.loads((FOLDER.parent / "topics.toml").read_text("utf-8"))


@lru_cache
def leaf(lang: str, name: str) -> ManualPage:
    """Read a page. NotFound if there is none."""
    if name not in {path.stem for path in (FOLDER / lang).glob("*.md")}:
        raise NotFound
    return read_manual((FOLDER / lang / f"{name}.md").read_text(encoding="utf-8"))


@manual.get("/manual")
@manual.get("/manual/<any(fr, en):lang>")
def contents(lang: str = "") -> AnyResponse:
    """Lead to the first page."""
    return redirect(url_for("manual.page", lang=lang or language.current(), name=FIRST))


@manual.get("/manual/<any(fr, en):lang>/<name>")
def page(lang: str, name: str) -> Response:
    """Show a page of the manual."""
    shown = leaf(lang, name)
    text = render_template("help.html", leaf=shown, prose=Markup(shown.html))  # noqa: S704 (no HTML)
    return Response(text, headers={"Cache-Control": SITE_AGE})


@manual.get("/manual/<any(fr, en):lang>/pictures/<name>")
def picture(lang: str, name: str) -> Response:
    """Give a picture of the manual."""
    paths = {path.name: path for path in (FOLDER / lang / "pictures").glob("*.webp")}
    if name not in paths:
        raise NotFound
    return file_of(paths[name].read_bytes(), "image/webp", SITE_AGE)


def help_address() -> str:
    """Give the address of what the manual says of the page of the desk that is shown."""
    name, _, anchor = TOPICS.get((request.endpoint or "").partition(".")[2], FIRST).partition("#")
    lang = language.current()
    if anchor:
        number = leaf("en", name).anchors.index(anchor)
        anchor = leaf(lang, name).anchors[number]
    return url_for("manual.page", lang=lang, name=name, _anchor=anchor or None)
