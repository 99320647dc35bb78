"""What listeners propose: the words that they heard in place of those that stand there. All is in
one file of the private folder, `desk/proposals/queue.json`: no address, no browser, no hour of who
proposed. Functions raise ArchiveError if the disk refuses."""

import contextlib
import datetime as dt
import hashlib
import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from radio.archive import imprint
from radio.archive.journal import FOLDER, desk, write_private
from radio.archive.locks import locked
from radio.archive.pseudonyms import pseudonym_of, substitute
from radio.desk.accounts import accounts
from radio.system import records
from radio.system.disk import RIGHTS, explained, is_file, read_bytes
from radio.system.errors import ArchiveError

PLACE = "proposals"
FILE = "queue.json"
VERSION = 1
LARGEST = 32 << 20  # bytes of the file
MOST_ACCEPTED = 500  # that are remembered: they are looked for elsewhere
MOST_REFUSED = 2000  # likewise, by name: they are not taken again


@dataclass(frozen=True)
class Mending:
    """Words that a listener heard in the place of others; equal ones are one."""

    id: str
    key: str  # of the episode
    start: float  # seconds, of the first cue
    end: float  # of the last one
    was: str  # the sentence as it stood
    seen: str  # its hash
    words: str  # what is proposed
    day: str  # ISO date of the first of them
    comment: str = ""
    count: int = 1  # how many proposed the same
    is_far: bool = False  # whether the words have little to do with those that stood there
    accepted: str = ""  # what a keeper made of it

    @property
    def show(self) -> str:
        """The slug of its show."""
        return self.key.partition("/")[0]


@dataclass(frozen=True)
class Mendings:
    """What waits, and what is remembered of decisions; the oldest first."""

    waiting: tuple[Mending, ...] = ()
    accepted: tuple[Mending, ...] = ()
    refused: tuple[str, ...] = ()  # ids


def are_taken(root: Path) -> bool:
    """Whether listeners may propose: as `site.json` says, else if a keeper has an account."""
    wanted = imprint.about(root).proposals
    if wanted is not None:
        return wanted
    try:
        return bool(accounts(root))
    except ArchiveError:
        return False


def name_of(key: str, seen: str, words: str) -> str:
    """Name a proposal by its sentence and words: equal ones have one name."""
    return hash_of(key, seen, words.casefold())[:8]


def hash_of(*texts: object) -> str:
    """Hash a sentence, or what is said of it.

    >>> hash_of("a", 1.5) == hash_of("a", 1.5) != hash_of("a1.5")
    True
    """
    return hashlib.sha256("\0".join(map(str, texts)).encode()).hexdigest()[:16]


def read(root: Path) -> Mendings:
    """Read what was proposed."""
    path = _path(root)
    if not is_file(path):
        return Mendings()
    with explained(path, RIGHTS):
        state = path.stat()
    return _read(path, (state.st_ino, state.st_size, state.st_ctime_ns))


@lru_cache(maxsize=4)
def _read(path: Path, _state: tuple[int, int, int]) -> Mendings:
    """Read once for each state of the file: a flood shall cost nothing."""
    return records.read(Mendings, read_bytes(path, LARGEST), path, version=VERSION)


@contextlib.contextmanager
def changing(root: Path) -> Iterator[list[Mendings]]:
    """Lock what was proposed; what is put at the end of the list is written. The dates of file and
    folder say no more than the day. Raises ReadOnlyError too."""
    with locked(desk(root), PLACE):
        states, path = [read(root)], _path(root)
        yield states
        if states[-1] == states[0]:
            return
        accepted, refused = states[-1].accepted[-MOST_ACCEPTED:], states[-1].refused[-MOST_REFUSED:]
        lasting = replace(states[-1], accepted=accepted, refused=refused)
        today = dt.datetime.now().replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
        with explained(path, RIGHTS):
            path.parent.mkdir(mode=0o700, exist_ok=True)
            write_private(path, records.render(lasting, version=VERSION))
            for each in (path, path.parent):
                os.utime(each, (today, today))


def move(root: Path, keys: Collection[str], moved: Callable[[Mending], Mending]) -> None:
    """Change what waits for an episode, under any key that it has or had."""
    _change(root, lambda each: moved(each) if each.key in keys and not each.accepted else each)


def forget(root: Path, key: str) -> None:
    """Forget all that was proposed for an episode."""
    _change(root, lambda each: None if each.key == key else each)


def forget_name(root: Path, name: str, keys: Collection[str] = ()) -> None:
    """Forget proposals in which a name stands: for some episodes, else for all."""
    made = pseudonym_of(name, "")

    def without(each: Mending) -> Mending | None:
        texts = (each.was, each.words, each.comment, each.accepted)
        is_meant = not keys or each.key in keys
        is_named = is_meant and any(substitute(text, [made]) != text for text in texts)
        return None if is_named else each

    _change(root, without)


def _change(root: Path, changed: Callable[[Mending], Mending | None]) -> None:
    """Change what waits and what was accepted; None goes."""
    if not is_file(_path(root)):
        return
    with changing(root) as states:
        waiting = tuple(filter(None, map(changed, states[-1].waiting)))
        accepted = tuple(filter(None, map(changed, states[-1].accepted)))
        states.append(replace(states[-1], waiting=waiting, accepted=accepted))


def _path(root: Path) -> Path:
    return root / FOLDER / PLACE / FILE
