"""What the dictionary of French tells of words, kept in `cache/wordbook.txt` by edition.

To walk through the dictionary takes a second, and each export of the site would do so. A line is a
sign and what it tells: `=` a folded beginning of words, and the words that begin so or whose lemma
does; `-` a row of the dictionary that browsers read; `+` a word that was asked for, and its stems.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from radio.archive import Archive
from radio.french.letters import fold
from radio.search.french import STEM, forms
from radio.search.inflections import is_common, pairs
from radio.static_site.dictionary import dictionary
from radio.system.disk import read_bytes, write_whole
from radio.system.edition import edition
from radio.system.errors import ArchiveError

MADE_BY = ("french", "search", "static_site/dictionary", "static_site/wordbook")
"""If one of these changes, it is made again."""
LONGEST = 5  # letters of a beginning
END = "."  # the last line of what is whole


@dataclass
class Wordbook:
    """Words by how they begin, rows for browsers, and the stems of the words asked for so far."""

    words: dict[str, str] = field(default_factory=dict)  # by beginning, with spaces
    rows: list[str] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)  # stems that were written down
    asked: dict[str, frozenset[str]] = field(default_factory=dict)

    def stems(self, word: str) -> frozenset[str]:
        """Give the stems, lemmas and families of a word."""
        if word not in self.asked:
            written = self.known.get(word)
            found = _stems(word) if written is None else frozenset(written.split())
            self.asked[word] = found
        return self.asked[word]

    def inflections(self, beginnings: frozenset[str]) -> Iterator[str]:
        """Give each word that begins so, or whose lemma begins so, accents ignored."""
        sizes = {len(each) for each in beginnings}
        found = dict[str, None]()
        for begin, words in self.words.items():
            if any(begin[:size] in beginnings for size in sizes):
                found.update(dict.fromkeys(words.split()))
        return iter(found)


def read_wordbook(archive: Archive) -> Wordbook:
    """Read what was kept; make it of the dictionary where there is none, or of another edition."""
    try:
        first, *lines = read_bytes(_path(archive)).decode().split("\n")
    except (ArchiveError, UnicodeDecodeError):
        return _make()
    if first != edition(*MADE_BY) or lines[-1:] != [END]:
        return _make()
    told = {sign: [line[1:] for line in lines if line.startswith(sign)] for sign in "=-+"}
    return Wordbook(_pairs(told["="]), told["-"], _pairs(told["+"]))


def keep_wordbook(archive: Archive, book: Wordbook) -> None:
    """Write it down with the stems that were asked for, unless all of them are there.

    Raises ArchiveError if the disk refuses.
    """
    if book.asked.keys() <= book.known.keys():
        return
    lines = [edition(*MADE_BY)]
    lines += (f"={begin} {words}" for begin, words in book.words.items())
    lines += (f"-{row}" for row in book.rows)
    lines += (f"+{word} {' '.join(sorted(own))}" for word, own in book.asked.items() if _fits(word))
    write_whole(_path(archive), "\n".join([*lines, END]).encode())


def _path(archive: Archive) -> Path:
    return archive.cache / "wordbook.txt"


def _make() -> Wordbook:
    return Wordbook(_beginnings(), list(dictionary()))


@lru_cache(maxsize=1)
def _beginnings() -> dict[str, str]:
    """Walk through the dictionary."""
    words = defaultdict[str, dict[str, None]](dict)
    for pair in pairs():
        common = dict.fromkeys(word for word in pair if is_common(word))
        for begin in {fold(word)[:LONGEST] for word in pair}:
            words[begin].update(common)
    return {begin: " ".join(each) for begin, each in words.items() if each and _fits(begin)}


@lru_cache(maxsize=50_000)
def _stems(word: str) -> frozenset[str]:
    return frozenset(form.removeprefix(STEM) for form in forms(word)[2:])


def _fits(word: str) -> bool:
    """Whether a word stands on a line: it has no space, and no sign that ends the line."""
    return word.split() == [word]


def _pairs(lines: Sequence[str]) -> dict[str, str]:
    return {word: rest for word, _, rest in (line.partition(" ") for line in lines)}
