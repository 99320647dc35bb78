"""Threads: passages that somebody chose, in their order, with a line before each: `threads.json`.
It says where they are said, never their words. Raises ArchiveError if it can't be read."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from radio.archive.dossier import Subject, ThreadPassage
from radio.archive.gone import Forgotten
from radio.archive.pseudonyms import Pseudonym, substitute
from radio.archive.slugs import slugify
from radio.system.errors import ArchiveError
from radio.system.records import RecordFile

MOST = 20  # passages of a thread that are read


@dataclass(frozen=True)
class Thread:
    """A thread, as it is written."""

    title: str
    author: str = ""
    page: str = ""  # its name in addresses
    day: dt.date | None = None  # on which it was made
    passages: tuple[ThreadPassage, ...] = ()

    @property
    def subject(self) -> Subject:
        """What pages and books tell of it."""
        slug, passages = slugify(self.page or self.title), self.passages[:MOST]
        day = self.day.isoformat() if self.day else ""
        return Subject("thread", self.title, slug, author=self.author, day=day, passages=passages)


@dataclass(frozen=True)
class Threads:
    """All threads, in the order in which they were made."""

    threads: tuple[Thread, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)


THREADS = RecordFile("threads.json", Threads)
FILE, parse = THREADS.name, THREADS.parse


def forget(text: str, what: Forgotten) -> str:
    """Write the file without the passages of an episode; a thread without any goes."""

    def left(thread: Thread) -> Thread:
        passages = tuple(it for it in thread.passages if it.key not in what.keys)
        return replace(thread, passages=passages)

    return _changed(text, left)


def hide(text: str, made: Sequence[Pseudonym]) -> str:
    """Replace names in titles, authors and lines, not in keys; if unreadable, everywhere."""

    def hidden(thread: Thread) -> Thread:
        title, author = substitute(thread.title, made), substitute(thread.author, made)
        lines = (replace(it, line=substitute(it.line, made)) for it in thread.passages)
        page = thread.page if title == thread.title else slugify(title)
        return replace(thread, title=title, author=author, page=page, passages=tuple(lines))

    try:
        return _changed(text, hidden)
    except ArchiveError:
        return substitute(text, made)


def _changed(text: str, change: Callable[[Thread], Thread]) -> str:
    known = parse(text.encode(), FILE)
    left = tuple(each for each in map(change, known.threads) if each.passages)
    return text if left == known.threads else THREADS.render(replace(known, threads=left)).decode()
