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
from radio.text.transcript import render_evidence
from radio.transcribe import voices
from radio.web.rereading import sheet
from radio.web.views import desk_rereading
from tests.heard import SAID, hear
from tests.patience import LONG
from tests.processes import call
from tests.samples import CITY, STREET, put
from tests.visits import text
from tests.web.desks import OWN, form_of, people, said, signed_in

KEY = f"emission/{STREET}"
LIST = f"/desk/reread/{KEY}"
FIRST, SECOND = f"{LIST}/1", f"{LIST}/2"


@pytest.fixture
def heard(archive: Archive) -> Archive:
    """A text of two sections that the machine wrote."""
    hear(archive)
    return archive


def test_a_long_text_is_laid_out_without_searching_memory_again_and_again(
    archive: Archive,
) -> None:
    """It took two fifths of the time, for a text of eight hours."""
    hear(archive, {10 * each: SAID[10] for each in range(1, 1500)})
    searches = list[str]()
    gc.collect()
    gc.callbacks.append(count := lambda phase, _found: searches.append(phase))
    try:
        assert len(sheet(archive, archive.episode(KEY)).rows) > 1000
    finally:
        gc.callbacks.remove(count)
    assert gc.isenabled()
    assert len(searches) < 10


@pytest.fixture
def client(heard: Archive) -> FlaskClient:
    """Somebody who rereads it."""
    return signed_in(heard, "rereader")


def fields(page: TestResponse) -> dict[str, list[str]]:
    """The sentences of a page, or of a piece of one, as a browser sends them back untouched."""
    every = form_of(page.text, 'class="rereading"' if "<html" in page.text else "")
    return {name: every.get(name, []) for name in ("place", "words", "voice")}


def send(
    client: FlaskClient, form: dict[str, list[str]], address: str = FIRST, **more: str
) -> TestResponse:
    return client.post(address, data={**form, "act": "save", **more}, headers=OWN)


def typed(form: dict[str, list[str]], words: Sequence[str]) -> dict[str, list[str]]:
    return form | {"words": [*words]}


def test_sentences_are_put_right_and_taken_back(heard: Archive, client: FlaskClient) -> None:
    assert heard.episode(KEY).title in text(client.get("/desk/reread"))
    assert "Passages relus : 0 sur 2" in text(client.get(f"{LIST}?order=doubt"))
    page = client.get(FIRST)
    assert fields(page)["words"] == [SAID[10], SAID[20]]
    assert re.search(r"doute[^<]*</?[^>]*>?", page.text)
    assert '<u lang="fr">kni</u>' in page.text
    assert f'src="/media/{KEY}.mp3#t=10,' in page.text
    before = heard.vtt_path(KEY).read_bytes()

    form = fields(page)
    done = send(client, typed(form, [SAID[10].replace("kni", "CNIL"), SAID[20]]))
    assert done.status_code == 303
    assert "1 phrase enregistrée" in text(client.get(done.location))
    assert said(heard).startswith("La CNIL dit non")
    assert heard.vtt_path(KEY).read_bytes() == before.replace(b"kni", b"CNIL", 1)
    again = fields(client.get(FIRST))
    send(client, typed(again, [again["words"][0], SAID[20].replace("kni", "CNIL")]))
    assert "kni" not in said(heard)
    assert Index(heard).search("cnil", SearchOptions()).total > 0
    assert len(history.acts(heard.root)) == 1, "one sitting, one act"
    assert [(each.who, each.what) for each in journal.entries(heard.root)[:1]] == [("Noé", "mend")]
    acts.undo(heard)
    assert heard.vtt_path(KEY).read_bytes() == before


def test_two_minutes_in_letters_of_several_bytes_are_saved_as_one(
    heard: Archive, client: FlaskClient
) -> None:
    said = " ".join(["الذاكرة"] * 200)
    assert send(client, typed(fields(client.get(FIRST)), [said, said])).status_code == 303
    assert fields(client.get(FIRST))["words"] == [said, said]


