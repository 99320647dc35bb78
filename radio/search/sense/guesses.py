"""Guesses: passages that a machine takes for near to a query in sense. A child process is asked,
one question at a time, and waited for only a moment: who comes while it is busy or loads gets none.
What is not public, or was changed since, is left out."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from multiprocessing.connection import Connection, Pipe

from radio.archive import Archive, holdings
from radio.search.answers import USUAL
from radio.search.index import Index
from radio.search.query import LONGEST_QUERY
from radio.search.results import Results, SearchOptions
from radio.search.sense.nearest import Neighbour, Question, Reply
from radio.search.sense.vectors import folder, is_on, path_of, read_vectors
from radio.search.syntax import items, only
from radio.system.disk import stamp

MOMENT = 0.5  # seconds that a page waits
WAITING = 3  # visitors at a time, the one who is served among them
HUNG = 60.0  # seconds without an answer, after which the child is ended
LONGEST_PASSAGE = 600  # characters that are shown


@dataclass(frozen=True)
class Guess:
    """A passage that may be near in sense."""

    key: str
    show: str
    title: str
    date: date
    start: float  # seconds
    end: float
    text: str


@dataclass(frozen=True)
class Guesses:
    """What was found by sense; `is_late` where there was no answer in time."""

    passages: tuple[Guess, ...] = ()
    is_late: bool = False

    def beyond(self, found: Results | None) -> "Guesses":
        """Leave out the passages in which words were found."""
        hits = {each.key: each.hits for each in found.episodes} if found else {}

        def is_new(each: Guess) -> bool:
            return not any(each.start <= hit.start < each.end for hit in hits.get(each.key, ()))

        return replace(self, passages=tuple(filter(is_new, self.passages)))


class Sense:
    """Asks what is near in sense."""

    def __init__(self, archive: Archive, index: Index):
        self._archive, self._index = archive, index
        self._places = threading.BoundedSemaphore(WAITING)
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None
        self._unanswered = 0.0  # when a question was asked that has no answer yet, else 0

    def is_there(self) -> bool:
        """Whether there is something to ask: the extra, and vectors."""
        return is_on() and folder(self._archive).is_dir()

    def guess(
        self, query: str, options: SearchOptions = USUAL, wait: float = MOMENT
    ) -> Guesses | None:
        """Find up to five near passages in episodes that fit the filters, in twice `wait` seconds.
        None where sense is not there, or no word is asked for. Raises SearchError."""
        words = free_words(query)
        if not words or not self.is_there():
            return None
        among: tuple[str, ...] | None = None
        if options.episode is not None:
            among = (options.episode,)
        elif filters := only(query, lambda item: item.field is not None):
            size = max(1, len(holdings.public_keys(self._archive)))
            among = tuple(self._index.keys(filters, replace(options, page=1, size=size)))
        elif options.show is not None:
            among = tuple(each.key for each in holdings.episodes(self._archive, options.show))
        if not self._places.acquire(blocking=False):
            return Guesses(is_late=True)
        try:
            near = self._ask((words, among), wait)
        finally:
            self._places.release()
        return Guesses(is_late=True) if near is None else Guesses(tuple(self._read(near)))

    def close(self) -> None:
        """End the child, if there is one."""
        if self._line:
            self._line.close()
        if self._process:
            self._process.kill()
            self._process.wait()
        self._line = self._process = None

    def _ask(self, question: Question, wait: float) -> Reply | None:
        """Ask the child; None where it is busy, late, or broke down."""
        if not self._turn.acquire(timeout=wait):
            return None
        try:
            line, until = self._connect(), time.monotonic() + wait
            if self._unanswered and self._hear(line, until) is None:
                return None
            line.send(question)  # it listens: nothing is left to answer
            self._unanswered = time.monotonic()
            return self._hear(line, until)
        except (EOFError, OSError):
            self.close()
            return None
        finally:
            self._turn.release()

    def _hear(self, line: Connection, until: float) -> Reply | None:
        """Hear the answer to the last question; None where there is none in time."""
        if line.poll(max(0.0, until - time.monotonic())):
            reply = line.recv()
            self._unanswered = 0.0
            return tuple(Neighbour(*each) for each in reply)
        if time.monotonic() - self._unanswered > HUNG:
            self.close()
        return None

    def _connect(self) -> Connection:
        if self._line and self._process and self._process.poll() is None:
            return self._line
        self.close()
        self._line, other = Pipe()
        program = [sys.executable, "-P", "-m", "radio.search.sense.nearest"]
        with other:
            self._process = subprocess.Popen(
                [*program, str(folder(self._archive)), str(other.fileno())],
                pass_fds=[other.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            )
        self._unanswered = time.monotonic()
        return self._line

    def _read(self, near: Reply) -> Iterator[Guess]:
        for each in near:
            episode = holdings.find_episode(self._archive, each.key)
            found = read_vectors(path_of(self._archive, each.key))
            if episode is None or found is None:
                continue
            if found.of == stamp(self._archive.vtt_path(each.key)) and each.place < found.count:
                (start, text), *others = found.passages()[each.place :]
                end = others[0].start if others else max(start + 1.0, episode.audio.duration)
                if len(text) > LONGEST_PASSAGE:
                    space = text.rfind(" ", 0, LONGEST_PASSAGE)
                    text = f"{text[:LONGEST_PASSAGE]}…" if space < 0 else f"{text[:space]} …"
                title, day = episode.title, episode.date
                yield Guess(each.key, episode.show, title, day, start, end, text)


def free_words(text: str) -> str:
    """Give what a query says, without its filters and what it excludes.

    >>> free_words('la paume -"la police" après:2023 "à la cantine"')
    'la paume à la cantine'
    """
    groups = items(text[:LONGEST_QUERY])
    said = (each.text for group in groups for each in group if not (each.field or each.is_negated))
    return " ".join(said)
