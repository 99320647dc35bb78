"""Captions as people save them: WebVTT or SubRip, in any usual encoding.

Pure. The only importer of webvtt.
"""

import codecs
import html
import re
from dataclasses import dataclass

import webvtt

from radio.system.errors import TranscriptError
from radio.system.messages import _

TIMES = re.compile(
    r"^[ \t]*((?:\d+:)?\d{1,2}:\d{1,2})([.,])(\d{1,3})"
    r"[ \t]*-->[ \t]*((?:\d+:)?\d{1,2}:\d{1,2})([.,])(\d{1,3})(.*)$",
    re.MULTILINE | re.ASCII,
)
_TIME = r"([0-9]{2,}):([0-5][0-9]):([0-5][0-9])\.([0-9]{3})"
_LINE = r"[^\s<>](?:[^\n<>]*[^\s<>])?"
_LINES = rf"{_LINE}(?:\n{_LINE})*"
_OWN_CUE = re.compile(rf"[0-9]+\n{_TIME} --> {_TIME}\n(?:<v ({_LINE})>)?({_LINES})")
_OWN_NOTE = re.compile(rf"NOTE\n({_LINES})")
"""How the program itself writes cues and what it notes of them, without exception."""
MARKS = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
MARKED = ("WEBVTT", "NOTE", "STYLE", "REGION")
"""What begins a block that is no cue."""
SAMPLE = 400  # bytes that show whether every other one is zero, as in UTF-16
REPLACEMENT = "�"


@dataclass(frozen=True)
class Caption:
    """A cue of a file."""

    start: float  # seconds
    end: float
    text: str
    voice: str


@dataclass(frozen=True)
class Captions:
    """The content of a file."""

    captions: tuple[Caption, ...]
    comments: tuple[str, ...]  # those above the first caption
    form: str  # format and encoding of the file; empty for WebVTT in UTF-8
    stray: int = 0  # the first line of words that are in no cue and no note; 0 where there are none


def read(content: bytes, where: object) -> Captions:
    """Read captions.

    Raises TranscriptError naming `where` and the line at fault.
    """
    return read_own(content) or read_any(content, where)


def read_own(content: bytes) -> Captions | None:
    r"""Read captions exactly as the program writes them, in a fifth of the time.

    None where anything is otherwise: that is for a reader which knows all of WebVTT.

    >>> own = b"WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.500\nOui &amp; non\n"
    >>> read_own(own).captions
    (Caption(start=1.0, end=2.5, text='Oui & non', voice=''),)
    >>> read_own(own.replace(b"--> 00:00:02", b"--> 00:00:0"))
    """
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    head, *blocks = text.removesuffix("\n").split("\n\n")
    if head != "WEBVTT" or "\0" in text or len(text.splitlines()) != text.count("\n"):
        return None
    note = _OWN_NOTE.fullmatch(blocks[0]) if blocks else None
    captions = list[Caption]()
    for block in blocks[1:] if note else blocks:
        cue = _OWN_CUE.fullmatch(block)
        caption = cue and _own_caption(*cue.groups())
        if caption is None or caption.end < caption.start:
            return None
        captions.append(caption)
    if not captions or text.count("-->") != len(captions):
        return None
    return Captions(tuple(captions), (note[1],) if note else (), "")


def _own_caption(*parts: str | None) -> Caption:
    """Make a caption of the parts of two times, a voice and a text."""
    *times, voice, text = (part or "" for part in parts)
    start, end = _own_seconds(*times[:4]), _own_seconds(*times[4:])
    return Caption(start, end, html.unescape(text), html.unescape(voice))


def _own_seconds(hours: str, minutes: str, seconds: str, thousandths: str) -> float:
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(thousandths) / 1000


def read_any(content: bytes, where: object) -> Captions:
    """Read captions by a reader of all of WebVTT; raises as `read` does."""
    text, form = read_text(content)
    try:
        document = webvtt.WebVTT.from_string(text, strict=True)
    except (webvtt.errors.MalformedFileError, webvtt.errors.MalformedCaptionError) as error:
        raise TranscriptError(
            _("{where}: not WebVTT ({error}); mend the file").format(where=where, error=error)
        ) from error
    captions = tuple(_read_caption(each, where) for each in document.captions)
    return Captions(captions, tuple(document.header_comments), form, find_stray(content))


def find_stray(content: bytes) -> int:
    r"""Tell the first line of words that are in no cue: their times are damaged, or set apart.

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
        "{place}: words in no cue, which would be lost; mend the line of their times, or put"
        " NOTE above them"
    ).format(place=place)


def remark(form: str, where: object) -> str:
    """Make a warning for a file that is not WebVTT in UTF-8; empty where it is."""
    if not form:
        return ""
    return _("{where}: read all the same ({form}); save it as WebVTT in UTF-8").format(
        where=where, form=form
    )


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


def decode(content: bytes) -> tuple[str, str]:
    r"""Give the text of any file, its lines ended by \n, and its encoding: empty for UTF-8."""
    text, letters = _decode(content)
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"), letters


def _decode(content: bytes) -> tuple[str, str]:
    """Decode UTF-8, or else the encodings that editors use in its place."""
    wide = MARKS.get(content[:2]) or _guess_wide(content[:SAMPLE])
    if wide:
        return content.decode(wide, errors="replace"), "UTF-16"
    text = content.decode(errors="replace")
    damaged = text.count(REPLACEMENT) - content.count(REPLACEMENT.encode())
    if not damaged:
        return text, ""
    if damaged < sum(not letter.isascii() for letter in text) - damaged:
        return text, _("damaged letters")
    try:
        return content.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        return content.decode("latin-1"), "Latin-1"


def _guess_wide(sample: bytes) -> str | None:
    """Recognise UTF-16 without a byte order mark by its zeros."""
    half = len(sample) // 4
    if sample[1::2].count(0) > half > sample[::2].count(0):
        return "utf-16-le"
    return "utf-16-be" if sample[::2].count(0) > half > sample[1::2].count(0) else None


def _retime(times: re.Match[str]) -> str:
    """Write times as in WebVTT; only WebVTT has settings after them."""
    start, comma, fraction, end, other, rest, settings = times.groups()
    own_settings = settings if (comma, other) == (".", ".") else ""
    return f"{_pad(start)}.{fraction:0<3} --> {_pad(end)}.{rest:0<3}{own_settings}"


def _pad(clock: str) -> str:
    """Write two digits for each part.

    >>> _pad("1:2:03"), _pad("2:03")
    ('01:02:03', '02:03')
    """
    return ":".join(f"{part:0>2}" for part in clock.split(":"))


def _read_caption(caption: webvtt.Caption, where: object) -> Caption:
    start = caption.start_in_seconds + caption.start_time.milliseconds / 1000
    end = caption.end_in_seconds + caption.end_time.milliseconds / 1000
    if end < start:
        raise TranscriptError(
            _("{where}: the cue at {start} ends before it starts; mend it").format(
                where=where, start=caption.start
            )
        )
    return Caption(start, end, html.unescape(caption.text), html.unescape(caption.voice or ""))
