"""The chapters of an episode: those of its sidecar, else proposals made of its text and evidence. A
chapter begins where speech begins after music or a long silence; its title is the first words. Long
music is a chapter too. A pause between two sentences lasts about a second, a break ten and more."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from radio.archive import Archive, holdings
from radio.archive.episode import Episode
from radio.derived import cache
from radio.derived.recipe import Making, Recipe, keys_of
from radio.system import records
from radio.system.disk import Stamp, read_bytes, stamp
from radio.system.edition import edition
from radio.system.errors import warned
from radio.text.chapters import Chapter, Chapters
from radio.text.transcript import SENTENCE_END, Cue, Region

States = tuple[Stamp, Stamp]  # of transcript and evidence

MISSING: Stamp = (0, 0)
PROPOSAL = ("derived/chapters", "text")  # if one changes, all are made again

SHORTEST_EPISODE = 600.0  # seconds; below, nothing is proposed
SHORTEST = 120.0  # seconds of a chapter
SPACING = 300.0  # seconds of the episode per chapter, on average
MUSIC = 6.0  # seconds of music that separate two chapters
SILENCE = 4.0  # seconds without speech that separate two chapters
EARLY = 0.5  # seconds by which words may begin before their region of speech
NEAR = 60.0  # seconds within which a chapter's first words are said
MUSIC_TITLE = "Musique"
FEWEST, MOST = 3, 8  # words of a title
LONGEST = 80  # characters of a title
ENOUGH = 1000  # characters in which the title is looked for
CLAUSE_END = (",", ";", ":", "–", "—")
UNSAID = re.compile(r"\[[^\]]*\]|♪")  # such as [inaudible]
WORD = re.compile(r"(?:«\s)?\S*\w\S*(?:\s[!?;:»…]+)?")  # with the signs that French sets apart


@dataclass(frozen=True)
class Proposals:
    """Proposals as they are saved: a file without them is broken."""

    chapters: Chapters


def sidecar_chapters(episode: Episode) -> Chapters:
    """Give the chapters of the sidecar that have a title and lie within the recording."""
    within = (each for each in episode.chapters if 0 <= each.start < episode.audio.duration)
    chapters = (each for each in within if each.title.strip())
    return Chapters(tuple(sorted(chapters, key=lambda each: each.start)))


def chapters_of(archive: Archive, episode: Episode) -> Chapters:
    """Give the chapters of an episode; making proposals for the first time takes a moment."""
    if (cached := cached_chapters(archive, episode)) is not None:
        return cached
    return _proposed(archive, episode.key, episode.audio.duration, _states(archive, episode))


def cached_chapters(archive: Archive, episode: Episode) -> Chapters | None:
    """Give the chapters of an episode at once; None where proposals are still to be made."""
    own, states = sidecar_chapters(episode), _states(archive, episode)
    is_short = episode.audio.duration < SHORTEST_EPISODE
    if own.parts or is_short or MISSING in states:
        return own
    path = cache.CHAPTERS.path(archive, episode.key, edition(*PROPOSAL), states)
    with warned():
        return records.read(Proposals, read_bytes(path), path).chapters if path.exists() else None
    return None


def missing_proposals(archive: Archive) -> list[Episode]:
    """List the public episodes whose proposals are still to be made, the newest first."""
    return [each for each in holdings.episodes(archive) if cached_chapters(archive, each) is None]


def keep_proposals(archive: Archive, episode: Episode) -> None:
    """Propose the chapters of an episode and save them, even if there are none."""
    states = _states(archive, episode)
    path = cache.CHAPTERS.path(archive, episode.key, edition(*PROPOSAL), states)
    proposed = _proposed(archive, episode.key, episode.audio.duration, states)
    cache.CHAPTERS.write(archive, path, records.render(Proposals(proposed)))


@lru_cache(maxsize=16)
def _proposed(archive: Archive, key: str, duration: float, _states: States) -> Chapters:
    """Propose once for each state of the files; a broken transcript has no chapters."""
    with warned():
        transcript, evidence = archive.transcript(key), archive.evidence(key)
        if transcript and evidence:
            parts = propose(transcript.cues, evidence.regions, duration)
            return Chapters(parts, proposed=bool(parts))
    return Chapters()


def _states(archive: Archive, episode: Episode) -> States:
    return stamp(archive.vtt_path(episode.key)), stamp(archive.evidence_path(episode.key))


def _make(archive: Archive, keys: Sequence[str], making: Making) -> None:
    making.each(keys, lambda key: keep_proposals(archive, archive.episode(key)))


CHAPTERS = Recipe("chapters", keys_of(missing_proposals), _make)


def propose(cues: Sequence[Cue], regions: Sequence[Region], duration: float) -> tuple[Chapter, ...]:
    """Propose the chapters of a recording of some seconds, in order: none, or at least two. The
    longest breaks come first: those with SPACING between them, then others while there is room."""
    if duration < SHORTEST_EPISODE:
        return ()
    titles: dict[float, str] = {}
    beginnings = list(_beginnings(cues, regions))
    for distance in (SPACING, SHORTEST):
        for start, title in beginnings:
            is_sparse = (len(titles) + 1) * SPACING <= duration
            is_distant = all(abs(start - other) >= distance for other in titles)
            if is_sparse and is_distant and start <= duration - SHORTEST:
                titles[start] = title
    chapters = tuple(Chapter(start, titles[start]) for start in sorted(titles))
    return chapters if len(chapters) > 1 else ()


def _beginnings(cues: Sequence[Cue], regions: Sequence[Region]) -> Iterator[tuple[float, str]]:
    """Give second and title of possible chapters: the start, then breaks, the longest first."""
    breaks = list[tuple[float, float, float]]()  # start, end, seconds of music
    for is_speech, group in groupby(regions, key=lambda region: region.kind == "speech"):
        run = list(group)
        start, end = round(run[0].start, 3), round(run[-1].end, 3)
        music = sum(each.end - each.start for each in run if each.kind == "music")
        if not is_speech and (music >= MUSIC or end - start >= SILENCE):
            breaks.append((start, end, music))
    breaks.sort(key=lambda each: each[1] - each[0], reverse=True)
    for start, end, music in ((0.0, 0.0, 0.0), *breaks):
        if words := _first_words(cues, end):
            yield end, words
        if music >= SHORTEST:
            yield start, MUSIC_TITLE


def _first_words(cues: Sequence[Cue], start: float) -> str:
    first = bisect_left(cues, start - EARLY, key=lambda cue: cue.start)
    near = (cue for cue in cues[first : first + MOST] if cue.start <= start + NEAR)
    title = shorten(WORD.findall(" ".join(UNSAID.sub("", cue.text) for cue in near)[:ENOUGH]))
    return title[:1].upper() + title[1:]


def shorten(words: Sequence[str]) -> str:
    """Cut words after their first sentence, else after a clause, else after MOST words.

    >>> shorten("Article 13, toute personne a le droit de circuler librement.".split())
    'Article 13, toute personne a le droit de…'
    >>> shorten("Après cette pause, revenons à notre sujet, qui est le leur".split())
    'Après cette pause, revenons à notre sujet…'
    """

    def joined(count: int) -> str:
        return " ".join(" ".join(words[:count]).split())[:LONGEST].rstrip(" ,;:–—")

    most = min(MOST, len(words))
    for count in range(FEWEST, most + 1):
        if words[count - 1].endswith(SENTENCE_END):
            return joined(count).rstrip(".")
    if len(words) <= MOST:
        return joined(most)
    pauses = (n for n in range(MOST, FEWEST, -1) if words[n - 1].endswith(CLAUSE_END))
    return joined(next(pauses, MOST)) + "…"
