"""A listener's visit in a real Chromium: search, follow a hit, hear it there, keep the file."""

import functools
import hashlib
import http.server
import re
import threading
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, ViewportSize, expect

from radio.sound import probe
from tests import screenshots
from tests.samples import CITY, DEMO, MEMORY, ROOT, SHOW, said_at
from tests.visits import faults, wait_until

pytestmark = pytest.mark.long

PAGES = ["/", f"/shows/{SHOW}/", f"/shows/{SHOW}/{CITY}?t=20", "/search?q=cam%C3%A9ra", "/rien"]
PAGES += [f"/embed/{SHOW}/{CITY}?t=20", "/catalogue", "/help", "/about", "/privacy", "/kept"]
PAGES += [
    "/fixity",
    "/legal",
    "/accessibility",
    "/subscribe",
    f"/shows/{SHOW}/subscribe",
    "/themes",
]
PAGES += [f"/search/{view}?q=cam%C3%A9ra" for view in ("listen", "words", "months")]
PAGES += ["/search/months?q=cam%C3%A9ra&and=micro"]
SEARCHES = [("document", CITY, "documents"), ("caméra", CITY, "caméras")]
FOCUSED = """() => {
    const focused = document.activeElement;
    const name = focused.id || focused.localName;
    const boxes = [...focused.getClientRects()];
    const box = boxes.find((each) => each.bottom > 0 && each.top < innerHeight);
    if (!box) return [name, "out of sight"];
    const seen = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    const covered = !seen || !(focused.contains(seen) || seen.contains(focused));
    const style = getComputedStyle(focused);
    const marked = focused.localName === "audio" || style.outlineStyle !== "none";
    return [name, (covered ? "covered " : "") + (marked ? "" : "no outline")];
}"""
SEARCHES.append(("cassette", MEMORY, "cassettes"))


@pytest.fixture
def without_script(browser: Browser) -> Iterator[Page]:
    with browser.new_context(java_script_enabled=False, locale="fr-FR") as context:
        yield context.new_page()


@pytest.mark.parametrize(("query", "slug", "word"), SEARCHES)
def test_a_hit_is_heard_at_its_second(
    page: Page, site: str, query: str, slug: str, word: str
) -> None:
    page.goto(site)
    page.locator("#q").fill(query)
    page.locator("#q").press("Enter")
    page.locator(f"main a[href*='{slug}?']").first.click()
    page.wait_for_url(f"**/shows/{SHOW}/{slug}?*")
    wait_until(page, "return audio.readyState >= 1 && audio.currentTime > 0")
    stands = page.evaluate("document.querySelector('audio').currentTime")
    assert min(abs(stands - said) for said in said_at(slug, word)) <= 3


def test_a_link_to_the_second_opens_there_and_plays_on(page: Page, site: str) -> None:
    page.goto(f"{site}/shows/{SHOW}/{CITY}?t=31.5")
    wait_until(page, "return Math.abs(audio.currentTime - 31.5) < 1")
    page.evaluate("document.querySelector('audio').muted = true")
    page.evaluate("document.querySelector('audio').play()")
    wait_until(page, "return audio.currentTime > 33")


def test_a_cue_seeks_without_a_reload_and_is_marked(page: Page, site: str) -> None:
    page.goto(f"{site}/shows/{SHOW}/{CITY}")
    wait_until(page, "return audio.readyState >= 1")
    page.evaluate("document.querySelector('audio').muted = true; window.same = true")
    cue = page.locator("main a[href*='t=']", has_text="plateforme").last
    cue.click()
    start = said_at(CITY, "plateforme")[0]
    wait_until(page, f"return Math.abs(audio.currentTime - {start}) < 3")
    assert page.evaluate("window.same") is True
    expect(page.locator("a.cue[aria-current=true]")).to_contain_text("plateforme")


