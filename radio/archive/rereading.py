"""How far a text is reread, in sections of two minutes, noted in the NOTE of its file. Pure. The
NOTE of a text reread in part says `reread: 0:00-4:00, 6:00-8:00`: times alone, so that it holds
whatever becomes of the words. Once all sections with words are reread, it says `status: reread`."""

import contextlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from radio.archive.protection import read_moment
from radio.system.errors import TranscriptError
from radio.text.transcript import Cue, Transcript, clock, read_vtt, render_vtt

SECTION = 120.0  # seconds
NEARLY = 0.9  # share of what is said in a section
MARKS = ("reread", "twice")  # keys of the NOTE; the second is in old files only
NOTE = re.compile(r"^NOTE[ \t]*\r?\n(?:[^\r\n]+\r?\n)+", re.MULTILINE)
STATUS_LINE = re.compile(r"^[ \t]*(?:status|statut|état|etat)[ \t]*:", re.MULTILINE | re.IGNORECASE)
OWN = ("status", *MARKS)


@dataclass(frozen=True)
class Rereading:
    """Which sections of a text people reread, by their numbers from 0."""

    spoken: frozenset[int]  # in which something is said
    reread: frozenset[int]

    @property
    def is_whole(self) -> bool:
        """Whether all is reread."""
        return bool(self.spoken) and self.spoken <= self.reread

    @property
    def times(self) -> str:
        """The reread sections as times; "" for none."""
        return _spans(self.reread & self.spoken)

    def marked(self, section: int, *, is_reread: bool) -> "Rereading":
        """Mark a section as reread, or as the machine's."""
        others = self.reread - {section}
        return replace(self, reread=others | {section} if is_reread else others)


def section_of(second: float) -> int:
    """Give the section of a sentence that begins at a second."""
    return int(second // SECTION)


def read(note: Mapping[str, str], cues: Iterable[Cue]) -> Rereading:
    """Read from the NOTE of a text how far it is reread."""
    spoken = frozenset(section_of(cue.start) for cue in cues)
    if note.get("status") == "reread":
        return Rereading(spoken, spoken)
    once, twice = (_numbers(note.get(each, "")) for each in MARKS)
    return Rereading(spoken, once | twice)


def _numbers(times: str) -> frozenset[int]:
    """Read the sections that lie wholly in some times.

    >>> sorted(_numbers("0:00-4:00, 6:00-8:30, x"))
    [0, 1, 3]
    """
    found = set[int]()
    for span in times.split(","):
        start, _dash, end = span.replace("–", "-").partition("-")
        first, last = read_moment(start.strip()), read_moment(end.strip())
        if first is not None and last is not None:
            found.update(range(-int(-first // SECTION), min(int(last // SECTION), 10_000)))
    return frozenset(found)


def _spans(sections: Iterable[int]) -> str:
    """Write sections as times.

    >>> _spans({0, 1, 3})
    '0:00-4:00, 6:00-8:00'
    """
    spans = list[list[int]]()
    for each in sorted(sections):
        if spans and spans[-1][1] == each:
            spans[-1][1] = each + 1
        else:
            spans.append([each, each + 1])
    return ", ".join("-".join(clock(each * SECTION) for each in span) for span in spans)


def rewrite_note(text: str, transcript: Transcript, known: Rereading) -> str:
    """Write into the NOTE of a file how far it is reread; all else stays."""
    note = with_marks(transcript.note, known)
    changed = _changed(text, _note_of(transcript.note, known))
    with contextlib.suppress(TranscriptError):
        after = read_vtt(changed.encode(), "")
        if after.cues == transcript.cues and after.note == note:
            return changed
    return render_vtt(replace(transcript, note=note))


def with_marks(note: Mapping[str, str], known: Rereading) -> dict[str, str]:
    """Give a NOTE that says how far its text is reread."""
    return _note_of(note, known) | {key: value for key, value in note.items() if key not in OWN}


def moved(before: Rereading, pairs: Iterable[tuple[Cue, Cue]]) -> Rereading:
    """Tell which sections are reread, nearly all, after cues got other times: old and new cues."""
    said, reread = defaultdict[int, float](float), defaultdict[int, float](float)
    for old, new in pairs:
        place, seconds = section_of(new.start), new.end - new.start
        said[place] += seconds
        if section_of(old.start) in before.reread:
            reread[place] += seconds
    nearly = (place for place, seconds in said.items() if reread[place] >= NEARLY * seconds)
    return Rereading(frozenset(said), frozenset(nearly))


def _note_of(note: Mapping[str, str], known: Rereading) -> dict[str, str]:
    status = note.get("status", "unknown")
    if known.is_whole:
        status = "reread"
    elif status == "reread":
        status = "machine" if "model" in note or "engine" in note else "unknown"
    spans = "" if known.is_whole else _spans(known.reread)
    return {"status": status} | ({"reread": spans} if spans else {})


def _changed(text: str, marks: Mapping[str, str]) -> str:
    """Change the lines of the NOTE that tell the status, or add them."""
    ending = "\r\n" if "\r\n" in text else "\n"
    lines = [f"{key}: {value}{ending}" for key, value in marks.items()]
    notes = [each for each in NOTE.finditer(text) if STATUS_LINE.search(each[0])]
    if not notes:
        head, blank, tail = text.partition(f"{ending}{ending}")
        return f"{head}{blank}NOTE{ending}{''.join(lines)}{ending}{tail}"
    head, *old = notes[0][0].splitlines(keepends=True)
    for line in old:
        key = line.partition(":")[0].strip().casefold()
        if not STATUS_LINE.match(line) and key not in OWN:
            lines.append(line)
    return text[: notes[0].start()] + head + "".join(lines) + text[notes[0].end() :]
