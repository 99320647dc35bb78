"""`radio audit`: a site is visited as a stranger would, and each broken promise is found."""

import contextlib
import itertools
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest

from radio.audit.crawl import Audit, Violation, audit
from radio.audit.report import render
from radio.system.errors import RadioError
from radio.web.headers import EVERYWHERE, FILES
from tests.processes import call, free_port, running
from tests.samples import street
from tests.tables import for_each

ELSEWHERE = "https://elsewhere.example"
NOSNIFF = "X-Content-Type-Options"
CSP = "Content-Security-Policy"
REFERRER = "Referrer-Policy"
SAFE_FILE = {**FILES, NOSNIFF: "nosniff"}
TYPES = {
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "png": "image/png",
    "xml": "application/xml",
    "webmanifest": "application/manifest+json",
    "mp3": "audio/mpeg",
    "vtt": "text/vtt",
    "json": "application/json",
}


@dataclass(frozen=True)
class Reply:
    """What the small site answers; `{n}` in a header is another number each time."""

    body: str = ""
    status: int = 200
    headers: dict[str, str | None] = field(default_factory=dict)  # beside those of our pages, files


Replies = dict[str, str | Reply]


class SmallSite(ThreadingHTTPServer):
    """A site of a few addresses, as safe as ours where a test doesn't say otherwise."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Visit)
        self.replies: Replies = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.numbers = itertools.count()
        self.address = f"http://127.0.0.1:{self.server_port}"

    def audit(self, replies: Replies) -> Audit:
        self.replies = replies
        return audit(self.address)

    def findings(self, replies: Replies) -> list[tuple[str, str, str]]:
        found = self.audit(replies).findings
        return [(each.kind, each.page, each.what.replace(self.address, "")) for each in found]


class Visit(BaseHTTPRequestHandler):
    """One address being asked for."""

    protocol_version = "HTTP/1.1"
    server: SmallSite

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # the visitor hangs up on what is too large
            super().handle()

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        path = urlsplit(self.path).path
        reply = self.server.replies.get(path, Reply(status=404))
        reply = Reply(reply) if isinstance(reply, str) else reply
        kind = TYPES.get(path.rpartition(".")[2], "text/html")
        usual = EVERYWHERE if kind in {"text/html", "text/css", "text/javascript"} else SAFE_FILE
        content = reply.body.replace("{site}", self.server.address).encode()
        self.send_response_only(reply.status)
        length = {"Content-Type": kind, "Content-Length": str(len(content))}
        for name, value in {**usual, **length, **reply.headers}.items():
            if value is not None:
                self.send_header(name, value.replace("{n}", str(next(self.server.numbers))))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Keep the terminal quiet."""


@pytest.fixture(scope="module")
def served() -> Iterator[SmallSite]:
    with SmallSite() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def small(served: SmallSite) -> SmallSite:
    served.asked.clear()
    return served


def page(body: str, **headers: str | None) -> Replies:
    return {"/": Reply(body, headers={k.replace("_", "-"): v for k, v in headers.items()})}


def test_our_own_site_keeps_its_promises(site: str) -> None:
    found = audit(site)
    assert found.findings == ()
    assert found.pages > 30
    assert found.files > 60
    assert (found.recordings, found.transcribed) == (3, 3)
    assert "Rien trouvé." in render(found, "fr")