def test_controls_and_keys(page: Page, site: str) -> None:
    page.goto(f"{site}/shows/{SHOW}/{CITY}?t=20")
    wait_until(page, "return Math.abs(audio.currentTime - 20) < 1")
    page.get_by_role("button", name="+30 s").click()
    wait_until(page, "return Math.abs(audio.currentTime - 50) < 1")
    page.get_by_role("button", name="−15 s").click()
    wait_until(page, "return Math.abs(audio.currentTime - 35) < 1")
    page.get_by_label("Vitesse").select_option("1.5")
    assert page.evaluate("document.querySelector('audio').playbackRate") == 1.5
    page.locator("h1").click()
    page.keyboard.press("j")
    wait_until(page, "return Math.abs(audio.currentTime - 20) < 1")
    page.keyboard.press("ArrowRight")
    wait_until(page, "return Math.abs(audio.currentTime - 50) < 1")
    page.evaluate("document.querySelector('audio').muted = true")
    page.keyboard.press("k")
    wait_until(page, "return !audio.paused")
    page.keyboard.press("k")
    wait_until(page, "return audio.paused")
    page.keyboard.press("/")
    expect(page.locator("#within")).to_be_focused()
    page.keyboard.type("k jl")
    expect(page.locator("#within")).to_have_value("k jl")
    page.keyboard.press("Escape")
    page.locator(".settings summary").click()
    page.get_by_label("Raccourcis clavier").uncheck()
    page.reload()
    expect(page.get_by_label("Raccourcis clavier")).not_to_be_checked()
    page.locator("h1").click()
    for key in ("k", "/"):
        page.keyboard.press(key)
    assert page.evaluate("document.querySelector('audio').paused")
    expect(page.locator("#within")).not_to_be_focused()


def test_the_waveform_is_pressed_where_one_wants_to_listen(page: Page, site: str) -> None:
    page.goto(f"{site}/shows/{SHOW}/{CITY}")
    wait_until(page, "return audio.readyState >= 1")
    seek = page.get_by_role("slider", name="Position")
    box = seek.bounding_box()
    assert box
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 5)
    page.mouse.up()
    wait_until(page, "return Math.abs(audio.currentTime - audio.duration / 2) < 1")
    heard = "document.querySelector('.heard').getAttribute('width')"
    wait_until(page, f"return Math.abs({heard} - 480) < 20")


def test_the_waveform_is_a_slider_for_keys_and_screen_readers(page: Page, site: str) -> None:
    page.goto(f"{site}/shows/{SHOW}/{CITY}?t=20")
    wait_until(page, "return Math.abs(audio.currentTime - 20) < 1 && audio.readyState >= 1")
    seek = page.get_by_role("slider", name="Position")
    seek.press("Home")
    wait_until(page, "return audio.currentTime === 0")
    for key in ("ArrowRight", "ArrowUp"):
        seek.press(key)
    wait_until(page, "return Math.abs(audio.currentTime - 10) < 0.1")
    expect(seek).to_have_attribute("aria-valuenow", "10")
    expect(seek).to_have_attribute("aria-valuetext", re.compile(r"10\ssecondes"))
    seek.press("End")
    expect(seek).to_have_attribute("aria-valuenow", str(seek.get_attribute("aria-valuemax")))


def test_a_time_is_typed_with_and_without_script(
    page: Page, without_script: Page, site: str
) -> None:
    for each in (page, without_script):
        each.goto(f"{site}/shows/{SHOW}/{CITY}")
        each.locator(".settings, .places").first.locator("summary").click()
        each.get_by_label("Aller à").fill("0:31")
        each.get_by_role("button", name="Écouter là").click()
    wait_until(page, "return audio.currentTime >= 31 && audio.currentTime < 33")
    expect(without_script.locator("audio")).to_have_attribute("src", re.compile("#t=31"))


def test_words_are_found_within_an_episode(page: Page, site: str) -> None:
    page.goto(f"{site}/shows/{SHOW}/{CITY}")
    page.locator("h1").click()
    page.keyboard.press("/")
    page.get_by_label("Mots à chercher").fill("plateforme")
    page.keyboard.press("Enter")
    hit = page.locator("#found .hits a").first
    expect(hit.locator("mark")).to_contain_text("plateforme")
    expect(page.locator(".seek .hit").first).to_be_attached()
    hit.click()
    said = said_at(CITY, "plateforme")[0]
    wait_until(page, f"return Math.abs(audio.currentTime - {said}) < 3")
    page.get_by_role("link", name="Mots en contexte").click()
    expect(page.locator("table mark").first).to_contain_text("plateforme")


def start_of(sentence: Locator) -> str:
    """The second at which a sentence begins, as its link has it."""
    link = urllib.parse.urlsplit(sentence.get_attribute("href") or "")
    return urllib.parse.parse_qs(link.query)["t"][0]


