"""Which episodes may be copies of one recording: proposed to a keeper, who decides.

What was compared already is derived, and kept in `cache/twins.json`.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from radio.archive import Archive
from radio.archive.apart import read_apart
from radio.archive.episode import Episode
from radio.proposals.twins.likeness import Likeness, find
from radio.proposals.twins.prints import Prints
from radio.system import records
from radio.system.disk import read_bytes, write_whole
from radio.system.errors import RadioError
from radio.system.progress import Progress

VERSION = 1


@dataclass(frozen=True)
class Twins:
    """Two episodes that sound alike."""

    first: Episode  # the older one
    second: Episode
    likeness: Likeness


@dataclass(frozen=True)
class _Compared:
    """What is known of the recordings that were all compared with each other, by their sha256."""

    recordings: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str, Likeness], ...] = ()


def propose(archive: Archive, progress: Progress = lambda _: None) -> list[Twins]:
    """List the twins among the episodes that have a fingerprint, but those told apart.

    What is new is compared with all others, and what was found is kept. Raises ArchiveError if the
    disk refuses.
    """
    compared = _compare_new(archive, progress)
    by_sha256 = {each.audio.sha256: each for each in archive.episodes()}
    apart = read_apart(archive.root)
    found = [
        _twins(by_sha256[one], by_sha256[two], likeness)
        for one, two, likeness in compared.pairs
        if one in by_sha256 and two in by_sha256
    ]
    found.sort(key=lambda each: (_age(each.first), _age(each.second)))
    return [each for each in found if not apart.tells(each.first.guid, each.second.guid)]


def _twins(one: Episode, two: Episode, likeness: Likeness) -> Twins:
    first, second = sorted((one, two), key=_age)
    return Twins(first, second, likeness)


def _age(episode: Episode) -> tuple[dt.date, str]:
    return episode.date, episode.key


def _compare_new(archive: Archive, progress: Progress) -> _Compared:
    prints = {episode.audio.sha256: each for episode, each in Prints(archive).each()}
    known = _read_compared(archive)
    old = [each for each in known.recordings if each in prints]
    new = [each for each in prints if each not in set(old)]
    found = find(prints, old, new, progress)
    kept = (each for each in known.pairs if each[0] in prints and each[1] in prints)
    pairs = (*kept, *(each for each in found if each[2].is_twin))
    compared = _Compared((*old, *new), pairs)
    if compared != known:
        write_whole(_compared_path(archive), records.render(compared, version=VERSION))
    return compared


def _read_compared(archive: Archive) -> _Compared:
    path = _compared_path(archive)
    try:
        return records.read(_Compared, read_bytes(path), path, version=VERSION)
    except RadioError:  # none yet, or one of another version: it is made anew
        return _Compared()


def _compared_path(archive: Archive) -> Path:
    return archive.cache / "twins.json"
