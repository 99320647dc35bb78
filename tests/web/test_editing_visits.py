"""Real browsers edit by keyboard alone: fields, and chapters on the waveform."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from radio.archive import Archive
from radio.archive.episode import Person, Show
from radio.desk import accounts
from radio.desk.entrance import Entrance
from radio.text.chapters import Chapter
from tests.firefox import Firefox
from tests.processes import running
from tests.samples import STREET, put
from tests.visits import faults

KEY = f"emission/{STREET}"
WORD = "une phrase assez longue"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LOADED = "document.querySelector('audio').readyState > 0"
DONE = "location.search.includes('done')"
TAB, ENTER, RIGHT = "\ue004", "\ue007", "\ue014"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    archive = Archive(tmp_path_factory.mktemp("editing") / "root")
    archive.create()
    archive.write_show(Show("emission", "Émission"))
    episode = put(archive, STREET, people=(Person("Camille"),))
    archive.write_waveform(episode, bytes(range(240)))
    accounts.add(archive.root, "Noé", "keeper")
    Entrance(archive.root).accept(accounts.invite(archive.root, "Noé"), WORD)
    return archive


@pytest.fixture(scope="module")
def desk(archive: Archive) -> Iterator[str]:
    with running("serve", "--root", str(archive.root), idle=archive.root) as address:
        yield f"{address}/desk"


def tab_to(page: Page, selector: str) -> None:
    """Go on by keyboard until something is reached."""
    for _ in range(60):
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(selector)


def test_by_keyboard_in_chromium(archive: Archive, desk: str, browser: Browser) -> None:
    with browser.new_context(locale="fr-FR", viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        page.goto(desk)
        page.get_by_label("Nom").fill("Noé")
        page.get_by_label("Mot de passe").fill(WORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**signed*")
        page.goto(f"{desk}/fields/{KEY}")
        tab_to(page, "#f-title")
        page.keyboard.type("La rue")
        tab_to(page, "[name=people][value='']")
        page.keyboard.type("Zoé (invitée)")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("C’est enregistré.")
        assert archive.episode(KEY).people[1] == Person("Zoé", "invitée")
        tab_to(page, "[name=undo-field]")
        assert faults(page) == ""
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("C’est défait.")

        page.goto(f"{desk}/chapters/{KEY}")
        tab_to(page, ".seek")
        page.wait_for_function(LOADED)
        page.keyboard.press("Shift+ArrowRight")
        page.keyboard.press("Enter")
        tab_to(page, "#title-1")
        page.keyboard.type("La rue")
        assert faults(page) == ""
        assert page.evaluate(WIDER) <= 0
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("C’est enregistré.")
        assert archive.episode(KEY).chapters == (Chapter(10.0, "La rue"),)


def test_a_heavy_picture_is_refused_on_its_page(desk: str, browser: Browser) -> None:
    """Without script, and from a browser that sends all of it before it looks for an answer."""
    heavy: FilePayload = {"name": "x.png", "mimeType": "image/png", "buffer": bytes(14 << 20)}
    with browser.new_context(locale="fr-FR", java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(desk)
        page.get_by_label("Nom").fill("Noé")
        page.get_by_label("Mot de passe").fill(WORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**signed*")
        page.goto(f"{desk}/fields/{KEY}")
        page.get_by_label("Une autre image").set_input_files(files=[heavy])
        page.get_by_role("button", name="Mettre cette image").click()
        expect(page.get_by_role("alert")).to_contain_text("Cette image pèse plus de 10\u00a0Mo")
        expect(page.get_by_label("Une autre image")).to_be_visible()


@pytest.mark.torture
def test_by_keyboard_in_firefox(archive: Archive, desk: str, firefox: Firefox) -> None:
    firefox.size(1000, 800).go(desk)
    firefox.click("#name")
    firefox.press(f"Noé{TAB}{WORD}{ENTER}")
    firefox.wait_until("location.search.includes('signed')")
    firefox.go(f"{desk}/fields/{KEY}")
    firefox.click("#f-title")
    firefox.press(f" !{ENTER}")
    firefox.wait_until(DONE)
    assert archive.episode(KEY).title.endswith(" !")
    firefox.go(f"{desk}/chapters/{KEY}")
    firefox.wait_until(LOADED)
    firefox.click("#title-3")
    firefox.press("Ensuite")
    firefox.click(".seek")  # in its middle, which sets the row that was pressed
    firefox.press(RIGHT + ENTER)
    firefox.click("#title-3")
    firefox.press(ENTER)
    firefox.wait_until(DONE)
    (found,) = (each for each in archive.episode(KEY).chapters if each.title == "Ensuite")
    assert 31 < found.start < 34
