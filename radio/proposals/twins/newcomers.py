"""New recordings that sound like one that is here, or like another new one."""

import time
from collections.abc import Mapping, Sequence

from radio.proposals.twins.likeness import Likeness, find
from radio.sound.fingerprint import Fingerprint
from radio.system.progress import Progress


def resembled(
    prints: Mapping[str, Fingerprint],
    old: Sequence[str],
    new: Sequence[str],
    until: float,
    progress: Progress = lambda _: None,
) -> dict[str, tuple[str, Likeness]]:
    """Tell of new recordings which other each is a twin of: an old one, else a new one before it.

    All are named as in `prints`. It ends at a time of the clock (`time.monotonic`).
    """
    order = {name: number for number, name in enumerate((*old, *new))}
    found: dict[str, tuple[str, Likeness]] = {}
    for *pair, likeness in find(prints, old, new, progress):
        earlier, later = sorted(pair, key=order.__getitem__)
        known = found.get(later)
        if likeness.is_twin and (known is None or order[earlier] < order[known[0]]):
            found[later] = earlier, likeness
        if time.monotonic() > until:
            break
    return found
