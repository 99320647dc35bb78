"""Keepers protect people at the desk: consents, replies, passages taken out, names replaced."""

import datetime as dt
import re
import threading
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from radio.actions import pseudonym_places
from radio.actions.pseudonym_places import NameFound
from radio.actions.renaming import rename_episode
from radio.archive import Archive, journal
from radio.archive.acts import undo
from radio.archive.consents import Consent, consents_of
from radio.archive.episode import Person
from radio.archive.keys import names_of
from radio.archive.protection import PublicReply
from radio.archive.pseudonyms import pseudonyms_for
from radio.search import Index
from radio.text.transcript import Cue
from radio.web.views import desk_pseudonyms
from tests.heard import KEY, hear, write_cues
from tests.patience import LONG, until
from tests.processes import command
from tests.samples import CITY, STREET, put, unpacked
from tests.visits import text, words
from tests.web.desks import OWN, hidden, noted, send, signed_in, when_over

CONSENTS, REPLY, REDACT = (f"/desk/{each}/{KEY}" for each in ("consents", "reply", "redact"))
AGREED = {"person": "Zoé <Durand>", "given": "2026-03-03", "terms": "L’antenne.\r\nPas le web."}
REPLIED = {"text": "C’est <b>faux</b>.\r\n\r\nJe n’ai *rien* dit.", "author": "Zoé", "at": "0:01"}
TAKEN = {"start": "0:20", "end": "22,5", "cover": "tone", "fate": "seal", "text": "[un nom]"}
OTHER = f"emission/{CITY}"
ASKED_FOR = f"/desk/asked/{KEY}"
PSEUDONYM = f"/desk/pseudonym/{KEY}"
NAMED = "Bonjour Zoé Zimmermann. Et Zoey Zimmer man répond. Oui, dit Simmermann. La rue est à nous."
ASKED = {"name": "Zoé Zimmermann", "shown": "Camille", "scope": "episode", "fate": "keep"}


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    said = "Bonjour à toutes.", "Alors monsieur Zinzolin habite au coin <là>.", "Merci à tous."
    hear(archive, dict(zip((0, 19, 38), said, strict=True)), pace=1.0)
    return signed_in(archive)


def known(archive: Archive) -> list[Consent]:
    (episode,) = archive.episodes()
    return consents_of(archive.root, names_of(archive, episode))


def test_a_consent_is_noted_changed_and_taken_away(archive: Archive, client: FlaskClient) -> None:
    page = client.get(CONSENTS)
    words(page, 200, "Rien n’est encore noté", "ni dans les flux")
    assert send(client, page, **AGREED, act="save", note="au téléphone").status_code == 303
    given = Consent("Zoé <Durand>", dt.date(2026, 3, 3), "L’antenne.\nPas le web.")
    assert known(archive) == [given]
    again = send(client, client.get(CONSENTS), **AGREED | {"person": "ZOE DURAND"}, act="save")
    assert again.status_code == 409  # one line for each person
    rename_episode(archive, KEY, "autre")
    key = archive.episodes()[0].key
    here = f"/desk/consents/{key}?number=1"
    taken = {"given": "", "withdrawn": "2026-06-01"}
    assert send(client, client.get(here), **AGREED | taken, act="save").status_code == 303
    assert (known(archive)[0].withdrawn, known(archive)[0].given) == (dt.date(2026, 6, 1), None)
    names = unpacked(client.get("/download/archive.zip").data)
    assert names and not any("consent" in each for each in names)
    changing = client.get(here)
    assert send(client, changing, **AGREED, act="remove").status_code == 422  # nothing is ticked
    assert send(client, changing, **AGREED, act="remove", sure="1").status_code == 303
    assert known(archive) == []
    assert not list((archive.root / "desk" / "consents").rglob(f"{STREET}.json"))
    entries = [each for each in journal.entries(archive.root) if each.what == "consent"]
    assert [(each.who, each.line) for each in entries] == [("Noé", "–"), ("Noé", ""), ("Noé", "")]
    assert "Durand" not in str(entries)
    asked = ("protect", "consent", key, "Zoé")  # by the command
    command(archive, *asked, "--given", "2026-03-03")
    assert [each.person for each in known(archive)] == ["Zoé"]
    command(archive, *asked, "--remove")
    assert known(archive) == []
    assert command(archive, *asked, "--remove", check=False).returncode == 1
    terms = "仅限广播" * 500  # taken whole, in any script
    send(client, client.get(f"/desk/consents/{key}"), person="Zoé", terms=terms, act="save")
    assert [each.terms for each in known(archive)] == [terms]


