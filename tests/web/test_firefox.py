"""A listener’s visit in a real Firefox, with JavaScript and without: Tor Browser is one."""

import pytest

from tests.firefox import ENTER, Firefox
from tests.samples import CITY, SHOW, said_at

HERE = "document.querySelector('audio').currentTime"


@pytest.fixture(params=["firefox", pytest.param("plain_firefox", marks=pytest.mark.torture)])
def window(request: pytest.FixtureRequest) -> Firefox:
    chosen: Firefox = request.getfixturevalue(request.param)
    return chosen.size(390, 844)


def test_what_was_searched_is_heard_at_its_second(window: Firefox, site: str) -> None:
    window.go(site)
    window.click("#q")
    window.press("caméra" + ENTER)
    window.wait_until("location.pathname === '/search'")
    window.click(f"main a[href*='{CITY}?']")
    window.wait_until(f"location.pathname === '/shows/{SHOW}/{CITY}'")
    window.wait_until(f"document.querySelector('audio').readyState >= 1 && {HERE} > 0")
    stands = window.evaluate(HERE)
    assert min(abs(stands - said) for said in said_at(CITY, "caméra")) <= 3
    window.mute()
    window.evaluate("document.querySelector('audio').play()")
    window.wait_until(f"{HERE} > {stands + 1}")


@pytest.mark.torture
def test_the_sound_goes_on_across_pages(firefox: Firefox, site: str) -> None:
    window = firefox.size(390, 844)
    window.go(f"{site}/shows/{SHOW}/{CITY}?t=5")
    window.wait_until("document.querySelector('audio').readyState >= 1")
    window.mute()
    window.evaluate("window.same = true")
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
