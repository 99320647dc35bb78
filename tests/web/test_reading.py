"""The text of an hour as it is read: by keyboard, in another size, alone, on paper; in Chromium."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from radio.archive import Archive
from radio.archive.episode import Show
from radio.search import Index
from radio.system.disk import write_whole
from radio.text.chapters import Chapter
from radio.text.transcript import Cue, Transcript, render_vtt
from tests.processes import running
from tests.samples import MEMORY, put
from tests.visits import wait_until

PACE = 2.75  # seconds of a cue; two are a sentence
STOPS = (
    "document.querySelectorAll('.transcript :is(a, summary, input):not([tabindex=\"-1\"])').length"
)
FOCUSED = "document.activeElement.id"
SIZE = "parseFloat(getComputedStyle(document.querySelector('.said')).fontSize)"


def hour() -> Iterator[Cue]:
    """Speak for an hour, each voice some minutes, with a breath between paragraphs."""
    for number in range(0, int(3600 / PACE), 2):
        start, voice = number * PACE, ("Noé", "Zoé")[number // 60 % 2]
        breath = 0.7 if number % 12 == 10 else 0.1
        yield Cue(start, start + PACE, f"La phrase {number} de la rue et de la place,", voice)
        end = "la ville qui nous écoute encore."
        yield Cue(start + PACE, start + 2 * PACE - breath, end, voice)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an episode with the text of an hour and chapters."""
    archive = Archive(Path(tmp_path_factory.mktemp("reading")))
    archive.create()
    archive.write_show(Show("emission", "Émission", license="CC BY-SA 4.0"))
    chapters = tuple(Chapter(start, f"Chapitre {start}") for start in (0, 20, 40))
    episode = replace(put(archive, MEMORY), chapters=chapters)
    archive.write_episode(episode)
    text = render_vtt(Transcript(tuple(hour()), {"status": "reread"}))
    write_whole(archive.vtt_path(episode.key), text.encode())
    Index(archive).refresh()
    with running("serve", "--root", str(archive.root), idle=archive.root) as site:
        yield f"{site}/shows/{episode.key}"


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    with browser.new_context(java_script_enabled=False, locale="fr-FR") as context:
        yield context.new_page()


def test_an_hour_has_a_stop_for_each_paragraph_and_arrows_lead_on(page: Page, address: str) -> None:
    page.goto(address)
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


def test_without_script_each_sentence_is_a_stop_and_the_text_is_passed_by_one(
    plain: Page, address: str
) -> None:
    plain.goto(address)
    assert plain.locator("a.cue:not([tabindex])").count() == plain.locator("a.cue").count()
    skip = plain.get_by_role("link", name="Passer la transcription")
    box = skip.bounding_box()
    assert box
    assert box["height"] >= 44
    skip.press("Enter")
    plain.keyboard.press("Tab")
    assert not plain.locator(".transcript :focus").count()


def test_text_is_set_larger_without_script(plain: Page, address: str) -> None:
    plain.goto(address)
    plain.locator("#setting summary").click()
    usual = plain.evaluate(SIZE)
    plain.get_by_label("Très grande").check()
    assert plain.evaluate(SIZE) > 1.4 * usual


def test_how_text_is_set_is_kept_only_if_one_says_so(page: Page, address: str) -> None:
    page.goto(address)
    large, keeps = page.locator("#size-large"), page.locator("#remember")
    page.locator("#setting summary").click()
    large.check()
    assert page.evaluate("localStorage.length") == 0
    keeps.evaluate("each => each.click()")
    page.goto(address)
    expect(large).to_be_checked()
    keeps.evaluate("each => each.click()")
    assert page.evaluate("localStorage.length") == 0


def test_the_text_alone_is_a_page_to_read(browser: Browser, address: str) -> None:
    with browser.new_context(color_scheme="dark", locale="fr-FR") as context:
        page = context.new_page()
        page.goto(address)
        page.get_by_role("link", name="Lire le texte seul").click()
        expect(page.locator("h2")).to_have_text(["Chapitre 0", "Chapitre 20", "Chapitre 40"])
        expect(page.locator("cite").first).to_have_text("Noé")
        page.evaluate("document.body.style.margin")
        assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == (
            "rgb(27, 23, 20)"
        )
        content = page.content()
        page.get_by_role("link", name="Écouter l’épisode").click()
        page.wait_for_url(address)
        page.goto("about:blank")
        page.set_content(content)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def test_a_print_is_what_was_said_and_where_from(page: Page, address: str) -> None:
    page.goto(f"{address}?q=ville&t=20")
    page.emulate_media(media="print")
    said = page.locator("main").inner_text()
    for told in ("Émission", "2024", "Transcription relue", address, "CC BY-SA 4.0", "Chapitre 20"):
        assert told in said
    for other in ("Télécharger", "Chercher", "Choisissez", "Chapitres", "Citer", "Lecture"):
        assert other not in said
    for hidden in (".top", "footer", "audio", ".paths", "#found"):
        expect(page.locator(hidden).first).to_be_hidden()
