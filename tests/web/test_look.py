"""How pages look with what keepers write: long names, a logo, many people; seen in Chromium."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from radio.archive import Archive
from radio.archive.episode import Person, Show
from radio.archive.slugs import slugify
from radio.search import Index
from radio.text.chapters import Chapter
from tests.processes import running
from tests.samples import CITY, MEMORY, STREET, put
from tests.visits import SHIFTS, faults, wait_until

WORD = "Anticonstitutionnellementdémesurées"
LONG = f"Contretemps, l’émission des territoires et des luttes {WORD}"
MANY = f"/shows/autre/{CITY}"
ABOUT = "Une mairie veut poser des micros dans la rue. Qui écoute, qui décide, qui paie ? " * 5
PERSON = "/search?q=personne%3A%22Camille+Durand%22"
PAGES = ["/", "/shows/emission/", "/shows/autre/", "/catalogue", "/about", "/legal", PERSON]
PAGES += [f"/shows/emission/{STREET}?t=1", f"/shows/emission/{CITY}", f"/shows/autre/{MEMORY}"]
PAGES += [f"/search/{view}?q={WORD}" for view in ("listen", "words", "months")]
PAGES += [f"/people/{slugify(LONG)}"]
PAGES += [f"/search?q={WORD}", f"/embed/emission/{STREET}", "/feed.xml", "/rien", MANY]
WIDE = """() => [...document.body.querySelectorAll('*')]
    .filter((each) => each.checkVisibility() && !each.closest('.skip, .unseen, svg'))
    .filter((each) => !each.closest('.views, .seam nav')) // rows that move aside
    .filter((each) => each.getBoundingClientRect().right > innerWidth + 1
        || (each.matches('.shows > li, .counted > li') && each.scrollWidth > each.clientWidth + 1))
    .map((each) => each.outerHTML.slice(0, 80))"""
# A logo, voices, chapters, many names: what no page of test_browser holds
LOOKED_AT = ("/shows/autre/", f"/shows/emission/{STREET}?t=1", MANY, "/catalogue")
TORN = """() => [...document.querySelectorAll('.top .search')] // the button falls below its field
    .filter((each) => each.offsetHeight > 1.5 * each.querySelector('button').offsetHeight).length"""


@pytest.fixture(scope="module")
def talkative(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    archive = Archive(tmp_path_factory.mktemp("talkative"))
    archive.create()
    about = {"name": "Radio Dio, la mémoire", "license": "CC BY-SA 4.0", "logo": "logo.png"}
    about["contact"] = f"archives@{'sous-domaine.' * 4}radiodio.example"
    about["legal"] = f"Hébergement : https://{'sous-domaine.' * 6}example/"
    (archive.root / "site.json").write_text(json.dumps(about), encoding="utf-8")
    Image.new("RGB", (640, 200), "#1f5a2e").save(archive.root / "logo.png")
    archive.write_show(Show("emission", LONG, station="Radio Dio", author=LONG))
    archive.write_show(Show("autre", "L’autre", station="Radio Dio", author="Le collectif"))
    people = tuple(Person(name, "présentation") for name in ("Camille Durand", WORD, LONG))
    put(archive, STREET, title=LONG, people=people, tags=(WORD, "court"), playlist=(WORD,))
    put(archive, CITY, title="Sans texte", chapters=(Chapter(0.0, LONG), Chapter(9.0, WORD)))
    put(archive, MEMORY, "autre", status="withdrawn", reason=LONG)
    parts = tuple(Chapter(float(n), f"Chapitre {n}, où l’on parle de tout") for n in range(25))
    told: dict[str, Any] = {"description": ABOUT, "people": (Person("Nadia Belkacem", "invitée"),)}
    told |= {"title": f"La carte des caméras, {ABOUT[:120]}"}
    put(archive, CITY, "autre", chapters=parts, **told)
    archive.vtt_path(f"emission/{CITY}").unlink()
    text = archive.vtt_path(f"emission/{STREET}")
    said = text.read_text(encoding="utf-8").replace("Bonjour", f"{WORD}, bonjour")
    text.write_text(said, encoding="utf-8")
    Index(archive).refresh()
    with running("serve", "--root", str(archive.root), base_url=" ") as address:
        yield address


def test_pages_with_long_words_fit_every_screen(phone: Page, talkative: str) -> None:
    for path in PAGES:
        phone.goto(talkative + path)
        for width in (360, 768, 1280):
            phone.set_viewport_size({"width": width, "height": 740})
            assert phone.evaluate(WIDE) == [], (path, width)
            assert phone.evaluate(TORN) == 0 or width == 360, (path, width)
        assert phone.locator("h1").count() == 1, path
        assert path not in LOOKED_AT or faults(phone) == "", path


def test_the_text_begins_on_a_phone_s_first_screen(page: Page, plain: Page, talkative: str) -> None:
    pressed = "main button, .actions > a, .actions > details > summary, .places > summary"
    for window, players in ((page, 1), (plain, 0)):
        window.set_viewport_size({"width": 360, "height": 740})
        window.goto(talkative + MANY, wait_until="networkidle")
        said = window.locator(".said").bounding_box()
        assert said and said["y"] < 700
        for each in window.locator(pressed).all():
            box = each.bounding_box()
            assert not each.is_visible() or (box and box["height"] >= 44), each.inner_html()
        expect(window.locator(".play")).to_have_count(players)


def test_a_long_title_is_cut_on_a_phone_until_it_is_pressed(plain: Page, talkative: str) -> None:
    plain.set_viewport_size({"width": 360, "height": 740})
    plain.goto(talkative + MANY)
    title = plain.locator("h1 a")
    cut = "(it) => it.scrollHeight > it.clientHeight + 1"
    assert title.evaluate(cut)
    title.click()
    assert not title.evaluate(cut)
    plain.set_viewport_size({"width": 1280, "height": 740})
    plain.goto(talkative + MANY)
    assert not title.evaluate(cut)


def test_keys_lead_from_chapter_to_chapter(page: Page, talkative: str) -> None:
    page.goto(talkative + MANY)
    wait_until(page, "return audio.readyState >= 1")
    page.evaluate("document.querySelector('audio').muted = true")
    for chapter in ("Chapitre 1,", "Chapitre 2,"):
        page.keyboard.press("n")
        expect(page.locator(".places a[aria-current]")).to_contain_text(chapter)
        expect(page.locator(".places summary b")).to_contain_text(chapter)


def test_nothing_moves_when_the_player_takes_its_place(page: Page, talkative: str) -> None:
    def wait(route: Route) -> None:  # the chapters go into the card after the player stands there
        time.sleep(0.5)
        route.continue_()

    page.set_viewport_size({"width": 360, "height": 740})
    page.route("**/reading.js*", wait)
    page.add_init_script(SHIFTS)
    for path in (MANY, f"/shows/emission/{STREET}"):
        page.goto(talkative + path, wait_until="networkidle")
        expect(page.locator(".live")).to_be_visible()
        assert page.evaluate("shift") < 0.005


def test_nothing_moves_when_the_letters_come_late(page: Page, talkative: str) -> None:
    late = list[str]()

    def wait(route: Route) -> None:  # as over Tor
        time.sleep(1)
        late.append(route.request.url)
        route.continue_()

    page.set_viewport_size({"width": 360, "height": 740})
    page.route("**/*.woff2*", wait)
    page.add_init_script(SHIFTS)
    page.goto(talkative + MANY, wait_until="networkidle")
    assert page.evaluate("document.fonts.ready.then(() => shift)") < 0.005
    assert late
