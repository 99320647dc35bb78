"""An index at one commit, and what is read from it once for later queries."""

import dataclasses
import json
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeVar, cast

import tantivy
from tantivy import DocAddress, Query

from radio.archive.episode import Episode
from radio.french.letters import fold
from radio.search import fields
from radio.search.french import JOINT, forms
from radio.search.passage import Passage, unpack
from radio.search.query import Term
from radio.search.ranking import FacetCounter, narrow, numbers_in
from radio.search.vocabulary import Vocabulary

FREQUENT = 3_000  # words that are suggested
SHORTEST = 4  # letters of a word that is suggested
CHARACTERISTIC = 15  # words that characterise an episode
RAREST = 2  # documents; a rarer word is in no other episode

Made = TypeVar("Made")


@dataclass(frozen=True, eq=False)
class Reader:
    """Reads an index."""

    searcher: tantivy.Searcher
    _made: dict[str, dict[Hashable, object]] = field(default_factory=dict)

    def once(self, kind: str, state: Hashable, make: Callable[[], Made], most: int = 1) -> Made:
        """Make something once for each state; the last `most` of a kind stay."""
        made = self._made.setdefault(kind, {})
        if (known := made.get(state)) is not None:
            return cast(Made, known)
        new = make()
        if len(made) >= most:
            made.clear()
        made[state] = new
        return new

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of all its texts."""
        return Vocabulary(self.searcher)

    @cached_property
    def sidecar_words(self) -> Vocabulary:
        """The words of the sidecars alone."""
        return self.vocabulary.within(fields.SIDECAR)

    @cached_property
    def facet_counter(self) -> FacetCounter:
        """The counter of all its episodes."""
        return FacetCounter(self.about)

    @cached_property
    def about(self) -> Mapping[int, fields.About]:
        """The descriptions of episodes, by number."""
        hits = self.searcher.search(fields.episodes(), max(1, self.searcher.num_docs)).hits
        addresses = [address for _, address in hits]
        documents = map(self.searcher.doc, addresses)
        abouts = (
            fields.unpack_about(str(each.get_first("key")), bytes(each.get_first("about") or b""))
            for each in documents
        )
        return dict(zip(self.numbers(addresses), abouts, strict=True))

    @cached_property
    def number_of(self) -> Mapping[str, int]:
        """The numbers of episodes, by key."""
        return {about.key: number for number, about in self.about.items()}

    def holds(self, key: str, episode: Episode) -> bool:
        """Whether the passages under a key would be the same for an episode: its day, names."""
        number = self.number_of.get(key)
        if number is None:
            return False
        known = self.about[number]
        own = fields.unpack_about(known.key, fields.pack_about(episode, known.voices))
        hits = self.searcher.search(fields.by_numbers([number]), 1).hits
        days = self.searcher.fast_field_values("day", [address for _, address in hits])
        return days == [episode.date.toordinal()] and known == dataclasses.replace(
            own, title=known.title, show=known.show
        )

    def topics(self, key: str) -> bytes:
        """Read the frequent words of an episode, as stored."""
        own = narrow(fields.episodes(), Query.term_query(fields.schema(), "key", key))
        hits = self.searcher.search(own, 1).hits
        return bytes(self.searcher.doc(hits[0][1]).get_first("topics") or b"") if hits else b""

    def numbers(self, addresses: list[DocAddress]) -> list[int]:
        """Give the number of the episode of each document."""
        return [int(each or 0) for each in self.searcher.fast_field_values("number", addresses)]

    def keys(self, addresses: list[DocAddress]) -> list[str]:
        """Give the key of the episode of each document."""
        return [self.about[number].key for number in self.numbers(addresses)]

    def by_key(self, query: Query, most: int) -> dict[str, list[DocAddress]]:
        """Give the documents that a query finds, by the key of their episode."""
        addresses = [each for _, each in self.searcher.search(query, most, count=False).hits]
        found = defaultdict[str, list[DocAddress]](list)
        for key, address in zip(self.keys(addresses), addresses, strict=True):
            found[key].append(address)
        return found

    def passages(self, addresses: Iterable[DocAddress]) -> list[Passage]:
        """Read passages, in order."""
        packed = (self.searcher.doc(each).get_first("passage") for each in addresses)
        return sorted((unpack(bytes(each)) for each in packed if each), key=lambda each: each.first)

    def of_shows(self, slugs: Collection[str]) -> list[int]:
        """Give the numbers of the episodes of some shows."""
        return [number for number, about in self.about.items() if about.show in slugs]

    @cached_property
    def days(self) -> Sequence[date]:
        """The days on which an episode was aired, in order."""
        found = numbers_in(self.searcher, fields.episodes(), "day").tolist()
        return [date.fromordinal(each) for each in sorted(found)]

    def of_keys(self, keys: Collection[str]) -> list[int]:
        """Give the numbers of the episodes of some keys; unknown keys have none."""
        return [self.number_of[key] for key in keys if key in self.number_of]

    @cached_property
    def frequent(self) -> Sequence[tuple[str, str]]:
        """The most frequent words: folded, and as written in small letters."""
        living = Query.all_query()  # removed documents stay in the index for a while
        terms = self.searcher.terms_with_prefix(fields.WORDS, "", living, limit=FREQUENT)
        content_words = (
            word.replace(JOINT, " ")
            for word, _ in terms
            if len(word) >= SHORTEST and len(forms(word)) > 2
        )
        return [(fold(word), word) for word in content_words]

    @cached_property
    def names(self) -> Sequence[tuple[str, str]]:
        """People and tags by frequency, then titles by age, each folded and as written."""
        abouts = self.about.values()
        counts = Counter(name for about in abouts for name in {*about.people, *about.tags})
        names = sorted(counts, key=lambda name: (-counts[name], fold(name.lower()), name))
        by_age = sorted(abouts, key=lambda about: (-about.year, fold(about.title.lower())))
        distinct = dict.fromkeys([*names, *(about.title for about in by_age)])
        return [(fold(name.lower()), name) for name in distinct]

    @cached_property
    def named_words(self) -> Mapping[str, Mapping[tuple[str, str], None]]:
        """Folded words of people, tags and titles, with what holds each: kind and name, or key."""
        found = defaultdict[str, dict[tuple[str, str], None]](dict)
        for about in self.about.values():
            own = [("person", name, name) for name in about.people]
            own += [("tag", name, name) for name in about.tags]
            for kind, text, name in [*own, ("title", about.title, about.key)]:
                for form in fields.fold_name(text):
                    found[form[1:]][kind, name] = None
        return found

    @cached_property
    def keys_by_name(self) -> Mapping[str, Sequence[str]]:
        """The keys of the episodes of each person, tag and title."""
        return self._keys_by(lambda about: {*about.people, *about.tags, about.title})

    @cached_property
    def keys_named(self) -> Mapping[str, Sequence[str]]:
        """The keys of the episodes of each person, voice and tag."""
        return self._keys_by(lambda about: {*about.people, *about.voices, *about.tags})

    def _keys_by(self, of: Callable[[fields.About], Iterable[str]]) -> Mapping[str, Sequence[str]]:
        keys = defaultdict[str, list[str]](list)
        for about in self.about.values():
            for name in of(about):
                keys[name].append(about.key)
        return keys

    def characteristic_terms(self, key: str) -> tuple[Term, ...]:
        """Give the words that an episode says more than others, the weightiest first (tf·idf)."""
        weights = list[tuple[float, str]]()
        for stem, times in json.loads(self.topics(key) or b"[]"):
            documents = self.vocabulary.frequency(stem)
            if documents >= RAREST and documents > times:
                rarity = math.log(max(1.0, self.searcher.num_docs / documents))
                weights.append((times * rarity, stem))
        best = sorted((each for each in weights if each[0] > 0), reverse=True)[:CHARACTERISTIC]
        return tuple(Term((stem,)) for _, stem in best)
