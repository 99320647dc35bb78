"""What the desk says: what waits first, titles and no keys, reasons in the language of the page."""

import pytest

from radio import messages
from radio.acts.publishing import withdraw
from radio.archive import Archive
from radio.work.status import Trouble, WorkStatus, write_status
from tests.samples import STREET, put
from tests.visits import text
from tests.web.busy_desk import fill
from tests.web.desks import send, signed_in

KEY = f"emission/{STREET}"
LATE = {"text": "Non.", "author": "", "at": "59:00", "day": "", "act": "show"}


@pytest.mark.parametrize(
    ("language", "why"), [("fr", "il dure 63 secondes"), ("en", "it lasts 63 seconds")]
)
def test_why_it_failed_is_said_in_the_language_of_the_page(
    archive: Archive, language: str, why: str
) -> None:
    put(archive, STREET)
    client = signed_in(archive)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    said = messages._("check its sha256")
    page = client.get(f"/desk/reply/{KEY}")
    assert why in text(send(client, page, **LATE))
    assert messages._("check its sha256") == said  # the log and the command speak as before


def test_the_first_page_says_what_waits(archive: Archive) -> None:
    assert "Rien n’attend." in text(signed_in(archive, name="Lou").get("/desk"))
    fill(archive)
    client = signed_in(archive, name="Anne")
    page = client.get("/desk").text.partition("Travailler")[0]
    for told, place in (
        ("3 propositions attendent", "/desk/proposals"),
        ("2 enregistrements déposés", "/desk/uploads#plan"),
        ("2 choses ont échoué", "/desk/status#failed"),
    ):
        assert f'<a href="{place}">{told}' in page
    rereader = signed_in(archive, "rereader", "Jean").get("/desk").text
    assert "3 propositions attendent" in rereader and "déposés" not in rereader


def test_episodes_are_told_by_their_titles(archive: Archive) -> None:
    put(archive, STREET, title="Les micros")
    withdraw(archive, [KEY], reason="Vie privée", who="Noé")
    trouble = Trouble("transcribe", KEY, f"{KEY}: broken", "", 1, 9e9)
    write_status(archive, WorkStatus(troubles=(trouble,)))
    client = signed_in(archive)
    assert "Vie privée, Les micros" in text(client.get("/desk/journal"))
    state = text(client.get("/desk/status"))
    assert "première transcription, Les micros" in state and f"{KEY}: broken" not in state


@pytest.mark.parametrize("place", ["delete", "redact"])
def test_an_act_that_nothing_takes_back_looks_like_no_other(archive: Archive, place: str) -> None:
    put(archive, STREET)
    client = signed_in(archive)
    page = client.get(f"/desk/{place}/{KEY}")
    asked = {"fate": "forget"} if place == "delete" else {"fate": "seal", "start": "1", "end": "2"}
    sure = send(client, page, **asked, cover="tone").text
    assert '<button class="grave" type="submit" name="sure"' in sure
    assert 'class="grave"' not in page.text
