"""People put a text right at the desk: by plain forms, two at once, beside an editor."""

import gc
import html
import io
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import docx
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from radio.archive import Archive, acts, history, journal
from radio.search import Index
from radio.text.transcript import Turn
from radio.transcribe import voices
from radio.web.rereading import sheet
from radio.web.views import desk_rereading
from tests.heard import KEY, SAID, alter, hear, transcript_of
from tests.patience import LONG
from tests.processes import command
from tests.samples import CITY, STREET
from tests.visits import text, words
from tests.web.desks import OWN, edit_file, follow, form_of, people, said, signed_in

LIST, VOICES = f"/desk/reread/{KEY}", f"/desk/voices/{KEY}"
LEAST = "/desk/reread?order=doubt"
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
    client: FlaskClient, form: Form, said: Sequence[str] = (), address: str = FIRST, **more: str
) -> TestResponse:
    data: dict[str, Any] = {**form, "act": "save", **more}
    return client.post(address, data=data | ({"words": [*said]} if said else {}), headers=OWN)


def write(client: FlaskClient, *said: str, address: str = FIRST, **more: str) -> TestResponse:
    return send(client, fields(client.get(address)), said, address, **more)


def shows(answer: TestResponse, code: int, *sentences: str) -> None:
    assert (answer.status_code, fields(answer)["words"]) == (code, [*sentences])


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
    words(client.get("/desk/reread"), 200, heard.episode(KEY).title)
    words(client.get(f"{LIST}?order=doubt"), 200, "Passages relus : 0 sur 2")
    page = client.get(FIRST)
    shows(page, 200, SAID[10], SAID[20])
    assert re.search(r"doute[^<]*</?[^>]*>?", page.text)
    assert '<u lang="fr">kni</u>' in page.text
    assert f'src="/media/{KEY}.mp3#t=10,' in page.text
    before = heard.vtt_path(KEY).read_bytes()
    first = SAID[10].replace("kni", "CNIL")
    follow(client, write(client, first, SAID[20]), "1 phrase enregistrée")
    assert heard.vtt_path(KEY).read_bytes() == before.replace(b"kni", b"CNIL", 1)
    write(client, first, SAID[20].replace("kni", "CNIL"))
    assert "kni" not in said(heard)
    assert Index(heard).search("cnil").total > 0
    assert len(history.acts(heard.root)) == 1, "one sitting, one act"
    assert [(each.who, each.what) for each in journal.entries(heard.root)[:1]] == [("Noé", "mend")]
    acts.undo(heard)
    assert heard.vtt_path(KEY).read_bytes() == before
    long = " ".join(["الذاكرة"] * 200)  # two minutes, in letters of several bytes
    assert write(client, long, long).status_code == 303
    shows(client.get(FIRST), 200, long, long)


def test_what_changed_meanwhile_is_shown_and_the_rest_is_written(heard: Archive) -> None:
    one, other = people(heard, "Noé", "Zoé", role="rereader")
    mine = fields(one.get(FIRST))
    write(other, "La CNIL dit non.", SAID[20])
    edit_file(heard, "WEBVTT\n", "WEBVTT\n\nNOTE de la main\n")
    edit_file(heard, "La suite.", "La suite, vraiment.")
    typed = ["La Knil dit non.", "Oui, la CNIL dit peut-être."]
    met = send(one, mine, typed)
    shows(met, 409, *typed)
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
    first, second = transcript_of(heard).cues[:2]
    assert (first.text, second.text) == ("La CNIL dit non.", "À tout le monde.")
    assert (first.start, first.end, second.start) == (10.0, 11.6, 11.6), "as it was heard"
    for left in (2, 1):  # the second time over a pause
        form = fields(client.get(FIRST))
        assert send(client, form, join=form["place"][1].split()[0]).status_code == 303
        joined = fields(client.get(FIRST))["words"]
        assert len(joined) == left
        assert joined[0].startswith("La CNIL dit non à tout le monde")
    edit_file(heard, "\nEt voilà.", "\n<v Voix 1>Et voilà.")
    form = fields(client.get(SECOND))
    assert form["voice"] == ["Voix 1", ""]
    send(client, form | {"voice": ["Voix 1", "Voix 1"]}, address=SECOND)
    assert {cue.voice for cue in transcript_of(heard).cues[-2:]} == {"Voix 1"}
    write(client, "", "La suite.", address=SECOND)
    assert "Et voilà" not in said(heard)


