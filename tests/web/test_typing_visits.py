"""Who types while sentences are saved loses no letter: each keystroke is kept, or still shown."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from radio.archive import Archive
from tests.heard import hear
from tests.patience import until
from tests.torture.rereading import KEY, Line, come_in, desk
from tests.web.desks import said
from tests.windows import Chromium

SAID = ("La rue dit non à la kni.", "Elle a bien raison.", "Il faut la suivre.")
SENT = "**/desk/reread/**"
Desk = tuple[Archive, Line, str]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("typing") / "root") as found:
        yield found


@pytest.fixture(scope="module")
def entered(served: Desk, browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(locale="fr-FR") as context:
        come_in(Chromium(context.new_page()), served[2])
        yield context


@pytest.fixture
def page(served: Desk, entered: BrowserContext) -> Iterator[Page]:
    archive, line, address = served
    line.cut = ""
    hear(archive, dict(zip((0, 3, 6), SAID, strict=True)), pace=0.3)
    page = entered.new_page()
    page.clock.install()
    page.goto(f"{address}/desk/reread/{KEY}/1")
    yield page
    page.close()


def wait_until_said(archive: Archive, words: str) -> None:
    """Wait until just these words stand in the text."""

    until(lambda: said(archive) == words, lambda: said(archive))


def fields(page: Page) -> Locator:
    return page.locator(".sentence textarea")


def at_the_end(page: Page, number: int) -> None:
    fields(page).nth(number).focus()
    page.keyboard.press("End")


def wait(page: Page) -> None:
    """Let the moment pass after which what was left is saved."""
    page.clock.run_for(1000)


def leave(page: Page) -> None:
    """Press where no field is, and see that all is said to be kept."""
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
    wait_until_said(served[0], f"{SAID[0]} {SAID[1]} {SAID[2]} Oui.")
    expect(page.locator(".ear [role=status]")).to_have_text("")  # nor is all said to be kept
    page.keyboard.type("IL")
    expect(fields(page).first).to_have_value("La rue dit non à la CNIL.")
    leave(page)
    wait_until_said(served[0], f"La rue dit non à la CNIL. {SAID[1]} {SAID[2]} Oui.")


def test_sentences_that_are_one_without_a_stop_are_shown_as_one(served: Desk, page: Page) -> None:
    """Both fields went from the page, with what was typed into them meanwhile."""
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
    wait_until_said(served[0], f"La rue dit non à la kni et moi {SAID[1]} {SAID[2]}")
    at_the_end(page, 0)
    page.keyboard.type(" aussi")
    leave(page)
    all_of_it = f"La rue dit non à la kni et moi aussi Oui {SAID[1]}"
    expect(fields(page)).to_have_count(2)
    expect(fields(page).first).to_have_value(all_of_it)
    wait_until_said(served[0], f"{all_of_it} {SAID[2]}")


def test_who_types_on_as_a_sentence_is_cut_or_joined_loses_nothing(
    served: Desk, page: Page
) -> None:
    """Keys that came before the answer were dropped."""
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
    wait_until_said(served[0], f"La. Oui, rue dit non à la kni. {SAID[1]} {SAID[2]}")

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
    wait_until_said(served[0], f"La. Oui, rue dit non à la kni. {SAID[1]} Non, non, {SAID[2]}")


def test_who_comes_back_from_another_window_types_on(served: Desk, page: Page) -> None:
    """What was left there is saved; the field in which one was is still there."""
    at_the_end(page, 0)
    page.keyboard.press("Backspace")
    page.evaluate("window.dispatchEvent(new Event('blur'))")
    wait(page)
    wait_until_said(served[0], f"La rue dit non à la kni {SAID[1]} {SAID[2]}")
    expect(page.locator(".ear [role=status]")).to_have_text("Enregistré.")
    page.keyboard.type(" et moi")
    expect(fields(page).first).to_have_value("La rue dit non à la kni et moi")
    leave(page)
    expect(fields(page)).to_have_count(2)
    wait_until_said(served[0], f"La rue dit non à la kni et moi {SAID[1]} {SAID[2]}")


def test_words_whose_answer_was_lost_are_nobody_elses(served: Desk, page: Page) -> None:
    """One was told that somebody else had changed the sentence, where oneself had."""
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
    wait_until_said(archive, f"{SAID[0]} Oui. Non. {SAID[1]} {SAID[2]}")


def test_words_of_a_browser_that_ends_are_kept_though_their_sentence_is_none_any_more(
    served: Desk, entered: BrowserContext, page: Page
) -> None:
    """They were in the page alone until it had failed to send them."""
    archive, line, _ = served
    at_the_end(page, 1)
    page.keyboard.type(" Oui")
    line.cut = "request"
    address = page.url
    page.close()
    path = archive.vtt_path(KEY)
    path.write_text(path.read_text().replace("kni.", "kni"))  # by an editor
    line.cut = ""
    again = entered.new_page()
    again.goto(address)
    expect(again.locator(".ear [role=status]")).to_have_text("Enregistré.")
    words = f"La rue dit non à la kni {SAID[1]} Oui"
    expect(fields(again).first).to_have_value(words)
    wait_until_said(archive, f"{words} {SAID[2]}")
    assert again.evaluate("localStorage.length") == 0
    again.close()


def test_a_conflict_that_one_left_open_is_shown_again(
    served: Desk, entered: BrowserContext, page: Page
) -> None:
    """It would be written over the words of somebody else, who never was seen."""
    archive, _, address = served
    path = archive.vtt_path(KEY)
    path.write_text(path.read_text().replace("a bien raison", "a tort"))  # by an editor
    at_the_end(page, 1)
    page.keyboard.type(" Oui.")
    page.keyboard.press("Tab")
    wait(page)
    expect(page.locator(".sentence q")).to_have_text("Elle a tort.")
    page.close()
    again = entered.new_page()
    again.goto(f"{address}/desk/reread/{KEY}/1")
    expect(again.locator(".sentence q")).to_have_text("Elle a tort.")
    expect(fields(again).nth(1)).to_have_value("Elle a bien raison. Oui.")
    wait_until_said(archive, f"{SAID[0]} Elle a tort. {SAID[2]}")
    again.evaluate("localStorage.clear()")
    again.close()
