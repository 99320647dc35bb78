"""Transcripts and their formats: WebVTT, SRT, plain text, and the machine's evidence.

The `.vtt` is the text of record, written so that a person can correct it in any editor. Its first
NOTE says where the text comes from:

    NOTE
    status: machine
    engine: openai-whisper 20250625
    model: base
    audio: sha256 of the recording

Whoever rereads a transcript writes `status: reread`, or `statut : relu`. It is read as people save
captions: WebVTT or SubRip, in any usual encoding. Pure: nothing here touches the disk. The only
importer of webvtt.
"""

import codecs
import hashlib
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import webvtt

from radio.system import records
from radio.system.errors import StrayError, TranscriptError
from radio.system.messages import _

EVIDENCE_VERSION = 1
LARGEST_TEXT = 8 << 20  # bytes of a .vtt; some sixty hours of speech
LARGEST_EVIDENCE = 128 << 20  # bytes
LINE = 42  # characters of a line of a subtitle
MUSIC = 5.0  # seconds from which on music is worth a line
PAUSE = 1.5  # seconds of silence that end a paragraph
BREATH = 0.6  # seconds between two sentences that a listener notices
PARAGRAPH = 400  # characters after which a paragraph ends with a sentence and a breath
LONG, ENDLESS = 2 * PARAGRAPH, 4 * PARAGRAPH  # after which with a sentence, with any cue
STATUS = {"statut": "status", "état": "status", "etat": "status"}
STATUSES = dict.fromkeys(("reread", "relu", "relue", "relus", "relues"), "reread")
STATUSES |= dict.fromkeys(("machine", "automatique"), "machine")
SENTENCE_END = (".", "!", "?", "…", "»")
TIMES = re.compile(
    r"^[ \t]*((?:\d+:)?\d{1,2}:\d{1,2})([.,])(\d{1,3})"
    r"[ \t]*-->[ \t]*((?:\d+:)?\d{1,2}:\d{1,2})([.,])(\d{1,3})(.*)$",
    re.MULTILINE | re.ASCII,
)
_TIME = r"([0-9]{2,}):([0-5][0-9]):([0-5][0-9])\.([0-9]{3})"
_CODE = r"[A-Za-z0-9-]+"
_LINE = r"[^\s<>](?:[^\n<>]*[^\s<>])?"
_LINES = rf"{_LINE}(?:\n{_LINE})*"
_SAID = rf"(?:<v ({_LINE})>)?(?:<lang ({_CODE})>)?({_LINES})(?(10)</lang>)"
_OWN_CUE = re.compile(rf"[0-9]+\n{_TIME} --> {_TIME}\n{_SAID}")
_MARKED_LANGUAGE = re.compile(rf"(?:<v[^>]*>)?<lang(?:\.[^>\s]*)?\s+({_CODE})>")
_OWN_NOTE = re.compile(rf"NOTE\n({_LINES})")
MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
MARKED = ("WEBVTT", "NOTE", "STYLE", "REGION")  # they begin a block that is no cue
SAMPLE = 400  # bytes that show whether every other one is zero, as in UTF-16
REPLACEMENT = "�"


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
    other: int = 0  # the voice that it may be instead; one that no turn has is there once named


