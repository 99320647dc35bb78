"""A jingle found in what was on the air."""

from pathlib import Path

import numpy as np

from radio.sound import RATE
from radio.sound.excerpt import locate
from tests import sounds
from tests.samples import CITY, DEMO, MEMORY, STREET


def test_a_jingle_is_found_under_a_voice_and_where_it_is_not_no_one_says_so(
    tmp_path: Path,
) -> None:
    street, city = (sounds.samples(DEMO / f"{each}.mp3") for each in (STREET, CITY))
    jingle = sounds.encode(street[20 * RATE : 28 * RATE], tmp_path / "jingle.opus", RATE)
    over = street.copy()
    over[20 * RATE : 28 * RATE] *= 0.6
    over[20 * RATE : 28 * RATE] += 0.4 * city[10 * RATE : 18 * RATE]
    place = locate(sounds.encode(over, tmp_path / "air.mp3", RATE), jingle)
    assert place.is_sure
    assert abs(place.second - 20) < 0.1
    assert not locate(DEMO / f"{MEMORY}.mp3", jingle).is_sure
    silent = sounds.encode(np.zeros(20 * RATE), tmp_path / "silence.flac", RATE)
    assert not locate(silent, jingle).is_sure
