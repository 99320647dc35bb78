"""The chooser of windows: each candidate differs from today's in what it says, and for a while."""

import numpy as np

from bench.choice import CANDIDATES, Outcome, row
from bench.errors import Counts
from bench.shows import shows
from radio.sound import RATE
from radio.transcribe import regions, transcription, windows
from radio.transcribe.engines.interface import Attempt
from tests.fakes import Fake


def choices(engine: Fake) -> tuple[object, ...]:
    modules = regions.PAD, windows.REST, vars(transcription)["prompt"]
    return engine.window_samples, engine.attempts, *modules


def test_a_candidate_changes_one_thing_and_puts_it_back() -> None:
    engine = Fake(window_samples=18 * RATE, attempts=(Attempt(beam=4), Attempt()))
    today = choices(engine)
    for candidate in (each for some in CANDIDATES.values() for each in some[1:]):
        with candidate.chosen(engine):
            changed = sum(a != b for a, b in zip(choices(engine), today, strict=True))
        assert changed == 1, candidate.name
        assert choices(engine) == today


def test_a_candidate_that_errs_more_in_each_block_is_not_chance() -> None:
    counts: dict[str, Counts] = {show.name: np.array([[2, 40], [4, 50]]) for show in shows()}
    worse = {name: each + np.array([3, 0]) for name, each in counts.items()}
    today = Outcome(counts, 0, 30.0)
    written = row(CANDIDATES["faster"][1], Outcome(worse, 1, 40.0), today)
    assert "| 0.133 | 0.133 | 0.133 | 0.133 | +0.067 (+0.0" in written
    assert written.endswith("| 1 | 40 s |")
    assert "| | 0 | 30 s |" in row(CANDIDATES["faster"][0], today, today).replace("  ", " ")
