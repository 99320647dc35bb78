"""Keepers write chapters at the desk, or take those that the machine proposes."""

from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import TestResponse

from radio.actions.editing import edit, write
from radio.archive import Archive
from radio.text.chapters import Chapter
from radio.text.transcript import Cue, Evidence, Region, Transcript, render_evidence, render_vtt
from tests.samples import STREET, put
from tests.visits import text
from tests.web.desks import OWN, form_of, signed_in

KEY = f"emission/{STREET}"
HERE = f"/desk/chapters/{KEY}"


@pytest.fixture
def long(archive: Archive) -> Archive:
    """An episode of twenty minutes, with music in its middle."""
    episode = put(archive, STREET)
    audio = replace(episode.audio, duration=1200.0)
    archive.write_episode(replace(episode, audio=audio))
    cues = (Cue(0.0, 4.0, "Bonjour à toutes et à tous."), Cue(600.0, 604.0, "Parlons de la rue."))
    regions = (
        Region(0.0, 580.0, "speech"),
        Region(580.0, 600.0, "music"),
        Region(600.0, 1200.0, "speech"),
    )
    evidence = Evidence("x", {}, "base", "0", {}, audio.sha256, "fr", 1200.0, regions, ())
    archive.evidence_path(KEY).write_bytes(render_evidence(evidence))
    vtt = render_vtt(Transcript(cues, {"status": "machine"}))
    archive.vtt_path(KEY).write_text(vtt, encoding="utf-8")
    return archive


def rows(*pairs: tuple[str, str], was: str = "", **more: str) -> dict[str, Any]:
    times, titles = (list(each) for each in zip(*pairs, strict=True))
    return {"time": times, "title": titles, "was-chapters": was, "act": "save", **more}


def form(page: TestResponse) -> dict[str, Any]:
    """What the form of a page says, no choice made in it."""
    return form_of(page.text, 'id="fields"') | {"act": "save"}


def starts(archive: Archive) -> list[tuple[float, str]]:
    return [(each.start, each.title) for each in archive.episode(KEY).chapters]


def test_chapters_are_written_as_people_write_times(long: Archive) -> None:
    client = signed_in(long)
    sent = rows(("12:34", "La rue ; là"), ("75,5", "Début"), ("", ""))
    done = client.post(HERE, data=sent, headers=OWN)
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
    assert client.post(HERE, data=sent, headers=OWN).status_code == 303
    assert len(starts(long)) == 600  # however many there are


def test_what_is_no_chapter_is_said_in_its_row(long: Archive) -> None:
    client = signed_in(long)
    wrong = ("x", "Rue"), ("20:00", "Après la fin"), ("1:00", " "), ("0:30", "La même seconde")
    for pair in wrong:
        told = client.post(HERE, data=rows(("0:30", "Début"), pair), headers=OWN)
        assert (told.status_code, f'value="{pair[0]}"' in told.text) == (422, True), pair
    assert starts(long) == []


def test_proposed_chapters_are_taken_and_those_of_people_stay(long: Archive) -> None:
    client = signed_in(long)
    page = client.get(HERE)
    assert "Proposés par la machine" in text(page)
    assert "Parlons de la rue" in text(page)
    taken = client.post(HERE, data={"act": "take"}, headers=OWN)
    assert taken.status_code == 303
    assert starts(long)[1] == (600.0, "Parlons de la rue")
    write(long, [edit(long, KEY, {"chapters": "1:00 À nous"})])
    assert client.post(HERE, data={"act": "take"}, headers=OWN).status_code == 409
    assert long.episode(KEY).chapters == (Chapter(60.0, "À nous"),)

    sent = rows(("2:00", "À moi"), was="3:00 D’avant")
    met = client.post(HERE, data=sent, headers=OWN)
    assert met.status_code == 409
    assert "Il y a maintenant 1:00 À nous Vous écriviez 2:00 À moi" in text(met)
    chosen = rows(("2:00", "À moi"), was="1:00 À nous", **{"take-chapters": "mine"})
    assert client.post(HERE, data=chosen, headers=OWN).status_code == 303
    assert starts(long) == [(120.0, "À moi")]


def test_rows_of_two_people_are_written_together(long: Archive) -> None:
    """One moves a chapter, the other names another and adds a third: all of it stands."""
    was = "0:00 Début ; 5:00 La rue ; 9:00 La fin"
    write(long, [edit(long, KEY, {"chapters": "0:00 Début ; 5:30 La rue ; 9:00 La fin"})])
    client = signed_in(long)
    mine = (("0:00", "Bonjour"), ("5:00", "La rue"), ("7:00", "Musique"), ("9:00", "La fin"))
    done = client.post(HERE, data=rows(*mine, was=was), headers=OWN)
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
    met = client.post(HERE, data=rows(*mine, was=was), headers=OWN)
    assert met.status_code == 409
    told = text(met)
    assert "Il y avait 0:00 Début Il y a maintenant 0:00 À eux Vous écriviez 0:00 À moi" in told
    assert "Zoé l’a changé entre-temps" in told
    assert met.text.count('value="theirs" required') == 2
    sent = form(met)
    undecided = client.post(HERE, data=sent, headers=OWN)
    assert undecided.status_code == 409
    assert form(undecided) == sent  # as long as nobody decides nothing is lost
    half = client.post(HERE, data=sent | {"take-row-1": "mine"}, headers=OWN)
    assert half.status_code == 409
    assert half.text.count('value="theirs" required') == 1
    chosen = {"take-row-1": "mine", "take-row-2": "theirs"}
    assert client.post(HERE, data=sent | chosen, headers=OWN).status_code == 303
    titles = [title for _start, title in starts(long)]
    assert titles == ["À moi", "La rue à eux", "Ajout", "La fin"]


def test_a_chapter_that_somebody_took_away_is_shown_in_its_row(long: Archive) -> None:
    was = "0:00 Début ; 5:00 La rue"
    write(long, [edit(long, KEY, {"chapters": "0:00 Début"})])
    client = signed_in(long)
    met = client.post(
        HERE, data=rows(("0:00", "Début"), ("5:00", "La ruelle"), was=was), headers=OWN
    )
    assert met.status_code == 409
    assert "Il y avait 5:00 La rue Il y a maintenant rien Vous écriviez 5:00 La ruelle" in text(met)
    for choice, expected in (("theirs", ["Début"]), ("mine", ["Début", "La ruelle"])):
        client.post(HERE, data=form(met) | {"take-row-2": choice}, headers=OWN)
        assert [title for _start, title in starts(long)] == expected
