"""Keepers change fields and chapters at the desk: seen before, two at once, told."""

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from radio.actions.editing import edit, write
from radio.archive import Archive
from radio.archive.episode import Person, Show
from radio.archive.imprint import Choice, about
from radio.search import Index
from radio.text.transcript import Cue, Region
from tests.heard import write_cues, write_evidence
from tests.processes import call
from tests.samples import CITY, STREET, put
from tests.visits import text, words
from tests.web.desks import OWN, follow, form_of, noted, signed_in

KEY = f"emission/{STREET}"
HERE, CHAPTERS = f"/desk/fields/{KEY}", f"/desk/chapters/{KEY}"


def send(
    client: FlaskClient, page: TestResponse, act: str = "save", where: str = HERE, **fields: object
) -> TestResponse:
    data = form_of(page.text, 'id="fields"') | {"act": act} | fields
    return client.post(where, data=data, headers=OWN, content_type="multipart/form-data")


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    return signed_in(archive)


@pytest.fixture
def street(archive: Archive) -> Archive:
    put(archive, STREET, title="La rue", people=(Person("Camille", "présentation"),), tags=("eau",))
    put(archive, CITY, people=(Person("Zoé & co"),))
    return archive


def test_faults_and_the_page_are_seen_before_saving(street: Archive, client: FlaskClient) -> None:
    page = client.get(HERE)
    assert '<option value="Zoé &amp; co">' in page.text
    assert 'name="date_sure" value="oui" checked' in page.text
    wrong = send(client, page, date="bientôt", title="", description="Mes mots.")
    words(wrong, 422, "Il faut un titre.", "Mes mots.")
    assert 'value="bientôt"' in wrong.text
    assert wrong.text.count('aria-invalid="true"') == 2
    assert street.episode(KEY).description == ""
    fields = {"title": "Zibeline <b>", "date": "mars 2024", "description": "*Un* texte.\n\nDeux."}
    people, links = ["Camille (présentation)", "Anna", ""], "L’article https://a.org\nhttps://b.org"
    seen = send(client, page, "see", people=people, links=links, **fields)
    told = words(seen, 200, "rien n’est encore enregistré")
    assert "avec Camille (présentation), Anna" in told.replace(" ,", ",")
    assert "<h1>Zibeline &lt;b&gt;</h1>" in seen.text and "<em>Un</em> texte." in seen.text
    assert street.episode(KEY).title == "La rue"
    follow(client, send(client, seen), "C’est enregistré.")
    now = street.episode(KEY)
    assert [each.name for each in now.people] == ["Camille", "Anna"]
    assert (now.title, now.known_date, now.date_sure) == ("Zibeline <b>", "2024-03", True)
    assert now.description == "*Un* texte.\n\nDeux."
    assert [each.url for each in now.links] == ["https://a.org", "https://b.org"]
    assert Index(street).search("zibeline").total == 1
    assert "a changé" in text(client.get("/desk"))
    for sure in ("non", "oui"):
        send(client, client.get(HERE), date_sure=sure)
        assert street.episode(KEY).date_sure == (sure == "oui")


def test_who_comes_second_chooses_and_nothing_is_lost(street: Archive, client: FlaskClient) -> None:
    page = client.get(HERE)
    write(street, [edit(street, KEY, {"title": "Ruelle", "tags": "air"})], who="Zoé")
    again = send(client, page, title="Avenue", description="Un texte.")
    both = "Il y avait La rue Il y a maintenant Ruelle Vous écriviez Avenue"
    words(again, 409, "Zoé l’a changé entre-temps", both)
    assert street.episode(KEY).title == "Ruelle"
    undecided = send(client, again)
    words(undecided, 409, "Vous écriviez")
    assert send(client, undecided, **{"take-title": "theirs"}).status_code == 303
    now = street.episode(KEY)
    assert (now.title, now.description, now.tags) == ("Ruelle", "Un texte.", ("air",))
    write(street, [edit(street, KEY, {"tags": "feu"})], who="Zoé")
    mine = send(client, page, title="Avenue")
    assert "changements sont gardés : Mots-clés, Description" in text(mine).replace(" ,", ",")
    assert send(client, mine, **{"take-title": "mine"}).status_code == 303
    told = follow(client, send(client, page, number="3")).replace(" ,", ",")
    assert "changements sont gardés : Titre, Mots-clés, Description" in told
    assert (street.episode(KEY).title, street.episode(KEY).tags) == ("Avenue", ("feu",))


