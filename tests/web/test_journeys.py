"""The journeys of a listener in each browser: every press after the words are typed is counted."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import ViewportSize

from tests.samples import CITY, SHOW, said_at
from tests.windows import Window, opened, search

HERE = "document.querySelector('audio').currentTime"
PLAY = "Object.assign(document.querySelector('audio'), { muted: true }).play()"
LIT = "document.querySelector('.said [aria-current]')?.textContent"
SOUNDS = "[...document.querySelectorAll('audio')].some((each) => !each.paused)"
QUEUED = f"[...document.querySelectorAll(\"a[data-until][href*='{CITY}']\")]"
PASSAGES = f"{QUEUED}.map((each) => Number(each.dataset.until)).sort((one, next) => one - next)"
READY = "document.querySelector('audio').readyState >= 1"
ROOM: ViewportSize = {"width": 390, "height": 844}


FIREFOX = pytest.param("firefox", marks=pytest.mark.torture)
PLAIN_FIREFOX = pytest.param("plain_firefox", marks=pytest.mark.torture)
EVERY = ["chromium", "firefox", "plain_chromium", PLAIN_FIREFOX]


@pytest.fixture(scope="module", params=["chromium", FIREFOX, "plain_chromium", PLAIN_FIREFOX])
def shared(request: pytest.FixtureRequest) -> Iterator[Window]:
    with opened(request, ROOM) as window:
        yield window


@pytest.fixture
def window(shared: Window) -> Window:
    shared.clicks = 0
    return shared


def open_hit(window: Window) -> None:
    window.click(f"main .hits a[href*='{CITY}?'][href$='#t']")
    window.wait_until(f"location.pathname.endsWith('{CITY}')")
    window.wait_until(READY)


@pytest.mark.parametrize("shared", EVERY, indirect=True)
def test_what_was_said_in_a_month_is_heard_by_two_presses(window: Window, site: str) -> None:
    search(window, f"{site}/?lang=fr", "caméras en février 2024")
    open_hit(window)
    stands = window.evaluate(HERE)
    assert min(abs(stands - said) for said in said_at(CITY, "caméra")) <= 3
    assert window.clicks == 1  # the second is « Écouter »
    window.evaluate(PLAY)
    window.wait_until(f"{HERE} > {stands + 1}")


@pytest.mark.parametrize("shared", ["chromium", FIREFOX], indirect=True)
def test_one_press_is_heard_where_one_is_and_then_all_the_rest(window: Window, site: str) -> None:
    search(window, f"{site}/?lang=fr", "ville")
    window.click(".hits .disc")
    window.wait_until(SOUNDS)
    first = float(window.evaluate("document.querySelector('.hits .disc').dataset.from"))
    window.wait_until(f"{HERE} > {first} && {HERE} < {first + 5}")
    assert window.evaluate("location.pathname") == "/search" and window.clicks == 1
    window.click("#all")
    place = "document.querySelector('.carried .passage span').textContent"
    window.wait_until(f"{SOUNDS} && {place}.startsWith('Passage 1 sur ')")
    window.evaluate(f"(() => {{ {HERE} = {PASSAGES}[0] - 0.3; }})()")
    window.wait_until(f"{place}.startsWith('Passage 2 sur ') && {HERE} > {PASSAGES}[0]")
    window.click(".carried .passage a[rel=prev]")
    window.wait_until(f"{place}.startsWith('Passage 1 sur ') && {HERE} < {PASSAGES}[0]")
    assert window.clicks == 3
    for _each in range(window.evaluate(f"{QUEUED}.length") - 1):
        window.click(".carried .passage a[rel=next]")
    here = window.evaluate(place)
    window.evaluate(f"(() => {{ {HERE} = {PASSAGES}.at(-1) - 4; }})()")
    asked = "performance.getEntriesByType('resource').map((each) => each.name)"
    window.wait_until(f"{asked}.some((each) => /mp3/.test(each) && !each.includes('{CITY}'))")
    assert window.evaluate(f"{HERE} < {PASSAGES}.at(-1)") and window.evaluate(place) == here
    window.click(".brand")
    window.wait_until("location.pathname === '/'")
    window.evaluate("history.back()")
    window.wait_until("Boolean(document.querySelector('#all'))")
    window.click("#all")  # on a page that came in the place of another
    lit = "document.querySelector('.results [aria-current=true]')"
    window.wait_until(f"{SOUNDS} && Boolean({lit}) && location.pathname === '/search'")


def test_hits_are_in_sight_one_by_one_and_quoted_as_said(window: Window, site: str) -> None:
    search(window, f"{site}/?lang=fr", "caméra")
    open_hit(window)
    assert "caméra" in str(window.evaluate(LIT))
    top = "document.querySelector('.said [aria-current]').getBoundingClientRect().top"
    window.wait_until(f"{top} >= 0 && {top} < innerHeight")
    before = window.evaluate(HERE)
    assert window.clicks == 1
    window.click("#passage a[rel=next]")
    window.wait_until(f"document.readyState === 'complete' && {READY} && {HERE} > {before + 2}")
    window.wait_until(f"({LIT} ?? '').includes('caméra')")
    assert window.clicks == 2
    window.click("#share > summary")
    window.wait_until("document.querySelector('.citation').offsetParent !== null")
    quoted = window.evaluate("document.querySelector('.citation').textContent")
    assert "caméra" in quoted and "non relu" in quoted
    assert window.clicks == 3


def test_a_link_to_the_second_is_had_by_one_press(window: Window, site: str) -> None:
    window.go(f"{site}/shows/{SHOW}/{CITY}?t=31.5")
    window.click("#share > summary")
    window.wait_until("document.querySelector('#link').offsetParent !== null")
    link = window.evaluate("document.querySelector('#link').value")
    assert link.startswith(f"{site}/shows/{SHOW}/{CITY}?t=")
    assert 25 < float(link.rpartition("=")[2]) <= 31.5  # where the sentence begins
    assert window.clicks == 1


def test_one_subscribes_without_meeting_code(window: Window, site: str) -> None:
    window.go(f"{site}/shows/{SHOW}/{CITY}")
    window.click(".actions a[href$='/subscribe']")
    window.wait_until("document.querySelector('#feed') !== null")
    feed = window.evaluate("document.querySelector('#feed').value")
    assert feed == f"{site}/shows/{SHOW}/feed.xml"
    assert window.clicks == 1
    window.go(feed)
    assert "flux de podcast" in window.evaluate("document.documentElement.textContent")


def test_a_word_in_english_leads_to_what_was_said_in_french(window: Window, site: str) -> None:
    search(window, f"{site}/?lang=fr", "camera")
    assert window.evaluate(f"document.querySelectorAll(\"main a[href*='{CITY}?']\").length") > 0
    window.click("footer a[hreflang=en]")
    window.wait_until("document.documentElement.lang === 'en'")
    assert window.clicks == 1


@pytest.mark.parametrize("shared", ["chromium", FIREFOX], indirect=True)
def test_one_comes_back_where_one_stopped_only_if_one_says_so(window: Window, site: str) -> None:
    for keeps in ("false", "true"):
        window.go(f"{site}/shows/{SHOW}/{CITY}").wait_until(f"{READY} && {HERE} === 0")
        if keeps == "true":
            window.click(".settings summary")
            window.click("#remember")
        window.evaluate(f"(() => {{ {HERE} = 40; }})()")
        window.wait_until(f"{HERE} >= 40")
        window.go(site)
        window.wait_until(f"!document.querySelector('#resume').hidden === {keeps}")
        assert window.evaluate("localStorage.length") == (2 if keeps == "true" else 0)
    window.click("#resume a")
    window.wait_until(f"{SOUNDS} && {HERE} > 35 && {HERE} < 41")
    assert window.clicks == 3
    window.go(f"{site}/shows/{SHOW}/{CITY}").wait_until(f"{READY} && {HERE} > 35 && {HERE} < 41")
    window.click(".settings summary")
    window.click("#remember")
    assert window.evaluate("localStorage.length") == 0


@pytest.mark.parametrize("shared", [FIREFOX], indirect=True)  # of Chromium: test_browser.py
def test_the_sound_goes_on_across_pages(window: Window, site: str) -> None:
    window.go(f"{site}/shows/{SHOW}/{CITY}?t=5").wait_until(READY)
    window.evaluate("document.querySelector('audio').muted = window.same = true")
    window.click(".play")
    window.wait_until(f"{HERE} > 5.2")
    window.click(".brand")
    window.wait_until("location.pathname === '/' && Boolean(document.querySelector('.carried'))")
    stands = window.evaluate(HERE)
    window.wait_until(f"window.same && {HERE} > {stands} + 0.3")
    window.evaluate("history.back()")
    window.wait_until("Boolean(document.querySelector('.player.live audio'))")
    plays = "window.same && !document.querySelector('audio').paused"
    window.wait_until(f"{plays} && {HERE} > {stands}")
