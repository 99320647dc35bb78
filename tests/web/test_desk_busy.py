"""Who asks for something long while the site is at another such thing loses nothing of it."""

import threading
from collections.abc import Iterator

import pytest

from radio.archive import Archive
from radio.system.progress import Progress
from radio.work.chore import Chore, Chores
from tests.patience import LONG
from tests.samples import STREET, put
from tests.visits import text
from tests.web.desks import OWN, hidden, signed_in

KEY = f"emission/{STREET}"


@pytest.fixture
def going_on(archive: Archive) -> Iterator[tuple[Chores, threading.Event]]:
    """A chore that goes on until it is told to end."""
    put(archive, STREET)
    chores, end = Chores(), threading.Event()

    def act(progress: Progress) -> None:
        progress(0.42)
        begun.set()
        end.wait(LONG)

    begun = threading.Event()
    assert chores.begin("replace x/y", act)
    assert begun.wait(LONG)
    yield chores, end
    end.set()


def test_what_is_asked_again_goes_to_the_site_that_lies_below_another(
    archive: Archive, going_on: tuple[Chores, threading.Event]
) -> None:
    client = signed_in(archive)
    client.application.extensions["chores"] = going_on[0]
    place = {"base_url": "http://localhost/decoudre", "headers": OWN}
    met = client.post(f"/desk/making/{KEY}", data={"what": "kit"}, **place)
    assert (met.status_code, f'action="/decoudre/desk/making/{KEY}"' in met.text) == (409, True)


@pytest.mark.parametrize("what", ["kit", "copy"])
def test_the_second_keeper_sees_what_goes_on(
    archive: Archive, going_on: tuple[Chores, threading.Event], what: str
) -> None:
    client = signed_in(archive)
    client.application.extensions["chores"] = going_on[0]
    met = client.post(f"/desk/making/{KEY}?lang=fr", data={"what": what}, headers=OWN)
    assert met.status_code == 409
    assert "Un son est remplacé : 42 %." in " ".join(text(met).split())
    assert f'action="/desk/making/{KEY}?lang=fr"' in met.text
    assert hidden(met)["what"] == what


def test_a_page_is_answered_while_another_forgets_what_was_done() -> None:
    class Forgotten(Chores):
        """Between two looks at the chore another page forgets it."""

        looks = iter([Chore("look"), None])

        @property
        def _latest(self) -> Chore | None:
            return next(self.looks)

        @_latest.setter
        def _latest(self, _chore: Chore | None) -> None:
            pass

    found = Forgotten().latest()
    assert found
    assert found.name == "look"
