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
from tantivy import DocAddress, Occur, Query

from radio.archive import Archive
from radio.episode import SLUG, Episode
from radio.errors import RadioError, SearchError
from radio.search.french import words
from radio.search.hits import Changes, EpisodeHits, Hit, Results
from radio.search.passage import Passage, Place, cut, unpack
from radio.search.query import Asked, parse
from radio.search.store import State, Store, Writer, explained, schema

PAGE = 20  # episodes
MOST_HITS = 10  # passages looked at in one episode
FIRST_LOOK = 1_000  # passages ranked before asking for more

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

    def search(self, query: str, *, show: str | None = None, page: int = 1) -> Results:
        """Find the episodes in which all the words are said, those of one page.

        Raises SearchError if the index can neither be read nor made again.
        """
        asked, page = parse(query), max(1, page)
        if not asked.clauses or (show is not None and not SLUG.fullmatch(show)):
            return Results(query, 0, (), page, 0)
        state = self._store.state()
        try:
            return self._answer(query, asked, show, page)
        except SearchError as error:
            self._warn(error)
        self._heal(state)
        return self._answer(query, asked, show, page)

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

    def _answer(self, typed: str, asked: Asked, show: str | None, page: int) -> Results:
        searcher = self._store.searcher()
        with explained(self._store.path):
            query = _within("show", show, asked.query(schema()))
            ranked, total = _rank(searcher, query, page * PAGE)
            keys = [_key(searcher, address) for address in ranked[(page - 1) * PAGE :]]
            public = (episode for key in keys if (episode := self._public(key)))
            episodes = tuple(_episode_hits(searcher, asked, query, each) for each in public)
        return Results(typed, total, episodes, page, -(-total // PAGE))

    def _public(self, key: str) -> Episode | None:
        try:
            episode = self._archive.episode(key)
        except RadioError:  # gone or broken since the last refresh, which says so
            return None
        return episode if episode.is_public(date.today()) else None


def _stamp(archive: Archive, key: str) -> str:
    return " ".join(str(part) for stamp in archive.stamps(key) for part in stamp)


def _within(field: str, value: str | None, query: Query) -> Query:
    """Narrow a query without a change to its scores."""
    if value is None:
        return query
    narrow = Query.const_score_query(Query.term_query(schema(), field, value), 0.0)
    return Query.boolean_query([(Occur.Must, query), (Occur.Must, narrow)])


def _rank(searcher: tantivy.Searcher, query: Query, wanted: int) -> tuple[list[DocAddress], int]:
    """Rank episodes by their best passage, equals the newest first: `wanted` of them, and how many.

    Looks at the best passages only, then at more until they make enough episodes.
    """
    limit = FIRST_LOOK
    while True:
        found = searcher.search(query, limit)
        best = _best(searcher, found.hits)
        if len(found.hits) < limit:
            return best[:wanted], len(best)
        if len(best) >= wanted:
            return best[:wanted], int(searcher.cardinality(query, "number"))
        limit *= 8


def _best(searcher: tantivy.Searcher, hits: list[tuple[float, DocAddress]]) -> list[DocAddress]:
    addresses = [address for _, address in hits]
    numbers, days = (searcher.fast_field_values(name, addresses) for name in ("number", "day"))
    ranked: dict[object, tuple[float, float, float, DocAddress]] = {}
    for (score, address), name, day in zip(hits, numbers, days, strict=True):
        ranked.setdefault(name, (-round(score, 4), -(day or 0), name or 0, address))
    return [address for *_, address in sorted(ranked.values(), key=lambda each: each[:3])]


def _key(searcher: tantivy.Searcher, address: DocAddress) -> str:
    return str(searcher.doc(address).get_first("key"))


def _episode_hits(
    searcher: tantivy.Searcher, asked: Asked, query: Query, episode: Episode
) -> EpisodeHits:
    found = searcher.search(_within("key", episode.key, query), MOST_HITS).hits
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
