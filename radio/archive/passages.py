"""The passages of threads as listeners may have them today: their words are read from the texts, so
corrections show, and what was withdrawn or taken out does not."""

import contextlib
from collections.abc import Hashable, Iterator, Mapping
from functools import lru_cache

from radio.archive import holdings
from radio.archive.archive import Archive
from radio.archive.authorship import status_of
from radio.archive.dossier import Dossier, Line, Mentions, Quotation, Subject, ThreadPassage
from radio.archive.episode import Episode
from radio.archive.forwarding import episode_at
from radio.archive.threads import FILE, THREADS
from radio.system.disk import stamp
from radio.system.errors import RadioError
from radio.text.sentences import cue_at, quote

NEAR = 0.25  # seconds by which a text that is heard again may begin a sentence later


def threads(archive: Archive) -> Mapping[Subject, tuple[Line, ...]]:
    """Give the threads of which something may be heard, the newest first, with their episodes."""
    state = holdings.state(archive, archive.folders())
    return _threads(archive, (stamp(archive.root / FILE), state))


@lru_cache(maxsize=2)
def _threads(archive: Archive, _state: Hashable) -> Mapping[Subject, tuple[Line, ...]]:
    every = (each.subject for each in THREADS.read(archive.root).threads)
    known = {each.slug: each for each in every if each.slug}
    newest = sorted(known.values(), key=lambda each: each.day)[::-1]
    found = ((each, tuple(dict.fromkeys(_lines(archive, each)))) for each in newest)
    return {each: lines for each, lines in found if lines}


def _lines(archive: Archive, thread: Subject) -> Iterator[Line]:
    episodes = (_episode(archive, each.key) for each in thread.passages)
    yield from (_line(each) for each in episodes if each)


def read(archive: Archive, thread: Subject) -> Dossier:
    """Quote the passages of a thread, once for each state of its episodes and texts."""
    stamps = (stamp(archive.vtt_path(each.key)) for each in threads(archive).get(thread, ()))
    return _read(archive, thread, (holdings.state(archive, archive.folders()), *stamps))


@lru_cache(maxsize=8)
def _read(archive: Archive, thread: Subject, _state: Hashable) -> Dossier:
    found = (mention(archive, each) for each in thread.passages)
    return Dossier(thread, tuple(filter(None, found)))


def mention(archive: Archive, passage: ThreadPassage) -> Mentions | None:
    """Quote a passage; None where nothing is said that listeners may hear and read."""
    episode, text = _episode(archive, passage.key), None
    with contextlib.suppress(RadioError):  # a text that can't be read
        text = holdings.transcript(archive, episode.key) if episode else None
    if not (episode and text and text.cues):
        return None
    until = passage.until and passage.until - NEAR
    said = quote(text.cues, passage.second + NEAR, until)
    if said is None or any(each.meets(said.start, said.end) for each in episode.redactions):
        return None
    voice = text.cues[(cue_at(text.cues, said.start) or 1) - 1].voice
    is_machine = status_of(archive, episode.key) == "machine"
    quoted = Quotation(episode.key, said.start, said.end, said.words, voice, is_machine)
    return Mentions(_line(episode), (quoted,), before=passage.line)


def _episode(archive: Archive, key: str) -> Episode | None:
    """Give the episode that has or had a key, if listeners may hear it."""
    found = holdings.find_episode(archive, key)
    with contextlib.suppress(RadioError):
        found = found or holdings.find_episode(archive, episode_at(archive, key))
    return found if found and found.rights.allows("listen") else None


def _line(episode: Episode) -> Line:
    return Line(episode.key, episode.known_date, 1, False)
