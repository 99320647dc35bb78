"""Which episodes of an archive may be copies of one recording. What was compared is in
`cache/twins.json`. A keeper decides on twins. Functions raise ArchiveError if the disk refuses."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from radio.archive import Archive
from radio.archive.distinct import read_distinct
from radio.archive.episode import Episode
from radio.derived.prints import Prints
from radio.sound.likeness import Likeness, find
from radio.system.progress import Progress
from radio.system.records import RecordFile


@dataclass(frozen=True)
class Twins:
    """Two episodes that sound alike."""

    first: Episode  # the older one
    second: Episode
    likeness: Likeness


@dataclass(frozen=True)
class _Compared:
    """The recordings that were all compared with each other, by their sha256."""

    recordings: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str, Likeness], ...] = ()


COMPARED = RecordFile("cache/twins.json", _Compared)


def propose(archive: Archive, progress: Progress = lambda _: None) -> list[Twins]:
    """List the twins of episodes with a fingerprint, but those told apart; the surest first."""
    return _together(archive, _compare_new(archive, progress), archive.episodes())


def known_twins(archive: Archive, episodes: Iterable[Episode]) -> list[Twins]:
    """List likewise those that were found so far of its episodes, and compare nothing."""
    return _together(archive, COMPARED.recall(archive.root), episodes)


def _together(archive: Archive, compared: _Compared, every: Iterable[Episode]) -> list[Twins]:
    apart, found = read_distinct(archive.root), list[Twins]()
    episodes = {each.audio.sha256: each for each in every}
    for one, two, likeness in compared.pairs:
        if one in episodes and two in episodes:
            first, second = sorted((episodes[one], episodes[two]), key=_age)
            if not apart.tells(first.guid, second.guid):
                found.append(Twins(first, second, likeness))
    return sorted(found, key=lambda each: (not each.likeness.is_sure, -each.likeness.agreement))


def _age(episode: Episode) -> tuple[dt.date, str]:
    return episode.date, episode.key


def _compare_new(archive: Archive, progress: Progress) -> _Compared:
    prints = Prints(archive).made()
    known = COMPARED.recall(archive.root)
    old = [each for each in known.recordings if each in prints]
    new = [each for each in prints if each not in set(old)]
    found = find(prints, old, new, progress)
    old_pairs = (each for each in known.pairs if each[0] in prints and each[1] in prints)
    pairs = (*old_pairs, *(each for each in found if each[2].is_twin))
    compared = _Compared((*old, *new), pairs)
    if compared != known:
        COMPARED.write(archive.root, compared)
    return compared
