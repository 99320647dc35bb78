"""Addresses in feeds, lists and tags: what a listener copies from one is there."""

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.formats import addresses
from radio.search import Index
from radio.web.site import create_app
from tests.samples import CITY

KEY = f"emission/{CITY}"


@pytest.fixture
def client(stocked: Archive) -> FlaskClient:
    index = Index(stocked)
    index.refresh()
    return create_app(stocked, index, base_url="https://radio.example").test_client()


def test_each_address_is_answered(client: FlaskClient, stocked: Archive) -> None:
    show, episode = stocked.show("emission"), stocked.episode(KEY)
    written = {
        addresses.show_page("", show.slug),
        addresses.show_feed("", show.slug),
        addresses.episode_page("", KEY),
        addresses.recording("", episode),
        *(addresses.transcript("", KEY, form) for form in ("vtt", "srt", "txt", "podcast.json")),
        addresses.cover("", show),
        f"{addresses.search_page('')}?q=ville",
        f"{addresses.search_feed('')}?q=ville",
        addresses.icon(""),
        addresses.terms(""),
    }
    for address in written:
        with client.get(address) as answer:
            assert answer.status_code == 200, address


def test_the_address_of_chapters_is_that_of_its_route(
    client: FlaskClient, stocked: Archive
) -> None:
    routes = client.application.url_map.bind("radio.example")
    route = routes.build("feeds.chapters", {"show": "emission", "slug": CITY})
    assert addresses.chapter_list("", stocked.episode(KEY)) == route
