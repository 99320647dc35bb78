"""Keepers come in with a real browser: by keyboard, with JavaScript and without."""

import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from radio.archive import Archive
from radio.archive.episode import Show
from radio.desk import accounts
from radio.web.gate import COOKIE, DEVICE
from tests.processes import free_port, serving
from tests.samples import STREET, put
from tests.visits import faults

KEY = f"emission/{STREET}"
WORD = "une phrase assez longue"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True)
class Desk:
    """A site whose desk is at another port."""

    address: str
    public: str
    link: Callable[[str], str]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    archive, port = Archive(tmp_path_factory.mktemp("desk") / "root"), free_port()
    archive.create()
    archive.write_show(Show("emission", "Émission"))
    put(archive, STREET)

    def link(name: str) -> str:
        accounts.add(archive.root, name, "keeper")
        return f"{address}/desk/link/{accounts.invite(archive.root, name)}"

    address = f"http://127.0.0.1:{port}"
    with serving("serve", "--root", str(archive.root), "--desk", str(port)) as server:
        yield Desk(address, server.address, link)


def type_in(page: Page, *words: str) -> None:
    """Fill a form in from its first field on, and send it by the return key."""
    page.locator("main input:not([type=hidden])").first.focus()
    for word in words:
        page.keyboard.type(word)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_keeper_comes_in_by_keyboard(browser: Browser, desk: Desk, script: bool) -> None:
    name = "Zoé" if script else "Noé"
    look = faults if script else (lambda _page: "")
    with browser.new_context(java_script_enabled=script, locale="fr-FR") as context:
        page = context.new_page()
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(desk.link(name))
        assert look(page) == ""
        type_in(page, WORD, WORD)
        expect(page.get_by_role("status")).to_contain_text("Le mot de passe est choisi")
        assert look(page) == ""
        assert context.cookies() == []
        type_in(page, name, WORD, "")
        expect(page.get_by_role("heading", name="Mon compte")).to_be_visible()
        assert page.url == f"{desk.address}/desk?signed=1"
        assert look(page) == ""
        known = {each["name"]: each for each in context.cookies()}
        assert {name: each["path"] for name, each in known.items()} == {
            COOKIE: "/",
            DEVICE: "/desk",
        }
        assert {
            (each["secure"], each["httpOnly"], each["sameSite"]) for each in known.values()
        } == {(True, True, "Strict")}
        about = ("episodes", "fields", "chapters", "rights", "reply", "pseudonym", "redact")
        rooms = (
            "codes",
            "password",
            "report",
            "status",
            "episodes",
            "site",
            *(f"{each}/{KEY}" for each in about),
        )
        for room in rooms:
            page.goto(f"{desk.address}/desk/{room}")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            assert look(page) == ""
            assert not script or page.evaluate(WIDER) <= 0
        page.locator("[name=fate][value=seal]").check()
        type_in(page, "1", "2")
        expect(page.get_by_role("heading", level=1)).to_have_text("Ce qui sera retiré")
        assert look(page) == ""
        page.get_by_role("button", name="Sortir").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Entrer")).to_be_visible()
        assert [each["name"] for each in context.cookies()] == [DEVICE]


def test_the_public_port_knows_no_desk(desk: Desk) -> None:
    for path in ("/desk", "/desk/sign-in", "/desk/link/x"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(desk.public + path)
        with refused.value as answer:
            assert answer.code == 404
    with urllib.request.urlopen(f"{desk.address}/desk") as answer:
        assert answer.status == 200
