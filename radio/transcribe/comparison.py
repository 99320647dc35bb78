"""Which of two texts that machines made of an episode is the better one.

How sure a machine is can be compared between texts of the same weights only: larger weights are
not surer by as much as they are better. So the published rank of the models decides (`catalogue`),
unless the better model broke down on this recording: then its confidence collapses. The figures are
in docs/transcription.md, measured by `bench/versions.py`.
"""

from radio.text.transcript import Evidence
from radio.transcribe.hallucinations import drop_hallucinations
from radio.transcribe.models import catalogue

MARGIN = 0.01
"""Confidence by which a text of the same model must be better. On the sample shows, two engines
with the same weights differ by up to 0.015, and that has nothing to do with their errors."""

COLLAPSE = 0.15
"""Confidence by which a better model may stay below a lesser one before it counts as failed. On the
sample shows, texts that can still be used (word error rate to 0.22, of `base` 0.13) are at most
0.09 below `base`, and those that broke down (from 0.39 on) at least 0.17."""


def confidence(evidence: Evidence) -> float:
    """Measure how sure the machine is of a transcript, 0 to 1.

    It is the share of the speech that its words cover, each word counted by duration and
    probability. 1 where nobody speaks.
    """
    speech = sum(each.end - each.start for each in evidence.regions if each.kind == "speech")
    words = (word for segment in evidence.segments for word in drop_hallucinations(segment))
    certainty = sum((word.end - word.start) * word.probability for word in words)
    return certainty / speech if speech else 1.0


def is_better(new: Evidence, present: Evidence) -> bool:
    """Whether a new text should take the place of the present one."""
    gain = confidence(new) - confidence(present)
    match lead(new.model, present.model):
        case 0:
            return gain >= MARGIN
        case 1:
            return gain > -COLLAPSE
        case _:
            return gain >= COLLAPSE


def lead(model: str, other: str) -> int:
    """Tell whether a model is published as better than another: 1, 0 or -1.

    0 means the same, or that one of them is not ranked.

    >>> lead("small", "base"), lead("base", "large-v3"), lead("base", "base"), lead("other", "base")
    (1, -1, 0, 0)
    """
    ranks = catalogue.rank(model), catalogue.rank(other)
    if ranks[0] is None or ranks[1] is None:
        return 0
    return (ranks[0] > ranks[1]) - (ranks[0] < ranks[1])
