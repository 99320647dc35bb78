"""People decide at the desk on what listeners propose: by plain forms, by keyboard, in bulk."""

import html
import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect
from werkzeug.test import TestResponse

from radio.archive import Archive, journal, themes
from radio.archive.acts import undo
from radio.archive.locks import is_locked
from radio.archive.standing import sha256
from radio.archive.themes import read_themes
from radio.desk import accounts
from radio.desk.accounts import Role
from radio.desk.entrance import Entrance
from radio.proposals.glossary_names import GlossaryProposal
from radio.proposals.intake import Budget, Sentence, take
from radio.proposals.queue import Mendings, changing, read
from radio.search import Index
from radio.search.hits import SearchOptions
from radio.system.errors import ArchiveError
from radio.text.sentences import sentence_of
from radio.text.transcript import Evidence, Segment, Word, render_evidence, render_vtt
from radio.transcribe.corrections import compose
from radio.web.gate import COOKIE
from radio.web.site import create_app
from radio.web.views import desk_glossary
from tests.processes import running
from tests.samples import CITY, STREET, put
from tests.visits import faults, text

KEY = f"emission/{STREET}"
SAID = ("La kni dit non.", "Euh oui la kni dit <peut-être>.", "Et voilà.")
RIGHT = "La CNIL dit non."
OWN = {"Sec-Fetch-Site": "same-origin"}
QUEUE = "/desk/proposals"
WORD = "une phrase assez longue"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def heard(archive: Archive) -> Archive:
    """The same machine text in two episodes."""
    for slug in (STREET, CITY):
        put(archive, slug)
        segments = []
        for number, said in enumerate(SAID):
            words, start = said.split(), 10.0 * number
            times = pairwise(start + 0.4 * each for each in range(len(words) + 1))
            heard = tuple(Word(*both, each, 0.9) for both, each in zip(times, words, strict=True))
            segments.append(Segment(start, heard[-1].end, said, heard, 1, 0.0, -0.2, 1.2, 0.01))
        vtt = render_vtt(compose(segments, {}, {"status": "machine", "model": "base"})).encode()
        own = (("0", "fr", 60.0, (), tuple(segments)), sha256(vtt))
        evidence = Evidence("x", {}, "base", "0", {}, *own[0], vtt=own[1])
        archive.evidence_path(f"emission/{slug}").write_bytes(render_evidence(evidence))
        archive.vtt_path(f"emission/{slug}").write_bytes(vtt)
    return archive


def propose(archive: Archive, words: str, number: int = 0, comment: str = "") -> str:
    """Propose words for a sentence of the first episode, as a listener does."""
    transcript = archive.transcript(KEY)
    assert transcript
    cue = transcript.cues[number]
    sentence = Sentence(KEY, cue.start, cue.end, sentence_of([cue]))
    take(archive.root, Budget(), sentence, words, comment)
    return read(archive.root).waiting[-1].id


def said(archive: Archive, slug: str = STREET) -> str:
    transcript = archive.transcript(f"emission/{slug}")
    assert transcript
    return sentence_of(transcript.cues)


def signed_in(archive: Archive, role: Role = "rereader") -> FlaskClient:
    accounts.add(archive.root, "Noé", role)
    app = create_app(archive, Index(archive))
    entrance = cast(Entrance, app.extensions["desk"])
    entrance.accept(accounts.invite(archive.root, "Noé", entrance.clock()), WORD)
    client = app.test_client()
    client.set_cookie(COOKIE, entrance.sign_in("Noé", WORD, "", ""))
    return client


def send(client: FlaskClient, act: str, *chosen: str, **fields: str) -> TestResponse:
    form = {"act": act, "chosen": list(chosen)} | fields
    return client.post(QUEUE, data=form, headers=OWN)


