"""Texts that people wrote, in the formats of their programs: lines, and who says each.

Whatever the format, it is read in a child process with limits: a document is a foreign file.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from radio.formats.forgiving import ForgivingParser
from radio.system import sandbox
from radio.system.disk import explained
from radio.system.errors import TranscriptError
from radio.system.messages import _
from radio.system.progress import Progress
from radio.text import captions
from radio.text.sentences import cut_sentences
from radio.transcribe.office import read_docx, read_odt
from radio.transcribe.speakers import Paragraph, assign, join

MEMORY = 512 << 20  # bytes
CPU = 20  # seconds
LARGEST = 32 << 20  # bytes
MOST_LETTERS = 4 << 20  # characters; some sixty hours of speech

UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))  # where a line may break or not
_BLOCKS = """
    address article aside blockquote body br caption dd details div dl dt figcaption figure footer
    form h1 h2 h3 h4 h5 h6 header hr li main nav ol option p pre section summary table td th tr ul
"""
BLOCKS = frozenset(_BLOCKS.split())
BOLD = {"b", "strong"}
HIDDEN = {"script", "style", "title", "template"}


@dataclass(frozen=True)
class ScriptLine:
    """A sentence of a text."""

    text: str
    voice: str = ""  # who says it, as far as it is written


def read(path: Path, people: Iterable[str] = ()) -> tuple[ScriptLine, ...]:
    """Read the lines of a text: .txt, .html, .srt, .vtt, .docx or .odt.

    Who speaks is told by the voices of captions, or else by the heads of paragraphs (`speakers`),
    with the names of `people`. Raises TranscriptError if the text can't be read, is empty or too
    long, ReaderError if its reader met a limit, and ArchiveError if there is no such file.
    """
    if path.suffix.lower() not in READERS:
        known = ", ".join(READERS)
        raise TranscriptError(_("{path}: not one of {known}").format(path=path, known=known))
    with explained(path, _("check the name")):
        path.stat()
    found = sandbox.call(
        "radio.transcribe.documents:extract", str(path), memory=MEMORY, seconds=CPU
    )
    lines = tuple(_lines([Paragraph(**each) for each in found], people))
    if not lines:
        raise TranscriptError(_("{path}: no words in it; is it the right file?").format(path=path))
    return lines


def extract(name: str, _progress: Progress) -> list[dict[str, str | None]]:
    """Give the paragraphs of a document, in the child; spaces and breaks in them are one space."""
    path = Path(name)
    if path.stat().st_size > LARGEST:
        raise TranscriptError(
            _("{path}: over {size} MB; save its text alone").format(path=path, size=LARGEST >> 20)
        )
    paragraphs = READERS[path.suffix.lower()](path)
    if sum(len(each.text) + len(each.voice or "") for each in paragraphs) > MOST_LETTERS:
        raise TranscriptError(_("{path}: too long for one show").format(path=path))
    fields = (vars(each).items() for each in paragraphs)
    return [{name: value and _plain(value) for name, value in each} for each in fields]


def _plain(text: str) -> str:
    return " ".join(text.translate(UNSEEN).split())


def _lines(paragraphs: Sequence[Paragraph], people: Iterable[str]) -> Iterator[ScriptLine]:
    told = [(each.voice, each.text) for each in paragraphs if each.voice is not None]
    for voice, text in told or assign([each for each in paragraphs if each.text], people):
        for sentence in cut_sentences(text):
            yield ScriptLine(sentence, voice)


def _read_text(path: Path) -> list[Paragraph]:
    return list(map(Paragraph, captions.decode(path.read_bytes())[0].split("\n")))


def _read_captions(path: Path) -> list[Paragraph]:
    """Join the cues of one voice: a sentence may go through several."""
    cues = captions.read(path.read_bytes(), path).captions
    has_voices = any(cue.voice for cue in cues)
    return [
        Paragraph(" ".join(cue.text for cue in run), voice if has_voices else None)
        for voice, run in groupby(cues, attrgetter("voice"))
    ]


class _Page(ForgivingParser):
    """Collects the text of a page, block by block, in pieces that are bold or not."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[list[tuple[str, bool]]] = [[]]
        self._hidden, self._bold = 0, 0

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        """Begin a paragraph with a block."""
        self._hidden += tag in HIDDEN
        self._bold += tag in BOLD
        self._part(tag)

    def handle_endtag(self, tag: str) -> None:
        """End a paragraph with its block."""
        self._hidden -= tag in HIDDEN and self._hidden > 0
        self._bold -= tag in BOLD and self._bold > 0
        self._part(tag)

    def handle_data(self, data: str) -> None:
        """Add text that is seen."""
        if not self._hidden:
            self.blocks[-1].append((data, self._bold > 0 or not data.strip()))

    def _part(self, tag: str) -> None:
        if tag in BLOCKS:
            self.blocks.append([])


def _read_html(path: Path) -> list[Paragraph]:
    page = _Page()
    page.feed(captions.decode(path.read_bytes())[0])
    page.close()
    return list(map(join, page.blocks))


READERS: dict[str, Callable[[Path], list[Paragraph]]] = {
    ".txt": _read_text,
    ".html": _read_html,
    ".htm": _read_html,
    ".srt": _read_captions,
    ".vtt": _read_captions,
    ".docx": read_docx,
    ".odt": read_odt,
}