def test_what_cannot_be_taken_stays_in_its_field(heard: Archive, client: FlaskClient) -> None:
    form = fields(client.get(FIRST))
    wrong = send(client, form, ["La \u202eCNIL", "Euh oui."])
    shows(wrong, 422, "La \u202eCNIL", "Euh oui.")
    assert 'role="alert"' in wrong.text
    assert said(heard).startswith(f"{SAID[10]} Euh oui. ")
    assert send(client, form, ["x" * 2001, SAID[20]]).status_code == 422
    for places in (["x"], ["inf inf x y"], ["nan 2 x y"], ["-1 2 x y"], []):
        data: dict[str, Any] = {"place": places, "words": ["x"] * len(places)}
        data |= {"voice": [""] * len(places), "piece": "1"}
        assert client.post(FIRST, data=data, headers=OWN).status_code == 400
    for address in (f"{LIST}/9", f"{LIST}/x", f"{LIST}/0", "/desk/reread/emission/nothing"):
        assert client.get(address).status_code == 404
    write(client, "Et voilà Zoé Durand.", "La suite.", address=SECOND)
    command(heard, "protect", "pseudonym", KEY, "Zoé Durand", "Camille")
    write(client, "Et puis ZOE DURAND, oui.", "La suite.", address=SECOND)
    assert "Et puis Camille, oui." in said(heard)
    form = fields(client.get(FIRST))
    (heard.root / "mirror.json").write_text("{}")  # a copy is reread where it comes from
    shows(send(client, form, ["La CNIL.", SAID[20]]), 409, "La CNIL.", SAID[20])
    alone = {name: values[:1] for name, values in form.items()}  # as the script sends it
    refused = send(client, alone, ["La CNIL."], piece="1")
    shows(refused, 422, "La CNIL.")  # no whole page
    assert "Rien n’a été enregistré" in html.unescape(refused.text)
    assert said(heard).startswith(SAID[10])


def test_sections_are_marked_as_reread(heard: Archive, client: FlaskClient) -> None:
    write(client, "La CNIL.", SAID[20], act="reread")
    assert note_of(heard) == ("machine", "0:00-2:00")
    words(client.get(LIST), 200, "Passages relus : 1 sur 2")
    assert "doute :" not in text(client.get(FIRST))
    public = client.get(f"/shows/{KEY}")
    words(public, 200, "Déjà relu : 0:00-2:00.")
    assert "<u>kni</u>" not in public.text
    edit_file(heard, "La CNIL.", "La CNIL, oui.")  # marks stay
    words(client.get(LIST), 200, "Passages relus : 1 sur 2")
    send(client, fields(client.get(SECOND)), address=SECOND, act="reread")
    assert note_of(heard)[0] == "reread"
    words(client.get(f"/shows/{KEY}"), 200, "Transcription relue")
    send(client, fields(client.get(SECOND)), address=SECOND, act="unread")
    assert note_of(heard) == ("machine", "0:00-2:00")
    acts.undo(heard)
    words(client.get(f"/shows/{KEY}"), 200, "Transcription relue")
    edit_file(heard, "status: reread", "status: machine\ntwice: 0:00-2:00")  # of long ago
    words(client.get(LIST), 200, "Passages relus : 1 sur 2")
    send(client, fields(client.get(SECOND)), address=SECOND, act="reread")
    assert note_of(heard)[0] == "reread"
    send(client, fields(client.get(FIRST)), act="unread")
    assert note_of(heard) == ("machine", "2:00-4:00")


def test_what_met_others_keeps_the_sentence_it_joined(heard: Archive, client: FlaskClient) -> None:
    """Who wrote their own words over it again would have taken the next sentence away."""
    edit_file(heard, "00:02:10.800", "00:02:19.000")  # no pause
    form = fields(client.get(SECOND))
    edit_file(heard, "Et voilà.", "Et là")
    for first, second, code in (
        ("Et voilà donc.", "La suite.", 409),
        ("Et \u202evoilà.", "La suite.", 422),
        ("Et \u202evoilà.", "La \u202efin.", 422),
    ):
        met = send(client, form, [first, second], SECOND)
        shows(met, code, f"{first} {second}")
        assert ('<q lang="fr">Et là La suite.</q>' in met.text) == (code == 409)


