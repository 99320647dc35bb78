"""What is read in names, folders and tags, as a person reads it."""

import datetime as dt
from pathlib import Path

import pytest

from radio.ingest.description import Day
from radio.ingest.names import describe
from radio.ingest.titles import without_head
from radio.tags import Tags
from tests.ingest.names import FIRST, HEADS, LMAD, STRANGERS, Named

TODAY = dt.date(2026, 11, 26)
KNOWN = {"year": 4, "month": 7, "day": 10}  # characters of an ISO date


@pytest.mark.parametrize("row", FIRST + STRANGERS, ids=lambda row: row.path)
def test_a_name_is_read_as_people_read_it(row: Named) -> None:
    said = describe(Path(row.path), row.tags, row.show, TODAY, TODAY)
    assert said.day
    is_told = said.day.told_by != "guessed"
    date = said.day.date.isoformat()[: KNOWN[said.day.precision]] if is_told else ""
    told_by = said.day.told_by if is_told else ""
    people = ", ".join(f"{p.name} ({p.role})" if p.role else p.name for p in said.people)
    assert (date, told_by, said.title, people, said.number, said.season) == (
        *(row.date, row.told_by, row.title, row.people, row.number, row.season),
    )


@pytest.mark.parametrize(
    ("path", "changed", "date"),
    [
        ("230512.mp3", dt.date(2012, 5, 30), dt.date(2012, 5, 23)),
        ("230512.mp3", dt.date(2023, 5, 13), dt.date(2023, 5, 12)),
        ("mardi 12 mars.mp3", dt.date(2019, 3, 14), dt.date(2019, 3, 12)),
        ("12 décembre.mp3", dt.date(2019, 1, 2), dt.date(2018, 12, 12)),
        ("29 février.mp3", dt.date(2019, 3, 2), dt.date(2019, 3, 2)),
        ("les puces.mp3", dt.date(2019, 3, 14), dt.date(2019, 3, 14)),
    ],
)
def test_the_last_change_of_a_file_helps_where_its_name_leaves_a_choice(
    path: str, changed: dt.date, date: dt.date
) -> None:
    said = describe(Path(path), Tags(), LMAD, TODAY, changed)
    assert said.day
    assert said.day.date == date
    assert said.day.told_by == ("name" if path[0] == "2" and path[2] == "0" else "guessed")


@pytest.mark.parametrize(
    ("changed", "date", "told_by"),
    [
        (dt.date(2026, 11, 26), dt.date(2023, 9, 12), "guessed"),
        (dt.date(2023, 9, 14), dt.date(2023, 9, 12), "tags"),
        (dt.date(2023, 12, 20), dt.date(2023, 12, 9), "tags"),
    ],
)
def test_a_tag_that_may_be_american_tells_a_day_only_with_the_file(
    changed: dt.date, date: dt.date, told_by: str
) -> None:
    said = describe(Path("x.mp3"), Tags(date="12/09/2023"), LMAD, TODAY, changed)
    assert said.day
    assert (said.day.date, said.day.told_by) == (date, told_by)


@pytest.mark.parametrize(("title", "left", "number"), HEADS)
def test_a_title_begins_with_its_subject_and_not_with_its_show(
    title: str, left: str, number: int | None
) -> None:
    told = without_head(title, LMAD, Day(dt.date(2023, 5, 12), "page"))
    assert (told.text, told.number) == (left, number)


def test_a_name_made_to_cost_time_costs_none(benchmark_names: list[str]) -> None:
    for name in benchmark_names:
        assert describe(Path(name + ".mp3"), Tags(title=name), LMAD, TODAY, TODAY).day
        assert without_head(f"LMAD {name}", LMAD, Day(TODAY, "page")).text


@pytest.fixture
def benchmark_names() -> list[str]:
    pieces = (
        "(",
        "1 ",
        "12-",
        "a et ",
        "Avec A, ",
        " - ",
        "_",
        "S1",
        "mai ",
        "le ",
        "[",
        "\0",
        "é",
    )
    return [piece * 200_000 for piece in pieces] + ["".join(pieces) * 20_000]
