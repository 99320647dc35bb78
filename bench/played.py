"""Music to mix shows with: pieces of Debian's `openttd-openmsx`, and a choir written here."""

import shutil
import struct
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from radio.sound.samples import RATE, decode

FONT = Path("/usr/share/sounds/sf2/TimGM6mb.sf2")
MIDI = Path("/usr/share/games/openttd/baseset/openmsx")
NEEDED = "`fluidsynth`, `timgm6mb-soundfont`, `openttd-openmsx`"
CHOIR = "choir"  # choir aahs, voice oohs: what sounds most like a voice
PROGRAMS, NOTES = (52, 53, 54), (60, 64, 67, 65, 62, 59, 60, 67)

Sound = NDArray[np.float32]


def are_possible() -> bool:
    """Whether all that it is made of is on this machine."""
    return bool(shutil.which("fluidsynth")) and FONT.is_file() and MIDI.is_dir()


@cache
def played(name: str, folder: Path) -> Sound:
    """Play a piece of music."""
    notes, wave = MIDI / f"{name}.mid", folder / f"{name}.wav"
    if name == CHOIR:
        notes = folder / f"{name}.mid"
        notes.write_bytes(_choir())
    asked = ["fluidsynth", "-niq", "-r", str(RATE), "-F", str(wave), str(FONT), str(notes)]
    subprocess.run(asked, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    sound = np.concatenate(list(decode(wave)))
    wave.unlink()
    return sound


def _choir() -> bytes:
    """Write a slow melody for voices: a second for each note, in standard MIDI."""
    events = bytearray()
    for number in range(40):
        program = PROGRAMS[number // 8 % len(PROGRAMS)]
        note = NOTES[number % len(NOTES)]
        events += bytes([0, 0xC0, program, 0, 0x90, note, 100, 0, 0x90, note - 12, 90])
        events += bytes([0x83, 0x60, 0x80, note, 0, 0, 0x80, note - 12, 0])  # 480 ticks on
    events += b"\0\xff\x2f\0"
    tempo = b"\0\xff\x51\x03" + (1_000_000).to_bytes(3, "big")
    track = tempo + bytes(events)
    head = b"MThd" + struct.pack(">IHHH", 6, 0, 1, 480)
    return head + b"MTrk" + struct.pack(">I", len(track)) + track