def test_the_journey_of_a_proposal_without_script(heard: Archive) -> None:
    once = propose(heard, "Et voilà !", 2, comment="<b>ironique")
    *_, often = (propose(heard, RIGHT) for _ in range(3))
    client = signed_in(heard)
    assert "2 propositions attendent" in text(client.get("/desk"))
    page = client.get(QUEUE)
    assert page.text.index(f'id="p-{often}"') < page.text.index(f'id="p-{once}"')
    assert "proposé 3 fois" in text(page)
    assert "<del>kni</del>" in page.text
    assert "<ins>CNIL</ins>" in page.text
    assert "&lt;b&gt;ironique" in page.text
    assert f'preload="none" aria-label="Écouter la phrase" src="/media/{KEY}.mp3#t=0,1.6"' in (
        page.text
    )
    assert f'href="/shows/{KEY}?t=20#t"' in page.text

    done = send(client, "accept", often)
    assert done.status_code == 303
    assert said(heard).startswith(RIGHT)
    told = client.get(done.location)
    assert "3 autres endroits de l’émission\u00a0: kni → CNIL" in html.unescape(told.text)
    (entry, *_) = journal.entries(heard.root)
    assert (entry.who, entry.what, entry.key) == ("Noé", "mend", KEY)
    assert Index(heard).search("cnil", SearchOptions()).total == 1

    address = f"{QUEUE}/{often}/elsewhere"
    shown = client.get(address)
    assert "3 endroits que la machine a écrits seront corrigés" in text(shown)
    assert "&lt;peut-être&gt;" in shown.text
    assert "kni" in said(heard, CITY)
    (seen,) = re.findall(r'name="seen" value="(\w+)"', shown.text)
    form = {"act": "mend", "seen": seen, "glossary": "1"}
    changed = client.post(address, data=form | {"seen": "0"}, headers=OWN)
    assert (changed.status_code, "kni" in said(heard, CITY)) == (409, True)
    done = client.post(address, data=form, headers=OWN)
    assert "3 endroits corrigés" in text(client.get(done.location))
    assert "kni" not in said(heard) + said(heard, CITY)
    assert heard.read_show("emission").glossary == ("CNIL",)
    assert journal.entries(heard.root)[0].who == "Noé"


def test_other_words_and_the_glossary_alone(heard: Archive) -> None:
    name = propose(heard, "La CNIL")
    client = signed_in(heard)
    for words in ("", SAID[0], "La \u202eCNIL", "x" * 1001):
        wrong = send(client, "amend", name, words=words)
        assert (wrong.status_code, 'role="alert"' in wrong.text) == (422, True)
    assert said(heard).startswith(SAID[0])
    done = send(client, "amend", name, words=f"  {RIGHT} ")
    assert said(heard).startswith(RIGHT)
    assert "Ajouter au glossaire : CNIL" in text(client.get(done.location)).replace("\u00a0", " ")
    told = {"act": "glossary"}
    done = client.post(f"{QUEUE}/{name}/elsewhere", data=told, headers=OWN)
    page = text(client.get(done.location))
    assert "Le glossaire de l’émission le sait." in page
    assert "Ajouter au glossaire" not in page
    assert heard.read_show("emission").glossary == ("CNIL",)
    (entry, *_) = journal.entries(heard.root)
    assert (entry.who, entry.what, entry.line) == ("Noé", "glossary", "CNIL")
    assert client.get(f"{QUEUE}/00000000/elsewhere").status_code == 404


def test_in_bulk_and_what_changed_is_told_and_left(heard: Archive) -> None:
    names = [propose(heard, RIGHT), propose(heard, "La Knil dit non."), propose(heard, "Voilà.", 2)]
    client = signed_in(heard, "keeper")
    assert "1 autre proposition pour cette phrase" in text(client.get(QUEUE))
    assert send(client, "accept").status_code == 422
    done = send(client, "accept", *names)
    page = text(client.get(done.location))
    assert "1 autre est restée comme elle était" in page
    assert "Chercher dans toute l’émission" in page
    assert said(heard).startswith(RIGHT)
    assert said(heard).endswith("Voilà.")
    assert "ne peut plus être accepté" in text(client.get(QUEUE))
    again = send(client, "accept", names[1])
    assert (again.status_code, "la phrase a changé entre-temps" in again.text) == (409, True)
    gone = send(client, "accept", names[0])
    assert (gone.status_code, "quelqu’un a décidé" in gone.text) == (409, True)
    others = [names[1], propose(heard, "Bof.", 1)]
    done = send(client, "refuse", *others)
    assert "2 propositions refusées" in text(client.get(done.location))
    assert "Aucune proposition n’attend." in text(client.get(QUEUE))
    assert {each.who for each in journal.entries(heard.root)[:4]} == {"Noé"}


