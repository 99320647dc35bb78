"""Certainty, for real: what is told of the words that an engine heard is near the truth."""

from pathlib import Path

from bench.rightness import tell_right
from radio.archive import Archive
from radio.text.doubt import HeardWord, right_in_ten, weigh
from tests.samples import CITY, MEMORY, SHOW, STREET, reference


def judged(chain: Path, slug: str) -> list[tuple[HeardWord, bool]]:
    """Give the words that were heard in a sample show, and whether each is right."""
    evidence = Archive(chain).evidence(f"{SHOW}/{slug}")
    assert evidence is not None
    words = list(weigh(evidence))
    said = " ".join(str(region["text"]) for region in reference(slug))
    right = tell_right([each.word.text for each in words], said)
    return list(zip(words, right, strict=True))


def test_the_certainty_that_is_told_is_near_the_truth(chain: Path) -> None:
    """Ten points, and five more for chance: a show has 140 words."""
    for slug in (STREET, CITY, MEMORY):
        words = judged(chain, slug)
        true = 10 * sum(right for _, right in words) / len(words)
        told = right_in_ten(heard for heard, _ in words)
        assert told is not None
        assert abs(told - true) < 1.5


def test_words_that_are_told_as_sure_are_right_and_dots_are_where_errors_are(chain: Path) -> None:
    words = [each for slug in (STREET, CITY, MEMORY) for each in judged(chain, slug)]
    sure = [right for heard, right in words if heard.certainty > 0.9]
    doubted = [right for heard, right in words if heard.reason]
    assert len(sure) > len(words) / 2
    assert sum(sure) / len(sure) > 0.9
    assert 10 < len(doubted) < len(words) / 5
    assert sum(doubted) / len(doubted) < 0.7 < 0.8 < sum(right for _, right in words) / len(words)