def test_words_are_replaced_where_one_chose(heard: Archive, client: FlaskClient) -> None:
    address = f"/desk/replace/{KEY}"
    query = f"{address}?q=KNI&by=CNIL"
    assert client.get(address).status_code == 200
    shown = client.get(query)
    words(shown, 200, "2 phrases changeraient")
    assert "<ins>CNIL</ins>" in shown.text
    words(client.get(f"{query}&part=2"), 200, "n’ont pas été trouvés")
    assert client.get(f"{address}?q=kni&by=kni").text.count('role="alert"') == 1
    places = re.findall(r'name="place" value="([^"]*)"', shown.text)
    assert len(places) == 2
    assert client.post(query, data={}, headers=OWN).status_code == 422
    for chosen, told, left in (
        (places[:1], "1 phrase enregistrée", "La CNIL dit non à tout le monde. Euh oui, la kni"),
        (places, "1 a changé entre-temps", "La CNIL dit non à tout le monde. Euh oui, la CNIL"),
    ):
        follow(client, client.post(query, data={"place": chosen}, headers=OWN), told)
        assert said(heard).startswith(left)
    acts.undo(heard)
    assert said(heard).count("kni") == 1


def test_a_text_goes_through_a_word_processor(heard: Archive, client: FlaskClient) -> None:
    address = f"/desk/document/{KEY}"
    assert "Un paragraphe par tour de parole" in text(client.get(address))
    document = docx.Document(io.BytesIO(client.get(f"{address}?docx=1").data))
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace("kni", "CNIL")
    document.save(changed := io.BytesIO())

    def upload(content: bytes, name: str = "Texte.docx") -> TestResponse:
        (form,) = re.findall(r'multipart/form-data" action="([^"]*)"', client.get(address).text)
        data: Any = {"document": (io.BytesIO(content), name)} if name else content
        return client.post(html.unescape(form), data=data, headers=OWN)

    write(client, SAID[10], SAID[20].replace("peut-être", "oui"))
    shown = upload(changed.getvalue())
    words(
        shown, 200, "2 endroits changeraient. 1 est à choisir.", "Il y avait : Euh oui, la kni dit"
    )
    assert shown.text.count(" checked") == 1
    edits = [html.unescape(each) for each in re.findall(r'name="edit" value="([^"]*)"', shown.text)]
    taken = client.post(f"{address}/take", data={"edit": edits[:1]}, headers=OWN)
    follow(client, taken, "1 phrase enregistrée")
    assert said(heard).startswith("La CNIL dit non à tout le monde. Euh oui, la kni dit oui.")
    assert len(history.acts(heard.root)) == 2
    for wrong in (edits[0].replace("CNIL", "\u202e"), '[[], "x", []]', "{"):
        answer = client.post(f"{address}/take", data={"edit": wrong}, headers=OWN)
        assert answer.status_code in (400, 422), wrong
    assert upload(b"MZ" * 99, "x.exe").status_code == 422
    assert upload(b"x" * (9 << 20), "").status_code == 413
    acts.undo(heard)
    assert "CNIL" not in said(heard)


