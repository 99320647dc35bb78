"""How far a transcript may be trusted: the machine's own, changed by hand, or reread."""

import contextlib
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Literal

from radio.archive.archive import Archive
from radio.system.disk import Stamp, open_file, read_bytes, read_end, stamp
from radio.system.errors import RadioError
from radio.text.transcript import Cue, Evidence, Transcript, Word, read_vtt, render_vtt

HEAD = 4096  # bytes of a transcript that hold its first NOTE
END_OF_HEAD = b"\n\n00:00:00.000 --> 00:00:00.000\n.\n"  # a cue: notes are read where one follows

Authorship = Literal["machine", "changed", "reread", "unknown"]
BEFORE = "vtt_before"  # key of the evidence: sha256 of the machine's .vtt before the present one
END = 4096  # bytes at the end of an evidence that hold the hashes of its texts


def authorship(transcript: Transcript, evidence: Evidence | None) -> Authorship:
    """Tell who wrote the words of a transcript. `changed`: words or times differ from the evidence,
    and the NOTE does not say `reread`; all else may differ. Without a hash the NOTE decides."""
    if transcript.note.get("status") == "reread":
        return "reread"
    hashes = {evidence.cues, evidence.vtt, evidence.extra.get(BEFORE)} if evidence else set()
    own_hashes = hashes - {"", None}
    if not own_hashes:
        return "machine" if transcript.is_machine else "unknown"
    if transcript.stray:
        return "changed"
    whole = sha256(render_vtt(transcript).encode())
    present = {transcript.sha256, hash_cues(transcript.cues), whole}
    return "changed" if own_hashes.isdisjoint(present) else "machine"


def naming(evidence: Evidence, text: str, before: bytes | None = None) -> Evidence:
    """Name a text in an evidence as the machine's, and perhaps the one before it."""
    content, named = text.encode(), without_before(evidence)
    cues = read_vtt(content, "").cues
    if before is not None:
        named = replace(named, extra={**named.extra, BEFORE: sha256(before)})
    return replace(with_names_of(named, cues), vtt=sha256(content), cues=hash_cues(cues))


def with_names_of(evidence: Evidence, cues: Sequence[Cue]) -> Evidence:
    """Leave in an evidence the names that a text has at their time: no one with a pseudonym."""

    def is_there(name: Word) -> bool:
        said = " ".join(cue.text for cue in cues if cue.start < name.end and cue.end > name.start)
        return all(word in said for word in name.text.split())

    return replace(evidence, names=tuple(filter(is_there, evidence.names)))


def without_before(evidence: Evidence) -> Evidence:
    """Remove from an evidence the machine's text before the present one."""
    extra = {name: value for name, value in evidence.extra.items() if name != BEFORE}
    return replace(evidence, extra=extra)


def form_of(archive: Archive, key: str) -> str:
    """Tell the form of a transcript; "" for WebVTT in UTF-8, or none. Raises TranscriptError."""
    if _is_named(archive, key, read_end(archive.evidence_path(key), END)):
        return ""
    transcript = archive.transcript(key)
    return transcript.form if transcript else ""


def _is_named(archive: Archive, key: str, end: bytes) -> bool:
    return sha256(read_bytes(archive.vtt_path(key))).encode() in end


def hash_cues(cues: Sequence[Cue]) -> str:
    """Hash words and times of a transcript, without NOTE and voices."""
    return sha256(render_vtt(Transcript(tuple(replace(cue, voice="") for cue in cues))).encode())


def sha256(text: bytes) -> str:
    """Hash a text as in the evidence."""
    return hashlib.sha256(text).hexdigest()


def status_of(archive: Archive, key: str) -> str:
    """Tell who wrote a transcript, once for each state of its files."""
    return _status(archive, key, stamp(archive.vtt_path(key)), stamp(archive.evidence_path(key)))


@lru_cache(maxsize=20_000)
def _status(archive: Archive, key: str, vtt_stamp: Stamp, _evidence_stamp: Stamp) -> str:
    """Read no more than needed: often the first NOTE and the last bytes are enough."""
    try:
        status = noted_status(archive, key, vtt_stamp)
        end = b"" if status == "reread" else read_end(archive.evidence_path(key), END)
        if not end:
            return status
        if _is_named(archive, key, end):
            return "machine"
        transcript = archive.transcript(key)
        return authorship(transcript, archive.evidence(key)) if transcript else "unknown"
    except RadioError:
        return "unknown"


@lru_cache(maxsize=20_000)
def noted_status(archive: Archive, key: str, _stamp: Stamp) -> str:
    """Read what the first NOTE of a transcript says, once for each state of the file."""
    with contextlib.suppress(OSError, RadioError), open_file(archive.vtt_path(key)) as file:
        head, _, _ = file.read(HEAD).replace(b"\r\n", b"\n").partition(b"-->")
        note = read_vtt(head.rpartition(b"\n\n")[0] + END_OF_HEAD, key).note
        return note.get("status", "unknown")
    return "unknown"