def test_what_changed_meanwhile_is_shown_and_the_rest_is_written(heard: Archive) -> None:
    one, other = people(heard, "Noé", "Zoé", role="rereader")
    mine, theirs = fields(one.get(FIRST)), fields(other.get(FIRST))
    send(other, typed(theirs, ["La CNIL dit non.", SAID[20]]))
    path = heard.vtt_path(KEY)
    edited = path.read_bytes().replace(b"WEBVTT\n", b"WEBVTT\n\nNOTE de la main\n")
    path.write_bytes(edited.replace(b"La suite.", b"La suite, vraiment."))  # by an editor

    met = send(one, typed(mine, ["La Knil dit non.", "Oui, la CNIL dit peut-être."]))
    assert met.status_code == 409
    assert '<q lang="fr">La CNIL dit non.</q>' in met.text
    assert fields(met)["words"] == ["La Knil dit non.", "Oui, la CNIL dit peut-être."]
    assert said(heard) == (
        "La CNIL dit non. Oui, la CNIL dit peut-être. Et voilà. La suite, vraiment."
    )
    assert "NOTE de la main" in path.read_text()
    done = send(one, fields(met))
    assert done.status_code == 303
    assert said(heard).startswith("La Knil dit non. Oui, la CNIL")
    repeated = send(one, typed(mine, ["La Knil dit non.", SAID[20]]))
    assert repeated.status_code == 303, "a form that comes twice is no conflict"

    old = fields(one.get(SECOND))
    path.write_text(path.read_text().replace("Et voilà.", "Et"))
    gone = send(one, typed(old, ["Et voilà donc.", "La suite, vraiment !"]), SECOND)
    assert (gone.status_code, "La suite, vraiment !" in said(heard)) == (409, True)
    path.write_text("WEBVTT\n\n1\n00:00:09.000 --> 00:00:08.000\nEnvers.\n")
    assert one.get(SECOND).status_code == 404


def test_sentences_are_cut_joined_emptied_and_given_to_others(
    heard: Archive, client: FlaskClient
) -> None:
    form = fields(client.get(FIRST))
    send(client, typed(form, ["La CNIL dit non,\nà tout le monde.", SAID[20]]))
    cues = heard.transcript(KEY).cues  # type: ignore[union-attr]
    assert [cue.text for cue in cues[:2]] == ["La CNIL dit non.", "À tout le monde."]
    assert (cues[0].start, cues[0].end, cues[1].start) == (10.0, 11.6, 11.6), "as it was heard"

    form = fields(client.get(FIRST))
    assert form["words"] == ["La CNIL dit non.", "À tout le monde.", SAID[20]]
    join = form["place"][1].split()[0]
    assert send(client, form, join=join).status_code == 303
    form = fields(client.get(FIRST))
    assert form["words"][0] in (
        "La CNIL dit non à tout le monde.",
        "La CNIL dit non à tout le monde.",
    )
    send(client, form, join=form["place"][1].split()[0])  # over a pause
    form = fields(client.get(FIRST))
    assert len(form["words"]) == 1

    path = heard.vtt_path(KEY)
    path.write_text(path.read_text().replace("\nEt voilà.", "\n<v Voix 1>Et voilà."))
    form = fields(client.get(SECOND))
    assert form["voice"] == ["Voix 1", ""]
    send(client, form | {"voice": ["Voix 1", "Voix 1"]}, SECOND)
    assert {cue.voice for cue in heard.transcript(KEY).cues[-2:]} == {"Voix 1"}  # type: ignore[union-attr]
    form = fields(client.get(SECOND))
    send(client, typed(form, ["", "La suite."]), SECOND)
    assert "Et voilà" not in said(heard)


def test_what_cannot_be_taken_stays_in_its_field(heard: Archive, client: FlaskClient) -> None:
    form = fields(client.get(FIRST))
    wrong = send(client, typed(form, ["La \u202eCNIL", "Euh oui."]))
    assert (wrong.status_code, 'role="alert"' in wrong.text) == (422, True)
    assert fields(wrong)["words"] == ["La \u202eCNIL", "Euh oui."]
    assert said(heard).startswith(f"{SAID[10]} Euh oui. ")
    assert send(client, typed(form, ["x" * 2001, SAID[20]])).status_code == 422
    assert send(client, {"place": ["x"], "words": ["y"], "voice": [""]}).status_code == 400
    for address in (f"{LIST}/9", f"{LIST}/x", f"{LIST}/0", "/desk/reread/emission/nothing"):
        assert client.get(address).status_code == 404

    for words in ("Et voilà Zoé Durand.", "Et puis ZOE DURAND, oui."):
        form = fields(client.get(SECOND))
        send(client, typed(form, [words, "La suite."]), SECOND)
        if "puis" not in words:
            call("protect", "pseudonym", "--root", str(heard.root), KEY, "Zoé Durand", "Camille")
    assert "Et puis Camille, oui." in said(heard)


