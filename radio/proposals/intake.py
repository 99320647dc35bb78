"""What may wait for a keeper: words that were heard, not too many at once, and nothing of robots.

Nobody is told apart from anybody: what limits is how much comes in an hour, and how much waits.
"""

import datetime as dt
import unicodedata
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Literal

from radio.french.letters import composed
from radio.proposals.budget import Budget
from radio.proposals.queue import (
    MOST_OF_EPISODE,
    MOST_OF_SENTENCE,
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
LITTLE = 3  # that wait for an episode: there is room for it in what is kept free
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


def tidy(text: str) -> str:
    """Write a text on one line, its letters in one way.

    >>> tidy(" la\\r\\n  CNIL ")
    'la CNIL'
    """
    return " ".join(composed(text).split())


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
    if not budget.has_room(sentence.key, sentence.seen):
        return "full"
    name, far = name_of(sentence.key, sentence.seen, words), is_far(sentence.words, words)
    if not _fits(known := read(root), sentence, name, far):
        return "known" if name in known.refused else "full"
    if not budget.take(sentence.key, sentence.seen, far=far):
        return "full"
    with changing(root) as states:
        old = states[-1]
        if not _fits(old, sentence, name, far):
            return "full"
        states.append(_with(old, name, sentence, words, comment, far))
    return "kept"


def _fits(mendings: Mendings, sentence: Sentence, name: str, far: bool) -> bool:
    """Whether something may wait: what waits already always does.

    Some room is kept free for near words about episodes of which few wait.
    """
    if name in mendings.refused:
        return False
    waiting = mendings.waiting
    if any(each.id == name for each in waiting):
        return True
    of_episode = [each for each in waiting if each.key == sentence.key]
    of_sentence = sum(each.seen == sentence.seen for each in of_episode)
    kept_free = 0 if len(of_episode) < LITTLE and not far else MOST_WAITING // 5
    return (
        len(waiting) < MOST_WAITING - kept_free
        and len(of_episode) < MOST_OF_EPISODE
        and of_sentence < MOST_OF_SENTENCE
    )


def _with(
    old: Mendings, name: str, sentence: Sentence, words: str, comment: str, far: bool
) -> Mendings:
    """Add a proposal, or count it where the same one waits."""
    waiting = list(old.waiting)
    for place, each in enumerate(waiting):
        if each.id == name:
            told = each.comment or comment
            waiting[place] = replace(each, count=each.count + 1, comment=told)
            return replace(old, waiting=tuple(waiting))
    day = dt.date.today().isoformat()
    place_of = (sentence.key, sentence.start, sentence.end, sentence.words, sentence.seen)
    return replace(
        old, waiting=(*waiting, Mending(name, *place_of, words, day, comment, is_far=far))
    )
