"""People decide at the desk on what listeners propose: by plain forms, by keyboard, in bulk."""

import html
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from radio.archive import Archive, journal, themes
from radio.archive.acts import undo
from radio.archive.locks import is_locked
from radio.archive.themes import read_themes
from radio.proposals.names import GlossaryProposal
from radio.proposals.queue import Mendings, changing, read
from radio.search import Index
from radio.search.hits import SearchOptions
from radio.system.errors import ArchiveError
from radio.web.views import desk_glossary
from tests.heard import KEY, hear
from tests.samples import CITY, STREET
from tests.visits import text
from tests.web.desks import OWN, hidden, propose, said, signed_in

OTHER = f"emission/{CITY}"
SAID = {0: "La kni dit non.", 10: "Euh oui la kni dit <peut-être>.", 20: "Et voilà."}
RIGHT = "La CNIL dit non."
QUEUE, NAMES = "/desk/proposals", "/desk/glossary/emission"


@pytest.fixture
def heard(archive: Archive) -> Archive:
    for slug in (STREET, CITY):
        hear(archive, SAID, slug)
    return archive


@pytest.fixture
def client(heard: Archive) -> FlaskClient:
    return signed_in(heard, "rereader")


@pytest.fixture
def doubted(monkeypatch: pytest.MonkeyPatch) -> None:
    found = GlossaryProposal("emission", "kni", "heard", 2, KEY, 0.4)
    monkeypatch.setattr(desk_glossary, "propose_for_glossary", lambda *_asked: [found])


def send(client: FlaskClient, act: str, *chosen: str, **fields: str) -> TestResponse:
    return post(client, QUEUE, act=act, chosen=list(chosen), **fields)


def post(client: FlaskClient, address: str, **fields: object) -> TestResponse:
    return client.post(address, data=fields, headers=OWN)


def told(client: FlaskClient, done: TestResponse) -> str:
    assert done.status_code == 303
    return html.unescape(text(client.get(done.location))).replace("\u00a0", " ")


def test_the_journey_of_a_proposal_without_script(heard: Archive, client: FlaskClient) -> None:
    once = propose(heard, "Et voilà !", 2, comment="<b>ironique")
    *_, often = (propose(heard, RIGHT) for _ in range(3))
    page = client.get(QUEUE)
    assert page.text.index(f'id="p-{often}"') < page.text.index(f'id="p-{once}"')
    assert "2 attendent" in text(page) and "proposé 3 fois" in text(page)
    for shown in ("<del>kni</del>", "<ins>CNIL</ins>", "&lt;b&gt;ironique"):
        assert shown in page.text
    assert f'src="/media/{KEY}.mp3#t=0,1.6"' in page.text
    assert f'href="/shows/{KEY}?t=20#t"' in page.text
    done = told(client, send(client, "accept", often))
    assert "3 autres endroits de l’émission : kni → CNIL" in done
    assert said(heard).startswith(RIGHT)
    (entry, *_) = journal.entries(heard.root)
    assert (entry.who, entry.what, entry.key) == ("Noé", "mend", KEY)
    assert Index(heard).search("cnil", SearchOptions()).total == 1
    address = f"{QUEUE}/{often}/elsewhere"
    shown_there = client.get(address)
    assert "3 endroits que la machine a écrits seront corrigés" in text(shown_there)
    assert "&lt;peut-être&gt;" in shown_there.text
    form = {"act": "mend", "seen": hidden(shown_there)["seen"], "glossary": "1"}
    changed = post(client, address, **form | {"seen": "0"})
    assert (changed.status_code, "kni" in said(heard, OTHER)) == (409, True)
    assert "3 endroits corrigés" in told(client, post(client, address, **form))
    assert "kni" not in said(heard) + said(heard, OTHER)
    assert heard.read_show("emission").glossary == ("CNIL",)
    assert journal.entries(heard.root)[0].who == "Noé"


def test_other_words_and_the_glossary_alone(heard: Archive, client: FlaskClient) -> None:
    name = propose(heard, "La CNIL")
    for words in ("", SAID[0], "La \u202eCNIL", "x" * 1001):
        wrong = send(client, "amend", name, words=words)
        assert (wrong.status_code, 'role="alert"' in wrong.text) == (422, True)
    assert said(heard).startswith(SAID[0])
    done = send(client, "amend", name, words=f"  {RIGHT} ")
    assert said(heard).startswith(RIGHT)
    assert "Ajouter au glossaire : CNIL" in told(client, done)
    page = told(client, post(client, f"{QUEUE}/{name}/elsewhere", act="glossary"))
    assert "Le glossaire de l’émission le sait." in page and "Ajouter au glossaire" not in page
    assert heard.read_show("emission").glossary == ("CNIL",)
    (entry, *_) = journal.entries(heard.root)
    assert (entry.who, entry.what, entry.line) == ("Noé", "glossary", "CNIL")
    assert client.get(f"{QUEUE}/00000000/elsewhere").status_code == 404


