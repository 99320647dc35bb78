"""`radio audit`: a site is visited as a stranger would, and each broken promise is found."""

import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest

from radio.audit.crawl import Audit, audit
from radio.audit.report import render
from radio.system.errors import RadioError
from radio.web.headers import EVERYWHERE, FILES
from tests.processes import call, free_port
from tests.servers import serving
from tests.tables import for_each

ELSEWHERE = "https://elsewhere.example"
AWAY = f"{ELSEWHERE}/x"
NOSNIFF = "X-Content-Type-Options"
CSP = "Content-Security-Policy"
REFERRER = "Referrer-Policy"
SAFE_FILE = {**FILES, NOSNIFF: "nosniff"}
TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "png": "image/png"}
TYPES |= {"xml": "application/xml", "webmanifest": "application/manifest+json"}
TYPES |= {"mp3": "audio/mpeg", "vtt": "text/vtt", "json": "application/json"}


@dataclass(frozen=True)
class Reply:
    """What the small site answers; `{n}` in a header is another number each time."""

    body: str = ""
    status: int = 200
    headers: dict[str, str | None] = field(default_factory=dict)  # beside those of our pages, files


Replies = Mapping[str, str | Reply]


@dataclass
class SmallSite:
    address: str = ""
    replies: Replies = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def __call__(self, path: str) -> Iterator[bytes]:
        path = urlsplit(path).path
        reply = self.replies.get(path, Reply(status=404))
        reply = Reply(reply) if isinstance(reply, str) else reply
        kind = TYPES.get(path.rpartition(".")[2], "text/html")
        usual = EVERYWHERE if kind in {"text/html", "text/css", "text/javascript"} else SAFE_FILE
        content = reply.body.replace("{site}", self.address).encode()
        length = {"Content-Type": kind, "Content-Length": str(len(content))}
        yield f"HTTP/1.1 {reply.status} x\r\n".encode()
        for name, value in {**usual, **length, **reply.headers}.items():
            if value is not None:
                told = value.replace("{n}", str(next(self.numbers)))
                yield f"{name}: {told}\r\n".encode("latin-1")
        yield b"\r\n" + content

    @property
    def asked(self) -> Iterator[tuple[str, dict[str, str]]]:
        for first, *rest in (each.strip().splitlines() for each in self.requests):
            yield first.split(" ")[1], dict(each.split(": ", 1) for each in rest)

    def audit(self, replies: Replies) -> Audit:
        self.replies = replies
        return audit(self.address)

    def findings(self, replies: Replies) -> list[str]:
        found = self.audit(replies).findings
        return [f"{e.kind} {e.page} {e.what.replace(self.address, '')}" for e in found]


@pytest.fixture
def small() -> Iterator[SmallSite]:
    site = SmallSite()
    with serving(site, asked=site.requests) as site.address:
        yield site


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
    (f'<script src="{AWAY}"></script>', "<script src>"),
    (f'<link rel="stylesheet" href="{AWAY}">', "<link> stylesheet"),
    (f'<link rel="shortcut icon" href="{AWAY}">', "<link> icon"),
    (f'<link rel="preconnect" href="{AWAY}">', "<link> preconnect"),
    (f'<link rel="dns-prefetch" href="{AWAY}">', "<link> dns-prefetch"),
    (f'<link rel="manifest" href="{AWAY}">', "<link> manifest"),
    (f'<img src="{AWAY}">', "<img src>"),
    (f'<img srcset="data:image/png,a 1x, {AWAY} 2x">', "<img srcset>"),
    (f'<a href=t.vtt></a><audio src="{AWAY}"></audio>', "<audio src>"),
    (f'<video><source src="{AWAY}"></video>', "<source src>"),
    (f'<video poster="{AWAY}"></video>', "<video poster>"),
    (f'<button data-script="{AWAY}"></button>', "<button data-script>"),
    (f'<video><track src="{AWAY}"></video>', "<track src>"),
    (f'<iframe src="{AWAY}"></iframe>', "<iframe src>"),
    (f'<object data="{AWAY}"></object>', "<object data>"),
    (f'<form action="{AWAY}" method="post"></form>', "<form action>"),
    (f'<button formaction="{AWAY}"></button>', "<button formaction>"),
    (f'<a href="/" ping="{AWAY}"></a>', "<a ping>"),
    (f'<svg><image href="{AWAY}"/></svg>', "<image href>"),
    (f'<svg><path fill="url({AWAY})"/></svg>', "<path fill>"),
    (f'<meta http-equiv="refresh" content="9; url={AWAY}">', "<meta refresh>"),
    (f'<base href="{ELSEWHERE}/"><img src="x">', "<img src>"),
    ('<img src="https:\\\\elsewhere.example/x">', "<img src>"),
    ('<img src=" ht\ntps:////elsewhere.example/x">', "<img src>"),
    (f"<style>p {{ background: url('{AWAY}') }}</style>", "url()"),
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
    *(("off-site request", element, f"{how} {AWAY}") for element, how in LOADED),
    *(("inline code", element, what) for element, what in CODE),
    *(("dead link", element, what) for element, what in DEAD),
    ("header", f'<a href="{ELSEWHERE}" referrerpolicy="unsafe-url">', "<a> unsafe-url"),
    ("header", '<meta name="referrer" content="origin">', "<meta> origin"),
)


