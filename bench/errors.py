"""Errors of words against the sample shows."""

from collections.abc import Sequence

from bench.shows import SampleShow
from radio.text import accuracy
from radio.text.accuracy import Counts, Said, interval, rate

__all__ = ["Counts", "Said", "count", "interval", "outside", "rate"]


def count(show: SampleShow, said: Sequence[Said]) -> Counts:
    """Count the errors in each block of a show."""
    right = [(each["text"], each["start"]) for each in show.speech]
    return accuracy.count(right, " ".join(word for word, _ in said))


def outside(show: SampleShow, said: Sequence[Said]) -> int:
    """Count the words that lie where nobody speaks."""
    return accuracy.outside([(each["start"], each["end"]) for each in show.speech], said)
