"""Each page of a busy desk, looked at as a volunteer sees it, and by axe: in both browsers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from radio.archive import Archive
from tests.visits import faults
from tests.web.busy_desk import ANSWERS, BusyDesk, busy_desk
from tests.web.desks import WIDER

LISTS = ("proposals", "elsewhere", "uploads", "reread", "deleted", "fields")
LONG = """() => document.querySelectorAll('main :is(h1, h2, h3, li > a, .kicker a)')
    .forEach((each) => { each.textContent = 'anticonstitutionnellement'.repeat(3); })"""
TIED = """() => [...document.querySelectorAll('[aria-invalid=true]')]
    .filter((each) => each.getAttribute('aria-describedby')).length"""
LOW = """() => {
    const all = (some) => [...document.querySelectorAll(some)];
    const shown = (some) => all(some).filter((it) => it.checkVisibility());
    const [first] = shown("main :is(input:not([type=hidden]), select, textarea)")
        .map((it) => it.getBoundingClientRect().top).sort((one, other) => one - other);
    return [
        ...shown(".top, .ear").filter((it) => it.offsetHeight > 64).map((it) => it.className),
        ...shown("[form=fields][value=publish]")
            .filter((it) => it.getBoundingClientRect().bottom > 500).map((it) => it.textContent),
        ...first > 500 ? [`first field: ${first}`] : [],
    ];
}"""
LOOKED = Path(__file__).with_name("looks.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BusyDesk]:
    with busy_desk(Archive(tmp_path_factory.mktemp("busy") / "root")) as desk:
        yield desk


def signed_in(browser: Browser, busy: BusyDesk) -> BrowserContext:
    context = browser.new_context(locale="fr-FR", viewport={"width": 360, "height": 740})
    context.add_cookies([busy.cookie("Zoé")])  # type: ignore[list-item]
    return context


def ill(page: Page) -> list[object]:
    return [each for each in (page.evaluate(LOOKED), faults(page)) if each]


@pytest.mark.long
def test_each_page_can_be_read_told_apart_and_pressed(browser: Browser, busy: BusyDesk) -> None:
    with signed_in(browser, busy) as context:
        page, titles, wrong = context.new_page(), dict[str, str](), dict[str, list[object]]()
        for name, path in busy.pages.items():
            page.goto(busy.address + path)
            wrong[name] = [*page.evaluate(LOW), *ill(page)]  # menu and keys are a row each
            titles.setdefault(page.title(), name)
            if name in LISTS:
                page.evaluate(LONG)
                assert page.evaluate(WIDER) <= 0, name
        assert {name: each for name, each in wrong.items() if each} == {}
        one_line_more = {"accepted"}
        assert busy.pages.keys() - titles.values() == one_line_more


@pytest.mark.long
def test_each_answer_says_at_its_field_what_is_wrong(browser: Browser, busy: BusyDesk) -> None:
    with signed_in(browser, busy) as context:
        page, wrong = context.new_page(), dict[str, list[object]]()
        for name, answer in ANSWERS.items():
            page.goto(busy.address + answer.path)
            with page.expect_navigation():
                page.evaluate(answer.script)
            expect(page.locator("[autofocus]:not(:focus)")).to_have_count(0)
            wrong[name] = ill(page)
            if name.endswith("-wrong"):
                assert page.title().startswith("Erreur"), name
                assert page.evaluate(TIED) >= 1, name
        assert {name: each for name, each in wrong.items() if each} == {}
