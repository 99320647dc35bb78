"""Keepers note at the desk who agreed to be heard: read, changed, taken away, in nothing public."""

import datetime as dt
import io
import zipfile

from radio.actions.renaming import rename_episode
from radio.archive import Archive, journal
from radio.archive.consents import Consent, consents_of
from radio.archive.keys import names_of
from tests.processes import call
from tests.samples import STREET, put
from tests.visits import text
from tests.web.desks import send, signed_in

KEY = f"emission/{STREET}"
HERE = f"/desk/consents/{KEY}"
ASKED = {"person": "Zoé <Durand>", "given": "2026-03-03", "terms": "L’antenne.\r\nPas le web."}


def known(archive: Archive) -> list[Consent]:
    (episode,) = archive.episodes()
    return consents_of(archive.root, names_of(archive, episode))


def test_a_consent_is_noted_changed_and_taken_away(archive: Archive) -> None:
    put(archive, STREET)
    client = signed_in(archive)
    page = client.get(HERE)
    assert "Rien n’est encore noté" in text(page) and "aucun flux" in text(page)
    assert f'<a href="{HERE}" aria-current="page">Consentements</a>' in page.text
    assert send(client, page, **ASKED, act="save", note="au téléphone").status_code == 303
    given = Consent("Zoé <Durand>", dt.date(2026, 3, 3), "L’antenne.\nPas le web.")
    assert known(archive) == [given]
    stale = send(client, page, **ASKED, act="save")
    assert (stale.status_code, "Zoé &lt;Durand&gt;" in stale.text) == (409, True)
    again = send(client, client.get(HERE), **ASKED | {"person": "ZOE DURAND"}, act="save")
    assert again.status_code == 409  # one line for each person
    rename_episode(archive, KEY, "autre")
    here = f"/desk/consents/{archive.episodes()[0].key}"
    changing = client.get(f"{here}?number=1")
    taken = {"given": "", "withdrawn": "2026-06-01"}
    assert send(client, changing, **ASKED | taken, act="save").status_code == 303
    assert known(archive)[0].withdrawn == dt.date(2026, 6, 1) and known(archive)[0].given is None
    every = text(client.get("/desk/consents"))
    assert "1 consentement." in every and "Zoé &lt;Durand&gt;" in every
    with client.get("/download/archive.zip") as answer:
        names = zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert names and not any("consent" in each for each in names)
    changing = client.get(f"{here}?number=1")
    assert send(client, changing, **ASKED, act="remove").status_code == 422  # nothing is ticked
    assert send(client, changing, **ASKED, act="remove", sure="1").status_code == 303
    assert known(archive) == []
    assert not list((archive.root / "desk" / "consents").rglob(f"{STREET}.json"))
    entries = [each for each in journal.entries(archive.root) if each.what == "consent"]
    assert [(each.who, each.line) for each in entries] == [("Noé", "–"), ("Noé", ""), ("Noé", "")]
    assert "Durand" not in str(entries)


def test_terms_are_noted_in_any_script(archive: Archive) -> None:
    put(archive, STREET)
    client = signed_in(archive)
    terms = "仅限广播" * 500
    noted = send(client, client.get(HERE), person="Zoé", terms=terms, act="save")
    assert noted.status_code == 303
    assert [each.terms for each in known(archive)] == [terms]


def test_what_is_no_consent_is_said(archive: Archive) -> None:
    put(archive, STREET)
    client = signed_in(archive)
    page = client.get(HERE)
    for wrong in ({"person": " "}, {"given": "tôt"}, {"terms": "x" * 2001}, {"person": "…"}):
        answer = send(client, page, **ASKED | wrong, act="save")
        assert (answer.status_code, 'role="alert"' in answer.text) in ((422, True), (409, True))
    assert known(archive) == []
    assert signed_in(archive, "rereader", "Léa").get("/desk/consents").status_code == 403


def test_the_command_takes_one_away(archive: Archive) -> None:
    put(archive, STREET)
    root = ("--root", str(archive.root), KEY, "Zoé")
    call("protect", "consent", *root, "--given", "2026-03-03")
    call("protect", "consent", *root, "--remove")
    assert known(archive) == []
    assert call("protect", "consent", *root, "--remove", check=False).returncode == 1
