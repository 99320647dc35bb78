"""What every answer carries: headers, compression, no cookie, links that stay here."""

import gzip
import re
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
OF_FEEDS = OF_FILES | {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'",
}
EMBEDDED = {name: value for name, value in OF_PAGES.items() if name != "X-Frame-Options"} | {
    "Content-Security-Policy": OF_PAGES["Content-Security-Policy"].replace(
        "frame-ancestors 'none'", "frame-ancestors *"
    ),
}
PROGRAMS = {"antennapod-subscribe", "podcast", "overcast", "pktc", "castro", "gpodder", "feed"}
WHOLE_MAP = {
    "pages.home": ("/", OF_PAGES, "no-cache"),
    "pages.show": (f"/shows/{SHOW}/", OF_PAGES, "no-cache"),
    "pages.episode": (PAGE, OF_PAGES, "no-cache"),
    "pages.share": (f"/share/{SHOW}/{STREET}?t=3", OF_PAGES, "no-cache"),
    "subscribing.subscribe": ("/subscribe", OF_PAGES, "no-cache"),
    "subscribing.subscribe_to_show": (f"/shows/{SHOW}/subscribe", OF_PAGES, "no-cache"),
    "pages.catalogue_page": ("/catalogue", OF_PAGES, "no-cache"),
    "pages.integrity": ("/fixity", OF_PAGES, "no-cache"),
    "pages.words": ("/privacy", OF_PAGES, "no-cache"),
    "sharing.citation": (f"/cite/{SHOW}/{STREET}.bib?t=3", OF_FILES, "no-cache"),
    "sharing.embed": (f"/embed/{SHOW}/{STREET}?t=3", EMBEDDED, "no-cache"),
    "sharing.oembed": (f"/oembed?url=http://localhost{PAGE}", OF_FILES, "no-cache"),
    "finding.search": ("/search?q=a", OF_PAGES, "no-store"),
    "finding.listen": ("/search/listen?q=a", OF_PAGES, "no-store"),
    "finding.concordance": ("/search/words?q=a", OF_PAGES, "no-store"),
    "finding.months": ("/search/months?q=a&and=b", OF_PAGES, "no-store"),
    "finding.table": ("/search/words.csv?q=a", OF_FILES, "no-store"),
    "finding.playlist": ("/search.m3u?q=a", OF_FILES, "no-store"),
    "finding.titled_playlist": ("/search.xspf?q=a", OF_FILES, "no-store"),
    "books.selection_epub": ("/search.epub?q=a", OF_PAGES, "no-store"),
    "books.selection_sheets": ("/search/sheets?q=a", OF_PAGES, "no-store"),
    "finding.suggest": ("/suggest?q=a", OF_FILES, "no-store"),
    "dossiers.themes": ("/themes", OF_PAGES, "no-cache"),
    "dossiers.people": ("/people", OF_PAGES, "no-cache"),
    "dossiers.dossier": ("/themes/camera", OF_PAGES, "no-cache"),
    "dossiers.year": ("/themes/camera/2024", OF_PAGES, "no-cache"),
    "dossiers.numbered_year": ("/themes/camera/2024-2", OF_PAGES, "no-cache"),
    "dossiers.feed": ("/themes/camera/feed.xml", OF_FILES, "no-cache"),
    "dossiers.table": ("/themes/camera/sentences.csv", OF_FILES, "no-store"),
    "files.media": (MEDIA, OF_FILES, "no-cache"),
    "files.sidecar": (MEDIA.replace(".mp3", ".json"), OF_FILES, "no-cache"),
    "files.picture": (MEDIA.replace(".mp3", ".webp"), OF_FILES, "no-cache"),
    "files.listening_copy": (MEDIA.replace(".mp3", ".listen.mp3"), OF_PAGES, "no-store"),
    "files.clip": (CLIP, OF_FILES, "no-cache"),
    "files.transcript": (f"{TEXTS}.vtt", OF_FILES, "no-cache"),
    "files.translation": (f"{TEXTS}.en.vtt", OF_FILES, "no-cache"),
    "pictures.show_cover": (f"/covers/{SHOW}.png", OF_FILES, "no-cache"),
    "pictures.episode_cover": (f"/covers/{SHOW}/{STREET}.webp", OF_FILES, "no-cache"),
    "pictures.card": (f"/cards/{SHOW}/{STREET}.png?t=3", OF_FILES, "no-cache"),
    "pictures.icon": ("/icons/180.png", OF_FILES, "public, max-age=300"),
    "downloads.archive": ("/download/archive.zip", OF_FILES, "no-cache"),
    "books.epub": (f"/download/{SHOW}/{STREET}.epub", OF_FILES, "no-cache"),
    "books.sheets": (f"/download/{SHOW}/{STREET}.pdf", OF_PAGES, "no-store"),
    "books.dossier": ("/download/dossiers/themes/a.epub", OF_PAGES, "no-store"),
    "downloads.tagged": (MEDIA.replace("/media/", "/download/"), OF_FILES, "no-cache"),
    "downloads.music_free": (
        MEDIA.replace("/media/", "/download/").replace(".mp3", ".sans-musique.mp3"),
        *(OF_PAGES, "no-store"),
    ),
    "files.segments": (f"{TEXTS}.podcast.json", OF_FILES, "no-cache"),
    "listing.table": ("/catalogue.csv", OF_FILES, "no-cache"),
    "listing.lines": ("/catalogue.jsonl", OF_FILES, "no-cache"),
    "listing.manifest": ("/fixity.jsonl", OF_FILES, "no-cache"),
    "listing.sums": ("/fixity.sha256", OF_FILES, "no-cache"),
    "feeds.feed": (FEED, OF_FEEDS, "no-cache"),
    "feeds.all_shows": ("/feed.xml", OF_FEEDS, "no-cache"),
    "feeds.subscriptions": ("/shows.opml", OF_FILES, "no-cache"),
    "feeds.chapters": (f"/shows/{SHOW}/chapters/{STREET}.json", OF_FILES, "no-cache"),
    "feeds.passages": ("/search.xml?q=a", OF_FILES, "no-cache"),
    "api.search": ("/api/v1/search?q=a", OF_FILES, "no-store"),
    "api.episodes": ("/api/v1/episodes", OF_FILES, "no-store"),
    "api.episode": (f"/api/v1/episodes/{SHOW}/{STREET}", OF_FILES, "no-store"),
    "api.themes": ("/api/v1/themes", OF_FILES, "no-store"),
    "api.dossier": ("/api/v1/themes/camera", OF_FILES, "no-store"),
    "api.work": ("/api/v1/work", OF_FILES, "no-store"),
    "api.openapi": ("/api/v1/openapi.json", OF_FILES, "no-store"),
    "healthz": ("/healthz", OF_PAGES, "no-store"),
    "discovery.robots": ("/robots.txt", OF_PAGES, "public, max-age=300"),
    "discovery.sitemap": ("/sitemap.xml", OF_FILES, "no-cache"),
    "discovery.opensearch": ("/opensearch.xml", OF_FILES, "public, max-age=300"),
    "discovery.manifest": ("/manifest.webmanifest", OF_FILES, "public, max-age=300"),
    "discovery.worker": ("/sw.js", OF_PAGES, "no-cache"),
    "imprint.scheme": ("/dark.css", OF_PAGES, "public, max-age=300"),
    "imprint.colors": ("/site.css", OF_PAGES, "public, max-age=300"),
    "imprint.logo": ("/logo.png", OF_FILES, "public, max-age=300"),
    "static": ("/static/style.css?v=1", OF_PAGES, "public, max-age=31536000, immutable"),
    "mending.form": (f"/propose/{SHOW}/{STREET}?t=3", OF_PAGES, "no-store"),
    None: ("/nope", OF_PAGES, "no-store"),
}