@for_each(("kind", "element", "what"), ON_A_PAGE)
def test_a_broken_promise_is_found(small: SmallSite, kind: str, element: str, what: str) -> None:
    replies: Replies = {
        **page(element),
        "/t.vtt": "WEBVTT",
        "/broken": Reply(status=500),
        "/round": Reply(status=301, headers={"Location": "/back"}),
        "/back": Reply(status=301, headers={"Location": "/round"}),
        "/nowhere": Reply(status=302),
    }
    found = small.findings(replies)
    assert [each for each in found if each.startswith(kind)] == [f"{kind} / {what}"]
    assert all(each.startswith((kind, "inline code")) for each in found)


def links(*addresses: str) -> str:
    return "".join(f'<a href="{each}"></a>' for each in addresses)


MANIFEST = f'{{"src": "{AWAY}"}}'
BY_FILES = (
    ('<link rel="stylesheet" href="a.css">', "/a.css", f"p {{ color: url('{AWAY}') }}", "url()"),
    ('<link rel="stylesheet" href="a.css">', "/a.css", f'@import "{AWAY}";', "@import"),
    ('<script src="a.js"></script>', "/a.js", f'fetch("{AWAY}")', "script"),
    ('<script src="a.js"></script>', "/a.js", f"// see {AWAY}", "script"),
    ('<img src="a.svg">', "/a.svg", f'<svg><use xlink:href="{AWAY}"/></svg>', "<use xlink:href>"),
    ("<link rel=manifest href=m.webmanifest>", "/m.webmanifest", MANIFEST, "manifest src"),
    ('<link rel="search" href="a.xml">', "/a.xml", f"<Image>{AWAY}</Image>", "<image>"),
    (links("a.xml"), "/a.xml", f"<?xml-stylesheet href='{AWAY}'?>", "<?xml-stylesheet?>"),
)
POLICY = EVERYWHERE[CSP]
WEAK_ON_A_PAGE: tuple[tuple[str, str | None, str], ...] = (
    (CSP, None, "—"),
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
)
WEAK_ON_A_FILE: list[tuple[str, str, str | None]] = [("/a.mp3", NOSNIFF, None)]
WEAK_ON_A_FILE += [("/a.mp3", CSP, POLICY), ("/a.vtt", CSP, "default-src 'none'")]
WEAK_ON_A_FILE += [("/a.mp3", CSP, "default-src 'none'; sandbox allow-scripts")]
WEAK_ON_A_FILE += [("/a.css", CSP, None), ("/a.png", "Server", "small")]
COOKIE = {"Set-Cookie": "visit=1"}
ANCHORS: Replies = {
    "/b": '<p id="c1"><p id="c2"><p id="été"><a href="/#top"></a>',
    "/old": Reply(status=301, headers={"Location": "/b"}),
    "/a.mp3": "sound",
    "/a.vtt": "WEBVTT",
}
PLAYED: dict[str, str | Reply] = {"/a.mp3": "sound", "/b.mp3": "sound", "/a.vtt": "WEBVTT"}
PLAYED["/e"] = f'<audio src="/a.mp3"></audio>{links("/a.vtt", "/f")}'
PLAYED["/f"] = f'<audio src="/b.mp3"></audio>{links("/a.vtt")}'
SITES: tuple[tuple[Replies, list[str]], ...] = (
    *(
        ({**page(link), path: content}, [f"off-site request {path} {how} {AWAY}"])
        for link, path, content, how in BY_FILES
    ),
    *(
        ({"/": Reply(headers={name: value})}, [f"header / {name}: {what}"])
        for name, value, what in WEAK_ON_A_PAGE
    ),
    *(
        (
            {**page(links(path)), path: Reply("x", headers={name: value})},
            [f"header {path} {name}: {value or '—'}"],
        )
        for path, name, value in WEAK_ON_A_FILE
    ),
    *(
        ({**page(element), **ANCHORS}, [f"dead anchor / {place}"] if place else [])
        for element, place in (
            ('<a href="#here"></a><p id="there">', "#here"),
            ('<a href="#here"></a><p id="here"><a name="there"></a><a href="/#there"></a>', ""),
            (links("/b#c1", "/b#c3"), "#c3"),
            (links("/b?t=1#c1", "/b?t=2#c3"), "#c3"),
            (links("/old#c1", "/old#c3"), "#c3"),
            (links("/b#%C3%A9t%C3%A9", "/b#été"), ""),
            (f'<audio src="/a.mp3#t=12"></audio>{links("/a.mp3#t=12", "/a.vtt")}', ""),
        )
    ),
    *(
        ({**page(body), **PLAYED}, ["missing transcript / /a.mp3"] if is_missing else [])
        for body, is_missing in (
            ('<audio src="/a.mp3"></audio>', True),
            ('<audio><source src="/a.mp3"></audio>', True),
            (f'<audio src="/a.mp3"></audio>{links("/a.vtt?download=1")}', False),
            ('<audio src="/a.mp3"><track src="/a.vtt"></audio>', False),
            (f'<audio src="/a.mp3#t=3"></audio><audio src="/b.mp3"></audio>{links("/e")}', False),
        )
    ),
    (  # what is loaded by what is loaded
        {
            **page('<link rel="stylesheet" href="/a.css"><script src="/a.js"></script>'),
            "/a.css": '/* url(https://a.example) */ @import "b.css";',
            "/b.css": "@font-face { src: url(font.woff2) }",
            "/a.js": 'import { sew } from "./b.js"; localStorage.setItem("a", "b")',
            "/b.js": 'import("./c.js"); draw("http://www.w3.org/2000/svg", "g")',
        },
        ["dead link /b.css /font.woff2 → 404", "dead link /b.js /c.js → 404"],
    ),
    (  # headers can load too
        page("", Link=f"<{AWAY}>; rel=preload; as=style", Refresh=f"0; url={ELSEWHERE}/y"),
        [f"off-site request / Link: preload {AWAY}", f"off-site request / Refresh: {ELSEWHERE}/y"],
    ),
    (  # code and cookies, wherever they are
        {
            **page(links("/a.mp3", "/g", "/b", "/a.js", "/a.svg"), Set_Cookie="id=2"),
            "/a.mp3": Reply("sound", headers={**COOKIE}),
            "/g": Reply(status=410, headers={**COOKIE}),
            "/b": Reply(status=302, headers={**COOKIE, "Location": "/"}),
            "/a.js": 'document.cookie = "a=b"',
            "/a.svg": '<svg onload="a()"></svg>',
        },
        [
            "cookie / Set-Cookie: id",
            "cookie /a.mp3 Set-Cookie: visit",
            "cookie /g Set-Cookie: visit",
            "dead link / /g → 410",
            "cookie /b Set-Cookie: visit",
            "cookie /a.js document.cookie",
            "inline code /a.svg <svg onload>",
        ],
    ),
    (  # the strictest of several policies counts, and parts of pages may have that of pages
        {
            **page(
                '<link rel="icon" href="/a.svg"><link rel="stylesheet" href="/a.css">',
                Content_Security_Policy=f"frame-ancestors https:, {POLICY}, default-src *",
            ),
            "/a.svg": Reply("<svg/>", headers={CSP: POLICY}),
            "/a.css": "",
        },
        [],
    ),
    (  # feeds, sitemap and oEmbed are followed
        {
            **page('<link rel="alternate" href="/feed.xml"><a href="/oembed">'),
            "/sitemap.xml": f"<urlset><loc>{{site}}/only</loc><loc>{ELSEWHERE}/</loc></urlset>",
            "/only": links("gone"),
            "/feed.xml": '<rss><item><link>{site}/a</link><enclosure url="{site}/a.mp3"/>'
            '<podcast:transcript url="{site}/a.vtt"/></item></rss>',
            "/oembed": Reply(
                json.dumps({"type": "rich", "html": '<iframe src="{site}/embed"></iframe>'}),
                headers={**SAFE_FILE, "Content-Type": "application/json"},
            ),
        },
        [
            "dead link /feed.xml /a → 404",
            "dead link /feed.xml /a.mp3 → 404",
            "dead link /feed.xml /a.vtt → 404",
            "dead link /oembed /embed → 404",
            "dead link /only /gone → 404",
        ],
    ),
    (  # a place on a page that was seen long before
        {**page(f'<main id="main">{links("/b")}</main>'), "/b": links("/#c1", "/#main")},
        ["dead anchor /b #c1"],
    ),
    (  # where the site sends on to
        {
            **page(links("/old", "/away")),
            "/old": Reply(status=308, headers={"Location": "/new"}),
            "/new": links("/gone"),
            "/away": Reply(status=302, headers={"Location": AWAY}),
        },
        [f"off-site request / /away → {AWAY}", "dead link /new /gone → 404"],
    ),
)


