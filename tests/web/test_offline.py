"""Episodes kept on a listener's device: heard where the site can't be reached, and let go."""

import contextlib
import dataclasses
import hashlib
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from radio.actions.redacting import Request, redact
from radio.archive import Archive
from tests.patience import until
from tests.processes import free_port, running, serving
from tests.samples import CITY, DEMO, SHOW, STREET
from tests.visits import faults, keep, wait_until, watch

pytestmark = pytest.mark.long

PATH = f"/shows/{SHOW}/{CITY}"
MEDIA = f"/media/{SHOW}/{CITY}.mp3"
AUDIO = (DEMO / f"{CITY}.mp3").read_bytes()
SIZE = len(AUDIO)
STORED = """async () => {
    const stored = { workers: (await navigator.serviceWorker.getRegistrations()).length };
    stored.places = localStorage.length + sessionStorage.length;
    stored.bases = (await indexedDB.databases()).length;
    stored.caches = {};
    for (const name of await caches.keys()) {
        const keys = await (await caches.open(name)).keys();
        stored.caches[name] = keys.map((each) => each.url.slice(location.origin.length)).sort();
    }
    return stored;
}"""
READ = """async (address) => (await caches.match(address, { ignoreVary: true })).text()"""
HASH = """async (answer) => {
    const bytes = await crypto.subtle.digest("SHA-256", await answer.arrayBuffer());
    return [...new Uint8Array(bytes)].map((each) => each.toString(16).padStart(2, "0")).join("");
}"""
KEPT = f"async (address) => ({HASH})(await caches.match(address))"
RANGE = f"""async ([address, range]) => {{
    const answer = await fetch(address, {{ headers: {{ Range: range }}, cache: "no-store" }});
    const said = ["Content-Range", "Content-Length"].map((name) => answer.headers.get(name));
    return [answer.status, ...said, await ({HASH})(answer)];
}}"""
SEND = """() => {
    const form = Object.assign(document.createElement("form"), { method: "post", action: "/" });
    document.body.append(form);
    form.submit();
}"""
OLD_STYLE = """async (path) => {
    const cache = await caches.open(`kept:${path}`);
    await cache.put("/static/style.css?v=old", new Response(""));
}"""
LINKED = """[...document.querySelectorAll(
    'script[src], [data-script], [rel=stylesheet], [rel=icon], [rel=preload], img')].map((each) =>
    each.dataset.script || each.getAttribute('src') || each.getAttribute('href'))"""
SOUGHT = ["plateforme", "ville intelligente", "villes", "plate*", '"ville intelligente"']
SOUGHT += [f"émission:{SHOW} caméras", "amp", "a"]
NOTHING = {"workers": 0, "places": 0, "bases": 0, "caches": {}}
RANGES = ["0-0", "0-", "0-99", "1000-1999", f"{SIZE - 5}-", f"{SIZE - 5}-{SIZE + 5}", "-1", "-1000"]
RANGES += [f"-{SIZE + 1}", f"{SIZE}-", f"{SIZE + 7}-{SIZE + 9}"]


class Line:
    """A line to a server: another port, at which nobody answers once the line is cut."""

    def __init__(self, far: int):
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        self._far, self._ends = far, list[socket.socket]()
        self._door = socket.create_server(("127.0.0.1", port))
        self._keeper = threading.Thread(target=self._accept, daemon=True)
        self._keeper.start()

    def cut(self) -> None:
        if self._door.fileno() < 0:
            return  # it is cut
        self._door.shutdown(socket.SHUT_RDWR)
        self._keeper.join()
        self._door.close()
        for each in self._ends:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._door.accept()
                far = socket.create_connection(("127.0.0.1", self._far))
                self._ends += (near, far)
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=_pass_on, args=ends, daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    """Hand on what one end says, to its last word."""
    with contextlib.suppress(OSError):
        while part := source.recv(1 << 16):
            target.sendall(part)
        target.shutdown(socket.SHUT_WR)


@pytest.fixture(scope="module")
def port(chain: Path) -> Iterator[int]:
    with serving("serve", "--root", str(chain), base_url="", idle=chain) as site:
        yield site.port


@pytest.fixture
def station(port: int) -> Iterator[Line]:
    """The way to a site, which can go off the air."""
    line = Line(port)
    yield line
    line.cut()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def let_go(page: Page) -> None:
    page.get_by_role("button", name="Effacer de cet appareil").click()
    expect(page.get_by_role("status")).to_contain_text("L’épisode a été effacé")


def network(page: Page) -> Callable[[int], None]:
    """Give a page a network of so many bytes a second, or none with 0."""
    session = page.context.new_cdp_session(page)

    def allow(speed: int) -> None:
        told = {"offline": not speed, "latency": 0, "downloadThroughput": speed}
        session.send("Network.emulateNetworkConditions", told | {"uploadThroughput": -1})

    return allow