def test_sections_are_marked_as_reread(heard: Archive, client: FlaskClient) -> None:
    send(client, typed(fields(client.get(FIRST)), ["La CNIL.", SAID[20]]), act="reread")
    note = heard.transcript(KEY).note  # type: ignore[union-attr]
    assert (note["status"], note["reread"]) == ("machine", "0:00-2:00")
    assert "Passages relus : 1 sur 2" in text(client.get(LIST))
    assert "doute :" not in text(client.get(FIRST))
    public = client.get(f"/shows/{KEY}")
    assert "Déjà relu : 0:00-2:00." in text(public).replace("\u00a0", " ")
    assert "<u>kni</u>" not in public.text
    path = heard.vtt_path(KEY)
    path.write_text(path.read_text().replace("La CNIL.", "La CNIL, oui."))  # marks stay
    assert "Passages relus : 1 sur 2" in text(client.get(LIST))

    send(client, fields(client.get(SECOND)), SECOND, act="reread")
    assert heard.transcript(KEY).note["status"] == "reread"  # type: ignore[union-attr]
    assert "Transcription relue" in text(client.get(f"/shows/{KEY}"))
    send(client, fields(client.get(SECOND)), SECOND, act="unread")
    note = heard.transcript(KEY).note  # type: ignore[union-attr]
    assert (note["status"], note["reread"]) == ("machine", "0:00-2:00")
    acts.undo(heard)
    assert "Transcription relue" in text(client.get(f"/shows/{KEY}"))


def test_marks_of_a_second_reading_are_still_read(heard: Archive, client: FlaskClient) -> None:
    path = heard.vtt_path(KEY)
    was = path.read_text(encoding="utf-8")
    path.write_text(was.replace("status: machine", "status: machine\ntwice: 0:00-2:00"), "utf-8")
    assert "Passages relus : 1 sur 2" in text(client.get(LIST))
    send(client, fields(client.get(SECOND)), SECOND, act="reread")
    note = heard.transcript(KEY).note  # type: ignore[union-attr]
    assert (note["status"], "twice" in note) == ("reread", False)
    send(client, fields(client.get(FIRST)), act="unread")
    note = heard.transcript(KEY).note  # type: ignore[union-attr]
    assert (note["status"], note["reread"]) == ("machine", "2:00-4:00")


@pytest.mark.parametrize("place", [[], ["inf inf x y"], ["nan 2 x y"], ["-1 2 x y"]])
def test_what_is_no_form_of_the_page_is_refused(
    heard: Archive, client: FlaskClient, place: list[str]
) -> None:
    form = {"place": place, "words": ["x"] * len(place), "voice": [""] * len(place), "piece": "1"}
    assert client.post(FIRST, data=form, headers=OWN).status_code == 400


def test_a_script_gets_what_stands_there_then(heard: Archive, client: FlaskClient) -> None:
    form = fields(client.get(FIRST))
    one = {name: values[:1] for name, values in form.items()}
    body = typed(one, ["Oui.\nNon."]) | {"piece": "1"}
    piece = client.post(FIRST, data=body, headers=OWN)
    assert (piece.status_code, fields(piece)["words"]) == (200, ["Oui.", "Non."])
    assert "<html" not in piece.text
    stale = client.post(FIRST, data=typed(one, ["Si."]) | {"piece": "1"}, headers=OWN)
    assert (stale.status_code, fields(stale)["words"]) == (409, ["Si."])


def test_a_script_is_told_what_became_one_with_the_next_sentence(
    heard: Archive, client: FlaskClient
) -> None:
    """It was told of no sentence there, and took the field away in which somebody typed."""
    form = fields(client.get(SECOND))
    one = {name: values[:1] for name, values in form.items()} | {"piece": "1"}
    path = heard.vtt_path(KEY)
    path.write_text(path.read_text().replace("00:02:10.800", "00:02:19.000"))  # no pause
    one["place"] = fields(client.get(SECOND))["place"][:1]
    piece = client.post(SECOND, data=one | {"words": ["Et voilà donc"]}, headers=OWN)
    assert (piece.status_code, fields(piece)["words"]) == (200, ["Et voilà donc La suite."])
    (own,) = re.findall(r'name="own" value="([^"]*)"', piece.text)
    more = client.post(
        SECOND, data=one | {"place": [own], "words": ["Et voilà enfin"]}, headers=OWN
    )
    assert (more.status_code, fields(more)["words"]) == (200, ["Et voilà enfin La suite."])


