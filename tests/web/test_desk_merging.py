"""Twins, merging and other addresses at the desk: nothing is lost, and old links lead on."""

import hashlib
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.episode import Audio, Person
from radio.derived.prints import Prints
from radio.proposals.twins.prints import propose
from tests.samples import CITY, DEMO, MEMORY, STREET, files_in, put
from tests.visits import words
from tests.web.desks import OWN, follow, noted, send, signed_in, when_over

KEPT, LEFT = f"emission/{STREET}", f"emission/{CITY}"
PAGE = f"/desk/merge/{KEPT}"


@pytest.fixture
def two(archive: Archive) -> Archive:
    """The street twice, once with a byte more and what somebody knew; and another episode."""
    put(archive, STREET, title="Les micros de la rue")
    put(archive, MEMORY, title="Garder la mémoire")
    content = (DEMO / f"{STREET}.mp3").read_bytes()[:-1]
    audio = Audio(
        f"{CITY}.mp3", hashlib.sha256(content).hexdigest(), len(content), "audio/mpeg", 62.8
    )
    copy = put(archive, CITY, title="Rediffusion", people=(Person("Anna"),))
    archive.write_episode(replace(copy, audio=audio))
    archive.audio_path(copy).write_bytes(content)
    for each in archive.episodes():
        Prints(archive).of(each)
    propose(archive)
    return archive


@pytest.fixture
def zoe(two: Archive) -> FlaskClient:
    return signed_in(two, name="Zoé")


def truth(archive: Archive) -> list[dict[str, bytes]]:
    return [files_in(each) for each in (archive.media, archive.transcripts)]


def test_two_copies_become_one_at_the_desk_and_two_again(two: Archive, zoe: FlaskClient) -> None:
    words(zoe.get("/desk/twins"), 200, "Le même son", "Les micros de la rue", "Rediffusion")
    form = zoe.get(f"{PAGE}?other={LEFT}")
    words(send(zoe, form, other="Personne", keep=""), 422, "Aucun autre épisode")
    unlike = send(zoe, form, other="garder la mémoire", keep="")
    done = send(zoe, unlike, sure="1")
    assert done.status_code == 303
    when_over(zoe, PAGE, "La machine compare")
    words(zoe.get(PAGE), 200, "rien n’est réuni")
    shown = send(zoe, form, other=f"https://radio.example/shows/{LEFT}?t=3", keep="this")
    words(shown, 200, "Rediffusion", "S’y ajoute", "Anna")
    two.write_episode(replace(two.episode(LEFT), title="Rediffusion 2"))
    words(send(zoe, shown, sure="1"), 409, "quelque chose a changé")
    before = truth(two)
    shown = send(zoe, form, other=LEFT, keep="this")
    assert send(zoe, shown, sure="1").location == PAGE
    page = when_over(zoe, PAGE, "La machine compare")
    assert "« Rediffusion 2 » est réuni" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert [each.name for each in two.episode(KEPT).people] == ["Anna"]
    assert zoe.get(f"/shows/{LEFT}").location.endswith(f"/shows/{KEPT}")
    assert noted(two, "who what key") == ("Zoé", "merge", KEPT)
    back = zoe.post(PAGE, data={"act": "back"}, headers=OWN)
    follow(zoe, back, "les deux épisodes sont de nouveau là")
    assert truth(two) == before


def test_two_that_are_not_the_same_are_proposed_no_more(two: Archive, zoe: FlaskClient) -> None:
    assert "/desk/twins" in zoe.get("/desk").text
    pair = {"first": KEPT, "second": LEFT}
    follow(zoe, zoe.post("/desk/twins", data=pair, headers=OWN), "C’est noté")
    assert noted(two, "who what key") == ("Zoé", "apart", KEPT)
    assert "/desk/twins" not in zoe.get("/desk").text


def test_an_old_address_leads_to_the_new_one_until_it_is_taken_back(
    two: Archive, zoe: FlaskClient
) -> None:
    form = zoe.get(f"/desk/rename/{KEPT}")
    words(send(zoe, form, name=STREET), 422, "C’est déjà son adresse")
    words(send(zoe, form, name=CITY), 422, "choisissez un autre nom")
    before = truth(two)
    shown = send(zoe, form, name="2024-01-17 Les micros")
    words(shown, 200, "/shows/emission/2024-01-17-les-micros")
    new = send(zoe, shown, sure="1")
    follow(zoe, new, "l’ancienne mène à la nouvelle")
    assert zoe.get(f"/shows/{KEPT}").location.endswith("/2024-01-17-les-micros")
    assert noted(two, "who what key") == ("Zoé", "rename", "emission/2024-01-17-les-micros")
    page = new.location.partition("?")[0]
    follow(zoe, zoe.post(page, data={"act": "back"}, headers=OWN), "de nouveau cette adresse")
    assert truth(two) == before