@dataclass(frozen=True)
class Segment:
    """The text of one window, with the decoder's measures of certainty."""

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
    language: str = ""  # where it isn't the main one


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
    names: tuple[Word, ...] = ()  # written in the place of words that were misheard
    also: tuple[str, ...] = ()  # other languages, of which a segment may be
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
    language: str = ""  # where it isn't that of the episode


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
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
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
    Raises StrayError where words of its file would be lost, for they are in no cue."""
    if transcript.stray:
        raise StrayError(tell_stray(transcript.stray))
    blocks = ["WEBVTT"]
    if transcript.note:
        blocks.append("NOTE\n" + "\n".join(f"{k}: {v}" for k, v in transcript.note.items()))
    blocks += (f"{number}\n{render_cue(cue)}" for number, cue in enumerate(transcript.cues, 1))
    return "\n\n".join(blocks) + "\n"


def render_cue(cue: Cue) -> str:
    """Write a cue as WebVTT, its times on the first line."""
    voice = f"<v {escape(cue.voice, one_line=True)}>" if cue.voice.strip() else ""
    text = escape(cue.text)
    if re.fullmatch(_CODE, cue.language):
        text = f"<lang {cue.language}>{text}</lang>"
    return f"{timestamp(cue.start)} --> {timestamp(cue.end)}\n{voice}{text}"


def escape(text: str, one_line: bool = False) -> str:
    """Write a text for WebVTT, without empty lines, which would end its cue."""
    return html.escape(_line(text, keep_lines=not one_line), quote=False)


def render_srt(transcript: Transcript) -> str:
    """Write SubRip, with names of speakers; without empty cues, at which some readers end."""
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
    """Group cues into paragraphs, each begun by another voice; by a long pause, if a sentence ends
    there, else by one twice as long; or by a new sentence where the text gets long."""
    paragraph = list[Cue]()
    for cue in cues:
        if paragraph:
            last, length = paragraph[-1], sum(len(each.text) for each in paragraph)
            pause = cue.start - last.end
            if not last.text.rstrip().endswith(SENTENCE_END):
                is_next = length > ENDLESS
            else:
                is_next = pause >= PAUSE or length > (PARAGRAPH if pause >= BREATH else LONG)
            if is_next or cue.voice != last.voice or pause >= 2 * PAUSE:
                yield tuple(paragraph)
                paragraph = []
        paragraph.append(cue)
    if paragraph:
        yield tuple(paragraph)


def read_evidence(text: bytes, where: object) -> Evidence:
    """Read the machine's evidence. Raises ArchiveError naming `where` and what is wrong."""
    return records.read(Evidence, text, where, version=EVIDENCE_VERSION)


def render_evidence(evidence: Evidence) -> bytes:
    """Write the machine's evidence as JSON."""
    return records.render(evidence, version=EVIDENCE_VERSION)


def _line(text: str, keep_lines: bool = False) -> str:
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return ("\n" if keep_lines else " ").join(line for line in lines if line)


def read_vtt(content: bytes, where: object) -> Transcript:
    """Read a transcript as a person may have left it: WebVTT or SubRip, in any usual encoding.
    Raises TranscriptError naming `where` and the line at fault."""
    sha256 = hashlib.sha256(content).hexdigest()
    return replace(read_own(content) or read_any(content, where), sha256=sha256)


