"""The search index: it follows the files, and is made again when it is lost or damaged. A refresh
reads only files whose stamp changed; a renamed show is not read again. Only episodes that are
public today are indexed, and answers leave out what was withdrawn since. When the files of many
episodes vanish at once, as with a disk that is not mounted, these episodes stay (`losses`)."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from radio.archive import Archive, losses
from radio.archive.episode import Episode
from radio.archive.gone import unmeant
from radio.archive.locks import is_locked
from radio.search.answers import Answers
from radio.search.documents import stamps_of
from radio.search.fields import number
from radio.search.passage import Passage, cut_passages
from radio.search.results import IndexChanges
from radio.search.store import NO_INDEX, Answer, State
from radio.search.writer import IndexEntry, Writer
from radio.system.errors import BusyError, RadioError, ReadOnlyError, SearchError
from radio.system.messages import _
from radio.system.progress import Progress, silent, with_progress
from radio.text.transcript import remark

SWAP = 10.0  # seconds in which a new index takes the place of the old one on a busy computer
SWAPS = 5  # how many of them one search may meet

log = logging.getLogger(__name__)
Entries = Mapping[str, IndexEntry]  # by key, as the stamps of their files
Stamps = Mapping[str, str]
SIDECAR, TEXT = "media/{}.json", "transcripts/{}.vtt"  # files of an episode, by its key


@dataclass(frozen=True)
class Difference:
    """What to change in the index, in keys of episodes."""

    updates: Sequence[str]  # new, or changed
    removals: Set[str]
    moves: Mapping[str, str]  # new key: old key

    def __bool__(self) -> bool:
        return bool(self.updates or self.removals or self.moves)


def compare(
    entries: Entries, stamps: Stamps, former_keys: Callable[[str], Iterable[str]] = lambda _: ()
) -> Difference:
    """Compare the entries of an index with the stamps of the files. An episode is moved if another
    show has its slug and stamp, or if it had another key and its words did not change.

    >>> compare({"a/x": IndexEntry(7, "1 2 3 4")}, {"b/x": "1 2 3 4", "b/y": "5 6 7 8"})
    Difference(updates=['b/y'], removals=set(), moves={'b/x': 'a/x'})
    """

    def name(key: str, stamp: str) -> tuple[str, str]:
        return key.partition("/")[2], stamp

    missing = {name(key, entries[key].stamp): key for key in entries.keys() - stamps.keys()}
    updates, moves = list[str](), dict[str, str]()
    changed = (key for key in stamps if key not in entries or entries[key].stamp != stamps[key])
    for key in changed:
        if old := missing.pop(name(key, stamps[key]), None):
            moves[key] = old
        else:
            updates.append(key)
    removals = set(missing.values())
    for key in (key for key in updates if key not in entries):
        words = stamps[key].split()[2:]  # the stamp of its transcript
        former = (old for old in former_keys(key) if old in removals)
        old = next((old for old in former if entries[old].stamp.split()[2:] == words), None)
        if old is not None:
            moves[key] = old
            removals.remove(old)
    return Difference([key for key in updates if key not in moves], removals, moves)


class Index(Answers):
    """The search index of an archive: it answers, and follows the files."""

    def __init__(self, archive: Archive):
        super().__init__(archive)
        self._is_away, self._own = False, threading.RLock()
        self._last_warning = ""  # about episodes that stay although their files are gone

    def refresh(
        self, *, rebuild: bool = False, accept: bool = False, progress: Progress = silent
    ) -> IndexChanges:
        """Bring the index up to date, or rebuild it. Where too many episodes vanished at once they
        stay, unless `accept`; a rebuild raises LossError then. Raises SearchError."""
        with self._lock():
            self._archive.keep_shows()
            if rebuild and not accept:
                entries = dict[str, IndexEntry]()
                with contextlib.suppress(SearchError):  # one that can't be read names no files
                    entries = self._store.entries()
                losses.refuse(self._archive.root, _files(entries))
            changes = (None if rebuild else self._update(accept)) or self._renew(progress)
            self._store.tidy()
            with contextlib.suppress(ReadOnlyError):
                losses.take_inventory(self._archive.root, forget=accept)
        return changes

    def state(self) -> State:
        """Give the state of the index; it changes with every commit."""
        return self._store.state()

    def heal(self, answer: Callable[[], Answer]) -> Answer:
        """Answer; if the index can't be read, make it again first."""
        for _each in range(SWAPS):
            state = self._store.state()
            try:
                return answer()
            except SearchError as error:
                if not self._is_replaced(state):
                    self._warn(error)
                    break
        try:  # unless another process did
            with self._lock(wait=False):
                if self._store.state() == state:
                    self._renew()
        except BusyError as error:  # nobody who searches waits for that
            message = _("{index} : en cours de création ; réessayez dans un moment")
            raise SearchError(message, index=self._archive.index) from error
        return answer()

    def _is_replaced(self, state: State) -> bool:
        """Whether another process has replaced the index; waits while it does."""
        until = time.monotonic() + SWAP
        root = self._archive.root
        while self._store.is_swapped() and is_locked(root, "index") and time.monotonic() <= until:
            time.sleep(0.01)
        return self._store.state() not in (state, NO_INDEX)

    def _warn(self, error: SearchError) -> None:
        if self._store.path.exists():
            log.warning("%s", error)

    def _lock(self, *, wait: bool = True) -> contextlib.AbstractContextManager[object]:
        """Take the lock; in a read-only archive, work on a copy instead."""
        if not self._is_away and not self._store.is_open_to_write():
            log.warning(_("%s : on ne peut pas y écrire ; cherché quand même"), self._archive.index)
            self._store.move_away()
            self._is_away = True
        return self._own if self._is_away else self._archive.lock("index", wait=wait)

    def _update(self, accept: bool) -> IndexChanges | None:
        """Write the changes; None where the index must be made again."""
        try:
            entries, stamps = self._store.entries(), stamps_of(self._archive)
            difference, held = compare(entries, stamps, self._former_keys), 0
            if difference and not accept:
                now = {old: key for key, old in difference.moves.items()}
                lost = self._lost_files({now.get(key, key): entries[key] for key in entries})
                removals = {key for key in difference.removals if SIDECAR.format(key) not in lost}
                updates = [key for key in difference.updates if TEXT.format(key) not in lost]
                before, difference = difference, Difference(updates, removals, difference.moves)
                held = len(before.removals) - len(removals) + len(before.updates) - len(updates)
            count = 0
            if difference:
                with self._store.update() as writer:
                    count = self._write(writer, difference, entries, stamps)
            return IndexChanges(count, len(difference.removals), held)
        except SearchError as error:
            self._warn(error)
            return None

    def _renew(self, progress: Progress = silent) -> IndexChanges:
        with self._store.renew() as writer:
            stamps = stamps_of(self._archive)
            return IndexChanges(self._write(writer, compare({}, stamps), {}, stamps, progress), 0)

    def _write(
        self,
        writer: Writer,
        changes: Difference,
        entries: Entries,
        stamps: Stamps,
        progress: Progress = silent,
    ) -> int:
        keys = (*changes.removals, *changes.updates, *changes.moves)
        writer.remove([entries[key].number for key in keys if key in entries])
        for key, old in changes.moves.items():
            if episode := self._episode(key):
                reader = self._store.reader()
                topics, voices = reader.topics(old), reader.about[reader.number_of[old]].voices
                writer.forget(old, entries[old])
                entry = IndexEntry(entries[old].number, stamps[key])
                writer.describe(episode, entry, topics, voices)
        numbers, count = {each.number for each in entries.values()}, 0
        for key in with_progress(list(changes.updates), progress):
            own_number = entries[key].number if key in entries else number(key, numbers)
            numbers.add(own_number)
            if episode := self._episode(key):
                writer.add(episode, IndexEntry(own_number, stamps[key]), self._passages(key))
                count += 1
        return count

    def _former_keys(self, key: str) -> tuple[str, ...]:
        """Give the former keys of an episode whose passages need not be written anew."""
        episode = self._episode(key)
        if episode is None:
            return ()
        with self._store.reading() as reader:
            return tuple(old for old in episode.formerly if reader.holds(old, episode))

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

    def _lost_files(self, entries: Entries) -> Set[str]:
        """List the lost files if they are too many to be meant; warn once."""
        root, files = self._archive.root, _files(entries)
        if lost_files := losses.too_many(root, files):
            lost_files = losses.too_many(root, unmeant(root, files))
        warning = losses.explain(root, lost_files) if lost_files else ""
        if warning and warning != self._last_warning:
            log.warning("%s", warning)
        self._last_warning = warning
        return frozenset(lost_files)


def _files(entries: Entries) -> list[str]:
    texts = (key for key, each in entries.items() if not each.stamp.endswith(" 0 0"))
    return [*map(SIDECAR.format, entries), *map(TEXT.format, texts)]
