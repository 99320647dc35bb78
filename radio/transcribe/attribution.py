"""Attribution: the turns of an episode given to its words, by the names that people gave them."""

import logging
import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby, pairwise
from typing import TypeVar

from radio.archive import Archive
from radio.archive.episode import LONGEST, Episode
from radio.system.messages import _
from radio.text.transcript import SENTENCE_END, Evidence, Region, Turn, Word, name_voice

log = logging.getLogger(__name__)

TICK = 0.001  # seconds that a word lasts at least
LONGEST_NAME = 80  # characters
LAST = 9999  # number of a voice

Part = TypeVar("Part", Turn, Region)


@dataclass(frozen=True)
class Speakers:
    """Who speaks in an episode, as far as it is known."""

    turns: tuple[Turn, ...] = ()  # as the machine found them
    names: Mapping[str, str] = field(default_factory=dict)  # by the number of the voice
    language: str = "fr"

    @property
    def named(self) -> set[int]:
        """The numbers of voices that have names."""
        return {int(each) for each, name in self.names.items() if is_number(each) and name.strip()}

    @cached_property
    def named_turns(self) -> tuple[Turn, ...]:
        """The turns, with each part of a voice apart from it that has a name of its own."""
        return split(self.turns, parts(self.turns) & self.named)

    def label(self, voice: int) -> str:
        """Name a voice: as people do, else by its number; nothing for 0, nobody known."""
        own = " ".join(self.names.get(str(voice), "").split())[:LONGEST_NAME]
        return own or (name_voice(voice, self.language) if voice else "")

    def runs(self, words: Sequence[Word]) -> Iterator[tuple[str, list[Word]]]:
        """Part words where the voice changes: its name, and what it says."""
        voices = _settle(words, [self.voice_of(word.start, word.end) for word in words])
        pairs = zip(map(self.label, voices), words, strict=True)
        for name, run in groupby(pairs, key=lambda pair: pair[0]):
            yield name, [word for _name, word in run]

    def voice_of(self, start: float, end: float) -> int:
        """Give the voice whose turn has most of a time, in seconds; 0 if unknown."""
        shares = [
            (min(turn.end, end) - max(turn.start, start), turn.voice)
            for turn in overlapping(self.named_turns, start, max(end, start + TICK))
        ]
        return max(shares, default=(0.0, 0))[1]


NOBODY = Speakers()  # where it is not known who speaks


def parts(turns: Sequence[Turn]) -> set[int]:
    """Give the numbers of those who may be others under the name of a voice."""
    return {turn.other for turn in turns} - {turn.voice for turn in turns} - {0}


def split(turns: Sequence[Turn], numbers: Collection[int]) -> tuple[Turn, ...]:
    """Give turns to the voice that they may be of, if it is one of these."""
    return tuple(
        replace(turn, voice=turn.other, other=turn.voice) if turn.other in numbers else turn
        for turn in turns
    )


def is_number(text: str) -> bool:
    """Whether a text may be the number of a voice."""
    return re.fullmatch(r"[1-9][0-9]{0,3}", text) is not None


def overlapping(parts: Sequence[Part], start: float, end: float) -> Sequence[Part]:
    """Give the parts that share time with another; they are in order and disjoint."""
    first = bisect_right(parts, start, key=lambda part: part.end)
    last = bisect_left(parts, end, key=lambda part: part.start)
    return parts[first:last]


def speakers_of(archive: Archive, episode: Episode) -> Speakers:
    """Read who speaks in an episode."""
    language = archive.show(episode.show).language_of(episode)
    evidence = archive.evidence(episode.key)
    return Speakers(sound_turns(evidence, episode) or (), episode.voices, language)


def known_turns(archive: Archive, episode: Episode) -> tuple[Turn, ...] | None:
    """Read the turns of an episode; None if nobody listened for its voices. Another transcription
    of the sound keeps them. Unreadable turns cost a warning and count as none."""
    evidence = archive.evidence(episode.key)
    turns = sound_turns(evidence, episode)
    if turns is None and evidence and evidence.turns and evidence.audio == episode.audio.sha256:
        path, key = archive.evidence_path(episode.key), episode.key
        message = _(
            "{path} : des prises de parole impossibles ; `radio text voices {key} --again` "
            "les retrouve"
        )
        log.warning("%s", _(message, path=path, key=key))
    return turns


def sound_turns(evidence: Evidence | None, episode: Episode) -> tuple[Turn, ...] | None:
    """Give the turns of an evidence if they are of this sound, and can be."""
    if evidence is None or evidence.turns is None or evidence.audio != episode.audio.sha256:
        return None
    are_voices = all(0 <= turn.other <= LAST and 0 < turn.voice <= LAST for turn in evidence.turns)
    return evidence.turns if are_voices and are_disjoint(evidence.turns) else None


def are_disjoint(parts: Sequence[Part]) -> bool:
    """Whether parts are in order and disjoint, in a time that a recording may last."""
    times = [0.0, *(time for part in parts for time in (part.start, part.end)), LONGEST]
    return all(one <= other + TICK for one, other in pairwise(times))


def _settle(words: Sequence[Word], voices: list[int]) -> list[int]:
    """Let a voice change at the end of a sentence that is a word away: times of words are rough."""

    def pause(at: int) -> float:
        return words[at].start - words[at - 1].end

    def is_end(at: int) -> bool:
        return 0 < at < len(words) and words[at - 1].text.endswith(SENTENCE_END)

    for at in range(1, len(words)):
        before, voice = voices[at - 1 : at + 1]
        if before == voice or is_end(at):
            continue
        if is_end(at + 1) and pause(at + 1) > pause(at):
            voices[at] = before
        elif is_end(at - 1) and pause(at - 1) > pause(at):
            voices[at - 1] = voice
    return voices
