"""What every answer carries: headers, compression, no cookie."""

import gzip
import html
import time
from itertools import product
from typing import cast

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient

from radio.actions.protecting import withdraw
from radio.archive import Archive
from radio.desk import sessions
from radio.mirror.origin import Origin, write_origin
from radio.search import Index
from radio.text.chapters import Chapter
from radio.web.addresses import remembering
from radio.web.gate import COOKIE
from radio.web.site import create_app
from tests.samples import SHOW, STREET, files_in
from tests.tables import rows
from tests.visits import words
from tests.web.desks import enrol
from tests.web.views.site import CANARY, FEED, HERE, MEDIA, PAGE, Canned, make_episode

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
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
}
OF_FILES = EVERYWHERE | {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
OF_FEEDS = OF_FILES | {"Content-Security-Policy": "default-src 'none'; style-src 'self'"}
EMBEDDED = {
    name: value.replace("frame-ancestors 'none'; ", "")
    for name, value in OF_PAGES.items()
    if name != "X-Frame-Options"
}
WORN = OF_PAGES | {"Cross-Origin-Resource-Policy": "cross-origin"}
SHEET = f"/static/style.css?v={CANARY}"
HEADERS = {"pages": OF_PAGES, "embedded": EMBEDDED, "files": OF_FILES, "feeds": OF_FEEDS}
HEADERS["worn"] = WORN  # by a player in the sandbox of another site
OWN_PAGES = (PAGE, f"/shows/{SHOW}/")  # where who is signed in finds the way to the desk
ADDRESSES = [tuple(row.values()) for row in rows("addresses.tsv")]


def furnish(archive: Archive) -> None:
    archive.translation_path(f"{SHOW}/{STREET}").write_text("WEBVTT\n", encoding="utf-8")
    picture = f"{STREET}.webp"
    (archive.media / SHOW / picture).touch()
    (archive.root / "logo.png").touch()
    (archive.root / "site.json").write_text('{"logo": "logo.png", "proposals": true}')
    make_episode(archive, STREET, "Les micros", chapters=(Chapter(0.0, "Début"),), image=picture)


def test_all_have_headers_and_no_cookie(app: Flask, client: FlaskClient, archive: Archive) -> None:
    furnish(archive)
    met, routes = set[str](), app.url_map.bind("localhost")
    for kind, age, address in ADDRESSES:
        head, response = client.head(address), client.get(address)
        assert [*head.headers.keys()] == [*response.headers.keys()], address
        headers = dict(response.headers)
        assert headers | HEADERS[kind] | {"Cache-Control": age} == headers, address
        assert not {"Set-Cookie", "Strict-Transport-Security"} & headers.keys()
        assert ("X-Frame-Options" in headers) is (kind != "embedded")
        if "text/html" in headers["Content-Type"]:
            assert headers["Vary"] == "Accept-Language, Accept-Encoding"
        if address != "/nope":
            with app.test_request_context("/"):
                met.add(routes.match(address.partition("?")[0])[0])
    rules = {each.endpoint for each in app.url_map.iter_rules() if "GET" in (each.methods or ())}
    assert met == {each for each in rules if not each.startswith("desk.")}  # test_desk.py


def test_no_listener_gets_the_page_of_who_is_signed_in(app: Flask, archive: Archive) -> None:
    """Every address, before and after a keeper read it: the same bytes, headers and files."""
    furnish(archive)
    stranger, stale, keeper, rereader = (app.test_client() for _ in range(4))
    stale.set_cookie(COOKIE, "no-session-of-ours")
    tokens = enrol(archive, "Zoé"), enrol(archive, "Noé", "rereader")
    for client, token in zip((keeper, rereader), tokens, strict=True):
        client.set_cookie(COOKIE, token)
    at = f"{PAGE}?t=15"
    every = [*dict.fromkeys((at, *(address for _, _, address in ADDRESSES)))]

    def answered(client: FlaskClient, address: str) -> tuple[object, ...]:
        answer = client.get(address)
        told = [each for each in answer.headers if each[0] != "Date"]
        return answer.status_code, told, answer.data

    for _again in range(2):  # what is made when it is asked for is there the second time
        before = {each: answered(stranger, each) for each in every}
    app.extensions["desk"].clock = lambda: time.time() + 2 * sessions.STEP
    noted, own = files_in(archive.root / "desk"), set[str]()
    for each in every:
        tag = stranger.get(each).headers.get("ETag", "")
        mine = keeper.get(each, headers={"If-None-Match": tag} if each in OWN_PAGES else {})
        if mine.mimetype == "text/html" and "/desk" in mine.text:
            own.add(each)
            assert mine.headers["Cache-Control"] == "private, no-store"
            assert (mine.status_code, "Cookie" in mine.vary) == (200, True)
            assert "ETag" not in mine.headers
        for other in (stranger, stale):
            assert answered(other, each) == before[each], each
    assert own == {at, *OWN_PAGES}
    assert files_in(archive.root / "desk") == noted  # what they read and hear is noted nowhere
    words(keeper.get(PAGE), 200, "Modifier", "Relire")
    assert f"/desk/fields/{SHOW}/{STREET}" in keeper.get(PAGE).text
    page = rereader.get(at).text
    assert "/desk/fields" not in page
    lead = html.unescape(page.partition('href="/desk/reread')[2].partition('"')[0])
    there = rereader.get(f"/desk/reread{lead}", follow_redirects=True)
    assert there.request.path.endswith(f"{STREET}/1")
    write_origin(archive.root, Origin("https://o.example", "https://o.example", "2020-01-01"))
    assert "/desk" not in keeper.get(PAGE).text  # what came from elsewhere is changed there


def test_a_desk_elsewhere_is_on_no_page(archive: Archive) -> None:
    site = create_app(archive, cast(Index, Canned()), base_url=HERE, with_desk=False).test_client()
    token = enrol(archive, "Zoé")
    before = site.get(PAGE)
    site.set_cookie(COOKIE, token)  # a cookie goes to all ports of a host
    again = site.get(PAGE)
    assert (again.data, again.headers["ETag"]) == (before.data, before.headers["ETag"])


def test_a_withdrawn_episode_is_given_by_no_cache(client: FlaskClient, archive: Archive) -> None:
    furnish(archive)
    of_it = [address for _, _, address in ADDRESSES if STREET in address]
    lists = ["/", f"/shows/{SHOW}/", "/catalogue", "/sitemap.xml", "/catalogue.csv", FEED]
    names = {}
    for address in of_it + lists:
        before = client.get(address).headers
        age, names[address] = before["Cache-Control"], before.get("ETag", "")
        assert age in ("no-cache", "no-store"), address
        again = client.get(address, headers={"If-None-Match": names[address]})
        assert age == "no-store" or again.status_code == 304, address
    withdraw(archive, [f"{SHOW}/{STREET}"], reason="À sa demande.")
    for address, name in names.items():
        after = client.get(address, headers={"If-None-Match": name})
        assert after.status_code in ((404, 410) if address in of_it else (200,)), address
        assert address in of_it or STREET.encode() not in after.data, address


PACKED = {"": "", "identity": "", "gzip": "gzip", "gzip, br": "gzip"}
PACKED["gzip, deflate, br, zstd"] = "zstd"


def test_text_is_sent_compressed_to_whoever_takes_it(client: FlaskClient) -> None:
    for path, (accepted, packing) in product((PAGE, FEED, SHEET, "/sw.js"), PACKED.items()):
        plain, asked = client.get(path), {"Accept-Encoding": accepted} if accepted else {}
        packed = client.get(path, headers=asked)
        assert packed.headers.get("Content-Encoding", "") == packing, path
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert packing != "gzip" or gzip.decompress(packed.data) == plain.data
        assert int(packed.headers["Content-Length"]) == len(packed.data)
        assert len(packed.data) < len(plain.data) or not packing
        known = asked | {"If-None-Match": packed.headers["ETag"]}
        again = client.get(path, headers=known)  # who has it is sent nothing
        assert (again.status_code, again.data) == (304, b"")
    sound = client.get(MEDIA, headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in sound.headers
    assert "Accept-Encoding" not in sound.headers.get("Vary", "")


def test_an_address_is_built_once_also_where_flask_asks_for_it(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page of results paid for some twenty addresses that the one before had built."""
    app, built = client.application, list[str]()

    def build(endpoint: str, **_values: object) -> str:
        built.append(endpoint)
        return "/"

    monkeypatch.setattr(app, "url_for", remembering(build))
    with app.test_request_context("/"):
        for _ in range(2):
            url_for("pages.episode", show=SHOW, slug=STREET)
    assert built == ["pages.episode"]
