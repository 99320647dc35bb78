"""The words of French, by the dictionary of simplemma, which is imported here alone, and by common
words in families: `families.txt` has a family on each line. The dictionary lacks words that have
one form only (« temps », « plusieurs »)."""

import re
import sqlite3
import threading
import weakref
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources

from simplemma import Lemmatizer
from simplemma.strategies import DefaultStrategy, DictionaryLookupStrategy
from simplemma.strategies.dictionaries import DefaultDictionaryFactory, DictionaryFactory

from radio.french.letters import FUNCTION_WORDS, composed

FAMILIES = resources.files("radio.french").joinpath("families.txt").read_text(encoding="utf-8")
SHORT = 2  # letters; such a word may be a part of any other
KEPT = 5_000  # words that stay in memory with their lemmas, some 1 MB


class Packed(Mapping[str, str]):
    """Words with their lemmas, in a file without a name that ends with the process: 3 MB of memory
    for the 250,000 of French instead of 23. Looking up takes 3 µs, packing half a second."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._lock, self._length = threading.Lock(), len(words)
        self._file = sqlite3.connect("", check_same_thread=False)
        weakref.finalize(self, self._file.close)
        self._file.execute("CREATE TABLE words (word TEXT PRIMARY KEY, lemma TEXT) WITHOUT ROWID")
        self._file.executemany("INSERT INTO words VALUES (?, ?)", words.items())

    def __getitem__(self, word: str) -> str:
        with self._lock:
            rows = self._file.execute("SELECT lemma FROM words WHERE word = ?", (word,)).fetchall()
        if not rows:
            raise KeyError(word)
        return str(rows[0][0])

    def __iter__(self) -> Iterator[str]:
        with self._lock:
            return iter([row[0] for row in self._file.execute("SELECT word FROM words")])

    def __len__(self) -> int:
        return self._length


class _Dictionaries(DictionaryFactory):
    """Gives simplemma its dictionary, and reads it once."""

    is_packed = False

    @lru_cache(maxsize=1)  # noqa: B019  # there is one of these
    def get_dictionary(self, lang: str) -> Mapping[str, str]:
        words: Mapping[str, str] = DefaultDictionaryFactory(1).get_dictionary(lang)
        return Packed(words) if self.is_packed else words


_DICTIONARIES = _Dictionaries()
_LEMMATIZER = Lemmatizer(KEPT, lemmatization_strategy=DefaultStrategy(False, _DICTIONARIES))
_LOOKUP = DictionaryLookupStrategy(_DICTIONARIES)


def pack() -> None:
    """Read the dictionary into a file instead of memory, for who runs for long."""
    _DICTIONARIES.is_packed = True


def dictionary() -> Mapping[str, str]:
    """Give the words of the dictionary, each with its lemma."""
    return _DICTIONARIES.get_dictionary("fr")


def lemma_of(word: str) -> str:
    """Give the lemma of a word, or the word."""
    return str(_LEMMATIZER.lemmatize(word, "fr"))


def is_in_dictionary(word: str) -> bool:
    """Ask directly, small or with a capital: this runs for millions of words. Of signs that are
    letters for Unicode, as « ʼ », nothing is left here."""
    if not (word.isalpha() and word.islower()):
        return word != "" and _LOOKUP.get_lemma(composed(word), "fr") is not None
    find = dictionary().get
    return find(word) is not None or find(word.capitalize()) is not None


def families() -> list[list[str]]:
    """Read the families of common words."""
    return [line.split() for line in FAMILIES.splitlines() if not line.startswith("#")]


@lru_cache(maxsize=1)
def common() -> dict[str, str | None]:
    """Give the common words, each with the first of its family, which names it; None where it has
    no other."""
    return {word: each[0] if each[1:] else None for each in families() for word in each}


def is_french(word: str) -> bool:
    """Whether a word, or its singular, is common or in the dictionary.

    >>> [is_french(word) for word in ("écoute", "ailleurs", "kni")]
    [True, True, False]
    """
    singular = word[:-1] if word[-1:] in {"s", "x"} else word
    return word in common() or singular in common() or is_in_dictionary(word)


def is_word(text: str) -> bool:
    """Whether French has a word, or all parts of it.

    >>> [is_word(each) for each in ("Aujourd’hui", "rendez-vous", "légalement", "2019", "temps")]
    [True, True, True, True, True]
    >>> [is_word(each) for each in ("délanconse", "kni", "n-pock-ins-free")]
    [False, False, False]
    """
    word = composed(text).lower().replace("’", "'")
    return is_french(word) or all(map(_is_part, re.split("['-]", word)))


def _is_part(word: str) -> bool:
    is_plain = len(word) <= SHORT or not word.isalpha() or word in FUNCTION_WORDS
    return is_plain or word.endswith("ment") or is_french(word)