def test_selected_words_are_quoted(page: Page, site: str) -> None:
    page.goto(f"{site}/shows/{SHOW}/{CITY}")
    pick = page.get_by_role("button", name="Citer ces mots")
    expect(pick).to_be_hidden()
    first, last = (page.locator(f"#c{number}") for number in (3, 5))
    page.evaluate(
        "([one, other]) => getSelection().setBaseAndExtent(one.firstChild, 0, other.firstChild, 1)",
        [first.element_handle(), last.element_handle()],
    )
    pick.click()
    words = " ".join(" ".join(page.locator(f"#c{n}").inner_text().split()) for n in (3, 4, 5))
    quotation = page.locator(".citation")
    expect(quotation).to_contain_text(words)
    span = f"{start_of(first)},{last.get_attribute('data-end') or start_of(page.locator('#c6'))}"
    expect(page.get_by_label("Le lien")).to_have_value(re.compile(rf"/{CITY}\?t={span}$"))
    expect(page.locator("#share > summary")).to_be_focused()
    expect(pick).to_be_hidden()
    pressed = float(start_of(page.locator("#c8")))
    page.keyboard.press("Escape")
    expect(quotation).to_be_hidden()
    page.locator("#c8").click()
    page.get_by_text("Partager").click()
    expect(quotation).to_contain_text(" ".join(page.locator("#c8").inner_text().split()))
    start = float(page.get_by_label("Le lien").input_value().partition("?t=")[2])
    assert pressed - 15 < start <= pressed, "where its sentence begins"
    with page.expect_download() as download:
        page.get_by_role("link", name="L’extrait").click()
    clip = probe(download.value.path())
    left = page.evaluate("document.querySelector('audio').duration") - start
    assert clip.duration == pytest.approx(min(30, left), abs=0.2)


def test_all_is_reached_and_seen_by_keyboard(page: Page, site: str) -> None:
    page.goto(f"{site}/shows/{SHOW}/{CITY}")
    wait_until(page, "return audio.readyState >= 1")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    reached = []
    for _ in range(200):
        page.keyboard.press("Tab")
        name, faults = page.evaluate(FOCUSED)
        if name == "body":
            break
        assert faults == "", name
        reached.append(name)
    assert {"speed", "c1"} <= set(reached)
    assert "audio" not in reached, "never two players"


def test_the_place_is_kept_only_if_one_says_so(page: Page, site: str) -> None:
    address = f"{site}/shows/{SHOW}/{CITY}"
    for keeps, place in ((False, 0), (True, 40)):
        page.goto(f"{address}?t=40")
        wait_until(page, "return Math.abs(audio.currentTime - 40) < 1")
        page.locator(".settings > summary").click()
        page.get_by_label("Retenir l’endroit").set_checked(keeps)
        page.goto(site)
        page.goto(address)
        wait_until(
            page, f"return audio.readyState >= 1 && Math.abs(audio.currentTime - {place}) < 1"
        )
        assert page.evaluate("localStorage.length") == (2 if keeps else 0)
    page.locator(".settings > summary").click()
    page.get_by_label("Retenir l’endroit").set_checked(False)
    assert page.evaluate("localStorage.length") == 0


def test_going_back_finds_the_place_again(page: Page, site: str) -> None:
    page.goto(f"{site}/shows/{SHOW}/{CITY}")
    wait_until(page, "return audio.readyState >= 1")
    page.get_by_role("button", name="+30 s").click()
    wait_until(page, "return Math.abs(audio.currentTime - 30) < 1")
    page.goto(site)
    page.go_back()
    wait_until(page, "return Math.abs(audio.currentTime - 30) < 1")


def test_the_text_follows_what_is_said(browser: Browser, site: str) -> None:
    with browser.new_context(viewport={"width": 400, "height": 500}, locale="fr-FR") as context:
        page = context.new_page()
        page.goto(f"{site}/shows/{SHOW}/{CITY}")
        wait_until(page, "return audio.readyState >= 1")
        page.evaluate("document.querySelector('audio').muted = true")
        page.evaluate("document.querySelector('audio').play()")
        page.evaluate("document.querySelector('audio').currentTime = 45")
        wait_until(page, "return scrollY > 300")
        page.evaluate("document.getElementById('follow').click()")
        page.evaluate("scrollTo(0, 0)")
        page.evaluate("document.querySelector('audio').currentTime = 20")
        wait_until(page, "return audio.currentTime > 22")
        assert page.evaluate("scrollY") < 300


def test_a_press_is_not_lost_to_the_text_that_follows(browser: Browser, site: str) -> None:
    with browser.new_context(viewport={"width": 400, "height": 500}, locale="fr-FR") as context:
        page = context.new_page()
        page.goto(f"{site}/shows/{SHOW}/{CITY}")
        wait_until(page, "return audio.readyState >= 1")
        page.evaluate("document.querySelector('audio').muted = true")
        page.evaluate("document.querySelector('audio').play()")
        cue = page.locator("#c1")
        cue.scroll_into_view_if_needed()
        place = cue.bounding_box()
        assert place
        page.mouse.move(place["x"] + 5, place["y"] + 5)
        page.mouse.down()
        page.evaluate("document.querySelector('audio').currentTime = 45")
        said = "document.querySelector('a.cue[aria-current]')"
        wait_until(page, f"return audio.currentTime > 45.5 && listening.startOf({said}) > 40")
        page.mouse.up()
        wait_until(page, "return audio.currentTime < 5")


