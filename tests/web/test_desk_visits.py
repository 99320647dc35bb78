"""Real browsers at the desk: sentences sound as one writes, and nothing that is written is lost."""

import asyncio
import contextlib
import json
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate, pairwise, starmap
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import async_playwright
from playwright.sync_api import Browser, Locator, Page, Route, expect

from bench.rereading import Span, Task, errors_in
from radio.archive import Archive, hearings
from radio.desk.entrance import Entrance
from radio.proposals.offers import SentenceOffers
from radio.text.chapters import Chapter
from radio.web.rereading import sheet, with_offers
from tests.heard import hear
from tests.patience import until
from tests.torture.rereading import KEY, WORD, Line, desk
from tests.torture.sittings import Person, Site
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
STOP = """(field) => field.addEventListener("focus", () => {
    document.querySelector(".ear [type=checkbox]").checked = false;
}, { once: true })"""
SAID = ("La rue dit non à la kni.", "Elle a bien raison.", "Il faut la suivre.")
KEPT = """() => new Promise((done) => {
    const opening = indexedDB.open("reread", 1);
    opening.onsuccess = () => {
        const pages = opening.result.transaction("pages").objectStore("pages").getAll();
        pages.onsuccess = () => {
            opening.result.close();
            done(pages.result.filter((page) => page.left.length).length);
        };
    };
})"""
COUNTED = "() => { window.pressed = 0; addEventListener('keydown', () => window.pressed++, true); }"
SENT = "**/desk/reread/**"
KEYS = {"Backspace", "Delete", "End", "Enter", "F4", "F8", "F9", "Tab"}
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


def keys(page: Page, *keys: str, at: int | None = None) -> None:
    """Press keys by name and type what is none: at a sentence, or where the focus is."""
    if at is not None:
        fields(page).nth(at).focus()
    for key in keys:
        if key in KEYS or "+" in key:
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)


def state(page: Page) -> Locator:
    return page.locator(".ear [role=status]")


def wait_until_said(archive: Archive, words: str) -> None:
    until(lambda: words in said(archive), lambda: said(archive))


def wait_until_all_is(archive: Archive, words: str) -> None:
    until(lambda: words == said(archive), lambda: said(archive))


@pytest.mark.long
def test_by_ear_and_keyboard_in_chromium(served: Desk, heard: Page) -> None:
    lines, alone = fields(heard), heard.get_by_label("Enchaîner les phrases")
    lines.first.focus()
    wait_until(heard, f"return {PLAYS} && {AT} > 0.8")
    keys(heard, "F8")
    wait_until(heard, f"return !({PLAYS})")
    keys(heard, "Shift+F4")
    expect(heard.locator(".ear output")).to_have_text("1,15 ×")
    lines.nth(1).focus()
    alone.check()
    lines.nth(1).evaluate(STOP)  # the machine may be too busy to see it while it is there
    lines.first.focus()
    expect(lines.nth(1)).to_be_focused()  # nobody touched the first
    keys(heard, "F4", "CNIL", "Tab", at=0)  # what is typed takes the place of the first doubt
    wait_until(heard, f"return {PLAYS} && {AT} > 5.8")
    expect(state(heard)).to_have_text("Enregistré.")
    wait_until_said(served[0], "La CNIL dit non à tous. Euh oui")
    keys(heard, "Delete", "Delete", "Delete")
    heard.context.set_offline(True)
    keys(heard, "Tab")
    expect(state(heard)).to_contain_text("le site ne répond pas")
    expect(lines.nth(1)).to_have_value(" oui, bien sûr.")
    until(lambda: heard.evaluate(KEPT) == 1)
    assert faults(heard) == ""
    heard.context.set_offline(False)
    expect(state(heard)).to_have_text("Enregistré.")
    until(lambda: heard.evaluate(KEPT) == 0)
    wait_until_said(served[0], "tous. oui, bien sûr. Et puis")
    keys(heard, *["ControlOrMeta+ArrowRight"] * 3, "Enter")  # « Et puis la | kni part. »
    expect(lines).to_have_count(4)
    expect(lines.nth(3)).to_be_focused()
    wait_until_said(served[0], "Et puis la. Kni part.")
    keys(heard, "Backspace")
    expect(lines).to_have_count(3)
    wait_until_said(served[0], "Et puis la")
    edit_file(served[0], "CNIL dit non", "Knil a dit non")  # while it is written here
    keys(heard, "End", " Bien.", "Tab", at=0)
    expect(heard.locator(".sentence q")).to_have_text("La Knil a dit non à tous.")
    expect(lines.first).to_have_value("La CNIL dit non à tous. Bien.")
    assert faults(heard) == ""
    heard.wait_for_timeout(1500)  # nothing is written over it unasked
    assert said(served[0]).startswith("La Knil a dit non")
    keys(heard, "End", " Oui.", "Tab", at=0)
    wait_until_said(served[0], "La CNIL dit non à tous. Bien. Oui.")
    expect(heard.locator(".sentence q")).to_have_count(0)
    heard.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(heard.locator("main [role=status]").first).to_contain_text("Enregistré")


