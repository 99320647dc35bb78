"""Finding what was said: the index follows the files, and is made again from them when need be.

An episode is indexed as its files stood at a stamp; a refresh reads again only those whose stamp
has changed. Where a show was renamed, the same files lie elsewhere: they are not read again. Only
what is public today goes in, so that the end of an embargo is a change like any other, and what was
withdrawn since is left out of the answers too. An index that is missing or damaged is made again,
by a refresh or by the first search that meets it. Where the files of many episodes vanish at once,
as with a disk that is not there, the index keeps these (`losses`).
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TypeVar

from radio import losses
from radio.archive import Archive
from radio.disk import Stamp
from radio.episode import Episode
from radio.errors import BusyError, RadioError, ReadOnlyError, SearchError
from radio.messages import _
from radio.search.answers import Answers
from radio.search.difference import Difference, compare
from radio.search.fields import number
from radio.search.hits import Changes, EpisodeHits, Results, Wanted
from radio.search.passage import Passage, cut
from radio.search.store import NO_INDEX, Known, State, Store, Writer
from radio.transcript import remark

Answer = TypeVar("Answer")
SWAP = 0.5  # seconds in which a new index surely takes the place of the old one
SWAPS = 5  # how many of them one search may meet

log = logging.getLogger(__name__)


class Index:
    """The search index of an archive."""

    def __init__(self, archive: Archive):
        self._archive = archive
        self._store = Store(archive.index)
        self._answers = Answers(archive, self._store)
        self._is_away, self._own = False, threading.RLock()
        self._told = ""  # of what is kept although its files are gone

    def refresh(self, *, rebuild: bool = False, accept: bool = False) -> Changes:
        """Bring the index up to date with the files, or make it again from nothing.

        Episodes of which too many vanished stay in, unless somebody says to `accept` that. Raises
        SearchError if it can't be written, and LossError rather than make it again without them.
        """
        with self._held():
            self._archive.keep_shows()
            if rebuild and not accept:
                losses.refuse(self._archive.root, self._known_files())
            changes = None if rebuild else self._update(accept)
            if changes is None:
                changes = self._renew()
            self._store.tidy()
            with contextlib.suppress(ReadOnlyError):
                losses.take_inventory(self._archive.root, forget=accept)
        return changes

    def _held(self, *, wait: bool = True) -> contextlib.AbstractContextManager[object]:
        """Hold the lock; where the archive may not be written to, work away from it instead."""
        if not self._is_away and not self._store.is_open_to_write():
            log.warning(_("%s: may not be written to; searched all the same"), self._archive.index)
            self._store.move_away()
            self._is_away = True
        return self._own if self._is_away else self._archive.lock("index", wait=wait)

    def state(self) -> State:
        """Name what the index holds: another state is another index."""
        return self._store.state()

    def search(self, query: str, wanted: Wanted = Wanted()) -> Results:  # noqa: B008 (frozen)
        """Find the episodes in which all the words are said, those of one page.

        A word that is nowhere said is taken for the one it is closest to. Raises SearchError if the
        index can neither be read nor made again; so do the others.
        """
        return self._healed(lambda: self._answers.results(query, wanted))

    def batches(self, query: str, wanted: Wanted, most: int) -> Iterator[tuple[EpisodeHits, ...]]:
        """Give what a search finds up to `most` episodes, as many at a time as a page has."""
        keys = self.keys(query, replace(wanted, page=1, size=most))
        for first in range(0, len(keys), wanted.size):
            some = keys[first : first + wanted.size]
            yield self._healed(partial(self._answers.places, query, wanted, some))

    def keys(self, query: str, wanted: Wanted) -> list[str]:
        """Name the episodes that a search finds, those of one page."""
        return self._healed(lambda: self._answers.keys(query, wanted))

    def mentions(self, query: str, wanted: Wanted = Wanted()) -> dict[date, int]:  # noqa: B008
        """Count the passages in which the words are said, by the first day of each month."""
        return self._healed(lambda: self._answers.mentions(query, wanted))

    def instead(self, query: str) -> str:
        """Tell what is looked for where a word is nowhere said; nothing where all words are."""
        return self._healed(lambda: self._answers.instead(query))

    def suggestions(self, beginning: str, most: int = 10) -> list[str]:
        """Give what could be looked for that begins so: names, titles, frequent words."""
        return self._healed(lambda: self._answers.suggestions(beginning, most))

    def related(self, key: str, most: int = 3) -> tuple[EpisodeHits, ...]:
        """Find episodes that speak of the same things as one, each with its best passage."""
        return self._healed(lambda: self._answers.related(key, most))

    def _healed(self, answer: Callable[[], Answer]) -> Answer:
        """Answer; where the index can't be read, make it again and answer from that."""
        for _each in range(SWAPS):
            state = self._store.state()
            try:
                return answer()
            except SearchError as error:
                if not self._is_replaced(state):
                    self._warn(error)
                    break
        self._heal(state)
        return answer()

    def _is_replaced(self, state: State) -> bool:
        """Whether another process has put an index there since; wait for one that just does."""
        until = time.monotonic() + SWAP
        while self._store.is_swapped() and time.monotonic() < until:
            time.sleep(0.01)
        return self._store.state() not in (state, NO_INDEX)

    # Writing

    def _update(self, accept: bool) -> Changes | None:
        """Write what has changed, or tell by None that the index must be made again."""
        try:
            known, wanted = self._store.known(), self._wanted()
            todo = compare(known, wanted)
            lost = self._lost(todo.placed(known)) if todo and not accept else set[str]()
            todo, kept = todo.without(lost)
            if todo:
                with self._store.update() as writer:
                    indexed = self._write(writer, todo, known, wanted)
            return Changes(indexed if todo else 0, len(todo.gone), kept)
        except SearchError as error:
            self._warn(error)
            return None

    def _write(
        self,
        writer: Writer,
        todo: Difference,
        known: Mapping[str, Known],
        wanted: Mapping[str, str],
    ) -> int:
        """Write what has changed, and tell how many episodes were indexed."""
        changed = (*todo.gone, *todo.stale, *todo.moved)
        writer.remove([known[key].number for key in changed if key in known])
        for key, old in todo.moved.items():
            if episode := self._episode(key):
                writer.move(old, episode, known[old], self._store.topics(old))
        taken = {each.number for each in known.values()}
        indexed = 0
        for key in todo.stale:
            name = known[key].number if key in known else number(key, taken)
            taken.add(name)
            indexed += self._add(writer, key, Known(name, wanted[key]))
        return indexed

    def _lost(self, known: Mapping[str, Known]) -> Set[str]:
        """Name the files that are gone, where they are too many to be let go; say so once."""
        gone = losses.too_many(self._archive.root, _files(known))
        told = losses.explain(self._archive.root, gone) if gone else ""
        if told and told != self._told:
            log.warning("%s", told)
        self._told = told
        return frozenset(gone)

    def _known_files(self) -> list[str]:
        """Name the files that were indexed; none where that can't be read."""
        try:
            return _files(self._store.known())
        except SearchError:
            return []

    def _renew(self) -> Changes:
        with self._store.renew() as writer:
            wanted = self._wanted()
            indexed = self._write(writer, compare({}, wanted), {}, wanted)
        return Changes(indexed, 0)

    def _heal(self, broken: State) -> None:
        """Make the index again, unless another process did.

        Raises SearchError while another does: nobody who searches waits for that.
        """
        try:
            with self._held(wait=False):
                if self._store.state() == broken:
                    self._renew()
        except BusyError as error:
            raise SearchError(
                _("{index}: being made; try again in a moment").format(index=self._archive.index)
            ) from error

    def _warn(self, error: SearchError) -> None:
        if self._store.exists():
            log.warning("%s", error)

    def _wanted(self) -> dict[str, str]:
        """Tell for each public episode, by key, the stamp of its files."""
        states = self._archive.public_stamps()
        return {key: _written(state) for key, state in states.items()}

    def _add(self, writer: Writer, key: str, known: Known) -> bool:
        """Index an episode, by its title alone where its transcript can't be read."""
        episode = self._episode(key)
        if episode:
            writer.add(episode, known, self._passages(key))
        return episode is not None

    def _episode(self, key: str) -> Episode | None:
        try:
            return self._archive.episode(key)
        except RadioError as error:
            log.warning("%s", error)
            return None

    def _passages(self, key: str) -> Iterator[Passage]:
        try:
            transcript = self._archive.transcript(key)
        except RadioError as error:
            log.warning("%s", error)
            return
        if transcript:
            if told := remark(transcript, self._archive.vtt_path(key)):
                log.warning("%s", told)
            yield from cut(transcript.cues)


def _files(known: Mapping[str, Known]) -> list[str]:
    """Name the files that indexed episodes had, by their stamps."""
    sidecars = [f"media/{key}.json" for key in known]
    return sidecars + [
        f"transcripts/{key}.vtt" for key in known if not known[key].stamp.endswith(" 0 0")
    ]


def _written(state: tuple[Stamp, Stamp]) -> str:
    return " ".join(str(part) for stamp in state for part in stamp)
