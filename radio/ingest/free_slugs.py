"""A slug that nothing else lies under: no other recording, and no picture or text of one."""

import os

from radio.archive import Archive
from radio.archive.episode import MIME, PICTURES, TEXTS
from radio.ingest.recordings import Recordings
from radio.system.checksums import hash_file
from radio.system.errors import RadioError

WRITTEN = (".vtt", ".json", ".en.vtt", ".1.vtt", ".1.json", *(f".source{each}" for each in TEXTS))


def free_slug(archive: Archive, show: str, slug: str, sha256: str, recordings: Recordings) -> str:
    """Number a slug under which something of another recording lies, be it without a sidecar."""
    number, free = 1, slug
    while recordings.is_former(f"{show}/{free}") or not _is_free(archive, show, free, sha256):
        number += 1
        free = f"{slug}-{number}"
    return free


def _is_free(archive: Archive, show: str, slug: str, sha256: str) -> bool:
    folder = archive.media / show
    if os.path.lexists(folder / f"{slug}.json"):
        return False
    sounds = [path for each in MIME if os.path.lexists(path := folder / f"{slug}{each}")]
    if sounds:  # what a run left that was killed, with all that belongs to it
        return all(hash_file(path) == sha256 for path in sounds)
    texts = (archive.transcripts / show / f"{slug}{each}" for each in WRITTEN)
    if any(map(os.path.lexists, texts)):
        return _is_text_of(archive, f"{show}/{slug}", sha256)
    return not any(os.path.lexists(folder / f"{slug}{each}") for each in PICTURES)


def _is_text_of(archive: Archive, key: str, sha256: str) -> bool:
    """Whether the text of a key says that it is of this recording, which lost its sidecar."""
    try:
        transcript = archive.transcript(key)
    except RadioError:
        return False
    return transcript is not None and transcript.note.get("audio") == sha256
