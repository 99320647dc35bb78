"""What style sheets, scripts, manifests and the rest of a site's code refer to. Pure."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import Message

NAMES_ONLY = {  # of XML: names that look like addresses and are never asked for
    "http://www.w3.org/1999/xhtml",
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/1998/Math/MathML",
    "http://www.w3.org/2000/svg",
    "http://www.w3.org/2000/xmlns/",
    "http://www.w3.org/XML/1998/namespace",
}
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
JS_COOKIE = re.compile(r"\bdocument\s*\.\s*cookie\b|\bcookieStore\b")
LINK_HEADER = re.compile(r"""<([^>]*)>[^,<]*?;\s*rel\s*=\s*"?([^";,]+)""", re.IGNORECASE)
REFRESH = re.compile(r"""^[\s\d.]*[;,]?\s*(?:url\s*=)?\s*["']?([^"']*)""", re.IGNORECASE)


@dataclass(frozen=True)
class Reference:
    """An address in a page or file: how it is written there, and what a browser does with it."""

    how: str
    address: str
    loaded: bool = True  # asked for by the browser, not by a person who follows a link
    followed: bool = True  # worth asking for, where it is on the site


def as_links(references: Iterable[Reference]) -> Iterator[Reference]:
    """Take what other sites would load for what may be looked at here."""
    return (Reference(each.how, each.address, loaded=False) for each in references)


def in_style(text: str) -> Iterator[Reference]:
    """Find what a style sheet, or a `style=`, loads."""
    text = CSS_COMMENT.sub("", text)
    for double, single, bare in CSS_URL.findall(text):
        address = (double or single or bare).strip()
        if address and not address.startswith("#"):
            yield Reference("url()", address)
    for address in CSS_IMPORT.findall(text):
        yield Reference("@import", address)


def in_script(text: str) -> Iterator[Reference]:
    """Find the modules that a script imports, and every whole address that is written in it."""
    for address in JS_IMPORT.findall(text):
        yield Reference("import", address)
    for address in LITERAL.findall(text):
        if address not in NAMES_ONLY:
            yield Reference("script", address, followed=False)


def sets_cookies(text: str) -> bool:
    """Tell whether a script names the cookies of its page."""
    return JS_COOKIE.search(text) is not None


def in_manifest(text: str) -> Iterator[Reference]:
    """Find the icons, pictures and pages of a web manifest (https://www.w3.org/TR/appmanifest)."""
    for name, value in _strings(text):
        if name == "src":
            yield Reference("manifest src", value)
        elif name in {"start_url", "url", "action"}:
            yield Reference(f"manifest {name}", value, loaded=False)


def embedded(text: str) -> str:
    """Give the HTML that an oEmbed answer (https://oembed.com) hands to other sites, or nothing."""
    fields = dict(_strings(text))
    return fields.get("html", "") if fields.get("type") == "rich" else ""


def in_headers(headers: Message) -> Iterator[Reference]:
    """Find what `Link:` and `Refresh:` make a browser ask for."""
    for address, rel in LINK_HEADER.findall(", ".join(headers.get_all("Link", []))):
        yield from linked("Link:", address, rel)
    for text in headers.get_all("Refresh", []):
        yield Reference("Refresh:", refreshed(text))


def linked(how: str, address: str, rel: str) -> Iterator[Reference]:
    """Tell what a browser does with a link of these kinds."""
    kinds = set(rel.lower().split())
    loaded = kinds & LOADING
    name = f"{how} {' '.join(sorted(loaded))}".rstrip()
    yield Reference(name, address, loaded=bool(loaded), followed=not kinds & CONNECTING)


def refreshed(text: str) -> str:
    """Give where a `meta refresh` leads; nothing is the page itself.

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
