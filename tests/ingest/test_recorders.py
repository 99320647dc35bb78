"""When files of recorders begin."""

import datetime as dt
import os
from pathlib import Path

import pytest

from radio.ingest.recorders import Recorder, moment_of
from tests import sounds
from tests.pige import RATE, melody
from tests.tables import for_each

pytestmark = pytest.mark.usefixtures("paris")
PIGE = Path("/srv/pige")


@for_each(
    ("name", "expected"),
    [
        ("2026-11-24-20.mp3", "2026-11-24 20:00"),  # rotter: flat
        ("2026/11/24/20/archive.mp3", "2026-11-24 20:00"),  # hierarchy
        ("2026/11/24/20/2026-11-24-20.flac", "2026-11-24 20:00"),  # combo
        ("2026-11-24/2026-11-24-20.ogg", "2026-11-24 20:00"),  # dailydir
        ("2026-11-24/2026-11-24-20-15-33-07.wav", "2026-11-24 20:15:33"),  # accurate
        ("2022/07/07/19h45.ogg", "2022-07-07 19:45"),  # panikdb
        ("2015-02-12T120000+0200_090.mp3", "2015-02-12 11:00"),  # RAAR
        ("2026-11-24-20_00_00.mp3", "2026-11-24 20:00"),  # Liquidsoap
        ("20261124_200001.aac", "2026-11-24 20:00:01"),
        ("20261124/20.mp3", "2026-11-24 20:00"),
        ("pige 2026-11-24 20h00.m4a", "2026-11-24 20:00"),
        ("2026/11/24/20_30_00.mp3", "2026-11-24 20:30"),
        ("hour20.mp3", None),
        ("2026-13-45-99.mp3", None),
        ("2026-02-31-20.mp3", None),
    ],
)
def test_names_of_known_recorders_tell_the_hour(name: str, expected: str | None) -> None:
    found = moment_of(PIGE / name, PIGE)
    assert found == (dt.datetime.fromisoformat(expected).timestamp() if expected else None)


@for_each(
    ("pattern", "path", "expected"),
    [
        ("/srv/pige/%Y/S%m%d-%H%M.mp3", "/srv/pige/2026/S1124-2000.mp3", "2026-11-24 20:00"),
        (
            "/srv/pige/%Y/%Y-%m-%dT%H%MZ.ogg",
            "/srv/pige/2026/2026-11-24T1900Z.ogg",
            "2026-11-24 20:00",
        ),
        ("/srv/pige/%s.ogg", "/srv/pige/1795546800.ogg", "2026-11-24 20:00"),
        ("/srv/pige/%Y/S%m%d-%H%M.mp3", "/srv/pige/2026/autre.mp3", None),
    ],
)
def test_a_pattern_of_ones_own(pattern: str, path: str, expected: str | None) -> None:
    found = moment_of(Path(path), Recorder(pattern).root, pattern)
    assert found == (dt.datetime.fromisoformat(expected).timestamp() if expected else None)


def test_what_was_on_the_air_twice_at_three_is_told_apart(tmp_path: Path) -> None:
    """When clocks go back, two hours have one name; the last change of the file tells which."""
    path = sounds.encode(melody(1, 10), tmp_path / "2026-10-25-02.mp3", RATE)
    summer = dt.datetime.fromisoformat("2026-10-25T02:00+02:00").timestamp()
    for begin in (summer, summer + 3600):
        os.utime(path, (begin + 10, begin + 10))
        [reel] = Recorder(str(tmp_path)).reels(summer, summer + 7200)
        assert reel.start == begin


def test_a_recorder_that_was_started_again_is_not_taken_for_punctual(tmp_path: Path) -> None:
    hour = dt.datetime(2026, 11, 24, 20).timestamp()
    for number, (name, end) in enumerate((("2026-11-24-20", 3600), ("2026-11-24-21", 3610))):
        path = sounds.encode(melody(number, 10), tmp_path / f"{name}.mp3", RATE)
        os.utime(path, (hour + end, hour + end))
    late, _next = Recorder(str(tmp_path)).reels(hour, hour + 7200)
    assert abs(late.start - (hour + 3590)) < 0.2
    assert Recorder(str(tmp_path)).reels(hour, hour + 1800) == []


def test_files_without_an_hour_in_their_names_end_with_their_last_change(tmp_path: Path) -> None:
    path = sounds.encode(melody(1, 10), tmp_path / "pige-a.mp3", RATE)
    os.utime(path, (1_795_546_800, 1_795_546_800))
    [reel] = Recorder(str(tmp_path)).reels(1_795_546_000, 1_795_547_000)
    assert abs(reel.end - 1_795_546_800) < 0.2
