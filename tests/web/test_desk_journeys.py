"""The day of a volunteer at the desk, by keyboard alone, in each browser, without scripts too."""

import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ViewportSize

from radio.archive import Archive, journal
from radio.archive.episode import Show
from radio.desk import accounts
from radio.text.transcript import Cue
from tests.firefox import DOWN, ENTER, TAB
from tests.heard import write_cues
from tests.patience import until
from tests.processes import free_port, serving
from tests.samples import DEMO, STREET
from tests.visits import faults
from tests.web.desks import WORD, said
from tests.windows import Chromium, Window, opened

SAID = {1: "La kni dit non à tous.", 6: "Madame Zinzolin est là.", 12: "Et puis la kni part."}
ROOM: ViewportSize = {"width": 360, "height": 740}
SOUND = "2024-01-16 Les micros de la rue.mp3"
LONGEST_STAY = 12  # keys: what a player has of its own
FOCUS = Path(__file__).with_name("focus.js").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Place:
    """A site over an archive of its own; the port of listeners knows no desk."""

    address: str
    archive: Archive
    public: str
    link: str  # by which somebody chooses a password


@dataclass(frozen=True)
class Volunteer:
    """Somebody without a mouse, and how a page is looked at that no other test opens."""

    window: Window
    look: Callable[[], str]

    def reach(self, selector: str) -> None:
        """Go on by Tab until there is what a selector finds; see the focus on each way there."""
        last, stays = None, 0
        for _ in range(150):
            if here := self.see(selector):
                if here["found"]:
                    return
                stays = stays + 1 if here["place"] == last else 0
                assert stays < LONGEST_STAY, here["what"]
                last = here["place"]
            self.window.press(TAB)
        raise AssertionError((selector, self.window.evaluate("document.body.innerText")))

    def see(self, selector: str) -> dict[str, Any] | None:
        """Find what has the focus, a moment later where the page rolls there."""
        here: dict[str, Any] | None = None

        def look() -> bool:
            nonlocal here
            here = self.window.evaluate(FOCUS.replace("SELECTOR", repr(selector)))
            return not here or bool(here["ringed"] and here["uncovered"])

        until(look, lambda: here, seconds=20)
        return here

    def write(self, fields: dict[str, str]) -> None:
        """Type in fields: in place of what a line says, before what a text says."""
        for selector, words in fields.items():
            self.reach(selector)
            self.window.press(words)

    def open(self, address: str) -> None:
        """Go to an address, and have the keys of the page there, not those of the browser."""
        self.window.go(address).evaluate("window.focus()")

    def follow(self, *selectors: str) -> None:
        for selector in selectors:
            self.reach(selector)
            self.leave()

    def leave(self) -> None:
        self.window.evaluate("document.body.dataset.old = '1'")
        self.window.press(ENTER)
        self.window.wait_until("!document.body.dataset.old && document.readyState === 'complete'")
        self.window.evaluate("window.focus()")
        assert self.window.evaluate("document.documentElement.scrollWidth <= innerWidth")

    def told(self) -> str:
        return str(self.window.evaluate("document.querySelector('main [role]')?.textContent"))

    def wait(self, words: str) -> None:
        def look() -> bool:
            if words not in self.told():
                self.follow("main a.button")
            return words in self.told()

        until(look, self.told)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    archive = Archive(tmp_path / "root")
    archive.create()
    archive.write_show(Show("emission", "Émission"))
    accounts.add(archive.root, "Zoé", "keeper")
    port, link = free_port(), accounts.invite(archive.root, "Zoé")
    address = f"http://127.0.0.1:{port}"
    with serving("serve", "--root", str(archive.root), "--desk", str(port)) as server:
        yield Place(address, archive, server.address, f"{address}/desk/link/{link}")


NAMES = ("plain_chromium", "firefox", "plain_firefox")
OTHERS = [pytest.param(name, marks=pytest.mark.torture) for name in NAMES]


@pytest.fixture(params=["chromium", *OTHERS])
def volunteer(request: pytest.FixtureRequest) -> Iterator[Volunteer]:
    with opened(request, ROOM) as window:
        look: Callable[[], str] = str
        if isinstance(window, Chromium) and request.param == "chromium":
            look = partial(faults, window.page)
        yield Volunteer(window, look)


