"""What pages, pictures, feeds, style sheets and scripts refer to, and the code in pages. Pure. One
forgiving parser reads HTML and XML; it expands no entity that a document declares."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from email.message import Message
from urllib.parse import urlencode

from radio.formats.markup import ForgivingParser

PAGES = {"text/html", "application/xhtml+xml"}
LOADED = {  # by browsers, of each attribute
    "src": {
        *("script", "img", "audio", "video", "source", "track"),
        *("iframe", "frame", "embed", "input"),
    },
    "href": {"script", "image", "use", "feimage"},
    "xlink:href": {"script", "image", "use", "feimage"},
    "poster": {"video"},
    "data": {"object"},
    "background": {"body"},
}
SENT = {("a", "ping"), ("area", "ping"), ("button", "formaction"), ("input", "formaction")}
FOLLOWED = {("a", "href"), ("a", "xlink:href"), ("area", "href")}
SETS = {"srcset", "imagesrcset"}
PAINTS = {"style", "fill", "stroke", "filter", "mask", "clip-path", "cursor"}
UNFILLED = {"submit", "button", "image", "reset", "file", "checkbox", "radio"}
DATA = {"application/ld+json", "text/html"}  # scripts that no browser runs
WORD = "radio"  # what the audit writes into a field that waits for words
XML = ("1999/xhtml", "1999/xlink", "1998/Math/MathML", "2000/svg", "2000/xmlns/")
# of XML: names that look like addresses and are never asked for
NAMES_ONLY = {f"http://www.w3.org/{each}" for each in (*XML, "XML/1998/namespace")}
LOADING = {  # kinds of `<link>` for which a browser asks, or gets ready to
    *("stylesheet", "icon", "apple-touch-icon", "mask-icon", "manifest", "search", "preload"),
    *("modulepreload", "prefetch", "prerender", "preconnect", "dns-prefetch", "expect"),
}
CONNECTING = {"preconnect", "dns-prefetch"}  # whose address names a host alone

CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
CSS_URL = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^"')]*))""", re.IGNORECASE)
CSS_IMPORT = re.compile(r"""@import\s+["']([^"']*)""", re.IGNORECASE)
LITERAL = re.compile(r"""(?:https?|wss?)://[^\s"'`<>()\\]+""", re.IGNORECASE)
JS_IMPORT = re.compile(r"""\b(?:import|from)\s*\(?\s*["'](\.{0,2}/[^"']*)""")
COOKIE = re.compile(r"\bdocument\s*\.\s*cookie\b|\bcookieStore\b")
LINK_HEADER = re.compile(r"""<([^>]*)>[^,<]*?;\s*rel\s*=\s*"?([^";,]+)""", re.IGNORECASE)
REFRESH = re.compile(r"""^[\s\d.]*[;,]?\s*(?:url\s*=)?\s*["']?([^"']*)""", re.IGNORECASE)

Attributes = list[tuple[str, str | None]]


@dataclass(frozen=True)
class Reference:
    """An address in a page or file: how it is written there, and what a browser does with it."""

    how: str
    address: str
    loaded: bool = True  # asked for by the browser, not by a person who follows a link
    followed: bool = True  # worth asking for, where it is on the site


def in_style(text: str) -> Iterator[Reference]:
    """Find what a style sheet, or a `style=`, loads."""
    text = CSS_COMMENT.sub("", text)
    for double, single, bare in CSS_URL.findall(text):
        address = (double or single or bare).strip()
        if address and not address.startswith("#"):
            yield Reference("url()", address)
    yield from (Reference("@import", address) for address in CSS_IMPORT.findall(text))


def in_script(text: str) -> Iterator[Reference]:
    """Find the modules that a script imports, and every whole address in it."""
    yield from (Reference("import", address) for address in JS_IMPORT.findall(text))
    found = (address for address in LITERAL.findall(text) if address not in NAMES_ONLY)
    yield from (Reference("script", address, followed=False) for address in found)


