"""What pages, pictures in SVG, feeds and sitemaps refer to, and the code written into them. Pure.

One forgiving reader serves HTML and XML alike: it expands no entity that a document declares.
"""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

from radio.audit.code import Reference, in_script, in_style, linked, refreshed, sets_cookies
from radio.formats.markup import ForgivingParser

LOADED = {
    *(("script", "src"), ("script", "href"), ("script", "xlink:href"), ("img", "src")),
    *(("audio", "src"), ("video", "src"), ("video", "poster"), ("source", "src")),
    *(("track", "src"), ("iframe", "src"), ("frame", "src"), ("embed", "src"), ("object", "data")),
    *(("input", "src"), ("body", "background"), ("image", "href"), ("image", "xlink:href")),
    *(("use", "href"), ("use", "xlink:href"), ("feimage", "href"), ("feimage", "xlink:href")),
}
SENT = {("a", "ping"), ("area", "ping"), ("button", "formaction"), ("input", "formaction")}
FOLLOWED = {("a", "href"), ("a", "xlink:href"), ("area", "href")}
SETS = {"srcset", "imagesrcset"}
PAINTS = {"fill", "stroke", "filter", "mask", "clip-path", "cursor"}
UNFILLED = {"submit", "button", "image", "reset", "file", "checkbox", "radio"}
DATA = {"application/ld+json", "text/html"}  # scripts that no browser runs
WORD = "radio"  # what the audit writes into a field that waits for words

Attributes = list[tuple[str, str | None]]


class _Reader(ForgivingParser):
    """Reads a document in one go, and forgives what browsers forgive."""

    def __init__(self) -> None:
        super().__init__()
        self.references: list[Reference] = []

    def read(self, text: str) -> None:
        """Read the whole of it."""
        self.feed(text)
        self.close()

    def handle_pi(self, data: str) -> None:
        """Take the style sheet of an XML document."""
        sheet = re.match(r"""xml-stylesheet\b.*?\bhref\s*=\s*["']([^"']*)""", data, re.DOTALL)
        if sheet:
            self.references.append(Reference("<?xml-stylesheet?>", sheet[1]))