def test_what_was_heard_as_well_takes_one_key(served: Desk, heard: Page) -> None:
    field, offers = fields(heard).first, heard.locator(".ear .offers button")
    keys(heard, "Control+Home", at=0)
    expect(offers).to_have_text(["CNIL", "Knil"])  # for the first doubt
    height = heard.evaluate("document.querySelector('.ear').offsetHeight")
    assert faults(heard) == ""
    assert heard.evaluate(WIDER) <= 0
    assert heard.evaluate("document.querySelector('.ear .offers button').offsetHeight") >= 44
    for key, value in (
        ("F9", "La CNIL dit non à tous."),
        ("F9", "La Knil dit non à tous."),
        ("F9", HEARD[1]),
        ("Shift+F9", "La Knil dit non à tous."),
        ("ControlOrMeta+z", HEARD[1]),
    ):
        keys(heard, key)
        expect(field).to_have_value(value)
        if "CNIL" in value:
            expect(heard.locator(".offered")).to_have_text("CNIL (1/2)")
    keys(heard, "Control+Home", "F4")
    offers.first.click()
    expect(field).to_have_value("La CNIL dit non à tous.")
    expect(field).to_be_focused()
    keys(heard, " ne")  # one goes on
    expect(field).to_have_value("La CNIL ne dit non à tous.")
    keys(heard, "End", " Tou", "F9")  # it ends what is begun
    expect(field).to_have_value("La CNIL ne dit non à tous. Tousse")
    keys(heard, "Tab")
    expect(state(heard)).to_have_text("Enregistré.")
    expect(offers).to_have_count(0)
    assert heard.evaluate("document.querySelector('.ear').offsetHeight") == height
    wait_until_said(served[0], "La CNIL ne dit non à tous. Tousse Euh oui")


def test_the_keys_that_are_measured_are_those_of_the_page(served: Desk, heard: Page) -> None:
    """`make bench ONLY=rereading` counts the fewest that lead there; here they are pressed."""
    archive, told = served[0], ("La CNIL dit non à tous.", HEARD[6], "Et puis la CNIL part.")
    episode = archive.episode(KEY)
    every = sheet(archive, episode).rows
    rows = with_offers(archive, episode, every, every)
    words = [word for row in rows for word in row.words.split()]
    edges = [*accumulate((len(row.words.split()) for row in rows), initial=0)]
    offers = [row.offers or SentenceOffers() for row in rows]
    errors, spans = errors_in(words, " ".join(told)), [*starmap(Span, pairwise(edges))]
    pressed = ("Tab", "F9", "Tab", "Tab", "F4", "c", "F9")
    assert Task(words, errors, spans, offers, "").at_desk() == len(pressed)
    fields(heard).first.focus()  # the first key
    heard.evaluate(COUNTED)
    keys(heard, *pressed[1:])
    for field, right in zip(fields(heard).all(), told, strict=True):
        expect(field).to_have_value(right)
    assert heard.evaluate("window.pressed") == len(pressed) - 1


