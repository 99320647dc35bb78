"""Numbers of voices: one that is found anew keeps its number, and no other gets it. Pure."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Sequence

from radio.text.transcript import Turn
from radio.transcribe.attribution import overlapping


def renumber(
    turns: Sequence[Turn], before: Sequence[Turn], taken: Iterable[int]
) -> tuple[Turn, ...]:
    """Give each voice the number of the voice from before that it shares most time with.

    Those that share none get new numbers, never one that a voice from before had or that is
    `taken`, as by a name. Both kinds of turns are in order, and apart.
    """
    shared: dict[tuple[int, int], float] = defaultdict(float)
    for turn in turns:
        for other in overlapping(before, turn.start, turn.end):
            shared[turn.voice, other.voice] += min(turn.end, other.end) - max(
                turn.start, other.start
            )
    numbers: dict[int, int] = {}
    given = set[int]()
    for voice, number in sorted(shared, key=lambda pair: -shared[pair]):
        if voice not in numbers and number not in given:
            numbers[voice] = number
            given.add(number)
    fresh = max([turn.voice for turn in before] + list(taken), default=0)
    for voice in dict.fromkeys(turn.voice for turn in turns):
        if voice not in numbers:
            fresh += 1
            numbers[voice] = fresh
    return tuple(dataclasses.replace(turn, voice=numbers[turn.voice]) for turn in turns)