def test_a_gone_episode_and_a_long_queue_are_shown(heard: Archive) -> None:
    propose(heard, RIGHT)
    with changing(heard.root) as states:
        (one,) = states[-1].waiting
        rest = tuple(
            type(one)(f"{n:08}", "emission/x", 0.0, 1.0, "a", "0", "b", "2026-01-01")
            for n in range(30)
        )
        states.append(Mendings(waiting=(one, *rest)))
    client = signed_in(heard)
    assert "page 1 sur 2" in text(client.get(QUEUE))
    page = text(client.get(f"{QUEUE}?page=2"))
    assert "emission/x, 0:00" in page
    assert "L’enregistrement ne s’écoute pas ici." in page
    assert client.get(f"{QUEUE}?page=9&accepted=x&lang=en").status_code == 200


def test_a_flood_costs_two_presses_and_what_others_propose_stays(heard: Archive) -> None:
    """Before, twenty were refused a page: five hundred took twenty-five pages."""
    often = propose(heard, RIGHT)
    propose(heard, RIGHT)
    with changing(heard.root) as states:
        (one,) = states[-1].waiting
        flood = tuple(
            replace(
                one, id=f"{n:08}", key=f"emission/{n % 9}", words=f"Montre{n} dit non.", count=1
            )
            for n in range(480)
        )
        early = replace(one, id="early", words="La Cnil dit-on.", day="2026-01-02", count=1)
        states.append(Mendings(waiting=(*flood, one, early)))
    client = signed_in(heard)
    page = client.get(QUEUE).text
    assert re.search(r"les mots «\W+montre0\W+»\W+:\W+480", html.unescape(page))
    shown = client.get(f"{QUEUE}?fold=words:montre0")
    assert "page 1 sur 24" in text(shown) and "fold=words:montre0" in shown.text
    assert 'fold=words:montre0&amp;page=2"' in shown.text or "page=2&amp;fold=words:montre0" in (
        shown.text
    )
    fields = {"act": "together", "fold": "words:montre0"}
    changed = client.post(QUEUE, data=fields | {"number": "479"}, headers=OWN)
    assert (changed.status_code, len(read(heard.root).waiting)) == (409, 482)
    done = client.post(QUEUE, data=fields | {"number": "480"}, headers=OWN)
    assert "480 propositions refusées" in text(client.get(done.location))
    assert {each.id for each in read(heard.root).waiting} == {often, "early"}
    assert len(read(heard.root).refused) == 480
    (entry, *_) = journal.entries(heard.root)
    assert (entry.who, entry.what, entry.line) == ("Noé", "refuse", "× 480")


