"""A site below a path, behind a real nginx: every link, feed, script and file stays there."""

import csv
import io
import json
import re
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from html import unescape
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote, urljoin

import feedparser
import pytest
from playwright.sync_api import Page, expect

from radio.archive import Archive, holdings
from radio.audit.addresses import shape
from tests.patience import LONG
from tests.processes import command, free_port, proxied, running
from tests.samples import CITY, SHOW, STREET, unpacked
from tests.visits import Links, keep, wait_until, watch

pytestmark = pytest.mark.long

PREFIX = "/archives"
WHOLE = re.compile(r"https?://127\.0\.0\.1[^\s\"'<>\\]*")
TOLD = re.compile(r' data-(?:at|path|help|cover|script)="([^"]*)"')
FILES = (
    *("feed.xml", "shows.opml", "sitemap.xml", "robots.txt", "opensearch.xml", "catalogue.jsonl"),
    *("catalogue.csv", "manifest.webmanifest", "api/v1/openapi.json", "api/v1/search?q=ville"),
    *("search.m3u?q=ville", "search.xspf?q=ville", "search.xml?q=ville"),
    *(f"shows/{SHOW}/feed.xml", f"cite/{SHOW}/{CITY}.txt?t=3", f"cite/{SHOW}/{CITY}.json?t=3"),
    *(f"cite/{SHOW}/{CITY}.bib?t=3", f"cite/{SHOW}/{CITY}.xml", f"transcripts/{SHOW}/{CITY}.html"),
    "search/words.csv?q=ville",
)
OUTWARD = (  # Dublin Core, and where the law has people complain
    *("http://purl.org/", "mailto:", "data:"),
    *(f"https://{each}.defenseurdesdroits.fr/" for each in ("formulaire", "www")),
)
NO_TAG, DESCRIBED = (
    re.compile("<(?![A-Za-z/!])"),
    re.compile('<meta name="description" content="[^"]'),
)
PROGRAMS = re.compile(r"(antennapod-subscribe|podcast|overcast|pktc|castro|gpodder|feed)://")


@dataclass(frozen=True)
class Below:
    """A site below a path: its address, by a proxy that hands the path on, and by another."""

    base: str  # without a slash at its end
    taken_away: str  # the address by a proxy that takes the path away
    inner: str  # that of the server itself

    @property
    def origin(self) -> str:
        return self.base.removesuffix(PREFIX)


def proxy(port: int, inner: str) -> str:
    return f"""server {{
        listen 127.0.0.1:{port};
        location / {{ default_type text/html; return 200 "<h1>Another site</h1>"; }}
        location {PREFIX}/ {{ proxy_pass {inner}; proxy_set_header Host $host; }}
    }}"""


@pytest.fixture(scope="module")
def place(chain: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Below]:
    ports = free_port(), free_port()
    base, taken_away = (f"http://127.0.0.1:{port}{PREFIX}" for port in ports)
    with running("serve", "--root", str(chain), base_url=base, idle=chain) as inner:
        servers = proxy(ports[0], inner) + proxy(ports[1], f"{inner}/")
        with proxied(tmp_path_factory.mktemp("nginx"), servers, f"{base}/healthz"):
            yield Below(base, taken_away, inner)


def get(address: str, method: str = "GET", **headers: str) -> tuple[int, Message, str]:
    request = urllib.request.Request(address, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=LONG) as answer:
            return answer.status, answer.headers, answer.read().decode(errors="replace")
    except HTTPError as error:
        return error.code, error.headers, ""


def test_every_link_below_a_path_stays_there_and_leads_somewhere(place: Below) -> None:
    todo, seen = [f"{place.base}/", f"{place.base}/search?q=ville"], set[str]()
    while todo:
        address = todo.pop().partition("#")[0]
        if shape(address) in seen or address.startswith(OUTWARD) or PROGRAMS.match(address):
            continue
        seen.add(shape(address))
        assert address.startswith(f"{place.base}/"), address
        status, headers, _ = get(address, "HEAD")
        assert status == 200, address
        if headers.get_content_type() == "text/html" and "Content-Disposition" not in headers:
            page = get(address)[2]
            assert not NO_TAG.search(page), address
            assert 'class="top"' not in page or DESCRIBED.search(page), address
            named = [*Links(page).found, *map(unescape, TOLD.findall(page))]
            found = (urljoin(address, each) for each in named)
            is_own = f"{place.base}/manual/" not in address  # whose text names other sites
            todo += [each for each in found if is_own or each.startswith(f"{place.base}/")]
    assert len(seen) > 60
    paths = {each.partition("?")[0] for each in seen}
    assert {f"{PREFIX}/", f"{PREFIX}/catalogue", f"{PREFIX}/fixity"} <= paths


