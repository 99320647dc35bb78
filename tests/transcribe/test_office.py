"""Texts of Word, of LibreOffice and of the web: what a reader sees, once, and nothing else."""

from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from odf.dc import Creator
from odf.draw import Frame, TextBox
from odf.office import Annotation
from odf.opendocument import OpenDocumentText
from odf.style import Style, TextProperties
from odf.svg import Desc, Title
from odf.text import H, P, Span

from radio.transcribe.documents import ScriptLine, read

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def test_comments_and_what_pictures_show_are_not_published(tmp_path: Path) -> None:
    document, said = OpenDocumentText(), P(text="Bonsoir")
    comment = Annotation()
    comment.addElement(Creator(text="Relectrice"))
    comment.addElement(P(text="C’est faux !"))
    said.addElement(comment)
    picture, box = Frame(), TextBox()
    box.addElement(H(outlinelevel=1, text="Encadré."))
    for part in (box, Title(text="Logo"), Desc(text="Un micro rouge")):
        picture.addElement(part)
    said.addElement(picture)
    said.addText(" à toutes.")
    document.text.addElement(said)
    document.save(str(tmp_path / "t.odt"))
    lines = [line.text for line in read(tmp_path / "t.odt")]
    assert lines == ["Bonsoir à toutes.", "Encadré."]


def read_body(path: Path, xml: str) -> list[str]:
    """Read a .docx with this paragraph."""
    document = docx.Document()
    document.element.body.insert(-1, parse_xml(xml))
    document.save(str(path))
    return [line.text for line in read(path)]


def test_text_that_was_moved_is_read_once(tmp_path: Path) -> None:
    run = "<w:r><w:t>Bonsoir.</w:t></w:r>"
    moved = f"<w:p {W}><w:moveFrom>{run}</w:moveFrom><w:moveTo>{run}</w:moveTo></w:p>"
    assert read_body(tmp_path / "t.docx", moved) == ["Bonsoir."]


def test_a_box_of_text_is_read_once(tmp_path: Path) -> None:
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    box = "<w:txbxContent><w:p><w:r><w:t>Encadré.</w:t></w:r></w:p></w:txbxContent>"
    both = f'<mc:Choice Requires="wps">{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>'
    run = f"<w:r><mc:AlternateContent>{both}</mc:AlternateContent></w:r>"
    xml = f'<w:p {W} xmlns:mc="{mc}"><w:r><w:t>Bonsoir.</w:t></w:r>{run}</w:p>'
    assert read_body(tmp_path / "t.docx", xml) == ["Bonsoir.", "Encadré."]


def test_a_hyphen_that_does_not_break_is_not_lost(tmp_path: Path) -> None:
    run = "<w:r><w:t>Dit</w:t><w:noBreakHyphen/><w:t>elle.</w:t></w:r>"
    assert read_body(tmp_path / "t.docx", f"<w:p {W}>{run}</w:p>") == ["Dit-elle."]


BOLD = [
    ("Camille", " Bonsoir."),
    ("Noé :", " Salut."),
    ("Camille", " Alors ?"),
    ("Tout en gras, et personne ne le dit.", ""),
]


def save_bold_docx(path: Path) -> None:
    document = docx.Document()
    for bold, plain in BOLD:
        paragraph = document.add_paragraph()
        paragraph.add_run(bold).bold = True
        paragraph.add_run(plain)
    document.save(str(path))


def save_bold_odt(path: Path) -> None:
    document = OpenDocumentText()
    heavy, light = Style(name="T1", family="text"), Style(name="T2", family="text")
    heavy.addElement(TextProperties(fontweight="bold"))
    light.addElement(TextProperties(fontweight="normal"))
    whole = Style(name="P1", family="paragraph")
    whole.addElement(TextProperties(fontweight="bold"))
    for style in (heavy, light, whole):
        document.automaticstyles.addElement(style)
    for number, (bold, plain) in enumerate(BOLD):
        paragraph = P(stylename=whole) if number == 2 else P()
        paragraph.addElement(Span(stylename=heavy, text=bold) if number != 2 else Span(text=bold))
        paragraph.addElement(Span(stylename=light, text=plain))
        document.text.addElement(paragraph)
    document.save(str(path))


def save_bold_html(path: Path) -> None:
    lines = (f"<p>\n<strong>{bold}</strong>{plain}</p>" for bold, plain in BOLD)
    path.write_text("".join(lines), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "save"),
    [("t.docx", save_bold_docx), ("t.odt", save_bold_odt), ("t.html", save_bold_html)],
)
def test_a_name_in_bold_is_who_speaks(
    tmp_path: Path, name: str, save: Callable[[Path], None]
) -> None:
    save(tmp_path / name)
    assert read(tmp_path / name, ["Noé"]) == (
        ScriptLine("Bonsoir.", "Camille"),
        ScriptLine("Salut.", "Noé"),
        ScriptLine("Alors ?", "Camille"),
        ScriptLine("Tout en gras, et personne ne le dit.", "Camille"),
    )


@pytest.mark.parametrize(
    ("bold", "rest", "line"),
    [
        ("Attention", " à la marche.", ScriptLine("Attention à la marche.")),
        ("Bonsoir à toutes", " et à tous.", ScriptLine("Bonsoir à toutes et à tous.")),
        ("Noé", " Salut.", ScriptLine("Salut.", "Noé")),
        ("Noé", " : Salut.", ScriptLine("Salut.", "Noé")),
        ("noé ", "— Salut.", ScriptLine("Salut.", "Noé")),
        ("[0:12] Noé", " -5 degrés : il gèle.", ScriptLine("-5 degrés : il gèle.", "Noé")),
        ("Noé", "mie arrive.", ScriptLine("Noémie arrive.")),
    ],
)
def test_words_in_bold_are_read_as_they_are_written(
    tmp_path: Path, bold: str, rest: str, line: ScriptLine
) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    paragraph.add_run(bold).bold = True
    paragraph.add_run(rest)
    document.save(str(tmp_path / "gras.docx"))
    assert read(tmp_path / "gras.docx", ["Noé"]) == (line,)
