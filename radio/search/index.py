"""Finding what was said: the index follows the files, and is made again from them when need be.

An episode is indexed as its files stood at a stamp; a refresh reads again only those whose stamp
has changed. Only what is public today goes in, so that the end of an embargo is a change like any
other, and what was withdrawn since is left out of the answers too. An index that is missing or
damaged is made again, by a refresh or by the first search that meets it.
"""

import logging
from collections.abc import Iterator
from datetime import date

import tantivy
from tantivy import DocAddress, Query

from radio.archive import Archive
from radio.episode import SLUG, Episode, Show
from radio.errors import RadioError, SearchError
from radio.search.french import fold, words
from radio.search.hits import Changes, EpisodeHits, Hit, Order, Results
from radio.search.passage import Passage, Place, cut, unpack
from radio.search.query import Asked, parse
from radio.search.ranking import count, narrow, rank
from radio.search.spelling import mend
from radio.search.store import State, Store, Writer, explained, names, schema

PAGE = 20  # episodes
MOST_HITS = 10  # passages looked at in one episode

log = logging.getLogger(__name__)


class Index:
    """The search index of an archive."""

    def __init__(self, archive: Archive):
        self._archive = archive
        self._store = Store(archive.index)

    def refresh(self, *, rebuild: bool = False) -> Changes:
        """Bring the index up to date with the files, or make it again from nothing.

        Raises SearchError if it can't be written.
        """
        with self._archive.lock("index"):
            changes = None if rebuild else self._update()
            if changes is None:
                changes = self._renew()
            self._store.tidy()
        return changes

    def search(
        self, query: str, *, show: str | None = None, page: int = 1, order: Order = "best"
    ) -> Results:
        """Find the episodes in which all the words are said, those of one page.

        A word that is nowhere said is taken for the one it is closest to. Raises SearchError if
        the index can neither be read nor made again.
        """
        asked, page = parse(query), max(1, page)
        if not asked or (show is not None and not SLUG.fullmatch(show)):
            return Results(query, 0, (), page, 0)
        state = self._store.state()
        try:
            return self._answer(query, asked, show, page, order)
        except SearchError as error:
            self._warn(error)
        self._heal(state)
        return self._answer(query, asked, show, page, order)

    # Writing

    def _update(self) -> Changes | None:
        """Write what has changed, or tell by None that the index must be made again."""
        try:
            known, wanted = self._store.stamps(), self._wanted()
            stale = [key for key, stamp in wanted.items() if known.get(key) != stamp]
            gone = known.keys() - wanted.keys()
            if not stale and not gone:
                return Changes(0, 0)
            with self._store.update() as writer:
                for key in [*gone, *stale]:
                    writer.remove(key)
                indexed = sum(self._add(writer, key, wanted[key]) for key in stale)
            return Changes(indexed, len(gone))
        except SearchError as error:
            self._warn(error)
            return None

    def _renew(self) -> Changes:
        with self._store.renew() as writer:
            indexed = sum(self._add(writer, key, stamp) for key, stamp in self._wanted().items())
        return Changes(indexed, 0)

    def _heal(self, broken: State) -> None:
        """Make the index again, unless another process did while we waited for the lock."""
        with self._archive.lock("index"):
            if self._store.state() == broken:
                self._renew()

    def _warn(self, error: SearchError) -> None:
        if self._store.exists():
            log.warning("%s", error)

    def _wanted(self) -> dict[str, str]:
        """Tell for each public episode, by key, the stamp of its files."""
        keys = [episode.key for episode in self._archive.public_episodes()]
        return {key: _stamp(self._archive, key) for key in keys}

    def _add(self, writer: Writer, key: str, stamp: str) -> bool:
        """Index an episode, by its title alone where its transcript can't be read."""
        try:
            episode = self._archive.episode(key)
        except RadioError as error:
            log.warning("%s", error)
            return False
        writer.add(episode, stamp, self._passages(key))
        return True

    def _passages(self, key: str) -> Iterator[Passage]:
        try:
            transcript = self._archive.transcript(key)
        except RadioError as error:
            log.warning("%s", error)
            return
        if transcript:
            yield from cut(transcript.cues)

    # Reading

    def _answer(
        self, typed: str, asked: Asked, show: str | None, page: int, order: Order
    ) -> Results:
        searcher = self._store.searcher()
        with explained(self._store.path):
            asked, instead = mend(asked, searcher)
            query = self._narrowed(asked, show)
            ranked, total = rank(searcher, query, page * PAGE, order)
            keys = [_key(searcher, address) for address in ranked[(page - 1) * PAGE :]]
            public = (episode for key in keys if (episode := self._public(key)))
            episodes = tuple(_episode_hits(searcher, asked, query, each) for each in public)
            facets = count(searcher, query, self._store.about(searcher))
        return Results(typed, total, episodes, page, -(-total // PAGE), facets, instead)

    def _narrowed(self, asked: Asked, show: str | None) -> Query:
        """Build the query with what the episodes must be."""
        query, wanted = asked.query(schema()), asked.filters
        for name in wanted.shows:
            slugs = [each.slug for each in self._archive.shows() if is_called(each, name)]
            query = narrow(query, *(Query.term_query(schema(), "show", slug) for slug in slugs))
        if show is not None:
            query = narrow(query, Query.term_query(schema(), "show", show))
        for field, texts in (("person", wanted.persons), ("tag", wanted.tags)):
            for form in (form for text in texts for form in names(text)):
                query = narrow(query, Query.term_query(schema(), field, form))
        if wanted.first or wanted.last:
            query = narrow(query, _between(wanted.first, wanted.last))
        return query if asked.clauses else narrow(query, Query.regex_query(schema(), "stamp", ".*"))

    def _public(self, key: str) -> Episode | None:
        try:
            episode = self._archive.episode(key)
        except RadioError:  # gone or broken since the last refresh, which says so
            return None
        return episode if episode.is_public(date.today()) else None


def _stamp(archive: Archive, key: str) -> str:
    return " ".join(str(part) for stamp in archive.stamps(key) for part in stamp)


def is_called(show: Show, name: str) -> bool:
    """Whether a show is meant by its slug or some words of its title, accents aside."""
    return name == show.slug or fold(name.lower()) in fold(show.title.lower())


def _between(first: date | None, last: date | None) -> Query:
    lowest, highest = (first or date.min).toordinal(), (last or date.max).toordinal()
    return Query.range_query(schema(), "day", tantivy.FieldType.Unsigned, lowest, highest)


def _key(searcher: tantivy.Searcher, address: DocAddress) -> str:
    return str(searcher.doc(address).get_first("key"))


def _episode_hits(
    searcher: tantivy.Searcher, asked: Asked, query: Query, episode: Episode
) -> EpisodeHits:
    own = narrow(query, Query.term_query(schema(), "key", episode.key))
    found = searcher.search(own, MOST_HITS).hits
    scored = []
    for score, address in found:
        packed = searcher.doc(address).get_first("passage")
        if packed is not None:
            passage = unpack(bytes(packed))
            scored.append((-round(score, 4), passage.first, passage))
    passages = [passage for *_, passage in sorted(scored, key=lambda each: each[:2])]
    hits = tuple(_hits(asked, passages))
    return EpisodeHits(episode.key, episode.show, episode.title, episode.date, hits)


def _hits(asked: Asked, passages: list[Passage]) -> Iterator[Hit]:
    """Make hits of passages, a word that two of them share being marked in the first alone."""
    seen: set[Place] = set()
    for passage in passages:
        text = list(words(passage.text))
        known = {word.start for word in text if passage.place(word.start) in seen}
        matches = asked.matches(text, unless=known)
        if matches:
            seen |= {passage.place(match.start) for match in matches}
            yield Hit(passage.time(matches[0].start), passage.snippet(matches))
