"""Times as listeners say them in a query, read with the day that it is."""

import datetime as dt

from radio.search.days import read_periods
from radio.search.query import parse
from tests.tables import for_each

TODAY = dt.date(2026, 11, 26)  # a Thursday

# What is typed | what is left of it | the first day, the last day; none where it is open.
READ = """
mars 2024                                   |                          | 2024-03-01 2024-03-31
caméras mars 2024                           | caméras                  | 2024-03-01 2024-03-31
caméras en mars 2024                        | caméras                  | 2024-03-01 2024-03-31
les caméras au mois de mars 2024            | les caméras              | 2024-03-01 2024-03-31
en février 2023                             |                          | 2023-02-01 2023-02-28
fevrier 2024 drones                         | drones                   | 2024-02-01 2024-02-29
2024-03                                     |                          | 2024-03-01 2024-03-31
2023                                        |                          | 2023-01-01 2023-12-31
en 2023                                     |                          | 2023-01-01 2023-12-31
police en 2023                              | police                   | 2023-01-01 2023-12-31
l’année 2023                                |                          | 2023-01-01 2023-12-31
le 19 mai 2020                              |                          | 2020-05-19 2020-05-19
émission du 19 mai 2020                     |                          | 2020-05-19 2020-05-19
l'épisode du 1er juin 2021                  |                          | 2021-06-01 2021-06-01
mardi 19 mai 2020 tribunal                  | tribunal                 | 2020-05-19 2020-05-19
19/05/2020                                  |                          | 2020-05-19 2020-05-19
2020-05-19                                  |                          | 2020-05-19 2020-05-19
le 19 mai                                   |                          | 2026-05-19 2026-05-19
le 24 décembre                              |                          | 2025-12-24 2025-12-24
grève en mars                               | grève                    | 2026-03-01 2026-03-31
grève en décembre                           | grève                    | 2025-12-01 2025-12-31
mars dernier                                |                          | 2026-03-01 2026-03-31
au printemps dernier                        |                          | 2026-03-20 2026-06-20
caméras au printemps dernier                | caméras                  | 2026-03-20 2026-06-20
l’automne dernier                           |                          | 2025-09-23 2025-12-20
cet automne                                 |                          | 2026-09-23 2026-12-20
cet été                                     |                          | 2026-06-21 2026-09-22
l'été 2022                                  |                          | 2022-06-21 2022-09-22
à l’hiver 2021                              |                          | 2020-12-21 2021-03-19
l'an passé                                  |                          | 2025-01-01 2025-12-31
l’an dernier, les drones                    | les drones               | 2025-01-01 2025-12-31
l'année dernière                            |                          | 2025-01-01 2025-12-31
cette année                                 |                          | 2026-01-01 2026-12-31
le mois dernier                             |                          | 2026-10-01 2026-10-31
ce mois-ci                                  |                          | 2026-11-01 2026-11-30
la semaine dernière                         |                          | 2026-11-16 2026-11-22
cette semaine                               |                          | 2026-11-23 2026-11-29
hier                                        |                          | 2026-11-25 2026-11-25
mardi dernier                               |                          | 2026-11-24 2026-11-24
jeudi dernier                               |                          | 2026-11-19 2026-11-19
il y a deux ans                             |                          | 2024-01-01 2024-12-31
il y a 3 mois                               |                          | 2026-08-01 2026-08-31
ces trois derniers mois                     |                          | 2026-08-26 2026-11-26
les 2 dernières années                      |                          | 2024-11-26 2026-11-26
depuis 2021                                 |                          | 2021-01-01 -
vidéosurveillance depuis 2021               | vidéosurveillance        | 2021-01-01 -
depuis le 19 mai 2020                       |                          | 2020-05-19 -
depuis mars 2021                            |                          | 2021-03-01 -
à partir de 2021                            |                          | 2021-01-01 -
depuis l'an dernier                         |                          | 2025-01-01 -
avant 2019                                  |                          | - 2018-12-31
drones avant mars 2019                      | drones                   | - 2019-02-28
après 2019                                  |                          | 2020-01-01 -
jusqu’en 2019                               |                          | - 2019-12-31
entre 2019 et 2021                          |                          | 2019-01-01 2021-12-31
de 2019 à 2021                              |                          | 2019-01-01 2021-12-31
de mars à juin 2021                         |                          | 2021-03-01 2021-06-30
2019-2021                                   |                          | 2019-01-01 2021-12-31
début 2023                                  |                          | 2023-01-01 2023-04-30
fin 2022                                    |                          | 2022-09-01 2022-12-31
les années 2010                             |                          | 2010-01-01 2019-12-31
années 90                                   |                          | 1990-01-01 1999-12-31
march 2024                                  |                          | 2024-03-01 2024-03-31
cameras in 2023                             | cameras                  | 2023-01-01 2023-12-31
may 19, 2020                                |                          | 2020-05-19 2020-05-19
last spring                                 |                          | 2026-03-20 2026-06-20
summer 2022                                 |                          | 2022-06-21 2022-09-22
last year                                   |                          | 2025-01-01 2025-12-31
last month                                  |                          | 2026-10-01 2026-10-31
since 2021                                  |                          | 2021-01-01 -
before 2019                                 |                          | - 2018-12-31
between 2019 and 2021                       |                          | 2019-01-01 2021-12-31
two years ago                               |                          | 2024-01-01 2024-12-31
"""
CASES = [tuple(part.strip() for part in line.split("|")) for line in READ.strip().splitlines()]

