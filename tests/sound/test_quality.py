"""What a listener would complain of is told, and nothing of a recording that sounds well."""

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from bench.shows import SampleShow, shows
from radio.archive import Archive
from radio.derived.soundness import faults, quality_of, spoken_ends
from radio.ingest.files import ingest
from radio.sound.quality import RATE, Quality, listen_closely
from radio.text.transcript import Cue
from tests.heard import write_cues
from tests.processes import call
from tests.samples import DEMO, STREET
from tests.sounds import encode
from tests.tables import for_each

SECONDS = 40


def written(samples: NDArray[np.floating], path: Path) -> Path:
    soundfile.write(path, np.clip(samples, -1, 1), RATE, "PCM_16")
    return path


def sine(level: float, seconds: float = SECONDS) -> NDArray[np.floating]:
    """A tone of 997 Hz in both ears, that many dB below full scale, faded at both ends."""
    times = np.arange(int(seconds * RATE)) / RATE
    tone = 10 ** (level / 20) * np.sin(2 * np.pi * 997 * times)
    tone *= np.clip(np.minimum(times, seconds - times) - 0.2, 0, 1)
    return np.stack([tone, tone], axis=1)


def kinds(quality: Quality) -> set[str]:
    return {each.kind for each in faults(quality, (True, True))}


@pytest.mark.parametrize("show", shows("demo", "air"), ids=lambda show: show.sound.stem)
def test_of_a_show_that_sounds_well_nothing_is_told(show: SampleShow, archive: Archive) -> None:
    """Jingles begin at once, and music may end so: that is no cut."""
    episode = ingest(archive, show.sound, "emission")
    speech = [each for each in show.reference["regions"] if each["kind"] == "speech"]
    write_cues(archive, episode.key, *(Cue(each["start"], each["end"], "Voix") for each in speech))
    quality = quality_of(archive, episode)
    assert [*faults(quality, spoken_ends(archive, episode))] == []


@for_each("level", [-23.0, -33.0])
def test_a_tone_is_as_loud_as_ebu_tech_3341_says(level: float, tmp_path: Path) -> None:
    """A tone of 1 kHz at -23 dBFS in both channels is -23 LUFS (cases 1 and 2)."""
    quality = listen_closely(written(sine(level), tmp_path / "tone.wav"))
    assert quality.loudness == pytest.approx(level, abs=0.2)
    assert quality.peak == pytest.approx(level, abs=0.3)
    assert kinds(quality) == set()


def test_each_fault_is_told(tmp_path: Path) -> None:
    tone, silence = sine(-20), np.zeros((35 * RATE, 2))
    sounds = {
        "low": sine(-45),
        "clipping": 10 * tone * 3,
        "silence": np.concatenate([tone, silence, tone]),
        "one ear": tone * [0, 1],
        "begins cut": tone[5 * RATE :],
        "ends cut": tone[: -5 * RATE],
    }
    for kind, samples in sounds.items():
        assert kinds(listen_closely(written(samples, tmp_path / "sound.wav"))) == {kind}


def test_nothing_to_hear_and_an_index_behind_the_sound_are_told(tmp_path: Path) -> None:
    quality = listen_closely(written(np.zeros((40 * RATE, 1)), tmp_path / "nothing.wav"))
    assert (quality.loudness, quality.peak) == (None, None)
    assert kinds(quality) == {"low", "silence"}
    late = encode(sine(-20, 10)[:, 0], tmp_path / "late.m4a")
    assert kinds(listen_closely(late)) == {"no seek"}


def test_the_command_tells_each_recording_and_listens_once(archive: Archive) -> None:
    ingest(archive, DEMO / f"{STREET}.mp3", "emission")
    command = ("check", "--root", str(archive.root), "--sound")
    (told,) = json.loads(call(*command, "--json").stdout)
    assert told["episode"] == f"emission/{STREET}"
    assert -40 < told["loudness"] < -10
    (kept,) = archive.cache.glob("quality/*")
    before = kept.stat().st_mtime_ns
    assert f"{told['loudness']:.1f} LUFS" in call(*command).stdout
    assert kept.stat().st_mtime_ns == before
