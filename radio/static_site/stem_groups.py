"""Words with a common stem, so that a browser can search without knowing French."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from radio.search.folding import fold
from radio.search.french import STEM, forms
from radio.search.inflections import inflections

SHORTEST, BEGINNING = 3, 5  # letters of a stem, and how many of them an inflection must share


@dataclass
class StemGroups:
    """Stems that several words share."""

    stems: dict[str, str]  # the stems of each folded word that may be searched, said or not
    members: dict[str, str]  # the folded words with each stem, of those that are said


def group_by_stem(spellings: Iterable[str]) -> StemGroups:
    """Find the words that share a stem, and the inflections that nobody said.

    `spellings` are the words of the archive in small letters.
    """
    stems, members = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for word in spellings:
        for stem in _stems(word):
            stems[fold(word)].add(stem)
            members[stem].add(fold(word))
    groups = {name: {stem for stem in own if len(members[stem]) > 1} for name, own in stems.items()}
    for name, own in _unsaid(stems.keys(), members.keys()):
        groups[name] = own | groups.get(name, set())
    texts = {name: " ".join(sorted(own)) for name, own in groups.items() if own}
    needed = {stem for text in texts.values() for stem in text.split()}
    return StemGroups(texts, {stem: " ".join(sorted(members[stem])) for stem in needed})


def _unsaid(names: Iterable[str], stems: Iterable[str]) -> Iterable[tuple[str, set[str]]]:
    """Give inflections that nobody said, folded, with the stems that they share."""
    said, shared = frozenset(names), frozenset(stems)
    beginnings = frozenset(stem[:BEGINNING] for stem in shared if len(stem) >= SHORTEST)
    for word in inflections(beginnings):
        name = fold(word)
        if name not in said and (own := shared & _stems(word)):
            yield name, set(own)


@lru_cache(maxsize=50_000)
def _stems(word: str) -> frozenset[str]:
    return frozenset(form.removeprefix(STEM) for form in forms(word)[2:])
