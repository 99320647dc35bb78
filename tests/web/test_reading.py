"""The text of an episode as it is read: by keyboard, by ear, on a phone, on paper; in Chromium."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from radio.archive import Archive
from radio.archive.episode import Show
from radio.text.chapters import Chapter
from radio.text.transcript import Cue, Region, Segment, Word
from tests.heard import write_cues, write_evidence
from tests.processes import running
from tests.samples import CITY, MEMORY, STREET, put
from tests.visits import faults, wait_until, watch

PACE = 2.75  # seconds of a cue; two are a sentence
HOUR, DOUBTED, CAPTIONED = (f"/shows/emission/{slug}" for slug in (MEMORY, CITY, STREET))
TOLD, TWO_HOURS = (f"/shows/autre/{slug}" for slug in (STREET, MEMORY))
STOPS = """document.querySelectorAll(
  '.transcript :is(a, summary, input):not([tabindex="-1"])').length"""
FOCUSED = "document.activeElement.id"
SHOW_CAPTIONS = """() => new Promise((resolve) => {
  const [track] = document.querySelectorAll("track");
  track.addEventListener("load", () => resolve([...track.track.cues].map((cue) => cue.text)));
  track.addEventListener("error", () => resolve("error"));
  track.track.mode = "hidden";
})"""
TRACKS = """() => [...document.querySelectorAll("audio > track")].map((each) =>
  [each.kind, each.srclang, new URL(each.src).pathname, each.track.mode])"""
SAID = "Réunion à 19 h 30 : 20 % des 12 000 euros, « pour qui ? » et 3 € de plus"
WHOLE = ["19 h 30 :", "20 %", "12 000", "« pour", "qui ? »", "3 €"]
TORN = """([selector, whole]) => {
    const text = document.querySelector(selector), torn = new Set(), places = [];
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode())
        for (let at = 0; at < node.length; at++) places.push([node, at]);
    const letters = places.map(([node, at]) => node.data[at]).join("").replace(/\\s/g, " ");
    const line = ([node, at]) => {
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        return Math.round(range.getBoundingClientRect().bottom);
    };
    for (let width = 120; width < 420; width += 4) {
        text.style.cssText = `display: block; width: ${width}px`;
        for (const each of whole) {
            const at = letters.indexOf(each);
            if (at < 0) throw new Error(`${each} is not in ${letters}`);
            if (Math.abs(line(places[at]) - line(places[at + each.length - 1])) > 4) torn.add(each);
        }
    }
    return [...torn];
}"""


def hours(count: int) -> Iterator[Cue]:
    """Speak for so long, each voice some minutes, with a breath between paragraphs."""
    for number in range(0, int(3600 * count / PACE), 2):
        start, voice = number * PACE, ("Noé", "Zoé")[number // 60 % 2]
        breath = 0.7 if number % 12 == 10 else 0.1
        yield Cue(start, start + PACE, f"La phrase {number} de la rue et de la place,", voice)
        end = "la ville qui nous écoute encore."
        yield Cue(start + PACE, start + 2 * PACE - breath, end, voice)


def segment(start: float, text: str, pace: float, probability: float = 0.97) -> Segment:
    words = tuple(
        Word(start + number * pace, start + (number + 1) * pace, word, probability)
        for number, word in enumerate(text.split())
    )
    return Segment(start, words[-1].end, text, words, 5, 0.0, -0.3, 1.2, 0.0)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    archive = Archive(tmp_path_factory.mktemp("reading"))
    archive.create()
    archive.write_show(Show("emission", "Émission", license="CC BY-SA 4.0"))
    archive.write_show(Show("autre", "L’autre"))
    chapters = tuple(Chapter(start, f"Chapitre {start}") for start in (0, 20, 40))
    write_cues(archive, put(archive, MEMORY, chapters=chapters).key, *hours(1), status="reread")
    write_cues(archive, put(archive, MEMORY, "autre").key, *hours(2), status="reread")
    write_cues(archive, put(archive, STREET, "autre").key, Cue(0, 7, SAID), status="reread")
    captioned = put(archive, STREET, language="fr-CA").key
    archive.translation_path(captioned).write_text("WEBVTT\n", encoding="utf-8")
    segments = (
        segment(0.0, "les micros de la rue sont là depuis deux mois à Beaubran.", 0.3),
        segment(6.0, "gardavu moncio aveluchon taraude vingtieme " * 5, 0.3, 0.3),
        segment(20.0, "pas.", 6.8),
        segment(30.0, "Quatre fois d’accord.", 1.9),
    )
    key, machine = put(archive, CITY).key, {"engine": "openai-whisper", "model": "base"}
    said = (Cue(each.start, each.end, each.text) for each in segments)
    write_cues(archive, key, *said, status="machine", **machine)
    regions = (Region(0.0, 20.0, "speech"), Region(30.0, 40.0, "speech"))
    write_evidence(archive, key, *segments, regions=regions)
    with running("serve", "--root", str(archive.root), idle=archive.root) as address:
        yield address


def test_an_hour_is_read_by_keyboard_and_set_as_one_likes(page: Page, site: str) -> None:
    page.goto(site + HOUR)
    assert page.locator("a.cue").count() > 600
    assert page.locator(".paragraph").count() < 130
    assert page.evaluate(STOPS) < 150
    page.evaluate("document.querySelector('audio').muted = true")
    page.locator("#c1").focus()
    for key, reached in (("ArrowDown", "c3"), ("ArrowDown", "c5"), ("ArrowUp", "c3")):
        page.keyboard.press(key)
        assert page.evaluate(FOCUSED) == reached
    page.keyboard.press("Enter")
    wait_until(page, f"return !audio.paused && audio.currentTime >= {2 * PACE}")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(FOCUSED) == "c1"
    page.locator("#c5").click()
    page.keyboard.press("ArrowDown")
    assert page.evaluate(FOCUSED) == "c5", "after the mouse, arrows scroll"
    page.locator("#setting summary").click()
    page.locator("#size-large").check()
    page.get_by_label("Simple texte").check()
    paragraphs = page.locator(".speech").count()
    assert page.locator("a.cue[href]").count() == paragraphs, "each paragraph is one link"
    assert page.evaluate("localStorage.length") == 0
    page.locator("#remember").evaluate("each => each.click()")
    page.goto(site + HOUR)
    expect(page.locator("#size-large")).to_be_checked()
    assert page.locator("a.cue[href]").count() == paragraphs
    page.locator("#setting summary").click()
    page.get_by_label("Liens").check()
    assert page.locator("a.cue[href]").count() == page.locator("a.cue").count()
    page.locator("#remember").evaluate("each => each.click()")
    assert page.evaluate("localStorage.length") == 0, "kept only if one says so"


def test_without_script_each_sentence_is_a_stop_passed_by_one(plain: Page, site: str) -> None:
    plain.goto(site + HOUR)
    assert plain.locator("a.cue:not([tabindex])").count() == plain.locator("a.cue").count()
    skip = plain.get_by_role("link", name="Passer la transcription")
    box = skip.bounding_box()
    assert box and box["height"] >= 44
    skip.press("Enter")
    plain.keyboard.press("Tab")
    assert not plain.locator(".transcript :focus").count()


def test_a_print_is_what_was_said_and_where_from(page: Page, site: str) -> None:
    page.goto(f"{site}{HOUR}?q=ville&t=20")
    page.emulate_media(media="print")
    said = page.locator("main").inner_text()
    for told in ("Émission", "2024", "Transcription relue", HOUR, "CC BY-SA 4.0", "Chapitre 20"):
        assert told in said
    for other in ("Télécharger", "Chercher", "Choisissez", "Chapitres", "Citer", "Affichage"):
        assert other not in said
    for hidden in (".top", "footer", "audio", ".paths", "#found"):
        expect(page.locator(hidden).first).to_be_hidden()


def test_no_line_begins_within_an_hour_or_an_amount(page: Page, site: str) -> None:
    for path in (TOLD, f"{TOLD}?q=euros"):
        page.goto(site + path)
        assert page.evaluate(TORN, ["a.cue", WHOLE]) == []
    for words in ("19 h 30", "12 000 euros", "20 %", "pour qui ?"):
        bound = words.replace(" ", "\u00a0")
        for query in (bound, f'"{bound}"'):
            page.goto(f"{site}/search")
            page.locator("input[name=q]").first.fill(query)
            page.keyboard.press("Enter")
            page.wait_for_url("**q=**")
            expect(page.locator("q mark").first, query).to_be_visible()
    page.goto(f"{site}/search?q=euros")
    assert page.evaluate(TORN, ["q", WHOLE]) == []


REASONS = {
    "fr": ["nom dit une seule fois", "mot trop long", "peu de mots"],
    "en": ["name spoken only once", "word too long", "few words for this length"],
}


def test_a_screen_reader_has_the_reason_of_a_doubt(page: Page, site: str) -> None:
    tree = page.context.new_cdp_session(page)
    for lang, beginnings in REASONS.items():
        page.goto(f"{site}{DOUBTED}?lang={lang}")
        nodes = tree.send("Accessibility.getFullAXTree")["nodes"]
        marks = [each for each in nodes if each["role"]["value"] == "mark"]
        reasons = [each["description"]["value"] for each in marks if "description" in each]
        assert len(reasons) == len(beginnings)
        assert all(map(str.startswith, reasons, beginnings)), reasons
        assert page.locator(".sure").count() == 3
    assert page.locator("u, .doubt").count() > 4
    assert faults(page) == ""


@pytest.mark.torture  # 20 s of axe
def test_two_hours_of_text_are_accessible_by_day_and_by_night(phone: Page, site: str) -> None:
    phone.goto(site + TWO_HOURS)
    assert phone.locator(".voice").count() > 20
    assert phone.locator("a.cue").count() > 1200
    assert faults(phone) == ""


def test_captions_load_when_somebody_wants_them(page: Page, site: str) -> None:
    requests, messages = watch(page)
    page.goto(site + CAPTIONED)
    text = f"/transcripts/emission/{STREET}"
    assert page.evaluate(TRACKS) == [
        ["captions", "fr-CA", f"{text}.vtt", "disabled"],
        ["subtitles", "en", f"{text}.en.vtt", "disabled"],
    ]
    assert not any(".vtt" in each for each in requests), "a page costs no captions"
    assert page.evaluate(SHOW_CAPTIONS) == [f"Bonjour, voici {STREET}."]
    assert all(each.startswith(site) for each in requests)
    assert messages == []
