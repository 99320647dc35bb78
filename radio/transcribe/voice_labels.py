"""Who speaks, written into a text that a person changed: nothing else of the file is touched."""

import html
import re
from collections.abc import Collection

from radio.archive import Archive
from radio.system.disk import read_bytes
from radio.system.errors import TranscriptError
from radio.system.messages import _
from radio.text.aligned import align
from radio.text.transcript import escape, read_vtt, voice_number
from radio.transcribe.attribution import Speakers

TIME = r"(?:\d+:)?\d{1,2}:\d{1,2}\.\d{1,3}"
CUE = re.compile(
    rf"(?P<times>^{TIME}[ \t]+-->[ \t]+{TIME}.*\n)(?P<said>[^\n]*\w[^\n]*)", re.MULTILINE
)
"""The line with the times of a cue, and the first line of what is said."""
VOICE = re.compile(r"<v(?:\.[^ \t>]*)?[ \t]+([^>\n]*)>")


def label_cues(
    archive: Archive, key: str, before: Speakers, after: Speakers, numbers: Collection[int]
) -> bytes:
    """Write the new names of some voices into a text, where it has their old ones, or none.

    Raises TranscriptError if the text is not WebVTT in UTF-8.
    """
    path = archive.vtt_path(key)
    content = read_bytes(path)
    if form := read_vtt(content, path).form:
        raise TranscriptError(
            _("{path}: {form}; save it as WebVTT in UTF-8, then name its voices").format(
                path=path, form=form
            )
        )
    text = content.decode()

    def write(cue: re.Match[str]) -> str:
        voice, said = before.voice_of(*_times(cue)), cue["said"]
        label = VOICE.match(said)
        number = _number(label, voice, before) if label else voice
        if number is None or number not in numbers:
            return cue[0]
        rest = said[label.end() :] if label else said
        head = said[: label.start(1)] if label else "<v "
        return f"{cue['times']}{head}{escape(after.label(number), one_line=True)}>{rest}"

    return CUE.sub(write, text).encode()


def without_labels(now: str, labelled: str, before: str) -> str:
    r"""Take labels back out of a text that somebody changed since: each line has that of before.

    >>> without_labels("<v Zoé>Oui.\n<v Zoé>Ah.", "<v Zoé>Non.\n<v Zoé>Ah.", "Non.\n<v A>Ah.")
    'Oui.\n<v A>Ah.'
    """
    lines, new, old = (text.split("\n") for text in (now, labelled, before))
    for first, last, begin, end, _is_equal in list(align(new, lines)):
        for number in range(begin, end if last > first else begin):
            place = min(first + number - begin, last - 1)
            was, label = (VOICE.match(each[place]) for each in (old, new))
            if label and lines[number].startswith(label[0]):
                rest = lines[number].removeprefix(label[0])
                lines[number] = f"{was[0] if was else ''}{rest}"
    return "\n".join(lines)


def _times(cue: re.Match[str]) -> tuple[float, float]:
    """Give start and end of a cue, in seconds."""
    start, end = map(_seconds, re.findall(r"[\d:.]+", cue["times"])[:2])
    return start, end


def _seconds(time: str) -> float:
    *hours, minutes, seconds = time.split(":")
    return 3600 * int(hours[0] if hours else 0) + 60 * int(minutes) + float(seconds)


def _number(label: re.Match[str], voice: int, before: Speakers) -> int | None:
    """Tell which voice a label stands for, where this one speaks; None where a person named it."""
    name = html.unescape(label[1]).strip()
    return voice if name == before.label(voice) else voice_number(name)
