"""Chapters that two people wrote, each without knowing of the other, row by row. Pure.

A row that one of both changed is as that one wrote it. One that both changed is decided by who
comes second.
"""

from collections import defaultdict, deque
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from radio.actions.chapters import read_chapters, write_chapters
from radio.text.chapters import Chapter


@dataclass(frozen=True)
class ChapterChange:
    """A chapter as it was, as it is by now, and as somebody wrote it; None where there is none."""

    was: Chapter | None
    now: Chapter | None
    mine: Chapter | None

    @property
    def is_clash(self) -> bool:
        """Whether both changed it, and not to the same."""
        return self.now != self.mine and self.was not in (self.now, self.mine)

    @property
    def taken(self) -> Chapter | None:
        """What takes its place: as it was written last, unless the other one alone changed it."""
        return self.now if self.mine == self.was else self.mine


def lay_chapters(was: str, now: str, mine: str) -> list[ChapterChange]:
    """Tell of each chapter what both did to it, in the order of their times.

    Raises ValueError if one of the texts has no such chapters.
    """
    before, theirs, own = (read_chapters(text) for text in (was, now, mine))
    by_them, by_me = _pair(before, theirs), _pair(before, own)
    changes = [ChapterChange(each, by_them.get(each), by_me.get(each)) for each in before]
    left, added = _left(theirs, set(by_them.values())), _left(own, set(by_me.values()))
    starts = {each.start: each for each in added}
    changes += [ChapterChange(None, each, starts.pop(each.start, None)) for each in left]
    changes += [ChapterChange(None, None, each) for each in starts.values()]
    return sorted(_met(changes), key=_start)


def merge_chapters(was: str, now: str, mine: str) -> str | None:
    """Write the chapters of both in one; None where a row waits for a decision.

    >>> merge_chapters("0:00 A ; 1:00 B", "0:00 Début ; 1:00 B", "0:00 A ; 1:00 B ; 2:00 C")
    '0:00 Début ; 1:00 B ; 2:00 C'
    >>> merge_chapters("0:00 A", "0:00 Début", "0:00 Bonjour")
    """
    try:
        changes = lay_chapters(was, now, mine)
    except ValueError:
        return None
    if any(each.is_clash for each in changes):
        return None
    return write_chapters(each.taken for each in changes if each.taken)


def _pair(old: Sequence[Chapter], new: Sequence[Chapter]) -> dict[Chapter, Chapter]:
    """Tell what became of chapters: by their time, else their title, else their place."""
    starts = {each.start: each for each in new}
    pairs = {each: starts[each.start] for each in old if each.start in starts}
    titles = defaultdict[str, deque[Chapter]](deque)
    for former in dict.fromkeys(_left(old, pairs)):
        titles[former.title].append(former)
    for each in dict.fromkeys(_left(new, set(pairs.values()))):
        if titles[each.title]:
            pairs[titles[each.title].popleft()] = each
    left, others = _left(old, pairs), _left(new, set(pairs.values()))
    return pairs | (dict(zip(left, others, strict=True)) if len(left) == len(others) else {})


def _left(chapters: Iterable[Chapter], met: Container[Chapter]) -> list[Chapter]:
    return [each for each in chapters if each not in met]


def _met(changes: Sequence[ChapterChange]) -> Iterator[ChapterChange]:
    """Have two chapters that come to begin at one second decided between."""
    by_start = dict[float, ChapterChange]()
    for each in changes:
        if not each.taken or each.is_clash:
            yield each
        elif met := by_start.get(each.taken.start):
            by_start[each.taken.start] = ChapterChange(None, met.taken, each.taken)
        else:
            by_start[each.taken.start] = each
    yield from by_start.values()


def _start(change: ChapterChange) -> float:
    known = change.mine or change.now or change.was
    return known.start if known else 0.0
