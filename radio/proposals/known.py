"""Names that the machine knows though nobody typed them for it: which it is told, where they stand
in the place of what it misheard, and how one is taken away. Only the refusal is saved."""

import contextlib
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from radio.archive import Archive, themes
from radio.archive.acts import require_own
from radio.system.disk import stamp
from radio.system.errors import RadioError
from radio.system.messages import _
from radio.system.progress import Progress, silent, with_progress
from radio.transcribe.corrections import apply_again, find_replaced
from radio.transcribe.names import KnownName, Source, known_names, untyped
from radio.transcribe.prompt import UNTYPED
from radio.transcribe.versions import is_by_hand

SOURCES: dict[Source, str] = {
    "glossary": _("du glossaire"),
    "person": _("des personnes"),
    "title": _("d’un titre"),
    "description": _("d’une description"),
    "tag": _("des mots-clés"),
    "show": _("de l’émission"),
    "article": _("d’un article"),
    "reread": _("de textes relus"),
}
RECENT = 60  # episodes whose names are listed
TEXTS = 10  # machine's texts, the newest, in which replaced words are looked for


@dataclass(frozen=True)
class ReplacedWords:
    """Words in whose place a known name was written."""

    key: str  # of the episode
    second: float
    heard: str
    written: str
    name: str  # the whole of it
    source: Source


def told(archive: Archive, slug: str) -> list[KnownName]:
    """List the names that nobody typed and the machine is told of the newest episodes of a show."""
    newest = archive.episodes(slug)[:RECENT]
    every = (each for episode in newest for each in untyped(archive, episode)[:UNTYPED])
    return list({each.name: each for each in every}.values())


def replaced(archive: Archive, slug: str) -> Iterator[ReplacedWords]:
    """Find the words that gave way to a name in the newest texts of a machine."""
    for key, _place in zip(_own_texts(archive, slug), range(TEXTS), strict=False):
        states = stamp(archive.evidence_path(key)), stamp(archive.show_path(slug))
        with contextlib.suppress(RadioError):  # of an evidence that can't be read
            yield from _replaced(archive, key, known_names(archive, archive.episode(key)), states)


@lru_cache(maxsize=100)
def _replaced(
    archive: Archive, key: str, known: tuple[KnownName, ...], _states: Hashable
) -> list[ReplacedWords]:
    sources = {each.name: each.source for each in known}
    return [
        ReplacedWords(key, second, heard, each.written, each.name, sources[each.name])
        for second, heard, each in find_replaced(archive, key)
        if each.name in sources
    ]


def refuse(archive: Archive, names: Iterable[str]) -> None:
    """Note that some names are neither told nor written any more, nor proposed."""
    with archive.lock():
        require_own(archive)
        themes.refuse(archive.root, names)


def write_without(archive: Archive, slug: str, progress: Progress = silent) -> list[str]:
    """Write the machine's texts of a show again after a refusal; name those that changed."""
    changed = list[str]()
    for key in with_progress(list(_own_texts(archive, slug)), progress):
        with contextlib.suppress(RadioError):  # a person changed it meanwhile
            if apply_again(archive, key):
                changed.append(key)
    return changed


def _own_texts(archive: Archive, slug: str) -> Iterator[str]:
    keys = (each.key for each in archive.episodes(slug))
    return (key for key in keys if archive.is_transcribed(key) and not is_by_hand(archive, key))
