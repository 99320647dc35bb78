"""Killed at any moment: nothing is lost or half written, and the next run goes on by itself."""

import random
import time
from pathlib import Path

import pytest

from radio.transcribe.versions import headway
from tests.fakes import transcribe_slowly
from tests.processes import EASE, GROWTH, KILLED, LONGEST, Mortal
from tests.samples import said, street

pytestmark = [pytest.mark.long, pytest.mark.torture]

KILLS = 100
SEED = 20261125


def test_a_hundred_random_kills(tmp_path: Path) -> None:
    archive, work = street(tmp_path), Mortal(transcribe_slowly, tmp_path)
    (episode,) = archive.episodes()
    chance = random.Random(SEED)

    def forget() -> None:
        archive.vtt_path(episode.key).unlink()
        archive.evidence_path(episode.key).unlink()

    assert work.live() == 0
    whole, unbroken = work.counter.value, said(archive)
    assert whole >= 7
    forget()
    began = time.monotonic()
    assert work.live() == 0
    longest = usual = LONGEST * (time.monotonic() - began)
    forget()
    kills = ends = 0
    reached = 0.0
    while kills < KILLS:
        code = work.live(chance.uniform(0, longest))
        assert code in (0, KILLED)
        if code == KILLED:
            kills, longest = kills + 1, GROWTH * longest
            way = headway(archive, episode.key, episode.audio.duration)
            assert way is None or way.reached >= reached
            reached = way.reached if way else reached
            archive.transcript(episode.key)  # never half written
        if archive.is_transcribed(episode.key) and archive.evidence(episode.key):
            assert said(archive) == unbroken
            ends, reached, longest = ends + 1, 0.0, max(usual, EASE * longest)
            forget()
    assert work.live() == 0
    assert said(archive) == unbroken
    print(f"{KILLS} kills, {ends} whole transcripts, {work.counter.value} batches")  # noqa: T201
    assert ends >= 5
    # One batch is under way and one may be done but not yet kept.
    assert work.counter.value <= whole * (ends + 2) + 2 * KILLS
    names = [path.name for path in archive.transcripts.glob("*/*")]
    assert sorted(names) == [f"{episode.slug}.json", f"{episode.slug}.vtt"]
