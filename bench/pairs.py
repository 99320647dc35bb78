"""What the search finds of the lists of words in the tests, and what it finds wrongly."""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from radio.archive import Archive
from radio.search import Index
from radio.search.acronyms import find_told
from tests.search import (
    strangers,
    test_acronyms,
    test_families,
    test_misspelling,
    test_spacing,
)
from tests.search.said import Pair, say
from tests.search.unmet import LEFT_OUT, QUESTIONS, TITLE_AND_TALK, WHOLE, write_corpus

Judged = tuple[str, list[bool], list[bool]]
"""A list: of what should be found whether it is; of what should not whether it is, wrongly."""


def table() -> str:
    """Ask each list, and count."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            f"| {name} | {sum(found)} of {len(found)} "
            f"| {f'{sum(wrong)} of {len(wrong)}' if wrong else ''} |"
            for name, found, wrong in _judged(Path(folder))
        ]
    return "\n".join(["| | found | wrongly |", "|---|---|---|", *rows])


def _judged(folder: Path) -> Iterator[Judged]:
    families, spacing, spelling = test_families, test_spacing, test_misspelling
    yield "families", *_joined(folder / "families", families.JOINED, families.APART)
    yield "in one part or in two", *_joined(folder / "spacing", spacing.JOINED, spacing.APART)
    yield "misspelt", *_meant(folder / "misspelt", spelling.MISSPELT, spelling.APART)
    yield "acronyms in texts", *_acronyms()
    yield "a word too many, questions", _asked(folder / "unmet"), []
    first = strangers.FIRST_FOUND, strangers.FIRST_APART
    yield "of a stranger, words", *_joined(folder / "first", *first)
    yield "of a stranger, as typed", *_meant(folder / "typed", strangers.FIRST_TYPED, [])
    second = strangers.SECOND_FOUND, strangers.SECOND_APART
    yield "of another stranger, words", *_joined(folder / "second", *second)
    yield "of another stranger, as typed", *_meant(folder / "more", strangers.SECOND_TYPED, [])


def _joined(
    root: Path, joined: Iterable[Pair], apart: Iterable[Pair]
) -> tuple[list[bool], list[bool]]:
    """Judge words of which each should find the other, or neither."""
    said = say(root, [*joined, *apart])
    return [said.joins(*pair) for pair in joined], [said.confuses(*pair) for pair in apart]


def _meant(
    root: Path, typed: Iterable[Pair], apart: Iterable[Pair]
) -> tuple[list[bool], list[bool]]:
    """Judge what is typed and not said: whether it finds the other, which is said."""
    said = say(root, [(word, word) for _, word in (*typed, *apart)])
    found = [[word in said.found(one) for one, word in pairs] for pairs in (typed, apart)]
    return found[0], found[1]


def _acronyms() -> tuple[list[bool], list[bool]]:
    """Judge texts that explain an acronym, and others."""
    told = [
        (acronym, words) in {each[:2] for each in find_told(text)}
        for text, acronym, words in test_acronyms.TOLD
    ]
    return told, [any(find_told(text)) for text in test_acronyms.UNTOLD]


def _asked(root: Path) -> list[bool]:
    """Judge queries of which one episode should come first."""
    write_corpus(archive := Archive(root))
    index = Index(archive)
    index.refresh()
    wanted = [(each.query, each.first) for each in (*WHOLE, *LEFT_OUT, *TITLE_AND_TALK)]
    wanted += [(query, first) for query, _, first in QUESTIONS]
    keys = [[each.key for each in index.search(query).episodes[:1]] for query, _ in wanted]
    return [
        found == [] if not first else bool(found) and found[0].endswith(first)
        for found, (_, first) in zip(keys, wanted, strict=True)
    ]
