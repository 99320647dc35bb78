"""Chapters in one line give the same chapters back; those of two people are met row by row."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from radio.actions.chapters import (
    join_chapters,
    merge_chapters,
    read_chapters,
    split_chapters,
    write_chapters,
)
from radio.text.chapters import Chapter

PIECES = st.sampled_from(["A", ";", " ; ", "0:20", "1:02:03,5", "\\", " ", "\n", "é", "12:3"])
TITLES = st.lists(PIECES | st.text(max_size=3), max_size=9).map(lambda each: "".join(each).split())
NUMBER = 200


@given(st.dictionaries(st.integers(0, 10**8), TITLES.filter(bool).map(" ".join), max_size=4))
@example({0: "A ; 0:20 B", 1: ";0:20", 2: "A ;", 3: "A \\; 0:20", 4: "A;;", 5: "\\", 6: "A\\\\;"})
def test_whatever_titles_say_they_come_back(titles: dict[int, str]) -> None:
    chapters = tuple(Chapter(each / 1000, titles[each]) for each in sorted(titles))
    line = write_chapters(chapters)
    assert read_chapters(line) == chapters
    assert join_chapters(split_chapters(line)) == line


def test_many_chapters_of_two_people_keep_no_desk_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each was compared with each of the others, again for each that was found: 25 s for 1,000."""
    number, alike = 0, Chapter.__eq__

    def count(one: Chapter, other: object) -> bool:
        nonlocal number
        number += 1
        return alike(one, other)

    was, now, mine = (
        [
            Chapter(10.0 * n + shift * (n % 2 == odd), f"{n}{name * (n % 2 == odd)}")
            for n in range(NUMBER)
        ]
        for shift, odd, name in ((0, 0, ""), (3, 0, " là-bas"), (4, 1, " ici"))
    )
    texts = [write_chapters(each) for each in (was, now, mine)]
    monkeypatch.setattr(Chapter, "__eq__", count)
    merged = merge_chapters(*texts)
    monkeypatch.undo()
    assert merged == write_chapters((now, mine)[n % 2][n] for n in range(NUMBER))
    assert number < 30 * NUMBER
