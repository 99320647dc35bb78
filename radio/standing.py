"""How far a transcript may be trusted: the machine's own, changed by hand, or reread. Pure."""

import hashlib
from collections.abc import Sequence
from typing import Literal

from radio.transcript import Cue, Evidence, Transcript, render_vtt

Standing = Literal["machine", "changed", "reread", "unknown"]
BEFORE = "vtt_before"
"""Key of the evidence: sha256 of the .vtt that the machine's present one took the place of."""
END = 4096
"""Bytes at the end of an evidence that hold the hashes of its texts."""


def standing(transcript: Transcript, evidence: Evidence | None) -> Standing:
    """Tell who answers for the words of a transcript.

    It is `changed` where its words or times are not those that the evidence names, and nobody
    says that they were reread. Line ends, letters and the NOTE may be those of any editor. Where
    the evidence names none, the NOTE alone tells.
    """
    if transcript.note.get("status") == "reread":
        return "reread"
    named = {evidence.cues, evidence.vtt, evidence.extra.get(BEFORE)} if evidence else set()
    written = named - {"", None}
    if not written:
        return "machine" if transcript.is_machine else "unknown"
    whole = sha256(render_vtt(transcript).encode())
    present = {transcript.sha256, hash_cues(transcript.cues), whole}
    return "changed" if written.isdisjoint(present) else "machine"


def is_named(vtt: bytes, end: bytes) -> bool:
    """Whether the last bytes of an evidence, END of them, name a .vtt as the machine's."""
    return sha256(vtt).encode() in end


def hash_cues(cues: Sequence[Cue]) -> str:
    """Name the words and times of a transcript by their hash, whatever stands around them."""
    return sha256(render_vtt(Transcript(tuple(cues))).encode())


def sha256(text: bytes) -> str:
    """Name a text by its hash, as the evidence does."""
    return hashlib.sha256(text).hexdigest()