def test_a_person_is_found_in_all_episodes_and_each_request_leads_on(
    archive: Archive, client: FlaskClient
) -> None:
    send(client, client.get(CONSENTS), **AGREED, act="save")
    put(archive, CITY, people=(Person("Zoé Durand-Roux"),))  # of whom nothing is noted
    noted = words(client.get("/desk/asked?person="), 200, "Zoé &lt;Durand&gt; 3 mars 2026")
    assert "Durand-Roux" not in noted
    words(client.get(f"{ASKED_FOR}?person=ZOE+durand"), 200, "Durand-Roux rien n’est noté")
    assert "Durand" not in text(client.get(f"{ASKED_FOR}?person=zoe+simon"))
    linked = re.findall(rf'href="(/desk/[^"#]*{KEY})[#"]', client.get(ASKED_FOR).text)
    assert {client.get(each).status_code for each in linked} <= {200, 303}


def test_a_reply_is_published_changed_and_taken_away(archive: Archive, client: FlaskClient) -> None:
    """It is taken back in tests/actions/test_replying.py."""

    def replies() -> tuple[PublicReply, ...]:
        return archive.episode(KEY).protection.replies

    page, whole = client.get(REPLY), REPLIED | {"day": "2026-05-12"}
    words(page, 200, "Aucune réponse n’est publiée")
    shown = send(client, page, **whole, act="show")
    assert "<em>rien</em>" in shown.text and "C’est &lt;b&gt;faux" in shown.text
    other = send(client, shown, **whole | {"text": "Non."}, act="publish")
    assert "Aperçu de la réponse" in other.text  # what was not shown is shown first
    assert replies() == ()
    assert send(client, shown, **whole, act="publish").status_code == 303
    said = "C’est <b>faux</b>.\n\nJe n’ai *rien* dit."
    assert replies() == (PublicReply(said, "Zoé", 1.0, dt.date(2026, 5, 12)),)
    stale = send(client, shown, **REPLIED, act="remove", number="1")
    assert (stale.status_code, len(replies())) == (409, 1)
    changing = client.get(f"{REPLY}?number=1")
    assert 'value="0:01"' in changing.text and 'value="2026-05-12"' in changing.text
    shown = send(client, changing, **whole | {"at": ""}, act="show")
    assert send(client, shown, **whole | {"at": ""}, act="publish").location
    assert replies()[0].at is None
    assert send(client, client.get(f"{REPLY}?number=1"), act="remove").status_code == 303
    assert replies() == ()
    long = send(client, client.get(REPLY), text="L’été, " * 1714, act="show")
    words(long, 200, "Aperçu de la réponse")


def test_a_passage_is_shown_confirmed_and_taken_out(archive: Archive, client: FlaskClient) -> None:
    page, taken = client.get(REDACT), "en train d’être retiré"
    before, said = archive.episode(KEY), archive.vtt_path(KEY).read_bytes()
    sound = archive.audio_path(before).read_bytes()
    archive.vtt_path(KEY).write_bytes(b"WEBVTT\n\n0:x --> 00:04.000\nOui.\n")
    unread = send(client, page, **TAKEN)
    assert (unread.status_code, 'role="alert"' in unread.text) == (422, True)
    archive.vtt_path(KEY).write_bytes(said)
    shown = send(client, page, **TAKEN | {"fate": "destroy"})
    words(shown, 200, "personne ne les aura plus")
    archive.audio_path(before).write_bytes(b"no sound")
    assert send(client, shown, sure="1", again="destroy").status_code == 303
    told = when_over(client, REDACT, taken)
    assert "Cela a échoué" in told and "rien n’est retiré" in told
    assert archive.vtt_path(KEY).read_bytes() == said
    archive.audio_path(before).write_bytes(sound)
    shown = send(client, page, **TAKEN, note="À sa demande.")
    words(
        shown,
        200,
        "0:19–0:22",
        "de la seconde 19,9 à la seconde 22,6",
        "&lt;là&gt;",
        "scellé sur la machine",
    )
    assert "<del>Alors monsieur Zinzolin habite</del>" in shown.text
    (archive.transcripts / "emission" / "copie.vtt").write_text(before.audio.sha256)
    assert send(client, shown, sure="1", again="seal").status_code == 303
    told = when_over(client, REDACT, taken)
    assert "Le passage est retiré" in told and "Déjà retirés" in told
    assert "transcripts/emission/copie.vtt" in told  # which only a keeper can judge
    assert archive.episode(KEY).audio.sha256 != before.audio.sha256
    transcript = archive.vtt_path(KEY).read_text(encoding="utf-8")
    assert "Zinzolin" not in transcript and "[un nom]" in transcript
    assert Index(archive).search("zinzolin").total == 0
    assert noted(archive) == ("Noé", "redact", "À sa demande.")


@pytest.fixture
def named(archive: Archive) -> Archive:
    put(archive, STREET, title="Avec Zoé Zimmermann", people=(Person("Zoé Zimmermann"),))
    put(archive, CITY)
    write_cues(archive, KEY, Cue(0, 4, NAMED), Cue(4, 9, "Merci à ZOE ZIMMERMANN <là>."))
    return archive


def ask(client: FlaskClient, *forms: str, **fields: str) -> TestResponse:
    data: dict[str, object] = {**ASKED, **fields, "form": list(forms)}
    return client.post(PSEUDONYM, data=data, headers=OWN)