NO_TIME = [
    "caméras",
    "mai 68",
    "la marche de mars",
    "mars",
    "printemps arabe",
    "12 mars 20",
    "31 février 2024",
    "4000",
    "20 ans",
    "le 32 mai 2020",
    "article 12",
    "l'été",
    '"en mars 2024"',
    "après:2023",
    "avant:2023-05 police",
    "an",
    "demain",
]


def day(text: str) -> dt.date | None:
    return None if text == "-" else dt.date.fromisoformat(text)


def test_a_time_is_read_as_it_is_said_and_its_filter_as_the_same_days() -> None:
    found = {typed: read_periods(typed, TODAY) for typed, *_ in CASES}
    read = {
        typed: [((it.first, it.last), it.words) for it in some] for typed, some in found.items()
    }
    wanted = {typed: (tuple(map(day, days.split())), rest) for typed, rest, days in CASES}
    assert {typed: some for typed, some in read.items() if some != [wanted[typed]]} == {}
    filters = {typed: parse(some[0].query).filters for typed, some in found.items()}
    back = {typed: (each.first, each.last) for typed, each in filters.items()}
    assert {typed: days for typed, days in back.items() if days != wanted[typed][0]} == {}


def test_what_is_no_time_is_not_taken_for_one() -> None:
    assert [typed for typed in NO_TIME if read_periods(typed, TODAY)] == []


def test_two_times_are_two() -> None:
    found = read_periods("drones en 2019 et 2020", TODAY)
    assert [(each.first, each.words) for each in found] == [
        (dt.date(2019, 1, 1), "drones"),
        (dt.date(2020, 1, 1), "drones"),
    ]


@for_each(
    "typed",
    [
        *("2023 " * 60, "depuis " * 50, "0" * 200, "entre " * 30 + "2019", "9999", "-2023"),
        *("il y a 9999 ans", "il y a 999 ans", "il y a 99999999 ans", "les 999 dernières années"),
        *(
            "années 0",
            "avant 1",
            "avant avant 2019",
            "printemps" * 20,
            "1er " * 60,
            "le 0 mai 2020",
        ),
    ],
)
def test_hostile_times_cost_nothing(typed: str) -> None:
    assert len(read_periods(typed, TODAY)) <= 3
