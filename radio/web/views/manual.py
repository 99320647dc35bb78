"""The manual: its Markdown, which comes with the program, as pages in two languages. Imports
markdown-it-py. Raw HTML in it stays text. Pages of the desk lead to what is said of them."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, redirect, render_template, request, url_for
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from radio.web import language
from radio.web.headers import SITE_AGE, file_of

manual = Blueprint("manual", __name__)

FOLDER = Path(__file__).parent.parent / "manual"
FIRST = "index"
ROLES = {"table": "table", "tr": "row", "th": "columnheader", "td": "cell"}  # on a phone, too
READER = MarkdownIt("commonmark", {"html": False}).enable("table")

# The topic of each page of the desk, as the English page names its heading.
TOPICS = {
    "account": "first-evening#the-private-feed",
    "asked": "someone-asks#which-act-for-which-request",
    "chapters": "describing#the-chapters",
    "consents": "someone-asks#note-a-consent-or-that-it-was-taken-back",
    "deleted": "someone-asks#going-back",
    "deleting": "someone-asks#leave-no-trace",
    "document": "correcting#in-a-word-processor",
    "elsewhere": "correcting#a-word-that-is-wrong-everywhere",
    "entries": "each-year",
    "episodes": "publishing#several-at-once",
    "fields": "describing#the-details",
    "glossary": "correcting#names-that-the-machine-does-not-know",
    "home": "each-week",
    "invited": "first-evening#sign-in-for-the-first-time",
    "merging": "describing#the-same-episode-twice",
    "music": "describing#the-music",
    "past": "correcting#names-that-the-machine-does-not-know",
    "proposals": "correcting#what-listeners-suggest",
    "pseudonym": "someone-asks#replace-a-name",
    "redaction": "someone-asks#cut-a-passage",
    "renaming": "describing#another-address",
    "replacement": "correcting#a-word-that-is-wrong-everywhere",
    "replacing": "describing#a-better-recording",
    "replying": "someone-asks#publish-a-reply",
    "report": "each-year#the-report",
    "rereading": "correcting#where-to-begin",
    "rights": "publishing#for-another-station",
    "section": "correcting#by-ear-on-the-keyboard",
    "sections": "correcting#mark-it-as-proofread",
    "sent": "each-week#upload-the-recording",
    "show_fields": "describing#the-show-and-the-site",
    "several": "describing#several-episodes-at-once",
    "sign_in": "first-evening#sign-in-for-the-first-time",
    "site_fields": "describing#the-show-and-the-site",
    "state": "a-light-is-red#status-line-by-line",
    "team": "handing-over#invite",
    "threads": "publishing#make-a-thread",
    "twins": "describing#the-same-episode-twice",
    "two_covers": "describing#the-picture",
    "voice_names": "correcting#name-the-voices",
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
        elif token.nesting == 1 and token.tag in ROLES:
            token.attrSet("role", ROLES[token.tag])
        _lead(inline.children or ())
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
