"""A site below a path, behind a real nginx: every link, feed, script and file stays there."""

import csv
import io
import json
import re
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import feedparser
import pytest
from playwright.sync_api import Browser, Page, expect

from radio.archive import Archive, holdings
from radio.audit.addresses import shape
from tests.processes import free_port, proxied, radio, running
from tests.samples import CITY, SHOW, STREET
from tests.visits import keep, wait_until, watch

pytestmark = pytest.mark.long

PREFIX = "/archives"
NAMED = """() => ['href', 'src', 'action'].flatMap((name) =>
    [...document.querySelectorAll(`[${name}]`)].map((each) => each[name].baseVal ?? each[name]))
    .concat([...document.querySelectorAll('[data-at], [data-path], [data-help], [data-cover]')]
    .flatMap((each) => Object.entries(each.dataset)
        .filter(([name]) => ['at', 'path', 'help', 'cover'].includes(name))
        .map(([, path]) => new URL(path, location.href).href)))"""
WHOLE = re.compile(r"https?://127\.0\.0\.1[^\s\"'<>\\]*")
FILES = (
    *("feed.xml", "shows.opml", "sitemap.xml", "robots.txt", "opensearch.xml", "catalogue.jsonl"),
    *("catalogue.csv", "manifest.webmanifest", "api/v1/openapi.json", "api/v1/search?q=ville"),
    *(
        "search.m3u?q=ville",
        "search.xspf?q=ville",
        "search.xml?q=ville",
        "search/words.csv?q=ville",
    ),
    *(f"shows/{SHOW}/feed.xml", f"cite/{SHOW}/{CITY}.txt?t=3", f"cite/{SHOW}/{CITY}.json?t=3"),
    *(f"cite/{SHOW}/{CITY}.bib?t=3", f"cite/{SHOW}/{CITY}.xml", f"transcripts/{SHOW}/{CITY}.html"),
)


@dataclass(frozen=True)
class Below:
    """A site below a path: its address, and the proxy before it."""

    base: str  # without a slash at its end
    proxy: "subprocess.Popen[bytes]"

    @property
    def origin(self) -> str:
        return self.base.removesuffix(PREFIX)


def below(root: Path, folder: Path, taken_away: str) -> Iterator[Below]:
    port = free_port()
    base = f"http://127.0.0.1:{port}{PREFIX}"
    with running("serve", "--root", str(root), base_url=base) as inner:
        servers = f"""server {{
            listen 127.0.0.1:{port};
            location / {{ default_type text/html; return 200 "<h1>Another site</h1>"; }}
            location {PREFIX}/ {{ proxy_pass {inner}{taken_away}; proxy_set_header Host $host; }}
        }}"""
        with proxied(folder, servers, f"{base}/healthz") as proxy:
            yield Below(base, proxy)


@pytest.fixture(scope="module", params=["", "/"], ids=["path-kept", "path-taken-away"])
def place(
    chain: Path, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Below]:
    """The site, by a proxy that hands the path on or takes it away."""
    yield from below(chain, tmp_path_factory.mktemp("nginx"), request.param)


OUTWARD = (
    "http://purl.org/",
    *(f"https://{each}.defenseurdesdroits.fr/" for each in ("formulaire", "www")),
)
"""Names of Dublin Core, and where the law has people complain of what they can’t use."""
PATH_KEPT = pytest.mark.parametrize("place", [""], indirect=True, ids=["path-kept"])
TAKEN_AWAY = pytest.mark.parametrize("place", ["/"], indirect=True, ids=["path-taken-away"])
"""For what takes long: links are the same either way, as each file of FILES shows."""


def is_ours(place: Below, address: str) -> bool:
    return address.startswith(f"{place.base}/")