class Page(_Reader):
    """Reads a page, or a picture in SVG: `Page(text)`."""

    def __init__(self, text: str):
        super().__init__()
        self.base = ""
        self.title = ""
        self.inline: set[str] = set()
        self.styles: list[str] = []
        self.leaks: set[str] = set()  # what overrides the Referrer-Policy of the page
        self.ids: set[str] = set()
        self.recordings: list[str] = []
        self.sets_cookies = False
        self._within: dict[str, str] | None = None  # the script, style or title being read
        self._tag = ""
        self._waiting = False  # for the source of an audio
        self._form: dict[str, str] | None = None
        self._fields: list[tuple[str, str]] = []
        self.read(text)
        self._send_form()

    @property
    def has_transcript(self) -> bool:
        """Tell whether it leads to subtitles in WebVTT."""
        paths = (re.split("[?#]", each.address)[0] for each in self.references)
        return any(path.lower().endswith(".vtt") for path in paths)

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """Take an element."""
        # Where an attribute stands twice, the first one counts.
        attributes = {name: value or "" for name, value in reversed(attrs)}
        if tag in {"script", "style"} or (tag == "title" and not self.title):
            self._tag, self._within = tag, attributes
        if tag == "base":
            self.base = self.base or attributes.get("href", "")
        elif tag == "form":
            self._send_form()
            self._form = attributes
        elif tag in {"input", "select", "textarea"}:
            self._fill(tag, attributes)
        self._listen(tag, attributes)
        self.ids |= {attributes.get("id", ""), attributes.get("name", "") if tag == "a" else ""} - {
            ""
        }
        self.references += _references(tag, attributes)
        self._find_code(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if tag == self._tag:
            self._tag, self._within = "", None
        if tag == "form":
            self._send_form()
        elif tag == "audio":
            self._waiting = False

    def handle_data(self, data: str) -> None:
        """Read the text of a script, a style or the title."""
        if self._within is None or not data.strip():
            return
        if self._tag == "title":
            self.title += data
        elif self._tag == "style":
            self.styles.append(data)
            self.references += in_style(data)
        elif self._within.get("type", "").strip().lower() not in DATA:
            self.inline.add("<script>")
            self.references += in_script(data)
            self.sets_cookies |= sets_cookies(data)

    def _listen(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Note a recording: what an `<audio>` plays, itself or by its first source."""
        if tag == "audio":
            self._waiting = not attributes.get("src")
        if attributes.get("src") and (tag == "audio" or (tag == "source" and self._waiting)):
            self.recordings.append(attributes["src"])
            self._waiting = False

    def _find_code(self, tag: str, attributes: Mapping[str, str]) -> None:
        for name, value in attributes.items():
            if name == "style" or name == "srcdoc" or (name.startswith("on") and len(name) > 2):
                self.inline.add(f"<{tag} {name}>")
            elif re.sub(r"[\x00-\x20]", "", value[:40]).lower().startswith("javascript:"):
                self.inline.add(f"<{tag} {name}> javascript:")
        policy = attributes.get("referrerpolicy", "")
        if tag == "meta" and attributes.get("name", "").lower() == "referrer":
            policy = attributes.get("content", "")
        if policy.strip().lower() not in {"", "no-referrer"}:
            self.leaks.add(f"<{tag}> {policy}")

    def _fill(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Fill a field of a form as somebody would who looks for a word, or follows its example."""
        name, kind = attributes.get("name"), attributes.get("type", "text").lower()
        if not name or self._form is None or (tag == "input" and kind in UNFILLED):
            return
        waits = tag == "textarea" or (tag == "input" and kind in {"text", "search"})
        example = attributes.get("placeholder", "") if "pattern" in attributes else WORD
        self._fields.append((name, attributes.get("value") or (example if waits else "")))

    def _send_form(self) -> None:
        """Note where a form leads; only what it asks for by GET is asked for."""
        if self._form is None:
            return
        method = self._form.get("method", "get").lower()
        action = self._form.get("action", "")
        is_get = method == "get"
        if is_get:
            action = f"{action.partition('#')[0].partition('?')[0]}?{urlencode(self._fields)}"
        self.references.append(Reference("<form action>", action, followed=is_get))
        self._form, self._fields = None, []


class Listing(_Reader):
    """Reads a feed, a sitemap or an OpenSearch description: `Listing(text)`.

    They are for programs: what they name is followed, and only the picture of a search is loaded.
    """

    def __init__(self, text: str):
        super().__init__()
        self._tag = ""
        self.read(text)

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """Take the addresses among the attributes."""
        self._tag = tag
        for name, value in attrs:
            if value and name in {"url", "href", "template"}:
                address = re.sub(r"\{[^{}]*\}", WORD, re.sub(r"\{[^{}]*\?\}", "", value))
                self.references.append(Reference(f"<{tag} {name}>", address, loaded=False))

    def handle_endtag(self, _tag: str) -> None:
        """Leave an element."""
        self._tag = ""

    def handle_data(self, data: str) -> None:
        """Take the addresses that are written as text."""
        if self._tag in {"loc", "link", "location", "image"} and data.strip():
            loaded = self._tag == "image"
            self.references.append(Reference(f"<{self._tag}>", data.strip(), loaded=loaded))


def _references(tag: str, attributes: Mapping[str, str]) -> Iterator[Reference]:
    """Give what an element refers to; a form waits for its fields."""
    for name, value in attributes.items():
        how = f"<{tag} {name}>"
        is_loaded = (tag, name) in LOADED or name == "data-script"  # by our own later.js
        if is_loaded and value.strip() and not value.startswith("#"):
            yield Reference(how, value)
        elif (tag, name) in FOLLOWED:
            yield Reference(how, value, loaded=False)
        elif (tag, name) in SENT:
            yield from (Reference(how, each, followed=False) for each in value.split())
        elif name in SETS:
            yield from (Reference(how, each) for each in _candidates(value))
        elif name == "style" or name in PAINTS:
            yield from (Reference(how, each.address) for each in in_style(value))
    if tag == "link" and "href" in attributes:
        yield from linked("<link>", attributes["href"], attributes.get("rel", ""))
    if tag == "meta" and attributes.get("http-equiv", "").lower() == "refresh":
        yield Reference("<meta refresh>", refreshed(attributes.get("content", "")))


def _candidates(text: str) -> Iterator[str]:
    """Give the addresses of a `srcset`.

    >>> list(_candidates("a.png, b,c.png 2x ,d.png 100w"))
    ['a.png', 'b,c.png', 'd.png']
    """
    while text := text.lstrip(", \t\n\r\f"):
        address, _, text = re.sub(r"\s+", " ", text).partition(" ")
        if not address.endswith(","):
            text = text.partition(",")[2]
        yield address.rstrip(",")
