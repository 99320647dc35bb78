"""Texts that people wrote: lines, and who says each, read in a child process with limits. Of Word
and LibreOffice, headers come first, then the body, then notes; deleted text, comments and texts in
pictures are left out. Speakers are « Nom : », « NOM. — », or in bold, alone, if the name comes
again or the sidecar has it; paragraphs without a name belong to the last one."""

import re
import zipfile
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from radio.formats.markup import ForgivingParser
from radio.french.letters import word_lists
from radio.system import sandbox
from radio.system.disk import explained
from radio.system.errors import TranscriptError
from radio.system.messages import _
from radio.system.progress import Progress
from radio.text.sentences import cut_sentences
from radio.text.transcript import decode, read_vtt

_LISTS = word_lists("transcribe")
HEADINGS = frozenset(_LISTS["headings"])
LONGEST_NAME = 40  # characters in bold at the head of a paragraph that may be a name
TIME = re.compile(r"^[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[\])]?[ \u00a0\u202f]*")
_NAME = r"([^\W\d_][^:.!?…—–]{0,40}?)"
_SPACE = r"[ \u00a0\u202f]*"
_COLON = re.compile(rf"{_NAME}{_SPACE}:(?:\s+|$)")
_AFTER_BOLD = re.compile(rf"^{_SPACE}(?:[:—–-](?=\s))?\s*")
_DASH = re.compile(rf"{_NAME}{_SPACE}\.{_SPACE}[—–-]\s*|{_NAME}{_SPACE}[—–]\s*")
OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # how .doc begins, and what Word encrypts
NOTES = ("footnotes", "endnotes")
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LETTERS = {"t": "", "tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-"}
# what each part of a run adds; empty if it holds its own letters
LETTERS = {f"{WORD}{name}": letters for name, letters in _LETTERS.items()}
# What stood where it was moved from, and boxes once more, for an older Word.
MOVED = f"{WORD}moveFrom"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_KINDS = ("office", "text", "style", "svg-compatible", "xsl-fo-compatible")
_SPACES = (f"{{urn:oasis:names:tc:opendocument:xmlns:{kind}:1.0}}" for kind in _KINDS)
OFFICE, TEXT, STYLE, SVG, FORMAT = _SPACES  # of OpenDocument
PARAGRAPHS = {f"{TEXT}p", f"{TEXT}h"}
UNREAD = {  # notes are read last, « tracked changes » were deleted, titles are of pictures
    *(f"{TEXT}note", f"{TEXT}tracked-changes", f"{SVG}title", f"{SVG}desc"),
    *(f"{OFFICE}annotation", f"{OFFICE}binary-data"),
}
SPACES = {f"{TEXT}s", f"{TEXT}tab", f"{TEXT}line-break"}
WEIGHTS = {"bold", "600", "700", "800", "900"}
MEMORY = 512 << 20  # bytes
CPU = 20  # seconds
LARGEST = 32 << 20  # bytes
MOST_LETTERS = 4 << 20  # characters; some sixty hours of speech

UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))  # where a line may break or not
BLOCKS = frozenset(_LISTS["blocks"])
BOLD = {"b", "strong"}
HIDDEN = {"script", "style", "title", "template"}
Run = tuple[str, bool]  # letters, and whether they are bold


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a document."""

    text: str
    voice: str | None = None  # who says it, empty for nobody; None where the format can't tell
    bold: str = ""  # its first words, in bold as a name may be


@dataclass(frozen=True)
class ScriptLine:
    """A sentence of a text."""

    text: str
    voice: str = ""  # who says it, as far as it is written


def read(path: Path, people: Iterable[str] = ()) -> tuple[ScriptLine, ...]:
    """Read the lines of a text: .txt, .html, .srt, .vtt, .docx or .odt. Captions name speakers by
    voices, others at the heads of paragraphs. Raises TranscriptError if the text can't be read, is
    empty or too long, ReaderError if its reader met a limit, ArchiveError without a file."""
    paragraphs = extracted(path)
    spoken = [(each.voice, each.text) for each in paragraphs if each.voice is not None]
    said = spoken or assign([each for each in paragraphs if each.text], people)
    lines = tuple(ScriptLine(each, voice) for voice, text in said for each in cut_sentences(text))
    if not lines:
        raise TranscriptError(_("{path} : pas un mot dedans ; est-ce le bon fichier ?", path=path))
    return lines


def extracted(path: Path) -> list[Paragraph]:
    """Read the paragraphs of a text, in a child with limits; raises as `read` does."""
    if path.suffix.lower() not in READERS:
        known = ", ".join(READERS)
        raise TranscriptError(
            _("{path} : format inconnu ; il faut {known}", path=path, known=known)
        )
    with explained(path, _("vérifiez le nom")):
        path.stat()
    reader = "radio.transcribe.documents:extract"
    found = sandbox.call(reader, str(path), memory=MEMORY, seconds=CPU)
    return [Paragraph(**each) for each in found]


def extract(name: str, _progress: Progress) -> list[dict[str, str | None]]:
    """Give the paragraphs of a document, in the child; spaces and breaks in them are one space."""
    path = Path(name)
    if path.stat().st_size > LARGEST:
        message = _("{path} : plus de {size} Mo ; enregistrez son texte seul")
        raise TranscriptError(message, path=path, size=LARGEST >> 20)
    paragraphs = READERS[path.suffix.lower()](path)
    if sum(len(each.text) + len(each.voice or "") for each in paragraphs) > MOST_LETTERS:
        raise TranscriptError(_("{path} : trop long pour une émission", path=path))
    return [
        {name: value and " ".join(value.translate(UNSEEN).split()) for name, value in fields}
        for fields in (vars(each).items() for each in paragraphs)
    ]


def assign(paragraphs: Sequence[Paragraph], people: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give each paragraph as speaker and text. A speaker is named as in `people`, empty at first.

    >>> texts = ["NOÉ. — Oui.", "Et puis non.", "[0:12] NOÉ. — Bon.", "Oui : bon."]
    >>> list(assign([Paragraph(text) for text in texts], []))
    [('NOÉ', 'Oui.'), ('NOÉ', 'Et puis non.'), ('NOÉ', 'Bon.'), ('NOÉ', 'Oui : bon.')]
    """
    known = {name.casefold(): name for name in people}
    texts = [TIME.sub("", each.text, count=1) for each in paragraphs]
    bolds = [TIME.sub("", each.bold, count=1) for each in paragraphs]
    heads = [_head(text, bold, known) for text, bold in zip(texts, bolds, strict=True)]
    names = Counter(name for name, _rest in heads)
    voice = ""
    for text, (name, speech) in zip(texts, heads, strict=True):
        is_named = name.casefold() in known or (names[name] > 1 and name.casefold() not in HEADINGS)
        voice = known.get(name.casefold(), name) if name and is_named else voice
        if said := speech if name and is_named else text:
            yield voice, said


def _head(text: str, bold: str, known: Container[str]) -> tuple[str, str]:
    """Cut what may be a name from a paragraph; empty and the whole if there is none."""
    if bold:
        return bold, _AFTER_BOLD.sub("", text.removeprefix(bold), count=1)
    if match := _COLON.match(text):
        return match[1], text[match.end() :]
    if match := _DASH.match(text):
        name = match[1] or match[2]
        if match[1] or name.isupper() or name.casefold() in known:
            return name, text[match.end() :]
    return (text.strip(), "") if text.strip().casefold() in known else ("", text)


def join(some: Iterable[Run]) -> Paragraph:
    """Make a paragraph of its letters, each in bold or not. First words in bold may be a name.

    >>> join([("Camille", True), (" Bonsoir.", False)])
    Paragraph(text='Camille Bonsoir.', voice=None, bold='Camille')
    """
    filled = [(letters, is_bold) for letters, is_bold in some if letters]
    text = "".join(letters for letters, _is_bold in filled)
    bold = "".join(letters for letters, _is_bold in takewhile(itemgetter(1), filled))
    name, after = bold.strip(), text[len(bold) :]
    is_separate = bold != bold.rstrip() or after != after.lstrip()
    may_be_name = 0 < len(name) <= LONGEST_NAME and name[-1].isalnum() and is_separate
    return Paragraph(text, bold=name if may_be_name and after.strip() else "")


def _read_captions(path: Path) -> list[Paragraph]:
    """Join the cues of one voice: a sentence may go through several."""
    cues = read_vtt(path.read_bytes(), path).cues
    has_voices = any(cue.voice for cue in cues)
    return [
        Paragraph(" ".join(cue.text for cue in run), voice if has_voices else None)
        for voice, run in groupby(cues, attrgetter("voice"))
    ]


class _Page(ForgivingParser):
    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[list[Run]] = [[]]
        self._depths = {"hidden": 0, "bold": 0}

    def handle_starttag(self, tag: str, _attrs: object, step: int = 1) -> None:
        for kind, tags in (("hidden", HIDDEN), ("bold", BOLD)):
            if tag in tags:
                self._depths[kind] = max(0, self._depths[kind] + step)
        if tag in BLOCKS:
            self.blocks.append([])

    def handle_endtag(self, tag: str) -> None:
        self.handle_starttag(tag, (), -1)

    def handle_data(self, data: str) -> None:
        if not self._depths["hidden"]:
            self.blocks[-1].append((data, self._depths["bold"] > 0 or not data.strip()))