@PATH_KEPT
def test_every_link_below_a_path_stays_there_and_leads_somewhere(place: Below, page: Page) -> None:
    requests, messages = watch(page)
    todo, seen = [f"{place.base}/", f"{place.base}/search?q=ville"], set[str]()
    pages = 0
    while todo:
        address = todo.pop().partition("#")[0]
        if shape(address) in seen:
            continue
        seen.add(shape(address))
        assert is_ours(place, address)
        answer = page.request.head(address)
        assert answer.status == 200, address
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        if "content-disposition" in answer.headers or f"{PREFIX}/transcripts/" in address:
            continue
        pages += 1
        page.goto(address)
        named = [each for each in page.evaluate(NAMED) if each.startswith("http")]
        assert named
        todo += [each for each in named if not each.startswith(OUTWARD)]
    assert pages > 20
    assert len(seen) > 50
    assert {f"{PREFIX}/", f"{PREFIX}/catalogue", f"{PREFIX}/fixity"} <= {
        each.partition("?")[0] for each in seen
    }
    assert all(is_ours(place, each) for each in requests)
    assert not messages


@pytest.mark.parametrize("path", FILES)
def test_what_is_read_elsewhere_names_the_path_below_which_the_site_lies(
    place: Below, page: Page, path: str
) -> None:
    answer = page.request.get(f"{place.base}/{path}")
    assert answer.status == 200
    text = answer.text().replace("&amp;", "&")
    if ".csv" in path:
        text = " ".join(cell for row in csv.reader(io.StringIO(text)) for cell in row)
    for address in sorted(set(WHOLE.findall(text))):
        whole = address.rstrip(".,;})").replace("{searchTerms}", "ville")
        if whole.endswith("/api/v1"):
            whole += "/openapi.json"
        assert is_ours(place, whole), address
        assert page.request.get(whole).status == 200, address
    assert PREFIX in text


def test_the_feed_below_a_path_is_heard(place: Below, page: Page) -> None:
    feed = feedparser.parse(page.request.get(f"{place.base}/shows/{SHOW}/feed.xml").body())
    enclosures = [each for entry in feed.entries for each in entry.enclosures]
    assert len(enclosures) == 3
    for each in enclosures:
        answer = page.request.get(each.href, headers={"Range": "bytes=0-99"})
        assert answer.status == 206


def test_addresses_of_programs_below_a_path_carry_it(place: Below, page: Page) -> None:
    manifest = page.request.get(f"{place.base}/manifest.webmanifest").json()
    assert manifest["scope"] == manifest["start_url"] == f"{PREFIX}/"
    found = page.request.get(f"{place.base}/api/v1/search?q=ville").json()
    for episode in found["episodes"]:
        assert page.request.get(place.origin + episode["url"]).status == 200
    assert f"Disallow: {PREFIX}/search\n" in page.request.get(f"{place.base}/robots.txt").text()


@PATH_KEPT
def test_an_episode_below_a_path_is_embedded_by_its_address(place: Below, page: Page) -> None:
    page.goto(f"{place.base}/shows/{SHOW}/{CITY}")
    link = page.locator("link[type='application/json+oembed']").get_attribute("href")
    told = page.request.get(str(link)).json()
    assert told["provider_url"] == f"{place.base}/"
    source = re.search(r'src="([^"]+)"', told["html"])
    assert source
    assert source[1] == f"{place.base}/embed/{SHOW}/{CITY}"
    page.goto(source[1])
    sound = urljoin(source[1], str(page.locator("audio").get_attribute("src")))
    assert is_ours(place, sound)
    assert page.request.head(sound).status == 200
    elsewhere = quote(f"{place.origin}/shows/{SHOW}/{CITY}", safe="")
    assert page.request.get(f"{place.base}/oembed?url={elsewhere}").status == 404


def test_what_was_renamed_below_a_path_is_sent_on_within(place: Below, page: Page) -> None:
    answer = page.request.get(f"{place.base}/covers/{SHOW}.webp", max_redirects=0)
    assert answer.status == 302
    assert urlsplit(urljoin(place.base, answer.headers["location"])).path == (
        f"{PREFIX}/covers/{SHOW}.png"
    )
    assert page.request.get(place.base, max_redirects=0).status == 301  # by nginx