def test_in_bulk_and_what_changed_is_told_and_left(heard: Archive, client: FlaskClient) -> None:
    names = [propose(heard, RIGHT), propose(heard, "La Knil dit non."), propose(heard, "Voilà.", 2)]
    assert "1 autre proposition pour cette phrase" in text(client.get(QUEUE))
    assert send(client, "accept").status_code == 422
    page = told(client, send(client, "accept", *names))
    assert "1 autre est restée comme elle était" in page
    assert "Chercher dans toute l’émission" in page
    assert said(heard).startswith(RIGHT) and said(heard).endswith("Voilà.")
    assert "ne peut plus être accepté" in text(client.get(QUEUE))
    for name, why in ((names[1], "la phrase a changé entre-temps"), (names[0], "a décidé")):
        again = send(client, "accept", name)
        assert (again.status_code, why in again.text) == (409, True)
    others = [names[1], propose(heard, "Bof.", 1)]
    assert "2 propositions refusées" in told(client, send(client, "refuse", *others))
    assert "Aucune proposition n’attend." in text(client.get(QUEUE))
    assert {each.who for each in journal.entries(heard.root)[:4]} == {"Noé"}


def test_a_gone_episode_and_a_long_queue_are_shown(heard: Archive, client: FlaskClient) -> None:
    propose(heard, RIGHT)
    with changing(heard.root) as states:
        (one,) = states[-1].waiting
        like = replace(one, key="emission/x", day="2026-01-01")
        rest = tuple(replace(like, id=f"{n:08}") for n in range(30))
        states.append(Mendings(waiting=(one, *rest)))
    assert "page 1 sur 2" in text(client.get(QUEUE))
    page = text(client.get(f"{QUEUE}?page=2"))
    assert "emission/x, 0:00" in page and "L’enregistrement ne s’écoute pas ici." in page
    assert client.get(f"{QUEUE}?page=9&accepted=x&lang=en").status_code == 200


def test_a_flood_costs_two_presses_and_no_other_words(heard: Archive, client: FlaskClient) -> None:
    often = propose(heard, RIGHT)
    propose(heard, RIGHT)
    with changing(heard.root) as states:
        (one,) = states[-1].waiting
        some = replace(one, words="La Cnil dit-on.", day="2026-01-02", count=1)
        like = replace(some, day=one.day)
        words = "Montre{} dit non."
        flood = tuple(
            replace(like, id=f"{n:08}", key=f"emission/{n % 9}", words=words.format(n))
            for n in range(480)
        )
        states.append(Mendings(waiting=(*flood, one, replace(some, id="early"))))
    page = client.get(QUEUE).text
    assert re.search(r"les mots «\W+montre0\W+»\W+:\W+480", html.unescape(page))
    shown = client.get(f"{QUEUE}?fold=words:montre0")
    assert "page 1 sur 24" in text(shown)
    assert re.search(r'\?(page=2&amp;)?fold=words:montre0(&amp;page=2)?"', shown.text)
    fields = {"act": "together", "fold": "words:montre0"}
    changed = post(client, QUEUE, **fields, number="479")
    assert (changed.status_code, len(read(heard.root).waiting)) == (409, 482)
    assert "480 propositions refusées" in told(client, post(client, QUEUE, **fields, number="480"))
    assert {each.id for each in read(heard.root).waiting} == {often, "early"}
    assert len(read(heard.root).refused) == 480
    (entry, *_) = journal.entries(heard.root)
    assert (entry.who, entry.what, entry.line) == ("Noé", "refuse", "× 480")


def test_old_doubtful_names_are_righted(heard: Archive, client: FlaskClient, doubted: None) -> None:
    assert f'href="{NAMES}"' in client.get(QUEUE).text
    page = client.get(NAMES)
    assert "dans 2 épisodes" in text(page) and f'href="/shows/{KEY}?t=0.4#t"' in page.text
    address = f"{NAMES}/past?wrong=kni&right=CNIL"
    shown = client.get(address)
    assert "4 endroits que la machine a écrits seront corrigés" in text(shown)
    assert "kni" in said(heard)
    assert post(client, address, seen="0").status_code == 409
    assert "C’est fait." in told(client, post(client, address, seen=hidden(shown)["seen"]))
    assert "kni" not in said(heard) + said(heard, OTHER)
    assert heard.read_show("emission").glossary == ("CNIL",)
    undo(heard)
    assert "kni" in said(heard)
    assert client.get(f"{NAMES}/past?wrong=la&right=x").status_code == 404
    for act in ("add", "refuse"):
        assert post(client, NAMES, act=act, name="kni").status_code == 303
    assert heard.read_show("emission").glossary == ("kni",)
    assert read_themes(heard.root).refused == ("kni",)
    assert post(client, NAMES, act="add", name="x").status_code == 409


def test_what_can_not_be_decided_of_a_name_is_told(
    heard: Archive, client: FlaskClient, doubted: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse = themes.refuse

    def checked(root: Path, names: Iterable[str]) -> None:
        assert is_locked(root, "archive")  # two who refuse at once lose no refusal
        refuse(root, names)

    def full(*_asked: object) -> None:
        raise ArchiveError("emission: no space left on device")

    monkeypatch.setattr(themes, "refuse", checked)
    assert post(client, NAMES, act="refuse", name="kni").status_code == 303
    assert read_themes(heard.root).refused == ("kni",)
    for address in ("gone", "gone/past?wrong=a&right=b"):
        assert client.get(f"/desk/glossary/{address}").status_code == 404
    monkeypatch.setattr(desk_glossary, "add_to_glossary", full)
    met = post(client, NAMES, act="add", name="kni")
    assert (met.status_code, "no space left" in text(met), "kni" in text(met)) == (409, True, True)
