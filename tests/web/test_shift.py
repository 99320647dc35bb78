"""Nothing jumps: a page stays where it is while it loads, and while one reads on."""

from playwright.sync_api import Page

from tests.samples import CITY, SHOW

EPISODE = f"/shows/{SHOW}/{CITY}"
HIT = f"{EPISODE}?q=ville&t=20#t"
HEARD = "/search/listen?q=ville"
PHONE, TABLET, DESK = 360, 768, 1440  # pixels
SEEN = [(PHONE, path) for path in ("/", EPISODE, HIT, "/search?q=ville", HEARD)]
SEEN += [(width, path) for width in (TABLET, DESK) for path in (EPISODE, HIT)]
WATCH = """
window.shift = 0;
new PerformanceObserver((list) => list.getEntries().forEach((each) => {
  if (!each.hadRecentInput) window.shift += each.value;
})).observe({ type: "layout-shift", buffered: true });
"""
LEAST = 0.001  # half a row may be drawn before the rest of the page is there
PARTS = (0, 0.5, 0)  # of the way to the end


def test_no_page_shifts(phone: Page, site: str) -> None:
    phone.add_init_script(WATCH)
    shifts = {}
    for width, path in SEEN:
        phone.set_viewport_size({"width": width, "height": 740})
        phone.goto("about:blank")
        phone.goto(f"{site}{path}")
        for part in PARTS:
            phone.evaluate(f"scrollTo({{ top: {part} * document.body.scrollHeight }})")
            phone.wait_for_timeout(80)  # until what is looked at is drawn
        shifts[width, path] = phone.evaluate("window.shift")
    assert {seen: shift for seen, shift in shifts.items() if shift >= LEAST} == {}
