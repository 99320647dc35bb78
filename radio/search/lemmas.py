"""The lemmas, stems and families of French words: what all forms of a word have in common.

A word that the dictionary knows has lemmas: those of the word itself and, where it may have lost
its accents, of the words that it may be. Any other word has stems. That of `bobrans` is `bobran`.

`families.txt` has a family on each line (« fichage » belongs to « fiche »), and the first word
names it. A word alone on its line has none: it is there because only its accents tell it from
another (côté). An acronym (ONU) is in capitals, for its small letters are no word. `homographs.txt`
has the forms that are also words of their own. The only importer of Stemmer.
"""

import threading
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import chain

import simplemma
import Stemmer
from simplemma.strategies.dictionaries.dictionary_factory import DEFAULT_DICTIONARY_FACTORY

from radio.french.letters import fold, with_accents

_ROOM = resources.files("radio.search")
_FAMILIES = _ROOM.joinpath("families.txt").read_text(encoding="utf-8")
_HOMOGRAPHS = _ROOM.joinpath("homographs.txt").read_text(encoding="utf-8")
EDITION = f"{zlib.crc32((_FAMILIES + _HOMOGRAPHS).encode()):08x}"
"""Other tables give other forms, so it is part of the version of the index."""
_OF_NAMES = ("istes", "iste", "ismes", "isme")
SHORTEST = 3  # letters of a name before such an ending
# Lemmas that the dictionary does not give.
_IRREGULAR_FORMS = """
    corrompu:corrompre couru:courir cousu:coudre couvert:couvrir décousu:découdre
    découvert:découvrir décrit:décrire fausse:faux folle:fou h:heure inscrit:inscrire
    interrompu:interrompre mesdames:madame messieurs:monsieur molle:mou mort:mourir
    ouvert:ouvrir rendu:rendre rompu:rompre survécu:survivre vendu:vendre vécu:vivre
    écrit:écrire st:saint ste:sainte
"""
_IRREGULAR = dict(pair.split(":") for pair in _IRREGULAR_FORMS.split())
_lock = threading.Lock()  # a stemmer serves one thread at a time
_stemmer = Stemmer.Stemmer("french")


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
    families = [line.split() for line in _FAMILIES.splitlines() if not line.startswith("#")]
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


def is_known(word: str) -> bool:
    """Whether the dictionary or the table of families has a word, or its singular."""
    return (
        is_common(word)
        or word in _IRREGULAR
        or (word[-1:] in {"s", "x"} and is_common(word[:-1]))
        or _is_in_dictionary(word)
    )


def _is_in_dictionary(word: str) -> bool:
    """Whether the dictionary has a word, small or with a capital; asked for millions of words."""
    if not (word.isalpha() and word.islower()):
        return simplemma.is_known(word, "fr")
    find = DEFAULT_DICTIONARY_FACTORY.get_dictionary("fr").get
    return find(word) is not None or find(word.capitalize()) is not None


def inflections() -> Iterator[tuple[str, str]]:
    """Give the words of the dictionary and of the table that are no names, each with its lemma.

    A plural that the table alone has ends in s.
    """
    dictionary = DEFAULT_DICTIONARY_FACTORY.get_dictionary("fr")
    names = (name for name in table().names if name not in dictionary)
    pairs = chain(dictionary.items(), ((f"{name}s", name) for name in names))
    both = chain.from_iterable(((word, lemma), (lemma, lemma)) for word, lemma in pairs)
    return (pair for pair in both if all(each.isalpha() and each.islower() for each in pair))


def lemmas_of(word: str) -> set[str]:
    """Give the lemmas of a word in small letters; none where it is not known.

    >>> sorted(lemmas_of("yeux")), sorted(lemmas_of("ecoles")), lemmas_of("bobran")
    (['œil'], ['école'], set())
    >>> sorted(lemmas_of("joue"))
    ['joue', 'jouer']
    """
    ligatures = {word, word.replace("oe", "œ"), word.replace("œ", "oe"), word.replace("'", "")}
    spellings = set(filter(is_known, ligatures))
    if not any(is_common(_lemma(each)) for each in spellings):
        spellings |= with_accents(word.replace("œ", "oe"), is_known)
    if not spellings and not word.isascii():
        spellings = with_accents(fold(word), is_known) or set(filter(is_known, (fold(word),)))
    lemmas = {_lemma(each) for each in spellings} | set(filter(is_common, spellings))
    lemmas |= {other for each in spellings for other in _homographs().get(each, ())}
    return lemmas | {_lemma(lemma) for lemma in lemmas}


def stems_of(word: str) -> set[str]:
    """Give the stems of a word that is not known, folded.

    >>> stems_of("bobrans"), sorted(stems_of("zadistes"))
    ({'bobran'}, ['zad', 'zadist'])
    """
    roots = {word, fold(word)}
    roots |= {name for name in map(_name_within, roots) if len(name) >= SHORTEST}
    with _lock:
        return {fold(_stemmer.stemWord(root)) for root in roots}


def _name_within(word: str) -> str:
    """Give the name of which a word is made that the dictionary does not know (zadiste)."""
    return next((word.removesuffix(each) for each in _OF_NAMES if word.endswith(each)), "")


def _lemma(word: str) -> str:
    if is_common(word[:-1]) and word[-1:] in {"s", "x"} and not _is_in_dictionary(word):
        return word[:-1]
    lemma = _IRREGULAR.get(word) or str(simplemma.lemmatize(word, "fr")).lower()
    return _IRREGULAR.get(lemma, lemma)


@lru_cache(maxsize=1)
def _homographs() -> dict[str, list[str]]:
    """Read which words are also forms of other words: « joue » is one of « jouer »."""
    words = defaultdict[str, list[str]](list)
    for line in _HOMOGRAPHS.splitlines():
        lemma, *forms = line.split()
        for form in forms if lemma != "#" else ():
            words[form].append(lemma)
    return dict(words)
