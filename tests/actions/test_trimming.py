"""Dead air at both ends goes without a sample of what is heard, and comes back."""

from pathlib import Path

import numpy as np
import pytest

from radio.actions.replacing import replace_recording
from radio.actions.trimming import BREATH, kept_of, trim
from radio.actions.undoing import undo
from radio.archive import Archive
from radio.archive.check import check
from radio.search import Index
from radio.sound.moments import Moments, refine, shifted
from radio.sound.samples import decode
from radio.system.errors import ArchiveError
from radio.text.chapters import Chapter
from radio.text.transcript import Cue
from tests.heard import segment, transcript_of, write_cues, write_evidence
from tests.processes import command
from tests.samples import DEMO, STREET, put
from tests.sounds import encode, packets, samples

KEY = f"emission/{STREET}"
RATE = 16_000
BEFORE, SAID, AFTER = 5.0, 9.0, 7.0  # seconds
FRAME = 0.1  # seconds: half of one of AAC at 16 kHz, and what its encoder puts before


def padded(archive: Archive, folder: Path, suffix: str = ".mp3") -> None:
    """A recording whose words begin late, and end early; its hiss is fainter than any machine's."""
    speech = next(decode(DEMO / f"{STREET}.mp3", round(SAID * RATE)))
    hiss = np.random.default_rng(1).normal(0, 10 ** (-70 / 20), round((BEFORE + AFTER) * RATE))
    late, early = np.split(hiss.astype(np.float32), [round(BEFORE * RATE)])
    sound = np.concatenate([late, speech, early])
    put(archive, STREET, chapters=(Chapter(BEFORE + 2.0, "La rue"),))
    write_evidence(archive, KEY, segment(("Bonjour", 0.5)))
    file = encode(
        np.repeat(sound, 3) if suffix == ".opus" else sound,
        folder / f"late{suffix}",
        48_000 if suffix == ".opus" else RATE,
    )
    replace_recording(archive, KEY, file, shifted(BEFORE))


@pytest.mark.parametrize("suffix", [".mp3", ".m4a", ".opus", ".ogg", ".flac", ".wav"])
@pytest.mark.long
def test_dead_air_goes_between_two_frames_and_all_that_has_a_moment_follows(
    archive: Archive, tmp_path: Path, suffix: str
) -> None:
    """It takes 1 s for each."""
    padded(archive, tmp_path, suffix)
    before, said = archive.episode(KEY), archive.vtt_path(KEY).read_bytes()
    path = archive.audio_path(before)
    old, frames, sound = path.read_bytes(), packets(path), samples(path)
    kept = trim(archive, Index(archive), before, note="blanc")
    assert kept and abs(kept[0] - (BEFORE - BREATH)) < 0.3
    after = archive.episode(KEY)
    assert after.audio.file == before.audio.file and after.guid == before.guid
    new = archive.audio_path(after)
    near = 3 * FRAME if suffix == ".ogg" else FRAME  # Vorbis is heard from its second packet on
    assert after.audio.duration == pytest.approx(kept[1] - kept[0], abs=near)
    moved = after.chapters[0].start - before.chapters[0].start
    assert moved == pytest.approx(-kept[0], abs=near)
    tmp_path.joinpath(f"old{suffix}").write_bytes(old)
    assert moved == pytest.approx(refine(new, tmp_path / f"old{suffix}", -kept[0]), abs=0.002)
    assert transcript_of(archive).cues[0].start == pytest.approx(BEFORE + moved, abs=0.002)
    if suffix == ".flac":
        first = round(kept[0] * RATE)
        assert np.array_equal(samples(new), sound[first : round(kept[1] * RATE)])
    else:  # each frame is one of the old ones, in their order
        left = [each for each in packets(new) if each]
        place = frames.index(left[2])
        assert frames[place : place + len(left) - 3] == left[2:-1]
    assert not list(check(archive))
    assert trim(archive, Index(archive), after) is None
    undo(archive)
    assert (archive.episode(KEY), path.read_bytes()) == (before, old)
    assert archive.vtt_path(KEY).read_bytes() == said


def test_what_is_said_or_changed_meanwhile_is_never_cut(archive: Archive, tmp_path: Path) -> None:
    padded(archive, tmp_path)
    seen = archive.episode(KEY)
    write_cues(archive, KEY, Cue(1.0, 2.0, "(chuchoté)"), Cue(20.5, 21.0, "(loin)"))
    assert kept_of(archive, seen) == (0.0, seen.audio.duration)
    write_cues(archive, KEY, Cue(6.0, 8.0, "Bonjour."))
    done = command(archive, "protect", "trim", KEY, "--dry-run")
    assert "would be kept from 0:04 to 0:14" in done.stdout
    assert archive.episode(KEY) == seen
    command(archive, "edit", KEY, "title=Autre")
    with pytest.raises(ArchiveError, match="changed in the meantime"):
        trim(archive, Index(archive), seen)
    done = command(archive, "protect", "trim", KEY)
    assert "`radio undo`" in done.stdout
    assert "no silence to cut" in command(archive, "protect", "trim", KEY).stderr
    assert "0:04-0:14" in command(archive, "log").stdout
    quiet = encode(np.zeros(8 * RATE, np.float32), tmp_path / "quiet.wav", RATE)
    write_cues(archive, KEY)
    replace_recording(archive, KEY, quiet, Moments())
    assert trim(archive, Index(archive), archive.episode(KEY)) is None
