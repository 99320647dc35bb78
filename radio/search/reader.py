"""An index as it stood at one commit, and what is read of it once for all the questions after."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import tantivy

from radio.search.clauses import FIELD
from radio.search.facets import Census
from radio.search.fields import About, episodes, unpack_about
from radio.search.french import EXACT, fold, forms
from radio.search.hits import EpisodeHits

FREQUENT = 3_000  # words that are suggested
SHORTEST = 4  # letters of a word that is suggested


@dataclass(frozen=True, eq=False)
class Reader:
    """Reads an index."""

    searcher: tantivy.Searcher
    related: dict[str, tuple[EpisodeHits, ...]] = field(default_factory=dict)  # by key

    @cached_property
    def census(self) -> Census:
        """Count episodes."""
        return Census(self.about)

    @cached_property
    def about(self) -> Mapping[int, About]:
        """Tell of each episode, by number."""
        found = self.searcher.search(episodes(), max(1, self.searcher.num_docs)).hits
        addresses = [address for _, address in found]
        documents = map(self.searcher.doc, addresses)
        told = (
            unpack_about(str(each.get_first("key")), bytes(each.get_first("about") or b""))
            for each in documents
        )
        return dict(zip(self.numbers(addresses), told, strict=True))

    @cached_property
    def number_of(self) -> Mapping[str, int]:
        """Tell the number of each episode, by key."""
        return {about.key: number for number, about in self.about.items()}

    def numbers(self, addresses: list[tantivy.DocAddress]) -> list[int]:
        """Tell to which episode each of some documents belongs, by number."""
        return [int(each or 0) for each in self.searcher.fast_field_values("number", addresses)]

    def keys(self, addresses: list[tantivy.DocAddress]) -> list[str]:
        """Tell to which episode each of some documents belongs, by key."""
        return [self.about[number].key for number in self.numbers(addresses)]

    def of_shows(self, slugs: Collection[str]) -> list[int]:
        """Number the episodes of some shows."""
        return [number for number, about in self.about.items() if about.show in slugs]

    def of_keys(self, keys: Collection[str]) -> list[int]:
        """Number the episodes of some keys, those that are known."""
        return [self.number_of[key] for key in keys if key in self.number_of]

    @cached_property
    def frequent(self) -> Sequence[tuple[str, str]]:
        """Give the words said most often: folded, and as written in small letters."""
        living = tantivy.Query.all_query()  # what was taken out is in the index for a while yet
        said = self.searcher.terms_with_prefix(FIELD, EXACT, living, limit=FREQUENT)
        found = (term.removeprefix(EXACT) for term, _ in said)
        telling = (word for word in found if len(word) >= SHORTEST and len(forms(word)) > 2)
        return [(fold(word), word) for word in telling]

    @cached_property
    def names(self) -> Sequence[tuple[str, str]]:
        """Give people and tags, the most frequent first, then titles, the newest first.

        Each folded, and as written. Equals come by alphabet, so that the same files always give
        the same page, in whichever order they were indexed.
        """
        told = self.about.values()
        named = Counter(name for about in told for name in {*about.people, *about.tags})
        names = sorted(named, key=lambda name: (-named[name], fold(name.lower()), name))
        titled = sorted(told, key=lambda about: (-about.year, fold(about.title.lower())))
        known = dict.fromkeys([*names, *(about.title for about in titled)])
        return [(fold(name.lower()), name) for name in known]

    @cached_property
    def bearers(self) -> Mapping[str, Sequence[str]]:
        """Tell by which episodes, by key, a name of people, a tag or a title is borne."""
        found: dict[str, list[str]] = {}
        for about in self.about.values():
            for name in {*about.people, *about.tags, about.title}:
                found.setdefault(name, []).append(about.key)
        return found