LOADED = (
    (f'<script src="{ELSEWHERE}/x"></script>', "<script src>"),
    (f'<link rel="stylesheet" href="{ELSEWHERE}/x">', "<link> stylesheet"),
    (f'<link rel="shortcut icon" href="{ELSEWHERE}/x">', "<link> icon"),
    (f'<link rel="preconnect" href="{ELSEWHERE}/x">', "<link> preconnect"),
    (f'<link rel="dns-prefetch" href="{ELSEWHERE}/x">', "<link> dns-prefetch"),
    (f'<link rel="manifest" href="{ELSEWHERE}/x">', "<link> manifest"),
    (f'<img src="{ELSEWHERE}/x">', "<img src>"),
    (f'<img srcset="data:image/png,a 1x, {ELSEWHERE}/x 2x">', "<img srcset>"),
    (f'<a href=t.vtt></a><audio src="{ELSEWHERE}/x"></audio>', "<audio src>"),
    (f'<video><source src="{ELSEWHERE}/x"></video>', "<source src>"),
    (f'<video poster="{ELSEWHERE}/x"></video>', "<video poster>"),
    (f'<button data-script="{ELSEWHERE}/x"></button>', "<button data-script>"),
    (f'<video><track src="{ELSEWHERE}/x"></video>', "<track src>"),
    (f'<iframe src="{ELSEWHERE}/x"></iframe>', "<iframe src>"),
    (f'<object data="{ELSEWHERE}/x"></object>', "<object data>"),
    (f'<form action="{ELSEWHERE}/x" method="post"></form>', "<form action>"),
    (f'<button formaction="{ELSEWHERE}/x"></button>', "<button formaction>"),
    (f'<a href="/" ping="{ELSEWHERE}/x"></a>', "<a ping>"),
    (f'<svg><image href="{ELSEWHERE}/x"/></svg>', "<image href>"),
    (f'<svg><path fill="url({ELSEWHERE}/x)"/></svg>', "<path fill>"),
    (f'<meta http-equiv="refresh" content="9; url={ELSEWHERE}/x">', "<meta refresh>"),
    (f'<base href="{ELSEWHERE}/"><img src="x">', "<img src>"),
    ('<img src="https:\\\\elsewhere.example/x">', "<img src>"),
    ('<img src=" ht\ntps:////elsewhere.example/x">', "<img src>"),
    (f"<style>p {{ background: url('{ELSEWHERE}/x') }}</style>", "url()"),
)
CODE = (
    ("<script>alert(1)</script>", "<script>"),
    ('<script type="application/json">{}</script>', "<script>"),
    ("<style>p { color: red }</style>", "<style>"),
    ('<p style="color: red">', "<p style>"),
    ('<p onclick="a()">', "<p onclick>"),
    ('<a href="JaVa\tScript:a()">', "<a href> javascript:"),
    ('<iframe srcdoc="&lt;p&gt;"></iframe>', "<iframe srcdoc>"),
)
DEAD = (
    ('<a href="gone">', "/gone → 404"),
    ('<img src="gone.png">', "/gone.png → 404"),
    ('<a href="http://[">', "<a href> http://["),
    ('<a href="/broken">', "/broken → 500"),
    ('<a href="/round">', "/back → 301 /round → /back"),
    ('<a href="/nowhere">', "/nowhere → 302"),
    ('<form action="/find"><input name="q"><select name="s"></form>', "/find?q=radio&s= → 404"),
)
ON_A_PAGE = (
    *(("off-site request", element, f"{how} {ELSEWHERE}/x") for element, how in LOADED),
    *(("inline code", element, what) for element, what in CODE),
    *(("dead link", element, what) for element, what in DEAD),
    ("header", f'<a href="{ELSEWHERE}" referrerpolicy="unsafe-url">', "<a> unsafe-url"),
    ("header", '<meta name="referrer" content="origin">', "<meta> origin"),
)


@for_each(("kind", "element", "what"), ON_A_PAGE)
def test_what_breaks_a_promise_on_a_page_is_found(
    small: SmallSite, kind: str, element: str, what: str
) -> None:
    replies: Replies = {
        **page(element),
        "/t.vtt": "WEBVTT",
        "/broken": Reply(status=500),
        "/round": Reply(status=301, headers={"Location": "/back"}),
        "/back": Reply(status=301, headers={"Location": "/round"}),
        "/nowhere": Reply(status=302),
    }
    found = small.findings(replies)
    assert [each for each in found if each[0] == kind] == [(kind, "/", what)]
    assert {each[0] for each in found} - {kind} <= {"inline code"}


def test_another_port_or_scheme_is_elsewhere(small: SmallSite) -> None:
    other = f"//127.0.0.1:{small.server_port + 1}/x"
    assert small.findings(page(f'<img src="{other}"><img src="{{site}}/i.png">')) == [
        ("off-site request", "/", f"<img src> http:{other}"),
        ("dead link", "/", "/i.png → 404"),
    ]


@for_each(
    ("link", "path", "content", "how"),
    [
        ('<link rel="stylesheet" href="a.css">', "/a.css", "p { color: url('{}') }", "url()"),
        ('<link rel="stylesheet" href="a.css">', "/a.css", '@import "{}";', "@import"),
        ('<script src="a.js"></script>', "/a.js", 'fetch("{}")', "script"),
        ('<script src="a.js"></script>', "/a.js", "// see {}", "script"),
        ('<img src="a.svg">', "/a.svg", '<svg><use xlink:href="{}"/></svg>', "<use xlink:href>"),
        (
            '<link rel="manifest" href="a.webmanifest">',
            "/a.webmanifest",
            '{"icons": [{"src": "{}"}]}',
            "manifest src",
        ),
        ('<link rel="search" href="a.xml">', "/a.xml", "<Image>{}</Image>", "<image>"),
        ('<a href="a.xml"></a>', "/a.xml", "<?xml-stylesheet href='{}'?>", "<?xml-stylesheet?>"),
    ],
)
def test_what_a_file_loads_from_elsewhere_is_found(
    small: SmallSite, link: str, path: str, content: str, how: str
) -> None:
    address = f"{ELSEWHERE}/x"
    found = small.findings({**page(link), path: content.replace("{}", address)})
    assert found == [("off-site request", path, f"{how} {address}")]


