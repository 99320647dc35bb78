"""The day of a recording, by what its name, its folders and its tags say. Pure. The first of name,
folders and tags that says anything counts; the others complete it where they agree. A day of an
event in a title (« la manif du 1er mai 2023 ») counts where nothing else does. Six figures that may
be two days (210105, 21-01-05) count only where something decides. Often the files beside them do:
in the right order their names are a series of broadcasts, in the other scattered over years."""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from radio.french.dates import FIRST_WORDED, MONTH, WEEKDAY, Written, day_of, find_dates, read_month
from radio.french.letters import plain_letters, word_lists
from radio.ingest.description import Day

RENTREE = 9  # the first month of a season of radio
NEAR = 60  # days after which a file has mostly been written
FIRST_FILES = 1995  # years before are no names of folders of recordings
ALONE = {"year", "two numbers"}  # forms that count at certain places of a name only
DOUBTFUL = {"six digits"}  # forms that alone don't tell which of their readings is meant
WORDED = {"words", "day and month", "month first", "month"}
COPIES = re.compile(r"sauvegarde|backup|copie|copy|export|dump|transfert|corbeille|trash")
INTRODUCTIONS = frozenset(word_lists("ingest")["introductions"])
SHORT = {"six digits", "short", "short and spaced"}  # forms of radio.french.dates
YEAR_FIRST, YEAR_LAST = 0, -1  # among three numbers
MONTHLY, WEEKS = 31, range(7, 184, 7)  # days between two broadcasts
_LONE_DAY = re.compile(
    rf"(?:[\0\s_-]*(?:(?:le|du)[ _]|(?:{WEEKDAY})[ ._]{{1,2}}(?:le[ _])?)"
    r"(?P<named>\d\d?)(?:er)?(?![\da-z%])|(?P<bare>\d\d?)(?:er)?(?=\s*(?:$|[-_.,:)])))"
)
_NUMBERED_MONTH = re.compile(rf"^\d\d[ _.-]+(?=(?:{MONTH})$)")
_LONE_MONTH = re.compile(rf"(?:{MONTH})\.?")
_SHORT_SEASON = re.compile(
    r"(?:^(?=[12][3-9]-\d\d$|2\d-\d\d$)|(?<![a-z\d])s(?:aison)?[ ._-]?(?:\d{1,2}[ _(-]{1,3})?)"
    r"(?:20)?(?P<y>\d\d)[-–_](?:20)?(?P<to>\d\d)(?!\d)"
)

Parts = tuple[int, int, int]  # year, month, day; 0 if not known
UNKNOWN: Parts = (0, 0, 0)


@dataclass(frozen=True)
class Clue:
    """A date that somebody wrote, and where."""

    written: Written
    is_of_folder: bool = False
    is_doubtful: bool = False  # it has several readings, and nothing in it tells which
    likely: Parts = UNKNOWN  # the reading that goes with the names beside it

    def tells_of(self, parts: Parts) -> bool:
        """Whether it may mean a known date."""
        return bool(parts[0]) and any(_agree(each, parts) for each in self.written.readings)

    @property
    def known(self) -> int:
        """How much of the date is said."""
        return sum(map(bool, self.written.readings[0]))


@dataclass(frozen=True)
class Dated:
    """A date as far as it is said; without a year it is none yet."""

    parts: Parts = UNKNOWN
    is_by_folder: bool = False  # whether a folder completed it

    @property
    def day(self) -> Day | None:
        """The day, if its year is said."""
        return Day.of(self.parts) if self.parts[0] else None


def clues_of(text: str, today: dt.date) -> tuple[list[Clue], list[Clue]]:
    """Find the dates of a name or title whose show is masked; then the events in it."""
    own, events = list[Clue](), list[Clue]()
    for each in find_dates(text, today):
        if _stands_for_itself(text, each):
            (events if _is_event(text, each) else own).append(_clue(each))
    return own, events


def _clue(written: Written, doubtful: Collection[str] = DOUBTFUL) -> Clue:
    is_doubtful = written.form in doubtful and len(written.readings) > 1
    return Clue(written, is_doubtful=is_doubtful)


