"""Words, each said once in an episode of its own, and which of them a query finds."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from radio.search import Index, SearchOptions
from tests.search.episodes import begun, indexed, put
from tests.search.lists import Pair

ALL = SearchOptions(size=100)


@dataclass(frozen=True)
class Said:
    """An index of words: each is said once, in an episode of its own."""

    index: Index
    words: list[str]

    def found(self, query: str) -> set[str]:
        keys = self.index.keys(query, ALL)
        assert len(keys) < ALL.size, "all are on one page"
        return set(map(self.word, keys))

    def word(self, key: str) -> str:
        return self.words[int(key.rpartition("-e")[2])]

    def joins(self, one: str, other: str) -> bool:
        return {one, other} <= self.found(one) & self.found(other)

    def confuses(self, one: str, other: str) -> bool:
        return other in self.found(one) or one in self.found(other)


def say(root: Path, some: Iterable[Pair]) -> Said:
    """Make an archive in which each word is said once, and its index."""
    archive, words = begun(root, "Mots"), sorted({word for pair in some for word in pair})
    for number, word in enumerate(words):
        put(archive, f"1999-01-01-e{number}", f"Alors ({word}), voilà.", title="§")
    return Said(indexed(archive), words)