def test_a_sentence_that_an_offer_put_right_goes_on_by_itself(served: Desk, heard: Page) -> None:
    lines = fields(heard)
    keys(heard, "Control+Home", at=0)  # who touches it stays there
    heard.get_by_label("Enchaîner les phrases").check()
    wait_until(heard, f"return {AT} > 1.2")
    lines.first.focus()
    heard.evaluate(SOUGHT)
    keys(heard, "F9")
    expect(lines.first).to_have_value("La CNIL dit non à tous.")
    expect(lines.nth(1)).to_be_focused()
    assert heard.evaluate("window.sought")[0] < 1  # it was heard again as it is now
    wait_until_said(served[0], "La CNIL dit non à tous. Euh oui")


@pytest.mark.parametrize("phone", ["plain"], indirect=True)
def test_what_was_heard_as_well_is_read_without_script(served: Desk, heard: Page) -> None:
    told = heard.locator(".sentence details.offers")
    told.get_by_text("Aussi entendu").click()
    expect(told.locator("li")).to_have_text(["kni → CNIL, Knil"])


def wait(page: Page) -> None:
    """Let the moment pass after which what was left is saved."""
    page.clock.run_for(1000)


def leave(page: Page) -> None:
    page.get_by_role("heading", level=1).click()
    wait(page)
    expect(state(page)).to_have_text("Enregistré.")
    expect(page.locator(".sentence .fault")).to_have_count(0)


@contextlib.contextmanager
def held(page: Page) -> Iterator[None]:
    """Have what is sent meanwhile wait until all is typed, then go."""
    waiting: list[Route] = []

    def take(route: Route) -> None:
        waiting.append(route)

    page.route(SENT, take)
    yield
    waiting.pop().continue_()
    page.unroute(SENT)


def test_a_word_typed_over_a_doubt_is_kept_with_its_stop(served: Desk, page: Page) -> None:
    """Its sentence was sent half typed, without its stop, and went with what one typed on."""
    keys(page, "End", " Oui.", at=2)
    keys(page, "Control+Home", "F4", "CN", at=0)
    wait(page)
    wait_until_all_is(served[0], f"{SAID[0]} {SAID[1]} {SAID[2]} Oui.")
    expect(state(page)).to_have_text("")  # nor is all said to be kept
    keys(page, "IL")
    expect(fields(page).first).to_have_value("La rue dit non à la CNIL.")
    leave(page)
    wait_until_all_is(served[0], f"La rue dit non à la CNIL. {SAID[1]} {SAID[2]} Oui.")


def test_sentences_that_are_one_without_a_stop_are_shown_as_one(served: Desk, page: Page) -> None:
    keys(page, "End", "Tab", at=1)
    keys(page, "End", "Backspace", " et", at=0)
    wait(page)
    keys(page, " moi", "Tab", "Oui ")
    wait(page)
    wait_until_all_is(served[0], f"La rue dit non à la kni et moi {SAID[1]} {SAID[2]}")
    keys(page, "End", " aussi", at=0)
    leave(page)
    all_of_it = f"La rue dit non à la kni et moi aussi Oui {SAID[1]}"
    expect(fields(page)).to_have_count(2)
    expect(fields(page).first).to_have_value(all_of_it)
    wait_until_all_is(served[0], f"{all_of_it} {SAID[2]}")


def test_who_types_as_a_sentence_is_cut_or_joined_loses_nothing(served: Desk, page: Page) -> None:
    with held(page):
        keys(page, "Control+Home", "ControlOrMeta+ArrowRight", at=0)
        with page.expect_request(SENT):
            keys(page, "Enter")
        keys(page, "Oui, ")
    leave(page)
    expect(fields(page)).to_have_count(4)
    wait_until_all_is(served[0], f"La. Oui, rue dit non à la kni. {SAID[1]} {SAID[2]}")
    with held(page):
        keys(page, "Control+Home", at=3)
        with page.expect_request(SENT):
            keys(page, "Backspace")
        keys(page, "Non, ")
    expect(fields(page)).to_have_count(3)
    keys(page, "non, ")
    leave(page)
    wait_until_all_is(served[0], f"La. Oui, rue dit non à la kni. {SAID[1]} Non, non, {SAID[2]}")


