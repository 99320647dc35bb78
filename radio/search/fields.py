"""What a document of the index holds: what is told of an episode, or one of its passages.

Passages know their episode by a number only. So a renamed show costs no new analysis: of each
episode one document is written again, the one that tells which key the number stands for.
"""

import dataclasses
import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

import tantivy

from radio.episode import Episode
from radio.search.french import words

EPISODE = "episode"  # the kind of a document that tells of one


@dataclass(frozen=True)
class About:
    """What the answers to a search are counted by."""

    key: str
    title: str
    show: str
    year: int
    people: tuple[str, ...]
    tags: tuple[str, ...]


@lru_cache(maxsize=1)
def schema() -> tantivy.Schema:
    """Describe a document: what is told of an episode, with its stamp, or one of its passages."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("stamp", tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("number", indexed=True, fast=True)
    builder.add_unsigned_field("day", fast=True)
    builder.add_unsigned_field("said", fast=True)  # the day too, of passages alone
    builder.add_text_field("words", tokenizer_name="raw", index_option="position")
    builder.add_text_field("person", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("tag", tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("passage", stored=True)
    builder.add_bytes_field("about", stored=True)
    builder.add_bytes_field("topics", stored=True)
    return builder.build()


def number(key: str, taken: Collection[int]) -> int:
    """Give a number for an episode that no other has: 48 bits, for tantivy counts in floats."""
    while True:
        found = int.from_bytes(hashlib.blake2b(key.encode(), digest_size=6).digest())
        if found not in taken:
            return found
        key += " "


def numbered(numbers: Collection[int]) -> tantivy.Query:
    """Build the query of all that belongs to the episodes of some numbers."""
    if not numbers:
        return tantivy.Query.empty_query()
    return tantivy.Query.term_set_query(schema(), "number", list(numbers))


def episodes() -> tantivy.Query:
    """Build the query of what is told of episodes, whatever is said in them."""
    return tantivy.Query.term_query(schema(), "kind", EPISODE)


def names(text: str) -> list[str]:
    """Give the words of a name as a filter asks for them: folded."""
    return [word.forms[1] for word in words(text) if not word.compound]


def pack_about(episode: Episode) -> bytes:
    """Write what is told of an episode, for the index."""
    people = dict.fromkeys(person.name for person in episode.people)
    tags = dict.fromkeys(episode.tags)
    about = About(
        episode.key, episode.title, episode.show, episode.date.year, tuple(people), tuple(tags)
    )
    return json.dumps(dataclasses.astuple(about)[1:], ensure_ascii=False).encode()


def unpack_about(key: str, packed: bytes) -> About:
    """Read what is told of an episode."""
    title, show, year, people, tags = json.loads(packed)
    return About(key, title, show, year, tuple(people), tuple(tags))
