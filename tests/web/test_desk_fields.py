"""Keepers change fields and chapters at the desk: seen before, two at once, told."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from radio.actions.editing import edit, write
from radio.archive import Archive, journal
from radio.archive.episode import Person, Show
from radio.search import Index
from radio.search.hits import SearchOptions
from radio.text.chapters import Chapter
from radio.text.transcript import Cue, Region
from tests.heard import write_cues, write_evidence
from tests.processes import call
from tests.samples import CITY, STREET, put
from tests.visits import text
from tests.web.desks import OWN, form_of, signed_in

KEY = f"emission/{STREET}"
HERE, CHAPTERS = f"/desk/fields/{KEY}", f"/desk/chapters/{KEY}"


def send(
    client: FlaskClient, page: TestResponse, act: str = "save", where: str = HERE, **fields: object
) -> TestResponse:
    data = form_of(page.text, 'id="fields"') | {"act": act} | fields
    return client.post(where, data=data, headers=OWN, content_type="multipart/form-data")


@pytest.fixture
def street(archive: Archive) -> Archive:
    put(archive, STREET, title="La rue", people=(Person("Camille", "présentation"),), tags=("eau",))
    put(archive, CITY, people=(Person("Zoé & co"),))
    return archive


def test_a_keeper_says_whether_a_date_is_sure(archive: Archive) -> None:
    put(archive, STREET)
    client = signed_in(archive)
    page = client.get(HERE)
    choices = re.findall(r"<option[^>]*>(sûre|devinée[^<]*)</option>", page.text)
    assert choices == ["sûre", "devinée, à vérifier"]
    send(client, page, title="Un autre titre")
    assert archive.episode(KEY).date_sure
    for told in ("non", "oui"):
        send(client, client.get(HERE), date_sure=told)
        assert archive.episode(KEY).date_sure == (told == "oui")


def test_a_keeper_sees_the_page_before_and_saves_it(street: Archive) -> None:
    client = signed_in(street, "keeper")
    page = client.get(HERE)
    assert '<option value="Zoé &amp; co">' in page.text
    fields: dict[str, Any] = {
        "title": "Zibeline <b>",
        "date": "mars 2024",
        "people": ["Camille (présentation)", "Anna", ""],
        "description": "*Un* texte.\n\nDeux.",
        "links": "L’article https://a.org\nhttps://b.org",
    }
    seen = send(client, page, "see", **fields)
    assert seen.status_code == 200
    assert "rien n’est encore enregistré" in text(seen)
    assert "<h1>Zibeline &lt;b&gt;</h1>" in seen.text
    assert "<em>Un</em> texte." in seen.text
    assert "avec Camille (présentation), Anna" in text(seen).replace(" ,", ",")
    assert street.episode(KEY).title == "La rue"
    saved = send(client, seen)
    assert saved.status_code == 303
    assert "C’est enregistré." in text(client.get(saved.location))
    now = street.episode(KEY)
    assert [each.name for each in now.people] == ["Camille", "Anna"]
    assert (now.title, now.known_date) == ("Zibeline <b>", "2024-03")
    assert now.description == "*Un* texte.\n\nDeux."
    assert [each.url for each in now.links] == ["https://a.org", "https://b.org"]
    assert Index(street).search("zibeline", SearchOptions()).total == 1
    assert "a changé" in text(client.get("/desk"))


def test_who_comes_second_chooses_and_nothing_is_lost(street: Archive) -> None:
    client = signed_in(street, "keeper")
    page = client.get(HERE)
    write(street, [edit(street, KEY, {"title": "Ruelle", "tags": "air"})], who="Zoé")
    again = send(client, page, title="Avenue", description="Un texte.")
    assert again.status_code == 409
    told = text(again)
    assert "Zoé l’a changé entre-temps" in told
    assert re.search(r"Il y avait La rue Il y a maintenant Ruelle Vous écriviez Avenue", told)
    assert street.episode(KEY).title == "Ruelle"
    undecided = send(client, again)
    assert (undecided.status_code, "Vous écriviez" in undecided.text) == (409, True)
    kept = send(client, undecided, **{"take-title": "theirs"})
    assert kept.status_code == 303
    now = street.episode(KEY)
    assert (now.title, now.description, now.tags) == ("Ruelle", "Un texte.", ("air",))
    write(street, [edit(street, KEY, {"tags": "feu"})], who="Zoé")
    mine = send(client, page, title="Avenue")
    assert "c’est gardé : Mots-clés, Description" in text(mine).replace(" ,", ",")
    assert send(client, mine, **{"take-title": "mine"}).status_code == 303
    done = send(client, page, number="3")
    told = text(client.get(done.location)).replace(" ,", ",")
    assert "c’est gardé : Titre, Mots-clés, Description" in told
    assert (street.episode(KEY).title, street.episode(KEY).tags) == ("Avenue", ("feu",))


def test_a_fault_is_told_at_its_field_and_the_words_stay(street: Archive) -> None:
    client = signed_in(street, "keeper")
    wrong = send(client, client.get(HERE), date="bientôt", title="", description="Mes mots.")
    assert wrong.status_code == 422
    assert "Il faut un titre." in unescape(wrong.text)
    assert 'value="bientôt"' in wrong.text
    assert "Mes mots." in wrong.text
    assert wrong.text.count('aria-invalid="true"') == 2
    assert street.episode(KEY).description == ""


def test_what_was_done_is_told_and_taken_back(street: Archive) -> None:
    client, other = signed_in(street, "keeper"), f"emission/{CITY}"
    write(street, [edit(street, each, {"tags": "air"}) for each in (KEY, other)], "import")
    write(street, [edit(street, KEY, {"title": "Rue", "number": "3"})], who="Zoé")
    page = client.get(HERE)
    assert "<del>La rue</del> → <ins>Rue</ins>" in page.text
    assert "Tout défaire, sur 2 fiches" in text(page)
    last, first = re.findall(r'name="undo" value="(\d[\w-]+)"', page.text)
    undone = client.post(HERE, data={"undo-field": f"{last} title"}, headers=OWN)
    assert (undone.status_code, street.episode(KEY).title) == (303, "La rue")
    told = text(client.get(undone.location))
    assert "C’est défait." in told
    assert "a changé depuis" in told
    again = client.post(HERE, data={"undo-field": f"{last} title"}, headers=OWN)
    assert (again.status_code, "Rien n’a été défait" in again.text) == (409, True)
    assert client.post(HERE, data={"undo": first}, headers=OWN).status_code == 303
    assert [street.episode(each).tags for each in (KEY, other)] == [("eau",), ()]
    assert street.episode(KEY).number == 3
    for unknown in ({"undo": "x"}, {"undo-field": "x"}, {"undo-field": "x y"}):
        assert client.post(HERE, data=unknown, headers=OWN).status_code == 409


def test_a_show_and_the_site_have_their_page_too(street: Archive) -> None:
    client = signed_in(street, "keeper")
    assert "/desk/show/emission" in client.get("/desk/shows").text
    page = client.get("/desk/show/emission")
    seen = send(client, page, "see", "/desk/show/emission", station="Radio Dio")
    assert "Radio Dio" in text(seen)
    assert street.read_show("emission").station == ""
    glossary = "Zinzolin\nVSA = vidéosurveillance"
    saved = send(client, seen, "save", "/desk/show/emission", glossary=glossary)
    assert saved.status_code == 303
    show = street.read_show("emission")
    assert (show.station, show.explicit) == ("Radio Dio", False)
    assert show.glossary == ("Zinzolin", "VSA = vidéosurveillance")
    page = client.get("/desk/site")
    told = {"name": "Dio, la mémoire", "legal": "Association *Dio*.", "contact": "x"}
    wrong = send(client, page, "save", "/desk/site", **told)
    assert wrong.status_code == 422
    assert "Il faut un courriel" in text(wrong)
    seen = send(client, wrong, "see", "/desk/site", contact="dio@radio.example")
    assert "<em>Dio</em>" in seen.text
    assert send(client, seen, "save", "/desk/site").status_code == 303
    assert "Dio, la mémoire" in text(client.get("/"))
    assert "Association" in text(client.get("/legal"))
    assert client.get("/desk/show/x").status_code == 404


def test_an_episode_is_moved_to_a_show_by_its_name(archive: Archive) -> None:
    put(archive, STREET)
    client = signed_in(archive)
    assert "Mettre dans cette émission" not in text(client.get(HERE))  # there is no other
    archive.write_show(Show("nuit", "La nuit"))
    assert '<option value="La nuit">' in client.get(HERE).text
    for name, code in (("Le jour", 422), ("Émission", 409)):
        refused = client.post(f"/desk/move/{KEY}", data={"show": name}, headers=OWN)
        assert refused.status_code == code
        assert "Rien n’a été changé" in text(refused)
    moved = client.post(f"/desk/move/{KEY}", data={"show": "la nuit"}, headers=OWN)
    assert moved.location == f"/desk/fields/nuit/{STREET}?moved=1"
    words = text(client.get(moved.location))
    assert "Il est dans cette émission" in words
    assert "Seule la commande radio undo le défait" in words
    entry = journal.entries(archive.root)[0]
    assert (entry.who, entry.what, entry.key, entry.line) == (
        "Noé",
        "move",
        f"nuit/{STREET}",
        KEY,
    )
    call("undo", "--root", str(archive.root))
    assert [each.key for each in archive.episodes()] == [KEY]


@pytest.fixture
def long(archive: Archive) -> Archive:
    episode = put(archive, STREET)
    audio = replace(episode.audio, duration=1200.0)
    archive.write_episode(replace(episode, audio=audio))
    cues = (Cue(0.0, 4.0, "Bonjour à toutes et à tous."), Cue(600.0, 604.0, "Parlons de la rue."))
    music, speech = Region(580.0, 600.0, "music"), Region(600.0, 1200.0, "speech")
    regions = (Region(0.0, 580.0, "speech"), music, speech)
    write_evidence(archive, KEY, duration=1200.0, regions=regions)
    write_cues(archive, KEY, *cues, status="machine")
    return archive


def rows(*pairs: tuple[str, str], was: str = "", **more: str) -> dict[str, Any]:
    times, titles = (list(each) for each in zip(*pairs, strict=True))
    return {"time": times, "title": titles, "was-chapters": was, "act": "save", **more}


def form(page: TestResponse) -> dict[str, Any]:
    return form_of(page.text, 'id="fields"') | {"act": "save"}


def starts(archive: Archive) -> list[tuple[float, str]]:
    return [(each.start, each.title) for each in archive.episode(KEY).chapters]


def test_chapters_are_written_as_people_write_times(long: Archive) -> None:
    client = signed_in(long)
    sent = rows(("12:34", "La rue ; là"), ("75,5", "Début"), ("", ""))
    done = client.post(CHAPTERS, data=sent, headers=OWN)
    assert done.status_code == 303
    assert starts(long) == [(75.5, "Début"), (754.0, "La rue ; là")]
    page = client.get(done.location)
    assert "C’est enregistré." in text(page)
    assert 'value="1:15.5"' in page.text
    assert "Proposés par la machine" not in text(page)
    assert "La rue ; là" in text(client.get(f"/shows/{KEY}"))
    history = client.get(f"/desk/fields/{KEY}").text
    assert "<ins>1:15.5 Début ; 12:34 La rue ; là</ins>" in history
    assert 'name="chapters"' not in history
    pairs = [(f"{second // 60}:{second % 60:02d}", f"Partie {second}") for second in range(600)]
    sent = rows(*pairs, was="1:15.5 Début ; 12:34 La rue ; là")
    assert client.post(CHAPTERS, data=sent, headers=OWN).status_code == 303
    assert len(starts(long)) == 600  # however many there are


def test_what_is_no_chapter_is_said_in_its_row(long: Archive) -> None:
    client = signed_in(long)
    wrong = ("x", "Rue"), ("20:00", "Après la fin"), ("1:00", " "), ("0:30", "La même seconde")
    for pair in wrong:
        told = client.post(CHAPTERS, data=rows(("0:30", "Début"), pair), headers=OWN)
        assert (told.status_code, f'value="{pair[0]}"' in told.text) == (422, True), pair
    assert starts(long) == []


def test_proposed_chapters_are_taken_and_those_of_people_stay(long: Archive) -> None:
    client = signed_in(long)
    page = client.get(CHAPTERS)
    assert "Proposés par la machine" in text(page)
    assert "Parlons de la rue" in text(page)
    taken = client.post(CHAPTERS, data={"act": "take"}, headers=OWN)
    assert taken.status_code == 303
    assert starts(long)[1] == (600.0, "Parlons de la rue")
    write(long, [edit(long, KEY, {"chapters": "1:00 À nous"})])
    assert client.post(CHAPTERS, data={"act": "take"}, headers=OWN).status_code == 409
    assert long.episode(KEY).chapters == (Chapter(60.0, "À nous"),)
    sent = rows(("2:00", "À moi"), was="3:00 D’avant")
    met = client.post(CHAPTERS, data=sent, headers=OWN)
    assert met.status_code == 409
    assert "Il y a maintenant 1:00 À nous Vous écriviez 2:00 À moi" in text(met)
    chosen = rows(("2:00", "À moi"), was="1:00 À nous", **{"take-chapters": "mine"})
    assert client.post(CHAPTERS, data=chosen, headers=OWN).status_code == 303
    assert starts(long) == [(120.0, "À moi")]


def test_rows_of_two_people_are_written_together(long: Archive) -> None:
    """One moves a chapter, the other names another and adds a third: all of it stands."""
    was = "0:00 Début ; 5:00 La rue ; 9:00 La fin"
    write(long, [edit(long, KEY, {"chapters": "0:00 Début ; 5:30 La rue ; 9:00 La fin"})])
    client = signed_in(long)
    mine = (("0:00", "Bonjour"), ("5:00", "La rue"), ("7:00", "Musique"), ("9:00", "La fin"))
    done = client.post(CHAPTERS, data=rows(*mine, was=was), headers=OWN)
    assert done.status_code == 303
    titles = ["Bonjour", "La rue", "Musique", "La fin"]
    assert starts(long) == list(zip([0.0, 330.0, 420.0, 540.0], titles, strict=True))
    assert "Quelqu’un d’autre a changé d’autres lignes" in text(client.get(done.location))


def test_each_row_that_both_changed_is_decided_by_itself(long: Archive) -> None:
    was = "0:00 Début ; 5:00 La rue ; 9:00 La fin"
    theirs = "0:00 À eux ; 5:00 La rue à eux ; 9:00 La fin"
    write(long, [edit(long, KEY, {"chapters": theirs})], who="Zoé")
    client = signed_in(long)
    mine = (("0:00", "À moi"), ("5:00", "Ma rue"), ("6:00", "Ajout"), ("9:00", "La fin"))
    met = client.post(CHAPTERS, data=rows(*mine, was=was), headers=OWN)
    assert met.status_code == 409
    told = text(met)
    assert "Il y avait 0:00 Début Il y a maintenant 0:00 À eux Vous écriviez 0:00 À moi" in told
    assert "Zoé l’a changé entre-temps" in told
    assert met.text.count('value="theirs" required') == 2
    sent = form(met)
    undecided = client.post(CHAPTERS, data=sent, headers=OWN)
    assert undecided.status_code == 409
    assert form(undecided) == sent  # as long as nobody decides nothing is lost
    half = client.post(CHAPTERS, data=sent | {"take-row-1": "mine"}, headers=OWN)
    assert half.status_code == 409
    assert half.text.count('value="theirs" required') == 1
    chosen = {"take-row-1": "mine", "take-row-2": "theirs"}
    assert client.post(CHAPTERS, data=sent | chosen, headers=OWN).status_code == 303
    titles = [title for _start, title in starts(long)]
    assert titles == ["À moi", "La rue à eux", "Ajout", "La fin"]


def test_a_chapter_that_somebody_took_away_is_shown_in_its_row(long: Archive) -> None:
    was = "0:00 Début ; 5:00 La rue"
    write(long, [edit(long, KEY, {"chapters": "0:00 Début"})])
    client = signed_in(long)
    sent = rows(("0:00", "Début"), ("5:00", "La ruelle"), was=was)
    met = client.post(CHAPTERS, data=sent, headers=OWN)
    assert met.status_code == 409
    assert "Il y avait 5:00 La rue Il y a maintenant rien Vous écriviez 5:00 La ruelle" in text(met)
    for choice, expected in (("theirs", ["Début"]), ("mine", ["Début", "La ruelle"])):
        client.post(CHAPTERS, data=form(met) | {"take-row-2": choice}, headers=OWN)
        assert [title for _start, title in starts(long)] == expected