@for_each(("replies", "findings"), SITES)
def test_what_sites_break_is_found(small: SmallSite, replies: Replies, findings: list[str]) -> None:
    assert small.findings(replies) == findings


@for_each(
    "element",
    [
        f'<a href="{AWAY}">a plain link</a>',
        f'<link rel="canonical" href="{AWAY}">',
        f'<link rel="alternate" href="{AWAY}">',
        f'<script type="application/ld+json">{{"url": "{AWAY}"}}</script>',
        f'<meta property="og:url" content="{AWAY}">',
        '<a href="mailto:a@elsewhere.example">',
        '<img src="data:image/png;base64,AAAA">',
        f"<p>{AWAY} &lt;img src='{AWAY}'&gt;</p>",
        '<a href="#top">top</a> <a href="#">here</a> <a href="#:~:text=radio">words</a>',
        '<a href="feed.xml">feed</a>',
        f'<![weird[ <![if IE]> <!-- <img src="{AWAY}"> -->',
    ],
)
def test_what_loads_nothing_is_no_finding(small: SmallSite, element: str) -> None:
    feed = f'<rss><link>{ELSEWHERE}/</link><enclosure url="{ELSEWHERE}/a.mp3"/></rss>'
    assert small.findings({**page(element), "/feed.xml": feed}) == []


