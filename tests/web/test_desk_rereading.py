"""People put a text right at the desk: by plain forms, two at once, beside an editor."""

import gc
import html
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from radio.archive import Archive, acts, history, journal
from radio.proposals.queue import hash_of
from radio.proposals.rereading import save
from radio.proposals.sentences import SeenPlace, SentenceEdit
from radio.search import Index
from radio.search.hits import SearchOptions
from radio.text.sentences import sentence_of
from radio.text.transcript import Cue, render_evidence
from radio.transcribe import voices
from radio.web.rereading import sheet
from radio.web.views import desk_rereading
from tests.heard import KEY, SAID, evidence_of, hear, transcript_of
from tests.patience import LONG
from tests.processes import call
from tests.samples import CITY, STREET, put
from tests.visits import text
from tests.web.desks import OWN, edit_file, form_of, people, said, signed_in

LIST, VOICES = f"/desk/reread/{KEY}", f"/desk/voices/{KEY}"
FIRST, SECOND = f"{LIST}/1", f"{LIST}/2"
Form = dict[str, list[str]]


@pytest.fixture
def heard(archive: Archive) -> Archive:
    hear(archive)
    return archive


@pytest.fixture
def client(heard: Archive) -> FlaskClient:
    return signed_in(heard, "rereader")


def fields(page: TestResponse) -> Form:
    """The sentences of a page, or of a piece of one, as a browser sends them back untouched."""
    every = form_of(page.text, 'class="rereading"' if "<html" in page.text else "")
    return {name: every.get(name, []) for name in ("place", "words", "voice")}


def send(
    client: FlaskClient,
    form: Form,
    words: Sequence[str] | None = None,
    address: str = FIRST,
    **more: str,
) -> TestResponse:
    data: dict[str, Any] = {**form, "act": "save", **more}
    return client.post(address, data=data | ({"words": [*words]} if words else {}), headers=OWN)


def write(client: FlaskClient, *words: str, address: str = FIRST, **more: str) -> TestResponse:
    return send(client, fields(client.get(address)), words, address, **more)


def send_one(client: FlaskClient, form: Form, words: str, address: str = FIRST) -> TestResponse:
    """Send the first sentence of a form alone, as the script does."""
    one: dict[str, Any] = {name: values[:1] for name, values in form.items()}
    return client.post(address, data=one | {"words": [words], "piece": "1"}, headers=OWN)


def cues_of(archive: Archive) -> Sequence[Cue]:
    return transcript_of(archive).cues


def note_of(archive: Archive) -> tuple[str | None, ...]:
    note = transcript_of(archive).note
    assert "twice" not in note
    return note["status"], note.get("reread")


def test_a_long_text_is_laid_out_without_searching_memory_again_and_again(archive: Archive) -> None:
    hear(archive, {10 * each: SAID[10] for each in range(1, 400)})
    searches = list[str]()
    gc.collect()
    gc.callbacks.append(count := lambda phase, _found: searches.append(phase))
    try:
        assert len(sheet(archive, archive.episode(KEY)).rows) > 300
    finally:
        gc.callbacks.remove(count)
    assert gc.isenabled()
    assert len(searches) < 10


def test_sentences_are_put_right_and_taken_back(heard: Archive, client: FlaskClient) -> None:
    assert heard.episode(KEY).title in text(client.get("/desk/reread"))
    assert "Passages relus : 0 sur 2" in text(client.get(f"{LIST}?order=doubt"))
    page = client.get(FIRST)
    assert fields(page)["words"] == [SAID[10], SAID[20]]
    assert re.search(r"doute[^<]*</?[^>]*>?", page.text)
    assert '<u lang="fr">kni</u>' in page.text
    assert f'src="/media/{KEY}.mp3#t=10,' in page.text
    before = heard.vtt_path(KEY).read_bytes()
    done = write(client, SAID[10].replace("kni", "CNIL"), SAID[20])
    assert "1 phrase enregistrée" in text(client.get(done.location))
    assert heard.vtt_path(KEY).read_bytes() == before.replace(b"kni", b"CNIL", 1)
    write(client, SAID[10].replace("kni", "CNIL"), SAID[20].replace("kni", "CNIL"))
    assert "kni" not in said(heard)
    assert Index(heard).search("cnil", SearchOptions()).total > 0
    assert len(history.acts(heard.root)) == 1, "one sitting, one act"
    assert [(each.who, each.what) for each in journal.entries(heard.root)[:1]] == [("Noé", "mend")]
    acts.undo(heard)
    assert heard.vtt_path(KEY).read_bytes() == before
    long = " ".join(["الذاكرة"] * 200)  # two minutes, in letters of several bytes
    assert write(client, long, long).status_code == 303
    assert fields(client.get(FIRST))["words"] == [long, long]


