"""Subscribing: what it is, the address to copy, the programs that take it, the feed itself."""

import io
import re
from urllib.parse import quote

import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image
from playwright.sync_api import Page, expect

from radio.archive import Archive
from radio.archive.episode import Show
from tests.firefox import Firefox
from tests.samples import SHOW
from tests.visits import Links, text, watch
from tests.web.sites import visit

HERE = "https://radio.example/archives"
FEED = f"{HERE}/shows/emission/feed.xml"


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    archive.write_show(Show("autre", "L’autre « voix »"))
    return visit(archive, HERE)


def test_a_subscription_is_offered_to_programs_on_the_device_alone(client: FlaskClient) -> None:
    page = client.get("/shows/emission/subscribe").text
    assert f'value="{FEED}" readonly' in page
    opened = {link for link in Links(page).found if re.match(r"[a-z-]+:", link)}
    apps = ["antennapod-subscribe:/", "podcast:/", "gpodder:/", "feed:/"]
    apps += ["pktc://subscribe", "castro://subscribe"]
    wanted = {FEED.replace("https:/", app) for app in apps}
    wanted.add(f"overcast://x-callback-url/add?url={quote(FEED, safe='')}")
    assert opened - {f"{HERE}/shows/emission/subscribe"} == wanted


def test_a_site_without_an_address_says_why_nobody_can_subscribe(archive: Archive) -> None:
    answer = visit(archive).get("/shows/emission/subscribe")
    assert answer.status_code == 200
    assert "l’adresse publique du site n’est pas réglée" in text(answer)
    assert "://" not in "".join(Links(answer.text).found)


def test_the_address_is_copied_or_read_and_its_feed_is_read_there(page: Page, site: str) -> None:
    feed = f"{site}/shows/{SHOW}/feed.xml"
    _, messages = watch(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.emulate_media(color_scheme="dark")
    page.goto(f"{site}/shows/{SHOW}/subscribe")
    page.get_by_role("button", name="Copier").click()
    expect(page.get_by_role("status")).to_have_text("Adresse copiée.")
    assert page.evaluate("navigator.clipboard.readText()") == feed
    seen = page.locator(".code").screenshot()
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(seen)))
    assert code.text == feed
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(feed)
    expect(page.locator("item > title").first).to_be_visible()
    expect(page.locator("channel > guid, item > enclosure, item > guid").first).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    background = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert background == "rgb(251, 246, 238)"
    page.locator("channel > p > a").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("S’abonner à")
    assert messages == []


def test_a_feed_is_xml_to_browsers_and_rss_to_programs(client: FlaskClient) -> None:
    asked = client.get("/shows/emission/feed.xml", headers={"Accept": "text/html,*/*;q=0.8"})
    taken = client.get("/shows/emission/feed.xml")
    assert (asked.mimetype, taken.mimetype) == ("text/xml", "application/rss+xml")
    assert "Accept" in taken.headers["Vary"]
    assert taken.data == asked.data
    assert taken.headers["ETag"] != asked.headers["ETag"]
    assert 'href="/archives/static/feed.css?v=' in taken.text
    assert f'href="{HERE}/shows/emission/subscribe"' in taken.text


@pytest.mark.torture
def test_firefox_shows_a_feed_too(firefox: Firefox, site: str) -> None:
    firefox.go(f"{site}/feed.xml")
    hidden = "getComputedStyle(document.querySelector('enclosure, guid')).display"
    assert firefox.evaluate(hidden) == "none"
    height = "document.querySelector('item > title').getBoundingClientRect().height"
    assert firefox.evaluate(height) > 10
