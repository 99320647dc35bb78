"""Answers as text that is the same on every day and machine, and that people can compare."""

import hashlib
import html
import io
import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import quote, quote_plus

import mutagen
from PIL import Image
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

import radio
from tests.answers.outline import outline
from tests.poison import HOSTILE

LONGEST = 600  # characters of a line
SHORT = 2500  # bytes: a longer content that is a file's is told by the name of the file
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; "
    "script-src 'self'; connect-src 'self'; form-action 'self'; manifest-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
OF_PAGES = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": PAGE_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), usb=(), browsing-topics=()"
    ),
    "ETag": "…",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Vary": "Accept-Language, Accept-Encoding",
}
OF_FILES = OF_PAGES | {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Access-Control-Allow-Origin": "*",
    "Vary": "Accept-Encoding",
}
OF_ERRORS = {name: value for name, value in OF_PAGES.items() if name != "ETag"}
OF_ERRORS |= {"Cache-Control": "no-store"}
USUAL = {"a page": OF_PAGES, "a file": OF_FILES, "an error": OF_ERRORS}
"""Headers as they are; of each answer, only those are written that are otherwise."""
UNTOLD = {"Content-Type", "Content-Length", "Date"}
CHANGING = {"ETag", "Last-Modified"}
"""Headers of which it is told only whether they are there."""
ZIPPED = {"xhtml": "application/xhtml+xml", "opf": "text/xml", "ncx": "text/xml"}
"""What is read in a book, by the ending of its name."""
PROGRAM = Path(radio.__file__).parent
HARM = {
    HOSTILE: "HARM",
    json.dumps(HOSTILE)[1:-1]: "HARM-IN-JSON",
    html.escape(HOSTILE, quote=False): "HARM-ESCAPED",
    html.escape(HOSTILE): "HARM-QUOTED",
    quote_plus(HOSTILE): "HARM-IN-ADDRESS",
}
"""What a hostile text becomes, in fewer letters. What is not escaped in a page is tags there."""
VARYING = [
    (re.compile(r"([?&;]v=|sha256-|\.v=)[0-9a-zA-Z+/=_-]{8,}"), r"\1…"),
    (re.compile(r"((?:Bagging-Date|Bag-Size|Payload-Oxum): ).*"), r"\1…"),
    (re.compile(r"not JSON \(.*\);"), "not JSON (…);"),  # as a library says it
    (
        re.compile(r"(no model that) \w+ (can read in \S+ `radio model fetch).*`"),
        r"\1 … \2`",
    ),
    (re.compile(r"Lavf[0-9.]+"), "Lavf…"),
    (re.compile(r"disk: .* free, room for .* of sound"), "disk: … free, room for … of sound"),
    (re.compile(r'("(?:free|hours)"): .*'), r"\1: …"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[0-9a-f-]{17}\b"), "uuid5…"),
]


def told(response: TestResponse, archive: Path, *, with_frame: bool) -> str:
    """Write an answer: status, headers that are not as usual, content."""
    lines = min((_headers(response.headers, name) for name in USUAL), key=len)
    content, mime = response.get_data(), response.mimetype or ""
    if mime == "text/html" and content:
        body = outline(content.decode(), with_frame=with_frame)
    else:
        body = written(content, mime, archive)
    text = "\n".join((f"{response.status_code} {response.content_type}", *lines, "", body))
    asked = quote(response.request.url, safe="")  # in letters that a page begins
    return steady(text.replace(asked, "THIS-PAGE"), archive)


def _headers(headers: Headers, kind: str) -> list[str]:
    usual, lines = USUAL[kind], [f"as {kind}"]
    for name in sorted({*usual, *headers.keys()} - UNTOLD):
        value = "…" if name in CHANGING and name in headers else headers.get(name)
        if value != usual.get(name):
            lines.append(f"{name}: {value}" if value else f"no {name}")
    return lines


def steady(text: str, root: Path) -> str:
    """Take out what another day, machine or version of the program changes, and cut long lines."""
    text = text.replace(str(root), "ARCHIVE").replace(str(root.parent), "BESIDE")
    text = text.replace(f"radio-archive {radio.__version__}", "radio-archive VERSION")
    text = text.replace(f"Agent: radio {radio.__version__}", "Agent: radio VERSION")
    for harm, instead in HARM.items():
        text = text.replace(harm, instead)
    for pattern, instead in VARYING:
        text = pattern.sub(instead, text)
    return "\n".join(_cut(line.rstrip()) for line in text.split("\n"))


def _cut(line: str) -> str:
    line = "".join(each if each.isprintable() else f"\\x{ord(each):02x}" for each in line)
    digest = hashlib.sha256(line.encode()).hexdigest()[:8]
    return f"{line[:LONGEST]}… ({len(line)} characters, {digest})" if len(line) > LONGEST else line


def written(content: bytes, mime: str, root: Path) -> str:
    if not content:
        return "(nothing)"
    is_long = len(content) > SHORT or mime.startswith(("audio/", "image/"))
    if is_long and (path := _file_of(content, root)):
        return f"the bytes of {path}"
    if mime == "application/xhtml+xml":
        return outline(content.decode())
    if mime in ("application/zip", "application/epub+zip"):
        return "\n".join(_zipped(content, root))
    if mime.endswith("json"):
        return _json(content.decode())
    if mime.endswith("xml"):
        return re.sub(r">\s*<", ">\n<", content.decode())
    texts = ("javascript", "mpegurl", "jsonlines", "x-bibtex")
    if mime.startswith("text/") or mime.endswith(texts):
        return content.decode(errors="backslashreplace")
    return _binary(content, mime)


def _file_of(content: bytes, root: Path) -> Path | None:
    for folder in (root, PROGRAM):
        for path in _sized(folder).get(len(content), ()):
            if path.is_file() and path.read_bytes() == content:
                return path.relative_to(folder)
    return None


@cache
def _sized(folder: Path) -> dict[int, list[Path]]:
    """List the files that answers may give as they are, by their size."""
    found = defaultdict(list)
    for pattern in ("*", "media/*/*", "transcripts/*/*", "web/**/*"):
        for path in sorted(folder.glob(pattern), key=lambda path: (len(path.name), path)):
            found[path.stat().st_size].append(path)
    return found


def _json(text: str) -> str:
    try:
        found = json.loads(text)
    except ValueError:
        return text
    if isinstance(found, dict) and "openapi" in found:  # it is radio/web/openapi.json
        found = sorted(found["paths"])
    return json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True)


def _zipped(content: bytes, root: Path) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        for name in file.namelist():
            yield f"* {name}"
            if mime := ZIPPED.get(name.rsplit(".")[-1]):
                yield written(file.read(name), mime, root)


def _binary(content: bytes, mime: str) -> str:
    if mime.startswith("image/"):
        with Image.open(io.BytesIO(content)) as image:
            return f"a picture of {image.width} × {image.height}"
    if mime.startswith("audio/"):
        tags = getattr(mutagen.File(io.BytesIO(content)), "tags", None)
        return "\n".join(("a recording", *(sorted(tags.pprint().splitlines()) if tags else ())))
    return "bytes"
