"""An index at one commit, and what is read from it once and kept for later queries."""

import dataclasses
from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import tantivy

from radio.archive.dossier import Count, Dossier, Line
from radio.archive.episode import Episode
from radio.french.letters import fold
from radio.search.acronyms import read_row
from radio.search.fields import (
    MEANING,
    TOLD,
    WORDS,
    About,
    by_numbers,
    episodes,
    fold_name,
    pack_about,
    unpack_about,
)
from radio.search.french import JOINT, forms
from radio.search.hits import EpisodeHits
from radio.search.meanings import Explanation, Meanings
from radio.search.ranking import FacetCounter
from radio.search.subjects import KnownSubject
from radio.search.vocabulary import Vocabulary

FREQUENT = 3_000  # words that are suggested
EXPLAINED = 2_000  # spellings of meanings of acronyms that are kept, the most said
SHORTEST = 4  # letters of a word that is suggested


Outline = dict[Line, tuple[tantivy.DocAddress, ...]]
"""The episodes of a dossier in order, each with its passages."""


@dataclass(frozen=True)
class NamedWord:
    """A folded word of names, and the names that hold it."""

    word: str
    people: dict[str, None] = field(default_factory=dict)  # in order
    tags: dict[str, None] = field(default_factory=dict)
    titles: dict[str, About] = field(default_factory=dict)  # by key


@dataclass(frozen=True, eq=False)
class Reader:
    """Reads an index."""

    searcher: tantivy.Searcher
    related: dict[str, tuple[EpisodeHits, ...]] = field(default_factory=dict)  # by key
    known: dict[Hashable, tuple[KnownSubject, ...]] = field(default_factory=dict)
    subjects: dict[Hashable, tuple[Count, ...]] = field(default_factory=dict)
    outlines: dict[Hashable, Outline] = field(default_factory=dict)
    dossiers: dict[Hashable, Dossier] = field(default_factory=dict)
    first_names: dict[Hashable, list[str]] = field(default_factory=dict)  # by what they hang on
    examples: dict[Hashable, list[str]] = field(default_factory=dict)  # words to try, likewise
    _meanings: dict[tuple[Explanation, ...], Meanings] = field(default_factory=dict)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of all its texts."""
        return Vocabulary(self.searcher)

    @cached_property
    def told(self) -> Vocabulary:
        """The words of the sidecars alone."""
        return self.vocabulary.within(TOLD)

    @cached_property
    def facet_counter(self) -> FacetCounter:
        """The counter of all its episodes."""
        return FacetCounter(self.about)

    @cached_property
    def about(self) -> Mapping[int, About]:
        """The descriptions of episodes, by number."""
        hits = self.searcher.search(episodes(), max(1, self.searcher.num_docs)).hits
        addresses = [address for _, address in hits]
        documents = map(self.searcher.doc, addresses)
        abouts = (
            unpack_about(str(each.get_first("key")), bytes(each.get_first("about") or b""))
            for each in documents
        )
        return dict(zip(self.numbers(addresses), abouts, strict=True))

    @cached_property
    def number_of(self) -> Mapping[str, int]:
        """The numbers of episodes, by key."""
        return {about.key: number for number, about in self.about.items()}

    def holds(self, key: str, episode: Episode) -> bool:
        """Whether the passages under a key are as those of an episode would be: its day, names."""
        number = self.number_of.get(key)
        if number is None:
            return False
        known = self.about[number]
        told = unpack_about(known.key, pack_about(episode, known.voices))
        hits = self.searcher.search(by_numbers([number]), 1).hits
        days = self.searcher.fast_field_values("day", [address for _, address in hits])
        return days == [episode.date.toordinal()] and known == dataclasses.replace(
            told, title=known.title, show=known.show
        )

    def meanings(self, glossaries: tuple[Explanation, ...]) -> Meanings:
        """Give the meanings of acronyms, those of the glossaries and of all its texts."""
        if glossaries not in self._meanings:
            self._meanings.clear()
            living = tantivy.Query.all_query()
            rows = self.searcher.terms_with_prefix(MEANING, "", living, limit=EXPLAINED)
            told = (Explanation(*read_row(row), times) for row, times in rows)
            self._meanings[glossaries] = Meanings([*glossaries, *told])
        return self._meanings[glossaries]

    def numbers(self, addresses: list[tantivy.DocAddress]) -> list[int]:
        """Give the number of the episode of each document."""
        return [int(each or 0) for each in self.searcher.fast_field_values("number", addresses)]

    def keys(self, addresses: list[tantivy.DocAddress]) -> list[str]:
        """Give the key of the episode of each document."""
        return [self.about[number].key for number in self.numbers(addresses)]

    def of_shows(self, slugs: Collection[str]) -> list[int]:
        """Give the numbers of the episodes of some shows."""
        return [number for number, about in self.about.items() if about.show in slugs]

    def of_keys(self, keys: Collection[str]) -> list[int]:
        """Give the numbers of the episodes of some keys; unknown keys have none."""
        return [self.number_of[key] for key in keys if key in self.number_of]

    @cached_property
    def frequent(self) -> Sequence[tuple[str, str]]:
        """The most frequent words: folded, and as written in small letters."""
        living = tantivy.Query.all_query()  # removed documents stay in the index for a while
        terms = self.searcher.terms_with_prefix(WORDS, "", living, limit=FREQUENT)
        content_words = (
            word.replace(JOINT, " ")
            for word, _ in terms
            if len(word) >= SHORTEST and len(forms(word)) > 2
        )
        return [(fold(word), word) for word in content_words]

    @cached_property
    def names(self) -> Sequence[tuple[str, str]]:
        """People and tags, the most frequent first, then titles, the newest first.

        Each is folded, and as written. Equals are in alphabetical order, so that the same files
        always give the same page.
        """
        abouts = self.about.values()
        counts = Counter(name for about in abouts for name in {*about.people, *about.tags})
        names = sorted(counts, key=lambda name: (-counts[name], fold(name.lower()), name))
        by_age = sorted(abouts, key=lambda about: (-about.year, fold(about.title.lower())))
        distinct = dict.fromkeys([*names, *(about.title for about in by_age)])
        return [(fold(name.lower()), name) for name in distinct]

    @cached_property
    def named_words(self) -> Sequence[NamedWord]:
        """The words of people, tags and titles."""
        found: dict[str, NamedWord] = {}
        for about in self.about.values():
            for name in about.people:
                for form in fold_name(name):
                    found.setdefault(form, NamedWord(form[1:])).people[name] = None
            for name in about.tags:
                for form in fold_name(name):
                    found.setdefault(form, NamedWord(form[1:])).tags[name] = None
            for form in fold_name(about.title):
                found.setdefault(form, NamedWord(form[1:])).titles[about.key] = about
        return list(found.values())

    def keys_named(self, name: str) -> Sequence[str]:
        """Give the keys of the episodes with this person, voice or tag."""
        return self._keys_named.get(name, ())

    @cached_property
    def _keys_named(self) -> Mapping[str, Sequence[str]]:
        keys: dict[str, list[str]] = {}
        for about in self.about.values():
            for name in {*about.people, *about.voices, *about.tags}:
                keys.setdefault(name, []).append(about.key)
        return keys

    @cached_property
    def keys_by_name(self) -> Mapping[str, Sequence[str]]:
        """The keys of the episodes of each person, tag and title."""
        keys: dict[str, list[str]] = {}
        for about in self.about.values():
            for name in {*about.people, *about.tags, about.title}:
                keys.setdefault(name, []).append(about.key)
        return keys