def refused(page: Page, told: str) -> None:
    page.get_by_role("button", name="Écouter hors ligne").click()
    expect(page.get_by_role("status")).to_contain_text(told)
    assert page.evaluate(STORED) == NOTHING


def begin(page: Page) -> None:
    page.get_by_role("button", name="Écouter hors ligne").click()
    expect(page.get_by_role("status")).to_have_text("Téléchargement en cours.")
    wait_until(page, "return document.querySelector('.offline progress').value > 0")


def test_only_what_an_episode_needs_is_stored_if_asked(page: Page, station: Line) -> None:
    for path in (PATH, f"{PATH}?t=20", "/kept", "/"):
        page.goto(station.address + path, wait_until="networkidle")
        assert page.evaluate(STORED) == NOTHING
    keep(page, f"{station.address}{PATH}?t=20")
    linked = page.evaluate(LINKED)
    expected = {PATH, MEDIA, "/kept", f"/transcripts/{SHOW}/{CITY}.vtt", *linked}
    for path in ("/help", f"/shows/{SHOW}/{STREET}", "/kept"):  # the worker adds nothing
        page.goto(station.address + path, wait_until="networkidle")
    stored = page.evaluate(STORED)
    assert stored["caches"] == {f"kept:{PATH}": sorted(expected)}
    assert stored["workers"] == 1
    page.goto(f"{station.address}/shows/{SHOW}/{STREET}")
    for _ in range(2):  # another one comes and goes
        page.get_by_role("button", name="Écouter hors ligne").click()
        expect(page.get_by_role("status")).to_contain_text("C’est prêt")
        let_go(page)
        stored = page.evaluate(STORED)
        assert list(stored["caches"]) == [f"kept:{PATH}"]
        assert stored["workers"] == 1
    page.goto(station.address + "/kept")
    let_go(page)
    assert page.evaluate(STORED) == NOTHING
    page.reload()
    expect(page.locator("main")).to_contain_text("Aucun épisode ici pour l’instant")


def test_what_is_kept_follows_changes_on_the_site(page: Page, chain: Path, tmp_path: Path) -> None:
    archive = Archive(shutil.copytree(chain, tmp_path / "archive"))
    key, kept = f"{SHOW}/{CITY}", f"kept:{PATH}"
    with running("serve", "--root", str(archive.root), base_url="", idle=archive.root) as site:
        keep(page, site + PATH)
        page.evaluate(OLD_STYLE, PATH)
        vtt = archive.vtt_path(key)
        vtt.write_text(vtt.read_text(encoding="utf-8").replace("ville", "cité"), encoding="utf-8")
        page.goto(f"{site}{PATH}?t=1", wait_until="networkidle")
        until(lambda: "/static/style.css?v=old" not in page.evaluate(STORED)["caches"][kept])
        texts = [PATH, f"/transcripts/{SHOW}/{CITY}.vtt"]
        assert all("cité" in page.evaluate(READ, each) for each in texts)
        before = page.evaluate(KEPT, MEDIA)
        after = redact(archive, key, Request(1.0, 2.0, "destroy"))
        page.goto(f"{site}{PATH}?t=2", wait_until="networkidle")
        until(lambda: page.evaluate(KEPT, MEDIA) != before)
        assert (before, page.evaluate(KEPT, MEDIA)) == (sha256(AUDIO), after.audio.sha256)
        archive.write_episode(dataclasses.replace(after, status="withdrawn"))
        page.goto(f"{site}/kept", wait_until="networkidle")
        until(lambda: page.evaluate(STORED)["caches"] == {})


def test_a_network_that_is_cut_leaves_nothing_half_kept(page: Page, site: str) -> None:
    """Nor does a download that somebody stops, a recording that ends too soon, or an old rest."""
    page.goto(site + PATH)
    allow = network(page)
    allow(100_000)
    begin(page)
    page.get_by_role("button", name="Arrêter").click()
    expect(page.get_by_role("status")).to_contain_text("L’épisode a été effacé")
    begin(page)
    allow(0)
    expect(page.get_by_role("status")).to_contain_text("interrompu\u00a0: rien n’a été enregistré")
    assert page.evaluate(STORED) == NOTHING
    allow(-1)
    page.goto(site + PATH)
    page.evaluate(f"document.querySelector('.offline progress').max = {SIZE + 1}")
    refused(page, "interrompu")
    page.goto(site + "/kept")
    page.evaluate("caches.open('kept:/shows/x/y').then((each) => each.add('/healthz'))")
    page.reload(wait_until="networkidle")
    assert page.evaluate(STORED) == NOTHING
    page.goto(site + PATH)
    quota = {"origin": site, "quotaSize": SIZE / 2}
    page.context.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", quota)
    refused(page, "Il n’y a pas assez de place")


