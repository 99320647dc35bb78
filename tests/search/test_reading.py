"""What is read of a query, without asking the index: its signs, its question, its times."""

import datetime as dt

from radio.search.days import read_periods
from radio.search.query import parse
from radio.search.questions import asked
from radio.search.syntax import items, lengths, period
from tests.search.lists import lines, pairs, rows
from tests.tables import check, for_each

TODAY = dt.date(2026, 11, 26)  # a Thursday


def test_items_have_their_signs() -> None:
    (group,) = items("personne:noé")
    assert [(each.field, each.text) for each in group] == [("person", "noé")]
    assert [each.is_negated for (each,) in items("saint-étienne -rue")] == [False, True]
    assert [each.is_quoted for (each,) in items("« la rue » “une place”")] == [True, True]


def test_what_is_no_date_and_no_length_is_words() -> None:
    dates = ["2023-13", "0000", "2023-02-30", "hier", "12023", "2023-6-31"]
    assert not any(map(period, dates))
    assert not any(map(lengths, ["", ">", "<", "-", "20-", "-20", "x", "10-x", "9" * 40, "1h99h"]))


def test_a_question_is_asked_by_its_words() -> None:
    questions = pairs("questions", "questions")
    check((query, asked(query), words) for query, words in questions)
    check((query, asked(query), "") for query in lines("questions", "no questions"))


def test_a_time_is_read_as_it_is_said_and_its_filter_as_the_same_days() -> None:
    def days(text: str) -> list[dt.date | None]:
        return [None if day == "-" else dt.date.fromisoformat(day) for day in text.split()]

    for typed, rest, said in rows("periods", "times"):
        (found,) = read_periods(typed, TODAY)
        filters = parse(found.query).filters
        read = found.words, [found.first, found.last], [filters.first, filters.last]
        assert read == (rest, days(said), days(said)), typed
    check((typed, read_periods(typed, TODAY), []) for typed in lines("periods", "no times"))
    two = read_periods("drones en 2019 et 2020", TODAY)
    days_of_two = [(dt.date(2019, 1, 1), "drones"), (dt.date(2020, 1, 1), "drones")]
    assert [(each.first, each.words) for each in two] == days_of_two


HOSTILE = ["2023 " * 60, "depuis " * 50, "0" * 200, "entre " * 30 + "2019", "9999", "-2023"]
HOSTILE += ["il y a 9999 ans", "il y a 999 ans", "il y a 99999999 ans", "les 999 dernières années"]
HOSTILE += ["années 0", "avant 1", "avant avant 2019", "printemps" * 20, "1er " * 60]


@for_each("typed", [*HOSTILE, "le 0 mai 2020"])
def test_hostile_times_cost_nothing(typed: str) -> None:
    assert len(read_periods(typed, TODAY)) <= 3