def test_no_name_of_a_voice_is_lost_unseen(heard: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    noe, lea = people(heard, "Noé", "Léa", role="rereader")

    def name(client: FlaskClient, *names: str, was: tuple[str, str] = ("", "")) -> TestResponse:
        data = {f"voice-{number}": name for number, name in enumerate(names, 1)}
        data |= {f"was-voice-{number}": name for number, name in enumerate(was, 1)}
        return client.post(VOICES, data=data, headers=OWN)

    words(noe.get(VOICES), 200, "Voix 2")
    assert name(noe, "x" * 101, "").status_code == 422
    follow(noe, name(noe, "Camille", " "), "maintenant dans tout l’épisode")
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
    met = name(lea, "Lou", "Zoé", was=("Jeanne", "Zoé"))
    assert (met.status_code, 'value="Lou"' in met.text) == (409, True)
    assert heard.episode(KEY).voices == {"1": "Anna", "2": "Zoé"}


def test_who_may_be_several_is_heard_and_set_apart(heard: Archive, client: FlaskClient) -> None:
    turns = (Turn(10.0, 15.0, 1), Turn(20.0, 23.0, 2, 1), Turn(130.0, 142.0, 1, 3))
    alter(heard, turns=turns)
    both = ("Peut-être la même personne que la voix 1", "Voix 1 : peut-être plusieurs personnes")
    words(page := client.get(VOICES), 200, *both)
    assert re.findall(r"#t=([\d.]+)", page.text) == ["10", "20", "130"]
    data = {"voice-1": "Camille", "was-voice-3": "", "voice-3": "Voix 3"}
    part = client.post(VOICES, data=data, headers=OWN)
    assert "plusieurs" not in follow(client, part, "maintenant dans tout l’épisode")
    assert heard.episode(KEY).voices == {"1": "Camille", "3": "Voix 3"}
    page = client.get(VOICES)
    assert re.findall(r'name="voice-\d" value="([^"]*)"', page.text) == ["Camille", "", "Voix 3"]
    command(heard, "undo")
    assert heard.episode(KEY).voices == {}


def test_the_least_sure_minutes_come_first(heard: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_rereading, "PATIENCE", LONG)  # all is looked through at once
    for slug, name in ((STREET, "CNIL"), (CITY, "kni")):
        first = f"La {name} dit non à tout le monde. " * 4
        hear(heard, {10: first, 130: "Et voilà, et voilà. " * 9}, slug)
    one, first = signed_in(heard, "rereader"), f"/desk/reread/emission/{CITY}/1"

    def links() -> list[str]:
        return re.findall(r'href="(/desk/reread/emission/[^"]*)"', one.get(LEAST).text)

    words(one.get(LEAST), 200, "0 min relues sur")
    worst = links()[0]
    assert worst.startswith(first)
    assert one.get(html.unescape(worst)).text.count(" autofocus") == 1
    send(one, fields(one.get(first)), address=first, act="reread")
    assert links().index(worst) == len(links()) - 1
    hear(heard, {10: "Et voilà."}, CITY)
    assert one.get(first[:-2]).location == first  # a text of one section opens at once


def test_what_was_corrected_once_is_offered_where_it_is_misheard_again(
    heard: Archive, client: FlaskClient
) -> None:
    """Who rereads a year of shows would type the same name each time."""
    other = f"emission/{CITY}"
    hear(heard, {10: "Chez Zinzolin, la kni dit que la CNIL vient."}, CITY)

    def offered() -> str:
        return client.get(f"/desk/reread/{other}/1").text

    assert '"CNIL"' not in offered()
    for address, texts in (
        (FIRST, ["La CNIL dit non à tout le monde.", "Euh oui, la CNIL dit peut-être."]),
        (SECOND, ["Et voilà Zinzoline.", "La suite."]),
    ):
        write(client, *texts, address=address)
        assert '"CNIL"' not in offered(), "nobody answers for that text yet"
    for address in (FIRST, SECOND):
        send(client, fields(client.get(address)), address=address, act="reread")
    assert re.search(r"kni</q> → <span[^>]*>CNIL<", offered())
    assert "Zinzoline" in offered(), "a word that sounds alike"
    command(heard, "protect", "pseudonym", other, "CNIL", "la Commission")
    assert '"CNIL"' not in offered()


def test_two_who_write_at_once_lose_nothing(heard: Archive) -> None:
    def write(client: FlaskClient, place: int, name: str) -> None:
        for number in range(15):
            form = fields(client.get(SECOND))
            form["words"][place] = f"{name} {number} dit oui."
            assert send(client, form, address=SECOND).status_code == 303

    names = ("Zoé", "Noé")
    with ThreadPoolExecutor() as pool:
        list(pool.map(write, people(heard, *names, role="rereader"), (0, 1), names))
    assert said(heard).endswith("Zoé 14 dit oui. Noé 14 dit oui.")
