"""The fields of a document of the index: an episode, a passage, or new words of the vocabulary. A
passage has only the number of its episode, so a renamed show needs no new analysis."""

import dataclasses
import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

import tantivy

from radio.archive.episode import Episode
from radio.search.french import words

EPISODE = "episode"  # the kind of a document that describes one
WORDS, FORMS = "words", "forms"  # fields: what a text says, and what the vocabulary says of it
SIDECAR = "told"  # field: the words of an episode's sidecar, which are in WORDS as well
MEANING = "meaning"  # field: an acronym that a text explains, and its words


@dataclass(frozen=True)
class About:
    """What facets and suggestions need of an episode."""

    key: str
    title: str
    show: str
    year: int
    people: tuple[str, ...]
    tags: tuple[str, ...]
    seconds: int
    voices: tuple[str, ...]  # those that have a name
    known: str  # what is known of its date, as an ISO date of a day, month or year; else nothing


@lru_cache(maxsize=1)
def schema() -> tantivy.Schema:
    """Give the schema of the documents."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("stamp", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("number", indexed=True, fast=True)
    builder.add_unsigned_field("day", fast=True)
    builder.add_unsigned_field("said", fast=True)  # the day too, of passages alone
    builder.add_unsigned_field("seconds", fast=True)  # that the episode lasts
    builder.add_text_field(WORDS, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field(FORMS, tokenizer_name="whitespace", index_option="basic")
    for name in ("person", "tag", "voice", "speaker"):  # voices of a passage, then of an episode
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(SIDECAR, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field(MEANING, tokenizer_name="raw", index_option="basic")
    for name in ("passage", "about", "topics"):
        builder.add_bytes_field(name, stored=True)
    return builder.build()


def number(key: str, others: Collection[int]) -> int:
    """Choose a number that no other episode has: 48 bits, since tantivy counts in floats."""
    while True:
        candidate = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=6).digest())
        if candidate not in others:
            return candidate
        key += " "


def by_numbers(numbers: Collection[int]) -> tantivy.Query:
    """Build the query of all documents of some episodes."""
    if not numbers:
        return tantivy.Query.empty_query()
    return tantivy.Query.term_set_query(schema(), "number", list(numbers))


def episodes() -> tantivy.Query:
    """Build the query of the documents that describe episodes, without the passages."""
    return tantivy.Query.term_query(schema(), "kind", EPISODE)


@lru_cache(maxsize=1_000)
def fold_name(text: str) -> tuple[str, ...]:
    """Fold the words of a name, as filters compare them."""
    return tuple(word.folded for word in words(text) if not word.is_compound)


def is_named(voice: str, names: Iterable[str]) -> bool:
    """Whether a voice bears one of some names, or a part of it, accents ignored.

    >>> is_named("Camille Durand", ["camille"]), is_named("Noé", ["camille", "zoé"])
    (True, False)
    """
    forms = set(fold_name(voice))
    return any(forms.issuperset(fold_name(name)) for name in names)


def pack_about(episode: Episode, voices: Iterable[str]) -> bytes:
    """Write the description of an episode for the index."""
    tags = dict.fromkeys(episode.tags)
    about = About(
        episode.key,
        episode.title,
        episode.show,
        episode.date.year,
        episode.names,
        tuple(tags),
        int(episode.audio.duration),
        tuple(voices),
        episode.known_date,
    )
    return json.dumps(dataclasses.astuple(about)[1:], ensure_ascii=False).encode()


def unpack_about(key: str, data: bytes) -> About:
    """Read the description of an episode."""
    title, show, year, people, tags, seconds, voices, known = json.loads(data)
    return About(key, title, show, year, tuple(people), tuple(tags), seconds, tuple(voices), known)
