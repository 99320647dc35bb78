"""How far a transcript may be trusted: the machine's own, changed by hand, or reread."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal

from radio.archive import Archive
from radio.disk import Stamp, open_file, read_bytes, read_end, stamp
from radio.errors import RadioError
from radio.transcript import Cue, Evidence, Transcript, read_vtt, render_vtt

HEAD = 4096  # bytes of a transcript that hold its first NOTE
END_OF_HEAD = b"\n\n00:00:00.000 --> 00:00:00.000\n.\n"  # a cue: notes are read where one follows

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


def status_of(archive: Archive, key: str) -> str:
    """Tell who answers for a transcript (`radio.standing`), once for each state of its files."""
    return _status(archive, key, stamp(archive.vtt_path(key)), stamp(archive.evidence_path(key)))


@lru_cache(maxsize=20_000)
def _status(archive: Archive, key: str, _said: Stamp, _written: Stamp) -> str:
    """Look no further than needed: what nobody touched, or somebody reread, is read at its ends."""
    path = archive.vtt_path(key)
    try:
        noted = _noted(path)
        end = b"" if noted == "reread" else read_end(archive.evidence_path(key), END)
        if not end:
            return noted
        if is_named(read_bytes(path), end):
            return "machine"
        said = archive.transcript(key)
        return standing(said, archive.evidence(key)) if said else "unknown"
    except RadioError:
        return "unknown"


def _noted(path: Path) -> str:
    """Give the status that the NOTE in the first lines names."""
    try:
        with open_file(path) as file:
            head, _, _ = file.read(HEAD).replace(b"\r\n", b"\n").partition(b"-->")
        note = read_vtt(head.rpartition(b"\n\n")[0] + END_OF_HEAD, path).note
    except (OSError, RadioError):
        return "unknown"
    return note.get("status", "unknown")