def clues_of_folders(folders: Sequence[str], today: dt.date) -> list[Clue]:
    """Find the dates of folders, the outermost first; those of copies say nothing."""
    plain = (plain_letters(each) for each in folders)
    meant = [_NUMBERED_MONTH.sub("", each) for each in plain if not COPIES.search(each)]

    def whole_season(match: re.Match[str]) -> str:
        """Write « S11 20-21 » as « saison 2020-2021 »; others stay."""
        first, last = int(match["y"]), int(match["to"])
        year = first + (1900 if first >= FIRST_WORDED % 100 else 2000)
        return f"saison {year}-{year + 1}" if last == (first + 1) % 100 else match[0]

    names = [_SHORT_SEASON.sub(whole_season, each) for each in meant]
    months = [(0, read_month(each), 0) for each in names if _LONE_MONTH.fullmatch(each)]
    found = find_dates("/".join(names), today)
    found += [Written(0, 0, (each,), "lone month") for each in months]
    return [replace(_clue(each), is_of_folder=True) for each in reversed(found)]


def clues_of_tag(text: str, today: dt.date) -> list[Clue]:
    """Find the date of a tag: the 1st of January means a year, `12/09/2023` may be American."""
    found = find_dates(re.sub(r"^(\d{4})-01-01(?!\d).*", r"\1", text), today)
    return [_clue(each, {*DOUBTFUL, "day first"}) for each in found]


def is_within(folders: Sequence[str], today: dt.date) -> bool:
    """Whether the nearest folder adds nothing to the date of those around it."""
    if not folders or lone_day_spans(folders[-1]):
        return False
    outer = tell(clues_of_folders(folders[:-1], today), today).parts
    return any(outer) and outer == tell(clues_of_folders(folders, today), today).parts


def tell(clues: Sequence[Clue], changed: dt.date) -> Dated:
    """Combine what is said of a date, the surest first, each source in its turn. `changed`, the
    last change of the file, may choose between readings. A doubtful clue counts only where that or
    another clue decides; else nothing after it counts."""
    dated = Dated()
    for clue in clues:
        merits = _merits(clue, clues, changed)
        if clue.is_doubtful and len(set(merits.values())) == 1:
            break
        parts, reading = dated.parts, max(merits, key=merits.__getitem__)
        if clue.written.form == "season":
            month = parts[1]
            reading = (_year(clue.written, month), 0, 0) if month else UNKNOWN
        merged = (parts[0] or reading[0], parts[1] or reading[1], parts[2] or reading[2])
        is_day = not all(merged) or day_of(*merged)
        if _agree(parts, reading) and is_day and merged != parts:
            dated = Dated(merged, clue.is_of_folder)
    return dated


def guess(known: Dated, clues: Iterable[Clue], changed: dt.date) -> Day:
    """Guess the likeliest day where nobody says its year for sure. A tag of two readings is read as
    people here write it."""
    doubtful = next((each.written.readings[0] for each in clues if each.is_doubtful), UNKNOWN)
    date = day_of(*doubtful) if _agree(known.parts, doubtful) else None
    years = (day_of(year, *known.parts[1:]) for year in (changed.year, changed.year - 1))
    past = next((each for each in years if each and each <= changed), changed)
    return Day(date or past, is_sure=False)


def with_lone_day(known: Dated, name: str, folders: Sequence[str], today: dt.date) -> Dated:
    """Add the day where a folder has the month: « 2019/03 - mars/12 - titre »."""
    year, month, day = known.parts
    if day or not month or not known.is_by_folder:
        return known
    outer = clues_of_folders(folders[:-1], today)
    is_said = any(each.tells_of(known.parts) and each.known > 1 for each in outer)
    inner = folders[-1] if is_said else ""
    for match in filter(None, (_LONE_DAY.match(plain_letters(each)) for each in (name, inner))):
        parts = (year, month, int(match["named"] or match["bare"]))
        if (date := day_of(*parts)) and date <= today:
            return Dated(parts, is_by_folder=True)
    return known


def lone_day_spans(name: str) -> list[tuple[int, int]]:
    """Find where the lone day stands in a name."""
    match = _LONE_DAY.match(plain_letters(name))
    return [match.span()] if match else []


def _stands_for_itself(text: str, written: Written) -> bool:
    """Whether a year, or two numbers, stand where a date stands: first, or behind the show."""
    if written.form not in ALONE:
        return True
    before = text[: written.start].rstrip(" _-–.,")
    after = text[written.end :].lstrip()
    if written.form == "two numbers":
        return not before or before.endswith("\0") or text[written.start].isalpha()
    is_first = not before and after[:1] in ("-", "_", "–")
    is_recent = written.readings[0][0] >= FIRST_FILES
    return is_recent and (before.endswith(("\0", "(", "[")) or is_first)


