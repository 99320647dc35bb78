"""Pairs of words, each said once in an episode of its own, and which of them a query finds."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from radio.archive import Archive
from radio.archive.episode import Audio, Episode, Show
from radio.search import Index, SearchOptions
from radio.system.disk import write_whole
from radio.text.transcript import Cue, Transcript, render_vtt

Pair = tuple[str, str]


@dataclass(frozen=True)
class Said:
    """An index of words: each is said once, in an episode of its own."""

    index: Index
    words: list[str]

    def found(self, query: str) -> set[str]:
        """Give the words that a query finds; each is marked."""
        options = SearchOptions(size=100)
        hits = self.index.search(query, options).episodes
        assert len(hits) < options.size, "all are on one page"
        assert all(each.hits for each in hits), "what is found is marked"
        return {self.words[int(each.key.removeprefix("mots/e"))] for each in hits}

    def joins(self, one: str, other: str) -> bool:
        """Whether each of two words finds the other."""
        return other in self.found(one) and one in self.found(other)

    def confuses(self, one: str, other: str) -> bool:
        """Whether one of two words finds the other."""
        return other in self.found(one) or one in self.found(other)


def pairs(table: str) -> list[Pair]:
    """Read « one / other », several to a line with three spaces between."""
    texts = (pair for line in table.splitlines() for pair in line.split("   ") if pair.strip())
    halves = ([word.strip() for word in text.split("/")] for text in texts)
    return [(one, other) for one, other in halves]


def say(root: Path, some: Iterable[Pair]) -> Said:
    """Make an archive in which each word is said once, and its index."""
    archive = Archive(root)
    archive.create()
    archive.write_show(Show("mots", "Mots"))
    words = sorted({word for pair in some for word in pair})
    for number, word in enumerate(words):
        slug = f"e{number}"
        audio = Audio(f"{slug}.mp3", "0" * 64, 1, "audio/mpeg", 60.0)
        episode = Episode("mots", slug, "§", dt.date(2024, 1, 1), audio, slug)
        archive.write_episode(episode)
        cues = (Cue(0.0, 4.0, f"Alors ({word}), voilà."),)
        write_whole(archive.vtt_path(episode.key), render_vtt(Transcript(cues)).encode())
    index = Index(archive)
    index.refresh()
    return Said(index, words)
