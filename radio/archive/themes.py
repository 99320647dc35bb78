"""What keepers say of themes: `themes.json`. Raises ArchiveError if the disk refuses. A theme
gathers words, is described, or hidden. Refused names stay, so nobody is asked again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from radio.archive.dossier import Kind
from radio.system.disk import Stamp, stamp
from radio.system.records import RecordFile


@dataclass(frozen=True)
class Theme:
    """A theme, or a person, as a keeper describes it."""

    name: str
    words: tuple[str, ...] = ()  # that mean it too: synonyms, acronyms, other spellings
    description: str = ""
    kind: Kind = "theme"
    hidden: bool = False  # no page of its own


@dataclass(frozen=True)
class Themes:
    """All that keepers say of themes."""

    themes: tuple[Theme, ...] = ()
    refused: tuple[str, ...] = ()  # names that are proposed no more
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def names(self) -> tuple[str, ...]:
        """All names on which a keeper decided, with their other words."""
        return (*(name for each in self.themes for name in (each.name, *each.words)), *self.refused)


THEMES = RecordFile("themes.json", Themes)
FILE = THEMES.name


def read_themes(root: Path) -> Themes:
    """Read what keepers say of themes, once for each state of the file."""
    return _read(root, stamp(root / FILE))


@lru_cache(maxsize=8)
def _read(root: Path, _state: Stamp) -> Themes:
    return THEMES.read(root)


def accept(root: Path, accepted: Iterable[Theme]) -> None:
    """Note that some names are themes; call it under the archive's lock."""
    new, known = list(accepted), read_themes(root)
    names = {each.name for each in new}
    refused = tuple(each for each in known.refused if each not in names)
    old = {each.name for each in known.themes}
    added = (each for each in new if each.name not in old)
    THEMES.write(root, replace(known, themes=(*known.themes, *added), refused=refused))


def refuse(root: Path, names: Iterable[str]) -> None:
    """Note that some names are no themes, nor to be proposed again; call it under the lock."""
    refused, known = list(names), read_themes(root)
    themes = tuple(each for each in known.themes if each.name not in refused)
    every = tuple(dict.fromkeys((*known.refused, *refused)))
    THEMES.write(root, replace(known, themes=themes, refused=every))
