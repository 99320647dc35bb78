"""Audio: content of a file, its samples, clips of it. The only room that imports av (PyAV)."""

from radio.audio.clips import clip
from radio.audio.probing import Probe, probe
from radio.audio.samples import RATE, Samples, decode

__all__ = ["RATE", "Probe", "Samples", "clip", "decode", "probe"]
