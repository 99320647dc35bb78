"""How far work is, reported while it goes on."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

# gets how much is done: a fraction, 0 to 1, unless another unit is named
Progress = Callable[[float], None]
T = TypeVar("T")


def silent(_done: float) -> None:
    """Report to nobody."""


def part_of(progress: Progress, before: float, share: float) -> Progress:
    """Report a part of some work: what comes before it, and its share of all."""
    return lambda done: progress(before + done * share)


def with_progress(some: Sequence[T], progress: Progress) -> Iterator[T]:
    """Give some things one by one, and report how many of them are done."""
    for number, each in enumerate(some):
        yield each
        progress((number + 1) / len(some))