@pytest.mark.long
def test_a_day_at_the_desk(volunteer: Volunteer, place: Place, tmp_path: Path) -> None:
    come_in(volunteer, place)
    send_a_recording(volunteer, tmp_path)
    key = place.archive.episodes()[0].key
    edit_and_reread(volunteer, place, key)
    propose_and_accept(volunteer, place, key)
    take_out(volunteer, key)
    read_the_journal(volunteer)
    volunteer.follow("nav a[href$='/desk']", "main a[href$='/desk/account']")
    volunteer.follow("main form[action$=sign-out] button")
    volunteer.reach("#password")
    text = said(place.archive, key)
    assert text.startswith("Bon. Oui. La kni dit non à tous.")
    assert "Zinzolin" not in text
    assert place.archive.episode(key).title == "La rue"
    done = [each.what for each in reversed(journal.entries(place.archive.root)) if each.who]
    assert done[-5:] == ["edit", "mend", "publish", "mend", "redact"]
    for path in ("/desk", "/desk/sign-in", place.link.removeprefix(place.address)):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(place.public + path)
        with refused.value as answer:
            assert answer.code == 404


def come_in(volunteer: Volunteer, place: Place) -> None:
    volunteer.open(place.link)
    assert volunteer.look() == ""
    volunteer.write({"#chosen": WORD, "#again": WORD})
    volunteer.leave()
    assert "Le mot de passe est enregistré" in volunteer.told()
    assert volunteer.look() == ""
    volunteer.write({"#name": "Zoé", "#password": WORD})
    volunteer.leave()


def send_a_recording(volunteer: Volunteer, folder: Path) -> None:
    shutil.copyfile(DEMO / f"{STREET}.mp3", folder / SOUND)
    volunteer.follow("nav a[href$='/desk/uploads']")
    volunteer.reach("#file")
    volunteer.window.choose("#file", folder / SOUND)
    volunteer.reach("#send button")
    if volunteer.window.evaluate("document.querySelector('[data-script]').hidden"):
        volunteer.leave()
    else:
        volunteer.window.press(ENTER)
        volunteer.window.wait_until("document.querySelector('#sending a.button').offsetWidth")
        volunteer.follow("#sending a.button")
    volunteer.write({"[name^=title]": "Les micros"})
    volunteer.follow("button[form=entering]")
    volunteer.wait("C’est ajouté")


def edit_and_reread(volunteer: Volunteer, place: Place, key: str) -> None:
    volunteer.follow("main a[href*='/desk/episodes']", f"main a[href$='{key}']")
    volunteer.write({"#f-title": "La rue"})
    volunteer.follow("button[value=save]")
    assert "C’est enregistré" in volunteer.told()
    cues = (Cue(float(start), start + 4.0, words) for start, words in SAID.items())
    place.archive.vtt_path(key).parent.mkdir(parents=True, exist_ok=True)
    write_cues(place.archive, key, *cues, status="machine", model="base")
    volunteer.write({".about-episode summary": " "})
    volunteer.follow(f".of-episode a[href$='reread/{key}']")  # a text of one section opens at once
    volunteer.write({".sentence textarea": "Oui. "})
    volunteer.follow("button[value=save]")
    assert "nregistr" in volunteer.told()
    found = "nav a[href$='/desk/episodes']", f"main a[href$='{key}']"
    volunteer.follow(*found, "button[value=publish]")  # by one press: so far it is a draft
    assert "C’est fait" in volunteer.told()


def propose_and_accept(volunteer: Volunteer, place: Place, key: str) -> None:
    volunteer.open(f"{place.public}/shows/{key}?t=2")
    volunteer.follow(".transcript .report a")
    assert volunteer.look() == ""
    volunteer.write({"#words": "Bon. "})
    volunteer.follow("main form button")
    assert "va écouter ce passage" in volunteer.told()
    volunteer.open(f"{place.address}/desk")
    volunteer.follow("main a[href$='/desk/proposals']", "button[value=accept]")
    assert "C’est corrigé" in volunteer.told()


def take_out(volunteer: Volunteer, key: str) -> None:
    redact = f".of-episode a[href$='redact/{key}']"
    volunteer.follow("nav a[href$='/desk/episodes']", f"main a[href$='{key}']")
    volunteer.write({".about-episode summary": " "})
    volunteer.follow(redact)
    volunteer.write({"#start": "6", "#end": "10", "[name=cover]": DOWN, "[name=fate]": " "})
    volunteer.follow("main form button")
    volunteer.write({"[name=again]": " "})
    volunteer.follow("button[name=sure]")
    volunteer.wait("Le passage est retiré")


def read_the_journal(volunteer: Volunteer) -> None:
    volunteer.follow("nav a[href$='/desk']", "main a[href$='/desk/journal']")
    volunteer.write({"#episode": "micros"})
    volunteer.follow("main form button")
    assert volunteer.window.evaluate("document.querySelectorAll('.journal tr').length") >= 4
    wide = "document.querySelector('.wide')"
    assert volunteer.window.evaluate(f"{wide}.scrollWidth - {wide}.clientWidth") <= 1
