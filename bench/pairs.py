"""What the search finds of the lists of words in the tests, and what it finds wrongly."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from radio.archive import Archive
from radio.search import Index
from radio.search.acronyms import find_explanations
from tests.search.lists import Pair, lines, pairs, rows
from tests.search.said import say
from tests.search.unmet import asked, write_corpus

Judged = tuple[str, list[bool], list[bool]]
"""A list: of what should be found whether it is; of what should not whether it is, wrongly."""


def table() -> str:
    """Ask each list, and count."""
    with tempfile.TemporaryDirectory() as folder:
        cells = [
            f"| {name} | {sum(found)} of {len(found)} "
            f"| {f'{sum(wrong)} of {len(wrong)}' if wrong else ''} |"
            for name, found, wrong in _judged(Path(folder))
        ]
    return "\n".join(["| | found | wrongly |", "|---|---|---|", *cells])


def _judged(folder: Path) -> Iterator[Judged]:
    yield "families", *_joined(folder, "families")
    yield "in one part or in two", *_joined(folder, "spacing")
    yield "misspelt", *_meant(folder, "misspelt")
    yield "acronyms in texts", *_acronyms()
    yield "a word too many, questions", _asked(folder / "unmet"), []
    for whose, name in (("a", "strangers-first"), ("another", "strangers-second")):
        yield f"of {whose} stranger, words", *_joined(folder, name)
        yield f"of {whose} stranger, as typed", *_meant(folder, name)
    yield "of a third stranger, in sentences", *_meant(folder, "strangers-third")


def _joined(folder: Path, name: str) -> tuple[list[bool], list[bool]]:
    """Judge words of which each should find the other, or neither."""
    joined, apart = pairs(name, "found"), pairs(name, "apart")
    said = say(folder / name / "said", [*joined, *apart])
    return [said.joins(*pair) for pair in joined], [said.confuses(*pair) for pair in apart]


def _meant(folder: Path, name: str) -> tuple[list[bool], list[bool]]:
    """Judge what is typed and not said: whether it finds the other, which is said."""
    typed, spelt = pairs(name, "typed"), pairs(name, "spelt")
    said = say(folder / name / "meant", [(word, word) for _, word in (*typed, *spelt)])

    def finds(pair: Pair) -> bool:
        return pair[1] in said.found(pair[0])

    return list(map(finds, typed)), list(map(finds, spelt))


def _acronyms() -> tuple[list[bool], list[bool]]:
    """Judge texts that explain an acronym, and others."""
    told = [
        (acronym, words) in {each[:2] for each in find_explanations(text)}
        for text, acronym, words in rows("acronyms", "explained")
    ]
    return told, [any(find_explanations(text)) for text in lines("acronyms", "unexplained")]


def _asked(root: Path) -> list[bool]:
    """Judge queries of which one episode should come first."""
    write_corpus(archive := Archive(root))
    index = Index(archive)
    index.refresh()
    wanted = [(query, first) for query, first, _ in asked()]
    wanted += [(query, first) for query, _, first in rows("unmet", "questions")]
    keys = [[each.key for each in index.search(query).episodes[:1]] for query, _ in wanted]
    return [
        found == [] if not first else bool(found) and found[0].endswith(first)
        for found, (_, first) in zip(keys, wanted, strict=True)
    ]
