"""Days as people write them, in French and in English. Pure."""

import datetime as dt
import re

MONTHS = ("janv", "f[ée]vr", "mars", "avr", "mai", "juin", "juil", "ao[ûu]t", "sept", "oct", "nov")
ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov")
YEAR_FIRST = re.compile(r"(?P<y>\d{4})([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})")
DAY_FIRST = re.compile(r"(?P<d>\d{1,2})([-/. ])(?P<m>\d{1,2})\2(?P<y>\d{4})")
WEEKDAY = "(?:le )?(?:(?:lun|mar|mercre|jeu|vendre|same)di |dimanche |[a-z]+day,? )?"
IN_WORDS = re.compile(
    WEEKDAY + r"(?P<d>\d{1,2})(?:er|st|nd|rd|th)? (?P<m>[^\W\d]+)\.? (?P<y>\d{4})"
)


def read_day(text: str) -> dt.date | None:
    """Read a date; where both are numbers, the day comes before the month. None if it is no date.

    >>> read_day("25/12/2026") == read_day("vendredi 25 décembre 2026") == dt.date(2026, 12, 25)
    True
    >>> read_day("bientôt"), read_day("2026-02-30"), read_day("12/26")
    (None, None, None)
    """
    plain = " ".join(text.split()).casefold()
    for form in (YEAR_FIRST, DAY_FIRST, IN_WORDS):
        if match := form.fullmatch(plain):
            return _day(match["y"], read_month(match["m"]), match["d"])
    return None


def read_month(name: str) -> int:
    """Give the number of a month, named or written short, in small letters; 0 if it is none.

    >>> [read_month(name) for name in ("fevrier", "déc", "may", "8", "demain")]
    [2, 12, 5, 8, 0]
    """
    if name.isdecimal():
        return int(name)
    for names in (MONTHS, ENGLISH):
        for number, start in enumerate((*names, "d[ée]c"), 1):
            if re.match(start, name):
                return number
    return 0


def _day(year: str, month: int, day: str) -> dt.date | None:
    try:
        return dt.date(int(year), month, int(day))
    except ValueError:
        return None