def test_what_is_loaded_by_what_is_loaded_is_found(small: SmallSite) -> None:
    replies: Replies = {
        **page('<link rel="stylesheet" href="/a.css"><script src="/a.js"></script>'),
        "/a.css": '/* url(https://a.example) */ @import "b.css";',
        "/b.css": "@font-face { src: url(font.woff2) }",
        "/a.js": 'import { sew } from "./b.js"; localStorage.setItem("a", "b")',
        "/b.js": 'import("./c.js"); document.createElementNS("http://www.w3.org/2000/svg", "g")',
    }
    assert small.findings(replies) == [
        ("dead link", "/b.css", "/font.woff2 → 404"),
        ("dead link", "/b.js", "/c.js → 404"),
    ]


def test_headers_can_load_too(small: SmallSite) -> None:
    found = small.findings(
        page("", Link=f"<{ELSEWHERE}/x>; rel=preload; as=style", Refresh=f"0; url={ELSEWHERE}/y")
    )
    assert found == [
        ("off-site request", "/", f"Link: preload {ELSEWHERE}/x"),
        ("off-site request", "/", f"Refresh: {ELSEWHERE}/y"),
    ]


@for_each(
    "element",
    [
        f'<a href="{ELSEWHERE}/x">a plain link</a>',
        f'<link rel="canonical" href="{ELSEWHERE}/x">',
        f'<link rel="alternate" href="{ELSEWHERE}/x">',
        f'<script type="application/ld+json">{{"url": "{ELSEWHERE}/x"}}</script>',
        f'<meta property="og:url" content="{ELSEWHERE}/x">',
        '<a href="mailto:a@elsewhere.example">',
        '<img src="data:image/png;base64,AAAA">',
        f"<p>{ELSEWHERE}/x &lt;img src='{ELSEWHERE}/x'&gt;</p>",
        '<a href="#top">top</a> <a href="#">here</a> <a href="#:~:text=radio">words</a>',
        '<a href="feed.xml">feed</a>',
        f'<![weird[ <![if IE]> <!-- <img src="{ELSEWHERE}/x"> -->',
    ],
)
def test_what_loads_nothing_is_no_finding(small: SmallSite, element: str) -> None:
    feed = f'<rss><link>{ELSEWHERE}/</link><enclosure url="{ELSEWHERE}/a.mp3"/></rss>'
    assert small.findings({**page(element), "/feed.xml": feed}) == []


def test_code_and_cookies_are_found_wherever_they_are(small: SmallSite) -> None:
    sets = {"Set-Cookie": "visit=1"}
    links = "".join(f'<a href="/{each}"></a>' for each in ("a.mp3", "gone", "b", "a.js", "a.svg"))
    replies: Replies = {
        **page(links, Set_Cookie="id=2"),
        "/a.mp3": Reply("sound", headers={**sets}),
        "/gone": Reply(status=410, headers={**sets}),
        "/b": Reply(status=302, headers={**sets, "Location": "/"}),
        "/a.js": 'document.cookie = "a=b"',
        "/a.svg": '<svg onload="a()"></svg>',
    }
    assert [each for each in small.findings(replies) if each[0] != "dead link"] == [
        ("cookie", "/", "Set-Cookie: id"),
        ("cookie", "/a.mp3", "Set-Cookie: visit"),
        ("cookie", "/gone", "Set-Cookie: visit"),
        ("cookie", "/b", "Set-Cookie: visit"),
        ("cookie", "/a.js", "document.cookie"),
        ("inline code", "/a.svg", "<svg onload>"),
    ]


POLICY = EVERYWHERE[CSP]


