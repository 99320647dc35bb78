"""What every answer carries: headers, compression, no cookie, links that stay here."""

import gzip
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from radio.actions.protecting import withdraw
from radio.archive import Archive
from radio.text.chapters import Chapter
from tests.samples import SHOW, STREET
from tests.tables import for_each
from tests.visits import Links
from tests.web.views.site import CANARY, CLIP, FEED, MEDIA, PAGE, TEXTS, make_episode

EVERYWHERE = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), usb=(), browsing-topics=()"
    ),
}
OF_PAGES = EVERYWHERE | {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'self'; "
        "script-src 'self'; connect-src 'self'; form-action 'self'; manifest-src 'self'; "
        "frame-ancestors 'none'; "
        "base-uri 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
}
OF_FILES = EVERYWHERE | {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
OF_FEEDS = OF_FILES | {"Content-Security-Policy": "default-src 'none'; style-src 'self'"}
EMBEDDED = {
    name: value.replace("frame-ancestors 'none'", "frame-ancestors *")
    for name, value in OF_PAGES.items()
    if name != "X-Frame-Options"
}
PROGRAMS = {"antennapod-subscribe", "podcast", "overcast", "pktc", "castro", "gpodder", "feed"}
DOWNLOADS = MEDIA.replace("/media/", "/download/").removesuffix(".mp3")
ADDRESSES: tuple[tuple[Any, ...], ...] = (  # by their headers and by how long they are kept
    (
        *(OF_PAGES, "no-cache", "/", f"/shows/{SHOW}/", PAGE, f"/share/{SHOW}/{STREET}?t=3"),
        *("/subscribe", f"/shows/{SHOW}/subscribe", "/catalogue", "/fixity", "/privacy"),
        *("/themes", "/people", "/themes/camera", "/themes/camera/2024", "/themes/camera/2024-2"),
        "/sw.js",
    ),
    (EMBEDDED, "no-cache", f"/embed/{SHOW}/{STREET}?t=3"),
    (
        *(OF_PAGES, "no-store", "/search?q=a", "/search/listen?q=a", "/search/words?q=a"),
        *("/search/months?q=a&and=b", "/search.epub?q=a", "/search/sheets?q=a", "/healthz"),
        *(MEDIA.replace(".mp3", ".listen.mp3"), f"/download/{SHOW}/{STREET}.pdf", "/nope"),
        *("/download/dossiers/themes/a.epub", f"{DOWNLOADS}.sans-musique.mp3"),
        f"/propose/{SHOW}/{STREET}?t=3",
    ),
    (OF_PAGES, "public, max-age=300", "/robots.txt", "/dark.css", "/site.css"),
    (OF_PAGES, "public, max-age=31536000, immutable", "/static/style.css?v=1"),
    (
        *(OF_FILES, "no-cache", f"/cite/{SHOW}/{STREET}.bib?t=3", MEDIA, CLIP, f"{TEXTS}.vtt"),
        *(f"/oembed?url=http://localhost{PAGE}", "/themes/camera/feed.xml", f"{TEXTS}.en.vtt"),
        *(MEDIA.replace(".mp3", form) for form in (".json", ".webp")),
        *(f"{TEXTS}.podcast.json", f"/covers/{SHOW}.png", f"/covers/{SHOW}/{STREET}.webp"),
        *(f"/cards/{SHOW}/{STREET}.png?t=3", "/download/archive.zip", f"{DOWNLOADS}.epub"),
        *(f"{DOWNLOADS}.mp3", "/catalogue.csv", "/catalogue.jsonl", "/fixity.jsonl"),
        *("/fixity.sha256", "/shows.opml", f"/shows/{SHOW}/chapters/{STREET}.json"),
        *("/search.xml?q=a", "/sitemap.xml"),
    ),
    (
        *(OF_FILES, "no-store", "/search/words.csv?q=a", "/search.m3u?q=a", "/search.xspf?q=a"),
        *("/suggest?q=a", "/themes/camera/sentences.csv", "/api/v1/search?q=a"),
        *("/api/v1/episodes", f"/api/v1/episodes/{SHOW}/{STREET}", "/api/v1/themes"),
        *("/api/v1/themes/camera", "/api/v1/work", "/api/v1/openapi.json"),
    ),
    (
        *(OF_FILES, "public, max-age=300", "/icons/180.png", "/opensearch.xml"),
        *("/manifest.webmanifest", "/logo.png"),
    ),
    (OF_FEEDS, "no-cache", FEED, "/feed.xml"),
)


def furnish(archive: Archive) -> None:
    archive.translation_path(f"{SHOW}/{STREET}").write_text("WEBVTT\n", encoding="utf-8")
    picture = f"{STREET}.webp"
    (archive.media / SHOW / picture).touch()
    (archive.root / "site.json").write_text('{"logo": "logo.png", "proposals": true}')
    (archive.root / "logo.png").touch()
    make_episode(archive, STREET, "Les micros", chapters=(Chapter(0.0, "Début"),), image=picture)


def test_all_have_headers_and_no_cookie(app: Flask, client: FlaskClient, archive: Archive) -> None:
    furnish(archive)
    rules = {each.endpoint for each in app.url_map.iter_rules()}
    met, routes = set[str](), app.url_map.bind("localhost")
    for expected, age, *addresses in ADDRESSES:
        for address in addresses:
            with client.head(address) as head, client.get(address) as response:
                assert [*head.headers.keys()] == [*response.headers.keys()], address
                headers = dict(response.headers)
            assert headers | expected | {"Cache-Control": age} == headers, address
            assert "Set-Cookie" not in headers
            assert ("X-Frame-Options" in headers) is (expected is not EMBEDDED)
            assert "Strict-Transport-Security" not in headers
            if "text/html" in headers["Content-Type"]:
                assert headers["Vary"] == "Accept-Language, Accept-Encoding"
            if address != "/nope":
                with app.test_request_context("/"):
                    met.add(routes.match(address.partition("?")[0])[0])
    assert met == {each for each in rules if not each.startswith("desk.")}  # test_desk.py


def test_a_withdrawn_episode_is_given_by_no_cache(client: FlaskClient, archive: Archive) -> None:
    furnish(archive)
    of_it = [each for _, _, *some in ADDRESSES for each in some if STREET in each]
    lists = ["/", f"/shows/{SHOW}/", "/catalogue", "/sitemap.xml", "/catalogue.csv", FEED]
    names = {}
    for address in of_it + lists:
        with client.get(address) as before:
            age, names[address] = before.headers["Cache-Control"], before.headers.get("ETag", "")
            assert age in ("no-cache", "no-store"), address
        if age == "no-cache":
            asked = {"If-None-Match": names[address]}
            assert client.get(address, headers=asked).status_code == 304, address
    withdraw(archive, [f"{SHOW}/{STREET}"], reason="À sa demande.")
    for address, name in names.items():
        with client.get(address, headers={"If-None-Match": name}) as after:
            assert after.status_code in ((404, 410) if address in of_it else (200,)), address
            assert address in of_it or STREET.encode() not in after.data, address


def test_text_is_sent_compressed_to_whoever_takes_it(client: FlaskClient) -> None:
    accepting = {"Accept-Encoding": "gzip, br"}
    sheet = f"/static/style.css?v={CANARY}"
    for path in (PAGE, FEED, sheet, "/sw.js"):
        with client.get(path) as plain, client.get(path, headers=accepting) as packed:
            assert "Content-Encoding" not in plain.headers
            assert packed.headers["Content-Encoding"] == "gzip", path
            assert gzip.decompress(packed.data) == plain.data
            assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)
            assert "Accept-Encoding" in packed.headers["Vary"]
            assert "Accept-Encoding" in plain.headers["Vary"]
    with client.get(MEDIA, headers=accepting) as sound:
        assert "Content-Encoding" not in sound.headers
        assert "Accept-Encoding" not in sound.headers.get("Vary", "")


