"""What keepers do to several episodes at once: a tag, a person, days by a rhythm."""

import calendar
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from radio.actions.action import NO_DAY, Action, Input, WrongFieldError
from radio.actions.fields import EPISODE_FIELDS
from radio.archive.episode import Episode
from radio.french.letters import fold
from radio.system.messages import _

DAYS = {"weekly": 7, "fortnightly": 14, "daily": 1}  # between two, but for "monthly"
RHYTHMS = {
    "fortnightly": _("Toutes les deux semaines ; sinon, chaque semaine."),
    "daily": _("Chaque jour."),
    "monthly": _("Chaque mois, le même jour de la semaine : le 2e mardi, par exemple."),
}
RECORDED = _("Dans l’ordre des dates qu’ils ont ; sinon, des numéros, puis des titres.")


def _tagged(episode: Episode, *, tag: str) -> Episode:
    return _with(episode, "tags", tag)


def _with_person(episode: Episode, *, person: str) -> Episode:
    return _with(episode, "people", person)


def _with(episode: Episode, field: str, text: str) -> Episode:
    """Add to a list what somebody wrote as for its field."""
    every = (*getattr(episode, field), *EPISODE_FIELDS[field].read(text))
    values: dict[str, Any] = {field: tuple(dict.fromkeys(every))}
    return replace(episode, **values)


def _on_day(episode: Episode, *, day: dt.date) -> Episode:
    return replace(episode, date=day, date_precision="day", date_sure=True)


class _Dating(Action):
    """Gives episodes days by a rhythm, one after the other."""

    def after(self, before: Sequence[Episode], **asked: Any) -> Sequence[Episode | None]:
        """Give each episode its day, the first one to the first in order."""
        key = _by_date if asked["order"] == "recorded" else _by_number
        places = {each.key: place for place, each in enumerate(sorted(before, key=key))}
        first, rhythm = asked["first"], asked["rhythm"]
        try:
            return [self.change(e, day=nth_day(first, rhythm, places[e.key])) for e in before]
        except (OverflowError, ValueError) as error:  # after the year 9999
            raise WrongFieldError("first", NO_DAY, text=first) from error


def nth_day(first: dt.date, rhythm: str, place: int) -> dt.date:
    """Give the day of a place, from 0; of months the same weekday, by its rank from the first.

    >>> nth_day(dt.date(2024, 1, 9), "weekly", 2), nth_day(dt.date(2024, 1, 9), "monthly", 2)
    (datetime.date(2024, 1, 23), datetime.date(2024, 3, 12))
    >>> nth_day(dt.date(2024, 1, 31), "monthly", 1)  # the fifth Wednesday: the last one
    datetime.date(2024, 2, 28)
    """
    if rhythm in DAYS:
        return first + dt.timedelta(place * DAYS[rhythm])
    year, month = divmod(first.year * 12 + first.month - 1 + place, 12)
    weekday, length = calendar.monthrange(year, month + 1)
    day = 1 + (first.weekday() - weekday) % 7 + (first.day - 1) // 7 * 7
    return dt.date(year, month + 1, day if day <= length else day - 7)


def _by_number(episode: Episode) -> tuple[object, ...]:
    """Order by season and number, then by title, as people count: 2 before 10."""
    parts = re.split(r"(\d+)", fold(episode.title))
    title = [(int(each), "") if each.isdecimal() else (0, each) for each in parts]
    return episode.season or 0, episode.number or 0, title, episode.key


def _by_date(episode: Episode) -> tuple[object, ...]:
    return episode.date, *_by_number(episode)


tag = Action("edit", _tagged, (Input("tag", is_needed=True),))
person = Action("edit", _with_person, (Input("person", is_needed=True),))
rhythm = _Dating(
    "edit",
    _on_day,
    (
        Input("first", "day", is_needed=True),
        Input("rhythm", "choice", choices=("weekly", *RHYTHMS), flags=RHYTHMS),
        Input("order", "choice", choices=("title", "recorded"), flags={"recorded": RECORDED}),
    ),
)
