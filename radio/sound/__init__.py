"""Audio: content of a file, its samples, clips of it. The only room that imports av (PyAV)."""

from radio.sound.container import clip, join
from radio.sound.probing import Probe, probe, require_sound
from radio.sound.samples import RATE, Samples, decode

__all__ = ["RATE", "Probe", "Samples", "clip", "decode", "join", "probe", "require_sound"]