@for_each(
    ("name", "value", "what"),
    [
        (CSP, None, f"{CSP}: —"),
        (CSP, POLICY.replace("default-src 'none'", "default-src 'self'"), "default-src 'self'"),
        (CSP, POLICY.replace("script-src 'self';", ""), "script-src —"),
        (CSP, f"script-src 'self' 'unsafe-inline'; {POLICY}", "script-src 'self' 'unsafe-inline'"),
        (CSP, POLICY.replace("style-src 'self'", "style-src *"), "style-src *"),
        (CSP, POLICY.replace("img-src 'self'", "img-src https:"), "img-src https:"),
        (CSP, POLICY.replace("form-action 'self';", ""), "form-action —"),
        (CSP, f"{POLICY}; report-uri /told", "report-uri /told"),
        (REFERRER, None, "—"),
        (REFERRER, "no-referrer, origin", "no-referrer, origin"),
        (NOSNIFF, None, "—"),
        ("Permissions-Policy", None, "—"),
        ("Server", "small/1.0", "small/1.0"),
        ("X-Powered-By", "wool", "wool"),
        ("NEL", '{"report_to": "a"}', '{"report_to": "a"}'),
    ],
)
def test_a_weak_header_of_a_page_is_found(
    small: SmallSite, name: str, value: str | None, what: str
) -> None:
    found = small.findings({"/": Reply(headers={name: value})})
    assert found == [("header", "/", f"{name}: {what.removeprefix(f'{name}: ')}")]


def test_policies_that_are_strict_enough_are_no_finding(small: SmallSite) -> None:
    """The strictest of several counts, and parts of pages may have that of pages."""
    both = f"frame-ancestors https:, {POLICY}, default-src *"
    links = '<link rel="icon" href="/a.svg"><link rel="stylesheet" href="/a.css">'
    replies: Replies = {
        "/": Reply(links, headers={CSP: both}),
        "/a.svg": Reply("<svg/>", headers={CSP: POLICY}),
        "/a.css": "",
    }
    assert small.findings(replies) == []


@for_each(
    ("path", "headers", "what"),
    [
        ("/a.mp3", {CSP: POLICY}, f"{CSP}: {POLICY}"),
        ("/a.vtt", {CSP: "default-src 'none'"}, f"{CSP}: default-src 'none'"),
        ("/a.mp3", {CSP: "default-src 'none'; sandbox allow-scripts"}, None),
        ("/a.mp3", {NOSNIFF: None}, f"{NOSNIFF}: —"),
        ("/a.css", {CSP: None}, f"{CSP}: —"),
        ("/a.png", {"Server": "small"}, "Server: small"),
    ],
)
def test_a_weak_header_of_a_file_is_found(
    small: SmallSite, path: str, headers: dict[str, str | None], what: str | None
) -> None:
    found = small.findings({**page(f'<a href="{path}">'), path: Reply("x", headers=headers)})
    assert found == [("header", path, what or f"{CSP}: {headers[CSP]}")]


@for_each("path", ["/", "/a.mp3"])
def test_an_etag_made_for_each_visit_is_found(small: SmallSite, path: str) -> None:
    tracked = {"/": Reply('<a href="/a.mp3">'), "/a.mp3": Reply("x", headers={"ETag": '"same"'})}
    tracked[path] = Reply('<a href="/a.mp3">', headers={"ETag": '"{n}"'})
    (found,) = small.findings({**tracked})
    assert found[:2] == ("header", path)
    assert found[2].startswith('ETag: "')


