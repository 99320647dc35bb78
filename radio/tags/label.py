"""What a recording is to say of itself, whatever its format. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

LANGUAGES = {
    "ar": "ara",
    "br": "bre",
    "ca": "cat",
    "de": "deu",
    "en": "eng",
    "es": "spa",
    "eu": "eus",
    "fr": "fra",
    "it": "ita",
    "nl": "nld",
    "oc": "oci",
    "pt": "por",
}
"""The three letters of ISO 639-2 that tags want."""

FRONT = 3
"""What ID3 and FLAC call the picture that is a front cover."""


@dataclass(frozen=True)
class Line:
    """What is said at a time."""

    start: int  # milliseconds
    text: str


@dataclass(frozen=True)
class Chapter:
    """A part of the recording."""

    start: int  # milliseconds
    end: int
    title: str


@dataclass(frozen=True)
class Label:
    """What is written into a tag; empty where there is nothing to say."""

    title: str
    album: str = ""
    date: str = ""  # ISO
    artists: tuple[str, ...] = ()
    publisher: str = ""
    description: str = ""
    license: str = ""  # its name or address
    page: str = ""  # address at which the recording is published
    source: str = ""  # address from which it came
    language: str = "fr"
    text: str = ""  # all that is said, in paragraphs
    lines: tuple[Line, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    facts: Mapping[str, str] = field(default_factory=dict)  # names in capitals
    cover: tuple[str, bytes] | None = None  # media type and picture

    @property
    def spoken(self) -> str:
        """Name the language as tags do.

        >>> Label("", language="fr-CA").spoken, Label("", language="tlh").spoken
        ('fra', 'und')
        """
        return LANGUAGES.get(self.language.lower().partition("-")[0], "und")

    @property
    def others(self) -> dict[str, str]:
        """Name what has no field of its own in Vorbis comments and MP4."""
        named = {
            "ORGANIZATION": self.publisher,
            "LICENSE": self.license,
            "WEBSITE": self.page,
            "SOURCE": self.source,
            "LANGUAGE": self.spoken,
            "SYNCEDLYRICS": "\n".join(f"[{_lrc(line.start)}]{line.text}" for line in self.lines),
            **self.facts,
        }
        return {name: value for name, value in named.items() if value}


def _lrc(milliseconds: int) -> str:
    """Write a time as .lrc files do.

    >>> _lrc(3_754_500)
    '62:34.50'
    """
    minutes, rest = divmod(milliseconds // 10, 6000)
    return f"{minutes:02d}:{rest // 100:02d}.{rest % 100:02d}"
