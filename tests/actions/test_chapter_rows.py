"""Chapters that two people wrote are met row by row, however many there are."""

import pytest

from radio.actions.chapter_rows import merge_chapters
from radio.actions.chapters import write_chapters
from radio.text.chapters import Chapter

NUMBER = 200


def test_many_chapters_of_two_people_do_not_keep_the_desk_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
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
