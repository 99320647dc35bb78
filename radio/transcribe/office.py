"""The paragraphs of texts written with Word or LibreOffice, in the order in which they are read.

Headers go first, the body with its tables next, notes last: none of it is lost, and what is never
said has no place on the sound anyway. What a reviewer deleted, comments and what pictures show are
left out. Call it in a child
process with limits alone: a document is a foreign file.
"""

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from radio.system.errors import TranscriptError
from radio.system.messages import _
from radio.transcribe.speakers import Paragraph, join

OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # how .doc begins, and what Word encrypts
NOTES = ("footnotes", "endnotes")
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# What stood where it was moved from, and boxes once more, for an older Word.
MOVED = f"{WORD}moveFrom"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
OPENDOCUMENT = "urn:oasis:names:tc:opendocument:xmlns:"
OFFICE, TEXT, SVG = (f"{OPENDOCUMENT}{name}:1.0" for name in ("office", "text", "svg-compatible"))
PARAGRAPHS = {(TEXT, "p"), (TEXT, "h")}
UNREAD = {
    (TEXT, "note"),  # read last
    (TEXT, "tracked-changes"),  # what was deleted
    (OFFICE, "annotation"),
    (OFFICE, "binary-data"),
    (SVG, "title"),  # of a picture
    (SVG, "desc"),
}
BOLD = {"bold", "600", "700", "800", "900"}


def read_docx(path: Path) -> list[Paragraph]:
    """Read a .docx."""
    _refuse_protected(path)
    import docx
    from docx.oxml import parse_xml

    document = docx.Document(str(path))
    sections = list(document.sections)
    headers = [each.header for each in sections if not each.header.is_linked_to_previous]
    roots = [header._element for header in headers]
    roots.append(document.element.body)
    related = document.part.rels.values()
    notes = (each for each in related if each.reltype.rpartition("/")[2] in NOTES)
    roots += (parse_xml(each.target_part.blob) for each in notes)
    paragraphs = (
        each
        for root in roots
        for each in root.iter(f"{WORD}p")
        if next(each.iterancestors(FALLBACK), None) is None
    )
    return [join((_letters(run), _is_bold(run)) for run in _runs(each)) for each in paragraphs]


def _runs(node: Any) -> Iterator[Any]:
    """Give the runs of a paragraph of Word, those in links and insertions too; boxes are others."""
    for child in node:
        if child.tag == f"{WORD}r":
            yield child
        elif child.tag not in (f"{WORD}p", FALLBACK, MOVED):
            yield from _runs(child)


def _letters(run: Any) -> str:
    names = {"t": "", "tab": " ", "br": " ", "cr": " ", "noBreakHyphen": "-"}
    kinds = {f"{WORD}{name}": letters for name, letters in names.items()}
    found = (kinds[each.tag] or each.text or "" for each in run if each.tag in kinds)
    return "".join(found)


def _is_bold(run: Any) -> bool:
    bold = run.find(f"{WORD}rPr/{WORD}b")
    return bold is not None and bold.get(f"{WORD}val", "1") not in ("0", "false", "off")


def read_odt(path: Path) -> list[Paragraph]:
    """Read an .odt."""
    _refuse_protected(path)
    from odf.opendocument import load
    from odf.style import Header
    from odf.text import Note

    document = load(str(path))
    weights = _weights(document)
    headers = document.masterstyles.getElementsByType(Header)
    notes = document.text.getElementsByType(Note)
    elements = (each for root in [*headers, document.text, *notes] for each in _elements(root))
    return [join(_pieces(each, weights)) for each in elements if each.qname in PARAGRAPHS]


def _weights(document: Any) -> dict[str, bool]:
    """Tell of the styles that have a weight whether it is bold."""
    from odf.style import Style, TextProperties

    styles = (
        style
        for group in (document.styles, document.automaticstyles)
        for style in group.getElementsByType(Style)
    )
    return {
        style.getAttribute("name"): weight in BOLD
        for style in styles
        for each in style.getElementsByType(TextProperties)
        if (weight := each.getAttribute("fontweight"))
    }


def _elements(node: Any) -> Iterator[Any]:
    for child in node.childNodes:
        if getattr(child, "qname", None) and child.qname not in UNREAD:
            yield child
            yield from _elements(child)


def _pieces(
    node: Any, weights: Mapping[str, bool], is_bold: bool = False
) -> Iterator[tuple[str, bool]]:
    """Give the letters beneath a node of OpenDocument; a tab, a line break or spaces as one."""
    is_bold = weights.get(node.attributes.get((TEXT, "style-name")), is_bold)
    for child in node.childNodes:
        qname = getattr(child, "qname", None)
        if qname is None:
            yield str(child), is_bold
        elif qname[1] in ("s", "tab", "line-break"):
            yield " ", is_bold
        elif qname not in UNREAD | PARAGRAPHS:
            yield from _pieces(child, weights, is_bold)


def _refuse_protected(path: Path) -> None:
    """Raise TranscriptError for what only a password opens, or an older Word wrote."""
    with path.open("rb") as file:
        is_protected = file.read(len(OLE)) == OLE
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as parcel:
            if "META-INF/manifest.xml" in parcel.namelist():
                with parcel.open("META-INF/manifest.xml") as manifest:
                    is_protected = b"encryption-data" in manifest.read(1 << 20)
    if is_protected:
        raise TranscriptError(
            _("{path}: protected by a password, or an old .doc; save it anew as .docx").format(
                path=path
            )
        )
