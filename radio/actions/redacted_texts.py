"""The texts of an episode without a passage: of record, of the machine, versions, translations."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from radio.actions.striking import Strike, strike_evidence, strike_text, strike_translation
from radio.archive import Archive, paths
from radio.archive.belongings import belonging
from radio.archive.episode import Episode
from radio.archive.removal import Wording
from radio.archive.standing import BEFORE, hash_cues, sha256, standing
from radio.archive.traces import keys_of
from radio.system.disk import is_file, read_bytes
from radio.system.errors import RadioError, StrayError
from radio.text.transcript import (
    LARGEST_EVIDENCE,
    LARGEST_TEXT,
    Evidence,
    Transcript,
    read_evidence,
    read_vtt,
    render_evidence,
    render_vtt,
)


def texts_without(
    archive: Archive, episode: Episode, strike: Strike, audio: str
) -> Iterator[Wording | str]:
    """Give the texts of an episode without a passage, and the paths of files that go whole.

    Those are texts that can't be read, that are not finished, or of which nobody knows when each
    word is said. `audio` is the sha256 of the new recording. Raises StrayError where words of the
    text of record are in no cue.
    """
    key = episode.key
    kept = {paths.sidecar(key), paths.audio(episode), paths.picture(episode)}
    unfinished = {paths.transcript(key), paths.evidence(key)}
    if not archive.checkpoint_path(key).exists():
        unfinished = set()
    done = set[str]()
    own = (path for name in keys_of(archive, episode) for path in belonging(archive, name))
    for path in sorted(own, key=lambda path: not path.endswith(".vtt")):
        if path in kept or path in done:
            continue
        written = None if path in unfinished else _written(archive, path, key, strike, audio)
        if written is None:
            yield path
            continue
        yield from written
        done.update(each.path for each in written)


def _written(
    archive: Archive, path: str, key: str, strike: Strike, audio: str
) -> list[Wording] | None:
    """Give a text without a passage, and with it the evidence beside it; None where it must go.

    Raises StrayError where words of the text of record would go with it.
    """
    place = PurePosixPath(path)
    middle = place.name.split(".")[1:-1]
    if place.parts[0] != "transcripts" or place.name.startswith("."):
        return None
    try:
        if path == paths.translation(key):
            text = _read_text(archive.root / path)
            return [Wording(path, render_vtt(strike_translation(text, strike)))]
        if place.suffix not in (".vtt", ".json") or (middle and not middle[0].isdigit()):
            return None
        beside = archive.root / place.with_suffix(".json")
        evidence = _read_evidence(beside) if is_file(beside) else None
        if place.suffix == ".vtt":
            return _both(archive, path, evidence, strike, audio)
        return [_evidence(path, evidence, strike, audio)] if evidence else None
    except StrayError:
        if path == paths.transcript(key):
            raise
        return None
    except RadioError:
        return None


def _both(
    archive: Archive, path: str, evidence: Evidence | None, strike: Strike, audio: str
) -> list[Wording]:
    """Strike a text and the evidence beside it, which names the machine's text by its hash."""
    old = _read_text(archive.root / path)
    new = strike_text(old, strike, evidence)
    note = {**old.note, "audio": audio} if "audio" in old.note else old.note
    text = render_vtt(dataclasses.replace(new, note=note))
    if evidence is None:
        return [Wording(path, text)]
    if standing(old, evidence) == "machine":
        cues = hash_cues(read_vtt(text.encode(), path).cues)
        evidence = dataclasses.replace(evidence, vtt=sha256(text.encode()), cues=cues)
    beside = str(PurePosixPath(path).with_suffix(".json"))
    return [Wording(path, text), _evidence(beside, evidence, strike, audio)]


def _evidence(path: str, evidence: Evidence, strike: Strike, audio: str) -> Wording:
    struck = strike_evidence(evidence, strike, audio)
    extra = {name: value for name, value in struck.extra.items() if name != BEFORE}
    return Wording(path, render_evidence(dataclasses.replace(struck, extra=extra)).decode())


def _read_text(path: Path) -> Transcript:
    return read_vtt(read_bytes(path, LARGEST_TEXT), path)


def _read_evidence(path: Path) -> Evidence:
    return read_evidence(read_bytes(path, LARGEST_EVIDENCE), path)
