"""Keepers narrow the list of episodes, tick some, and change them in one act."""

import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pytest

from radio.actions.deletion import delete, forget_episode
from radio.actions.renaming import move
from radio.actions.undoing import undo
from radio.archive import Archive, history
from radio.archive.episode import Person, Show
from radio.proposals.rereading import mark
from radio.proposals.twins.prints import COMPARED, _Compared
from radio.search import Index
from radio.sound.likeness import Likeness
from radio.system.checksums import hash_file
from radio.system.errors import ArchiveError
from radio.web.views import desk_several
from tests.samples import CITY, MEMORY, STREET, holding, put, snapshot
from tests.visits import text, words
from tests.web.desks import OWN, do, follow, hidden, noted, send, show_several, signed_in, when_over

LATER = dt.datetime(2090, 1, 1)
TITLES = ("Les micros", "La ville 2", "La ville 10", "La mémoire", "L’été")
FOUND = (
    ("", TITLES),
    ("state=drafts", ("La ville 2",)),
    ("state=coming", ("La ville 10",)),
    ("state=undated", ("Les micros", "L’été")),
    ("state=withdrawn", ("La mémoire",)),
    ("state=alike", ("Les micros", "La mémoire")),
    ("state=unread", ("La ville 2", "La ville 10", "La mémoire", "L’été")),
    ("show=autre", ("La ville 10", "L’été")),
    ("year=1998", ("L’été",)),
    ("year=2024", ("La ville 2", "La ville 10", "La mémoire")),
    ("person=durand+zoe", ("Les micros", "La mémoire")),
    ("person=ete", ()),
    ("q=VILLE+la", ("La ville 2", "La ville 10")),
    ("q=ete", ("L’été",)),
    ("q=ville&show=autre&state=coming&year=2024", ("La ville 10",)),
    ("q=ville&state=withdrawn", ()),
    ("state=%3Cx%3E", TITLES),
)


@pytest.fixture
def five(archive: Archive) -> Archive:
    """An archive of two shows with an episode of each kind that a keeper looks for."""
    archive.write_show(Show("autre", "Contretemps"))
    zoe: Any = {"people": (Person("Zoé Durand", "voix"),)}
    micros = put(archive, STREET, title=TITLES[0], date_sure=False, **zoe)
    put(archive, CITY, title=TITLES[1], status="draft")
    put(archive, CITY, "autre", title=TITLES[2], status="embargoed", until=LATER)
    memory = put(archive, MEMORY, title=TITLES[3], status="withdrawn", reason="Doute", **zoe)
    past: Any = {"date": dt.date(1998, 7, 1), "date_precision": "month"}
    summer = put(archive, STREET, "autre", title=TITLES[4], **past)
    sound = archive.audio_path(summer)
    sound.write_bytes(sound.read_bytes() + b"\0")  # another recording than that of the other show
    archive.write_episode(replace(summer, audio=replace(summer.audio, sha256=hash_file(sound))))
    mark(archive, micros.key, 0, "Zoé", is_reread=True)
    one, other = micros.audio.sha256, memory.audio.sha256
    likeness = Likeness(0.9, 0.0, 60.0, 0.5, 0.9)
    COMPARED.write(archive.root, _Compared((one, other), ((one, other, likeness),)))
    return archive


def keys_of(archive: Archive, *titles: str) -> list[str]:
    return [each.key for each in archive.episodes() if each.title in titles]


def kept(archive: Archive) -> dict[str, bytes]:
    """What a bag of a keeper takes, but for what tells of the past."""
    return {a: b for a, b in snapshot(archive).items() if a.startswith(("media", "transcripts"))}


def test_each_filter_finds_what_a_keeper_looks_for(five: Archive) -> None:
    client = signed_in(five)
    for query, found in FOUND:
        page = client.get(f"/desk/episodes?{query}").text
        assert {*re.findall(r'<a href="/desk/fields/[^"]+">([^<]+)</a>', page)} == {*found}, query
    assert client.get("/desk/reread?state=withdrawn").text.count("/desk/reread/emission/") == 1


ACTS: tuple[tuple[str, dict[str, str], tuple[str, ...]], ...] = (
    ("publish", {}, ("1 épisode change", "brouillon → publié")),
    ("publish", {"until": "2090-01-02T20:00"}, ("à venir le 2 janvier 2090 à 20:00",)),
    ("draft", {}, ("publié → brouillon",)),
    ("withdraw", {"reason": "À sa demande"}, ("brouillon → retiré À sa demande",)),
    ("tag", {"tag": "rue; nuit"}, ("rien → rue, nuit",)),
    ("person", {"person": "Ida (son)"}, ("Zoé Durand (voix) → Zoé Durand (voix), Ida (son)",)),
    ("move", {"show": "libre"}, ("Émission → Libre",)),
    ("rhythm", {"first": "2020-01-07"}, ("date inconnue → 14 janvier 2020",)),
    ("delete", {"reason": "Doublon"}, ("brouillon → à la corbeille",)),
)


