"""Keepers protect people at the desk: consents, replies, passages taken out, names replaced."""

import datetime as dt
import io
import threading
import zipfile
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from radio.actions import pseudonym_places
from radio.actions.pseudonym_places import NameFound
from radio.actions.renaming import rename_episode
from radio.archive import Archive, history, journal
from radio.archive.acts import undo
from radio.archive.consents import Consent, consents_of
from radio.archive.episode import Person
from radio.archive.keys import names_of
from radio.archive.protection import PublicReply
from radio.archive.pseudonyms import pseudonyms_for
from radio.search import Index
from radio.search.hits import SearchOptions
from radio.text.transcript import Cue
from radio.web.views import desk_pseudonyms
from tests.heard import KEY, hear, write_cues
from tests.patience import LONG, until
from tests.processes import call
from tests.samples import CITY, STREET, put
from tests.visits import text
from tests.web.desks import OWN, hidden, send, signed_in, when_over

CONSENTS, REPLY, REDACT = (f"/desk/{each}/{KEY}" for each in ("consents", "reply", "redact"))
AGREED = {"person": "Zoé <Durand>", "given": "2026-03-03", "terms": "L’antenne.\r\nPas le web."}
REPLIED = {"text": "C’est <b>faux</b>.\r\n\r\nJe n’ai *rien* dit.", "author": "Zoé", "at": "0:01"}
TAKEN = {"start": "0:20", "end": "22,5", "cover": "tone", "fate": "seal", "text": "[un nom]"}
OTHER = f"emission/{CITY}"
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
    assert "Rien n’est encore noté" in text(page) and "aucun flux" in text(page)
    assert send(client, page, **AGREED, act="save", note="au téléphone").status_code == 303
    given = Consent("Zoé <Durand>", dt.date(2026, 3, 3), "L’antenne.\nPas le web.")
    assert known(archive) == [given]
    again = send(client, client.get(CONSENTS), **AGREED | {"person": "ZOE DURAND"}, act="save")
    assert again.status_code == 409  # one line for each person
    rename_episode(archive, KEY, "autre")
    here = f"/desk/consents/{archive.episodes()[0].key}?number=1"
    taken = {"given": "", "withdrawn": "2026-06-01"}
    assert send(client, client.get(here), **AGREED | taken, act="save").status_code == 303
    assert (known(archive)[0].withdrawn, known(archive)[0].given) == (dt.date(2026, 6, 1), None)
    every = text(client.get("/desk/consents"))
    assert "1 consentement." in every and "Zoé &lt;Durand&gt;" in every
    with client.get("/download/archive.zip") as answer:
        names = zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert names and not any("consent" in each for each in names)
    changing = client.get(here)
    assert send(client, changing, **AGREED, act="remove").status_code == 422  # nothing is ticked
    assert send(client, changing, **AGREED, act="remove", sure="1").status_code == 303
    assert known(archive) == []
    assert not list((archive.root / "desk" / "consents").rglob(f"{STREET}.json"))
    entries = [each for each in journal.entries(archive.root) if each.what == "consent"]
    assert [(each.who, each.line) for each in entries] == [("Noé", "–"), ("Noé", ""), ("Noé", "")]
    assert "Durand" not in str(entries)


def test_the_command_takes_a_consent_away(archive: Archive) -> None:
    put(archive, STREET)
    root = ("--root", str(archive.root), KEY, "Zoé")
    call("protect", "consent", *root, "--given", "2026-03-03")
    call("protect", "consent", *root, "--remove")
    assert known(archive) == []
    assert call("protect", "consent", *root, "--remove", check=False).returncode == 1


