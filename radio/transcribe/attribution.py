"""Attribution: the turns of an episode given to its words, by the names that people gave them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeVar

from radio.archive import Archive
from radio.episode import Episode
from radio.transcript import SENTENCE_END, Region, Turn, Word, name_voice

TICK = 0.001  # seconds that a word lasts at least

Part = TypeVar("Part", Turn, Region)


@dataclass(frozen=True)
class Speakers:
    """Who speaks in an episode, as far as it is known."""

    turns: tuple[Turn, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)  # by the number of the voice
    language: str = "fr"

    @property
    def named(self) -> dict[int, str]:
        """The names by number, as far as these can be numbers of voices."""
        return {int(number): self.label(int(number)) for number in self.names if is_number(number)}

    def label(self, voice: int) -> str:
        """Name a voice: as people do, else by its number; nothing for 0, nobody known."""
        own = " ".join(self.names.get(str(voice), "").split())
        return own or (name_voice(voice, self.language) if voice else "")

    def runs(self, words: Sequence[Word]) -> Iterator[tuple[str, list[Word]]]:
        """Part words where the voice changes: its name, and what it says."""
        voices = _settle(words, [self.voice_of(word.start, word.end) for word in words])
        pairs = zip(map(self.label, voices), words, strict=True)
        for name, run in groupby(pairs, key=lambda pair: pair[0]):
            yield name, [word for _name, word in run]

    def voice_of(self, start: float, end: float) -> int:
        """Tell whose turn has most of a time, in seconds; 0 where it is not known."""
        shares = [
            (min(turn.end, end) - max(turn.start, start), turn.voice)
            for turn in overlapping(self.turns, start, max(end, start + TICK))
        ]
        return max(shares, default=(0.0, 0))[1]


NOBODY = Speakers()
"""Where it is not known who speaks."""


def is_number(text: str) -> bool:
    """Whether a text may be the number of a voice."""
    return re.fullmatch(r"[1-9][0-9]{0,3}", text) is not None


def overlapping(parts: Sequence[Part], start: float, end: float) -> Sequence[Part]:
    """Give the parts that share time with another; they are in order, and apart."""
    first = bisect_right(parts, start, key=lambda part: part.end)
    last = bisect_left(parts, end, key=lambda part: part.start)
    return parts[first:last]


def speakers_of(archive: Archive, episode: Episode) -> Speakers:
    """Read who speaks in an episode."""
    language = archive.show(episode.show).language_of(episode)
    return Speakers(known_turns(archive, episode) or (), episode.voices, language)


def known_turns(archive: Archive, episode: Episode) -> tuple[Turn, ...] | None:
    """Read the turns of an episode; None where nobody listened for voices in its sound.

    They are of the sound: another transcription of it keeps them.
    """
    evidence = archive.evidence(episode.key)
    is_same = evidence is not None and evidence.audio == episode.audio.sha256
    return evidence.turns if evidence and is_same else None


def _settle(words: Sequence[Word], voices: list[int]) -> list[int]:
    """Let a voice change at the end of a sentence that is a word away: times of words are rough."""
    for at in range(1, len(words)):
        before, voice = voices[at - 1 : at + 1]
        if before == voice or words[at - 1].text.endswith(SENTENCE_END):
            continue
        if _pauses_more(words, at + 1, at):
            voices[at] = before
        elif _pauses_more(words, at - 1, at):
            voices[at - 1] = voice
    return voices


def _pauses_more(words: Sequence[Word], at: int, than: int) -> bool:
    """Whether a sentence ends before a word, with a longer pause than before another word."""
    if not (0 < at < len(words) and words[at - 1].text.endswith(SENTENCE_END)):
        return False
    return words[at].start - words[at - 1].end > words[than].start - words[than - 1].end