def _read_html(path: Path) -> list[Paragraph]:
    page = _Page()
    page.feed(decode(path.read_bytes())[0])
    page.close()
    return list(map(join, page.blocks))


def _read_docx(path: Path) -> list[Paragraph]:
    _refuse_protected(path)
    import docx
    from docx.oxml import parse_xml

    document = docx.Document(str(path))
    headers = (each.header for each in document.sections)
    roots = [each._element for each in headers if not each.is_linked_to_previous]
    roots.append(document.element.body)
    related = document.part.rels.values()
    notes = (each for each in related if each.reltype.rpartition("/")[2] in NOTES)
    roots += (parse_xml(each.target_part.blob) for each in notes)
    paragraphs = (each for root in roots for each in root.iter(f"{WORD}p"))
    return [join(_runs(each)) for each in paragraphs if not list(each.iterancestors(FALLBACK))]


def _runs(node: Any) -> Iterator[Run]:
    """Give the letters of each run of a paragraph of Word, and whether they are bold; links and
    insertions too, but no boxes: these are paragraphs."""
    for child in node:
        if child.tag == f"{WORD}r":
            known = (each for each in child if each.tag in LETTERS)
            letters = "".join(LETTERS[each.tag] or each.text or "" for each in known)
            bold = child.find(f"{WORD}rPr/{WORD}b")
            is_bold = bold is not None and bold.get(f"{WORD}val", "1") not in ("0", "false", "off")
            yield letters, is_bold
        elif child.tag not in (f"{WORD}p", FALLBACK, MOVED):
            yield from _runs(child)


def _read_odt(path: Path) -> list[Paragraph]:
    _refuse_protected(path)
    with zipfile.ZipFile(path) as parcel:
        roots = [_parsed(parcel.read(name)) for name in ("styles.xml", "content.xml")]
    are_bold = {
        style.get(f"{STYLE}name"): weight in WEIGHTS
        for root in roots
        for style in root.iter(f"{STYLE}style")
        for each in style.iter(f"{STYLE}text-properties")
        if (weight := each.get(f"{FORMAT}font-weight"))
    }
    text = roots[1].findall(f"{OFFICE}body/{OFFICE}text")
    notes = (note for each in text for note in each.iter(f"{TEXT}note"))
    elements = (
        each for root in [*roots[0].iter(f"{STYLE}header"), *text, *notes] for each in _below(root)
    )
    return [join(_letters(each, are_bold)) for each in elements if each.tag in PARAGRAPHS]


def _parsed(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)  # noqa: S314 (in a child with limits)


def _below(node: ElementTree.Element) -> Iterator[ElementTree.Element]:
    for child in node:
        if child.tag not in UNREAD:
            yield child
            yield from _below(child)


def _letters(
    node: ElementTree.Element, are_bold: Mapping[str | None, bool], is_bold: bool = False
) -> Iterator[Run]:
    """Give the letters beneath a node of OpenDocument; a tab, a line break or spaces as one."""
    is_bold = are_bold.get(node.get(f"{TEXT}style-name"), is_bold)
    yield node.text or "", is_bold
    for child in node:
        if child.tag in SPACES:
            yield " ", is_bold
        elif child.tag not in UNREAD | PARAGRAPHS:
            yield from _letters(child, are_bold, is_bold)
        yield child.tail or "", is_bold


def _refuse_protected(path: Path) -> None:
    """Raise TranscriptError for files with a password or of an older Word."""
    with path.open("rb") as file:
        is_protected = file.read(len(OLE)) == OLE
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as parcel:
            if "META-INF/manifest.xml" in parcel.namelist():
                with parcel.open("META-INF/manifest.xml") as manifest:
                    is_protected = b"encryption-data" in manifest.read(1 << 20)
    if is_protected:
        message = _(
            "{path} : protégé par un mot de passe, ou un ancien .doc ; enregistrez-le à "
            "nouveau en .docx"
        )
        raise TranscriptError(message, path=path)


READERS: dict[str, Callable[[Path], list[Paragraph]]] = {
    ".txt": lambda path: list(map(Paragraph, decode(path.read_bytes())[0].split("\n"))),
    ".html": _read_html,
    ".htm": _read_html,
    ".srt": _read_captions,
    ".vtt": _read_captions,
    ".docx": _read_docx,
    ".odt": _read_odt,
}