def test_what_changed_meanwhile_is_shown_and_the_rest_is_written(heard: Archive) -> None:
    one, other = people(heard, "Noé", "Zoé", role="rereader")
    mine = fields(one.get(FIRST))
    write(other, "La CNIL dit non.", SAID[20])
    edit_file(heard, "WEBVTT\n", "WEBVTT\n\nNOTE de la main\n")
    edit_file(heard, "La suite.", "La suite, vraiment.")
    typed = ["La Knil dit non.", "Oui, la CNIL dit peut-être."]
    met = send(one, mine, typed)
    assert (met.status_code, fields(met)["words"]) == (409, typed)
    assert '<q lang="fr">La CNIL dit non.</q>' in met.text
    others = "Oui, la CNIL dit peut-être. Et voilà. La suite, vraiment."
    assert said(heard) == f"La CNIL dit non. {others}"
    assert "NOTE de la main" in heard.vtt_path(KEY).read_text()
    assert send(one, fields(met)).status_code == 303
    assert said(heard) == f"La Knil dit non. {others}"
    repeated = send(one, mine, ["La Knil dit non.", SAID[20]])
    assert repeated.status_code == 303, "a form that comes twice is no conflict"
    old = fields(one.get(SECOND))
    edit_file(heard, "Et voilà.", "Et")
    gone = send(one, old, ["Et voilà donc.", "La suite, vraiment !"], SECOND)
    assert (gone.status_code, "La suite, vraiment !" in said(heard)) == (409, True)
    heard.vtt_path(KEY).write_text("WEBVTT\n\n1\n00:00:09.000 --> 00:00:08.000\nEnvers.\n")
    assert one.get(SECOND).status_code == 404


def test_sentences_are_cut_joined_emptied_and_given_on(heard: Archive, client: FlaskClient) -> None:
    write(client, "La CNIL dit non,\nà tout le monde.", SAID[20])
    first, second = cues_of(heard)[:2]
    assert (first.text, second.text) == ("La CNIL dit non.", "À tout le monde.")
    assert (first.start, first.end, second.start) == (10.0, 11.6, 11.6), "as it was heard"
    for left in (2, 1):  # the second time over a pause
        form = fields(client.get(FIRST))
        assert send(client, form, join=form["place"][1].split()[0]).status_code == 303
        form = fields(client.get(FIRST))
        assert len(form["words"]) == left
        assert form["words"][0].startswith("La CNIL dit non à tout le monde")
    edit_file(heard, "\nEt voilà.", "\n<v Voix 1>Et voilà.")
    form = fields(client.get(SECOND))
    assert form["voice"] == ["Voix 1", ""]
    send(client, form | {"voice": ["Voix 1", "Voix 1"]}, address=SECOND)
    assert {cue.voice for cue in cues_of(heard)[-2:]} == {"Voix 1"}
    write(client, "", "La suite.", address=SECOND)
    assert "Et voilà" not in said(heard)


def test_what_cannot_be_taken_stays_in_its_field(heard: Archive, client: FlaskClient) -> None:
    form = fields(client.get(FIRST))
    wrong = send(client, form, ["La \u202eCNIL", "Euh oui."])
    assert (wrong.status_code, 'role="alert"' in wrong.text) == (422, True)
    assert fields(wrong)["words"] == ["La \u202eCNIL", "Euh oui."]
    assert said(heard).startswith(f"{SAID[10]} Euh oui. ")
    assert send(client, form, ["x" * 2001, SAID[20]]).status_code == 422
    for places in (["x"], ["inf inf x y"], ["nan 2 x y"], ["-1 2 x y"], []):
        data: dict[str, Any] = {"place": places, "words": ["x"] * len(places)}
        data |= {"voice": [""] * len(places), "piece": "1"}
        assert client.post(FIRST, data=data, headers=OWN).status_code == 400
    for address in (f"{LIST}/9", f"{LIST}/x", f"{LIST}/0", "/desk/reread/emission/nothing"):
        assert client.get(address).status_code == 404
    write(client, "Et voilà Zoé Durand.", "La suite.", address=SECOND)
    call("protect", "pseudonym", "--root", str(heard.root), KEY, "Zoé Durand", "Camille")
    write(client, "Et puis ZOE DURAND, oui.", "La suite.", address=SECOND)
    assert "Et puis Camille, oui." in said(heard)
    form = fields(client.get(FIRST))
    (heard.root / "mirror.json").write_text("{}")  # a copy is reread where it comes from
    refused = send(client, form, ["La CNIL.", SAID[20]])
    assert (refused.status_code, fields(refused)["words"][0]) == (409, "La CNIL.")
    refused = send_one(client, form, "La CNIL.")
    assert (refused.status_code, fields(refused)["words"]) == (422, ["La CNIL."])  # no whole page
    assert "Rien n’a été écrit" in html.unescape(refused.text)
    assert said(heard).startswith(SAID[10])


