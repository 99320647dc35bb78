"""The grid of a show: when it is on the air."""

import datetime as dt

import pytest

from radio.archive.grid import airings, read_slot
from radio.system.errors import ArchiveError
from tests.tables import for_each

pytestmark = pytest.mark.usefixtures("paris")


def starts(line: str, first: str, last: str) -> list[str]:
    ends = (dt.datetime.fromisoformat(each).timestamp() for each in (first, last))
    return [f"{each.start:%m-%d %H:%M}" for each in airings([line], *ends)]


@for_each(
    ("line", "expected"),
    [
        ("mardi 20:00 60 min", ["11-03", "11-10", "11-17", "11-24"]),
        ("mardi jeudi 20h 60 min, sauf 2026-11-05/2026-11-20", ["11-03", "11-24", "11-26"]),
        ("Tue 20 60min, every 2 weeks, since 2026-09-09", ["11-03", "11-17"]),
        ("mardi 20:00 60 min, 1er et dernier du mois", ["11-03", "11-24"]),
        ("mardi 20:00 60 min, depuis 11-10, jusqu’au 11-17", ["11-10", "11-17"]),
        ("mardi 20:00 60 min, sauf 11-20/01-05 11-03", ["11-10", "11-17"]),
        ("mardi 20:00 60 min, until 2026-11-10", ["11-03", "11-10"]),
        ("mardi 20:00 60 min, 5e du mois, aussi 2026-11-11T20:00", ["11-11"]),
    ],
)
def test_weeks_seasons_and_exceptions(line: str, expected: list[str]) -> None:
    found = starts(line, "2026-11-01", "2026-12-01")
    assert found == [f"{each} 20:00" for each in expected]


def test_an_hour_stays_that_of_the_clock_when_it_changes() -> None:
    found = starts("20:00 60 min", "2026-10-24", "2026-10-27")
    assert found == ["10-24 20:00", "10-25 20:00", "10-26 20:00"]
    ends = (dt.datetime(2026, 10, 25, hour).timestamp() for hour in (0, 2))
    [night] = airings(["dimanche 01:30 180 min, titre Nuit du {date} à {hour}"], *ends)
    assert night.end - night.start == dt.timedelta(hours=3)
    assert (night.name, f"{night.end:%H:%M}") == ("2026-10-24T23:30Z", "03:30")
    assert night.title == "Nuit du 25/10/2026 à 01:30"


@for_each(
    ("line", "why"),
    [
        ("mardi 25:00 60 min", "25:00"),
        ("xyz 20:00 60 min", "xyz"),
        ("mardi 20:00", "mardi 20:00"),
        ("mardi 20:00 0 min", "0 min"),
        ("mardi 20:00 60 min, sauf demain", "demain"),
        ("mardi 20:00 60 min, une semaine sur 2", "2026-09-08"),
        ("mardi 20:00 60 min, aussi hier", "hier"),
        ("mardi 20:00 60 min, depuis 2026-02-31", "2026-02-31"),
        ("mardi 20:00 60 min, souvent", "souvent"),
    ],
)
def test_a_wrong_line_says_what_is_wrong(line: str, why: str) -> None:
    with pytest.raises(ArchiveError, match=why):
        read_slot(line)
