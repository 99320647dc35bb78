"""A listener’s visit in a real Firefox, with JavaScript and without: Tor Browser is one."""

import pytest

from tests.firefox import ENTER, Firefox
from tests.samples import CITY, SHOW, said_at

HERE = "document.querySelector('audio').currentTime"


@pytest.fixture(params=["firefox", "plain_firefox"])
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