def read_own(content: bytes) -> Transcript | None:
    """Read a transcript as the program itself writes it, in a fifth of the time; else give None."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    head, *blocks = text.removesuffix("\n").split("\n\n")
    if head != "WEBVTT" or "\0" in text or len(text.splitlines()) != text.count("\n"):
        return None
    note = _OWN_NOTE.fullmatch(blocks[0]) if blocks else None
    cues = list[Cue]()
    for block in blocks[1:] if note else blocks:
        match = _OWN_CUE.fullmatch(block)
        if match is None:
            return None
        *times, voice, language, text = (part or "" for part in match.groups())
        start, end = (
            int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(thousandths) / 1000
            for hours, minutes, seconds, thousandths in (times[:4], times[4:])
        )
        if end < start:
            return None
        cues.append(Cue(start, end, html.unescape(text), html.unescape(voice), language))
    if not cues or content.count(b"-->") != len(cues):
        return None
    return Transcript(tuple(cues), _read_note([note[1]] if note else []))


def read_any(content: bytes, where: object) -> Transcript:
    """Read a transcript by a reader of all of WebVTT; raises as `read_vtt` does."""
    text, form = read_text(content)
    try:
        document = webvtt.WebVTT.from_string(text, strict=True)
    except (webvtt.errors.MalformedFileError, webvtt.errors.MalformedCaptionError) as error:
        message = _("{where} : pas du WebVTT ({error}) ; réparez le fichier")
        raise TranscriptError(message, where=where, error=error) from error
    cues = list[Cue]()
    for each in document.captions:
        start = each.start_in_seconds + each.start_time.milliseconds / 1000
        end = each.end_in_seconds + each.end_time.milliseconds / 1000
        if end < start:
            message = _("{where} : le sous-titre à {start} finit avant de commencer ; réparez-le")
            raise TranscriptError(message, where=where, start=each.start)
        marked = _MARKED_LANGUAGE.match(each.raw_text)
        language = marked[1] if marked else ""
        voice = html.unescape(each.voice or "")
        cues.append(Cue(start, end, html.unescape(each.text), voice, language))
    line = find_stray(content)
    note = _read_note(document.header_comments)
    return Transcript(tuple(cues), note, form, stray=f"{where}:{line}" if line else "")


def find_stray(content: bytes) -> int:
    r"""Find the first line of words in no cue, for their times are damaged or missing; else 0.

    >>> find_stray(b"WEBVTT\n\n00:01.000 -> 00:02.000\nOui\n\nNOTE\nBien.\n")
    3
    >>> find_stray(b"WEBVTT\nKind: captions\n\n1\n\n00:01.000 --> 00:02.000\nOui\n")
    0
    """
    number = 1
    for block in decode(content)[0].split("\n\n"):
        lines = block.strip("\n").splitlines()
        said = [line for line in lines if line.strip() and not line.strip().isdecimal()]
        if said and "-->" not in block and not said[0].startswith(MARKED):
            return number + block.splitlines().index(said[0])
        number += block.count("\n") + 2
    return 0


def tell_stray(place: str) -> str:
    """Say what keeps a text from being written anew."""
    return _(
        "{place} : des mots hors de tout sous-titre, qui seraient perdus ; corrigez la ligne "
        "de leurs temps, ou écrivez NOTE au-dessus",
        place=place,
    )


def remark(form: str, where: object) -> str:
    """Write a warning for a file that is not WebVTT in UTF-8; empty where it is."""
    message = _("{where} : lu quand même ({form}) ; enregistrez-le en WebVTT et en UTF-8")
    return _(message, where=where, form=form) if form else ""


def read_text(content: bytes) -> tuple[str, str]:
    """Give the text of a file as WebVTT, and its form: empty if it is WebVTT in UTF-8."""
    text, letters = decode(content)
    has_header = text.startswith("WEBVTT")
    is_subrip = any("," in (times[2], times[5]) for times in TIMES.finditer(text))
    if is_subrip or not has_header:
        text = TIMES.sub(_retime, text.lstrip())
    if not has_header and not text.startswith("WEBVTT") and "-->" in text:
        text, is_subrip = f"WEBVTT\n\n{text}", True
    return text, ", ".join(filter(None, ("SubRip" if is_subrip else "", letters)))


def _retime(times: re.Match[str]) -> str:
    """Write times as in WebVTT, two digits for each part; only WebVTT has settings after them."""
    start, comma, fraction, end, other, other_fraction, settings = times.groups()
    first, last = (":".join(f"{part:0>2}" for part in each.split(":")) for each in (start, end))
    own_settings = settings if (comma, other) == (".", ".") else ""
    return f"{first}.{fraction:0<3} --> {last}.{other_fraction:0<3}{own_settings}"


def decode(content: bytes) -> tuple[str, str]:
    r"""Give the text of any file, its lines ended by \n, and its encoding: empty for UTF-8."""
    text, letters = _decode(content)
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"), letters


def _decode(content: bytes) -> tuple[str, str]:
    """Decode UTF-8, or else the encodings that editors use in its place."""
    wide = MARKS.get(content[:2])
    sample = content[:SAMPLE]
    even, odd, half = sample[::2].count(0), sample[1::2].count(0), len(sample) // 4
    if min(even, odd) < half < max(even, odd):  # UTF-16 without a byte order mark
        wide = wide or ("utf-16-le" if odd > even else "utf-16-be")
    if wide:
        return content.decode(wide, errors="replace"), "UTF-16"
    text = content.decode(errors="replace")
    damaged = text.count(REPLACEMENT) - content.count(REPLACEMENT.encode())
    if not damaged:
        return text, ""
    if damaged < sum(not letter.isascii() for letter in text) - damaged:
        return text, _("lettres abîmées")
    try:
        return content.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        return content.decode("latin-1"), "Latin-1"


def _read_note(comments: Sequence[str]) -> dict[str, str]:
    notes = list[dict[str, str]]()
    for comment in comments:
        pairs = (line.partition(":") for line in comment.splitlines() if ":" in line)
        fields = {key.strip().casefold(): value.strip() for key, _, value in pairs}
        notes.append({STATUS.get(key, key): value for key, value in fields.items()})
    note = next((note for note in notes if "status" in note), notes[0] if notes else {})
    return note | {"status": read_status(note["status"])} if "status" in note else note


def read_status(text: str) -> str:
    """Read `reread` and `machine` in the many ways in which people write them.

    >>> read_status("Relue par Camille"), read_status(" RE-READ"), read_status("non relue")
    ('reread', 'reread', 'non relue')
    """
    word = re.search(r"[\w-]+", text.casefold())
    return STATUSES.get(word[0].replace("-", ""), text) if word else text
