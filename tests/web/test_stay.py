"""Sound goes on from page to page, and where one stopped is found again from the first page."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from tests.samples import CITY, SHOW, STREET
from tests.visits import wait_until

TITLE = "La ville intelligente"
SOUNDING = "[...document.querySelectorAll('audio')].filter((each) => !each.paused).length"


@pytest.fixture
def listening(page: Page, site: str) -> Iterator[Page]:
    """A page of an episode, whose sound is on."""
    page.goto(f"{site}/shows/{SHOW}/{CITY}?t=5")
    wait_until(page, "return audio.readyState >= 1 && audio.currentTime > 4")
    page.evaluate("document.querySelector('audio').muted = window.same = true")
    page.get_by_role("button", name="Écouter", exact=True).click()
    wait_until(page, "return audio.currentTime > 5.2")
    yield page


def test_the_sound_goes_on_across_pages(listening: Page) -> None:
    page = listening
    page.locator(".brand").click()
    expect(page.get_by_role("complementary", name=TITLE).locator(".play")).to_be_visible()
    expect(page.locator("h1")).to_be_focused()
    expect(page).to_have_title(re.compile("^Écouter, lire, chercher"))
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    reached = page.evaluate("document.querySelector('audio').currentTime")
    wait_until(page, f"return !audio.paused && audio.currentTime > {reached}")
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
    wait_until(page, f"return !audio.paused && audio.currentTime > {reached}")
    page.go_forward()
    expect(page.get_by_role("complementary", name=TITLE).locator(".play")).to_be_visible()
    page.get_by_role("link", name=TITLE).last.click()
    expect(page.locator("h1")).to_have_text(TITLE)
    page.locator("a.cue").nth(1).click()
    expect(page.locator("a.cue").nth(1)).to_have_attribute("aria-current", "true")
    assert page.evaluate("window.same") is True


def test_another_episode_takes_the_place_of_the_first(listening: Page) -> None:
    page = listening
    page.locator(".kicker a").click()
    expect(page.locator("h1")).to_have_text("La Machine à découdre")
    page.locator(f"main a[href*='{STREET}']").first.click()
    expect(page.locator("h1")).to_contain_text("micros")
    page.locator(".player .play").click()
    expect(page.locator(".carried")).to_have_count(0)
    wait_until(page, f"return {SOUNDING} === 1 && !audio.paused")
    assert page.evaluate("window.same") is True


def test_a_page_that_cannot_be_fetched_is_opened_as_ever(listening: Page) -> None:
    page = listening
    failed: list[str] = []

    def answer(route: Route) -> None:
        if route.request.is_navigation_request():
            route.continue_()
        else:
            failed.append(route.request.url)
            route.abort()

    page.route("**/help", answer)
    page.get_by_role("link", name="Aide").first.click()
    expect(page.locator("h1")).to_have_text("Aide")
    assert failed
    assert page.evaluate("window.same") is None


def test_without_sound_a_link_is_a_link(listening: Page) -> None:
    page = listening
    page.keyboard.press("k")
    wait_until(page, "return audio.paused")
    page.get_by_role("link", name="Aide").first.click()
    expect(page.locator("h1")).to_have_text("Aide")
    assert page.evaluate("window.same") is None


def test_the_first_page_leads_back_to_where_one_stopped(browser: Browser, site: str) -> None:
    with browser.new_context(locale="fr-FR") as context:
        page = context.new_page()
        page.goto(f"{site}/shows/{SHOW}/{CITY}?t=40")
        wait_until(page, "return Math.abs(audio.currentTime - 40) < 1")
        page.goto(site)
        expect(page.locator("#resume")).to_be_hidden()
        page.goto(f"{site}/shows/{SHOW}/{CITY}?t=40")
        wait_until(page, "return Math.abs(audio.currentTime - 40) < 1")
        page.locator(".settings > summary").click()
        page.get_by_label("Retenir l’endroit").check()
        page.goto(site)
        page.locator("#resume").get_by_role("link", name=TITLE).click()
        expect(page.locator("h1")).to_have_text(TITLE)
        wait_until(page, "return Math.abs(audio.currentTime - 37) < 3")
