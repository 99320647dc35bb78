"""A listener's visit in a real Chromium: search, follow a hit, hear it there, keep the file."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from radio.archive import Archive
from radio.search import Index
from radio.sound import probe
from radio.text.transcript import Cue, Region
from radio.web.site import create_app
from tests import screenshots
from tests.heard import write_cues, write_evidence
from tests.samples import CITY, ROOT, SHOW, STREET, put, said_at
from tests.servers import hosting
from tests.visits import SHIFTS, faults, wait_until, watch
from tests.web.desks import listening

pytestmark = pytest.mark.long

EPISODE = f"/shows/{SHOW}/{CITY}"
HIT = f"{EPISODE}?q=ville&t=20#t"
HEARD = "/search/listen?q=ville"
LIT = "a.cue[aria-current=true]"
TITLE = "La ville intelligente"
SOUNDING = "[...document.querySelectorAll('audio')].filter((each) => !each.paused).length"
MUTE = "for (const each of document.querySelectorAll('audio')) each.muted = window.same = true"
SECOND = "document.querySelector('audio').currentTime"
PAGES = ["/", f"/shows/{SHOW}/", f"/shows/{SHOW}/subscribe", f"{EPISODE}?t=20", "/rien", "/kept"]
PAGES += [f"/embed/{SHOW}/{CITY}?t=20", "/catalogue", "/help", "/about", "/privacy", "/fixity"]
PAGES += ["/legal", "/accessibility", "/subscribe", "/search?q=cam%C3%A9ra"]
PAGES += [f"/search/{view}?q=cam%C3%A9ra" for view in ("listen", "words", "months")]
PAGES += ["/search/months?q=cam%C3%A9ra&and=micro"]
PHONE = 360  # pixels
MAGNIFIED = ViewportSize(width=320, height=256)  # 1280 by 1024 pixels at 400 % (WCAG 2.2, 1.4.10)
STAYING = """[...document.body.querySelectorAll('*')]
    .filter((each) => ['sticky', 'fixed'].includes(getComputedStyle(each).position))
    .reduce((sum, each) => sum + each.offsetHeight, 0)"""
SEEN = [(PHONE, path) for path in ("/", EPISODE, HIT, "/search?q=ville", HEARD)]
SEEN += [(width, path) for width in (768, 1440) for path in (EPISODE, HIT)]
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


def opened(page: Page, address: str, second: float) -> Page:
    page.goto(address)
    wait_until(page, f"return audio.readyState >= 1 && Math.abs(audio.currentTime - {second}) < 1")
    page.evaluate(MUTE)
    return page


def reached(page: Page, second: float) -> None:
    wait_until(page, f"return Math.abs(audio.currentTime - {second}) < 1")


def test_words_are_found_within_an_episode(page: Page, site: str) -> None:
    page.goto(f"{site}{EPISODE}")
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
    page.get_by_role("link", name="Toutes les occurrences").click()
    expect(page.locator("table mark").first).to_contain_text("plateforme")


def test_the_player_obeys_buttons_keys_and_its_slider(page: Page, site: str) -> None:
    opened(page, f"{site}{EPISODE}?t=20", 20)
    for name, second in (("+30 s", 50), ("−15 s", 35)):
        page.get_by_role("button", name=name).click()
        reached(page, second)
    page.get_by_label("Vitesse").select_option("1.5")
    assert page.evaluate("document.querySelector('audio').playbackRate") == 1.5
    page.locator("h1").click()
    for key, second in (("j", 20), ("ArrowRight", 50), ("1", 5), ("7", 36)):
        page.keyboard.press(key)
        reached(page, second)
    states = {"k": "!audio.paused", "m": "!audio.muted", "-": "audio.volume < 0.95"}
    for key, state in states.items():
        page.keyboard.press(key)
        wait_until(page, f"return {state}")
    page.keyboard.press("<")
    page.keyboard.press("k")
    page.goto(f"{site}/shows/{SHOW}/{STREET}")
    how = "audio.paused && audio.playbackRate === 1.25 && audio.volume < 0.95"
    wait_until(page, f"return {how}")  # until the tab is closed
    page.evaluate(f"{SECOND} = 61")
    page.get_by_role("button", name="Écouter", exact=True).click()
    expect(page.locator(".after")).to_contain_text(TITLE)  # it is offered, once all was heard
    page.locator(".after a").click()
    wait_until(page, f"return {SOUNDING} === 1 && document.querySelector('.carried audio')")
    page.goto(f"{site}{EPISODE}")
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
    page.locator(".settings summary").click()
    page.get_by_label("Aller à").fill("0:31")
    page.get_by_role("button", name="Y aller").click()
    wait_until(page, "return audio.currentTime >= 31 && audio.currentTime < 33")
    page.keyboard.press("Escape")
    page.locator("h1").click()
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


def test_music_is_passed_where_one_says_so_and_heard_by_who_goes_into_it(
    page: Page, archive: Archive
) -> None:
    """It takes 3 s."""
    put(archive, STREET)
    edges = pairwise((0.0, 4.0, 34.0, 62.8))
    kinds: list[Literal["speech", "music"]] = ["speech", "music", "speech"]
    regions = tuple(Region(*edge, kind) for edge, kind in zip(edges, kinds, strict=True))
    write_evidence(archive, f"emission/{STREET}", regions=regions)
    write_cues(archive, f"emission/{STREET}", Cue(0.0, 3.0, "Bonjour."), Cue(35.0, 40.0, "Oui."))
    address = f"http://127.0.0.1:{listening(create_app(archive, Index(archive)))}/shows/emission"
    opened(page, f"{address}/{STREET}?t=4.5", 4.5)
    skip = page.get_by_label("Passer les musiques")
    expect(skip).not_to_be_checked()
    page.locator(".settings summary").click()
    skip.check()
    page.keyboard.press("Escape")
    page.locator(".play").click()
    wait_until(page, "return audio.currentTime >= 31 && audio.currentTime < 33")
    told = page.get_by_role("status").filter(has_text=re.compile(r"Musique passée\s: 2[56]\s"))
    expect(told).to_be_visible()
    page.get_by_role("button", name="−15 s").click()
    wait_until(page, "return audio.currentTime > 16.5 && audio.currentTime < 20")
    page.reload()
    expect(skip).to_be_checked()  # until the tab is closed
    page.set_viewport_size({"width": PHONE, "height": 740})
    page.locator(".settings summary").evaluate("each => each.click()")
    assert faults(page) == ""
    assert "data-music" not in page.request.get(f"{address}/").text()
    write_evidence(archive, f"emission/{STREET}")  # where no music is known it is not offered
    page.goto(f"{address}/{STREET}")
    expect(skip).to_have_count(0)


def test_all_is_reached_and_seen_by_keyboard(page: Page, site: str) -> None:
    opened(page, f"{site}{EPISODE}", 0)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    stops = []
    for _ in range(200):
        page.keyboard.press("Tab")
        name, wrong = page.evaluate(FOCUSED)
        if name == "body":
            break
        assert wrong == "", name
        stops.append(name)
    assert {"speed", "c1"} <= set(stops)
    assert "audio" not in stops, "never two players"


def test_the_player_falls_asleep(page: Page, site: str) -> None:
    page.clock.install()
    page.goto(f"{site}{EPISODE}")
    page.evaluate(MUTE)
    page.get_by_role("button", name="Écouter", exact=True).click()
    page.locator(".settings > summary").click()
    page.get_by_label("Minuterie").select_option("15")
    page.clock.set_fixed_time(page.evaluate("Date.now()") / 1000 + 14 * 60 + 55)
    wait_until(page, "return audio.volume < 0.9")
    page.clock.set_fixed_time(page.evaluate("Date.now()") / 1000 + 6)
    wait_until(page, "return audio.paused && audio.volume === 1")
    expect(page.get_by_label("Minuterie")).to_have_value("")


def test_a_recording_that_did_not_load_is_asked_for_once_more(page: Page, site: str) -> None:
    page.route("**/media/**", lambda route: route.abort(), times=1)
    with page.expect_event("requestfailed", lambda request: "/media/" in request.url):
        page.goto(f"{site}{EPISODE}?t=20")
    wait_until(page, "return audio.readyState >= 1 && Math.abs(audio.currentTime - 20) < 1")


def test_the_player_follows_as_a_bar_and_the_text_what_is_said(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(site + HIT)
    bar = page.locator(".docked")
    expect(bar).to_be_in_viewport()
    expect(page.get_by_role("slider")).to_have_count(1)
    expect(page.locator(LIT)).to_be_in_viewport()
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    last, box = page.locator("footer a").last.bounding_box(), bar.bounding_box()
    assert last and box
    assert last["y"] + last["height"] <= box["y"], "it covers nothing"
    page.set_viewport_size(MAGNIFIED)
    expect(page.locator(".docked > :visible")).to_have_count(1)
    expect(page.locator(".docked .play")).to_be_in_viewport()
    page.set_viewport_size({"width": 400, "height": 500})
    opened(page, f"{site}{EPISODE}", 0)
    page.evaluate("document.querySelector('audio').play()")
    page.evaluate(f"{SECOND} = 45")
    wait_until(page, "return scrollY > 300")
    page.evaluate("document.getElementById('follow').click()")
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(f"{SECOND} = 20")
    wait_until(page, "return audio.currentTime > 22")
    assert page.evaluate("scrollY") < 300


def test_the_sound_goes_on_across_pages(page: Page, site: str) -> None:
    carried = page.get_by_role("complementary", name=TITLE).locator(".play")
    opened(page, f"{site}{EPISODE}?t=5", 5)
    page.get_by_role("button", name="Écouter", exact=True).click()
    wait_until(page, "return audio.currentTime > 5.2")
    page.locator(".brand").click()
    expect(carried).to_be_visible()
    expect(page.locator("h1")).to_be_focused()
    expect(page).to_have_title(re.compile("^Écouter, lire, chercher"))
    assert faults(page) == ""
    second = page.evaluate(SECOND)
    wait_until(page, f"return !audio.paused && audio.currentTime > {second}")
    page.locator(f"main a[href*='{STREET}']").first.click()
    expect(page.locator("h1")).to_contain_text("micros")
    page.keyboard.press("k")
    wait_until(page, f"return {SOUNDING} === 0")
    page.keyboard.press("k")
    wait_until(page, f"return {SOUNDING} === 1 && document.querySelector('.carried audio')")
    page.go_back()
    page.go_back()
    expect(page.locator("h1")).to_have_text(TITLE)
    expect(page.locator(".carried")).to_have_count(0)
    expect(page.locator("audio")).to_have_count(1)
    wait_until(page, f"return !audio.paused && audio.currentTime > {second}")
    page.go_forward()
    expect(carried).to_be_visible()
    page.get_by_role("link", name=TITLE).last.click()
    expect(page.locator("h1")).to_have_text(TITLE)
    page.locator("a.cue").nth(1).click()
    expect(page.locator("a.cue").nth(1)).to_have_attribute("aria-current", "true")
    page.locator(".kicker a").click()
    expect(page.locator("h1")).to_have_text("La Machine à découdre")
    page.locator(f"main a[href*='{STREET}']").first.click()
    expect(page.locator("h1")).to_contain_text("micros")
    page.locator(".player .play").click()
    expect(page.locator(".carried")).to_have_count(0)  # another episode took the place of the first
    wait_until(page, f"return {SOUNDING} === 1 && !audio.paused")
    assert page.evaluate("window.same") is True
    needle = "getComputedStyle(document.querySelector('.seek'), '::after').animationName"
    assert page.evaluate(needle) == "sew"
    page.route("**/help", lambda route: route.abort(), times=1)
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/help")):
        page.get_by_role("link", name="Aide").first.click()
    expect(page.locator("h1")).to_have_text("Aide")  # it was opened as ever
    assert page.evaluate("window.same") is None


def start_of(sentence: Locator) -> str:
    return str(re.findall(r"[?&]t=([\d.]+)", sentence.get_attribute("href") or "")[0])


def test_selected_words_are_quoted(page: Page, site: str) -> None:
    page.goto(f"{site}{EPISODE}")
    pick = page.get_by_role("button", name="Citer cette phrase")
    expect(pick).to_be_hidden()
    first, last = (page.locator(f"#c{number}") for number in (3, 5))
    select = "([a, b]) => getSelection().setBaseAndExtent(a.firstChild, 0, b.firstChild, 1)"
    page.evaluate(select, [first.element_handle(), last.element_handle()])
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
        page.get_by_role("link", name="L’extrait").last.click()
    clip = probe(download.value.path())
    left = page.evaluate("document.querySelector('audio').duration") - start
    assert clip.duration == pytest.approx(min(30, left), abs=0.2)


def test_one_press_copies_the_link_at_this_second(page: Page, site: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site}{EPISODE}?t=31.5")
    wait_until(page, "return Math.abs(audio.currentTime - 31.5) < 0.1")
    page.get_by_text("Partager").click()
    expect(page.locator("#share .told")).to_have_text("Lien copié.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.partition("?t=")[0].endswith(EPISODE)
    assert float(copied.partition("?t=")[2]) == 31.5
    page.keyboard.press("Escape")
    expect(page.locator("#share .told")).to_be_hidden()
    expect(page.locator("#share > summary")).to_be_focused()


def test_another_site_may_embed_the_player_alone(page: Page, site: str, tmp_path: Path) -> None:
    frame = "<!doctype html><title>x</title><iframe width=480 height=190 "
    frame += f'src="{site}/%s/{SHOW}/{CITY}?t=31.5"></iframe>'
    for path in ("embed", "shows"):
        (tmp_path / f"{path}.html").write_text(frame % path, encoding="utf-8")
    with hosting(tmp_path) as port:
        main, audio = (page.frame_locator("iframe").locator(tag) for tag in ("main", "audio"))
        quote, play = (main.locator(part) for part in ("blockquote", ".play"))
        for address in (f"http://localhost:{port}/embed.html", (tmp_path / "embed.html").as_uri()):
            page.goto(address)
            expect(play).to_be_in_viewport(ratio=1)
            assert main.evaluate("document.documentElement.scrollHeight <= innerHeight")
            assert main.evaluate("each => each.offsetHeight === innerHeight")
            play.click()
            expect(quote.locator(".lit").nth(1)).to_be_visible()  # word by word
            assert quote.locator("span:not(.lit)").count()
        page.goto(f"http://localhost:{port}/shows.html", wait_until="networkidle")
        expect(audio).to_have_count(0)


def test_pages_are_accessible_and_ask_for_nothing_elsewhere(phone: Page, site: str) -> None:
    requests, messages = watch(phone)
    for path in PAGES:
        phone.set_viewport_size({"width": PHONE, "height": 740})
        phone.goto(site + path)
        assert faults(phone) == "", path
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE, path
        assert phone.locator("h1").count() == 1, path
        assert phone.locator("html").get_attribute("lang") == "fr"
        phone.set_viewport_size(MAGNIFIED)
        assert phone.evaluate("document.documentElement.scrollWidth") <= MAGNIFIED["width"], path
        assert phone.evaluate(STAYING) < MAGNIFIED["height"] / 3, path
    assert len(requests) > len(PAGES)
    assert [url for url in requests if not url.startswith(f"{site}/")] == []
    assert phone.context.cookies() == []
    assert phone.evaluate("localStorage.length + sessionStorage.length") == 0
    assert [text for text in messages if "404" not in text] == []


def test_no_page_shifts(phone: Page, site: str) -> None:
    phone.add_init_script(SHIFTS)
    shifts = {}
    for width, path in SEEN:
        phone.set_viewport_size({"width": width, "height": 740})
        phone.goto("about:blank")
        phone.goto(f"{site}{path}")
        for part in (0, 0.5, 0):
            phone.evaluate(f"scrollTo({{ top: {part} * document.body.scrollHeight }})")
            phone.wait_for_timeout(80)  # until what is looked at is drawn
        shifts[width, path] = phone.evaluate("window.shift")
    # Half a row may be drawn before the rest of the page is there
    assert {seen: shift for seen, shift in shifts.items() if shift >= 0.001} == {}


def test_without_script_the_head_leaves_a_phone_to_the_page(plain: Page, site: str) -> None:
    plain.set_viewport_size({"width": PHONE, "height": 740})
    for path in ("/", "/help", f"/shows/{SHOW}/", "/search?q=micros"):
        plain.goto(site + path)
        head = plain.locator("header.top").bounding_box()
        assert head and head["height"] < 120, path
    for link in plain.locator(".top .sections a").all():
        box = link.bounding_box()
        assert box and min(box["width"], box["height"]) >= 44
    plain.goto(f"{site}{EPISODE}")
    plain.locator(".places summary").first.click()
    plain.get_by_label("Aller à").fill("0:31")
    plain.get_by_role("button", name="Y aller").click()
    expect(plain.locator("audio")).to_have_attribute("src", re.compile("#t=31"))


@pytest.mark.torture
def test_pictures_of_papers_are_taken_again(browser: Browser, site: str, tmp_path: Path) -> None:
    shown = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in screenshots.take(browser, site, tmp_path):
        assert path.read_bytes().startswith(b"\x89PNG")
        assert re.search(rf"\]\(docs/{path.name}\)", shown)
        assert (screenshots.DOCS / path.name).is_file()