def test_what_is_read_elsewhere_names_the_path_below_which_the_site_lies(place: Below) -> None:
    known = set[str]()
    for path in FILES:
        status, _, text = get(f"{place.base}/{path}")
        assert status == 200
        assert PREFIX in text, path
        text = text.replace("&amp;", "&")
        if ".csv" in path:
            text = " ".join(cell for row in csv.reader(io.StringIO(text)) for cell in row)
        for address in set(WHOLE.findall(text)):
            whole = address.rstrip(".,;})").replace("{searchTerms}", "ville")
            known.add(f"{whole}/openapi.json" if whole.endswith("/api/v1") else whole)
    assert [each for each in known if not each.startswith(f"{place.base}/")] == []
    assert [each for each in known if get(each, "HEAD")[0] != 200] == []


def test_programs_find_below_a_path_what_they_are_told(place: Below) -> None:
    feed = feedparser.parse(get(f"{place.base}/shows/{SHOW}/feed.xml")[2])
    enclosures = [each.href for entry in feed.entries for each in entry.enclosures]
    assert [get(each, Range="bytes=0-99")[0] for each in enclosures] == [206] * 3
    manifest = json.loads(get(f"{place.base}/manifest.webmanifest")[2])
    assert manifest["scope"] == manifest["start_url"] == f"{PREFIX}/"
    for episode in json.loads(get(f"{place.base}/api/v1/search?q=ville")[2])["episodes"]:
        assert get(place.origin + episode["url"], "HEAD")[0] == 200
    assert f"Disallow: {PREFIX}/search\n" in get(f"{place.base}/robots.txt")[2]
    told = json.loads(get(f"{place.base}/oembed?url={quote(page_of(place.base), safe='')}")[2])
    assert told["provider_url"] == f"{place.base}/"
    assert f'src="{place.base}/embed/{SHOW}/{CITY}"' in told["html"]
    assert get(f"{place.base}/oembed?url={quote(page_of(place.origin), safe='')}")[0] == 404


def page_of(base: str) -> str:
    return f"{base}/shows/{SHOW}/{CITY}"


def test_a_proxy_may_take_the_path_away(place: Below) -> None:
    """What it hands on is answered in the same way: whole addresses are made of the setting."""
    for path in ("", f"shows/{SHOW}/{CITY}?t=3", "search?q=ville", "rien", *FILES):
        assert get(f"{place.taken_away}/{path}")[::2] == get(f"{place.base}/{path}")[::2], path


def test_what_was_renamed_below_a_path_is_sent_on_within(place: Below, page: Page) -> None:
    for base in (place.base, place.taken_away):
        answer = page.request.get(f"{base}/covers/{SHOW}.webp", max_redirects=0)
        assert answer.status == 302
        there = urljoin(base, answer.headers["location"])
        assert there.startswith(f"{base}/covers/{SHOW}.png")
    assert page.request.get(place.base, max_redirects=0).status == 301  # by nginx


def test_scripts_below_a_path_ask_there(place: Below, page: Page) -> None:
    requests, messages = watch(page)
    page.goto(f"{page_of(place.base)}?lang=fr")
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
    page.goto(f"{place.base}/catalogue")
    with page.expect_download() as download:
        page.locator("a[href*='archive.zip']").click()
    files = unpacked(download.value.path().read_bytes())
    (info,) = (files[name] for name in files if name.endswith("/bag-info.txt"))
    assert place.base.encode() in info
    assert all(each.startswith(f"{place.base}/") for each in requests)
    assert not messages


def test_a_mirror_copies_a_site_below_a_path(place: Below, tmp_path: Path) -> None:
    copy = Archive(tmp_path / "copy")
    command(copy, "mirror", place.base)
    assert len(holdings.episodes(copy)) == 3
    assert json.loads((copy.root / "mirror.json").read_text())["address"] == place.base


def test_a_kept_episode_is_heard_offline(place: Below, page: Page, tmp_path: Path) -> None:
    port = free_port()
    origin, servers = f"http://127.0.0.1:{port}", proxy(port, place.inner)
    base = origin + PREFIX
    with proxied(tmp_path, servers, f"{base}/healthz") as nginx:
        keep(page, page_of(base))
        scope = page.evaluate("navigator.serviceWorker.ready.then((each) => each.scope)")
        assert scope == f"{base}/"
        page.goto(f"{origin}/elsewhere")
        assert page.evaluate("navigator.serviceWorker.controller") is None
        nginx.terminate()
        nginx.wait()
        page.goto(f"{page_of(base)}?t=45")
        wait_until(page, "return audio.readyState >= 1 && Math.abs(audio.currentTime - 45) < 1")
        page.goto(f"{base}/shows/{SHOW}/{STREET}")
        expect(page.locator("#away")).to_be_visible()
        page.get_by_role("link", name="La ville intelligente").click()
        page.get_by_role("button", name="Effacer de cet appareil").click()
        expect(page.get_by_role("status")).to_contain_text("L’épisode a été effacé")
        assert page.evaluate("caches.keys()") == []
