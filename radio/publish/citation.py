"""Quoting what was said: as text, BibTeX and CSL-JSON, with the second and its address. Pure.

BibTeX entries are of the type `audio` of biblatex; CSL-JSON follows its schema for `broadcast`
(https://github.com/citation-style-language/schema).
"""

import json
import re
from dataclasses import dataclass

from radio.episode import Episode, Show
from radio.transcript import timestamp

_BRACES = str.maketrans({"{": "(", "}": ")", "\\": "/"})


@dataclass(frozen=True)
class Citation:
    """An episode as it is quoted, from a second on where one is meant."""

    show: Show
    episode: Episode
    address: str  # whole, with the second
    second: float | None = None
    words: str = ""  # what is said there

    @property
    def time(self) -> str:
        """Write the second as hh:mm:ss; nothing where the whole episode is meant."""
        return "" if self.second is None else timestamp(self.second)[:8]

    @property
    def text(self) -> str:
        """Write it in one paragraph."""
        said = f"« {self.words} » " if self.words else ""
        station = f", {self.show.station}" if self.show.station else ""
        at = f", {self.time}" if self.time else ""
        day = self.episode.date.isoformat()
        title = f"« {self.episode.title} »"
        return f"{said}{self.show.title}, {title}{station}, {day}{at}. {self.address}"

    @property
    def bibtex(self) -> str:
        """Write it as an entry of biblatex."""
        fields = {
            "title": self.episode.title,
            "author": " and ".join(person.name for person in self.episode.people),
            "maintitle": self.show.title,
            "organization": self.show.station,
            "date": self.episode.date.isoformat(),
            "url": self.address,
            "note": self.time,
            "abstract": self.words,
        }
        given = ((name, _plain(value)) for name, value in fields.items() if value)
        lines = [f"  {name} = {{{value}}}," for name, value in given]
        return "\n".join([f"@audio{{{self._key},", *lines, "}", ""])

    @property
    def csl(self) -> str:
        """Write it as CSL-JSON."""
        day = self.episode.date
        item = {
            "id": self._key,
            "type": "broadcast",
            "title": self.episode.title,
            "container-title": self.show.title,
            "publisher": self.show.station,
            "author": [{"literal": person.name} for person in self.episode.people],
            "issued": {"date-parts": [[day.year, day.month, day.day]]},
            "URL": self.address,
            "locator": self.time,
            "abstract": self.words,
        }
        given = {name: value for name, value in item.items() if value}
        return json.dumps([given], ensure_ascii=False, indent=2) + "\n"

    @property
    def _key(self) -> str:
        at = "" if self.second is None else f"-{round(self.second)}"
        return f"{self.episode.show}-{self.episode.slug}{at}"


def _plain(value: str) -> str:
    """Leave out what ends a field of BibTeX."""
    return re.sub(r"\s+", " ", value.translate(_BRACES)).strip()