def test_a_reply_is_published_changed_and_taken_away(archive: Archive, client: FlaskClient) -> None:
    def replies() -> tuple[PublicReply, ...]:
        return archive.episode(KEY).protection.replies

    page, whole = client.get(REPLY), REPLIED | {"day": "2026-05-12"}
    assert "Aucune réponse n’est publiée" in text(page)
    shown = send(client, page, **whole, act="show")
    assert "<em>rien</em>" in shown.text and "C’est &lt;b&gt;faux" in shown.text
    other = send(client, shown, **whole | {"text": "Non."}, act="publish")
    assert "Elle se lira ainsi" in other.text  # what was not shown is shown first
    assert replies() == ()
    assert send(client, shown, **whole, act="publish").status_code == 303
    said = "C’est <b>faux</b>.\n\nJe n’ai *rien* dit."
    reply = PublicReply(said, "Zoé", 1.0, dt.date(2026, 5, 12))
    assert replies() == (reply,)
    assert "C’est &lt;b&gt;faux" in client.get(f"/shows/{KEY}").text
    stale = send(client, shown, **REPLIED, act="remove", number="1")
    assert (stale.status_code, len(replies())) == (409, 1)
    changing = client.get(f"{REPLY}?number=1")
    assert 'value="0:01"' in changing.text and 'value="2026-05-12"' in changing.text
    shown = send(client, changing, **whole | {"at": ""}, act="show")
    assert send(client, shown, **whole | {"at": ""}, act="publish").location
    assert replies()[0].at is None
    undo(archive)
    assert replies() == (reply,)
    assert send(client, client.get(f"{REPLY}?number=1"), act="remove").status_code == 303
    assert replies() == ()
    undo(archive)
    assert replies() == (reply,)
    assert history.acts(archive.root)[0].state == "undone"


def test_long_texts_are_taken_whole_in_any_script(archive: Archive, client: FlaskClient) -> None:
    terms = "仅限广播" * 500
    noted = send(client, client.get(CONSENTS), person="Zoé", terms=terms, act="save")
    assert (noted.status_code, [each.terms for each in known(archive)]) == (303, [terms])
    whole = send(client, client.get(REPLY), text="L’été, " * 1714, act="show")
    assert (whole.status_code, "Elle se lira ainsi" in whole.text) == (200, True)


def test_a_passage_is_shown_confirmed_and_taken_out(archive: Archive, client: FlaskClient) -> None:
    shown = send(client, client.get(REDACT), **TAKEN, note="À sa demande.")
    told = text(shown)
    assert "0:19–0:22" in told and "de la seconde 19,9 à la seconde 22,6" in told
    assert "<del>Alors monsieur Zinzolin habite</del>" in shown.text
    assert "&lt;là&gt;" in shown.text and "sealed/" in told
    before = archive.episode(KEY)
    (archive.transcripts / "emission" / "copie.vtt").write_text(before.audio.sha256)
    assert send(client, shown, sure="1", again="seal").status_code == 303
    page = when_over(client, REDACT, "en train d’être retiré")
    assert "Le passage est retiré" in page and "Déjà retirés" in page
    assert "transcripts/emission/copie.vtt" in page  # which only a keeper can judge
    assert archive.episode(KEY).audio.sha256 != before.audio.sha256
    transcript = archive.vtt_path(KEY).read_text(encoding="utf-8")
    assert "Zinzolin" not in transcript and "[un nom]" in transcript
    assert Index(archive).search("zinzolin", SearchOptions()).total == 0
    (entry, *_) = journal.entries(archive.root)
    assert (entry.who, entry.what, entry.note) == ("Noé", "redact", "À sa demande.")


