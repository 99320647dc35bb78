"""French words as search sees them: each is known by several forms that stand at one place.

A word is found by any form it shares with a word of the query, so the text and the query go
through the same analysis. A form wears its kind as its first letter:

    =caméra    as written, in small letters
    -camera    folded: neither accents nor ligatures nor apostrophes
    ~camer     stems and lemmas, folded too

The stem of `caméras` is `camer` but that of the unaccented `cameras` is `cam`: both spellings are
stemmed. Lemmas bring what no stem does (yeux, travaux). The only importer of simplemma and Stemmer.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import simplemma
import Stemmer

EXACT, FOLDED, STEM = "=", "-", "~"
LONGEST_WORD = 64  # letters; what is longer is cut, and is no word

_LETTER = "(?:[^\\W_][\u0300-\u036f]*)"
_PIECE = re.compile(
    rf"(?P<elided>(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)(?=['’ʼ]{_LETTER}))"
    rf"|{_LETTER}+(?:['’ʼ]{_LETTER}+)*",
    re.IGNORECASE,
)
_HYPHENS = frozenset("-\u2010\u2011")
_APOSTROPHES = str.maketrans("’ʼ", "''")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "'": ""})
_FEMININES = (("trice", "teur"), ("euse", "eur"), ("ive", "if"), ("anche", "anc"))
# What neither the stems nor the lemmas bring together.
_IRREGULAR = {
    "couru": "courir",
    "cousu": "coudre",
    "décousu": "découdre",
    "décrit": "décrire",
    "écrit": "écrire",
    "folle": "fou",
    "inscrit": "inscrire",
    "messieurs": "monsieur",
    "mesdames": "madame",
    "molle": "mou",
    "mort": "mourir",
    "rendu": "rendre",
    "vendu": "vendre",
}
_FUNCTION_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        le la les un une des du de d l à a au aux et ou où ni mais donc or car que qu qui quoi dont
        ce cet cette ces c ça cela ceci se s sa son ses si en y ne n pas je j tu t te il elle on
        nous vous ils elles me m ma mon mes ton ta tes notre nos votre vos leur leurs lui eux moi
        toi soi par pour avec sans sous sur dans vers chez entre est es suis sommes êtes sont être
        ai as ont avons avez avoir était étaient avait avaient plus très comme quand tout
        """,
    )
)
_lock = threading.Lock()  # a stemmer serves one thread at a time
_stemmer = Stemmer.Stemmer("french")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, or a hyphenated compound, which stands where its first part does."""

    start: int  # characters
    end: int
    position: int
    forms: tuple[str, ...]  # the exact one, the folded one, then the others
    light: bool = False  # a function word: asked for only within a phrase
    compound: bool = False


def words(text: str) -> Iterator[Word]:
    """Cut a text into words, compounds after their parts.

    >>> [word.forms[0] for word in words("L’école, aujourd’hui : Saint-Étienne")]
    ['=l', '=école', "=aujourd'hui", '=saint', '=étienne', '=saint-étienne']
    """
    run: list[Word] = []
    for position, piece in enumerate(_PIECE.finditer(text)):
        word = _word(piece, position)
        if run and text[run[-1].end : word.start] not in _HYPHENS:
            if len(run) > 1:
                yield _compound(text, run)
            run.clear()
        yield word
        run.append(word)
    if len(run) > 1:
        yield _compound(text, run)


def forms(word: str) -> tuple[str, ...]:
    """Give the forms of a word in small letters, the exact one first and the folded one second.

    >>> forms("travaux")
    ('=travaux', '-travaux', '~travail', '~traval')
    """
    folded = fold(word)
    known = (EXACT + word, FOLDED + folded)
    if word in _FUNCTION_WORDS:
        return known
    return known + tuple(sorted(STEM + each for each in _stems(word, folded)))


def fold(word: str) -> str:
    """Take accents, ligatures and apostrophes off a word in small letters.

    >>> fold("œuvré"), fold("aujourd'hui")
    ('oeuvre', 'aujourdhui')
    """
    letters = unicodedata.normalize("NFKD", word.translate(_LIGATURES))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)) or word


def _word(piece: re.Match[str], position: int) -> Word:
    start, end = piece.span()
    known, light = _known(piece[0])
    return Word(start, end, position, known, light or piece.lastgroup == "elided")


@lru_cache(maxsize=50_000)
def _known(written: str) -> tuple[tuple[str, ...], bool]:
    word = _plain(written)
    return forms(word), word in _FUNCTION_WORDS


def _compound(text: str, run: list[Word]) -> Word:
    """Make one word of several: its exact form keeps the hyphens, the others do without."""
    first, last = run[0], run[-1]
    written = _plain(text[first.start : last.end])
    light = all(part.light for part in run)
    return Word(first.start, last.end, first.position, _joined(written), light, compound=True)


@lru_cache(maxsize=10_000)
def _joined(written: str) -> tuple[str, ...]:
    return (EXACT + written, *forms(written.replace("-", ""))[1:])


def _plain(word: str) -> str:
    small = unicodedata.normalize("NFC", word[:LONGEST_WORD]).lower().translate(_APOSTROPHES)
    return small.replace("\u2010", "-").replace("\u2011", "-")


def _stems(word: str, folded: str) -> set[str]:
    spellings = {word, folded, folded.replace("oe", "œ")}
    lemmas = {_lemma(spelling) for spelling in spellings}
    lemmas = (lemmas | {_lemma(lemma) for lemma in lemmas}) - _FUNCTION_WORDS
    roots = spellings | lemmas | {fold(lemma) for lemma in lemmas}
    roots |= {_masculine(root) for root in roots}
    with _lock:
        stems = {_stemmer.stemWord(root) for root in roots}
    return {fold(each) for each in stems | lemmas} - {""}


def _lemma(word: str) -> str:
    lemma = str(simplemma.lemmatize(word, "fr")).lower()
    return _IRREGULAR.get(lemma, lemma)


def _masculine(word: str) -> str:
    for feminine, masculine in _FEMININES:
        if word.endswith(feminine) and len(word) >= len(feminine) + 2:
            return word.removesuffix(feminine) + masculine
    return word