@TAKEN_AWAY
def test_scripts_below_a_path_ask_there(place: Below, page: Page) -> None:
    requests, messages = watch(page)
    page.goto(f"{place.base}/shows/{SHOW}/{CITY}?lang=fr")
    with page.expect_response(lambda answer: f"{PREFIX}/suggest?q=" in answer.url):
        page.locator("#q").press_sequentially("vill")
    page.locator("a.cue").nth(2).click()
    page.get_by_text("Partager").click()
    expect(page.locator("#link")).to_have_value(re.compile(re.escape(place.base) + r".*t=\d"))
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("?")
    page.wait_for_url(f"{place.base}/help*")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert all(is_ours(place, each) for each in requests)
    assert not messages


@TAKEN_AWAY
def test_the_whole_archive_below_a_path_is_one_download(
    place: Below, page: Page, tmp_path: Path
) -> None:
    page.goto(f"{place.base}/catalogue")
    with page.expect_download() as download:
        page.locator("a[href*='archive.zip']").click()
    path = tmp_path / "archive.zip"
    download.value.save_as(path)
    with zipfile.ZipFile(path) as packed:
        assert packed.testzip() is None
        (info,) = [name for name in packed.namelist() if name.endswith("/bag-info.txt")]
        assert place.base in packed.read(info).decode()


@PATH_KEPT
def test_a_mirror_copies_a_site_below_a_path(place: Below, tmp_path: Path) -> None:
    radio("mirror", place.base, "--root", str(tmp_path / "copy"))
    copy = Archive(tmp_path / "copy")
    assert len(holdings.episodes(copy)) == 3
    assert json.loads((copy.root / "mirror.json").read_text())["address"] == place.base


def test_a_kept_episode_below_a_path_is_heard_without_the_site(
    chain: Path, browser: Browser, tmp_path: Path
) -> None:
    ways = below(chain, tmp_path, "")
    place = next(ways)
    with browser.new_context(locale="fr-FR") as context:
        page = context.new_page()
        keep(page, f"{place.base}/shows/{SHOW}/{CITY}")
        scope = "navigator.serviceWorker.ready.then((each) => each.scope)"
        assert page.evaluate(scope) == f"{place.base}/"
        page.goto(f"{place.origin}/elsewhere")
        assert page.evaluate("navigator.serviceWorker.controller") is None
        place.proxy.terminate()
        place.proxy.wait()
        page.goto(f"{place.base}/shows/{SHOW}/{CITY}?t=45")
        wait_until(page, "return audio.readyState >= 1 && Math.abs(audio.currentTime - 45) < 1")
        page.goto(f"{place.base}/shows/{SHOW}/{STREET}")
        expect(page.locator("h1")).to_have_text("Gardés sur cet appareil")
        expect(page.locator("#away")).to_be_visible()
        page.get_by_role("link", name="La ville intelligente").click()
        expect(page.locator("h1")).to_have_text("La ville intelligente")
        page.get_by_role("button", name="Ne plus garder").click()
        expect(page.get_by_role("status")).to_contain_text("Rien de cet épisode")
        assert page.evaluate("caches.keys()") == []
    ways.close()  # type: ignore[attr-defined]


@pytest.mark.torture
def test_the_static_site_is_read_below_a_path(frozen: Path, page: Page, tmp_path: Path) -> None:
    port = free_port()
    servers = f"""server {{
        listen 127.0.0.1:{port};
        location {PREFIX}/ {{ alias {frozen}/; index index.html; }}
    }}"""
    base = f"http://127.0.0.1:{port}{PREFIX}/"
    with proxied(tmp_path, servers, base):
        requests, messages = watch(page)
        todo, seen = [base], set[str]()
        while todo:
            address = todo.pop().partition("#")[0].partition("?")[0]
            if address in seen or not address.startswith("http://127"):
                continue
            seen.add(address)
            assert address.startswith(base)
            answer = page.request.get(address)
            assert answer.status == 200, address
            if answer.headers["content-type"].startswith("text/html"):
                page.goto(address)
                todo += page.evaluate(NAMED)
        assert len(seen) > 20
        assert all(each.startswith(base) for each in requests)
        assert not messages
