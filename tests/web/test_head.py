"""The head of every page: where one is, where one may go, and the search, in little room."""

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser

from radio.archive import Archive
from radio.search import Index
from radio.web.site import create_app
from tests.samples import SHOW
from tests.tables import for_each


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    return create_app(archive, Index(archive)).test_client()


@for_each(
    ("path", "name"),
    [("/catalogue", "Émissions"), ("/kept", "Gardés"), ("/help", "Aide")],
)
def test_the_present_page_is_marked(client: FlaskClient, path: str, name: str) -> None:
    page = client.get(path).text
    assert page.count('aria-current="page"') == 1
    assert f'href="{path}" aria-current="page">{name}</a>' in page
    assert f'href="{path}">{name}</a>' in client.get("/").text


def test_a_show_is_among_the_shows(client: FlaskClient) -> None:
    page = client.get("/shows/emission/").text
    assert 'href="/catalogue" aria-current="true">Émissions</a>' in page


def test_the_head_leaves_a_phone_to_the_page(browser: Browser, site: str) -> None:
    with browser.new_context(
        locale="fr-FR", viewport={"width": 360, "height": 740}, java_script_enabled=False
    ) as context:
        page = context.new_page()
        for path in ("/", "/help", f"/shows/{SHOW}/", "/search?q=micros"):
            page.goto(site + path)
            head = page.locator("header.top").bounding_box()
            assert head
            assert head["height"] < 120, path
        for link in page.locator(".top .sections a").all():
            box = link.bounding_box()
            assert box
            assert min(box["width"], box["height"]) >= 44
