"""Real browsers at the desk: sentences sound as one writes, and nothing that is written is lost."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from radio.archive import Archive, hearings
from radio.desk.entrance import Entrance
from radio.text.chapters import Chapter
from tests.heard import hear
from tests.patience import until
from tests.torture.rereading import KEY, WORD, Line, desk
from tests.visits import faults, wait_until
from tests.web.desks import WIDER, cookie, edit_file, enrol, said

SECTION = f"/desk/reread/{KEY}/1"
HEARD = {1: "La kni dit non à tous.", 6: "Euh oui, bien sûr.", 12: "Et puis la kni part."}
PLAYS = "!document.querySelector('.ear audio').paused"
AT = "document.querySelector('.ear audio').currentTime"
ALSO = ("La CNIL dit non à tous.", "La Knil dit non à tous.", "La CNIL, dit non à tousse.")
SOUGHT = """() => {
    const audio = document.querySelector(".ear audio");
    window.sought = [];
    audio.addEventListener("seeking", () => window.sought.push(audio.currentTime));
}"""
SAID = ("La rue dit non à la kni.", "Elle a bien raison.", "Il faut la suivre.")
SENT = "**/desk/reread/**"
Desk = tuple[Archive, Line, str]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("visits") / "root") as found:
        yield found


@pytest.fixture(scope="module")
def tokens(served: Desk) -> dict[str, str]:
    archive = served[0]
    reader = Entrance(archive.root).sign_in("Noé", WORD, "")
    return {"rereader": reader, "keeper": enrol(archive, "Zoé")}


@pytest.fixture
def phone(
    browser: Browser, served: Desk, tokens: dict[str, str], request: pytest.FixtureRequest
) -> Iterator[Page]:
    """The page of somebody at work on a phone: a rereader; a keeper, or one without scripts."""
    kind, room = getattr(request, "param", "rereader"), {"width": 360, "height": 740}
    options: dict[str, Any] = {"java_script_enabled": kind != "plain", "viewport": room}
    with browser.new_context(locale="fr-FR", **options) as context:
        context.add_cookies([cookie(tokens.get(kind, tokens["rereader"]), served[2])])
        yield context.new_page()


@pytest.fixture
def page(served: Desk, phone: Page) -> Page:
    archive, line, address = served
    line.cut = ""
    hear(archive, dict(zip((0, 3, 6), SAID, strict=True)), pace=0.3)
    phone.clock.install()
    phone.goto(f"{address}{SECTION}")
    return phone


@pytest.fixture
def heard(served: Desk, phone: Page) -> Page:
    """A section to be put right by ear, of whose first sentence something else was heard, too."""
    archive, line, address = served
    line.cut = ""
    hear(archive, HEARD)
    path = hearings.path_of(archive, KEY)
    path.parent.mkdir(parents=True, exist_ok=True)
    also = [{"start": 1.0, "end": 4.0, "texts": ALSO}]
    told = {"version": 1, "evidence": hearings.state_of(archive, KEY), "hearings": also}
    path.write_text(json.dumps(told), encoding="utf-8")
    assert hearings.read(archive, KEY)
    phone.goto(f"{address}{SECTION}")
    return phone


def fields(page: Page) -> Locator:
    return page.locator(".sentence textarea")


def wait_until_said(archive: Archive, words: str) -> None:
    until(lambda: words in said(archive), lambda: said(archive))


def wait_until_all_is(archive: Archive, words: str) -> None:
    until(lambda: words == said(archive), lambda: said(archive))


@pytest.mark.long
def test_by_ear_and_keyboard_in_chromium(served: Desk, heard: Page) -> None:
    lines = fields(heard)
    kept = heard.locator(".ear [role=status]")
    lines.first.focus()
    wait_until(heard, f"return {PLAYS} && {AT} > 0.8")
    heard.keyboard.press("F8")
    wait_until(heard, f"return !({PLAYS})")
    heard.keyboard.press("Shift+F4")
    expect(heard.locator(".ear output")).to_have_text("1,15 ×")
    lines.nth(1).focus()
    heard.get_by_label("Aller seul à la suivante").check()
    lines.first.focus()
    expect(lines.nth(1)).to_be_focused()  # nobody touched the first
    heard.get_by_label("Aller seul à la suivante").uncheck()
    lines.first.focus()
    heard.keyboard.press("F4")  # the first doubt is chosen: what is typed takes its place
    heard.keyboard.type("CNIL")
    heard.keyboard.press("Tab")
    wait_until(heard, f"return {PLAYS} && {AT} > 5.8")
    expect(kept).to_have_text("Enregistré.")
    wait_until_said(served[0], "La CNIL dit non à tous. Euh oui")
    for _ in "Euh":
        heard.keyboard.press("Delete")
    heard.context.set_offline(True)
    heard.keyboard.press("Tab")
    expect(kept).to_contain_text("le site ne répond pas")
    expect(lines.nth(1)).to_have_value(" oui, bien sûr.")
    assert heard.evaluate("localStorage.length") == 1
    assert faults(heard) == ""
    heard.context.set_offline(False)
    expect(kept).to_have_text("Enregistré.")
    assert heard.evaluate("localStorage.length") == 0
    wait_until_said(served[0], "tous. oui, bien sûr. Et puis")
    for _ in range(3):
        heard.keyboard.press("ControlOrMeta+ArrowRight")
    heard.keyboard.press("Enter")  # « Et puis la | kni part. »
    expect(lines).to_have_count(4)
    expect(lines.nth(3)).to_be_focused()
    wait_until_said(served[0], "Et puis la. Kni part.")
    heard.keyboard.press("Backspace")
    expect(lines).to_have_count(3)
    wait_until_said(served[0], "Et puis la")
    edit_file(served[0], "CNIL dit non", "Knil a dit non")  # while it is written here
    lines.first.focus()
    heard.keyboard.press("End")
    heard.keyboard.type(" Bien.")
    heard.keyboard.press("Tab")
    expect(heard.locator(".sentence q")).to_have_text("La Knil a dit non à tous.")
    expect(lines.first).to_have_value("La CNIL dit non à tous. Bien.")
    assert faults(heard) == ""
    heard.wait_for_timeout(1500)  # nothing is written over it unasked
    assert said(served[0]).startswith("La Knil a dit non")
    lines.first.focus()
    heard.keyboard.press("End")
    heard.keyboard.type(" Oui.")
    heard.keyboard.press("Tab")
    wait_until_said(served[0], "La CNIL dit non à tous. Bien. Oui.")
    expect(heard.locator(".sentence q")).to_have_count(0)
    heard.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(heard.locator("main [role=status]").first).to_contain_text("Enregistré")


def test_what_was_heard_as_well_takes_one_key(served: Desk, heard: Page) -> None:
    field, offers = fields(heard).first, heard.locator(".ear .offers button")
    field.focus()
    heard.keyboard.press("Control+Home")
    expect(offers).to_have_text(["CNIL", "Knil"])  # for the first doubt
    height = heard.evaluate("document.querySelector('.ear').offsetHeight")
    assert faults(heard) == ""
    assert heard.evaluate(WIDER) <= 0
    assert heard.evaluate("document.querySelector('.ear .offers button').offsetHeight") >= 44
    heard.keyboard.press("F9")
    expect(field).to_have_value("La CNIL dit non à tous.")
    expect(heard.locator(".offered")).to_have_text("CNIL (1/2)")
    heard.keyboard.press("F9")
    expect(field).to_have_value("La Knil dit non à tous.")
    heard.keyboard.press("F9")
    expect(field).to_have_value(HEARD[1])
    heard.keyboard.press("Shift+F9")
    expect(field).to_have_value("La Knil dit non à tous.")
    heard.keyboard.press("ControlOrMeta+z")
    expect(field).to_have_value(HEARD[1])
    heard.keyboard.press("Control+Home")
    heard.keyboard.press("F4")
    offers.first.click()
    expect(field).to_have_value("La CNIL dit non à tous.")
    expect(field).to_be_focused()
    heard.keyboard.type(" ne")  # one goes on
    expect(field).to_have_value("La CNIL ne dit non à tous.")
    heard.keyboard.press("End")
    heard.keyboard.type(" Tou")
    heard.keyboard.press("F9")  # it ends what is begun
    expect(field).to_have_value("La CNIL ne dit non à tous. Tousse")
    heard.keyboard.press("Tab")
    expect(heard.locator(".ear [role=status]")).to_have_text("Enregistré.")
    expect(offers).to_have_count(0)
    assert heard.evaluate("document.querySelector('.ear').offsetHeight") == height
    wait_until_said(served[0], "La CNIL ne dit non à tous. Tousse Euh oui")


def test_a_sentence_that_an_offer_put_right_goes_on_by_itself(served: Desk, heard: Page) -> None:
    lines = fields(heard)
    lines.first.focus()
    heard.keyboard.press("Control+Home")  # who touches it stays there
    heard.get_by_label("Aller seul à la suivante").check()
    wait_until(heard, f"return {AT} > 1.2")
    lines.first.focus()
    heard.evaluate(SOUGHT)
    heard.keyboard.press("F9")
    expect(lines.first).to_have_value("La CNIL dit non à tous.")
    expect(lines.nth(1)).to_be_focused()
    assert heard.evaluate("window.sought")[0] < 1  # it was heard again as it is now
    wait_until_said(served[0], "La CNIL dit non à tous. Euh oui")


@pytest.mark.parametrize("phone", ["plain"], indirect=True)
def test_what_was_heard_as_well_is_read_without_script(served: Desk, heard: Page) -> None:
    told = heard.locator(".sentence details.offers")
    told.get_by_text("Aussi entendu").click()
    expect(told.locator("li")).to_have_text(["kni → CNIL, Knil"])


def at_the_end(page: Page, number: int) -> None:
    fields(page).nth(number).focus()
    page.keyboard.press("End")


def wait(page: Page) -> None:
    """Let the moment pass after which what was left is saved."""
    page.clock.run_for(1000)


def leave(page: Page) -> None:
    page.get_by_role("heading", level=1).click()
    wait(page)
    expect(page.locator(".ear [role=status]")).to_have_text("Enregistré.")
    expect(page.locator(".sentence .fault")).to_have_count(0)


def hold(page: Page) -> list[Route]:
    """Have what is sent from now on wait; give it, to be let go."""
    held: list[Route] = []

    def take(route: Route) -> None:
        held.append(route)

    page.route(SENT, take)
    return held


def test_a_word_typed_over_a_doubt_is_kept_with_its_stop(served: Desk, page: Page) -> None:
    """Its sentence was sent half typed, without its stop, and went with what one typed on."""
    at_the_end(page, 2)
    page.keyboard.type(" Oui.")
    fields(page).first.focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("F4")
    page.keyboard.type("CN")
    wait(page)
    wait_until_all_is(served[0], f"{SAID[0]} {SAID[1]} {SAID[2]} Oui.")
    expect(page.locator(".ear [role=status]")).to_have_text("")  # nor is all said to be kept
    page.keyboard.type("IL")
    expect(fields(page).first).to_have_value("La rue dit non à la CNIL.")
    leave(page)
    wait_until_all_is(served[0], f"La rue dit non à la CNIL. {SAID[1]} {SAID[2]} Oui.")


def test_sentences_that_are_one_without_a_stop_are_shown_as_one(served: Desk, page: Page) -> None:
    at_the_end(page, 1)
    page.keyboard.press("Tab")
    at_the_end(page, 0)
    page.keyboard.press("Backspace")
    page.keyboard.type(" et")
    wait(page)
    page.keyboard.type(" moi")
    page.keyboard.press("Tab")
    page.keyboard.type("Oui ")
    wait(page)
    wait_until_all_is(served[0], f"La rue dit non à la kni et moi {SAID[1]} {SAID[2]}")
    at_the_end(page, 0)
    page.keyboard.type(" aussi")
    leave(page)
    all_of_it = f"La rue dit non à la kni et moi aussi Oui {SAID[1]}"
    expect(fields(page)).to_have_count(2)
    expect(fields(page).first).to_have_value(all_of_it)
    wait_until_all_is(served[0], f"{all_of_it} {SAID[2]}")


def test_who_types_as_a_sentence_is_cut_or_joined_loses_nothing(served: Desk, page: Page) -> None:
    held = hold(page)
    fields(page).first.focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("ControlOrMeta+ArrowRight")
    with page.expect_request(SENT):
        page.keyboard.press("Enter")
    page.keyboard.type("Oui, ")
    held.pop().continue_()
    page.unroute(SENT)
    leave(page)
    expect(fields(page)).to_have_count(4)
    wait_until_all_is(served[0], f"La. Oui, rue dit non à la kni. {SAID[1]} {SAID[2]}")
    held = hold(page)
    fields(page).nth(3).focus()
    page.keyboard.press("Control+Home")
    with page.expect_request(SENT):
        page.keyboard.press("Backspace")
    page.keyboard.type("Non, ")
    held.pop().continue_()
    page.unroute(SENT)
    expect(fields(page)).to_have_count(3)
    page.keyboard.type("non, ")
    leave(page)
    wait_until_all_is(served[0], f"La. Oui, rue dit non à la kni. {SAID[1]} Non, non, {SAID[2]}")


def test_who_comes_back_from_another_window_types_on(served: Desk, page: Page) -> None:
    at_the_end(page, 0)
    page.keyboard.press("Backspace")
    page.evaluate("window.dispatchEvent(new Event('blur'))")
    wait(page)
    wait_until_all_is(served[0], f"La rue dit non à la kni {SAID[1]} {SAID[2]}")
    expect(page.locator(".ear [role=status]")).to_have_text("Enregistré.")
    page.keyboard.type(" et moi")
    expect(fields(page).first).to_have_value("La rue dit non à la kni et moi")
    leave(page)
    expect(fields(page)).to_have_count(2)
    wait_until_all_is(served[0], f"La rue dit non à la kni et moi {SAID[1]} {SAID[2]}")


def test_words_whose_answer_was_lost_are_nobody_elses(served: Desk, page: Page) -> None:
    archive, line, _ = served
    line.cut = "answer"
    at_the_end(page, 0)
    page.keyboard.type(" Oui.")
    page.keyboard.press("Tab")
    wait(page)
    expect(page.locator(".ear [role=status]")).to_contain_text("le site ne répond pas")
    at_the_end(page, 0)
    page.keyboard.type(" Non.")
    line.cut = ""
    page.evaluate("window.dispatchEvent(new Event('online'))")
    leave(page)
    wait_until_all_is(archive, f"{SAID[0]} Oui. Non. {SAID[1]} {SAID[2]}")


def test_words_of_a_browser_that_ends_outlive_their_sentence(served: Desk, page: Page) -> None:
    archive, line, _ = served
    at_the_end(page, 1)
    page.keyboard.type(" Oui")
    line.cut = "request"
    address = page.url
    page.close()
    edit_file(archive, "kni.", "kni")
    line.cut = ""
    again = page.context.new_page()
    again.goto(address)
    expect(again.locator(".ear [role=status]")).to_have_text("Enregistré.")
    words = f"La rue dit non à la kni {SAID[1]} Oui"
    expect(fields(again).first).to_have_value(words)
    wait_until_all_is(archive, f"{words} {SAID[2]}")
    assert again.evaluate("localStorage.length") == 0
    again.close()


def test_a_conflict_that_one_left_open_is_shown_again(served: Desk, page: Page) -> None:
    archive, _, address = served
    edit_file(archive, "a bien raison", "a tort")
    at_the_end(page, 1)
    page.keyboard.type(" Oui.")
    page.keyboard.press("Tab")
    wait(page)
    expect(page.locator(".sentence q")).to_have_text("Elle a tort.")
    page.close()
    again = page.context.new_page()
    again.goto(f"{address}/desk/reread/{KEY}/1")
    expect(again.locator(".sentence q")).to_have_text("Elle a tort.")
    expect(fields(again).nth(1)).to_have_value("Elle a bien raison. Oui.")
    wait_until_all_is(archive, f"{SAID[0]} Elle a tort. {SAID[2]}")
    again.evaluate("localStorage.clear()")
    again.close()


def tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(selector)


@pytest.mark.parametrize("phone", ["keeper"], indirect=True)
def test_chapters_are_set_on_the_waveform_by_keyboard_alone(served: Desk, phone: Page) -> None:
    archive, line, address = served
    line.cut = ""
    archive.write_waveform(archive.episode(KEY), bytes(range(240)))
    phone.goto(f"{address}/desk/chapters/{KEY}")
    tab_to(phone, ".seek")
    phone.wait_for_function("document.querySelector('audio').readyState > 0")
    phone.keyboard.press("Shift+ArrowRight")
    phone.keyboard.press("Enter")
    tab_to(phone, "#title-1")
    phone.keyboard.type("La rue")
    assert faults(phone) == ""
    assert phone.evaluate(WIDER) <= 0
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("status")).to_contain_text("C’est enregistré.")
    assert archive.episode(KEY).chapters == (Chapter(10.0, "La rue"),)
