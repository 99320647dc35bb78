"""What was deleted on purpose, and former names: not to be taken for lost. `gone.json` names each
deleted episode and show, with the reason shown to visitors, and each recording taken away, so that
no source brings it back. Former names are in `formerly` of the sidecars. All raise ArchiveError."""

import contextlib
import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from radio.archive.episode import Episode
from radio.archive.paths import key_of
from radio.archive.pseudonyms import Pseudonym, substitute
from radio.system import records
from radio.system.disk import Stamp, read_bytes, stamp
from radio.system.errors import ArchiveError
from radio.system.records import RecordFile

FILE = "gone.json"
VERSION = 1


@dataclass(frozen=True)
class Departure:
    """Why something was deleted, and when."""

    reason: str = ""
    date: str = ""  # ISO day
    untold: bool = False  # nobody was to know of it, so nothing says that it is gone


@dataclass(frozen=True)
class Discard:
    """A recording that was taken away, and its names at its source."""

    key: str  # of its episode
    date: str = ""  # ISO day
    size: int = 0  # bytes
    packets: str = ""  # sha256 of its sound, whatever its tags
    url: str = ""
    guid: str = ""
    page: str = ""
    merged_into: str = ""  # key of the episode that has the same recording
    undone: bool = False  # with the ingest that took it: it comes back when a keeper asks for it


@dataclass(frozen=True)
class Gone:
    """What was deleted: by key, by slug of the show, by sha256 of the recording."""

    episodes: Mapping[str, Departure] = field(default_factory=dict)
    shows: Mapping[str, Departure] = field(default_factory=dict)
    recordings: Mapping[str, Discard] = field(default_factory=dict)
    forgotten: tuple[str, ...] = ()  # sha256 of keys that mirrors let nobody hear
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Forgotten:
    """All that identifies an episode of which nothing is to be left."""

    keys: frozenset[str]  # that it has or had
    sounds: Mapping[str, str] = field(default_factory=dict)  # by sha256, that of the sound alone
    guid: str = ""


@dataclass(frozen=True)
class _Named:
    formerly: tuple[str, ...] = ()


GONE = RecordFile(FILE, Gone, VERSION)
parse = GONE.parse


def hidden(key: str) -> str:
    """Hash a key: only who has the episode can tell which one it is.

    >>> hidden("emission/2024-01-16-x")[:8]
    '41ce6bf0'
    """
    return hashlib.sha256(key.encode()).hexdigest()


def read_gone(root: Path) -> Gone:
    """Read what was deleted from the archive in a folder."""
    return _read_gone(root / FILE, stamp(root / FILE))


@lru_cache(maxsize=4)
def _read_gone(path: Path, _state: Stamp) -> Gone:
    return parse(read_bytes(path), path) if path.exists() else Gone()


def discards(root: Path) -> Mapping[str, Discard]:
    """Give the recordings that were taken away, by sha256 of the file and of the sound."""
    found = read_gone(root).recordings
    return {**{each.packets: each for each in found.values() if each.packets}, **found}


def discarded(episode: Episode, date: str, merged_into: str = "") -> dict[str, Discard]:
    """Note a recording that is taken away on a day, and those whose place it took."""
    source, audio = episode.source, episode.audio
    place = (source.url, source.guid, source.page, merged_into)
    former = (Discard(episode.key, date, 0, "", *place) for _ in audio.formerly)
    own = Discard(episode.key, date, audio.size, audio.packets, *place)
    return {**dict(zip(audio.formerly, former, strict=True)), audio.sha256: own}


def forget(text: str, what: Forgotten) -> str:
    """Write `gone.json` without an episode and its recordings."""
    known = parse(text.encode(), FILE)
    episodes = {key: each for key, each in known.episodes.items() if key not in what.keys}
    recordings = {a: each for a, each in known.recordings.items() if each.key not in what.keys}
    left = replace(known, episodes=episodes, recordings=recordings)
    return text if left == known else render_gone(left)


def with_hashes(gone: Gone, what: Forgotten) -> Gone:
    """Note only hashes of a forgotten episode."""
    hashes = {sha256: Discard("", packets=packets) for sha256, packets in what.sounds.items()}
    forgotten = tuple(sorted({*gone.forgotten, *map(hidden, what.keys)}))
    return replace(gone, recordings={**gone.recordings, **hashes}, forgotten=forgotten)


def hide(text: str, made: Sequence[Pseudonym]) -> str:
    """Replace names in the reasons of `gone.json`, not in keys; if unreadable, everywhere."""
    try:
        known = parse(text.encode(), FILE)
    except ArchiveError:
        return substitute(text, made)

    def hidden(some: Mapping[str, Departure]) -> dict[str, Departure]:
        return {a: replace(b, reason=substitute(b.reason, made)) for a, b in some.items()}

    new = replace(known, episodes=hidden(known.episodes), shows=hidden(known.shows))
    return text if new == known else render_gone(new)


def taken_back(now: Gone, before: Gone, after: Gone) -> Gone:
    """Undo what an act noted as gone, whatever was noted since."""
    left = dict[str, Any]()
    for part in ("episodes", "shows", "recordings"):
        had, was, has = (getattr(each, part) for each in (before, after, now))
        own = {name for name, each in was.items() if had.get(name) != each == has.get(name)}
        others = {name: each for name, each in has.items() if name not in own}
        left[part] = others | {name: had[name] for name in own if name in had}
    return replace(now, **left)


def render_gone(gone: Gone) -> str:
    """Write `gone.json`."""
    return GONE.render(gone).decode()


def unmeant(root: Path, paths: Collection[str]) -> Set[str]:
    """Leave out the files of what was deleted on purpose, or was renamed."""
    with contextlib.suppress(ArchiveError):
        gone = read_gone(root)
        meant = {*gone.episodes, *gone.shows, *_former_names(root)}
        known = (path for path in paths if hidden(key_of(path)) not in gone.forgotten)
        return {p for p in known if not meant & {key_of(p), PurePosixPath(p).parent.name}}
    return set(paths)


def _former_names(root: Path) -> Iterator[str]:
    """Give the former keys of episodes, and former names of shows that are free now."""
    for path in (root / "media").glob("*/[!.]*.json"):
        with contextlib.suppress(ArchiveError):
            for name in records.read(_Named, read_bytes(path), path).formerly:
                if "/" in name or not (root / "media" / name).exists():
                    yield name
