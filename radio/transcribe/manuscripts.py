"""A text on its way through a word processor: out as .docx, a paragraph for each turn with its time
and who speaks, and back in from any format of `documents`. A line at its head names the episode and
the version of the text: it survives whatever program saves the document."""

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from radio.archive.authorship import sha256
from radio.french.letters import bind
from radio.system.errors import TranscriptError
from radio.system.messages import _
from radio.text.sentences import cut_sentences, sentence_of
from radio.text.transcript import SENTENCE_END, Cue, Transcript, clock, paragraphs, render_vtt
from radio.transcribe.documents import HEADINGS, TIME, Paragraph, ScriptLine, extracted

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
GREY, SMALL = "767676", 8  # colour and points of a time
VERSION = 12  # signs of a hash
_MARK = re.compile(rf"(\S+/\S+) · ([0-9a-f]{{{VERSION}}})")
_COLON = r"[ \u00a0\u202f]*:(?:\s+|$)"
_NAMED = re.compile(rf"([^\W\d_][^:.!?…]{{0,40}}?){_COLON}")


@dataclass(frozen=True)
class Manuscript:
    """What a document says."""

    lines: tuple[ScriptLine, ...]  # sentences; without a voice where it names nobody
    key: str = ""  # of the episode, and
    version: str = ""  # of the text that it was made of; empty where that line is gone


def version_of(cues: Sequence[Cue]) -> str:
    """Name a text by its words, times and voices."""
    return sha256(render_vtt(Transcript(tuple(cues))).encode())[:VERSION]


def write(key: str, title: str, transcript: Transcript, language: str) -> bytes:
    """Write a text as .docx."""
    import docx
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    document = docx.Document()
    time = document.styles.add_style("Radio time", WD_STYLE_TYPE.CHARACTER).font
    time.size, time.color.rgb = Pt(SMALL), RGBColor.from_string(GREY)
    for each in document.styles.element.iter(qn("w:lang")):  # a word processor spells by it
        each.set(qn("w:val"), language)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = title[:255], "", ""
    document.add_heading(title, 1)
    told = _(
        "Corrigez les mots, changez les noms, coupez ou joignez les paragraphes. Laissez la ligne "
        "ci-dessous : elle dit de quel texte vient ce document."
    )
    for line in (told, f"{key} · {version_of(transcript.cues)}"):
        document.add_paragraph().add_run(line, "Radio time")
    for paragraph in paragraphs([cue for cue in transcript.cues if cue.text.strip()]):
        written, voice = document.add_paragraph(), paragraph[0].voice
        written.add_run(f"{clock(paragraph[0].start)} ", "Radio time").bold = bool(voice)
        if voice:
            written.add_run(voice).bold = True
        written.add_run(f"{chr(160)}: " * bool(voice) + bind(sentence_of(paragraph)))
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def read(path: Path, voices: Iterable[str]) -> Manuscript:
    """Read a document, in a child with limits; `voices` are those of its text. Raises as
    `documents.read` does."""
    found = [each for each in extracted(path) if each.text]
    marks = [(at, mark) for at, it in enumerate(found) if (mark := _MARK.fullmatch(it.text))]
    timed = [at for at, each in enumerate(found) if TIME.match(each.text)]
    start = marks[0][0] + 1 if marks else timed[0] if timed else 0  # before it stands the title
    lines = tuple(_joined(_lines(found[start:], voices)))
    if not lines:
        raise TranscriptError(_("{path} : pas un mot dedans ; est-ce le bon fichier ?", path=path))
    return Manuscript(lines, *(marks[0][1].groups() if marks else ()))


def _lines(some: Sequence[Paragraph], voices: Iterable[str]) -> Iterator[ScriptLine]:
    heads = (_NAMED.match(TIME.sub("", each.text)) for each in some if TIME.match(each.text))
    often = Counter(head[1] for head in heads if head and head[1].casefold() not in HEADINGS)
    known = sorted({*voices, *(name for name, count in often.items() if count > 1)}, key=len)
    said = re.compile("|".join(f"({re.escape(name)}){_COLON}" for name in reversed(known)) or "$^")
    voice = ""
    for each in some:
        text, bold = TIME.sub("", each.text), TIME.sub("", each.bold)
        head = said.match(text) or (bold and re.match(rf"({re.escape(bold)}){_COLON}", text))
        if head:
            voice, text = next(filter(None, head.groups())), text[head.end() :]
        elif text != each.text:
            voice = ""  # a turn of somebody who is not named
        yield from (ScriptLine(line, voice) for line in cut_sentences(text))


def _joined(lines: Iterable[ScriptLine]) -> Iterator[ScriptLine]:
    """Join the parts of a sentence through which a paragraph ends."""
    last: ScriptLine | None = None
    for line in lines:
        if last and last.voice == line.voice and not last.text.endswith((*SENTENCE_END, ":")):
            last = ScriptLine(f"{last.text} {line.text}", last.voice)
            continue
        if last:
            yield last
        last = line
    if last:
        yield last
