r"""Chapters as keepers write them: the time of each, then its title. Pure.

0:00 Début ; 12:34 La rue ; 1:02:03,5 La fin

A backslash stands before a semicolon of a title that would begin or end a chapter: `0:00 A \;
0:20 B` is one chapter, « A ; 0:20 B ».

Merging: a row that only one of two people changed is as that one wrote it; if both did, who comes
second decides.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from radio.archive.protection import read_moment
from radio.system.messages import _
from radio.text.chapters import Chapter

TIME = r"(?:\d{1,4}:)?\d{1,3}:[0-5]\d(?:[.,]\d{1,6})?"
BEGINNING = re.compile(rf"(?:^|(?<!\\);|\n)\s*({TIME})(?=[\s;]|$)", re.ASCII)
ENDING = re.compile(r"(?:\s|(?<!\\);)+$")
MISREAD = re.compile(rf"(?<=\\);|;(?=\s*{TIME}(?:[\s;]|$)|[\s;]*$)", re.ASCII)
BACKSLASHED = r"\\;"
FINEST = 3  # decimals of a second
NOWHERE = Chapter(0.0, "")


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
    titles = ((time, " ".join(title.split())) for time, title in pairs)
    return " ; ".join(f"{time} {MISREAD.sub(BACKSLASHED, title)}" for time, title in titles)


def split_chapters(text: str) -> list[tuple[str, str]]:
    r"""Read the times and titles of one line, as they were before `join_chapters`, or ValueError.

    >>> split_chapters(r"0:00 A \; 0:20 B ; 0:30 C ; D;")
    [('0:00', 'A ; 0:20 B'), ('0:30', 'C ; D')]
    """
    before, *parts = BEGINNING.split(text)
    if before.strip(" ;\n"):
        raise ValueError(_("il faut un moment et un titre, comme 12:34 Titre"))
    titles = (ENDING.sub("", " ".join(words.split())) for words in parts[1::2])
    return list(zip(parts[::2], (each.replace("\\;", ";") for each in titles), strict=True))


def write_time(second: float) -> str:
    """Write a time as people do, with the decimals that it has.

    >>> write_time(754), write_time(754.25), write_time(3599.9999)
    ('12:34', '12:34.25', '1:00:00')
    """
    whole, decimals = divmod(round(second * 10**FINEST), 10**FINEST)
    minutes, seconds = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    clock = f"{hours}:{minute:02d}:{seconds:02d}" if hours else f"{minute}:{seconds:02d}"
    return f"{clock}.{decimals:0{FINEST}d}".rstrip("0") if decimals else clock


def read_chapters(text: str) -> tuple[Chapter, ...]:
    """Read chapters, in the order of their times. Raises ValueError with what was expected.

    >>> [(each.start, each.title) for each in read_chapters("12:34 La rue ; là\\n0:00 Début")]
    [(0.0, 'Début'), (754.0, 'La rue ; là')]
    """
    found = dict[float, str]()
    for time, title in split_chapters(text):
        start = read_moment(time.replace(",", "."))
        if start is None or not title:
            raise ValueError(_("{time} : il faut un moment et un titre", time=time))
        if start in found:
            raise ValueError(_("{time} : deux chapitres y commencent", time=time))
        found[start] = title
    return tuple(Chapter(start, found[start]) for start in sorted(found))


@dataclass(frozen=True)
class ChapterChange:
    """A chapter as it was, as it is now, and as somebody wrote it; None where there is none."""

    was: Chapter | None
    now: Chapter | None
    mine: Chapter | None

    @property
    def is_clash(self) -> bool:
        """Whether both changed it, and not to the same."""
        return self.now != self.mine and self.was not in (self.now, self.mine)

    @property
    def taken(self) -> Chapter | None:
        """What takes its place: the last text, unless only the other person changed it."""
        return self.now if self.mine == self.was else self.mine


def lay_chapters(was: str, now: str, mine: str) -> list[ChapterChange]:
    """Compare what both did to each chapter, in the order of their times. One that moves to the
    second of another competes with it. Raises ValueError for no chapters."""
    before, theirs, own = (read_chapters(text) for text in (was, now, mine))
    by_them, by_me = _pair(before, theirs), _pair(before, own)
    known, mine_known = set(by_them.values()), set(by_me.values())
    starts = {each.start: each for each in own if each not in mine_known}
    changes = [ChapterChange(each, by_them.get(each), by_me.get(each)) for each in before]
    added = (each for each in theirs if each not in known)
    changes += [ChapterChange(None, each, starts.pop(each.start, None)) for each in added]
    changes += [ChapterChange(None, None, each) for each in starts.values()]
    found, by_start = list[ChapterChange](), dict[float, ChapterChange]()
    for each in changes:
        if not each.taken or each.is_clash:
            found.append(each)
            continue
        start, met = each.taken.start, by_start.get(each.taken.start)
        by_start[start] = ChapterChange(None, met.taken, each.taken) if met else each
    found += by_start.values()
    return sorted(found, key=lambda each: (each.mine or each.now or each.was or NOWHERE).start)


def merge_chapters(was: str, now: str, mine: str) -> str | None:
    """Merge the chapters of both; None where a row needs a decision.

    >>> merge_chapters("0:00 A ; 1:00 B", "0:00 Début ; 1:00 B", "0:00 A ; 1:00 B ; 2:00 C")
    '0:00 Début ; 1:00 B ; 2:00 C'
    >>> merge_chapters("0:00 A", "0:00 Début", "0:00 Bonjour")
    """
    try:
        changes = lay_chapters(was, now, mine)
    except ValueError:
        return None
    is_clash = any(each.is_clash for each in changes)
    return None if is_clash else write_chapters(each.taken for each in changes if each.taken)


def _pair(old: Sequence[Chapter], new: Sequence[Chapter]) -> dict[Chapter, Chapter]:
    """Find what became of chapters: by time, else title, else place."""
    starts = {each.start: each for each in new}
    pairs = {each: starts[each.start] for each in old if each.start in starts}
    titles = defaultdict[str, deque[Chapter]](deque)
    for former in dict.fromkeys(each for each in old if each not in pairs):
        titles[former.title].append(former)
    met = set(pairs.values())
    for each in dict.fromkeys(each for each in new if each not in met):
        if titles[each.title]:
            pairs[titles[each.title].popleft()] = each
    met = set(pairs.values())
    left = [each for each in old if each not in pairs]
    others = [each for each in new if each not in met]
    return pairs | (dict(zip(left, others, strict=True)) if len(left) == len(others) else {})