def test_a_recording_that_did_not_load_is_asked_for_once_more(page: Page, site: str) -> None:
    asked = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.abort()
        else:
            route.continue_()

    page.route("**/media/**", answer)
    page.goto(f"{site}/shows/{SHOW}/{CITY}?t=20")
    wait_until(page, "return Math.abs(audio.currentTime - 20) < 1 && audio.readyState >= 1")
    assert len(asked) > 1


@pytest.fixture
def elsewhere(site: str, tmp_path: Path) -> Iterator[str]:
    """Another site, which embeds the player of an episode and its whole page."""
    frames = "".join(
        f'<iframe src="{site}/{path}/{SHOW}/{CITY}" title="{path}"></iframe>'
        for path in ("embed", "shows")
    )
    text = f"<!doctype html><title>x</title>{frames}"
    (tmp_path / "index.html").write_text(text, encoding="utf-8")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


def test_another_site_may_embed_the_player_alone(page: Page, elsewhere: str) -> None:
    page.goto(elsewhere)
    embedded = page.frame_locator("iframe[title=embed]")
    fits = "document.documentElement.scrollHeight <= innerHeight"
    expect(embedded.locator("audio")).to_be_visible()
    assert embedded.locator("main").evaluate(fits)
    assert embedded.locator("main").evaluate("each => each.offsetHeight === innerHeight")
    embedded.locator("audio").evaluate("each => { each.muted = true; return each.play(); }")
    expect(page.frame_locator("iframe[title=shows]").locator("audio")).to_have_count(0)


def test_an_embedded_player_is_dark_or_light_as_its_page_asks(page: Page, site: str) -> None:
    ground = "getComputedStyle(document.querySelector('main')).backgroundColor"
    colors = {}
    for theme in ("", "?theme=dark", "?theme=light", "?theme=x"):
        page.goto(f"{site}/embed/{SHOW}/{CITY}{theme}")
        colors[theme] = page.evaluate(ground)
    assert colors["?theme=dark"] != colors["?theme=light"] == colors[""] == colors["?theme=x"]


def test_the_kept_file_is_the_original(page: Page, site: str) -> None:
    page.goto(f"{site}/shows/{SHOW}/{CITY}")
    page.locator(".actions summary", has_text="Télécharger").click()
    with page.expect_download() as download:
        page.locator("a[href*='download=1'][href*='/media/']").click()
    kept = download.value.path().read_bytes()
    original = (DEMO / f"{CITY}.mp3").read_bytes()
    assert hashlib.sha256(kept).hexdigest() == hashlib.sha256(original).hexdigest()
    assert "ville intelligente" in download.value.suggested_filename
    page.get_by_text("Pour la recherche").first.click()
    with page.expect_download() as download:
        page.locator("a[href*='download=1'][href*='.vtt']").click()
    assert download.value.path().read_text(encoding="utf-8").startswith("WEBVTT")


def test_passages_play_one_after_the_other(page: Page, site: str) -> None:
    page.goto(f"{site}/search/listen?q=ville")
    players = page.locator(".passages audio")
    expect(players.nth(1)).to_be_attached()
    page.evaluate("for (const each of document.querySelectorAll('audio')) each.muted = true")
    page.get_by_role("button", name="Tout écouter").click()
    start = float(players.first.get_attribute("data-start") or 0)
    wait_until(page, f"return !audio.paused && audio.currentTime > {start + 0.5}")
    assert page.evaluate("document.querySelector('audio').currentTime") < start + 10
    page.get_by_role("button", name="Passage suivant").click()
    second = "const second = document.querySelectorAll('audio')[1];"
    wait_until(page, f"{second} return audio.paused && !second.paused && second.currentTime > 0")
    expect(page.locator("#spoken")).to_contain_text("Passage 2 sur")
    page.get_by_role("button", name="Passage précédent").click()
    end = float(players.first.get_attribute("data-end") or 0)
    page.evaluate(f"document.querySelector('audio').currentTime = {end - 0.6}")
    wait_until(page, f"{second} return audio.paused && !second.paused")
    assert page.evaluate("document.querySelector('audio').currentTime") < end + 1


