"""« Sur le même sujet, en d’autres mots » in a browser: apart, labelled, and it leads on."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from radio.archive import Archive
from tests.patience import until
from tests.processes import radio, running
from tests.search.senses import write_shows
from tests.visits import faults

pytestmark = pytest.mark.long

FRENCH = "la main des écoliers ouvre le réfectoire"  # a word that is not said
ENGLISH = "pupils scan their hand at the school canteen&lang=en"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = Path(tmp_path_factory.mktemp("sense"))
    write_shows(Archive(root))
    radio("index", "--root", str(root), RADIO_SENSE="on")
    with running("serve", "--root", str(root), RADIO_SENSE="on") as address:
        yield address


def search(page: Page, site: str, query: str) -> None:

    def look() -> bool:
        page.goto(f"{site}/search?q={quote(query, safe='&=')}")
        is_late = page.get_by_text(re.compile("Pas encore prêt|Not ready yet")).count()
        return bool(page.locator("section[aria-labelledby=sense]").count()) and not is_late

    until(look, page.content)


def test_passages_stand_apart_and_open_at_their_second(plain: Page, site: str) -> None:
    search(plain, site, FRENCH)
    section = plain.get_by_role("region", name="Sur le même sujet, en d’autres mots")
    assert section.get_by_text("Trouvé par une machine").is_visible()
    assert 1 <= section.locator("q").count() <= 5
    assert section.locator("mark").count() == 0
    first = section.locator("q").first
    assert "la paume de la main" in first.inner_text()
    below = plain.locator("main > .results, section[aria-labelledby=sense]").all()
    assert below[-1].get_attribute("aria-labelledby") == "sense"
    first.click()
    expect(plain).to_have_title(re.compile("cantine"))
    assert "?t=" in plain.url


def test_english_says_so_in_english_and_nothing_near_is_said(plain: Page, site: str) -> None:
    search(plain, site, ENGLISH)
    section = plain.get_by_role("region", name="Same subject, other words")
    assert section.get_by_text("Found by a machine").is_visible()
    assert "la paume de la main" in section.inner_text()
    search(plain, site, "dinosaures")
    assert plain.get_by_text("Rien d’assez proche.").is_visible()
    plain.goto(f"{site}/help")
    folded = plain.get_by_text("des passages trouvés par une machine")
    assert folded.count() == 1


def test_the_page_fits_a_phone_and_a_screen_reader(phone: Page, site: str) -> None:
    search(phone, site, FRENCH)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    assert faults(phone) == ""
