"""Versions of a transcript: the machine's text may be replaced, a person's never."""

import itertools
import logging
import os
from pathlib import Path

from radio.archive import Archive
from radio.archive.standing import BEFORE, naming, sha256
from radio.system.disk import is_file, read_bytes, write_whole
from radio.system.errors import RadioError
from radio.text.transcript import (
    LARGEST_EVIDENCE,
    Evidence,
    read_evidence,
    render_evidence,
)

log = logging.getLogger(__name__)


def replace(archive: Archive, key: str, text: bytes, evidence: Evidence) -> None:
    """Replace a machine's text and its evidence; call it under the archive's lock.

    The evidence names the old and the new text, so that both count as the machine's if we are
    killed in between.
    """
    evidence = naming(evidence, text.decode(), read_bytes(archive.vtt_path(key)))
    write_whole(archive.evidence_path(key), render_evidence(evidence))
    write_whole(archive.vtt_path(key), text)


def is_by_hand(archive: Archive, key: str) -> bool:
    """Whether the transcript is anything but what the machine wrote, byte for byte."""
    path, evidence = archive.vtt_path(key), archive.evidence(key)
    if not os.path.lexists(path):
        return False
    hashes = {evidence.vtt, evidence.extra.get(BEFORE)} if evidence else set()
    return sha256(read_bytes(path)) not in hashes


def untouched(archive: Archive) -> list[str]:
    """List the keys of the episodes whose text a machine wrote and nobody changed."""
    keys = (each.key for each in archive.episodes() if archive.is_transcribed(each.key))
    return [key for key in keys if not is_by_hand(archive, key)]


def texts_aside(archive: Archive, key: str) -> list[Path]:
    """List the versions of a transcript that were set aside, the oldest first."""
    path = archive.vtt_path(key)
    names = (path.with_suffix(f".{number}.vtt") for number in itertools.count(1))
    return list(itertools.takewhile(os.path.lexists, names))


def evidence_aside(archive: Archive, key: str) -> dict[Path, Evidence]:
    """Read the evidence of every version that was set aside, by its path, the oldest first.

    What can't be read costs a warning.
    """
    found = {}
    for text in texts_aside(archive, key):
        path = text.with_suffix(".json")
        try:
            if is_file(path):
                found[path] = read_evidence(read_bytes(path, LARGEST_EVIDENCE), path)
        except RadioError as error:
            log.warning("%s", error)
    return found


def keep_present(archive: Archive, key: str) -> None:
    """Keep the present text and its evidence under a number; one that is kept already, once."""
    old, present = read_bytes(archive.vtt_path(key)), archive.evidence_path(key)
    if old not in map(read_bytes, texts_aside(archive, key)):
        set_aside(archive, key, old, read_bytes(present) if present.exists() else None)


def set_aside(archive: Archive, key: str, text: bytes, evidence: bytes | None) -> None:
    """Keep another version of a transcript under the next number, its text last."""
    path = archive.vtt_path(key)
    number = len(texts_aside(archive, key)) + 1
    if evidence is not None:
        write_whole(path.with_suffix(f".{number}.json"), evidence)
    write_whole(path.with_suffix(f".{number}.vtt"), text)