def read(mime: str, text: str) -> "Content":
    """Read a page or a file of a media type."""
    match mime:
        case "text/html" | "application/xhtml+xml" | "image/svg+xml":
            return Page(text)
        case "text/css":
            return Content(in_style(text))
        case "text/javascript" | "application/javascript":
            return Content(in_script(text), sets_cookies=COOKIE.search(text) is not None)
        case "application/manifest+json":
            return Content(in_manifest(text))
        case "application/json":
            return Content(in_oembed(text))
    return Listing(text)


def in_manifest(text: str) -> Iterator[Reference]:
    """Find the icons, pictures and pages of a web manifest (https://www.w3.org/TR/appmanifest)."""
    for name, value in _strings(text):
        if name == "src":
            yield Reference("manifest src", value)
        elif name in {"start_url", "url", "action"}:
            yield Reference(f"manifest {name}", value, loaded=False)


def in_oembed(text: str) -> Iterator[Reference]:
    """Find what an oEmbed answer (https://oembed.com) gives to other sites, which may load it."""
    fields = dict(_strings(text))
    page = fields.get("html", "") if fields.get("type") == "rich" else ""
    return (replace(each, loaded=False, followed=True) for each in Page(page).references)


def in_headers(headers: Message) -> Iterator[Reference]:
    """Find what `Link:` and `Refresh:` make a browser ask for."""
    for address, rel in LINK_HEADER.findall(", ".join(headers.get_all("Link", []))):
        yield _linked("Link:", address, rel)
    for text in headers.get_all("Refresh", []):
        yield Reference("Refresh:", refreshed(text))


def _linked(how: str, address: str, rel: str) -> Reference:
    kinds = set(rel.lower().split())
    loaded = kinds & LOADING
    name = f"{how} {' '.join(sorted(loaded))}".rstrip()
    return Reference(name, address, loaded=bool(loaded), followed=not kinds & CONNECTING)


def refreshed(text: str) -> str:
    """Give the target of a `meta refresh`; "" is the page itself.

    >>> refreshed("0; url='/b'"), refreshed("5")
    ('/b', '')
    """
    match = REFRESH.match(text)
    return match[1].strip() if match else ""


def _strings(text: str) -> Iterator[tuple[str, str]]:
    """Give each text of a JSON document with its name; none where it is no JSON."""
    try:
        todo = [json.loads(text)]
    except (ValueError, RecursionError):
        return
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            todo += value.values()
            yield from ((name, each) for name, each in value.items() if isinstance(each, str))
        elif isinstance(value, list):
            todo += value


class Content(ForgivingParser):
    """The content of a page or a file: the references that are given, or that it reads itself."""

    def __init__(self, known: Iterable[Reference] = (), *, sets_cookies: bool = False):
        super().__init__()
        self.references = list(known)
        self.sets_cookies = sets_cookies
        self.base = self.title = ""
        self.inline = set[str]()  # code in a page
        self.styles = list[str]()
        self.leaks = set[str]()  # what overrides the Referrer-Policy of a page
        self.ids = set[str]()
        self.recordings = list[str]()
        self.counts = False  # whether its player tells the site that it was begun
        self._tag = ""  # whose text is being read

    @property
    def has_transcript(self) -> bool:
        """Whether it refers to subtitles in WebVTT."""
        paths = (re.split("[?#]", each.address)[0] for each in self.references)
        return any(path.lower().endswith(".vtt") for path in paths)

    def handle_pi(self, data: str) -> None:
        """Take the style sheet of an XML document."""
        sheet = re.match(r"""xml-stylesheet\b.*?\bhref\s*=\s*["']([^"']*)""", data, re.DOTALL)
        if sheet:
            self.references.append(Reference("<?xml-stylesheet?>", sheet[1]))


