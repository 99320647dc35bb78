"""French first, English too: the language of a page."""

from flask.testing import FlaskClient

from tests.samples import SHOW
from tests.tables import for_each
from tests.visits import Links
from tests.web.views.site import PAGE


@for_each(
    ("accepted", "asked", "lang"),
    [
        ("", "", "fr"),
        ("en-GB,en;q=0.9", "", "en"),
        ("de", "", "fr"),
        ("fr-FR,en;q=0.5", "", "fr"),
        ("en;q=0, de", "", "fr"),
        ("en", "?lang=fr", "fr"),
        ("fr", "?lang=en", "en"),
        ("fr", "?lang=xx", "fr"),
    ],
)
def test_language_is_as_asked(client: FlaskClient, accepted: str, asked: str, lang: str) -> None:
    page = client.get(f"{PAGE}{asked}", headers={"Accept-Language": accepted}).text
    assert f'<html lang="{lang}">' in page
    assert {"fr": "mardi 16 janvier 2024", "en": "16 January 2024"}[lang] in page


def test_dates_are_written_as_in_the_region_of_the_browser(client: FlaskClient) -> None:
    american = {"Accept-Language": "en-US,en;q=0.9"}
    assert "January 16, 2024" in client.get(PAGE, headers=american).text
    assert "16 January 2024" in client.get(f"{PAGE}?lang=en").text


def test_language_is_kept_from_page_to_page(client: FlaskClient) -> None:
    page = client.get(f"{PAGE}?t=3&lang=en").text
    links = Links(page).found
    assert "/?lang=en" in links
    assert f"/shows/{SHOW}/?lang=en" in links
    assert "?lang=en&t=2.65#t" in links
    assert f"{PAGE}?t=3&lang=fr" in links
    assert '<input type="hidden" name="lang" value="en">' in page
    assert "lang" not in next(link for link in links if link.startswith("/media/"))
