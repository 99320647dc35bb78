"""A long show takes no more memory than a short one. The words here are made up; `make bench`
measures real ones, and three hours."""

import dataclasses
import json
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from radio.archive import Archive
from radio.archive.episode import Show
from radio.ingest.files import ingest
from radio.sound import RATE, decode
from radio.transcribe import windows
from radio.transcribe.pool import local_pool
from radio.transcribe.transcription import transcribe
from tests.fakes import Fake, every_five_seconds
from tests.heard import transcript_of
from tests.samples import DEMO

LIMIT = 700_000_000  # bytes of data


@dataclasses.dataclass
class Talkative(Fake):
    """Says as much as people do, in windows of 20 seconds."""

    window_samples: int = 20 * RATE


def run(root: Path) -> None:
    """Transcribe under the limit, in a process of its own; print the peak of its memory."""
    resource.setrlimit(resource.RLIMIT_DATA, (LIMIT, LIMIT))
    windows.__dict__["find_speech"] = every_five_seconds
    archive = Archive(root)
    with local_pool(Talkative()) as pool:
        transcribe(archive, archive.episodes()[0], pool)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    print(int(peak) * 1024)  # noqa: T201


def last(path: Path, minutes: int) -> Path:
    samples = np.concatenate(list(decode(DEMO / "2024-01-16-les-micros-de-la-rue.mp3")))
    with soundfile.SoundFile(path, "w", RATE, 1, "PCM_16", format="FLAC") as file:
        for _ in range(minutes):
            file.write(samples[: 60 * RATE])
    return path


def peak(folder: Path, minutes: int) -> int:
    folder.mkdir()
    archive = Archive(folder)
    archive.create()
    archive.write_show(Show("emission", "Émission"))
    episode = ingest(archive, last(folder / "longue.flac", minutes), "emission")
    assert episode.audio.duration == minutes * 60
    path = json.dumps(str(folder))
    code = f"import pathlib, tests.transcribe.test_long as t; t.run(pathlib.Path({path}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    cues = transcript_of(archive, episode.key).cues
    assert sum(len(cue.text.split()) for cue in cues) > minutes * 7000 / 60
    return int(done.stdout)


@pytest.mark.torture
def test_three_quarters_of_an_hour_take_the_memory_of_one(tmp_path: Path) -> None:
    """Kept as samples, half an hour more would be 115 MB."""
    short, long = peak(tmp_path / "short", 15), peak(tmp_path / "long", 45)
    print(f"15 min {short / 1e6:.0f} MB, 45 min {long / 1e6:.0f} MB")  # noqa: T201
    assert long < LIMIT
    assert long < short + 50e6
