"""« Dans le même sens » on a phone, without script: apart, labelled, and it leads on."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from radio.archive import Archive
from tests.patience import until
from tests.processes import radio, running
from tests.search.senses import write_shows
from tests.visits import faults

pytestmark = pytest.mark.long

QUERY = "la main des écoliers ouvre la cantine"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = Path(tmp_path_factory.mktemp("sense"))
    write_shows(Archive(root))
    radio("index", "--root", str(root), RADIO_SENSE="on")
    with running("serve", "--root", str(root), RADIO_SENSE="on") as address:
        yield address


@pytest.fixture(scope="module")
def plain(browser: Browser) -> Iterator[Page]:
    with browser.new_context(locale="fr-FR", java_script_enabled=False) as context:
        yield context.new_page()


def search(page: Page, site: str, query: str, more: str = "") -> None:

    def look() -> bool:
        page.goto(f"{site}/search?q={quote(query)}{more}")
        is_late = page.get_by_text("Pas encore prêt").or_(page.get_by_text("Not ready yet"))
        section = page.locator("section[aria-labelledby=sense]")
        return bool(section.count()) and not is_late.count()

    until(look, page.content)


def test_passages_stand_apart_and_open_at_their_second(plain: Page, site: str) -> None:
    search(plain, site, QUERY)
    section = plain.get_by_role("region", name="Dans le même sens")
    assert section.get_by_text("Deviné par une machine").is_visible()
    assert 1 <= section.locator("q").count() <= 5
    assert section.locator("mark").count() == 0
    first = section.locator("q").first
    assert "la paume de la main" in first.inner_text()
    below = plain.locator("main > .results, section[aria-labelledby=sense]").all()
    assert below[-1].get_attribute("aria-labelledby") == "sense"
    first.click()
    expect(plain).to_have_title(re.compile("cantine"))
    assert "?t=" in plain.url


def test_the_page_fits_a_phone_and_a_screen_reader(phone: Page, site: str) -> None:
    search(phone, site, QUERY)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert faults(phone) == ""


def test_english_says_so_in_english(plain: Page, site: str) -> None:
    search(plain, site, "pupils scan their hand at the school canteen", "&lang=en")
    section = plain.get_by_role("region", name="In the same sense")
    assert section.get_by_text("Guessed by a machine").is_visible()
    assert "la paume de la main" in section.inner_text()


def test_nothing_near_is_said_where_words_find_nothing(plain: Page, site: str) -> None:
    search(plain, site, "dinosaures")
    assert plain.get_by_text("Rien d’assez proche.").is_visible()
    plain.goto(f"{site}/help")
    assert plain.get_by_text("des passages qu’une machine devine proches").is_visible()