class Page(Content):
    """Reads a page, or a picture in SVG: `Page(text)`."""

    def __init__(self, text: str):
        super().__init__()
        self._is_code = False  # of the script that is being read
        self._waiting = False  # for the source of an audio
        self._form: dict[str, str] | None = None
        self._fields = list[tuple[str, str]]()
        self.feed(text)
        self.close()
        self._send_form()

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        """Take an element."""
        attributes = {name: value or "" for name, value in reversed(attrs)}  # the first one counts
        match tag:
            case "base":
                self.base = self.base or attributes.get("href", "")
            case "form":
                self._send_form()
                self._form = attributes
            case "input" | "select" | "textarea":
                self._fill(tag, attributes)
            case "audio":
                self._waiting = True
        if tag in {"script", "style"} or (tag == "title" and not self.title):
            self._tag = tag
            self._is_code = attributes.get("type", "").strip().lower() not in DATA
        if self._waiting and tag in {"audio", "source"} and attributes.get("src"):
            self.recordings.append(attributes["src"])  # by its first source
            self._waiting = False
        places = (attributes.get("id"), attributes.get("name") if tag == "a" else None)
        self.ids.update(filter(None, places))
        self.references += _references(tag, attributes)
        self.counts = self.counts or "data-told" in attributes
        self._find_code(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if tag == self._tag:
            self._tag = ""
        if tag == "form":
            self._send_form()
        elif tag == "audio":
            self._waiting = False

    def handle_data(self, data: str) -> None:
        """Read the text of a script, a style or the title."""
        if not data.strip():
            return
        if self._tag == "title":
            self.title += data
        elif self._tag == "style":
            self.styles.append(data)
            self.references += in_style(data)
        elif self._tag == "script" and self._is_code:
            self.inline.add("<script>")
            self.references += in_script(data)
            self.sets_cookies |= COOKIE.search(data) is not None

    def _find_code(self, tag: str, attributes: Mapping[str, str]) -> None:
        for name, value in attributes.items():
            if name in {"style", "srcdoc"} or (name.startswith("on") and len(name) > 2):
                self.inline.add(f"<{tag} {name}>")
            elif re.sub(r"[\x00-\x20]", "", value[:40]).lower().startswith("javascript:"):
                self.inline.add(f"<{tag} {name}> javascript:")
        policy = attributes.get("referrerpolicy", "")
        if tag == "meta" and attributes.get("name", "").lower() == "referrer":
            policy = attributes.get("content", "")
        if policy.strip().lower() not in {"", "no-referrer"}:
            self.leaks.add(f"<{tag}> {policy}")

    def _fill(self, tag: str, attributes: Mapping[str, str]) -> None:
        name, kind = attributes.get("name"), attributes.get("type", "text").lower()
        if not name or self._form is None or (tag == "input" and kind in UNFILLED):
            return
        waits = tag == "textarea" or (tag == "input" and kind in {"text", "search"})
        example = attributes.get("placeholder", "") if "pattern" in attributes else WORD
        self._fields.append((name, attributes.get("value") or (example if waits else "")))

    def _send_form(self) -> None:
        """Note the target of a form; only those by GET are asked for."""
        if self._form is None:
            return
        action = self._form.get("action", "")
        is_get = self._form.get("method", "get").lower() == "get"
        if is_get:
            action = f"{action.partition('#')[0].partition('?')[0]}?{urlencode(self._fields)}"
        self.references.append(Reference("<form action>", action, followed=is_get))
        self._form, self._fields = None, []


class Listing(Content):
    """Reads a feed, a sitemap or an OpenSearch description, whose links are not loaded."""

    def __init__(self, text: str):
        super().__init__()
        self.feed(text)
        self.close()

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
    """Give what an element refers to; forms wait for their fields."""
    for name, value in attributes.items():
        how = f"<{tag} {name}>"
        is_loaded = tag in LOADED.get(name, ()) or name == "data-script"  # by our own later.js
        if is_loaded and value.strip() and not value.startswith("#"):
            yield Reference(how, value)
        elif (tag, name) in FOLLOWED:
            yield Reference(how, value, loaded=False)
        elif (tag, name) in SENT:
            yield from (Reference(how, each, followed=False) for each in value.split())
        elif name in SETS:
            yield from (Reference(how, each) for each in _candidates(value))
        elif name in PAINTS:
            yield from (Reference(how, each.address) for each in in_style(value))
    if tag == "link" and "href" in attributes:
        yield _linked("<link>", attributes["href"], attributes.get("rel", ""))
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
