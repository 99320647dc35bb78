"""The instrument by which an episode is heard: what it does beside playing."""

from playwright.sync_api import Browser, Page, expect

from tests.samples import CITY, SHOW
from tests.visits import wait_until

ADDRESS = f"/shows/{SHOW}/{CITY}"
LIT = "a.cue[aria-current=true]"


def test_one_press_copies_the_link_at_this_second(browser: Browser, site: str) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    with browser.new_context(locale="fr-FR", permissions=allowed) as context:
        page = context.new_page()
        page.goto(f"{site}{ADDRESS}?t=31.5")
        wait_until(page, "return Math.abs(audio.currentTime - 31.5) < 0.1")
        page.get_by_text("Partager").click()
        expect(page.locator("#share .told")).to_have_text("Lien copié.")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.partition("?t=")[0].endswith(ADDRESS)
        assert float(copied.partition("?t=")[2]) == 31.5
        page.keyboard.press("Escape")
        expect(page.locator("#share .told")).to_be_hidden()
        expect(page.locator("#share > summary")).to_be_focused()


def test_the_share_sheet_of_a_device_is_taken_where_there_is_one(page: Page, site: str) -> None:
    page.add_init_script("navigator.share = async (given) => { window.given = given; };")
    page.goto(f"{site}{ADDRESS}")
    page.get_by_text("Partager").click()
    wait_until(page, "return window.given")
    given = page.evaluate("window.given")
    assert given["url"].endswith(ADDRESS)
    assert given["title"] == "La ville intelligente"


def test_keys_lead_from_passage_to_passage(page: Page, site: str) -> None:
    page.goto(f"{site}{ADDRESS}?q=ville")
    page.evaluate("document.querySelector('audio').muted = true")
    for key, number in (("n", 1), ("n", 2), ("p", 1)):
        page.keyboard.press(key)
        expect(page.locator("#passage")).to_contain_text(f"Passage {number} sur ")
        expect(page.locator(LIT)).to_be_in_viewport()


def test_the_player_falls_asleep(page: Page, site: str) -> None:
    page.clock.install()
    page.goto(f"{site}{ADDRESS}")
    page.evaluate("document.querySelector('audio').muted = true")
    page.get_by_role("button", name="Écouter", exact=True).click()
    page.locator(".settings > summary").click()
    page.get_by_label("S’arrêter").select_option("15")
    page.clock.set_fixed_time(page.evaluate("Date.now()") / 1000 + 14 * 60 + 55)
    wait_until(page, "return audio.volume < 0.9")
    page.clock.set_fixed_time(page.evaluate("Date.now()") / 1000 + 6)
    wait_until(page, "return audio.paused && audio.volume === 1")
    expect(page.get_by_label("S’arrêter")).to_have_value("")


def test_the_player_follows_as_a_bar_that_covers_nothing(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{site}{ADDRESS}?q=ville&t=20#t")
    bar = page.locator(".docked")
    expect(bar).to_be_in_viewport()
    expect(page.get_by_role("slider")).to_have_count(1)
    expect(page.locator(LIT)).to_be_in_viewport()
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    last = page.locator("footer a").last.bounding_box()
    box = bar.bounding_box()
    assert last and box
    assert last["y"] + last["height"] <= box["y"]
    page.set_viewport_size({"width": 320, "height": 256})
    shown = page.locator(".docked > :visible")
    expect(shown).to_have_count(1)
    expect(page.locator(".docked .play")).to_be_in_viewport()
