"""The search index: it follows the files, and is made again from them when it is lost or damaged.

Each episode is indexed with the stamp of its files. A refresh reads only files whose stamp changed.
When a show is renamed, its files are not read again. Only episodes that are public today are
indexed: the end of an embargo is a change like any other. Answers leave out what was withdrawn
since the last refresh. A missing or damaged index is made again by a refresh, or by the first
search that meets it. When the files of many episodes vanish at once, as with a disk that is not
mounted, the index keeps these episodes (`losses`).
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TypeVar

from radio.archive import Archive, holdings, losses
from radio.archive.episode import Episode
from radio.archive.gone import unmeant
from radio.archive.locks import is_locked
from radio.search.answers import Answers
from radio.search.dossiers import Dossiers
from radio.search.fields import number
from radio.search.hits import EpisodeHits, IndexChanges, Interpretation, Results, SearchOptions
from radio.search.passage import Passage, cut_passages
from radio.search.store import NO_INDEX, State, Store
from radio.search.writer import IndexEntry, Writer
from radio.system.disk import Stamp
from radio.system.errors import BusyError, RadioError, ReadOnlyError, SearchError
from radio.system.messages import _
from radio.text.captions import remark

Answer = TypeVar("Answer")
SWAP = 10.0  # seconds in which a new index takes the place of the old one on a busy computer
SWAPS = 5  # how many of them one search may meet

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Difference:
    """What to change in the index, in keys of episodes."""

    updates: Sequence[str]  # new, or changed
    removals: Set[str]
    moves: Mapping[str, str]  # new key: old key

    def __bool__(self) -> bool:
        return bool(self.updates or self.removals or self.moves)

    def rename(self, entries: Mapping[str, IndexEntry]) -> dict[str, IndexEntry]:
        """Give the entries by their new keys."""
        now = {old: key for key, old in self.moves.items()}
        return {now.get(key, key): each for key, each in entries.items()}

    def without(self, lost_files: Set[str]) -> tuple["Difference", int]:
        """Leave out episodes whose files are lost, and count them."""
        removals = {key for key in self.removals if f"media/{key}.json" not in lost_files}
        updates = [key for key in self.updates if f"transcripts/{key}.vtt" not in lost_files]
        count = len(self.removals) - len(removals) + len(self.updates) - len(updates)
        return Difference(updates, removals, self.moves), count


def compare(entries: Mapping[str, IndexEntry], stamps: Mapping[str, str]) -> Difference:
    """Compare the entries of an index with the stamps of the files.

    An episode counts as moved where another show has the same slug with the same stamp.

    >>> compare({"a/x": IndexEntry(7, "1 2 3 4")}, {"b/x": "1 2 3 4", "b/y": "5 6 7 8"})
    Difference(updates=['b/y'], removals=set(), moves={'b/x': 'a/x'})
    """
    missing = {_name(key, entries[key].stamp): key for key in entries.keys() - stamps.keys()}
    updates, moves = list[str](), dict[str, str]()
    for key, stamp in stamps.items():
        if key in entries and entries[key].stamp == stamp:
            continue
        if old := missing.pop(_name(key, stamp), None):
            moves[key] = old
        else:
            updates.append(key)
    return Difference(updates, entries.keys() - stamps.keys() - set(moves.values()), moves)


def follow_renames(
    difference: Difference,
    entries: Mapping[str, IndexEntry],
    stamps: Mapping[str, str],
    former_keys: Callable[[str], Iterable[str]],
) -> Difference:
    """Take an episode for moved that had another key before, if its words are as they were."""
    moves, removals = dict(difference.moves), set(difference.removals)
    for key in difference.updates:
        for old in former_keys(key) if key not in entries else ():
            if old in removals and _text(entries[old].stamp) == _text(stamps[key]):
                moves[key] = old
                removals.remove(old)
                break
    updates = [key for key in difference.updates if key not in moves]
    return Difference(updates, removals, moves)


def _text(stamp: str) -> list[str]:
    """Give the state of the transcript, of those of an episode's files.

    >>> _text("1 2 3 4")
    ['3', '4']
    """
    return stamp.split()[2:]


def _name(key: str, stamp: str) -> tuple[str, str]:
    return key.partition("/")[2], stamp


class Index:
    """The search index of an archive."""

    def __init__(self, archive: Archive):
        self._archive = archive
        self._store = Store(archive.index)
        self.dossiers = Dossiers(archive, self._store, self._answer_or_heal)
        self._answers = Answers(archive, self._store, self.dossiers.alike)
        self._is_away, self._own = False, threading.RLock()
        self._last_warning = ""  # about episodes that stay although their files are gone

    def refresh(self, *, rebuild: bool = False, accept: bool = False) -> IndexChanges:
        """Bring the index up to date with the files, or rebuild it from nothing.

        Where too many episodes vanished at once, they stay in the index unless `accept` is true; a
        rebuild then raises LossError. Raises SearchError if the index can't be written.
        """
        with self._lock():
            self._archive.keep_shows()
            if rebuild and not accept:
                losses.refuse(self._archive.root, self._indexed_files())
            changes = None if rebuild else self._update(accept)
            if changes is None:
                changes = self._renew()
            self._store.tidy()
            with contextlib.suppress(ReadOnlyError):
                losses.take_inventory(self._archive.root, forget=accept)
        return changes

    def _lock(self, *, wait: bool = True) -> contextlib.AbstractContextManager[object]:
        """Take the lock; in a read-only archive, work on a copy of the index instead."""
        if not self._is_away and not self._store.is_open_to_write():
            log.warning(_("%s: may not be written to; searched all the same"), self._archive.index)
            self._store.move_away()
            self._is_away = True
        return self._own if self._is_away else self._archive.lock("index", wait=wait)

    def state(self) -> State:
        """Give the state of the index; it changes with every commit."""
        return self._store.state()

    def search(self, query: str, options: SearchOptions = SearchOptions()) -> Results:  # noqa: B008 (frozen)
        """Find the episodes that match a query, those of one page.

        A word that is not in the index is replaced by the closest one. Raises SearchError if the
        index can neither be read nor made again; so do the other methods.
        """
        return self._answer_or_heal(lambda: self._answers.results(query, options))

    def batches(
        self, query: str, options: SearchOptions, most: int
    ) -> Iterator[tuple[EpisodeHits, ...]]:
        """Give the first `most` episodes of the results, a page at a time."""
        keys = self.keys(query, replace(options, page=1, size=most))
        for first in range(0, len(keys), options.size):
            some = keys[first : first + options.size]
            yield self._answer_or_heal(partial(self._answers.hits_in, query, options, some))

    def keys(self, query: str, options: SearchOptions) -> list[str]:
        """Give the keys of the episodes on one page of the results."""
        return self._answer_or_heal(lambda: self._answers.keys(query, options))

    def mentions(self, query: str, options: SearchOptions = SearchOptions()) -> dict[date, int]:  # noqa: B008
        """Count the matching passages by month of broadcast, named by its first day."""
        return self._answer_or_heal(lambda: self._answers.mentions(query, options))

    def interpret(self, query: str, options: SearchOptions) -> Interpretation:
        """Tell what a query is taken for, where that is not what was typed."""
        return self._answer_or_heal(lambda: self._answers.interpret(query, options))

    def suggestions(self, beginning: str, most: int = 10) -> list[str]:
        """Suggest queries that begin so: names, titles, frequent words."""
        return self._answer_or_heal(lambda: self._answers.suggestions(beginning, most))

    def examples(self, most: int = 4) -> Sequence[str]:
        """Give some words to try: each is said in a public episode."""
        return self._answer_or_heal(lambda: self._answers.examples(most))

    def related(self, key: str, most: int = 3) -> tuple[EpisodeHits, ...]:
        """Find other episodes about the same subjects, each with its best passage."""
        return self._answer_or_heal(lambda: self._answers.related(key, most))

    def _answer_or_heal(self, answer: Callable[[], Answer]) -> Answer:
        """Answer; if the index can't be read, make it again first."""
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
        """Whether another process has replaced the index; waits while it is doing so."""
        until = time.monotonic() + SWAP
        while self._store.is_swapped() and is_locked(self._archive.root, "index"):
            if time.monotonic() > until:
                break
            time.sleep(0.01)
        return self._store.state() not in (state, NO_INDEX)

    # Writing

    def _update(self, accept: bool) -> IndexChanges | None:
        """Write the changes; None where the index must be made again."""
        try:
            entries, stamps = self._store.entries(), self._stamps()
            difference = follow_renames(
                compare(entries, stamps), entries, stamps, self._former_keys
            )
            lost_files = (
                self._lost_files(difference.rename(entries))
                if difference and not accept
                else set[str]()
            )
            difference, kept_count = difference.without(lost_files)
            if difference:
                with self._store.update() as writer:
                    count = self._write(writer, difference, entries, stamps)
            return IndexChanges(count if difference else 0, len(difference.removals), kept_count)
        except SearchError as error:
            self._warn(error)
            return None

    def _write(
        self,
        writer: Writer,
        difference: Difference,
        entries: Mapping[str, IndexEntry],
        stamps: Mapping[str, str],
    ) -> int:
        """Write a difference, and count the indexed episodes."""
        keys = (*difference.removals, *difference.updates, *difference.moves)
        writer.remove([entries[key].number for key in keys if key in entries])
        for key, old in difference.moves.items():
            if episode := self._episode(key):
                topics, voices = self._store.topics(old), self._store.voices(old)
                writer.forget(old, entries[old])
                entry = IndexEntry(entries[old].number, stamps[key])
                writer.describe(episode, entry, topics, voices)
        numbers = {each.number for each in entries.values()}
        count = 0
        for key in difference.updates:
            own_number = entries[key].number if key in entries else number(key, numbers)
            numbers.add(own_number)
            count += self._add(writer, key, IndexEntry(own_number, stamps[key]))
        return count

    def _lost_files(self, entries: Mapping[str, IndexEntry]) -> Set[str]:
        """List the lost files if they are too many to be meant; warn once."""
        root, files = self._archive.root, _files(entries)
        lost_files = losses.too_many(root, files)
        if lost_files:
            lost_files = losses.too_many(root, unmeant(root, files))
        warning = losses.explain(root, lost_files) if lost_files else ""
        if warning and warning != self._last_warning:
            log.warning("%s", warning)
        self._last_warning = warning
        return frozenset(lost_files)

    def _indexed_files(self) -> list[str]:
        """List the files that were indexed; none where the index can't be read."""
        try:
            return _files(self._store.entries())
        except SearchError:
            return []

    def _renew(self) -> IndexChanges:
        with self._store.renew() as writer:
            stamps = self._stamps()
            count = self._write(writer, compare({}, stamps), {}, stamps)
        return IndexChanges(count, 0)

    def _heal(self, broken: State) -> None:
        """Make the index again, unless another process did.

        Raises SearchError while another does: nobody who searches waits for that.
        """
        try:
            with self._lock(wait=False):
                if self._store.state() == broken:
                    self._renew()
        except BusyError as error:
            raise SearchError(
                _("{index}: being made; try again in a moment").format(index=self._archive.index)
            ) from error

    def _warn(self, error: SearchError) -> None:
        if self._store.exists():
            log.warning("%s", error)

    def _stamps(self) -> dict[str, str]:
        """Give the stamps of the public episodes, by key."""
        states = holdings.stamps(self._archive)
        return {key: _stamp_text(state) for key, state in states.items()}

    def _add(self, writer: Writer, key: str, entry: IndexEntry) -> bool:
        """Index an episode, by its title alone where its transcript can't be read."""
        episode = self._episode(key)
        if episode:
            writer.add(episode, entry, self._passages(key))
        return episode is not None

    def _former_keys(self, key: str) -> tuple[str, ...]:
        """Give the keys that an episode had before, if its passages need not be written anew."""
        episode = self._episode(key)
        if episode is None:
            return ()
        return tuple(old for old in episode.formerly if self._store.holds(old, episode))

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
            if warning := remark(transcript.form, self._archive.vtt_path(key)):
                log.warning("%s", warning)
            yield from cut_passages(transcript.cues)


def _files(entries: Mapping[str, IndexEntry]) -> list[str]:
    """List the files that the indexed episodes had."""
    sidecars = [f"media/{key}.json" for key in entries]
    return sidecars + [
        f"transcripts/{key}.vtt" for key in entries if not entries[key].stamp.endswith(" 0 0")
    ]


def _stamp_text(state: tuple[Stamp, Stamp]) -> str:
    return " ".join(str(part) for stamp in state for part in stamp)
