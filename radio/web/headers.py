"""The headers of every answer: what a browser may do with it, and for how long. Imports
Flask-Compress. Whatever says something of an episode is asked for again each time (with an ETag):
it may be withdrawn. Pages load nothing from other sites. Audio and transcripts may do nothing, but
other sites may play them; scripts there may read them, if the public address is known."""

import base64
import hashlib
import mimetypes
import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, g, request, stream_with_context
from flask_compress import Compress

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; "
    "script-src 'self'; connect-src 'self'; form-action 'self'; manifest-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
# In a page without headers; some browsers take no file for one of the same site.
FROZEN_POLICY = (
    "default-src 'none'; style-src 'self' file:; img-src 'self' file:; media-src 'self' file:; "
    "font-src 'self' file:; script-src 'self' file:; form-action 'self' file:; base-uri 'none'"
)
FILE_POLICY = "default-src 'none'; sandbox"
FEED_POLICY = "default-src 'none'; style-src 'self'"
UNUSED_POWERS = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=(), browsing-topics=()"
)
EVERYWHERE = {
    "Content-Security-Policy": PAGE_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": UNUSED_POWERS,
}
EMBEDDED = {name: value for name, value in EVERYWHERE.items() if name != "X-Frame-Options"}
# A page opened from a disk may hold it too: no `*` means that one.
EMBEDDED["Content-Security-Policy"] = PAGE_POLICY.replace("frame-ancestors 'none'; ", "")
# Some sites put it in a sandbox, where even the style of its own site is foreign.
WORN = EVERYWHERE | {"Cross-Origin-Resource-Policy": "cross-origin"}
ELSEWHERE = {"sharing.embed": EMBEDDED, "static": WORN}
ELSEWHERE |= {"imprint.colors": WORN, "imprint.scheme": WORN}

TEXTS = (
    *("application/json", "application/json+chapters", "application/jsonl", "application/ld+json"),
    *("application/manifest+json", "application/rss+xml", "application/x-subrip"),
    *("application/xml", "image/svg+xml", "text/css", "text/csv", "text/html", "text/javascript"),
    *("text/plain", "text/vtt", "text/x-opml", "text/xml"),
)
SETTINGS = {
    "COMPRESS_MIMETYPES": TEXTS,
    "COMPRESS_ALGORITHM": ("zstd", "gzip"),
    "COMPRESS_LEVEL": 4,  # of gzip, of 9: a tenth larger than the smallest, in a third of the time
    "COMPRESS_MIN_SIZE": 1000,  # bytes
    "COMPRESS_STREAMS": False,  # who asks for a long table sees it begin at once
    "COMPRESS_REGISTER": False,
}
FILES = {"Content-Security-Policy": FILE_POLICY, "Cross-Origin-Resource-Policy": "cross-origin"}
SITE_AGE = "public, max-age=300"  # of what the site says of itself
OWN_AGE = "private, max-age=31536000, immutable"  # for who saw it, and no cache in between
STATIC_AGE = "public, max-age=31536000, immutable"
UNINDEXED = "noindex, noarchive"
mimetypes.add_type("font/woff2", ".woff2")  # Python has it from 3.14 on, systems not always


def as_file(response: Response, age: str = "", named: str = "") -> Response:
    """Forbid a file to do anything in a browser, and let other sites play it. `age` is its
    Cache-Control, `named` its Content-Disposition; empty if the view sets them."""
    response.headers.update(FILES)
    if age:
        response.headers["Cache-Control"] = age
    if named:
        response.headers["Content-Disposition"] = named
    return response


def file_of(
    content: bytes | str | Iterable[str], mime: str, age: str = "", named: str = ""
) -> Response:
    """Answer with such a file that is made now: whole, or while it is sent."""
    if isinstance(content, Iterator):
        content = stream_with_context(content)
    return as_file(Response(content, content_type=mime), age, named)


def file_named(
    etag: str, mime: str, make: Callable[[], bytes | str | Iterator[str]], named: str = ""
) -> Response:
    """Answer with a file whose content has a name: it is made only if the client lacks it."""
    if request.if_none_match.contains_weak(etag):
        response = as_file(Response(status=304, content_type=mime), "no-cache", named)
    else:
        response = file_of(make(), mime, "no-cache", named)
    response.set_etag(etag)
    return response


def attached(name: str) -> str:
    """Name a file, in letters of ASCII, for who keeps it."""
    return f'attachment; filename="{name}"'


def styled(response: Response, style: str) -> Response:
    """Let a file have one style, which is inside it, and no other."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    response.headers["Content-Security-Policy"] = f"{FILE_POLICY}; style-src 'sha256-{digest}'"
    return response


def harden(response: Response, base_url: str) -> Response:
    """Add what the answer doesn't say yet. HSTS goes out only under the public https name."""
    for name, value in ELSEWHERE.get(request.endpoint or "", EVERYWHERE).items():
        response.headers.setdefault(name, value)
    if g.get("unindexed"):
        response.headers["X-Robots-Tag"] = UNINDEXED
    if base_url and response.headers["Cross-Origin-Resource-Policy"] == "cross-origin":
        response.headers["Access-Control-Allow-Origin"] = "*"
    if g.get("is_own"):  # of somebody who is signed in at the desk
        response.headers["Cache-Control"] = "private, no-store"
        response.vary.add("Cookie")
    elif response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    elif request.endpoint == "static":
        response.headers["Cache-Control"] = STATIC_AGE if "v" in request.args else SITE_AGE
    else:
        response.headers.setdefault("Cache-Control", "no-cache")
    # An answer is named by its content, unless it has a name, and sent only to who has it not.
    is_whole = response.status_code == 200 and not response.is_streamed
    is_kept = "no-store" not in response.headers["Cache-Control"] and "ETag" not in response.headers
    if request.method in ("GET", "HEAD") and is_whole and is_kept:
        response.add_etag()
        response.make_conditional(request)
    if response.mimetype == "text/html":
        response.vary.add("Accept-Language")
    public = urlsplit(base_url)
    if public.scheme == "https" and request.host == public.netloc:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"  # a year
    return response


LONGEST = 260  # characters, with the port
HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[\w-]{1,63}(\.[\w-]{1,63})*\.?)?(:[0-9]{1,5})?", re.ASCII)


def check_host(application: WSGIApplication) -> WSGIApplication:
    """Put the check in front of an application."""

    def checked(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        host = environ.get("HTTP_HOST", "")
        if len(host) <= LONGEST and HOST.fullmatch(host):
            return application(environ, start)
        start("400 Bad Request", [("Content-Type", "text/plain"), ("Content-Length", "0")])
        return []

    return checked


def compress_answers(app: Flask) -> None:
    """Have the texts of a site compressed, the files of the program too."""
    app.config.update(SETTINGS)
    packer = Compress(app)

    def compress(response: Response) -> Response:
        if response.mimetype not in TEXTS:
            return response
        if response.direct_passthrough and response.status_code == 200:
            response.direct_passthrough = False
            response.make_sequence()
        packed: Response = packer.after_request(response)
        return packed

    app.after_request(compress)
