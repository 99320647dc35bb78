"""Other words for what is typed: mishearings of names, and what acronyms stand for.

Each alternative is written as an object:

    of        names: of each the folded words that a query must hold, in any order; a phrase in
              quotes is one such word, but not for acronyms
    say       phrases to look for as well
    told      what the page says of it; empty for mishearings
    capitals  an acronym that must be typed so, since its small letters are a word; or empty
    pair      the number of the acronym: one that is typed with its words is asked as typed
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass

from radio.archive.episode import Show
from radio.french.letters import fold
from radio.search.acronyms import is_word, read_row
from radio.search.alternatives import names_of
from radio.search.french import FOLDED
from radio.search.meanings import Explanation, Meaning, Meanings, in_glossaries
from radio.search.spacing import spacings


@dataclass(frozen=True)
class OtherWords:
    """What a browser looks for beside some words."""

    of: Sequence[Sequence[str]]
    say: Sequence[str]
    told: str = ""
    capitals: str = ""
    pair: int = -1


def alternatives(shows: Sequence[Show], rows: Mapping[str, int]) -> Iterator[Mapping[str, object]]:
    """Give what the corrections and glossaries of shows tell, and what is said.

    `rows` are the explanations of acronyms in texts, with the number of passages of each.
    """
    said = (Explanation(*read_row(row), times) for row, times in sorted(rows.items()))
    meanings = Meanings([*in_glossaries(shows), *said]).all
    for number, meaning in enumerate(meanings):
        yield from map(_write, _of_meaning(meaning, number))
    yield from map(_write, _mishearings(show.corrections for show in shows))


def count(rows: Iterable[Iterable[str]]) -> Mapping[str, int]:
    """Count the passages that give each explanation; `rows` are those of each passage."""
    return Counter(row for some in rows for row in some)


def _of_meaning(meaning: Meaning, number: int) -> Iterator[OtherWords]:
    folded = fold(meaning.acronym.lower())
    capitals = meaning.acronym if is_word(folded) else ""
    texts = (text for each in meaning.spellings for text in spacings(each.words))
    said = list(dict.fromkeys(texts))
    yield OtherWords([[folded]], said, said[0], capitals, number)
    if not capitals:
        names = dict.fromkeys(_plain(names_of(words)[0]) for words in said)
        acronyms = list(dict.fromkeys(each.acronym for each in meaning.spellings))
        yield OtherWords(list(names), acronyms, meaning.acronym, "", number)


def _mishearings(corrections: Iterable[Mapping[str, str]]) -> Iterator[OtherWords]:
    wrongs: dict[str, list[str]] = {}
    for wrong, right in (pair for each in corrections for pair in each.items()):
        wrongs.setdefault(right, []).append(wrong)
    for right, some in wrongs.items():
        yield OtherWords([_plain(name) for name in names_of(right)], some)


def _plain(name: Sequence[str]) -> tuple[str, ...]:
    parts = (part.split() for part in name)
    return tuple(" ".join(word.removeprefix(FOLDED) for word in part) for part in parts)


def _write(alternative: OtherWords) -> Mapping[str, object]:
    of, say, told, capitals, pair = astuple(alternative)
    return {"of": of, "say": say, "told": told, "capitals": capitals, "pair": pair}
