"""What may wait for a keeper: not too much at once, and nothing of robots. Nobody is identified:
limits count what comes in an hour, on the site and for one episode, and what waits."""

import datetime as dt
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from radio.french.letters import tidy
from radio.proposals.queue import Mending, Mendings, changing, hash_of, name_of, read
from radio.text.aligned import likeness

MOST_WAITING = 500
MOST_OF_EPISODE = 100  # that wait
MOST_OF_SENTENCE = 10
LONGEST = 1000  # characters of what is proposed
LONGEST_COMMENT = 300
LITTLE = 3  # that wait for an episode: it has room in what is left free
NEAR = 0.4  # likeness, 0 to 1, under which words have little to do with others
HOUR = 3600.0  # seconds in which all of the room comes back
OF_SITE, OF_EPISODE = 60, 30  # proposals
HAIR = 1e-6  # of a proposal
UNSEEN = ("Cc", "Cf", "Cn", "Co", "Cs")  # categories of characters that nobody sees

Fault = Literal["", "empty", "long", "unseen", "same"]
Outcome = Literal["kept", "known", "full"]


@dataclass(frozen=True)
class Sentence:
    """A sentence of a transcript, as a listener sees it."""

    key: str  # of the episode
    start: float  # seconds
    end: float
    words: str

    @property
    def seen(self) -> str:
        """Its hash, by which proposals name what was seen."""
        return hash_of(self.start, self.end, self.words)


def fault_in(words: str, comment: str, was: str) -> Fault:
    """Find what is wrong with tidy words, if anything is."""
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
    if likeness(old, new) >= NEAR:
        return False
    letters, others = Counter("".join(old)[:LONGEST]), Counter("".join(new))
    shared = 2 * (letters & others).total() / max(1, letters.total() + others.total())
    return shared < 2 * NEAR


class Budget:
    """How much may come; in memory, for an hour, without any name."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._taken: dict[str, tuple[float, float]] = {}  # by what: when, and how much by then

    def has_room(self, key: str) -> bool:
        """Whether one more may come for an episode."""
        return all(load + 1 <= limit + HAIR for _name, load, limit in self._loads(key))

    def count(self, key: str) -> None:
        """Count one more for an episode."""
        now = self._clock()
        loads = {name: (now, load + 1) for name, load, _limit in self._loads(key)}
        # No more episodes than the site takes in an hour: this stays small.
        known = {name: each for name, each in self._taken.items() if each[0] >= now - HOUR}
        self._taken = known | loads

    def _loads(self, key: str) -> Iterator[tuple[str, float, int]]:
        """Give how much is taken of each limit: all of it comes back in an hour."""
        for name, limit in (("", OF_SITE), (key, OF_EPISODE)):
            at, load = self._taken.get(name, (0.0, 0.0))
            yield name, max(0.0, load - (self._clock() - at) * limit / HOUR), limit


def take(root: Path, budget: Budget, sentence: Sentence, words: str, comment: str) -> Outcome:
    """Save what is proposed, unless there is no room. Raises ArchiveError if the disk refuses."""
    if not budget.has_room(sentence.key):
        return "full"
    mending = Mending(
        name_of(sentence.key, sentence.seen, words),
        sentence.key,
        sentence.start,
        sentence.end,
        sentence.words,
        sentence.seen,
        words,
        dt.date.today().isoformat(),
        comment,
        is_far=is_far(sentence.words, words),
    )
    if not _fits(known := read(root), mending):
        return "known" if mending.id in known.refused else "full"
    budget.count(sentence.key)
    with changing(root) as states:
        if not _fits(states[-1], mending):
            return "full"
        waiting = {each.id: each for each in states[-1].waiting}
        if same := waiting.get(mending.id):
            mending = replace(same, count=same.count + 1, comment=same.comment or mending.comment)
        waiting[mending.id] = mending
        states.append(replace(states[-1], waiting=tuple(waiting.values())))
    return "kept"


def _fits(mendings: Mendings, mending: Mending) -> bool:
    """Whether something may wait; room is left for near words about episodes with few proposals."""
    waiting = mendings.waiting
    if mending.id in mendings.refused:
        return False
    if any(each.id == mending.id for each in waiting):
        return True
    of_episode = [each for each in waiting if each.key == mending.key]
    of_sentence = sum(each.seen == mending.seen for each in of_episode)
    reserved = 0 if len(of_episode) < LITTLE and not mending.is_far else MOST_WAITING // 5
    has_room = len(waiting) < MOST_WAITING - reserved and len(of_episode) < MOST_OF_EPISODE
    return has_room and of_sentence < MOST_OF_SENTENCE
