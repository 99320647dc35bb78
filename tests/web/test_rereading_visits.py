"""Real browsers reread by ear: the sentence sounds as one writes, and nothing written is lost."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from radio.archive import Archive, hearings
from radio.archive.episode import Show
from tests.heard import KEY, hear
from tests.patience import until
from tests.processes import running
from tests.visits import faults, wait_until
from tests.web.desks import WIDER, cookie, enrol, said

ADDRESS = f"/desk/reread/{KEY}/1"
SAID = {1: "La kni dit non à tous.", 6: "Euh oui, bien sûr.", 12: "Et puis la kni part."}
PLAYS = "!document.querySelector('.ear audio').paused"
AT = "document.querySelector('.ear audio').currentTime"
ALSO = ("La CNIL dit non à tous.", "La Knil dit non à tous.", "La CNIL, dit non à tousse.")

SOUGHT = """() => {
    const audio = document.querySelector(".ear audio");
    window.sought = [];
    audio.addEventListener("seeking", () => window.sought.push(audio.currentTime));
}"""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    archive = Archive(tmp_path_factory.mktemp("reread") / "root")
    archive.create()
    archive.write_show(Show("emission", "Émission"))
    return archive


@pytest.fixture(scope="module")
def desk(archive: Archive) -> Iterator[str]:
    with running("serve", "--root", str(archive.root)) as address:
        yield address


@pytest.fixture(scope="module")
def token(archive: Archive) -> str:
    """What the browser of a rereader shows."""
    return enrol(archive, role="rereader")


@pytest.fixture
def page(browser: Browser, desk: str, token: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page of somebody who rereads on a phone; `plain` is one without scripts."""
    script, room = getattr(request, "param", "") != "plain", {"width": 360, "height": 740}
    options: dict[str, Any] = {"java_script_enabled": script, "viewport": room}
    with browser.new_context(locale="fr-FR", **options) as context:
        context.add_cookies([cookie(token, desk)])
        yield context.new_page()


@pytest.mark.long
def test_by_ear_and_keyboard_in_chromium(archive: Archive, desk: str, page: Page) -> None:
    hear(archive, SAID)
    page.goto(desk + ADDRESS)
    fields = page.locator(".sentence textarea")
    kept = page.locator(".ear [role=status]")
    fields.first.focus()
    wait_until(page, f"return {PLAYS} && {AT} > 0.8")
    page.keyboard.press("F8")
    wait_until(page, f"return !({PLAYS})")
    page.keyboard.press("Shift+F4")
    expect(page.locator(".ear output")).to_have_text("1,15 ×")

    fields.nth(1).focus()
    page.get_by_label("Aller seul à la suivante").check()
    fields.first.focus()
    expect(fields.nth(1)).to_be_focused()  # nobody touched the first
    page.get_by_label("Aller seul à la suivante").uncheck()
    fields.first.focus()
    page.keyboard.press("F4")  # the first doubt is chosen: what is typed takes its place
    page.keyboard.type("CNIL")
    page.keyboard.press("Tab")
    wait_until(page, f"return {PLAYS} && {AT} > 5.8")
    expect(kept).to_have_text("Enregistré.")
    wait_until_said(archive, "La CNIL dit non à tous. Euh oui")
    for _ in "Euh":
        page.keyboard.press("Delete")

    page.context.set_offline(True)
    page.keyboard.press("Tab")
    expect(kept).to_contain_text("le site ne répond pas")
    expect(fields.nth(1)).to_have_value(" oui, bien sûr.")
    assert page.evaluate("localStorage.length") == 1
    assert faults(page) == ""
    page.context.set_offline(False)
    expect(kept).to_have_text("Enregistré.")
    assert page.evaluate("localStorage.length") == 0
    wait_until_said(archive, "tous. oui, bien sûr. Et puis")

    for _ in range(3):
        page.keyboard.press("ControlOrMeta+ArrowRight")
    page.keyboard.press("Enter")  # « Et puis la | kni part. »
    expect(fields).to_have_count(4)
    expect(fields.nth(3)).to_be_focused()
    wait_until_said(archive, "Et puis la. Kni part.")
    page.keyboard.press("Backspace")
    expect(fields).to_have_count(3)
    wait_until_said(archive, "Et puis la")

    path = archive.vtt_path(KEY)  # by an editor, while the same sentence is written here
    path.write_text(path.read_text().replace("CNIL dit non", "Knil a dit non"))
    fields.first.focus()
    page.keyboard.press("End")
    page.keyboard.type(" Bien.")
    page.keyboard.press("Tab")
    expect(page.locator(".sentence q")).to_have_text("La Knil a dit non à tous.")
    expect(fields.first).to_have_value("La CNIL dit non à tous. Bien.")
    assert faults(page) == ""
    page.wait_for_timeout(1500)  # nothing is written over it unasked
    assert said(archive).startswith("La Knil a dit non")
    fields.first.focus()
    page.keyboard.press("End")
    page.keyboard.type(" Oui.")
    page.keyboard.press("Tab")
    wait_until_said(archive, "La CNIL dit non à tous. Bien. Oui.")
    expect(page.locator(".sentence q")).to_have_count(0)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator("main [role=status]").first).to_contain_text("Enregistré")


