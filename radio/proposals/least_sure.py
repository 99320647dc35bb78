"""The least certain minutes of an archive, to reread first; rereading does not change them."""

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from radio.archive import Archive
from radio.archive.rereading import SECTION, Rereading, read, section_of
from radio.system.disk import Stamp, stamp
from radio.system.errors import RadioError
from radio.text.doubt import HeardWord, weigh

FEWEST = 20  # words of a section
TOGETHER = 12  # words, about a sentence
MINUTES = 50


@dataclass(frozen=True)
class UnsureSection:
    """Some minutes of an episode as the machine heard them."""

    key: str
    number: int  # from 0
    at: float  # seconds: where it is least sure
    seconds: float  # that are spoken
    certainty: float  # mean of its words


@dataclass(frozen=True)
class Survey:
    """The least certain sections, and how much of the archive was searched for them."""

    found: Sequence[tuple[UnsureSection, bool]]  # each with whether it is reread
    seen: int  # episodes
    total: int

    @property
    def minutes(self) -> float:
        """How long they are."""
        return sum(each.seconds for each, _ in self.found) / 60

    @property
    def reread(self) -> float:
        """How many minutes of them are reread."""
        return sum(each.seconds for each, is_done in self.found if is_done) / 60


def survey(archive: Archive, seconds: float, minutes: float = MINUTES) -> Survey:
    """Find the least certain minutes; what takes longer than `seconds` is left for next time."""
    end, every, seen = time.monotonic() + seconds, list[UnsureSection](), 0
    keys = [each.key for each in archive.episodes() if archive.is_transcribed(each.key)]
    for key in keys:
        if seen and time.monotonic() > end:
            break
        every += _weighed(archive, key, stamp(archive.evidence_path(key)))
        seen += 1
    found, wanted = list[tuple[UnsureSection, bool]](), 60 * minutes
    for each in sorted(every, key=lambda each: each.certainty):
        if wanted <= 0:
            break
        known = _known(archive, each.key, stamp(archive.vtt_path(each.key)))
        if known and each.number in known.spoken:  # it is still in its text
            found.append((each, each.number in known.reread))
            wanted -= each.seconds
    return Survey(found, seen, len(keys))


@lru_cache(maxsize=2000)
def _known(archive: Archive, key: str, _state: Stamp) -> Rereading | None:
    try:
        transcript = archive.transcript(key)
    except RadioError:
        return None
    return read(transcript.note, transcript.cues) if transcript else None


@lru_cache(maxsize=20_000)
def _weighed(archive: Archive, key: str, _state: Stamp) -> tuple[UnsureSection, ...]:
    try:
        evidence = archive.evidence(key)
    except RadioError:
        return ()
    parts, found = defaultdict[int, list[HeardWord]](list), list[UnsureSection]()
    for heard in weigh(evidence) if evidence else ():
        parts[section_of(heard.word.start)].append(heard)
    for number, words in parts.items():
        if len(words) >= FEWEST:
            sure = [each.certainty for each in words]
            starts = range(len(words) - TOGETHER + 1)
            worst = min(starts, key=lambda first: sum(sure[first : first + TOGETHER]))
            at = min(range(worst, worst + TOGETHER), key=lambda place: sure[place])
            seconds = min(SECTION, words[-1].word.end - words[0].word.start)
            certainty = sum(sure) / len(sure)
            found.append(UnsureSection(key, number, words[at].word.start, seconds, certainty))
    return tuple(found)
