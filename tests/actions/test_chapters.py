"""Chapters in one line give the same chapters back, whatever their titles say."""

from hypothesis import given
from hypothesis import strategies as st

from radio.actions.chapters import join_chapters, read_chapters, split_chapters, write_chapters
from radio.text.chapters import Chapter
from tests.tables import for_each

PIECES = st.sampled_from(["A", ";", " ; ", "0:20", "1:02:03,5", "\\", " ", "\n", "é", "12:3"])
TITLES = st.lists(PIECES | st.text(max_size=3), max_size=9).map(lambda each: "".join(each).split())


@for_each("title", ["A ; 0:20 B", ";0:20", "A ;", "A \\; 0:20", "A;;", "\\", "A\\\\;"])
def test_a_title_that_tells_a_time_stays_one_chapter(title: str) -> None:
    chapters = (Chapter(0.0, title), Chapter(20.5, "Fin"))
    assert read_chapters(write_chapters(chapters)) == chapters


@given(st.dictionaries(st.integers(0, 10**8), TITLES.filter(bool).map(" ".join), max_size=4))
def test_whatever_titles_say_they_come_back(titles: dict[int, str]) -> None:
    chapters = tuple(Chapter(each / 1000, titles[each]) for each in sorted(titles))
    line = write_chapters(chapters)
    assert read_chapters(line) == chapters
    assert join_chapters(split_chapters(line)) == line
