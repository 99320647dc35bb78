"""Acronyms have one spelling, where the show's glossary or the capitals around them know it."""

import pytest

from radio.text.transcript import Word
from radio.transcribe.conventions import write_acronyms
from tests.tables import for_each

LISTED = {"CNIL", "RATP", "ONU"}
SEEN = {"CAF", "SNCF", "STAS"}
WRITTEN = [
    ("la cnil a répondu", "la CNIL a répondu"),
    ("la Cnil a répondu", "la CNIL a répondu"),
    ("la C.N.I.L. a répondu", "la CNIL a répondu"),
    ("dit la C.N.I.L. Elle répond", "dit la CNIL. Elle répond"),
    ("dit la C.N.I.L.", "dit la CNIL."),
    ("la C N I L a répondu", "la CNIL a répondu"),
    ("la c. n. i. l. a répondu", "la CNIL a répondu"),
    ("la C-N-I-L a", "la CNIL a"),
    ("l'onu, d’abord", "l'ONU, d’abord"),
    ("l'O.N.U, d’abord", "l'ONU, d’abord"),
    ("(cnil)", "(CNIL)"),
    ("à la S.N.C.F, on", "à la SNCF, on"),
    ("la C A F répond", "la CAF répond"),
    ("la CGT, la C.G.T. aussi", "la CGT, la CGT aussi"),
]
AS_HEARD = [
    "un caf et un stas",  # only seen: small letters may be a word
    "la cnile et la cnil-bis",
    "J.R.R. Tolkien",
    "il y a un a et un b",
    "la C.G.T. aussi",
    "le R.E.R, la R A T",
    "c'est-à-dire",
    "S. N. Martin",
    "cn-il",
]


def heard(text: str) -> list[Word]:
    return [Word(i, i + 1, word, 0.9 - i / 100) for i, word in enumerate(text.split())]


@for_each(("said", "expected"), WRITTEN)
def test_a_known_acronym_has_one_spelling(said: str, expected: str) -> None:
    found = write_acronyms(heard(said), LISTED, SEEN)
    assert " ".join(word.text for word in found) == expected


@for_each("said", AS_HEARD)
def test_what_nobody_knows_stays(said: str) -> None:
    assert write_acronyms(heard(said), LISTED, SEEN) == heard(said)


def test_letters_keep_their_time() -> None:
    la, word, a = write_acronyms(heard("la C N I L a"), LISTED, SEEN)
    assert (la.end, word.start, word.end, a.start) == (1, 1, 5, 5)
    assert word.probability == pytest.approx(0.86)
