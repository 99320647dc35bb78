"""The label of a recording: our tags, in any format. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

_LANGUAGES = "ar:ara br:bre ca:cat de:deu en:eng es:spa eu:eus fr:fra it:ita nl:nld oc:oci pt:por"
# three letters (ISO 639-2), for tags
LANGUAGES = dict(pair.split(":") for pair in _LANGUAGES.split())
FRONT = 3  # a front cover in ID3 and FLAC


@dataclass(frozen=True)
class LabelLine:
    """A line of the text as in synchronised lyrics, or the title of a chapter, with its time."""

    start: int  # milliseconds
    text: str
    end: int = 0  # of a chapter


@dataclass(frozen=True)
class Label:
    """The content of our tag; empty fields are not written."""

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
    lines: tuple[LabelLine, ...] = ()
    chapters: tuple[LabelLine, ...] = ()
    loudness: float | None = None  # LUFS
    peak: float | None = None  # dB of full scale
    facts: Mapping[str, str] = field(default_factory=dict)  # names in capitals
    cover: tuple[str, bytes] | None = None  # media type and picture

    @property
    def iso_language(self) -> str:
        """The language in three letters.

        >>> Label("", language="fr-CA").iso_language, Label("", language="tlh").iso_language
        ('fra', 'und')
        """
        return LANGUAGES.get(self.language.lower().partition("-")[0], "und")

    @property
    def replay_gain(self) -> dict[str, str]:
        """Gain and peak as ReplayGain 2.0: to -18 LUFS, as a share of full scale.
        https://wiki.hydrogenaudio.org/index.php?title=ReplayGain_2.0_specification

        >>> Label("", loudness=-20.5, peak=-6.0).replay_gain
        {'REPLAYGAIN_TRACK_GAIN': '2.50 dB', 'REPLAYGAIN_TRACK_PEAK': '0.501187'}
        """
        if self.loudness is None or self.peak is None:
            return {}
        gain, peak = -18.0 - self.loudness, 10 ** (self.peak / 20)
        return {"REPLAYGAIN_TRACK_GAIN": f"{gain:.2f} dB", "REPLAYGAIN_TRACK_PEAK": f"{peak:.6f}"}

    @property
    def opus_gain(self) -> dict[str, str]:
        """The gain as Opus has it (RFC 7845, 5.2.1): to -23 LUFS, in 256ths of a dB.

        >>> Label("", loudness=-20.5).opus_gain
        {'R128_TRACK_GAIN': '-640'}
        """
        if self.loudness is None:
            return {}
        return {"R128_TRACK_GAIN": str(round(256 * (-23.0 - self.loudness)))}

    @property
    def extra_fields(self) -> dict[str, str]:
        """What has no field of its own in Vorbis comments and MP4, by name."""
        fields = {
            "ORGANIZATION": self.publisher,
            "LICENSE": self.license,
            "WEBSITE": self.page,
            "SOURCE": self.source,
            "LANGUAGE": self.iso_language,
            "SYNCEDLYRICS": "\n".join(f"[{_lrc(line.start)}]{line.text}" for line in self.lines),
            **self.facts,
        }
        return {name: value for name, value in fields.items() if value}


def _lrc(milliseconds: int) -> str:
    """Write a time as .lrc files do.

    >>> _lrc(3_754_500)
    '62:34.50'
    """
    minutes, hundredths = divmod(milliseconds // 10, 6000)
    return f"{minutes:02d}:{hundredths // 100:02d}.{hundredths % 100:02d}"
