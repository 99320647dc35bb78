"""What waits for keepers, folded: a flood is seen as one, and is refused as one. Pure.

What several propose alike is in no fold: somebody should look at it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from radio.proposals.queue import Mending
from radio.proposals.text import tell_apart

LEAST = 10  # proposals that are worth a fold
MOST = 12  # folds that are told

Kind = Literal["day", "episode", "words", "far"]


@dataclass(frozen=True)
class Fold:
    """Proposals that have something in common."""

    kind: Kind
    value: str  # the day, the key of the episode, the words that are new; of far ones nothing
    ids: tuple[str, ...]

    @property
    def name(self) -> str:
        """What an address says of it."""
        return f"{self.kind}:{self.value}"


def folds(waiting: Iterable[Mending]) -> list[Fold]:
    """Fold what waits by its day, its episode, and the words that it would bring; largest first."""
    found = defaultdict[tuple[Kind, str], list[str]](list)
    for each in waiting:
        if each.count > 1:
            continue
        found["day", each.day].append(each.id)
        found["episode", each.key].append(each.id)
        if each.is_far:
            found["far", ""].append(each.id)
        if new := _new_words(each):
            found["words", new].append(each.id)
    large = [Fold(*what, tuple(ids)) for what, ids in found.items() if len(ids) >= LEAST]
    return sorted(large, key=lambda each: -len(each.ids))[:MOST]


def unfold(waiting: Sequence[Mending], name: str) -> list[Mending]:
    """Give what is in a fold of some name; nothing where there is none by now."""
    ids = {one for each in folds(waiting) if each.name == name for one in each.ids}
    return [each for each in waiting if each.id in ids]


def _new_words(each: Mending) -> str:
    """Tell what a proposal would bring, whatever numbers stand in it.

    >>> _new_words(Mending("", "", 0, 1, "la kni dit", "", "la kni dit Montre-12 !", "2026-01-01"))
    'montre-0 !'
    """
    pieces = tell_apart(each.was, each.words)[1]
    new = " ".join(words for words, is_new in pieces if is_new)
    return re.sub(r"\d+", "0", new.casefold())
