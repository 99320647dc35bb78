"""What the desk says: what waits first, titles and no keys, reasons in the language of the page."""

from pathlib import Path
from typing import cast

import pytest

import radio.web
from radio.actions.publishing import withdraw
from radio.actions.replacing import CopyHeard
from radio.archive import Archive
from radio.sound.moments import shifted
from radio.system import messages
from radio.work.chore import Chores
from radio.work.status import Trouble, WorkStatus, write_status
from tests.samples import STREET, put
from tests.visits import text
from tests.web.busy_desk import fill
from tests.web.desks import send, signed_in, when_over

KEY = f"emission/{STREET}"
ROOM = Path(radio.web.__file__).parent
OTHER_WORDS = {
    "à présent": "maintenant",
    "pendant ce temps": "entre-temps",
    "la notice": "la fiche",
    "une notice": "la fiche",
    "même émission": "même épisode",
    "se ramène": "être ramené",
    "Tout relire": "Tout vérifier",
}
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


def test_the_desk_has_one_word_for_one_thing() -> None:
    """Who reads « notice » here and « fiche » there looks for two things."""
    files = [*(ROOM / "templates").glob("desk*.html"), *(ROOM / "views").glob("desk*.py")]
    assert len(files) > 40
    said = "\n".join(each.read_text(encoding="utf-8") for each in files)
    for other, word in OTHER_WORDS.items():
        assert word in said
        assert other not in said, f"{other}: say « {word} »"


def test_how_a_better_copy_lies_is_told_in_the_language_of_who_reads(archive: Archive) -> None:
    put(archive, STREET)
    client = signed_in(archive)
    chores = cast(Chores, client.application.extensions.setdefault("chores", Chores()))
    chores.begin(f"replace {KEY}", lambda _: CopyHeard(shifted(-1.5)))
    page = f"/desk/recording/{KEY}"
    assert "Tout y est dit 1,50 s plus tôt" in when_over(client, page, "sont écoutés, puis")
    told = text(client.get(page, headers={"Accept-Language": "en"}))
    assert "All is said 1.50 s earlier there" in told


@pytest.mark.parametrize("place", ["delete", "redact"])
def test_an_act_that_nothing_takes_back_looks_like_no_other(archive: Archive, place: str) -> None:
    put(archive, STREET)
    client = signed_in(archive)
    page = client.get(f"/desk/{place}/{KEY}")
    asked = {"fate": "forget"} if place == "delete" else {"fate": "seal", "start": "1", "end": "2"}
    sure = send(client, page, **asked, cover="tone").text
    assert '<button class="grave" type="submit" name="sure"' in sure
    assert 'class="grave"' not in page.text
