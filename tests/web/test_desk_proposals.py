"""People decide at the desk on what listeners propose: by plain forms, by keyboard, in bulk."""

import html
import re
import threading
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
from radio.system.errors import ArchiveError
from radio.transcribe.corrections import apply_again
from radio.web.views import desk_glossary
from tests.heard import KEY, hear
from tests.patience import until
from tests.samples import CITY, STREET
from tests.visits import text, words
from tests.web.desks import OWN, chores_of, follow, hidden, noted, propose, said, signed_in

OTHER = f"emission/{CITY}"
SAID = {0: "La kni dit non.", 10: "Euh oui la kni dit <peut-être>.", 20: "Et voilà."}
RIGHT = "La CNIL dit non."
QUEUE, NAMES, GONE = "/desk/proposals", "/desk/glossary/emission", "/desk/glossary/gone"


@pytest.fixture
def heard(archive: Archive) -> Archive:
    for slug in (STREET, CITY):
        hear(archive, SAID, slug)
    return archive


@pytest.fixture
def client(heard: Archive) -> FlaskClient:
    return signed_in(heard, "rereader")


def send(client: FlaskClient, act: str, *chosen: str, **fields: str) -> TestResponse:
    return post(client, QUEUE, act=act, chosen=list(chosen), **fields)


def post(client: FlaskClient, address: str, **fields: object) -> TestResponse:
    return client.post(address, data=fields, headers=OWN)


def told(client: FlaskClient, done: TestResponse) -> str:
    return html.unescape(follow(client, done)).replace("\u00a0", " ")


def test_the_journey_of_a_proposal_without_script(heard: Archive, client: FlaskClient) -> None:
    once = propose(heard, "Et voilà !", 2, comment="<b>ironique")
    *_, often = (propose(heard, RIGHT) for _ in range(3))
    page = client.get(QUEUE)
    assert page.text.index(f'id="p-{often}"') < page.text.index(f'id="p-{once}"')
    words(page, 200, "2 attendent", "proposée 3 fois")
    shown = ("<del>kni</del>", "<ins>CNIL</ins>", "&lt;b&gt;ironique")
    links = (f'src="/media/{KEY}.mp3#t=0,1.6"', f'href="/shows/{KEY}?t=20#t"')
    assert [each for each in shown + links if each not in page.text] == []
    done = told(client, send(client, "accept", often))
    assert "3 autres endroits de l’émission : kni → CNIL" in done
    assert said(heard).startswith(RIGHT)
    assert noted(heard, "who what key") == ("Noé", "mend", KEY)
    assert Index(heard).search("cnil").total == 1
    address = f"{QUEUE}/{often}/elsewhere"
    shown_there = client.get(address)
    places = "3 endroits que la machine a écrits seront corrigés"
    words(shown_there, 200, places, "&lt;peut-être&gt;")
    form = {"act": "mend", "seen": hidden(shown_there)["seen"], "glossary": "1"}
    changed = post(client, address, **form | {"seen": "0"})
    assert (changed.status_code, "kni" in said(heard, OTHER)) == (409, True)
    assert "3 endroits corrigés" in told(client, post(client, address, **form))
    assert "kni" not in said(heard) + said(heard, OTHER)
    assert heard.read_show("emission").glossary == ("CNIL",)
    assert noted(heard, "who") == "Noé"


def test_other_words_and_the_glossary_alone(heard: Archive, client: FlaskClient) -> None:
    name = propose(heard, "La CNIL")
    for other in ("", SAID[0], "La \u202eCNIL", "x" * 1001):
        wrong = send(client, "amend", name, words=other)
        assert (wrong.status_code, 'role="alert"' in wrong.text) == (422, True)
    assert said(heard).startswith(SAID[0])
    done = send(client, "amend", name, words=f"  {RIGHT} ")
    assert said(heard).startswith(RIGHT)
    assert "Ajouter au glossaire : CNIL" in told(client, done)
    page = told(client, post(client, f"{QUEUE}/{name}/elsewhere", act="glossary"))
    assert "C’est dans le glossaire de l’émission." in page and "Ajouter au glossaire" not in page
    assert heard.read_show("emission").glossary == ("CNIL",)
    assert noted(heard, "who what line") == ("Noé", "glossary", "CNIL")
    assert client.get(f"{QUEUE}/00000000/elsewhere").status_code == 404


def test_in_bulk_and_what_changed_is_told_and_left(heard: Archive, client: FlaskClient) -> None:
    names = [propose(heard, RIGHT), propose(heard, "La Knil dit non."), propose(heard, "Voilà.", 2)]
    words(client.get(QUEUE), 200, "1 autre proposition pour cette phrase")
    assert send(client, "accept").status_code == 422
    page = told(client, send(client, "accept", *names))
    assert "1 autre est restée comme elle était" in page
    assert "Chercher dans toute l’émission" in page
    assert said(heard).startswith(RIGHT) and said(heard).endswith("Voilà.")
    words(client.get(QUEUE), 200, "ne peut plus être accepté")
    for name, why in ((names[1], "la phrase a changé entre-temps"), (names[0], "a décidé")):
        words(send(client, "accept", name), 409, why)
    others = [names[1], propose(heard, "Bof.", 1)]
    assert "2 propositions refusées" in told(client, send(client, "refuse", *others))
    words(client.get(QUEUE), 200, "Aucune proposition n’attend.")
    assert {each.who for each in journal.entries(heard.root)[:4]} == {"Noé"}