def test_what_was_done_is_told_and_taken_back(street: Archive, client: FlaskClient) -> None:
    other = f"emission/{CITY}"

    def undo(**fields: str) -> TestResponse:
        fields = {name.replace("_", "-"): value for name, value in fields.items()}
        return client.post(HERE, data=fields, headers=OWN)

    write(street, [edit(street, each, {"tags": "air"}) for each in (KEY, other)], "import")
    write(street, [edit(street, KEY, {"title": "Rue", "number": "3"})], who="Zoé")
    page = client.get(HERE)
    assert "<del>La rue</del> → <ins>Rue</ins>" in page.text
    words(page, 200, "Tout défaire, sur 2 fiches")
    last, first = re.findall(r'name="undo" value="(\d[\w-]+)"', page.text)
    undone = undo(undo_field=f"{last} title")
    assert (undone.status_code, street.episode(KEY).title) == (303, "La rue")
    follow(client, undone, "C’est défait.", "a changé depuis")
    words(undo(undo_field=f"{last} title"), 409, "Rien n’a été défait")
    assert undo(undo=first).status_code == 303
    assert [street.episode(each).tags for each in (KEY, other)] == [("eau",), ()]
    assert street.episode(KEY).number == 3
    for unknown in ({"undo": "x"}, {"undo_field": "x"}, {"undo_field": "x y"}):
        assert undo(**unknown).status_code == 409


def test_a_show_and_the_site_have_their_page_too(street: Archive, client: FlaskClient) -> None:
    show, site = "/desk/show/emission", "/desk/site"
    assert f'href="{show}"' in client.get(site).text
    seen = send(client, client.get(show), "see", show, station="Radio Dio")
    words(seen, 200, "Radio Dio")
    assert street.read_show("emission").station == ""
    glossary = "Zinzolin\nVSA = vidéosurveillance"
    assert send(client, seen, "save", show, glossary=glossary).status_code == 303
    now = street.read_show("emission")
    assert (now.station, now.explicit) == ("Radio Dio", False)
    assert now.glossary == ("Zinzolin", "VSA = vidéosurveillance")
    told = {"name": "Dio, la mémoire", "legal": "Association *Dio*.", "contact": "x"}
    wrong = send(client, client.get(site), "save", site, **told)
    words(wrong, 422, "Il faut un courriel")
    seen = send(client, wrong, "see", site, contact="dio@radio.example")
    assert "<em>Dio</em>" in seen.text
    assert send(client, seen, "save", site).status_code == 303
    words(client.get("/"), 200, "Dio, la mémoire")
    words(client.get("/legal"), 200, "Association")
    assert client.get("/desk/show/x").status_code == 404
    page, chosen = client.get(site), ["#ffffff", "#1f5a2e"]
    unread = send(client, page, "save", site, day=["#ffffff", "#eeeeee"])
    words(unread, 422, "Un texte serait illisible sur ces couleurs.")
    assert 'value="#eeeeee"' in unread.text
    done = send(client, page, "save", site, day=chosen)
    shown = client.get(done.location)
    assert all(f'fill="{each}"' in shown.text for each in chosen)
    plain = {"day": chosen, "plain-day": "1"}
    assert send(client, shown, "save", site, **plain).status_code == 303
    assert about(street.root).colors.day == Choice()


def test_an_episode_is_moved_to_a_show_by_its_name(archive: Archive, client: FlaskClient) -> None:
    put(archive, STREET)

    def move(name: str) -> TestResponse:
        return client.post(f"/desk/move/{KEY}", data={"show": name}, headers=OWN)

    assert "Mettre dans cette émission" not in text(client.get(HERE))  # there is no other
    archive.write_show(Show("nuit", "La nuit"))
    assert '<option value="La nuit">' in client.get(HERE).text
    for name, code in (("Le jour", 422), ("Émission", 409)):
        words(move(name), code, "Rien n’a été changé")
    moved = move("la nuit")
    assert moved.location == f"/desk/fields/nuit/{STREET}?moved=1"
    follow(
        client,
        moved,
        "L’épisode est maintenant dans cette émission",
        "Seule la personne qui gère la machine peut le défaire",
    )
    assert noted(archive, "who what key line") == ("Noé", "move", f"nuit/{STREET}", KEY)
    call("undo", "--root", str(archive.root))
    assert [each.key for each in archive.episodes()] == [KEY]


@pytest.fixture
def long(archive: Archive) -> Archive:
    """An episode of twenty minutes, without chapters."""
    episode = put(archive, STREET)
    archive.write_episode(replace(episode, audio=replace(episode.audio, duration=1200.0)))
    cues = (Cue(0.0, 4.0, "Bonjour à toutes et à tous."), Cue(600.0, 604.0, "Parlons de la rue."))
    music, speech = Region(580.0, 600.0, "music"), Region(600.0, 1200.0, "speech")
    regions = (Region(0.0, 580.0, "speech"), music, speech)
    write_evidence(archive, KEY, duration=1200.0, regions=regions)
    write_cues(archive, KEY, *cues, status="machine")
    return archive


def mark(
    client: FlaskClient, *pairs: tuple[str, str], was: str = "", **more: object
) -> TestResponse:
    """Send chapters as rows of the page: times and titles."""
    times, titles = (list(each) for each in zip(*pairs, strict=True))
    data = {"time": times, "title": titles, "was-chapters": was, "act": "save"} | more
    return client.post(CHAPTERS, data=data, headers=OWN)


def starts(archive: Archive) -> list[tuple[float, str]]:
    return [(each.start, each.title) for each in archive.episode(KEY).chapters]