def test_sections_are_marked_as_reread(heard: Archive, client: FlaskClient) -> None:
    write(client, "La CNIL.", SAID[20], act="reread")
    assert note_of(heard) == ("machine", "0:00-2:00")
    assert "Passages relus : 1 sur 2" in text(client.get(LIST))
    assert "doute :" not in text(client.get(FIRST))
    public = client.get(f"/shows/{KEY}")
    assert "Déjà relu : 0:00-2:00." in text(public).replace("\u00a0", " ")
    assert "<u>kni</u>" not in public.text
    edit_file(heard, "La CNIL.", "La CNIL, oui.")  # marks stay
    assert "Passages relus : 1 sur 2" in text(client.get(LIST))
    send(client, fields(client.get(SECOND)), address=SECOND, act="reread")
    assert note_of(heard)[0] == "reread"
    assert "Transcription relue" in text(client.get(f"/shows/{KEY}"))
    send(client, fields(client.get(SECOND)), address=SECOND, act="unread")
    assert note_of(heard) == ("machine", "0:00-2:00")
    acts.undo(heard)
    assert "Transcription relue" in text(client.get(f"/shows/{KEY}"))


def test_marks_of_a_second_reading_are_still_read(heard: Archive, client: FlaskClient) -> None:
    edit_file(heard, "status: machine", "status: machine\ntwice: 0:00-2:00")
    assert "Passages relus : 1 sur 2" in text(client.get(LIST))
    send(client, fields(client.get(SECOND)), address=SECOND, act="reread")
    assert note_of(heard)[0] == "reread"
    send(client, fields(client.get(FIRST)), act="unread")
    assert note_of(heard) == ("machine", "2:00-4:00")


def test_a_script_gets_what_stands_there_then(heard: Archive, client: FlaskClient) -> None:
    form = fields(client.get(FIRST))
    piece = send_one(client, form, "Oui.\nNon.")
    assert (piece.status_code, fields(piece)["words"]) == (200, ["Oui.", "Non."])
    assert "<html" not in piece.text
    stale = send_one(client, form, "Si.")
    assert (stale.status_code, fields(stale)["words"]) == (409, ["Si."])
    form = fields(client.get(SECOND))  # a sentence becomes one with the next: none is taken away
    edit_file(heard, "00:02:10.800", "00:02:19.000")
    form["place"] = fields(client.get(SECOND))["place"]
    piece = send_one(client, form, "Et voilà donc", SECOND)
    assert (piece.status_code, fields(piece)["words"]) == (200, ["Et voilà donc La suite."])
    form["place"] = re.findall(r'name="own" value="([^"]*)"', piece.text)
    more = send_one(client, form, "Et voilà enfin", SECOND)
    assert (more.status_code, fields(more)["words"]) == (200, ["Et voilà enfin La suite."])


def test_what_met_others_keeps_the_sentence_it_joined(heard: Archive, client: FlaskClient) -> None:
    """Who wrote their own words over it again would have taken the next sentence away."""
    edit_file(heard, "00:02:10.800", "00:02:19.000")  # no pause
    form = fields(client.get(SECOND))
    edit_file(heard, "Et voilà.", "Et là")
    for typed, code, kept in (
        (["Et voilà donc.", "La suite."], 409, "Et voilà donc. La suite."),
        (["Et \u202evoilà.", "La suite."], 422, "Et \u202evoilà. La suite."),
        (["Et \u202evoilà.", "La \u202efin."], 422, "Et \u202evoilà. La \u202efin."),
    ):
        met = send(client, form, typed, SECOND)
        assert (met.status_code, fields(met)["words"]) == (code, [kept])
        assert ('<q lang="fr">Et là La suite.</q>' in met.text) == (code == 409)


def test_words_are_replaced_where_one_chose(heard: Archive, client: FlaskClient) -> None:
    address = f"/desk/replace/{KEY}"
    query = f"{address}?q=KNI&by=CNIL"
    assert client.get(address).status_code == 200
    shown = client.get(query)
    assert "2 phrases changeraient" in text(shown) and "<ins>CNIL</ins>" in shown.text
    assert "ne se trouvent pas" in text(client.get(f"{query}&part=2"))
    assert client.get(f"{address}?q=kni&by=kni").text.count('role="alert"') == 1
    places = re.findall(r'name="place" value="([^"]*)"', shown.text)
    assert len(places) == 2
    assert client.post(query, data={}, headers=OWN).status_code == 422
    done = client.post(query, data={"place": places[:1]}, headers=OWN)
    assert "1 phrase enregistrée" in text(client.get(done.location))
    assert said(heard).startswith("La CNIL dit non à tout le monde. Euh oui, la kni")
    stale = client.post(query, data={"place": places}, headers=OWN)
    assert "1 a changé entre-temps" in text(client.get(stale.location))
    assert "kni" not in said(heard)
    acts.undo(heard)
    assert said(heard).count("kni") == 1