def test_a_volunteer_puts_a_doubtful_name_right_in_the_past(
    heard: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names that several episodes doubt were told by the command alone."""
    doubted = GlossaryProposal("emission", "kni", "heard", 2, KEY, 0.4)
    monkeypatch.setattr(desk_glossary, "propose", lambda *_asked: [doubted])
    client = signed_in(heard)
    assert 'href="/desk/glossary/emission"' in client.get(QUEUE).text
    page = client.get("/desk/glossary/emission")
    assert "dans 2 épisodes" in text(page) and f'href="/shows/{KEY}?t=0.4#t"' in page.text
    address = "/desk/glossary/emission/past?wrong=kni&right=CNIL"
    shown = client.get(address)
    assert "4 endroits que la machine a écrits seront corrigés" in text(shown)
    assert "kni" in said(heard)
    (seen,) = re.findall(r'name="seen" value="(\w+)"', shown.text)
    assert client.post(address, data={"seen": "0"}, headers=OWN).status_code == 409
    done = client.post(address, data={"seen": seen}, headers=OWN)
    assert "C’est fait." in text(client.get(done.location))
    assert "kni" not in said(heard) + said(heard, CITY)
    assert heard.read_show("emission").glossary == ("CNIL",)
    undo(heard)
    assert "kni" in said(heard)
    assert client.get("/desk/glossary/emission/past?wrong=la&right=x").status_code == 404
    for act in ("add", "refuse"):
        fields = {"act": act, "name": "kni"}
        assert client.post("/desk/glossary/emission", data=fields, headers=OWN).status_code == 303
    assert heard.read_show("emission").glossary == ("kni",)
    assert read_themes(heard.root).refused == ("kni",)
    other = client.post("/desk/glossary/emission", data={"act": "add", "name": "x"}, headers=OWN)
    assert other.status_code == 409


def test_two_who_refuse_names_at_once_lose_no_refusal(
    heard: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    doubted = GlossaryProposal("emission", "kni", "heard", 2, KEY, 0.4)
    monkeypatch.setattr(desk_glossary, "propose", lambda *_asked: [doubted])
    client, refuse = signed_in(heard), themes.refuse

    def checked(root: Path, names: Iterable[str]) -> None:
        assert is_locked(root, "archive")
        refuse(root, names)

    monkeypatch.setattr(themes, "refuse", checked)
    fields = {"act": "refuse", "name": "kni"}
    assert client.post("/desk/glossary/emission", data=fields, headers=OWN).status_code == 303
    assert read_themes(heard.root).refused == ("kni",)


def test_a_name_that_cannot_be_told_is_answered_by_its_page(
    heard: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(heard)
    for address in ("gone", "gone/past?wrong=a&right=b"):
        assert client.get(f"/desk/glossary/{address}").status_code == 404
    doubted = GlossaryProposal("emission", "kni", "heard", 2, KEY, 0.4)
    monkeypatch.setattr(desk_glossary, "propose", lambda *_asked: [doubted])

    def full(*_asked: object) -> None:
        raise ArchiveError("emission: no space left on device")

    monkeypatch.setattr(desk_glossary, "add_to_glossary", full)
    fields = {"act": "add", "name": "kni"}
    met = client.post("/desk/glossary/emission", data=fields, headers=OWN)
    assert (met.status_code, "no space left" in text(met), "kni" in text(met)) == (409, True, True)


def test_by_keyboard_on_a_phone(heard: Archive, browser: Browser) -> None:
    name = propose(heard, RIGHT)
    propose(heard, "Et voilà !", 2)
    signed_in(heard)
    with (
        running("serve", "--root", str(heard.root)) as address,
        browser.new_context(locale="fr-FR", viewport={"width": 360, "height": 740}) as context,
    ):
        page = context.new_page()
        page.goto(f"{address}{QUEUE}")
        page.get_by_label("Nom").fill("Noé")
        page.get_by_label("Mot de passe").fill(WORD)
        page.keyboard.press("Enter")
        expect(page).to_have_url(f"{address}{QUEUE}")
        assert faults(page) == ""
        page.get_by_role("button", name="Accepter", exact=True).first.focus()
        for key in ("Tab", "Tab", "Tab", "Enter"):  # refuse, choose, other words
            page.keyboard.press(key)
        expect(page.get_by_label("Ce qui a été dit").first).to_be_visible()
        assert page.evaluate(WIDER) <= 0
        assert faults(page) == ""
        page.keyboard.press("Tab")
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.type("La CNIL dit non !")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("C’est écrit")
        assert faults(page) == ""
        page.get_by_role("link", name="3 autres endroits").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Ailleurs dans l’émission")
        assert page.url.startswith(f"{address}{QUEUE}/{name}/elsewhere")
        assert page.evaluate(WIDER) <= 0
        assert faults(page) == ""
        page.get_by_role("button", name="Corriger ces 3 endroits").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("3 endroits corrigés")
    assert said(heard).startswith("La CNIL dit non ! Euh oui la CNIL")
