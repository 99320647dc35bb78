"""How the text of an episode is laid out: what it costs, and which words keep their doubts."""

import time

from radio.doubt import HeardWord
from radio.transcript import Cue, Word
from radio.web.layout import lay_out

MANY = 40_000  # words; some four hours


def heard(count: int) -> list[HeardWord]:
    """Doubtful words, ten in a second."""
    return [
        HeardWord(Word(n / 10, n / 10 + 0.1, f"mot{n}", 0.3), 0.3, "unsure") for n in range(count)
    ]


def seconds(cues: list[Cue]) -> float:
    """Measure the time of the processor in which cues are laid out."""
    words = heard(MANY)
    began = time.process_time()
    parts = list(lay_out(cues, None, words))
    assert sum(len(part.lines) for part in parts) == len(cues)
    return time.process_time() - began


def test_one_endless_cue_keeps_nobody_waiting() -> None:
    """A person may have pasted another text of the whole episode into one cue."""
    assert seconds([Cue(0, MANY / 10, " ".join(f"dit{n}" for n in range(MANY)))]) < 4


def test_cues_that_all_last_for_hours_keep_nobody_waiting() -> None:
    assert seconds([Cue(0, MANY / 10, f"dit{n}") for n in range(2_000)]) < 4


def test_doubts_go_on_after_what_a_person_left_out() -> None:
    said = heard(100)
    kept = [each.word.text for each in (*said[:20], *said[90:])]
    (part,) = lay_out([Cue(0, 10, " ".join(kept))], None, said)
    assert [run for line in part.lines for run in line.runs] == [(" ".join(kept), "unsure")]