def test_what_met_others_keeps_the_sentence_that_joined_it(
    heard: Archive, client: FlaskClient
) -> None:
    """Who wrote their own words over it again would have taken the next sentence away."""
    path = heard.vtt_path(KEY)
    path.write_text(path.read_text().replace("00:02:10.800", "00:02:19.000"))  # no pause
    form = fields(client.get(SECOND))
    path.write_text(path.read_text().replace("Et voilà.", "Et là"))  # by an editor
    met = send(client, typed(form, ["Et voilà donc.", "La suite."]), SECOND)
    assert (met.status_code, fields(met)["words"]) == (409, ["Et voilà donc. La suite."])
    assert '<q lang="fr">Et là La suite.</q>' in met.text
    wrong = send(client, typed(form, ["Et \u202evoilà.", "La suite."]), SECOND)
    assert (wrong.status_code, fields(wrong)["words"]) == (422, ["Et \u202evoilà. La suite."])
    wrong = send(client, typed(form, ["Et \u202evoilà.", "La \u202efin."]), SECOND)
    assert fields(wrong)["words"] == ["Et \u202evoilà. La \u202efin."]


def test_a_script_that_is_refused_gets_just_the_words_it_sent(
    heard: Archive, client: FlaskClient
) -> None:
    """It got the whole page, whose sentences it put beside those that were there."""
    form = typed(fields(client.get(FIRST)), ["La CNIL.", SAID[20]])
    one = {name: values[:1] for name, values in form.items()} | {"piece": "1"}
    (heard.root / "mirror.json").write_text("{}")
    refused = client.post(FIRST, data=one, headers=OWN)
    assert (refused.status_code, fields(refused)["words"]) == (422, ["La CNIL."])
    assert "Rien n’a été écrit" in html.unescape(refused.text)


def test_words_are_replaced_where_one_chose(heard: Archive, client: FlaskClient) -> None:
    address = f"/desk/replace/{KEY}"
    assert client.get(address).status_code == 200
    shown = client.get(f"{address}?q=KNI&by=CNIL")
    assert "2 phrases changeraient" in text(shown)
    assert "<ins>CNIL</ins>" in shown.text
    assert "ne se trouvent pas" in text(client.get(f"{address}?q=kni&by=CNIL&part=2"))
    assert client.get(f"{address}?q=kni&by=kni").text.count('role="alert"') == 1
    places = re.findall(r'name="place" value="([^"]*)"', shown.text)
    assert len(places) == 2
    query = f"{address}?q=KNI&by=CNIL"
    assert client.post(query, data={}, headers=OWN).status_code == 422
    done = client.post(query, data={"place": places[:1]}, headers=OWN)
    assert "1 phrase enregistrée" in text(client.get(done.location))
    assert said(heard).startswith("La CNIL dit non à tout le monde. Euh oui, la kni")
    stale = client.post(query, data={"place": places}, headers=OWN)
    assert "1 a changé entre-temps" in text(client.get(stale.location))
    assert "kni" not in said(heard)
    acts.undo(heard)
    assert said(heard).count("kni") == 1


def test_voices_are_named_for_the_whole_episode(heard: Archive, client: FlaskClient) -> None:
    address = f"/desk/voices/{KEY}"
    assert "Voix 2" in text(client.get(address))
    long = client.post(address, data={"voice-1": "x" * 101}, headers=OWN)
    assert long.status_code == 422
    done = client.post(address, data={"voice-1": "Camille", "voice-2": " "}, headers=OWN)
    assert "Les noms sont écrits" in text(client.get(done.location))
    assert heard.episode(KEY).voices == {"1": "Camille"}
    form = fields(client.get(SECOND))
    assert form["voice"] == ["Camille", "Camille"]


