"""What keepers write of episodes and shows: one by one, and in a table that comes back."""

import csv
import datetime as dt
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from radio.actions.editing import Edit, edit, export_fields, read_edits, write
from radio.actions.fields import SHOW_FIELDS, change, texts_of
from radio.archive import Archive, history
from radio.archive.acts import undo
from radio.archive.episode import Audio, Episode, Link, Person, Show
from radio.archive.rights import Rights
from radio.search import Index
from radio.system.errors import ArchiveError
from tests.processes import command
from tests.samples import CITY, ROOT, STREET, put
from tests.tables import for_each

KEY = f"emission/{STREET}"
SAVED = sorted((ROOT / "tests" / "data" / "tables").glob("*/fields.csv"))  # by LibreOffice 25.2
AUDIO = Audio("x.mp3", "0" * 64, 1, "audio/mpeg", 60.0)
EPISODE = Episode("emission", "x", "Rue", dt.date(2024, 1, 16), AUDIO, "guid", date_sure=False)
SHOW = Show("emission", "Émission")
PEOPLE = (Person("Camille", "présentation"), Person("Zoé"))
LINKS = (Link("https://a.org/x;y", "L’article"), Link("https://b.org"))
RIGHTS = Rights(download=False, radios_only=True, reason="Contrat ; 2030")
DAY = {"date_precision": "day", "date_sure": True}


@for_each(
    ("name", "text", "expected"),
    [
        ("title", " La  rue ", {"title": "La rue"}),
        ("date", "12 mai 2023", {"date": dt.date(2023, 5, 12), **DAY}),
        ("date", "17/03/23", {"date": dt.date(2023, 3, 17), **DAY}),
        ("date", "mardi 3 oct. 2023", {"date": dt.date(2023, 10, 3), **DAY}),
        ("date", "2027-01-31", {"date": dt.date(2027, 1, 31), **DAY}),
        ("date", "mai 2023", {"date": dt.date(2023, 5, 1), **DAY, "date_precision": "month"}),
        ("date", "2023-05", {"date": dt.date(2023, 5, 1), **DAY, "date_precision": "month"}),
        ("date", "2023", {"date": dt.date(2023, 1, 1), **DAY, "date_precision": "year"}),
        ("date", "16 janvier 2024", {}),  # the same day: nobody changed it
        ("date_sure", "yes", {"date_sure": True}),
        ("people", "Camille (présentation) ; Zoé;", {"people": PEOPLE}),
        ("producers", "Halte ; La Quadrature", {"producers": ("Halte", "La Quadrature")}),
        ("tags", "eau; ville ;eau", {"tags": ("eau", "ville")}),
        ("season", "2", {"season": 2}),
        ("number", "", {}),
        ("language", "pt-BR", {"language": "pt-BR"}),
        ("language", "fr,  ar", {"language": ("fr", "ar")}),
        ("links", "L’article https://a.org/x;y ; https://b.org", {"links": LINKS}),
        ("playlist", "Fille – Titre", {"playlist": ("Fille – Titre",)}),
        ("rights", "sans flux", {"rights": Rights(feed=False)}),
        ("rights", "No download; radios only ; reason: Contrat ; 2030", {"rights": RIGHTS}),
        ("description", "Un.\r\n\r\nDeux.\n", {"description": "Un.\n\nDeux."}),
        ("title", "La\x00 rue\x1b]0;\x07 \x9b31m", {"title": "La rue]0; 31m"}),
    ],
)
def test_a_field_is_read_as_people_write_it(name: str, text: str, expected: dict[str, Any]) -> None:
    assert change(EPISODE, {name: text}) == replace(EPISODE, **expected)


@for_each(
    ("name", "texts"),
    [
        ("title", [" "]),
        ("rights", ["sans rien"]),
        ("date", ["bientôt", "2024-02-31", "du 3 mai 2023 au 4 juin 2024"]),
        ("date_sure", ["moi"]),
        ("season", ["0"]),
        ("number", ["douze"]),
        ("language", ["français", "fr, arabe"]),
        ("links", ["sans adresse"]),
        ("status", ["published"]),
        ("guid", ["x"]),
    ],
)
def test_what_is_no_value_of_a_field_is_named(name: str, texts: list[str]) -> None:
    for text in texts:
        with pytest.raises(ArchiveError, match=name):
            change(EPISODE, {name: text})