def test_suggestions_while_one_types(page: Page, site: str) -> None:
    page.goto(site)
    page.locator("#q").press_sequentially("docum", delay=20)
    options = page.locator("#suggestions option")
    expect(options.first).to_have_attribute("value", "documents")


def test_without_javascript(without_script: Page, site: str) -> None:
    page = without_script
    page.goto(site)
    page.locator("#q").fill("documents")
    page.locator("#q").press("Enter")
    page.locator(f"main a[href*='{CITY}?']").first.click()
    source = page.locator("audio").get_attribute("src") or ""
    address, _, fragment = source.partition("#t=")
    assert abs(float(fragment) - said_at(CITY, "documents")[0]) <= 3
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(page.url).query)
    assert float(query["t"][0]) - float(fragment) == pytest.approx(2), "heard from a little before"
    answer = page.request.get(urllib.parse.urljoin(page.url, address))
    assert answer.body() == (DEMO / f"{CITY}.mp3").read_bytes()
    for word in ("documents", "conversations"):
        expect(page.locator("main")).to_contain_text(word)


def test_quoting_without_javascript(without_script: Page, site: str) -> None:
    page = without_script
    page.goto(f"{site}/shows/{SHOW}/{CITY}")
    expect(page.locator(".citation")).to_be_hidden()
    cue = page.locator("#c4")
    words, start = " ".join(cue.inner_text().split()), start_of(cue)
    cue.click()
    page.get_by_text("Partager").click()
    expect(page.locator(".citation")).to_contain_text(words)
    expect(page.get_by_label("Le lien")).to_have_value(re.compile(rf"/{CITY}\?t={start}$"))
    bibtex = page.locator("a[href*='.bib']").get_attribute("href") or ""
    assert f"?t={start}}}" in page.request.get(urllib.parse.urljoin(site, bibtex)).text()
    page.goto(f"{site}/embed/{SHOW}/{CITY}?t={start}")
    expect(page.locator("audio")).to_be_visible()


def test_passages_without_javascript(without_script: Page, site: str) -> None:
    page = without_script
    page.goto(f"{site}/search?q=ville")
    page.get_by_role("link", name="Écouter les passages").click()
    expect(page.locator("audio").nth(1)).to_be_attached()
    sources = [each.get_attribute("src") or "" for each in page.locator("audio").all()]
    assert all("#t=" in source and "," in source for source in sources)
    expect(page.get_by_role("button", name="Tout écouter")).to_be_hidden()
    page.get_by_role("link", name="Mots en contexte").click()
    expect(page.locator("table mark").first).to_contain_text("ville", ignore_case=True)
    page.get_by_role("link", name="Quand en parle-t-on").click()
    expect(page.locator("table a").first).to_be_attached()


def test_no_request_leaves_and_no_cookie_is_set(
    context: BrowserContext, page: Page, site: str
) -> None:
    requests: list[str] = []
    messages: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: messages.append(message.text))
    for path in PAGES:
        page.goto(site + path, wait_until="networkidle")
    assert len(requests) > len(PAGES)
    assert [url for url in requests if not url.startswith(f"{site}/")] == []
    assert context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert [text for text in messages if "404" not in text] == []


MAGNIFIED = ViewportSize(width=320, height=256)
"""A window of 1280 by 1024 pixels, zoomed to 400 % (WCAG 2.2, criterion 1.4.10)."""


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_accessible_on_a_phone_by_day_and_night_and_magnified(
    phone: Page, site: str, path: str
) -> None:
    phone.goto(site + path)
    assert faults(phone) == ""
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert phone.locator("h1").count() == 1
    assert phone.locator("html").get_attribute("lang") == "fr"
    phone.set_viewport_size(MAGNIFIED)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    kept = phone.evaluate(
        "[...document.body.querySelectorAll('*')]"
        ".filter((each) => ['sticky', 'fixed'].includes(getComputedStyle(each).position))"
        ".reduce((sum, each) => sum + each.offsetHeight, 0)"
    )
    assert kept < 256 / 3


def test_the_pictures_of_the_papers_can_be_taken_again(
    browser: Browser, site: str, tmp_path: Path
) -> None:
    pages = [ROOT / "README.md", ROOT / "docs" / "everyday.md"]
    shown = "".join(page.read_text(encoding="utf-8") for page in pages)
    for path in screenshots.take(browser, site, tmp_path):
        assert path.read_bytes().startswith(b"\x89PNG")
        assert re.search(rf"\]\((docs/)?{path.name}\)", shown)
        assert (screenshots.DOCS / path.name).is_file()
