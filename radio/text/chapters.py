"""The chapters of an episode, as people wrote them or a machine proposes them. Pure."""

from dataclasses import dataclass

PROPOSED = "proposed"  # CHAPTERS in the tag of a recording whose chapters no person chose


@dataclass(frozen=True)
class Chapter:
    """A chapter of an episode."""

    start: float  # seconds
    title: str


@dataclass(frozen=True)
class Chapters:
    """The chapters of an episode, in their order."""

    parts: tuple[Chapter, ...] = ()
    proposed: bool = False  # by a machine: nobody looked at them