def test_fields_of_a_show_are_read_and_written() -> None:
    own = {"link": "https://a.org", "contact": "machine@radio.example", "explicit": "oui"}
    own |= {"uncounted": "oui"}
    own |= {"language": "oc", "producers": "Halte ; Dio", "claims": "a-1 ; b-2"}
    own |= {"owner": "flux@radio.example", "funding": "Soutenir https://a.org/don"}
    own |= {"grid": "mardi 20:00 60 min, sauf 12-20/01-04 ; samedi 9:00 60 min", "uncounted": "oui"}
    texts = dict.fromkeys(SHOW_FIELDS, "x") | own
    assert texts_of(change(SHOW, texts)) == texts
    wrong = {"link": "a.org", "contact": "x", "explicit": "peut-être", "slug": "x"}
    wrong |= {"owner": "https://a.org", "funding": "Soutenir", "grid": "mardi"}
    for name, text in wrong.items():
        with pytest.raises(ArchiveError, match=name):
            change(SHOW, {name: text})


@pytest.fixture
def two(archive: Archive) -> Archive:
    put(archive, STREET, people=(Person("Camille"),), description="Un.\n\n« Deux »; =1+1")
    put(archive, CITY, title="=2+2", date_sure=False)
    return archive


def table(archive: Archive) -> list[dict[str, str]]:
    text = export_fields(archive).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def saved(rows: list[dict[str, str]], delimiter: str = ";") -> bytes:
    """The table as a spreadsheet saves it: quotes only where they are needed."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def test_changed_cells_alone_are_written_and_undone_as_one(two: Archive) -> None:
    same = read_edits(two, saved(table(two), ","), "t.csv")
    assert [found.changes for found in same] == [{}, {}]  # type: ignore[union-attr]
    before = {each.key: two.sidecar_path(each.key).read_bytes() for each in two.episodes()}
    rows = table(two)
    assert rows[0]["title"] == "'=2+2"  # which no spreadsheet computes
    rows[0] |= {"date": "20 février 2024", "tags": "ville"}
    rows[1] |= {"title": "Rue", "people": ""}
    found = read_edits(two, saved(rows), "t.csv")
    assert write(two, [each for each in found if isinstance(each, Edit)], "import")
    street, city = two.episode(KEY), two.episode(f"emission/{CITY}")
    assert (street.title, street.people) == ("Rue", ())
    assert street.description == "Un.\n\n« Deux »; =1+1"
    assert (city.tags, city.title, city.date_sure) == (("ville",), "=2+2", False)
    undo(two)
    assert {key: two.sidecar_path(key).read_bytes() for key in before} == before


def test_a_bad_cell_costs_its_line_and_changes_are_kept(two: Archive, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    command(two, "edit", "--export", str(path))
    rows = table(two)
    put(two, "2024-03-19-garder-la-memoire")
    rows += [{**rows[0]}, {**rows[0], "key": "emission/nulle-part"}, {**rows[0], "key": "../x"}]
    rows[0] |= {"title": "Juste", "date": "2024-02-20"}
    rows[1]["title"] = "De la table"
    two.write_episode(replace(two.episode(KEY), title="Sur le disque"))
    path.write_bytes(saved(rows))
    dry = command(two, "edit", "--import", str(path), "--dry-run", check=False)
    assert two.episode(f"emission/{CITY}").title == "=2+2"
    done = command(two, "edit", "--import", str(path), check=False)
    assert dry.stdout == done.stdout == f"emission/{CITY}  title: =2+2 -> Juste\n"
    assert (dry.returncode, done.returncode) == (1, 1)
    for number in (3, 6, 7, 8):  # a description takes three lines
        assert f"line {number}: " in done.stderr
    assert two.episode(KEY).title == "Sur le disque"
    assert command(two, "edit", "--import", str(path), "--force", check=False).returncode == 1
    assert two.episode(KEY).title == "De la table"
    assert [act.what for act in history.acts(two.root)] == ["import", "import"]


def test_a_table_without_stamps_overwrites_nothing_unasked(two: Archive) -> None:
    rows = [{"key": row["key"], "title": "De la table"} for row in table(two)]
    planned = edit(two, KEY, {"title": "x"})
    two.write_episode(replace(two.episode(KEY), title="Changé depuis"))
    with pytest.raises(ArchiveError):
        write(two, [planned])  # nor does an edit that was planned before
    refused = list(read_edits(two, saved(rows), "t.csv"))
    assert all("without a `stamp`" in str(each) and "--force" in str(each) for each in refused)
    forced = read_edits(two, saved(rows), "t.csv", force=True)
    titles = [each.changes["title"][1] for each in forced if isinstance(each, Edit)]
    assert titles == ["De la table"] * 2


@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.parts[-2])
def test_a_table_that_libreoffice_saved_again_changes_nothing(two: Archive, path: Path) -> None:
    texts = {"title": "0477", "date_sure": "oui", "people": "Zoé (invitée) ; Anna"}
    texts |= {"tags": "été ; 1/2", "season": "1", "number": "12", "language": "fr"}
    texts |= {"links": "« Un, deux » https://radio.example/?a=1;b", "playlist": "Intro – outro"}
    texts["description"] = "Du texte.\n\n- un ; deux\n- « trois »"
    write(two, [edit(two, KEY, texts)])
    (found,) = read_edits(two, path.read_bytes(), path)
    assert isinstance(found, Edit), found
    assert found.changes == {}


def test_the_command_edits_and_search_follows(two: Archive) -> None:
    Index(two).refresh()
    command(two, "edit", KEY, "title=Zibeline", "date=16 janvier 2024", "tags=eau;ville")
    assert {each.key for each in Index(two).search("zibeline").episodes} == {KEY}
    assert two.episode(KEY).date_sure
    assert "title=Zibeline" in command(two, "edit", KEY).stdout
    command(two, "edit", "emission", "station=Radio Dio")
    assert two.show("emission").station == "Radio Dio"
    for wrong, code in (("color=red",), 1), (("title",), 2), (("--export", "x.csv"), 2):
        assert command(two, "edit", KEY, *wrong, check=False).returncode == code
    command(two, "undo")
    command(two, "undo")
    assert two.episode(KEY).title == STREET


@for_each(
    ("asked", "slugs"),
    [
        (["--since", "1er février 2024"], [CITY]),
        (["--until", "2024-01-16"], [STREET]),
        (["--person", "camille"], [STREET]),
        (["--person", "Halte"], [CITY]),
        (["--tag", "Été"], []),
        (["--since", "bientôt"], None),
    ],
)
def test_a_list_has_what_is_asked(two: Archive, asked: list[str], slugs: list[str] | None) -> None:
    two.write_episode(replace(two.episode(f"emission/{CITY}"), producers=("Halte",)))
    done = command(two, "list", *asked, check=False)
    assert done.returncode == (2 if slugs is None else 0)
    listed = [line.split()[0] for line in done.stdout.splitlines()]
    assert listed == [f"emission/{slug}" for slug in slugs or ()]


def test_one_field_of_a_change_is_undone_alone(two: Archive) -> None:
    guessed = two.episode(f"emission/{CITY}")
    street = edit(two, KEY, {"title": "Rue", "tags": "eau"})
    city = edit(two, guessed.key, {"title": "Ville", "date": "2023"})
    act = write(two, [street, city], "import")
    assert act
    command(two, "undo", "--field", guessed.key, "date")
    assert two.episode(guessed.key) == replace(guessed, title="Ville")
    assert command(two, "undo", "--field", KEY, "season", check=False).returncode == 1
    two.write_episode(replace(two.episode(KEY), tags=("air",)))
    assert command(two, "undo", act.name, "--field", KEY, "tags", check=False).returncode == 1
    command(two, "undo", act.name, "--field", KEY, "title")
    assert (two.episode(KEY).title, two.episode(KEY).tags) == (STREET, ("air",))