@for_each("path", ["/", "/a.mp3"])
def test_an_etag_made_for_each_visit_is_found(small: SmallSite, path: str) -> None:
    tracked = {"/": Reply('<a href="/a.mp3">'), "/a.mp3": Reply("x", headers={"ETag": '"same"'})}
    tracked[path] = Reply('<a href="/a.mp3">', headers={"ETag": '"{n}"'})
    (found,) = small.findings({**tracked})
    assert found.startswith(f'header {path} ETag: "')


def test_a_page_too_large_is_found_and_values_of_a_query_are_asked_for_once(
    small: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("radio.audit.visitor.LARGEST", 1 << 20)
    large = {"/a": "x" * (2 << 20), "/e": ""}
    elements = links("/a", *(f"/e?t={n}&amp;lang=fr" for n in range(5)), "/e?lang=fr", "/e")
    assert small.findings({**page(elements), **large}) == ["dead link / /a → > 1 MiB"]
    asked = [path for path, _ in small.asked if path.startswith("/e")]
    assert asked == ["/e?t=0&lang=fr", "/e?lang=fr", "/e"]


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


def test_no_recording_is_downloaded_and_the_visitor_says_who_it_is(small: SmallSite) -> None:
    small.findings({**page('<a href="/a.mp3"></a><img src="/a.png">'), "/a.mp3": "s" * 100_000})
    asked = dict(small.asked)
    assert {asked[path].get("Range") for path in ("/a.mp3", "/a.png")} == {"bytes=0-0"}
    assert "Range" not in asked["/"]
    assert {headers["User-Agent"] for headers in asked.values()} == {"radio-audit"}
    assert not any("Cookie" in headers or "Referer" in headers for headers in asked.values())
    shares: list[float] = []
    small.replies = {**page('<a href="/a"></a><a href="/b"></a>'), "/a": '<a href="/c"></a>' * 3}
    audit(small.address, shares.append)
    assert shares == sorted(shares) and shares[-1] == 1  # progress never goes back
    other = f"//127.0.0.1:{free_port()}/x"  # another port is elsewhere
    found = small.findings(page(f'<img src="{other}"><img src="{{site}}/i.png">'))
    assert found == [f"off-site request / <img src> http:{other}", "dead link / /i.png → 404"]


@for_each(
    ("start", "complaint"),
    [
        ("radio.example", "radio.example: not the address of a site"),
        ("http://[::1", "not the address of a site"),
        ("https://name:password@radio.example", "not the address of a site"),
        ("file:///etc/passwd", "not the address of a site"),
        ("{site}/gone", "answers 404"),
        ("http://127.0.0.1:{free}", "no answer ("),
        ("{site}/away", f"redirects to {AWAY}; audit that address"),
    ],
)
def test_what_is_no_site_is_explained(small: SmallSite, start: str, complaint: str) -> None:
    small.replies = {"/away": Reply(status=301, headers={"Location": AWAY})}
    with pytest.raises(RadioError, match=re.escape(complaint)):
        audit(start.replace("{site}", small.address).replace("{free}", str(free_port())))


def test_the_report_groups_what_is_the_same_and_disarms_it(small: SmallSite) -> None:
    replies: Replies = {f"/{n}": f'<img src="{ELSEWHERE}/`x">' for n in range(8)}
    title = "<title>A &lt;b&gt;*\x1b[31m</title>"
    found = small.audit({**page(f"{title}{links(*replies)}"), **replies})
    report, element = render(found, "en"), "`<img src> https://elsewhere.example/%60x`"
    assert report.startswith("# Privacy audit: A \\<b\\>\\*�\\[31m\n\n- Address: http://127")
    assert f"\n- {element}, on `/0`, `/1`, `/2`, `/3`, `/4` and 3 more\n" in report
    assert "\n- Findings: 8\n" in report
    assert report.count("Nothing found.") == 6
    assert f"{element}, sur `/0`" in render(found, "fr")


def test_the_command_names_what_it_found(small: SmallSite) -> None:
    heard = page('<title>Une archive</title><audio src="/a.mp3"></audio>')
    small.replies = {**heard, "/a.mp3": "x"}
    done = call("audit", small.address, check=False, http_proxy="http://127.0.0.1:9")
    assert (done.returncode, done.stderr.splitlines()[-1]) == (1, "1 finding")
    assert "\n- `/a.mp3`, sur `/`\n" in done.stdout
    assert "Enregistrements : 1, dont 0 avec leur transcription" in done.stdout
    assert done.stdout.count("Rien trouvé.") == 6
    found = json.loads(call("audit", "--json", small.address, check=False).stdout)
    assert [each["kind"] for each in found["findings"]] == ["missing transcript"]
    assert (found["address"], found["recordings"]) == (f"{small.address}/", 1)
    small.replies = page("<title>Une archive</title>")
    done = call("audit", small.address, "--lang", "en")
    assert done.stderr.splitlines()[-1] == "Nothing found."
    assert done.stdout.startswith("# Privacy audit: Une archive\n")
    assert "- Findings: none\n" in done.stdout
    assert re.search(r"- Date: \d{4}-\d\d-\d\d \d\d:\d\d UTC\n", done.stdout)
