"""Families of French words: « fichage » belongs to « fiche », « vente » to « vendre ».

`families.txt` has one family on each line, and the first word names it. A word alone on its line
has no family: it is there because only its accents tell it from another (côté). An acronym (ONU) is
in capitals, for its small letters are no word.
"""

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from radio.french.letters import fold

_TEXT = resources.files("radio.search").joinpath("families.txt").read_text(encoding="utf-8")
EDITION = f"{zlib.crc32(_TEXT.encode()):08x}"
"""Other families give other forms, so it is part of the version of the index."""


@dataclass(frozen=True)
class FamilyTable:
    """The families, and what is needed to compare their lemmas."""

    names: dict[str, str]  # the family of each lemma, by its name; its own where it has none
    acronyms: dict[str, str]  # the family of each acronym in small letters
    told_by_accents: frozenset[str]  # lemmas of two families, once folded
    families: dict[str, list[str]]  # the lemmas of each family


@lru_cache(maxsize=1)
def table() -> FamilyTable:
    """Read the table."""
    families = [line.split() for line in _TEXT.splitlines() if not line.startswith("#")]
    folded = Counter(name for family in families for name in set(map(fold, family)))
    return FamilyTable(
        {lemma: family[0] for family in families for lemma in family},
        {lemma.lower(): family[0] for family in families for lemma in family if lemma.isupper()},
        frozenset(name for name, count in folded.items() if count > 1),
        {family[0]: family for family in families},
    )


def is_common(lemma: str) -> bool:
    """Whether the table has a lemma."""
    return lemma in table().names


def family_of(lemma: str) -> str | None:
    """Give the name of the family of a lemma.

    >>> [family_of(lemma) for lemma in ("policier", "désarmer", "côté", "onu")]
    ['police', 'désarmer', None, 'onusien']
    """
    name = table().names.get(lemma) or table().acronyms.get(lemma, "")
    return name if len(lemmas_of_family(name)) > 1 else None


def lemmas_of_family(name: str) -> Sequence[str]:
    """Give the lemmas of a family; its name where the table does not have it.

    >>> lemmas_of_family("adéquat")
    ['adéquat', 'adéquation', 'adéquatement']
    """
    return table().families.get(name) or [name]


def fold_lemma(lemma: str) -> str:
    """Fold a lemma, unless only its accents tell it from another.

    >>> fold_lemma("caméra"), fold_lemma("marché")
    ('camera', 'marché')
    """
    folded = fold(lemma)
    return lemma if folded in table().told_by_accents else folded