def test_who_comes_back_from_another_window_types_on(served: Desk, page: Page) -> None:
    keys(page, "End", "Backspace", at=0)
    page.evaluate("window.dispatchEvent(new Event('blur'))")
    wait(page)
    wait_until_all_is(served[0], f"La rue dit non à la kni {SAID[1]} {SAID[2]}")
    expect(state(page)).to_have_text("Enregistré.")
    keys(page, " et moi")
    expect(fields(page).first).to_have_value("La rue dit non à la kni et moi")
    leave(page)
    expect(fields(page)).to_have_count(2)
    wait_until_all_is(served[0], f"La rue dit non à la kni et moi {SAID[1]} {SAID[2]}")


def test_words_whose_answer_was_lost_are_nobody_elses(served: Desk, page: Page) -> None:
    archive, line, _ = served
    line.cut = "answer"
    keys(page, "End", " Oui.", "Tab", at=0)
    wait(page)
    expect(state(page)).to_contain_text("le site ne répond pas")
    keys(page, "End", " Non.", at=0)
    line.cut = ""
    page.evaluate("window.dispatchEvent(new Event('online'))")
    leave(page)
    wait_until_all_is(archive, f"{SAID[0]} Oui. Non. {SAID[1]} {SAID[2]}")


def test_words_of_a_browser_that_ends_outlive_their_sentence(served: Desk, page: Page) -> None:
    archive, line, _ = served
    keys(page, "End", " Oui", at=1)
    line.cut = "request"
    address = page.url
    page.close()
    edit_file(archive, "kni.", "kni")
    line.cut = ""
    again = page.context.new_page()
    again.goto(address)
    expect(state(again)).to_have_text("Enregistré.")
    words = f"La rue dit non à la kni {SAID[1]} Oui"
    expect(fields(again).first).to_have_value(words)
    wait_until_all_is(archive, f"{words} {SAID[2]}")
    until(lambda: again.evaluate(KEPT) == 0)


def test_words_of_a_page_that_ends_before_its_database_has_them_are_offered_back(
    served: Desk, page: Page
) -> None:
    archive, line, _ = served
    line.cut = "request"
    page.evaluate("IDBObjectStore.prototype.put = () => {}")
    keys(page, "End", " Oui.", at=1)
    address = page.url
    page.close()
    line.cut = ""
    again = page.context.new_page()
    again.goto(address)
    wait_until_all_is(archive, f"{SAID[0]} {SAID[1]} Oui. {SAID[2]}")


def test_words_that_were_kept_do_not_come_back_over_newer_ones(served: Desk, page: Page) -> None:
    """A browser that is killed has in localStorage what it had seconds before. It takes 2 s."""
    archive = served[0]
    keys(page, "End", " Oui.", at=1)
    before = page.evaluate("localStorage.getItem(`reread ${location.pathname}`)")
    assert "Oui." in before
    leave(page)
    wait_until_said(archive, f"{SAID[1]} Oui.")
    page.evaluate("(held) => localStorage.setItem(`reread ${location.pathname}`, held)", before)
    address = page.url
    page.close()
    edit_file(archive, "raison. Oui.", "tort.")
    again = page.context.new_page()
    again.goto(address)
    expect(again.locator(".rereading.by-ear")).to_have_count(1)
    expect(fields(again).nth(1)).to_have_value("Elle a bien tort.")
    expect(again.locator(".sentence q")).to_have_count(0)


# A page that answers nothing any more once this word is typed, as on a machine without memory
STILL = """(word) => document.addEventListener("input", ({ target }) => {
    if (!target.value.includes(word)) return;
    let soon = Promise.resolve();
    for (let each = 0; each < 50; each += 1) soon = soon.then();
    soon.then(() => { while (word); });
})"""


def test_words_of_a_browser_that_is_killed_are_offered_back(
    served: Desk, tokens: dict[str, str], tmp_path: Path
) -> None:
    """A power cut, or a machine without memory: the last word that one typed was lost. 9 s."""
    hear(served[0], HEARD)

    async def type_and_kill() -> str:
        async with async_playwright() as playwright:
            site = Site(tmp_path, random.Random(0), line=int(served[2].rpartition(":")[2]))
            person = Person(site, playwright, tokens["rereader"], tmp_path)
            await person.open(f"{served[2]}{SECTION}")
            await person.page.evaluate(STILL, "jamais")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(person.write("kni", "jamais", 10), 4)
            await person.kill()
            await person.open(f"{served[2]}{SECTION}")
            _said, words = await person.seen()
            await person.kill()
            return words

    with ThreadPoolExecutor(1) as aside:  # here another loop runs
        words = aside.submit(asyncio.run, type_and_kill()).result()
    assert words.startswith("La kni jamais dit non à tous.")


