"""What may wait for a keeper: words that were heard, not too many at once, and nothing of robots.

Nobody is told apart from anybody: what limits is how much comes in an hour, and how much waits.
"""

import datetime as dt
import threading
import time
import unicodedata
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Literal

from radio.mending.proposals import (
    MOST_OF_EPISODE,
    MOST_WAITING,
    Mending,
    Mendings,
    changing,
    hash_of,
    name_of,
    read,
)

LONGEST = 1000  # characters of what is proposed
LONGEST_COMMENT = 300
HOUR = 3600.0  # seconds
OF_ALL, OF_EPISODE = 60, 30  # in an hour
NEAR = 0.4  # likeness, 0 to 1, under which words have little to do with others
UNSEEN = ("Cc", "Cf", "Cn", "Co", "Cs")  # categories of characters that nobody sees

Fault = Literal["", "empty", "long", "unseen", "same"]
Outcome = Literal["kept", "known", "full"]


@dataclass(frozen=True)
class Sentence:
    """A sentence of a transcript, as a listener has it before the eyes."""

    key: str  # of the episode
    start: float  # seconds
    end: float
    words: str

    @property
    def seen(self) -> str:
        """Its hash: whoever proposes something says by it what was seen."""
        return hash_of(self.start, self.end, self.words)


class Budget:
    """How much may come in an hour; kept in memory, for an hour, without any name."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._taken: deque[tuple[float, str]] = deque()
        self._lock = threading.Lock()

    def has_room(self, key: str) -> bool:
        """Whether something more may come for an episode."""
        with self._lock:
            return self._has_room(key)

    def take(self, key: str) -> bool:
        """Count something more for an episode; False where there is no room for it."""
        with self._lock:
            has_room = self._has_room(key)
            if has_room:
                self._taken.append((self._clock(), key))
            return has_room

    def _has_room(self, key: str) -> bool:
        while self._taken and self._taken[0][0] <= self._clock() - HOUR:
            self._taken.popleft()
        of_episode = Counter(each for _, each in self._taken)[key]
        return len(self._taken) < OF_ALL and of_episode < OF_EPISODE


def tidy(text: str) -> str:
    """Write a text on one line, its letters in one way.

    >>> tidy(" la\\r\\n  CNIL ")
    'la CNIL'
    """
    return " ".join(unicodedata.normalize("NFC", text).split())


def fault_in(words: str, comment: str, was: str) -> Fault:
    """Tell what is wrong with tidy words, if anything is.

    >>> fault_in("la CNIL", "", "la kni"), fault_in("la kni", "", "la kni")
    ('', 'same')
    """
    if not words:
        return "empty"
    if len(words) > LONGEST or len(comment) > LONGEST_COMMENT:
        return "long"
    if any(unicodedata.category(each) in UNSEEN for each in words + comment):
        return "unseen"
    return "same" if words == tidy(was) else ""


def is_far(was: str, words: str) -> bool:
    """Whether words have little to do with those that they shall replace.

    >>> is_far("la kni dit non", "la CNIL dit non"), is_far("la kni dit non", "achetez ici")
    (False, True)
    """
    old, new = was.casefold().split(), words.casefold().split()
    by_words = SequenceMatcher(None, old, new, autojunk=False).ratio()
    if by_words >= NEAR:
        return False
    return SequenceMatcher(None, "".join(old)[:LONGEST], "".join(new)).quick_ratio() < 2 * NEAR


def take(root: Path, budget: Budget, sentence: Sentence, words: str, comment: str) -> Outcome:
    """Keep what is proposed for a sentence, unless there is no room for it by now.

    Raises ArchiveError if the disk refuses.
    """
    if not budget.has_room(sentence.key):
        return "full"
    name = name_of(sentence.key, sentence.seen, words)
    if not _fits(known := read(root), sentence.key, name):
        return "known" if name in known.refused else "full"
    if not budget.take(sentence.key):
        return "full"
    with changing(root) as states:
        old = states[-1]
        if not _fits(old, sentence.key, name):
            return "full"
        states.append(_with(old, name, sentence, words, comment))
    return "kept"


def _fits(mendings: Mendings, key: str, name: str) -> bool:
    """Whether something may wait: what waits already always does."""
    if name in mendings.refused:
        return False
    waiting = mendings.waiting
    if any(each.id == name for each in waiting):
        return True
    of_episode = sum(each.key == key for each in waiting)
    return len(waiting) < MOST_WAITING and of_episode < MOST_OF_EPISODE


def _with(old: Mendings, name: str, sentence: Sentence, words: str, comment: str) -> Mendings:
    """Add a proposal, or count it where the same one waits."""
    waiting = list(old.waiting)
    for place, each in enumerate(waiting):
        if each.id == name:
            told = each.comment or comment
            waiting[place] = replace(each, count=each.count + 1, comment=told)
            return replace(old, waiting=tuple(waiting))
    day, far = dt.date.today().isoformat(), is_far(sentence.words, words)
    place_of = (sentence.key, sentence.start, sentence.end, sentence.words, sentence.seen)
    return replace(
        old, waiting=(*waiting, Mending(name, *place_of, words, day, comment, is_far=far))
    )