def test_a_flood_costs_two_presses_and_no_other_words(heard: Archive, client: FlaskClient) -> None:
    often = propose(heard, RIGHT)
    propose(heard, RIGHT)
    with changing(heard.root) as states:
        (one,) = states[-1].waiting
        some = replace(one, words="La Cnil dit-on.", day="2026-01-02", count=1)
        like = replace(some, day=one.day)
        flood = tuple(  # of episodes that are gone
            replace(like, id=f"{n:08}", key=f"emission/{n % 9}", words=f"Montre{n} dit non.")
            for n in range(480)
        )
        states.append(Mendings(waiting=(*flood, one, replace(some, id="early"))))
    assert re.search(r"les mots «\W+montre0\W+»\W+:\W+480", html.unescape(client.get(QUEUE).text))
    shown = client.get(f"{QUEUE}?fold=words:montre0")
    unheard = "Cet enregistrement ne peut pas être écouté ici."
    words(shown, 200, "page 1 sur 24", "emission/8, 0:00", unheard)
    assert client.get(f"{QUEUE}?page=9&accepted=x&lang=en").status_code == 200
    assert re.search(r'\?(page=2&amp;)?fold=words:montre0(&amp;page=2)?"', shown.text)
    fields = {"act": "together", "fold": "words:montre0"}
    changed = post(client, QUEUE, **fields, number="479")
    assert (changed.status_code, len(read(heard.root).waiting)) == (409, 482)
    assert "480 propositions refusées" in told(client, post(client, QUEUE, **fields, number="480"))
    assert {each.id for each in read(heard.root).waiting} == {often, "early"}
    assert len(read(heard.root).refused) == 480
    assert noted(heard, "who what line") == ("Noé", "refuse", "× 480")


def test_a_name_that_nobody_typed_is_shown_and_taken_away(
    heard: Archive, client: FlaskClient
) -> None:
    heard.write_episode(replace(heard.episode(KEY), description="Vu par la CNIL, à <Unieux."))
    assert apply_again(heard, KEY)
    assert "La CNIL dit non." in said(heard)
    page = client.get(NAMES)
    for shown in ("Noms donnés à la machine", "Unieux", "kni → CNIL"):
        assert shown in text(page)
    assert f'href="/shows/{KEY}?t=0.4#t"' in page.text
    over = threading.Event()
    assert chores_of(client.application).begin("names x", lambda _: over.wait())
    assert post(client, NAMES, act="away", name="CNIL").status_code == 409
    assert read_themes(heard.root).refused == ()
    over.set()
    until(lambda: not chores_of(client.application).running())
    assert "C’est fait." in told(client, post(client, NAMES, act="away", name="CNIL"))
    until(lambda: "kni" in said(heard))
    assert "CNIL" not in text(client.get(NAMES))
    assert post(client, NAMES, act="away", name="CNIL").status_code == 409


def test_doubtful_names_are_righted_added_or_refused(
    heard: Archive, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, refuse = GlossaryProposal("emission", "kni", "heard", 2, KEY, 0.4), themes.refuse

    def checked(root: Path, names: Iterable[str]) -> None:
        assert is_locked(root, "archive")  # two who refuse at once lose no refusal
        refuse(root, names)

    def full(*_asked: object) -> None:
        raise ArchiveError("emission: no space left on device")

    monkeypatch.setattr(desk_glossary, "propose_for_glossary", lambda *_asked: [found])
    monkeypatch.setattr(themes, "refuse", checked)
    assert f'href="{NAMES}"' in client.get(QUEUE).text
    page = client.get(NAMES)
    assert "dans 2 épisodes" in text(page) and f'href="/shows/{KEY}?t=0.4#t"' in page.text
    address = f"{NAMES}/past?wrong=kni&right=CNIL"
    shown = client.get(address)
    words(shown, 200, "4 endroits que la machine a écrits seront corrigés")
    assert "kni" in said(heard)
    assert post(client, address, seen="0").status_code == 409
    assert "C’est fait." in told(client, post(client, address, seen=hidden(shown)["seen"]))
    assert "kni" not in said(heard) + said(heard, OTHER)
    assert heard.read_show("emission").glossary == ("CNIL",)
    undo(heard)
    assert "kni" in said(heard)
    for act in ("add", "refuse"):
        assert post(client, NAMES, act=act, name="kni").status_code == 303
    assert heard.read_show("emission").glossary == ("kni",)
    assert read_themes(heard.root).refused == ("kni",)
    assert post(client, NAMES, act="add", name="x").status_code == 409
    for gone in (f"{NAMES}/past?wrong=la&right=x", GONE, f"{GONE}/past?wrong=a&right=b"):
        assert client.get(gone).status_code == 404
    monkeypatch.setattr(desk_glossary, "add_to_glossary", full)
    words(post(client, NAMES, act="add", name="kni"), 409, "no space left", "kni")
