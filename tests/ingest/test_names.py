"""What a person reads in names, folders and tags. `tests/data/names.tsv` has names and what is in
them; `titles.tsv` titles of articles of the 12 May 2023, what is left of them, and the number."""

import datetime as dt
import os
from pathlib import Path

import pytest

from radio.archive.episode import Show
from radio.ingest.description import Day, Description
from radio.ingest.names import describe, describe_file
from radio.ingest.titles import without_head
from radio.sound.tags.reader import Tags
from tests.tables import check, for_each, rows

TODAY = dt.date(2026, 11, 26)
NOW = dt.datetime(2026, 11, 26, tzinfo=dt.UTC).timestamp()
LMAD = Show("lmad", "La Machine à découdre", station="Radio Dio")
PARIS = "Fréquence Paris Plurielle"
SHOWS = {"": LMAD, "minuit-decousu": Show("minuit-decousu", "Minuit Décousu")}
SHOWS["les-dissonantes"] = Show("les-dissonantes", "Les Dissonantes", station="Radio Canut")
SHOWS["actu-des-luttes"] = Show("actu-des-luttes", "L’Actu des luttes", station=PARIS)
SHOWS["zec"] = Show("zec", "Zones à écouter ensemble")


def test_names_are_read_as_people_read_them() -> None:
    columns = ("date", "title", "people", "number", "season")
    check((row["path"], read(row), tuple(map(row.get, columns))) for row in rows("names.tsv"))


def read(row: dict[str, str]) -> tuple[str, ...]:
    """Tell what is read in a row: date, title, people, number, season."""
    artists = tuple(filter(None, row["tag: artists"].split(" + ")))
    tags = Tags(row["tag: title"], row["tag: date"], artists=artists, album=row["tag: album"])
    said = describe(Path(row["path"]), tags, SHOWS[row["show"]], TODAY, TODAY)
    assert said.day
    told = said.day.known if said.day.is_sure else ""
    people = ", ".join(f"{p.name} ({p.role})" if p.role else p.name for p in said.people)
    return told, said.title, people, str(said.number or ""), str(said.season or "")


@for_each(
    ("name", "tag", "changed", "day"),
    [
        ("230512", "", dt.date(2012, 5, 30), Day(dt.date(2012, 5, 23))),
        ("230512", "", dt.date(2023, 5, 13), Day(dt.date(2023, 5, 12))),
        ("mardi 12 mars", "", dt.date(2019, 3, 14), Day(dt.date(2019, 3, 12), is_sure=False)),
        ("12 décembre", "", dt.date(2019, 1, 2), Day(dt.date(2018, 12, 12), is_sure=False)),
        ("29 février", "", dt.date(2019, 3, 2), Day(dt.date(2019, 3, 2), is_sure=False)),
        ("les puces", "", dt.date(2019, 3, 14), Day(dt.date(2019, 3, 14), is_sure=False)),
        ("x", "12/09/2023", dt.date(2026, 11, 26), Day(dt.date(2023, 9, 12), is_sure=False)),
        ("x", "12/09/2023", dt.date(2023, 9, 14), Day(dt.date(2023, 9, 12))),
        ("x", "12/09/2023", dt.date(2023, 12, 20), Day(dt.date(2023, 12, 9))),
    ],
)
def test_the_last_change_helps_an_unclear_name_or_tag(
    name: str, tag: str, changed: dt.date, day: Day
) -> None:
    assert describe(Path(f"{name}.mp3"), Tags(date=tag), LMAD, TODAY, changed).day == day


SERIES = {
    "Tuesdays, the year first": ("210105 210112 210119 210126 210202 210209 210216", {2021}),
    "Wednesdays, the day first": ("080409 150409 220409 290409", {2009}),
    "each day of a week": ("LMAD_230612 LMAD_230613 LMAD_230614_def LMAD_230615", {2023}),
    "every month or so": ("191105 191203 200107 200204 200303", {2019, 2020}),
    "beside one that is of one day only": ("120523 310123", {2023}),
    "with dashes": ("21-01-05 21-01-12 21-01-19", {2021}),
}


@pytest.mark.parametrize("series", SERIES)
def test_a_series_of_six_figures_is_not_scattered_over_years(series: str, tmp_path: Path) -> None:
    names, years = SERIES[series]
    days = [each.day for each in described(tmp_path, *names.split())]
    assert all(day and day.is_sure for day in days)
    assert {day.date.year for day in days if day} == years


def described(folder: Path, *names: str) -> list[Description]:
    paths = [folder / f"{name}.mp3" for name in names]
    for path in paths:
        path.touch()
        os.utime(path, (NOW, NOW))
    return [describe_file(path, Tags(), LMAD) for path in paths]


def test_six_figures_that_nothing_settles_are_never_taken_for_certain(tmp_path: Path) -> None:
    found = described(tmp_path, "230512_lmad", "091115", "170304 les puces")  # no series
    assert [each.day for each in found] == [
        Day(dt.date(*day), is_sure=False) for day in ((2023, 5, 12), (2015, 11, 9), (2017, 3, 4))
    ]
    assert [each.title for each in found] == ["", "", "Les puces"]


def test_a_title_begins_with_its_subject_and_not_with_its_show() -> None:
    day = Day(dt.date(2023, 5, 12))
    told = ((row, without_head(row["title"], LMAD, day)) for row in rows("titles.tsv"))
    check(
        (row["title"], (each.text, str(each.number or "")), (row["left"], row["number"]))
        for row, each in told
    )


def test_a_name_made_to_cost_time_costs_none() -> None:
    pieces = [*"(_[\0é", "1 ", "12-", "a et ", "Avec A, ", " - ", "S1", "mai ", "le "]
    for name in (*(piece * 200_000 for piece in pieces), "".join(pieces) * 20_000):
        assert describe(Path(name + ".mp3"), Tags(title=name), LMAD, TODAY, TODAY).day
        assert without_head(f"LMAD {name}", LMAD, Day(TODAY)).text
