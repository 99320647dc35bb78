"""How far a piece of work is, told while it goes on."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Progress = Callable[[float], None]
"""Is told how much is done: a fraction, 0 to 1, where no other unit is named."""
T = TypeVar("T")


def told(some: Sequence[T], progress: Progress) -> Iterator[T]:
    """Give some things one by one, and tell how many of them are done."""
    for number, each in enumerate(some):
        yield each
        progress((number + 1) / len(some))