def wait_until_said(archive: Archive, words: str) -> None:
    """Wait until some words stand in the text."""
    until(lambda: words in said(archive), lambda: said(archive))


def hear_else(archive: Archive) -> None:
    """Have something else heard in the first sentence."""
    path = hearings.path_of(archive, KEY)
    path.parent.mkdir(parents=True, exist_ok=True)
    heard = [{"start": 1.0, "end": 4.0, "texts": ALSO}]
    told = {"version": 1, "evidence": hearings.state_of(archive, KEY), "hearings": heard}
    path.write_text(json.dumps(told), encoding="utf-8")
    assert hearings.read(archive, KEY)


def test_what_was_heard_as_well_takes_one_key(archive: Archive, desk: str, page: Page) -> None:
    """Else a rereader types every word that the machine could have had right."""
    hear(archive, SAID)
    hear_else(archive)
    page.goto(desk + ADDRESS)
    field, offers = (
        page.locator(".sentence textarea").first,
        page.locator(".ear .offers button"),
    )
    field.focus()
    page.keyboard.press("Control+Home")
    expect(offers).to_have_text(["CNIL", "Knil"])  # for the first doubt
    height = page.evaluate("document.querySelector('.ear').offsetHeight")
    assert faults(page) == ""
    assert page.evaluate(WIDER) <= 0
    assert page.evaluate("document.querySelector('.ear .offers button').offsetHeight") >= 44
    page.keyboard.press("F9")
    expect(field).to_have_value("La CNIL dit non à tous.")
    expect(page.locator(".offered")).to_have_text("CNIL (1/2)")
    page.keyboard.press("F9")
    expect(field).to_have_value("La Knil dit non à tous.")
    page.keyboard.press("F9")
    expect(field).to_have_value(SAID[1])
    page.keyboard.press("Shift+F9")
    expect(field).to_have_value("La Knil dit non à tous.")
    page.keyboard.press("ControlOrMeta+z")
    expect(field).to_have_value(SAID[1])
    page.keyboard.press("Control+Home")
    page.keyboard.press("F4")
    offers.first.click()
    expect(field).to_have_value("La CNIL dit non à tous.")
    expect(field).to_be_focused()
    page.keyboard.type(" ne")  # one goes on
    expect(field).to_have_value("La CNIL ne dit non à tous.")
    page.keyboard.press("End")
    page.keyboard.type(" Tou")
    page.keyboard.press("F9")  # it ends what is begun
    expect(field).to_have_value("La CNIL ne dit non à tous. Tousse")
    page.keyboard.press("Tab")
    expect(page.locator(".ear [role=status]")).to_have_text("Enregistré.")
    expect(offers).to_have_count(0)
    assert page.evaluate("document.querySelector('.ear').offsetHeight") == height
    wait_until_said(archive, "La CNIL ne dit non à tous. Tousse Euh oui")


def test_a_sentence_that_an_offer_put_right_goes_on_by_itself(
    archive: Archive, desk: str, page: Page
) -> None:
    """Else a key more is pressed in each of them, and nobody hears whether it is right now."""
    hear(archive, SAID)
    hear_else(archive)
    page.goto(desk + ADDRESS)
    fields = page.locator(".sentence textarea")
    fields.first.focus()
    page.keyboard.press("Control+Home")  # who touches it stays there
    page.get_by_label("Aller seul à la suivante").check()
    wait_until(page, f"return {AT} > 1.2")
    fields.first.focus()
    page.evaluate(SOUGHT)
    page.keyboard.press("F9")
    expect(fields.first).to_have_value("La CNIL dit non à tous.")
    expect(fields.nth(1)).to_be_focused()
    assert page.evaluate("window.sought")[0] < 1  # it was heard again as it is now
    wait_until_said(archive, "La CNIL dit non à tous. Euh oui")


@pytest.mark.parametrize("page", ["plain"], indirect=True)
def test_what_was_heard_as_well_is_read_without_script(
    archive: Archive, desk: str, page: Page
) -> None:
    hear(archive, SAID)
    hear_else(archive)
    page.goto(desk + ADDRESS)
    told = page.locator(".sentence details.offers")
    told.get_by_text("Aussi entendu").click()
    expect(told.locator("li")).to_have_text(["kni → CNIL, Knil"])
