"""The manual: its Markdown, which comes with the program, as pages in two languages. Imports
markdown-it-py. Raw HTML in it stays text. Pages of the desk lead to what is said of them."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import (
    Blueprint,
    Response,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from radio.web import language
from radio.web.headers import SITE_AGE

manual = Blueprint("manual", __name__)

FOLDER = Path(__file__).parent.parent / "manual"
FIRST = "index"
AGE = 300  # seconds, as of what else the site says of itself
READER = MarkdownIt("commonmark", {"html": False}).enable("table")

# The topic of each page of the desk, as the English page names its heading.
TOPICS = {
    "all_consents": "someone-asks",
    "chapters": "describing",
    "consents": "someone-asks",
    "deleted": "someone-asks",
    "deleting": "someone-asks",
    "elsewhere": "correcting",
    "entries": "each-year",
    "episodes": "each-week",
    "fields": "describing",
    "glossary": "correcting",
    "home": "each-week",
    "invited": "first-evening",
    "own_feed": "first-evening",
    "password": "first-evening",
    "past": "correcting",
    "proposals": "each-week",
    "pseudonym": "someone-asks",
    "publication": "publishing",
    "redaction": "someone-asks",
    "replacement": "correcting",
    "replacing": "describing",
    "replying": "someone-asks",
    "report": "each-year",
    "rereading": "correcting",
    "rights": "publishing",
    "second_factor": "first-evening",
    "section": "correcting",
    "sections": "correcting",
    "sent": "each-week",
    "show_fields": "first-evening",
    "shows": "first-evening",
    "sign_in": "first-evening",
    "site_fields": "first-evening",
    "state": "a-light-is-red",
    "threads": "describing",
    "two_covers": "describing",
    "unsure": "correcting",
    "voice_names": "correcting",
}


@dataclass(frozen=True)
class ManualPage:
    """A page of the manual, in one language."""

    title: str
    html: str
    anchors: tuple[str, ...]  # of its headings, in their order: the same in each language


@lru_cache
def leaf(lang: str, name: str) -> ManualPage:
    """Read a page. NotFound if there is none."""
    if name not in {path.stem for path in (FOLDER / lang).glob("*.md")}:
        raise NotFound
    tokens = READER.parse((FOLDER / lang / f"{name}.md").read_text(encoding="utf-8"))
    anchors, titles = list[str](), list[str]()
    for token, inline in itertools.pairwise(tokens):
        if token.type == "heading_open":
            titles.append("".join(each.content for each in inline.children or ()))
            anchors.append(_anchor(titles[-1], anchors))
            token.attrSet("id", anchors[-1])
        _lead(token.children or ())
    html = READER.renderer.render(tokens, READER.options, {})
    return ManualPage(titles[0], html, tuple(anchors))


def _anchor(title: str, taken: Sequence[str]) -> str:
    """Name a heading as GitHub and Sphinx do."""
    plain = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
    count = sum(re.fullmatch(rf"{re.escape(plain)}(-\d+)?", each) is not None for each in taken)
    return f"{plain}-{count}" if count else plain


def _lead(inline: Sequence[Token]) -> None:
    """Have links lead to pages of the site, where they name files."""
    for token in inline:
        if token.type == "link_open":
            place = str(token.attrGet("href"))
            token.attrSet("href", re.sub(r"^([a-z-]+)\.md(?=#|$)", r"\1", place))
            if place.startswith("http"):
                token.attrSet("rel", "noreferrer")


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
    return send_from_directory(FOLDER / lang / "pictures", name, max_age=AGE)


def help_address() -> str:
    """Give the address of what the manual says of the page of the desk that is shown."""
    name, _, anchor = TOPICS.get((request.endpoint or "").partition(".")[2], FIRST).partition("#")
    lang = language.current()
    if anchor:
        number = leaf("en", name).anchors.index(anchor)
        anchor = leaf(lang, name).anchors[number]
    return url_for("manual.page", lang=lang, name=name, _anchor=anchor or None)