def test_a_page_too_large_to_read_is_found(
    small: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("radio.audit.visitor.LARGEST", 1 << 20)
    found = small.findings({**page('<a href="/a">'), "/a": "x" * (2 << 20)})
    assert found == [("dead link", "/", "/a → > 1 MiB")]


@for_each("start", ["/archives/", "/archives", "/archives/?lang=fr"])
def test_a_site_below_a_path_is_asked_for_its_own_sitemap(small: SmallSite, start: str) -> None:
    small.replies = {
        "/archives": Reply(status=301, headers={"Location": "/archives/"}),
        "/archives/": page("")["/"],
        "/archives/sitemap.xml": "<urlset><loc>{site}/archives/only</loc></urlset>",
        "/archives/only": '<a href="gone">',
    }
    found = audit(small.address + start)
    assert [each.what for each in found.findings] == ["/archives/gone → 404"]
    assert [path for path, _ in small.asked if not path.startswith("/archives")] == []


def test_feeds_sitemap_and_oembed_are_followed(small: SmallSite) -> None:
    replies: Replies = {
        **page('<link rel="alternate" href="/feed.xml"><a href="/oembed">'),
        "/sitemap.xml": f"<urlset><loc>{{site}}/only</loc><loc>{ELSEWHERE}/</loc></urlset>",
        "/only": '<a href="gone">',
        "/feed.xml": '<rss><item><link>{site}/a</link><enclosure url="{site}/a.mp3"/>'
        '<podcast:transcript url="{site}/a.vtt"/></item></rss>',
        "/oembed": Reply(
            json.dumps({"type": "rich", "html": '<iframe src="{site}/embed"></iframe>'}),
            headers={**SAFE_FILE, "Content-Type": "application/json"},
        ),
    }
    assert small.findings(replies) == [
        ("dead link", "/feed.xml", "/a → 404"),
        ("dead link", "/feed.xml", "/a.mp3 → 404"),
        ("dead link", "/feed.xml", "/a.vtt → 404"),
        ("dead link", "/oembed", "/embed → 404"),
        ("dead link", "/only", "/gone → 404"),
    ]


@for_each(
    ("element", "places"),
    [
        ('<a href="#here"></a><p id="there">', ["#here"]),
        ('<a href="#here"></a><p id="here"><a name="there"></a><a href="/#there"></a>', []),
        ('<a href="/b#c1"></a><a href="/b#c3"></a>', ["#c3"]),
        ('<a href="/b?t=1#c1"></a><a href="/b?t=2#c3"></a>', ["#c3"]),
        ('<a href="/old#c1"></a><a href="/old#c3"></a>', ["#c3"]),
        ('<a href="/b#%C3%A9t%C3%A9"></a><a href="/b#été"></a>', []),
        ('<a href="/a.mp3#t=12"></a><audio src="/a.mp3#t=12"></audio><a href="/a.vtt"></a>', []),
    ],
)
def test_a_dead_anchor_is_found(small: SmallSite, element: str, places: list[str]) -> None:
    replies: Replies = {
        **page(element),
        "/b": '<p id="c1"><p id="c2"><p id="été"><a href="/#top"></a>',
        "/old": Reply(status=301, headers={"Location": "/b"}),
        "/a.mp3": "sound",
        "/a.vtt": "WEBVTT",
    }
    assert small.findings(replies) == [("dead anchor", "/", place) for place in places]


def test_an_anchor_of_a_page_seen_long_before_is_found(small: SmallSite) -> None:
    replies: Replies = {**page('<main id="main"><a href="/b"></a></main>')}
    replies["/b"] = '<a href="/#c1"></a><a href="/#main"></a>'
    assert small.findings(replies) == [("dead anchor", "/b", "#c1")]


@for_each(
    ("body", "missing"),
    [
        ('<audio src="/a.mp3"></audio>', True),
        ('<audio><source src="/a.mp3"></audio>', True),
        ('<audio src="/a.mp3"></audio><a href="/a.vtt?download=1">', False),
        ('<audio src="/a.mp3"><track src="/a.vtt"></audio>', False),
        ('<audio src="/a.mp3#t=3"></audio><audio src="/b.mp3"></audio><a href="/e">', False),
    ],
)
def test_a_recording_without_transcript_is_found(
    small: SmallSite, body: str, missing: bool
) -> None:
    replies: Replies = {
        **page(body),
        "/a.mp3": "sound",
        "/b.mp3": "sound",
        "/a.vtt": "WEBVTT",
        "/e": '<audio src="/a.mp3"></audio><a href="/a.vtt"></a><a href="/f">',
        "/f": '<audio src="/b.mp3"></audio><a href="/a.vtt"></a>',
    }
    expected = [("missing transcript", "/", "/a.mp3")] if missing else []
    assert small.findings(replies) == expected


def test_redirects_within_the_site_are_followed_and_told(small: SmallSite) -> None:
    away = Reply(status=302, headers={"Location": f"{ELSEWHERE}/x"})
    found = small.audit(
        {
            **page('<a href="/old"></a><a href="/away"></a>'),
            "/old": Reply(status=308, headers={"Location": "/new"}),
            "/new": '<a href="/gone">',
            "/away": away,
        }
    )
    assert found.redirects == (("/old", "/new"),)
    assert found.findings == (
        Violation("off-site request", "/", f"/away → {ELSEWHERE}/x"),
        Violation("dead link", "/new", "/gone → 404"),
    )


def test_values_of_a_query_are_asked_for_once(small: SmallSite) -> None:
    links = "".join(f'<a href="/e?t={n}&amp;lang=fr">' for n in range(5))
    small.findings({**page(f'{links}<a href="/e?lang=fr"><a href="/e">'), "/e": ""})
    asked = [path for path, _ in small.asked if path.startswith("/e")]
    assert asked == ["/e?t=0&lang=fr", "/e?lang=fr", "/e"]


def test_no_recording_is_downloaded_and_the_visitor_says_who_it_is(small: SmallSite) -> None:
    small.findings({**page('<a href="/a.mp3"></a><img src="/a.png">'), "/a.mp3": "s" * 100_000})
    asked = dict(small.asked)
    assert {asked[path].get("Range") for path in ("/a.mp3", "/a.png")} == {"bytes=0-0"}
    assert "Range" not in asked["/"]
    assert {headers["User-Agent"] for headers in asked.values()} == {"radio-audit"}
    assert not any("Cookie" in headers or "Referer" in headers for headers in asked.values())


@for_each(
    ("start", "complaint"),
    [
        ("radio.example", "radio.example: no address of a site"),
        ("http://[::1", "no address of a site"),
        ("https://name:password@radio.example", "no address of a site"),
        ("file:///etc/passwd", "no address of a site"),
        ("{site}/gone", "answers 404"),
        ("{site}/away", f"sends on to {ELSEWHERE}/x; audit that address"),
    ],
)
def test_what_is_no_site_is_explained(small: SmallSite, start: str, complaint: str) -> None:
    small.replies = {"/away": Reply(status=301, headers={"Location": f"{ELSEWHERE}/x"})}
    with pytest.raises(RadioError, match=complaint.replace(".", r"\.")):
        audit(start.replace("{site}", small.address))


def test_progress_never_goes_back(small: SmallSite) -> None:
    small.replies = {**page('<a href="/a"></a><a href="/b"></a>'), "/a": '<a href="/c"></a>' * 3}
    shares: list[float] = []
    audit(small.address, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_the_report_groups_what_is_the_same_and_disarms_it(small: SmallSite) -> None:
    links = "".join(f'<a href="/{n}"></a>' for n in range(8))
    everywhere = f'<img src="{ELSEWHERE}/`x">'
    replies: Replies = {f"/{n}": everywhere for n in range(8)}
    found = small.audit({**page(f"<title>A &lt;b&gt;*\x1b[31m</title>{links}"), **replies})
    report = render(found, "en")
    assert report.startswith("# Privacy audit: A \\<b\\>\\*�\\[31m\n\n- Address: http://127")
    line = (
        "- `<img src> https://elsewhere.example/%60x`, on `/0`, `/1`, `/2`, `/3`, `/4` and 3 more"
    )
    assert line in report.splitlines()
    assert "- Findings: 8" in report.splitlines()
    assert report.count("Nothing found.") == 6
    assert "`<img src> https://elsewhere.example/%60x`, sur `/0`" in render(found, "fr")


@pytest.fixture(scope="module")
def untranscribed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of our site over an archive of one episode that nobody transcribed."""
    root = tmp_path_factory.mktemp("untranscribed")
    street(root)
    with running("serve", "--root", str(root)) as address:
        yield address


def test_the_command_names_an_episode_without_transcript(untranscribed: str) -> None:
    done = call("audit", untranscribed, check=False, http_proxy="http://127.0.0.1:9")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "1 finding"
    name = "emission/2024-01-16-les-micros-de-la-rue"
    assert f"\n- `/media/{name}.mp3`, sur `/shows/{name}`\n" in done.stdout
    assert "Enregistrements : 1, dont 0 avec leur transcription" in done.stdout
    assert done.stdout.count("Rien trouvé.") == 6
    found = json.loads(call("audit", "--json", untranscribed, check=False).stdout)
    assert [each["kind"] for each in found["findings"]] == ["missing transcript"]
    assert (found["address"], found["recordings"]) == (f"{untranscribed}/", 1)


def test_the_command_ends_well_where_nothing_is_found(small: SmallSite) -> None:
    small.replies = page("<title>Une archive</title>")
    done = call("audit", small.address, "--lang", "en")
    assert done.stderr.splitlines()[-1] == "Nothing found."
    assert done.stdout.startswith("# Privacy audit: Une archive\n")
    assert "- Findings: none\n" in done.stdout
    assert re.search(r"- Date: \d{4}-\d\d-\d\d \d\d:\d\d UTC\n", done.stdout)


def test_an_address_that_does_not_answer_is_one_line() -> None:
    address = f"http://127.0.0.1:{free_port()}"
    done = call("audit", address, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[-1].startswith(f"radio: {address}/: no answer (")
    assert "Traceback" not in done.stderr
