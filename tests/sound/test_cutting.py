"""Parts of recordings cut and joined: all that is said stays, at its second."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from radio.sound import RATE, probe
from radio.sound.cutting import Strip, assemble, flaws, measure, suffix_of
from radio.system.errors import AudioError
from tests import sounds
from tests.pige import RATE as PIGE
from tests.pige import melody

SECONDS = 12
HERTZ = [300 + 150 * number for number in range(SECONDS)]  # each second has its own tone


@pytest.fixture(scope="module")
def scale() -> Any:
    at = np.arange(SECONDS * 48_000) / 48_000
    return 0.3 * np.sin(2 * np.pi * np.array(HERTZ)[at.astype(int)] * at)


def heard(path: Path) -> list[int]:
    """Tell which second of the scale is heard in the middle of each second."""
    sound, middle = sounds.samples(path), round(0.3 * RATE)
    found = list[int]()
    for second in range(round(len(sound) / RATE)):
        part = sound[second * RATE + middle : second * RATE + 2 * middle]
        pitch = np.abs(np.fft.rfft(part * np.hanning(len(part)))).argmax() * RATE / len(part)
        found.append(int(np.abs(np.array(HERTZ) - pitch).argmin()))
    return found


@pytest.mark.parametrize("suffix", [".mp3", ".m4a", ".aac", ".opus", ".ogg", ".flac", ".wav"])
def test_hours_joined_lose_nothing_and_keep_their_format(
    scale: Any, tmp_path: Path, suffix: str
) -> None:
    raw = suffix == ".aac"
    path = sounds.encode(scale, tmp_path / f"hour{'.m4a' if raw else suffix}")
    if raw:
        path = bare(path)
    known = measure(path)
    assert known.seconds == pytest.approx(SECONDS, abs=0.1)
    target = tmp_path / f"joined{suffix_of([known, known])}"
    assemble([Strip(str(path), 7), Strip(str(path), 2, 5), Strip(str(path), 0, 1)], target)
    assert heard(target) == [7, 8, 9, 10, 11, 2, 3, 4, 0]
    assert target.suffix == (".m4a" if raw else suffix)
    assert target.suffix in probe(target).suffixes
    assert measure(target).seconds == pytest.approx(9, abs=0.1)


def bare(path: Path) -> Path:
    """Take AAC out of its container, as recorders write it."""
    import av

    target = path.with_suffix(".aac")
    with av.open(path) as source, av.open(target, "w", format="adts") as made:
        stream = made.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(source.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = stream
                made.mux(packet)
    return target


def test_lossless_parts_are_the_very_samples(scale: Any, tmp_path: Path) -> None:
    path = sounds.encode(scale, tmp_path / "hour.flac")
    assemble([Strip(str(path), 1.2345, 3)], target := tmp_path / "part.flac")
    first, last = round(1.2345 * 48_000), 3 * 48_000
    whole, part = soundfile.read(path)[0], soundfile.read(target)[0]
    assert np.array_equal(part, whole[first:last])


def test_parts_of_two_recorders_become_one(scale: Any, tmp_path: Path) -> None:
    one, two = (sounds.encode(scale, tmp_path / f"hour{end}") for end in (".mp3", ".flac"))
    target = tmp_path / f"joined{suffix_of([measure(one), measure(two)])}"
    assemble([Strip(str(one), 3, 5), Strip(str(two), 5, 8)], target)
    assert heard(target) == [3, 4, 5, 6, 7]


def test_nothing_within_is_no_recording(scale: Any, tmp_path: Path) -> None:
    path = sounds.encode(scale, tmp_path / "hour.mp3")
    with pytest.raises(AudioError):
        assemble([Strip(str(path), 20, 30)], tmp_path / "part.mp3")
    (tmp_path / "page.mp3").write_text("<html>")
    with pytest.raises(AudioError):
        measure(tmp_path / "page.mp3")


def test_silence_and_damage_are_flaws(scale: Any, tmp_path: Path) -> None:
    whole = np.tile(scale, 10)
    path, half = sounds.encode(whole, tmp_path / "hour.mp3"), len(whole) // 2
    assert flaws([Strip(str(path), 0.0, 120.0)]) < 5
    quiet = sounds.encode(np.concatenate([whole[:half], 0 * whole[half:]]), tmp_path / "quiet.mp3")
    assert 50 < flaws([Strip(str(quiet), 0.0, 120.0)]) < 70
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2 :] = bytes(len(damaged) - len(damaged) // 2)
    (tmp_path / "hour.mp3").write_bytes(damaged)
    assert measure(path).seconds < 70  # what can't be read lacks


def test_vorbis_is_as_long_as_it_is_heard(tmp_path: Path) -> None:
    """Its blocks change; what ffmpeg tells of them fell short by two minutes an hour."""
    sound = melody(1, 60)
    sound[20 * PIGE : 30 * PIGE] *= 0.001
    with soundfile.SoundFile(tmp_path / "a.ogg", "w", PIGE, 1, format="OGG") as file:
        for first in range(0, len(sound), PIGE):  # a whole one is too much for libsndfile
            file.write(sound[first : first + PIGE])
    assert measure(tmp_path / "a.ogg").seconds == pytest.approx(60, abs=0.1)