def furnish(archive: Archive) -> None:
    """Give an episode all that has an address."""
    archive.translation_path(f"{SHOW}/{STREET}").write_text("WEBVTT\n", encoding="utf-8")
    picture = f"{STREET}.webp"
    (archive.media / SHOW / picture).touch()
    (archive.root / "site.json").write_text(
        '{"logo": "logo.png", "proposals": true}', encoding="utf-8"
    )
    (archive.root / "logo.png").touch()
    make_episode(archive, STREET, "Les micros", chapters=(Chapter(0.0, "Début"),), image=picture)


def test_every_address_carries_its_headers_and_no_cookie(
    app: Flask, client: FlaskClient, archive: Archive
) -> None:
    furnish(archive)
    public = {rule.endpoint for rule in app.url_map.iter_rules()}
    public -= {each for each in public if each.startswith("desk.")}  # test_desk.py
    assert public == set(WHOLE_MAP) - {None}
    for address, expected, age in WHOLE_MAP.values():
        for method in ("GET", "HEAD"):
            with client.open(address, method=method) as response:
                headers = dict(response.headers)
        assert headers | expected | {"Cache-Control": age} == headers
        assert "Set-Cookie" not in headers
        assert ("X-Frame-Options" in headers) is (expected is not EMBEDDED)
        assert "Strict-Transport-Security" not in headers
        if "text/html" in headers["Content-Type"]:
            assert headers["Vary"] == "Accept-Language, Accept-Encoding"


def test_a_withdrawn_episode_is_given_by_no_cache(client: FlaskClient, archive: Archive) -> None:
    furnish(archive)
    of_it = [address for address, _, _ in WHOLE_MAP.values() if STREET in address]
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
def test_who_has_it_is_sent_nothing_however_it_is_compressed(
    client: FlaskClient, path: str, packing: str
) -> None:
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
        assert not re.search(
            r"<style|style=|<script(?! (src|type=.(application/ld|text/html)))| on[a-z]+=", page
        )
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
