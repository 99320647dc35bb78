"""Citations with second and address: as text, biblatex (type `audio`) and CSL-JSON (`broadcast` of
https://github.com/citation-style-language/schema). Pure."""

import json
from dataclasses import dataclass

from radio.archive.episode import Episode, Show
from radio.text.transcript import timestamp

NBSP = "\u00a0"
_LATEX = str.maketrans(
    {sign: f"\\{sign}" for sign in "&%#_$"}
    | {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",  # BibTeX counts an escaped brace too
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)
_VERBATIM = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})  # in a field taken as it is


@dataclass(frozen=True)
class Citation:
    """An episode as it is quoted, from a second on where one is meant."""

    show: Show
    episode: Episode
    address: str  # whole, with the second; nothing where the site does not know its own
    second: float | None = None
    words: str = ""  # what is said there
    label: str = ""  # who answers for the words, where nobody reread them
    at: str = ""  # the second as `?t=` writes it
    day: str = ""  # of the broadcast, as the episode's language writes it
    ends: tuple[float, ...] = ()  # seconds: where these words end, and a longer excerpt with them

    @property
    def time(self) -> str:
        """Write the second as hh:mm:ss; nothing where the whole episode is meant."""
        return "" if self.second is None else timestamp(self.second)[:8]

    @property
    def quotation(self) -> str:
        """Write the words, and who answers for them."""
        label = f" [{self.label}]" if self.label else ""
        return f"«{NBSP}{self.words}{NBSP}»{label}" if self.words else ""

    @property
    def text(self) -> str:
        """Write it in one paragraph."""
        quotation = f"{self.quotation} " if self.quotation else ""
        station = f", {self.show.station}" if self.show.station else ""
        at = f", {self.time}" if self.time else ""
        day = self.day or "s. d."  # as libraries write « sans date »
        title = f"«{NBSP}{self.episode.title}{NBSP}»"
        return f"{quotation}{self.show.title}, {title}{station}, {day}{at}. {self.address}".strip()

    @property
    def bibtex(self) -> str:
        """Write it as an entry of biblatex."""
        fields = {
            "title": _latex(self.episode.title),
            "author": " and ".join(_name(person.name) for person in self.episode.people),
            "maintitle": _latex(self.show.title),
            "organization": _latex(self.show.station),
            "date": self.episode.known_date,
            "url": self.address.translate(_VERBATIM),
            "note": _latex(", ".join(filter(None, (self.time, self.label)))),
            "abstract": _latex(self.words),
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
        return "\n".join([f"@audio{{{self._key},", *lines, "}", ""])

    @property
    def csl(self) -> str:
        """Write it as CSL-JSON."""
        day = list(map(int, filter(None, self.episode.known_date.split("-"))))
        item = {
            "id": self._key,
            "type": "broadcast",
            "title": self.episode.title,
            "container-title": self.show.title,
            "publisher": self.show.station,
            "author": [{"literal": person.name} for person in self.episode.people],
            "issued": {"date-parts": [day]} if day else None,
            "URL": self.address,
            "locator": self.time,
            "abstract": self.words,
            "note": self.label,
        }
        fields = {name: value for name, value in item.items() if value}
        return json.dumps([fields], ensure_ascii=False, indent=2) + "\n"

    @property
    def _key(self) -> str:
        at = "" if self.second is None else f"-{round(self.second)}"
        return f"{self.episode.show}-{self.episode.slug}{at}"


def _latex(text: str) -> str:
    """Write a text on one line as LaTeX takes it: every sign stands for itself."""
    return " ".join(text.split()).translate(_LATEX)


def _name(text: str) -> str:
    """Write a name; one that would be taken for several, or turned around, stays as it is.

    >>> _name("Camille Durand"), _name("Quartiers and Co"), _name("Dupont, Noé")
    ('Camille Durand', '{Quartiers and Co}', '{Dupont, Noé}')
    """
    name = _latex(text)
    return f"{{{name}}}" if "," in text or "and" in text.lower().split() else name