def test_without_javascript_the_page_says_what_remains(plain: Page, site: str) -> None:
    plain.goto(site + "/kept")
    for told in ("demande JavaScript", "téléchargez"):
        expect(plain.locator("main")).to_contain_text(told)
    expect(plain.locator("#able")).to_be_hidden()
    plain.goto(site + PATH)
    expect(plain.locator(".offline")).to_be_hidden()


def test_a_kept_episode_is_read_searched_and_heard_offline(page: Page, station: Line) -> None:
    def marked(query: str) -> list[str]:
        page.goto(f"{station.address}{PATH}?{urlencode({'t': 1, 'q': query})}")
        return page.locator("a.cue mark").all_inner_texts()

    keep(page, station.address + PATH)
    hit = page.request.get(f"{station.address}/api/v1/search?q=plateforme").json()
    (passage,) = hit["episodes"][0]["passages"]
    asked = [f"bytes={each}" for each in RANGES]
    ranges = [page.evaluate(RANGE, [MEDIA, each]) for each in asked]
    online = [marked(query) for query in SOUGHT]
    said = page.locator("a.cue").all_inner_texts()
    assert len(online[0]) > 0
    station.cut()
    assert [marked(query) for query in SOUGHT] == online
    assert page.locator("a.cue").all_inner_texts() == said
    kept = [page.evaluate(RANGE, [MEDIA, each]) for each in asked]
    assert kept == ranges
    assert kept[2] == [206, f"bytes 0-99/{SIZE}", "100", sha256(AUDIO[:100])]
    assert kept[7] == [206, f"bytes {SIZE - 1000}-{SIZE - 1}/{SIZE}", "1000", sha256(AUDIO[-1000:])]
    assert kept[-1] == [416, f"bytes */{SIZE}", "0", sha256(b"")]
    for odd in ("bytes=9-3", "bytes=-", "lines=1-2", "bytes=0-1,4-5"):
        assert page.evaluate(RANGE, [MEDIA, odd]) == [200, None, str(SIZE), sha256(AUDIO)]
    page.goto(f"{station.address}{PATH}?lang=fr&t=45")
    assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px"
    wait_until(page, "return audio.readyState >= 1 && Math.abs(audio.currentTime - 45) < 1")
    page.evaluate("Object.assign(document.querySelector('audio'), { muted: true }).play()")
    wait_until(page, "return audio.currentTime > 46")
    page.locator("a.cue").first.click()
    wait_until(page, "return audio.currentTime < 5")
    page.goto(station.address + passage["url"])
    lit = page.locator("a.cue[aria-current=true]")
    expect(lit).to_contain_text("plateforme")
    within = f"audio.currentTime > {passage['start'] - 6} && audio.currentTime < {passage['start']}"
    wait_until(page, f"return {within}")
    expect(lit).to_be_in_viewport()
    page.locator(".actions summary", has_text="Télécharger").click()
    page.get_by_text("Autres fichiers").click()
    with page.expect_download() as download:
        page.locator("a[href*='download=1'][href*='/media/']").click()
    assert download.value.path().read_bytes() == AUDIO
    assert "ville intelligente" in download.value.suggested_filename
    with page.expect_download() as download:
        page.locator("a[href*='.vtt?']").click()
    assert download.value.path().read_text(encoding="utf-8").startswith("WEBVTT")


def test_without_the_site_every_other_page_lists_what_is_kept(page: Page, station: Line) -> None:
    page.goto(f"{station.address}{PATH}?lang=en")
    page.locator(".offline button").click()
    expect(page.locator(".offline a")).to_be_visible()
    station.cut()
    for path in ("/", "/help?lang=fr", f"/shows/{SHOW}/{STREET}?t=3"):
        page.goto(station.address + path)
        expect(page.locator("#away")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="La ville intelligente").click()
    expect(page.locator("h1")).to_have_text("La ville intelligente")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    with page.expect_event("requestfailed", lambda request: request.method == "POST"):
        page.evaluate(SEND)


def test_what_is_kept_is_accessible_and_fits_a_phone(phone: Page, station: Line) -> None:
    def check() -> None:
        assert faults(phone) == ""
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360
        assert phone.locator("h1").count() == 1

    _, messages = watch(phone)
    keep(phone, station.address + PATH)
    check()
    phone.goto(station.address + "/kept")
    for told in ("La ville intelligente", "20 février 2024", "0,4 Mo"):
        expect(phone.locator("#kept li")).to_contain_text(told)
    expect(phone.locator("#away")).to_be_hidden()
    check()
    station.cut()
    phone.goto(station.address + "/help")
    expect(phone.locator("#kept li")).to_have_count(1)
    check()
    assert [text for text in messages if "ERR_FAILED" not in text] == []