def _is_event(text: str, written: Written) -> bool:
    """Whether words lead to a date as to an event: « la manif du 1er mai 2023 »."""
    plain = plain_letters(text)
    if written.form not in WORDED or not re.match(r"(?:du|le|la|en)[ _]", plain[written.start :]):
        return False
    segment = re.split(r"[\0(\[|:]| [-–] |_-_", plain[: written.start])[-1]
    words = re.findall(r"[a-z]{2,}", segment)
    return bool(words) and words[-1] not in INTRODUCTIONS


def _merits(
    clue: Clue, clues: Sequence[Clue], changed: dt.date
) -> dict[Parts, tuple[bool, int, bool, bool]]:
    """Find what supports each reading: weekday, other clues, the file, its neighbours."""
    weekday = clue.written.weekday
    others = [each for each in clues if each is not clue]
    is_sure = clue.written.form == "day first" and not clue.is_doubtful
    if is_sure:  # the month stands first only where a folder or the weekday says so
        others = [each for each in others if each.is_of_folder]

    def speaks_for(written: Written, reading: Parts) -> bool:
        year, month, _day = reading
        if written.form == "season" and year and month:
            first = written.readings[0][0]
            return (first, RENTREE - 1) <= (year, month) < (first + 1, RENTREE)
        return any(_agree(reading, each) for each in written.readings)

    def merit(reading: Parts) -> tuple[bool, int, bool, bool]:
        year, month, number = reading
        years = (year, *(_year(each.written, month) for each in others))
        said = next(filter(None, years), 0)
        day, full = day_of(*reading), day_of(said, month, number)
        is_named = full is None or weekday in (None, full.weekday())
        is_near = not is_sure and day is not None and 0 <= (changed - day).days <= NEAR
        agreeing = sum(speaks_for(each.written, reading) for each in others)
        return is_named, agreeing, is_near, reading == clue.likely

    return {reading: merit(reading) for reading in clue.written.readings}


def _year(written: Written, month: int) -> int:
    """Give the year of a date, of a season that of a month; 0 if not said."""
    year = written.readings[0][0]
    return year + (month < RENTREE) if written.form == "season" else year


def _agree(one: Parts, other: Parts) -> bool:
    return all(not a or not b or a == b for a, b in zip(one, other, strict=True))


def order_of(names: Iterable[str], today: dt.date) -> int | None:
    """Find where the year stands in the names of a folder; None where nothing decides."""
    found = [
        (name, each)
        for name in names
        if re.search(r"\d\d[-_./: ]?\d\d?[-_./: ]?\d\d", name)
        for each in find_dates(name, today)
        if each.form in SHORT
    ]
    read = {order: [in_order(*each, order) for each in found] for order in (YEAR_FIRST, YEAR_LAST)}
    near, gaps = dict[int, list[int]](), dict[int, list[int]]()  # near: as a show may leave
    for order, parts in read.items():
        days = sorted({dt.date(*each) for each in parts if each != UNKNOWN})
        gaps[order] = [(later - day).days for day, later in pairwise(days)]
        near[order] = [each for each in gaps[order] if each <= MONTHLY or each in WEEKS]
    series = [  # dates that follow each other as broadcasts do, and read otherwise do so less
        order
        for order in read
        if len(near[order]) > len(near[-1 - order]) and 2 * len(near[order]) >= len(gaps[order])
    ]
    settled = series or [order for order in read if UNKNOWN not in read[order]]
    return settled[0] if len(settled) == 1 else None


def in_order(text: str, written: Written, order: int) -> Parts:
    """Give the reading of a short date whose year stands first or last; else UNKNOWN."""
    figures = [int(each) for each in re.findall(r"\d\d?", text[written.start : written.end])[:3]]
    ends = figures[order], figures[-1 - order]
    return next((each for each in written.readings if (each[0] % 100, each[2]) == ends), UNKNOWN)


def short_day(text: str, order: int | None, today: dt.date) -> dt.date | None:
    """Read the short date of a name in the order of those beside it."""
    if order is None:
        return None
    found = (each for each in find_dates(text, today) if each.form in SHORT)
    days = {in_order(text, each, order) for each in found} - {UNKNOWN}
    return dt.date(*days.pop()) if len(days) == 1 else None


def beside(clue: Clue, text: str, order: int | None) -> Clue:
    """Note which reading of a date goes with the names beside it."""
    if order is None or clue.written.form not in SHORT:
        return clue
    return replace(clue, likely=in_order(text, clue.written, order))