def test_no_name_of_a_voice_is_lost_unseen(heard: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    noe, lea = people(heard, "Noé", "Léa", role="rereader")

    def name(client: FlaskClient, first: str, second: str, **was: str) -> TestResponse:
        data = {"was-voice-1": "", "was-voice-2": "", "voice-1": first, "voice-2": second}
        return client.post(VOICES, data=data | was, headers=OWN)

    assert "Voix 2" in text(noe.get(VOICES))
    assert name(noe, "x" * 101, "").status_code == 422
    assert "Les noms sont écrits" in text(noe.get(name(noe, "Camille", " ").location))
    assert heard.episode(KEY).voices == {"1": "Camille"}
    assert fields(noe.get(SECOND))["voice"] == ["Camille", "Camille"]
    assert name(lea, "", "Zoé").status_code == 303
    met = name(lea, "Jeanne", "Zoé")
    assert met.status_code == 409
    assert "a écrit «\u00a0Camille\u00a0»" in html.unescape(met.text)
    assert heard.episode(KEY).voices == {"1": "Camille", "2": "Zoé"}
    shown = dict(re.findall(r'name="((?:was-)?voice-\d)" value="([^"]*)"', met.text))
    kept = {"was-voice-1": "Camille", "voice-1": "Jeanne", "was-voice-2": "Zoé", "voice-2": "Zoé"}
    assert shown == kept
    assert lea.post(VOICES, data=shown, headers=OWN).status_code == 303
    assert heard.episode(KEY).voices == {"1": "Jeanne", "2": "Zoé"}
    do = voices.name

    def late(*asked: Any) -> None:
        do(heard, KEY, {1: "Anna"})  # somebody else, just then
        do(*asked)

    monkeypatch.setattr(voices, "name", late)
    met = name(lea, "Lou", "Zoé", **{"was-voice-1": "Jeanne", "was-voice-2": "Zoé"})
    assert (met.status_code, 'value="Lou"' in met.text) == (409, True)
    assert heard.episode(KEY).voices == {"1": "Anna", "2": "Zoé"}


def test_the_least_sure_minutes_come_first(heard: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_rereading, "PATIENCE", LONG)  # all is looked through at once
    put(heard, CITY)
    evidence = evidence_of(heard)
    content = heard.vtt_path(KEY).read_bytes()
    for slug, worth in ((STREET, 0.99), (CITY, 0.2)):
        segments = tuple(
            replace(each, words=tuple(replace(word, probability=worth) for word in each.words * 4))
            for each in evidence.segments
        )
        changed = render_evidence(replace(evidence, segments=segments))
        heard.evidence_path(f"emission/{slug}").write_bytes(changed)
        heard.vtt_path(f"emission/{slug}").write_bytes(content)
    one = signed_in(heard, "rereader")
    listed = one.get("/desk/unsure")
    links = re.findall(r'href="(/desk/reread/emission/[^"]*)"', listed.text)
    assert [link.split("/")[4] for link in links[:1]] == [CITY]
    assert "0 min relues sur" in text(listed)
    assert one.get(html.unescape(links[0])).text.count(" autofocus") == 1
    first = f"/desk/reread/emission/{CITY}/1"
    send(one, fields(one.get(first)), address=first, act="reread")
    again = re.findall(r'href="(/desk/reread/emission/[^"]*)"', one.get("/desk/unsure").text)
    assert again.index(links[0]) == len(again) - 1
    assert "Les passages les moins sûrs" in text(one.get("/desk"))


def test_two_who_write_at_once_lose_nothing(heard: Archive) -> None:

    def write(start: float, name: str) -> None:
        for number in range(15):
            (cue,) = (each for each in cues_of(heard) if each.start == start)
            place = SeenPlace(cue.start, cue.end, hash_of(cue.start, cue.end, sentence_of([cue])))
            told = SentenceEdit((place,), f"{name} {number} dit oui.")
            assert save(heard, KEY, [told], name).changed == 1

    with ThreadPoolExecutor() as pool:
        list(pool.map(write, (130.0, 140.0), ("Zoé", "Noé")))
    assert said(heard).endswith("Zoé 14 dit oui. Noé 14 dit oui.")