def test_what_is_ticked_is_changed_in_one_act_as_shown_and_undone_whole(five: Archive) -> None:
    five.write_show(Show("libre", "Libre"))
    client, keys = signed_in(five), keys_of(five, "Les micros", "La ville 2")
    for act, fields, shown in ACTS:
        before, acts = kept(five), len(history.acts(five.root))
        given = {"order": "title", "rhythm": "weekly"} | fields if act == "rhythm" else fields
        page = show_several(client, act, keys, note="vu", **given)
        words(page, 200, *shown)
        assert kept(five) == before, act
        done = do(client, act, keys, note="vu", **given)
        assert kept(five) != before and len(history.acts(five.root)) == acts + 1, act
        assert noted(five) == ("Noé", history.acts(five.root)[0].what, "vu")
        name = history.acts(five.root)[0].name
        if "2 épisodes" in text(page):
            words(client.get("/desk"), 200, "et 1 autre")
            told = client.get("/desk/journal")
            words(told, 200, "et 1 autre")
            assert f'href="/desk/episodes?done={name}">Défaire' in told.text, act
        follow(client, send(client, done, undo=name), "C’est défait")
        assert kept(five) == before, act


def test_nothing_is_done_to_what_changed_since_it_was_shown(five: Archive) -> None:
    client, keys = signed_in(five), keys_of(five, "Les micros", "La ville 2")
    page = show_several(client, "publish", keys)
    withdrawn = replace(five.episode(keys[0]), status="withdrawn")
    five.write_episode(withdrawn)
    before = snapshot(five)
    words(send(client, page, sure="1"), 409, "Rien n’a été fait", "retiré → publié")
    assert snapshot(five) == before


def test_an_act_on_many_goes_on_beside_all_else_and_so_does_its_undo(
    five: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_several, "AT_ONCE", 1)
    client, keys = signed_in(five), keys_of(five, *TITLES)
    page, before = show_several(client, "delete", keys), kept(five)
    assert send(client, page, sure="1").location == "/desk/episodes"
    assert "C’est fait : 5 épisodes." in when_over(client, "/desk/episodes", "en cours")
    assert five.episodes() == []
    name = history.acts(five.root)[0].name
    assert client.post("/desk/episodes", data={"undo": name}, headers=OWN).status_code == 303
    assert "C’est défait" in when_over(client, "/desk/episodes", "en cours")
    assert kept(five) == before


def test_nothing_is_taken_for_lost_that_was_moved_with_many_and_came_back(
    archive: Archive,
) -> None:
    archive.write_show(Show("libre", "Libre"))
    client, keys = signed_in(archive), {put(archive, each).key for each in (STREET, CITY, MEMORY)}
    done = do(client, "move", [*keys], show="libre")
    send(client, done, undo=history.acts(archive.root)[0].name)
    assert Index(archive).refresh().held == 0
    assert {each.key for each in Index(archive).search("bonjour").episodes} == keys


def test_days_follow_numbers_in_titles_on_all_pages(
    five: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A keeper has forty episodes of one series and its first day, no more."""
    monkeypatch.setattr(desk_several, "A_PAGE", 1)
    client, query = signed_in(five), "q=ville"
    listed = client.get(f"/desk/episodes?{query}&ticked=1")
    words(listed, 200, "Ceux des autres pages aussi : 2 en tout")
    asked = {"first": "2020-01-28", "rhythm": "monthly", "order": "title"}
    sure = {**hidden(show_several(client, "rhythm", [], query, every="1", **asked)), "sure": "1"}
    assert client.post(f"/desk/several?{query}", data=sure, headers=OWN).status_code == 303
    days = {each.title: each.known_date for each in five.episodes()}
    assert (days["La ville 2"], days["La ville 10"]) == ("2020-01-28", "2020-02-25")
    for wrong, why in (({"first": ""}, "il manque"), ({"first": "9999-12-30"}, "pas un jour")):
        words(show_several(client, "rhythm", [], query, every="1", **asked | wrong), 422, why)
    words(send(client, listed, undo=""), 409, "Rien n’a été défait")
    none = client.post("/desk/several", data={"act": "publish"}, headers=OWN)
    words(client.get(none.location), 409, "Cochez d’abord")
    assert client.get("/desk/several").status_code == 303


def test_what_is_forgotten_of_several_is_nowhere_and_the_others_come_back(archive: Archive) -> None:
    for slug in (STREET, CITY):
        put(archive, slug)
    archive.write_show(Show("autre", "Contretemps"))
    move(archive, [f"emission/{STREET}", f"emission/{CITY}"], show="autre")
    delete(archive, [f"autre/{STREET}", f"autre/{CITY}"], reason="")
    forget_episode(archive, f"autre/{STREET}")
    assert holding(archive.root, STREET) == set()
    undo(archive)
    undo(archive)
    assert [each.key for each in archive.episodes()] == [f"emission/{CITY}"]


def test_several_moved_come_back_with_what_was_made_since_unless_an_address_is_taken(
    five: Archive,
) -> None:
    five.write_show(Show("libre", "Libre"))
    before, both = snapshot(five), [f"{show}/{STREET}" for show in ("emission", "autre")]
    with pytest.raises(ArchiveError, match="same address"):
        move(five, both, show="libre")
    with pytest.raises(ArchiveError, match="already exists"):
        move(five, both[:1], show="autre")
    assert snapshot(five) == before
    move(five, [both[0], f"autre/{CITY}"], show="libre")
    made = five.root / "transcripts" / "libre" / f"{STREET}.1.vtt"
    made.write_text("WEBVTT\n", encoding="utf-8")
    undo(five)
    after = snapshot(five)
    assert after.pop(f"transcripts/emission/{STREET}.1.vtt") and after == before
