"""Families of French words: « fichage » belongs to « ficher ».

A noun with one of these endings also gets the verb as a form, if that verb exists. Nouns that only
look derived are listed as exceptions.
"""

import simplemma

ENDINGS = ("issement", "issage", "ement", "ation", "ateur", "atrice", "euse", "eur", "age")
"""The longest first."""

SHORTEST = 3  # letters before the ending

_NOUNS = """
    acteur couleur erreur facteur fermement gravement honneur humeur langage liqueur mirage moteur
    odeur otage potage professeur rumeur sauvage secteur terreur tumeur vapeur visage
"""
LOOK_ALIKES = frozenset(_NOUNS.split())


def verb_of(noun: str) -> str | None:
    """Give the verb from which a singular noun is derived.

    >>> [verb_of(noun) for noun in ("fichage", "blanchissement", "visage", "caméra")]
    ['ficher', 'blanchir', None, None]
    """
    if noun in LOOK_ALIKES:
        return None
    for ending in ENDINGS:
        root = noun.removesuffix(ending)
        if root != noun and len(root) >= SHORTEST:
            verb = f"{root}ir" if ending.startswith("iss") else f"{root}er"
            return verb if simplemma.is_known(verb, "fr") else None
    return None
