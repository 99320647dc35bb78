"""The documents of the index, filled in: what all have, names, and acronyms with their words."""

from collections.abc import Iterable

import tantivy

from radio.archive.episode import Episode
from radio.search.acronyms import find_told
from radio.search.fields import MEANING, fold_name


def begin(episode: Episode, number: int) -> tantivy.Document:
    """Make a document of an episode, with what all of them have."""
    document = tantivy.Document()
    document.add_unsigned("number", number)
    document.add_unsigned("day", episode.date.toordinal())
    document.add_unsigned("seconds", int(episode.audio.duration))
    for name in episode.names:
        add_names(document, "person", name)
    for tag in episode.tags:
        add_names(document, "tag", tag)
    return document


def add_names(document: tantivy.Document, field: str, name: str) -> None:
    """Add the words of a name, as filters compare them."""
    for form in fold_name(name):
        document.add_text(field, form)


def add_meanings(document: tantivy.Document, text: str) -> None:
    """Add the acronyms that a text explains."""
    for row in meanings_in(text):
        document.add_text(MEANING, row)


def meanings_in(text: str) -> Iterable[str]:
    """Give the acronyms that a text explains, as the index has them, each once."""
    return dict.fromkeys(told.row for told in find_told(text))
