"""A long show takes no more memory than a short one. The words here are made up; `make bench`
measures real ones, and three hours."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile

from radio.archive import Archive
from radio.ingest.files import ingest
from radio.sound import RATE
from radio.transcribe import windows
from radio.transcribe.transcription import transcribe
from tests.fakes import Fake, at_work, every_five_seconds
from tests.heard import transcript_of
from tests.samples import DEMO, STREET
from tests.sounds import samples

LIMIT = 700_000_000  # bytes of data


def run(root: str) -> None:
    """Transcribe under the limit, in a process of its own; print the peak of its memory."""
    resource.setrlimit(resource.RLIMIT_DATA, (LIMIT, LIMIT))
    windows.__dict__["find_speech"] = every_five_seconds
    at_work(transcribe, Archive(Path(root)), Fake(window_samples=20 * RATE))  # as people talk
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    print(int(peak) * 1024)  # noqa: T201


def peak(archive: Archive, path: Path, minutes: int) -> int:
    minute = samples(DEMO / f"{STREET}.mp3")[: 60 * RATE]
    with soundfile.SoundFile(path, "w", RATE, 1, "PCM_16", format="FLAC") as file:
        for _ in range(minutes):
            file.write(minute)
    episode = ingest(archive, path, "emission")
    assert episode.audio.duration == minutes * 60
    code = f"from tests.transcribe.test_long import run; run({str(archive.root)!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    cues = transcript_of(archive, episode.key).cues
    assert sum(len(cue.text.split()) for cue in cues) > minutes * 7000 / 60
    archive.sidecar_path(episode.key).unlink()
    return int(done.stdout)


@pytest.mark.torture
def test_three_quarters_of_an_hour_take_the_memory_of_one(archive: Archive, tmp_path: Path) -> None:
    """Kept as samples, half an hour more would be 115 MB."""
    short, long = (peak(archive, tmp_path / f"longue-{each}.flac", each) for each in (15, 45))
    print(f"15 min {short / 1e6:.0f} MB, 45 min {long / 1e6:.0f} MB")  # noqa: T201
    assert long < LIMIT
    assert long < short + 50e6
