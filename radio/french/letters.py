"""Letters as they compare: composed, small, without accents; no-break spaces; small words. Pure."""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from importlib import resources

MOST_LOST = 2  # accents that are put back in a word
LONGEST = 25  # letters; no longer word is looked for with accents
_ACCENTED = {"a": "àâ", "c": "ç", "e": "éèêë", "i": "îï", "o": "ô", "u": "ùûü"}
_LIGATURES = {"œ": "oe", "æ": "ae"}
_TOGETHER = str.maketrans(_LIGATURES)
_APART = {ord("'"): "", ord("ß"): "ss", **_TOGETHER}
_WORD = re.compile(r"\w+")
_NO_BREAK = re.compile(
    r" (?=[:;?!»])|(?<=«) "  # French signs stay with the word beside them
    r"|(?<=\d) (?=\d{3}(?!\d)|h(?!\w)|[%€])|(?<=\d h) (?=\d\d(?!\d))"  # and 12 000, 19 h 30, 20 %
)


def bind(text: str) -> str:
    """Put no-break spaces where a line must not begin; the text keeps its length.

    >>> bind("Qui écoute ? « Nous, 12 000 voix, à 19 h 30. »")
    'Qui écoute\\xa0? «\\xa0Nous, 12\\xa0000 voix, à 19\\xa0h\\xa030.\\xa0»'
    """
    return _NO_BREAK.sub("\u00a0", text)


def bind_runs(runs: Sequence[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """Bind a text in parts, some of them marked.

    >>> list(bind_runs([("à ", False), ("19", True), (" h 30", False)]))
    [('à ', False), ('19', True), ('\\xa0h\\xa030', False)]
    """
    whole, start = bind("".join(text for text, _ in runs)), 0
    for text, is_marked in runs:
        yield whole[start : start + len(text)], is_marked
        start += len(text)


def composed(text: str) -> str:
    r"""Write each letter and its accent as one character.

    >>> len("Zoe\u0301"), len(composed("Zoe\u0301"))
    (4, 3)
    """
    return unicodedata.normalize("NFC", text)


def tidy(text: str) -> str:
    """Write a text on one line, its letters composed.

    >>> tidy(" la\\r\\n  CNIL ")
    'la CNIL'
    """
    return " ".join(composed(text).split())


def without_accents(text: str) -> str:
    """Take the accents off letters; ligatures stay.

    >>> without_accents("L’œil, là-haut")
    'L’œil, la-haut'
    """
    return text if text.isascii() else text.translate({ord(c): _bare(c) for c in set(text)})


def spelled_out(text: str) -> str:
    """Take accents and ligatures off a text in small letters.

    >>> spelled_out("l’œil, là-haut")
    'l’oeil, la-haut'
    """
    return without_accents(text.translate(_TOGETHER))


def plain_letters(text: str) -> str:
    """Give a text in small letters without accents, as long as before.

    >>> plain_letters("1er FÉVRIER – Œ")
    '1er fevrier – œ'
    """
    return "".join(c if c in "°º" else _bare(c.lower())[:1] or c for c in text)


def fold(word: str) -> str:
    """Take accents, ligatures and apostrophes off a word in small letters.

    >>> fold("œuvré"), fold("aujourd'hui")
    ('oeuvre', 'aujourdhui')
    """
    if word.isascii():
        return word.replace("'", "") or word
    plain = word.translate(_FOLDED)
    return (plain if plain.isascii() else without_accents(plain)) or word


def plain_words(text: str) -> list[str]:
    """Cut a text into words without accents, to compare them.

    >>> plain_words("L’œil, là-haut !")
    ['l', 'oeil', 'la', 'haut']
    """
    return _WORD.findall(spelled_out(text.lower()))


def with_accents(word: str, is_known: Callable[[str], bool]) -> set[str]:
    """Give the known words that differ by one or two more accents.

    >>> sorted(with_accents("peche", {"pêche", "péché", "poche"}.__contains__))
    ['péché', 'pêche']
    """
    is_plain = word.isascii() and word.replace("'", "").isalpha() and len(word) <= LONGEST
    spellings = {word} if is_plain else set[str]()
    found = set[str]()
    for _each in range(MOST_LOST):
        longer = set[str]()  # with one accent more, to the right of those that a word has
        for each in spellings:
            first = max((i for i, letter in enumerate(each) if not letter.isascii()), default=-1)
            for place, letter in enumerate(each[first + 1 :], first + 1):
                accented = _ACCENTED.get(letter, "")
                longer |= {each[:place] + other + each[place + 1 :] for other in accented}
        spellings = longer
        found |= {each for each in spellings if is_known(each)}
    return found


def _bare(letters: str) -> str:
    parts = unicodedata.normalize("NFKD", letters)
    return "".join(each for each in parts if not unicodedata.combining(each))


_FOLDED = {code: _bare(chr(code)) for code in range(0xC0, 0x180)} | _APART  # Latin with accents


# Small words

ELIDED = (*"cdjlmnst", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu")  # before an apostrophe


def word_lists(room: str) -> dict[str, tuple[str, ...]]:
    """Read the lists of words of a room, by name, each word once."""
    text = resources.files(f"radio.{room}").joinpath("words.toml").read_text(encoding="utf-8")
    return {
        name: tuple(dict.fromkeys(words.split())) for name, words in tomllib.loads(text).items()
    }


_LISTS = word_lists("french")
PREPOSITIONS, POSSESSIVES = frozenset(_LISTS["prepositions"]), frozenset(_LISTS["possessives"])
PRONOUNS, FUNCTION_WORDS = frozenset(_LISTS["pronouns"]), frozenset(_LISTS["function"])
FIRST_PARTS = _LISTS["first_parts"]