def test_who_types_as_words_of_others_arrive_writes_not_over_them(served: Desk, page: Page) -> None:
    """The message stood above the field at which nobody looked: they look at the word."""
    archive, other = served[0], "Elle a tort."
    with held(page):
        keys(page, "End", " Oui", "Tab", at=1)
        with page.expect_request(SENT):
            wait(page)
        edit_file(archive, SAID[1], other)
        keys(page, "End", ", oui", at=1)
    expect(page.locator(".sentence q")).to_have_text(other)
    keys(page, " et non.", "Tab")
    wait(page)
    expect(state(page)).to_contain_text("voyez le message")
    assert other in said(archive)
    expect(fields(page).nth(1)).to_have_value(f"{SAID[1]} Oui, oui et non.")
    keys(page, "End", " Tort ?", at=1)
    leave(page)
    wait_until_said(archive, f"{SAID[1]} Oui, oui et non. Tort ?")


def test_who_types_in_the_moment_words_of_others_come_writes_not_over_them(
    served: Desk, page: Page
) -> None:
    """They stood there before the first key, but nobody can have read them. It takes 4 s."""
    archive, other = served[0], "Elle a tort."
    edit_file(archive, SAID[1], other)
    page.evaluate("performance.now = () => 0")  # it is the same moment, however slow a machine is
    keys(page, "End", " Oui.", "Tab", at=1)
    wait(page)
    expect(page.locator(".sentence q")).to_have_text(other)
    keys(page, "End", " Bien.", "Tab", at=1)
    page.wait_for_timeout(1500)
    expect(state(page)).to_contain_text("voyez le message")
    assert other in said(archive)
    keys(page, "End", " Tort.", at=1)
    leave(page)
    wait_until_said(archive, f"{SAID[1]} Oui. Bien. Tort.")


def test_who_read_what_stood_there_before_is_asked_once_more(served: Desk, page: Page) -> None:
    """The message changed under the eyes: others wrote again. It takes 6 s."""
    archive, later = served[0], "Elle a tout faux."
    edit_file(archive, SAID[1], "Elle a tort.")
    keys(page, "End", " Oui.", "Tab", at=1)
    wait(page)
    expect(page.locator(".sentence q")).to_have_text("Elle a tort.")
    page.wait_for_timeout(1100)
    edit_file(archive, "Elle a tort.", later)
    keys(page, "End", " Bien.", "Tab", at=1)
    expect(page.locator(".sentence q")).to_have_text(later)
    page.wait_for_timeout(1100)
    keys(page, "End", " Tort.", "Tab", at=1)
    page.wait_for_timeout(1500)
    assert later in said(archive)
    keys(page, "End", " Faux.", at=1)
    leave(page)
    wait_until_said(archive, f"{SAID[1]} Oui. Bien. Tort. Faux.")


def test_a_conflict_that_one_left_open_is_shown_again(served: Desk, page: Page) -> None:
    edit_file(served[0], "a bien raison", "a tort")
    keys(page, "End", " Oui.", "Tab", at=1)
    wait(page)
    expect(page.locator(".sentence q")).to_have_text("Elle a tort.")
    address = page.url
    page.close()
    again = page.context.new_page()
    again.goto(address)
    expect(again.locator(".sentence q")).to_have_text("Elle a tort.")
    expect(fields(again).nth(1)).to_have_value("Elle a bien raison. Oui.")
    wait_until_all_is(served[0], f"{SAID[0]} Elle a tort. {SAID[2]}")


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
    keys(phone, "Shift+ArrowRight", "Enter")
    tab_to(phone, "#title-1")
    keys(phone, "La rue")
    assert faults(phone) == ""
    assert phone.evaluate(WIDER) <= 0
    keys(phone, "Enter")
    expect(phone.get_by_role("status")).to_contain_text("C’est enregistré.")
    assert archive.episode(KEY).chapters == (Chapter(10.0, "La rue"),)
