"""The names of each episode, heard once for each state of its text and kept: `cache/names/`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from radio.archive import Archive, holdings
from radio.archive.dossier import Kind
from radio.archive.episode import Episode
from radio.proposals.names.model import Name
from radio.system import records
from radio.system.disk import Stamp, is_file, read_bytes, stamp, write_whole
from radio.system.errors import RadioError
from radio.text.aligned import AlignedText

Find = Callable[[Iterable[str]], Iterable[list[Name]]]
"""Gives the names of each of some sentences."""


@dataclass(frozen=True)
class HeardName:
    """A name in an episode: how often it is said, and the first sentence that says it."""

    name: str
    kind: Kind
    times: int
    sentence: str
    second: float


@dataclass(frozen=True)
class HeardNames:
    """The names of an episode, of its text in one state, as one release of the model heard them."""

    of: Stamp
    made: str
    names: tuple[HeardName, ...]


def path_of(archive: Archive, key: str) -> Path:
    """Tell where the names of an episode lie."""
    return archive.cache / "names" / f"{key}.json"


def missing(archive: Archive, release: str) -> list[Episode]:
    """List the public episodes whose finished text was not listened to for names."""
    public = holdings.episodes(archive)
    finished = {show: holdings.finished(archive, show) for show in {each.show for each in public}}
    return [
        each
        for each in public
        if each.slug in finished[each.show] and not _is_made(archive, each.key, release)
    ]


def hear(archive: Archive, key: str, find: Find, release: str) -> None:
    """Keep the names that are said in an episode; a text that can't be read has none.

    Raises ArchiveError if the disk refuses.
    """
    state = stamp(archive.vtt_path(key))
    try:
        transcript = holdings.transcript(archive, key)
    except RadioError:
        transcript = None
    said = list(AlignedText(transcript.cues).sentences()) if transcript else []
    heard: dict[Name, HeardName] = {}
    for (second, text), names in zip(said, find([text for _, text in said]), strict=True):
        for name in names:
            first = heard.get(name, HeardName(*name, 0, text, second))
            heard[name] = HeardName(*name, first.times + 1, first.sentence, first.second)
    content = records.render(HeardNames(state, release, tuple(heard.values())))
    write_whole(path_of(archive, key), content)


def heard(archive: Archive, key: str) -> HeardNames | None:
    """Read the names of an episode; None where they were not heard, or can't be read."""
    path = path_of(archive, key)
    try:
        return records.read(HeardNames, read_bytes(path), path) if is_file(path) else None
    except RadioError:
        return None


def _is_made(archive: Archive, key: str, release: str) -> bool:
    known = heard(archive, key)
    is_current = known is not None and known.of == stamp(archive.vtt_path(key))
    return is_current and known is not None and known.made == release