def when_replaced(client: FlaskClient) -> str:
    return when_over(client, PSEUDONYM, "en train d’être remplacé")


def test_a_name_is_shown_wherever_it_stands_then_replaced(named: Archive) -> None:
    client = signed_in(named)
    words(client.get(PSEUDONYM), 200, "Vérifier d’abord")
    shown = ask(client)
    words(shown, 200, "4 endroits.", "&lt;là&gt;")
    assert "<del>Zoé Zimmermann.</del>" in shown.text and "<ins>Camille.</ins>" in shown.text
    assert 'value="Zoey Zimmer man"' in shown.text and 'value="Simmermann"' in shown.text
    forms = ("Zoey Zimmer man", "Simmermann")
    stale = ask(client, *forms, sure="1", seen=hidden(shown)["seen"])
    words(stale, 409, "6 endroits.")
    assert "Zimmermann" in named.episode(KEY).title
    assert ask(client, *forms, sure="1", seen=hidden(stale)["seen"]).status_code == 303
    assert "Le nom est remplacé" in when_replaced(client)
    said = named.vtt_path(KEY).read_text(encoding="utf-8")
    assert "Et Camille répond. Oui, dit Camille." in " ".join(said.split())
    assert named.episode(KEY).title == "Avec Camille"
    assert "Zimmer" not in text(client.get(f"/shows/{KEY}"))
    assert len(pseudonyms_for(named.root, [KEY])) == 3
    undo(named)
    assert named.vtt_path(KEY).read_text(encoding="utf-8") != said
    assert pseudonyms_for(named.root, [KEY]) == ()


def test_what_is_forgotten_is_asked_for_twice(named: Archive) -> None:
    client, asked = signed_in(named), {"fate": "forget", "scope": "show"}
    (named.root / "notes.txt").write_text("Zoé Zimmermann")  # what only a keeper can judge
    asked |= {"sure": "1", "seen": hidden(ask(client, **asked))["seen"]}
    words(ask(client, **asked), 409, "Rien n’a été fait")
    assert ask(client, **asked, again="forget").status_code == 303
    told = when_replaced(client)
    assert "Le nom est remplacé" in told and "notes.txt" in told
    assert not any("Zimmermann" in each.read_text() for each in named.root.glob("history/*.json"))
    assert pseudonyms_for(named.root, [OTHER])[0].shown == "Camille"  # later ones of the show too
    assert "n’apparaît nulle part" in text(ask(client, scope="all"))


def test_many_episodes_are_read_meanwhile(named: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for minutes before a page that does not come, as in a thousand hours."""
    monkeypatch.setattr(desk_pseudonyms, "AT_ONCE", 1)
    client = signed_in(named)
    seen = hidden(looked(client, scope="all"))["seen"]
    write_cues(named, OTHER, Cue(0, 4, "Zoé Zimmermann est là, dit-elle."))
    assert ask(client, scope="all", sure="1", seen=seen).status_code == 303
    assert "a changé entre-temps" in when_replaced(client)
    assert named.episode(KEY).title == "Avec Zoé Zimmermann"
    going_on, asked = threading.Event(), {"scope": "all", "more": "Simmermann"}

    def look_for(*asked: Any) -> NameFound:
        assert going_on.wait(LONG)
        return pseudonym_places.look_for(*asked)

    monkeypatch.setattr(desk_pseudonyms, "look_for", look_for)
    waited = ask(client, **asked)
    words(waited, 200, "Lecture de tous les textes", "0 %")
    assert hidden(waited)["name"] == "Zoé Zimmermann"
    going_on.set()
    shown = looked(client, **asked)
    words(shown, 200, "6 endroits.")
    words(looked(client, **asked, sure="1", seen="0"), 409, "Rien n’a encore été fait")
    assert ask(client, **asked, sure="1", seen=hidden(shown)["seen"]).status_code == 303
    assert "Le nom est remplacé" in when_replaced(client)
    assert named.episode(KEY).title == "Avec Camille"


def looked(client: FlaskClient, **fields: str) -> TestResponse:

    def look() -> list[TestResponse]:
        answer = ask(client, **fields)
        return [] if "Lecture de tous les textes" in answer.text else [answer]

    return until(look)[0]


def test_where_it_stands_still_is_told_in_the_language_of_the_page(named: Archive) -> None:
    slug = "2024-05-05-zoe-zimmermann"
    (named.transcripts / "emission" / f"{STREET}.source.docx").write_bytes(b"PK")
    rename_episode(named, KEY, slug)
    page = signed_in(named).post(f"/desk/pseudonym/emission/{slug}", data=ASKED, headers=OWN)
    kept = f"{slug[11:]}.source.docx, reçu avec l’épisode"
    address = f"L’adresse de l’épisode emission/{slug}"
    assert "not looked into" not in words(
        page, 200, address, kept, "« Changer l’adresse » la change"
    )