def test_what_cannot_be_taken_out_stays_and_is_said(archive: Archive, client: FlaskClient) -> None:
    text_of, page = archive.vtt_path(KEY), client.get(REDACT)
    said = text_of.read_bytes()
    text_of.write_bytes(b"WEBVTT\n\n0:x --> 00:04.000\nOui.\n")
    unread = send(client, page, **TAKEN)
    assert (unread.status_code, 'role="alert"' in unread.text) == (422, True)
    text_of.write_bytes(said)
    shown = send(client, page, **TAKEN | {"fate": "destroy"})
    assert "personne ne l’aura plus" in text(shown)
    archive.audio_path(archive.episode(KEY)).write_bytes(b"no sound")
    assert send(client, shown, sure="1", again="destroy").status_code == 303
    told = when_over(client, REDACT, "en train d’être retiré")
    assert "Cela a échoué" in told and "rien n’est retiré" in told
    assert "Zinzolin" in archive.vtt_path(KEY).read_text(encoding="utf-8")


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
    assert "Voir où il se lit" in client.get(PSEUDONYM).text
    shown = ask(client)
    told = text(shown)
    assert "4 endroits." in told
    assert "<del>Zoé Zimmermann.</del>" in shown.text and "<ins>Camille.</ins>" in shown.text
    assert "&lt;là&gt;" in shown.text
    assert 'value="Zoey Zimmer man"' in shown.text and 'value="Simmermann"' in shown.text
    forms = ("Zoey Zimmer man", "Simmermann")
    stale = ask(client, *forms, sure="1", seen=hidden(shown)["seen"])
    assert (stale.status_code, "6 endroits." in text(stale)) == (409, True)
    assert "Zimmermann" in named.episode(KEY).title
    done = ask(client, *forms, sure="1", seen=hidden(stale)["seen"])
    assert done.status_code == 303
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
    client = signed_in(named)
    (named.root / "notes.txt").write_text("Zoé Zimmermann")  # what only a keeper can judge
    shown = ask(client, fate="forget", scope="show")
    seen = hidden(shown)["seen"]
    once = ask(client, fate="forget", scope="show", sure="1", seen=seen)
    assert (once.status_code, "Rien n’a été fait" in once.text) == (409, True)
    done = ask(client, fate="forget", scope="show", sure="1", seen=seen, again="forget")
    assert done.status_code == 303
    told = when_replaced(client)
    assert ("Le nom est remplacé" in told, "notes.txt" in told) == (True, True)
    assert not any("Zimmermann" in each.read_text() for each in named.root.glob("history/*.json"))
    assert pseudonyms_for(named.root, [OTHER])[0].shown == "Camille"  # later ones of the show too
    assert "ne se lit nulle part" in text(ask(client, scope="all"))


def test_many_episodes_are_read_meanwhile(named: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for minutes before a page that does not come, as in a thousand hours."""
    monkeypatch.setattr(desk_pseudonyms, "AT_ONCE", 1)
    going_on = threading.Event()

    def look_for(*asked: Any) -> NameFound:
        assert going_on.wait(LONG)
        return pseudonym_places.look_for(*asked)

    monkeypatch.setattr(desk_pseudonyms, "look_for", look_for)
    client = signed_in(named)
    waited = ask(client, scope="all", more="Simmermann")
    assert "Tous les textes sont lus" in text(waited) and "0 %" in text(waited)
    assert hidden(waited)["name"] == "Zoé Zimmermann"
    going_on.set()
    shown = looked(client, scope="all", more="Simmermann")
    assert "5 endroits." in text(shown)
    once = looked(client, scope="all", more="Simmermann", sure="1", seen="0")
    assert (once.status_code, "Rien n’a encore été fait" in text(once)) == (409, True)
    asked = {"scope": "all", "more": "Simmermann", "sure": "1", "seen": hidden(shown)["seen"]}
    assert ask(client, **asked).status_code == 303
    assert "Le nom est remplacé" in when_replaced(client)
    assert named.episode(KEY).title == "Avec Camille"


def test_what_changed_is_not_replaced(named: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_pseudonyms, "AT_ONCE", 1)
    client = signed_in(named)
    shown = looked(client, scope="all")
    write_cues(named, OTHER, Cue(0, 4, "Zoé Zimmermann est là, dit-elle."))
    done = ask(client, scope="all", sure="1", seen=hidden(shown)["seen"])
    assert done.status_code == 303
    assert "a changé entre-temps" in when_replaced(client)
    assert named.episode(KEY).title == "Avec Zoé Zimmermann"


def looked(client: FlaskClient, **fields: str) -> TestResponse:

    def look() -> list[TestResponse]:
        answer = ask(client, **fields)
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
