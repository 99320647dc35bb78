r"""Chapters as keepers write them: the time of each, then its title. Pure.

0:00 Début ; 12:34 La rue ; 1:02:03,5 La fin

A semicolon of a title that would begin or end a chapter has a backslash before it:
`0:00 A \; 0:20 B` is one chapter, « A ; 0:20 B ».
"""

import re
from collections.abc import Iterable

from radio.archive.protection import read_moment
from radio.system.messages import _
from radio.text.chapters import Chapter

TIME = r"(?:\d{1,4}:)?\d{1,3}:[0-5]\d(?:[.,]\d{1,6})?"
BEGINNING = re.compile(rf"(?:^|(?<!\\);|\n)\s*({TIME})(?=[\s;]|$)", re.ASCII)
ENDING = re.compile(r"(?:\s|(?<!\\);)+$")
MISREAD = re.compile(rf"(?<=\\);|;(?=\s*{TIME}(?:[\s;]|$)|[\s;]*$)", re.ASCII)
BACKSLASHED = r"\\;"
FINEST = 3  # decimals of a second


def write_chapters(chapters: Iterable[Chapter]) -> str:
    """Write chapters in one line.

    >>> write_chapters([Chapter(0, "Début"), Chapter(3723.5, "La fin")])
    '0:00 Début ; 1:02:03.5 La fin'
    """
    return join_chapters((write_time(each.start), each.title) for each in chapters)


def join_chapters(pairs: Iterable[tuple[str, str]]) -> str:
    r"""Write times and titles, as somebody gave them, in one line.

    >>> print(join_chapters([("0:00", "A ; 0:20 B"), ("0:30", "C ;")]))
    0:00 A \; 0:20 B ; 0:30 C \;
    """
    return " ; ".join(
        f"{time} {MISREAD.sub(BACKSLASHED, ' '.join(title.split()))}" for time, title in pairs
    )


def split_chapters(text: str) -> list[tuple[str, str]]:
    r"""Read the times and titles of one line, as they were before `join_chapters`.

    Raises ValueError saying what was expected.

    >>> split_chapters(r"0:00 A \; 0:20 B ; 0:30 C ; D;")
    [('0:00', 'A ; 0:20 B'), ('0:30', 'C ; D')]
    """
    before, *parts = BEGINNING.split(text)
    if before.strip(" ;\n"):
        raise ValueError(_("a time and a title are needed, as 12:34 Title"))
    titles = (ENDING.sub("", " ".join(words.split())) for words in parts[1::2])
    return list(zip(parts[::2], (each.replace("\\;", ";") for each in titles), strict=True))


def write_time(second: float) -> str:
    """Write a second as people do, with what it has beyond whole ones.

    >>> write_time(754), write_time(754.25), write_time(3599.9999)
    ('12:34', '12:34.25', '1:00:00')
    """
    whole, rest = divmod(round(second * 10**FINEST), 10**FINEST)
    minutes, seconds = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    clock = f"{hours}:{minute:02d}:{seconds:02d}" if hours else f"{minute}:{seconds:02d}"
    return f"{clock}.{rest:0{FINEST}d}".rstrip("0") if rest else clock


def read_chapters(text: str) -> tuple[Chapter, ...]:
    """Read chapters, in the order of their times.

    Raises ValueError saying what was expected.

    >>> [(each.start, each.title) for each in read_chapters("12:34 La rue ; là\\n0:00 Début")]
    [(0.0, 'Début'), (754.0, 'La rue ; là')]
    """
    found = dict[float, str]()
    for time, title in split_chapters(text):
        start = read_moment(time.replace(",", "."))
        if start is None or not title:
            raise ValueError(_("{time}: a time and a title are needed").format(time=time))
        if start in found:
            raise ValueError(_("{time}: two chapters begin there").format(time=time))
        found[start] = title
    return tuple(Chapter(start, found[start]) for start in sorted(found))