def test_who_names_one_voice_keeps_the_name_that_somebody_gave_another(heard: Archive) -> None:
    noe, lea = people(heard, "Noé", "Léa", role="rereader")
    address, blank = f"/desk/voices/{KEY}", {"was-voice-1": "", "was-voice-2": ""}
    noe.post(address, data=blank | {"voice-1": "Camille", "voice-2": ""}, headers=OWN)
    done = lea.post(address, data=blank | {"voice-1": "", "voice-2": "Zoé"}, headers=OWN)
    assert done.status_code == 303
    assert heard.episode(KEY).voices == {"1": "Camille", "2": "Zoé"}
    met = lea.post(address, data=blank | {"voice-1": "Jeanne", "voice-2": "Zoé"}, headers=OWN)
    assert met.status_code == 409
    assert "a écrit «\u00a0Camille\u00a0»" in html.unescape(met.text)
    assert heard.episode(KEY).voices == {"1": "Camille", "2": "Zoé"}
    shown = dict(re.findall(r'name="((?:was-)?voice-\d)" value="([^"]*)"', met.text))
    kept = {"was-voice-1": "Camille", "voice-1": "Jeanne"}
    assert shown == kept | {"was-voice-2": "Zoé", "voice-2": "Zoé"}
    assert lea.post(address, data=shown, headers=OWN).status_code == 303
    assert heard.episode(KEY).voices == {"1": "Jeanne", "2": "Zoé"}


def test_a_voice_that_gets_its_name_just_then_keeps_it(
    heard: Archive, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = voices.name

    def late(*asked: Any) -> None:
        name(heard, KEY, {1: "Camille"})
        name(*asked)

    monkeypatch.setattr(voices, "name", late)
    form = {"was-voice-1": "", "voice-1": "Jeanne"}
    met = client.post(f"/desk/voices/{KEY}", data=form, headers=OWN)
    assert (met.status_code, 'value="Jeanne"' in met.text) == (409, True)
    assert heard.episode(KEY).voices == {"1": "Camille"}


def test_the_least_certain_minutes_come_first(
    heard: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_rereading, "PATIENCE", LONG)  # all is looked through at once
    put(heard, CITY)
    evidence = heard.evidence(KEY)
    assert evidence
    said = heard.vtt_path(KEY).read_bytes()
    for slug, worth in ((STREET, 0.99), (CITY, 0.2)):
        segments = tuple(
            replace(each, words=tuple(replace(word, probability=worth) for word in each.words * 4))
            for each in evidence.segments
        )
        heard.evidence_path(f"emission/{slug}").write_bytes(
            render_evidence(replace(evidence, segments=segments))
        )
        heard.vtt_path(f"emission/{slug}").write_bytes(said)
    one = signed_in(heard, "rereader")
    listed = one.get("/desk/unsure")
    links = re.findall(r'href="(/desk/reread/emission/[^"]*)"', listed.text)
    assert [link.split("/")[4] for link in links[:1]] == [CITY]
    assert "0 min relues sur" in text(listed)
    led = one.get(html.unescape(links[0]))
    assert led.text.count(" autofocus") == 1
    first = f"/desk/reread/emission/{CITY}/1"
    send(one, fields(one.get(first)), first, act="reread")
    again = re.findall(r'href="(/desk/reread/emission/[^"]*)"', one.get("/desk/unsure").text)
    assert again.index(links[0]) == len(again) - 1
    assert "Les passages les moins sûrs" in text(one.get("/desk"))


def test_two_who_write_at_once_lose_nothing(heard: Archive) -> None:
    """Each writes one sentence again and again, as it was answered last."""

    def write(start: float, name: str) -> None:
        for number in range(25):
            transcript = heard.transcript(KEY)
            assert transcript
            (cue,) = (each for each in transcript.cues if each.start == start)
            words = sentence_of([cue])
            place = SeenPlace(cue.start, cue.end, hash_of(cue.start, cue.end, words))
            told = SentenceEdit((place,), f"{name} {number} dit oui.")
            assert save(heard, KEY, [told], name).changed == 1

    with ThreadPoolExecutor() as pool:
        list(pool.map(write, (130.0, 140.0), ("Zoé", "Noé")))
    assert said(heard).endswith("Zoé 24 dit oui. Noé 24 dit oui.")


def test_a_copy_of_another_archive_is_reread_there(heard: Archive, client: FlaskClient) -> None:
    form = typed(fields(client.get(FIRST)), ["La CNIL.", SAID[20]])
    (heard.root / "mirror.json").write_text("{}")
    refused = send(client, form)
    assert (refused.status_code, fields(refused)["words"][0]) == (409, "La CNIL.")
    assert said(heard).startswith(SAID[10])
