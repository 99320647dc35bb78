"""Transcripts and their formats: WebVTT, SRT, plain text, and the machine's evidence.

The `.vtt` is the text of record, written so that a person can correct it in any editor. Its first
NOTE says where the text comes from:

    NOTE
    status: machine
    engine: openai-whisper 20250625
    model: base
    audio: sha256 of the recording

Whoever rereads a transcript writes `status: reread`, or `statut : relu`. Pure: nothing here
touches the disk.
"""

import hashlib
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from radio.system import records
from radio.system.errors import StrayError
from radio.text import captions

EVIDENCE_VERSION = 1
LARGEST_TEXT = 8 << 20  # bytes of a .vtt; some sixty hours of speech
LARGEST_EVIDENCE = 128 << 20  # bytes
PAUSE = 1.5  # seconds of silence that end a paragraph
BREATH = 0.6  # seconds between two sentences that a listener notices
PARAGRAPH = 400  # characters after which a paragraph ends with a sentence and a breath
LONG, ENDLESS = 2 * PARAGRAPH, 4 * PARAGRAPH  # after which with a sentence, with any cue
STATUS = {"statut": "status", "état": "status", "etat": "status"}
STATUSES = {
    "machine": "machine",
    "automatique": "machine",
    **dict.fromkeys(("reread", "relu", "relue", "relus", "relues"), "reread"),
}
SENTENCE_END = (".", "!", "?", "…", "»")


@dataclass(frozen=True)
class Word:
    """A word as the machine heard it."""

    start: float  # seconds
    end: float
    text: str
    probability: float


@dataclass(frozen=True)
class Region:
    """A part of an episode of one kind."""

    start: float  # seconds
    end: float
    kind: Literal["speech", "music", "silence"]


@dataclass(frozen=True)
class Turn:
    """A part of an episode in which one voice speaks."""

    start: float  # seconds
    end: float
    voice: int  # 1, 2, … in the order in which they first speak


@dataclass(frozen=True)
class Segment:
    """The text of one window, with the decoder's own measures of certainty."""

    start: float  # seconds
    end: float
    text: str
    words: tuple[Word, ...]
    beam: int
    temperature: float
    avg_logprob: float
    compression_ratio: float
    no_speech_prob: float
    audible: bool = True  # False where every attempt failed


@dataclass(frozen=True)
class Evidence:
    """All that the machine knows of a transcript; never edited by hand."""

    engine: str
    versions: Mapping[str, str]
    model: str
    weights: str  # sha256
    parameters: Mapping[str, Any]
    audio: str  # sha256
    language: str
    duration: float  # seconds
    regions: tuple[Region, ...]
    segments: tuple[Segment, ...]
    turns: tuple[Turn, ...] | None = None  # None where voices were not listened for
    vtt: str = ""  # sha256 of the .vtt as the machine wrote it
    cues: str = ""  # and of its words and times alone
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cue:
    """A cue of WebVTT: a short text to read while it is said."""

    start: float  # seconds
    end: float
    text: str
    voice: str = ""


@dataclass(frozen=True)
class Transcript:
    """The text of an episode, and where it comes from."""

    cues: tuple[Cue, ...]
    note: Mapping[str, str] = field(default_factory=dict)
    form: str = ""  # format and encoding of its file; empty for WebVTT in UTF-8
    sha256: str = field(default="", compare=False)  # of its file
    stray: str = field(default="", compare=False)  # the file and line of words that are in no cue

    @property
    def is_machine(self) -> bool:
        """Whether its NOTE says that it is the machine's text."""
        return self.note.get("status") == "machine"


