"""The lemmas and stems of French words: what all forms of a word have in common.

A word that the dictionary knows has lemmas: those of the word itself and, where it may have lost
its accents, of the words that it may be. Any other word has stems. That of `bobrans` is `bobran`.
The only importer of Stemmer.
"""

import threading
import zlib
from collections import defaultdict
from functools import lru_cache
from importlib import resources

import simplemma
import Stemmer
from simplemma.strategies.dictionaries.dictionary_factory import DEFAULT_DICTIONARY_FACTORY

from radio.french.letters import fold, with_accents
from radio.search.families import is_common, table

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
_HOMOGRAPHS = resources.files("radio.search").joinpath("homographs.txt").read_text(encoding="utf-8")
EDITION = f"{zlib.crc32(_HOMOGRAPHS.encode()):08x}"
"""Other homographs give other forms, so it is part of the version of the index."""
_lock = threading.Lock()  # a stemmer serves one thread at a time
_stemmer = Stemmer.Stemmer("french")


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


def known_words() -> set[str]:
    """Give the words for which `is_known` holds, in small letters."""
    common = table().names.keys()
    plurals = {word + ending for word in common for ending in ("s", "x")}
    listed = DEFAULT_DICTIONARY_FACTORY.get_dictionary("fr")
    return {word.lower() for word in listed} | common | plurals | _IRREGULAR.keys()


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