@for_each("packing", ["gzip", "gzip, deflate, br, zstd", "identity"])
@for_each("path", [PAGE, FEED, f"/static/style.css?v={CANARY}"])
def test_who_has_it_packed_is_sent_nothing(client: FlaskClient, path: str, packing: str) -> None:
    accepting = {"Accept-Encoding": packing}
    with client.get(path, headers=accepting) as first:
        known, expected = first.headers["ETag"], packing.rpartition(" ")[2]
        assert first.headers.get("Content-Encoding", "identity") == expected
    with client.get(path, headers={**accepting, "If-None-Match": known}) as again:
        assert (again.status_code, again.data) == (304, b"")


@for_each("lang", ["fr", "en"])
@pytest.mark.long
def test_every_link_stays_here_and_leads_somewhere(client: FlaskClient, lang: str) -> None:
    todo, seen = [f"/?lang={lang}"], set[str]()
    while todo:
        address = todo.pop().partition("#")[0]
        if address in seen:
            continue
        seen.add(address)
        with client.get(address, follow_redirects=True) as response:
            assert response.status_code == 200, address
            if response.mimetype != "text/html":
                continue
            page = response.get_data(as_text=True)
            if "style-src 'sha256-" in response.headers["Content-Security-Policy"]:
                page = re.sub("<style>[^<]*</style>", "", page, count=1)  # the one that is let in
        active = r"<style|style=|<script(?! (src|type=.(application/ld|text/html)))| on[a-z]+="
        assert not re.search(active, page)
        assert not re.search("<(?![A-Za-z/!])", page), address  # a sign, not a tag
        if 'class="top"' in page:  # within the frame of the site
            assert re.search('<meta name="description" content="[^"]', page), address
        links = Links(page).found
        for link in links:
            parts = urlsplit(link)
            if parts.scheme in PROGRAMS or parts.netloc.endswith("defenseurdesdroits.fr"):
                continue
            assert (parts.scheme, parts.netloc) in {("", ""), ("http", "localhost")}, link
            todo.append(link if parts.path else urlsplit(address).path + link)
    assert len(seen) > 30