def timestamp(seconds: float, mark: str = ".") -> str:
    """Write a time, hours always.

    >>> timestamp(3754.5)
    '01:02:34.500'
    """
    thousandths = round(seconds * 1000)
    minutes, milliseconds = divmod(thousandths, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{milliseconds // 1000:02d}{mark}{milliseconds % 1000:03d}"


def clock(seconds: float) -> str:
    """Write a time as people say it.

    >>> clock(754.9), clock(3754)
    ('12:34', '1:02:34')
    """
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02d}:{second:02d}" if hours else f"{minute}:{second:02d}"


def name_voice(number: int, language: str) -> str:
    """Name a voice that nobody named.

    >>> name_voice(1, "fr"), name_voice(2, "en-GB")
    ('Voix 1', 'Voice 2')
    """
    return f"{'Voix' if language.lower().startswith('fr') else 'Voice'} {number}"


def voice_number(name: str) -> int | None:
    """Give the number of a voice that nobody named.

    >>> voice_number("Voix 1"), voice_number("Camille")
    (1, None)
    """
    match = re.fullmatch(r"(?:Voix|Voice) (\d{1,4})", name)
    return int(match[1]) if match else None


def render_vtt(transcript: Transcript) -> str:
    """Write WebVTT (https://www.w3.org/TR/webvtt1/): hours always, text escaped, cues numbered.

    Raises StrayError where words of its file would be lost, for they are in no cue.
    """
    if transcript.stray:
        raise StrayError(captions.tell_stray(transcript.stray))
    blocks = ["WEBVTT"]
    if transcript.note:
        blocks.append("NOTE\n" + "\n".join(f"{k}: {v}" for k, v in transcript.note.items()))
    for number, cue in enumerate(transcript.cues, 1):
        voice = f"<v {escape(cue.voice, one_line=True)}>" if cue.voice.strip() else ""
        times = f"{timestamp(cue.start)} --> {timestamp(cue.end)}"
        blocks.append(f"{number}\n{times}\n{voice}{escape(cue.text)}")
    return "\n\n".join(blocks) + "\n"


def escape(text: str, one_line: bool = False) -> str:
    """Write a text for WebVTT, without empty lines, which would end its cue."""
    return html.escape(_line(text, keep_lines=not one_line), quote=False)


def read_vtt(text: bytes, where: object) -> Transcript:
    """Read a transcript as a person may have left it: WebVTT or SubRip, in any usual letters.

    Raises TranscriptError naming `where` and the line at fault.
    """
    file = captions.read(text, where)
    cues = tuple(Cue(each.start, each.end, each.text, each.voice) for each in file.captions)
    sha256, stray = hashlib.sha256(text).hexdigest(), f"{where}:{file.stray}" if file.stray else ""
    return Transcript(cues, _read_note(file.comments), file.form, sha256, stray)


def render_srt(transcript: Transcript) -> str:
    """Write SubRip, with the speaker's name before the text where it is known.

    Cues without words are left out, for some readers end the file at an empty cue.
    """
    blocks = []
    for number, cue in enumerate((cue for cue in transcript.cues if cue.text.strip()), 1):
        name = f"{_line(cue.voice)}: " if cue.voice.strip() else ""
        times = f"{timestamp(cue.start, ',')} --> {timestamp(cue.end, ',')}"
        blocks.append(f"{number}\n{times}\n{name}{_line(cue.text, keep_lines=True)}\n")
    return "\n".join(blocks)


def render_text(transcript: Transcript) -> str:
    """Write paragraphs, each with the time at which it begins."""
    blocks = []
    for paragraph in paragraphs(transcript.cues):
        name = f"{paragraph[0].voice} : " if paragraph[0].voice else ""
        words = " ".join(_line(cue.text) for cue in paragraph)
        blocks.append(f"[{clock(paragraph[0].start)}] {name}{words}\n")
    return "\n".join(blocks)


def paragraphs(cues: Sequence[Cue]) -> Iterator[tuple[Cue, ...]]:
    """Group cues for reading: by voice, pause and sense.

    A paragraph begins with another voice; after a long pause, if a sentence ends there, else after
    one of twice that length; and with a new sentence where the text gets long.
    """
    paragraph: list[Cue] = []
    for cue in cues:
        if paragraph and _begins_paragraph(paragraph, cue):
            yield tuple(paragraph)
            paragraph = []
        paragraph.append(cue)
    if paragraph:
        yield tuple(paragraph)


def read_evidence(text: bytes, where: object) -> Evidence:
    """Read the machine's evidence.

    Raises ArchiveError naming `where` and what is wrong in it.
    """
    return records.read(Evidence, text, where, version=EVIDENCE_VERSION)


def render_evidence(evidence: Evidence) -> bytes:
    """Write the machine's evidence as JSON."""
    return records.render(evidence, version=EVIDENCE_VERSION)


def _begins_paragraph(paragraph: Sequence[Cue], cue: Cue) -> bool:
    last = paragraph[-1]
    pause = cue.start - last.end
    if cue.voice != last.voice or pause >= 2 * PAUSE:
        return True
    length = sum(len(each.text) for each in paragraph)
    if not last.text.rstrip().endswith(SENTENCE_END):
        return length > ENDLESS
    return pause >= PAUSE or length > (PARAGRAPH if pause >= BREATH else LONG)


def _read_note(comments: Sequence[str]) -> dict[str, str]:
    """Read the `key: value` lines of the first NOTE with a status."""
    notes = [_read_pairs(comment) for comment in comments]
    note = next((note for note in notes if "status" in note), notes[0] if notes else {})
    return note | {"status": read_status(note["status"])} if "status" in note else note


def _read_pairs(comment: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in comment.splitlines() if ":" in line)
    fields = {key.strip().casefold(): value.strip() for key, _, value in pairs}
    return {STATUS.get(key, key): value for key, value in fields.items()}


def read_status(text: str) -> str:
    """Read `reread` and `machine` in the many ways in which people write them.

    >>> read_status("Relue par Camille"), read_status(" RE-READ"), read_status("non relue")
    ('reread', 'reread', 'non relue')
    """
    word = re.search(r"[\w-]+", text.casefold())
    return STATUSES.get(word[0].replace("-", ""), text) if word else text


def _line(text: str, keep_lines: bool = False) -> str:
    """Remove empty lines, which would end a cue."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return ("\n" if keep_lines else " ").join(line for line in lines if line)