def test_chapters_are_written_as_people_write_times(long: Archive, client: FlaskClient) -> None:
    wrong = ("x", "Rue"), ("20:00", "Après la fin"), ("1:00", " "), ("0:30", "La même seconde")
    for pair in wrong:
        told = mark(client, ("0:30", "Début"), pair)
        assert (told.status_code, f'value="{pair[0]}"' in told.text) == (422, True), pair
    assert starts(long) == []
    done = mark(client, ("12:34", "La rue ; là"), ("75,5", "Début"), ("", ""))
    assert "Proposés par la machine" not in follow(client, done, "C’est enregistré.")
    assert starts(long) == [(75.5, "Début"), (754.0, "La rue ; là")]
    assert 'value="1:15.5"' in client.get(CHAPTERS).text
    words(client.get(f"/shows/{KEY}"), 200, "La rue ; là")
    history, was = client.get(HERE).text, "1:15.5 Début ; 12:34 La rue ; là"
    assert f"<ins>{was}</ins>" in history
    assert 'name="chapters"' not in history
    pairs = [(f"{second // 60}:{second % 60:02d}", f"Partie {second}") for second in range(600)]
    assert mark(client, *pairs, was=was).status_code == 303
    assert len(starts(long)) == 600  # however many there are


def test_proposed_chapters_are_taken_if_there_are_none(long: Archive, client: FlaskClient) -> None:
    words(client.get(CHAPTERS), 200, "Proposés par la machine", "Parlons de la rue")
    assert client.post(CHAPTERS, data={"act": "take"}, headers=OWN).status_code == 303
    assert starts(long)[1] == (600.0, "Parlons de la rue")
    write(long, [edit(long, KEY, {"chapters": "1:00 À nous"})])
    assert client.post(CHAPTERS, data={"act": "take"}, headers=OWN).status_code == 409
    assert starts(long) == [(60.0, "À nous")]
    met = mark(client, ("2:00", "À moi"), was="3:00 D’avant")
    words(met, 409, "Il y a maintenant 1:00 À nous Vous écriviez 2:00 À moi")
    done = mark(client, ("2:00", "À moi"), was="1:00 À nous", **{"take-chapters": "mine"})
    assert (done.status_code, starts(long)) == (303, [(120.0, "À moi")])


def test_rows_of_two_people_are_joined_or_decided_on(long: Archive, client: FlaskClient) -> None:
    """One moves a chapter, the other names another and adds a third: all of it stands."""
    write(long, [edit(long, KEY, {"chapters": "0:00 Début ; 5:30 La rue ; 9:00 La fin"})])
    was = "0:00 Début ; 5:00 La rue ; 9:00 La fin"
    mine = (("0:00", "Bonjour"), ("5:00", "La rue"), ("7:00", "Musique"), ("9:00", "La fin"))
    done = mark(client, *mine, was=was)
    both = [(0.0, "Bonjour"), (330.0, "La rue"), (420.0, "Musique"), (540.0, "La fin")]
    assert starts(long) == both
    follow(client, done, "Quelqu’un d’autre a changé d’autres lignes")
    theirs = "0:00 À eux ; 5:00 La rue à eux ; 9:00 La fin"
    write(long, [edit(long, KEY, {"chapters": theirs})], who="Zoé")
    mine = (("0:00", "À moi"), ("5:00", "Ma rue"), ("6:00", "Ajout"), ("9:00", "La fin"))
    met = mark(client, *mine, was=was)
    told = "Il y avait 0:00 Début Il y a maintenant 0:00 À eux Vous écriviez 0:00 À moi"
    words(met, 409, told, "Zoé l’a changé entre-temps")
    assert met.text.count('value="theirs" required') == 2
    undecided = send(client, met, where=CHAPTERS)
    assert undecided.status_code == 409
    sent, still = (form_of(each.text, 'id="fields"') for each in (met, undecided))
    assert still == sent  # as long as nobody decides nothing is lost
    half = send(client, met, where=CHAPTERS, **{"take-row-1": "mine"})
    assert (half.status_code, half.text.count('value="theirs" required')) == (409, 1)
    chosen = {"take-row-1": "mine", "take-row-2": "theirs"}
    assert send(client, met, where=CHAPTERS, **chosen).status_code == 303
    assert [title for _start, title in starts(long)] == ["À moi", "La rue à eux", "Ajout", "La fin"]


def test_a_chapter_taken_away_is_shown_in_its_row(long: Archive, client: FlaskClient) -> None:
    write(long, [edit(long, KEY, {"chapters": "0:00 Début"})])
    met = mark(client, ("0:00", "Début"), ("5:00", "La ruelle"), was="0:00 Début ; 5:00 La rue")
    words(met, 409, "Il y avait 5:00 La rue Il y a maintenant rien Vous écriviez 5:00 La ruelle")
    for choice, expected in (("theirs", ["Début"]), ("mine", ["Début", "La ruelle"])):
        send(client, met, where=CHAPTERS, **{"take-row-2": choice})
        assert [title for _start, title in starts(long)] == expected
