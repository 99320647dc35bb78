"""A keeper replaces a name at the desk: shown wherever it stands, misheard forms ticked, undone."""

import threading
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from radio.actions import pseudonym_places
from radio.actions.pseudonym_places import NameFound
from radio.actions.renaming import rename_episode
from radio.archive import Archive
from radio.archive.acts import undo
from radio.archive.episode import Person
from radio.archive.pseudonyms import pseudonyms_for
from radio.text.transcript import Cue, Transcript, render_vtt
from radio.web.views import desk_pseudonyms
from tests.patience import LONG, until
from tests.samples import CITY, STREET, put
from tests.visits import text
from tests.web.desks import OWN, hidden, signed_in, when_over

KEY, OTHER = f"emission/{STREET}", f"emission/{CITY}"
HERE = f"/desk/pseudonym/{KEY}"
SAID = "Bonjour Zoé Zimmermann. Et Zoey Zimmer man répond. Oui, dit Simmermann. La rue est à nous."
ASKED = {"name": "Zoé Zimmermann", "shown": "Camille", "scope": "episode", "fate": "keep"}


@pytest.fixture
def named(archive: Archive) -> Archive:
    put(archive, STREET, title="Avec Zoé Zimmermann", people=(Person("Zoé Zimmermann"),))
    put(archive, CITY)
    said = Transcript((Cue(0, 4, SAID), Cue(4, 9, "Merci à ZOE ZIMMERMANN <là>.")))
    archive.vtt_path(KEY).write_text(render_vtt(said), encoding="utf-8")
    return archive


def send(client: FlaskClient, *forms: str, **fields: str) -> TestResponse:
    data: dict[str, object] = {**ASKED, **fields, "form": list(forms)}
    return client.post(HERE, data=data, headers=OWN)


def when_done(client: FlaskClient) -> str:
    return when_over(client, HERE, "en train d’être remplacé")


def test_a_name_is_shown_wherever_it_stands_then_replaced(named: Archive) -> None:
    client = signed_in(named)
    assert "Voir où il se lit" in client.get(HERE).text
    shown = send(client)
    told = text(shown)
    assert "4 endroits." in told
    assert "<del>Zoé Zimmermann.</del>" in shown.text and "<ins>Camille.</ins>" in shown.text
    assert "&lt;là&gt;" in shown.text
    assert 'value="Zoey Zimmer man"' in shown.text and 'value="Simmermann"' in shown.text
    forms = ("Zoey Zimmer man", "Simmermann")
    stale = send(client, *forms, sure="1", seen=hidden(shown)["seen"])
    assert (stale.status_code, "6 endroits." in text(stale)) == (409, True)
    assert "Zimmermann" in named.episode(KEY).title
    done = send(client, *forms, sure="1", seen=hidden(stale)["seen"])
    assert done.status_code == 303
    assert "Le nom est remplacé" in when_done(client)
    said = named.vtt_path(KEY).read_text(encoding="utf-8")
    assert "Et Camille répond. Oui, dit Camille." in " ".join(said.split())
    assert named.episode(KEY).title == "Avec Camille"
    assert "Zimmer" not in text(client.get(f"/shows/{KEY}"))
    assert len(pseudonyms_for(named.root, [KEY])) == 3
    undo(named)
    assert named.vtt_path(KEY).read_text(encoding="utf-8") != said
    assert pseudonyms_for(named.root, [KEY]) == ()


def test_what_is_forgotten_is_asked_for_twice(named: Archive) -> None:
    client = signed_in(named)
    (named.root / "notes.txt").write_text("Zoé Zimmermann")  # what only a keeper can judge
    shown = send(client, fate="forget", scope="show")
    seen = hidden(shown)["seen"]
    once = send(client, fate="forget", scope="show", sure="1", seen=seen)
    assert (once.status_code, "Rien n’a été fait" in once.text) == (409, True)
    done = send(client, fate="forget", scope="show", sure="1", seen=seen, again="forget")
    assert done.status_code == 303
    told = when_done(client)
    assert ("Le nom est remplacé" in told, "notes.txt" in told) == (True, True)
    assert not any("Zimmermann" in each.read_text() for each in named.root.glob("history/*.json"))
    assert pseudonyms_for(named.root, [OTHER])[0].shown == "Camille"  # later ones of the show too
    assert "ne se lit nulle part" in text(send(client, scope="all"))


def test_many_episodes_are_looked_through_beside_all_else(
    named: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for minutes before a page that does not come, as in a thousand hours."""
    monkeypatch.setattr(desk_pseudonyms, "AT_ONCE", 1)
    going_on = threading.Event()

    def look_for(*asked: Any) -> NameFound:
        assert going_on.wait(LONG)
        return pseudonym_places.look_for(*asked)

    monkeypatch.setattr(desk_pseudonyms, "look_for", look_for)
    client = signed_in(named)
    waited = send(client, scope="all", more="Simmermann")
    assert "Tous les textes sont lus" in text(waited) and "0 %" in text(waited)
    assert hidden(waited)["name"] == "Zoé Zimmermann"
    going_on.set()
    shown = looked(client, scope="all", more="Simmermann")
    assert "5 endroits." in text(shown)
    once = looked(client, scope="all", more="Simmermann", sure="1", seen="0")
    assert (once.status_code, "Rien n’a encore été fait" in text(once)) == (409, True)
    asked = {"scope": "all", "more": "Simmermann", "sure": "1", "seen": hidden(shown)["seen"]}
    assert send(client, **asked).status_code == 303
    assert "Le nom est remplacé" in when_done(client)
    assert named.episode(KEY).title == "Avec Camille"


def test_what_changed_since_it_was_shown_is_not_replaced(
    named: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_pseudonyms, "AT_ONCE", 1)
    client = signed_in(named)
    shown = looked(client, scope="all")
    said = render_vtt(Transcript((Cue(0, 4, "Zoé Zimmermann est là, dit-elle."),)))
    named.vtt_path(OTHER).write_text(said, encoding="utf-8")
    done = send(client, scope="all", sure="1", seen=hidden(shown)["seen"])
    assert done.status_code == 303
    assert "a changé entre-temps" in when_done(client)
    assert named.episode(KEY).title == "Avec Zoé Zimmermann"


def looked(client: FlaskClient, **fields: str) -> TestResponse:
    """Ask until the search is done."""

    def look() -> list[TestResponse]:
        answer = send(client, **fields)
        return [] if "Tous les textes sont lus" in answer.text else [answer]

    return until(look)[0]


def test_where_it_stands_still_is_told_in_the_language_of_the_page(named: Archive) -> None:
    title = "2024-05-05-zoe-zimmermann"
    put(named, STREET, title="Avec Zoé Zimmermann")
    (named.transcripts / "emission" / f"{STREET}.source.docx").write_bytes(b"PK")
    rename_episode(named, KEY, title)
    page = signed_in(named).post(f"/desk/pseudonym/emission/{title}", data=ASKED, headers=OWN)
    told = text(page)
    assert "L’adresse de l’épisode emission/2024-05-05-zoe-zimmermann" in told
    assert "zoe-zimmermann.source.docx, reçu avec l’épisode" in told
    assert "not looked into" not in told and "radio move --rename la change" in told
