"""What the site asks of the process that knows the model, and what that answers."""

from typing import NamedTuple


class Neighbour(NamedTuple):
    """A passage near to a query: its episode, its number in it, and the cosine."""

    key: str
    place: int
    score: float


class Question(NamedTuple):
    """What is near to a text, among the episodes of some keys; among all without."""

    text: str
    among: tuple[str, ...] | None = None


Reply = tuple[Neighbour, ...]
"""The answer to a question, the nearest first; the first one, without, says that all is loaded."""
