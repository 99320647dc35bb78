"""What people hand in: every word of it is read, who says it is known, and nothing bad harms."""

import os
import random
import shutil
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from odf.dc import Creator
from odf.draw import Frame, TextBox
from odf.office import Annotation
from odf.opendocument import OpenDocumentText
from odf.style import Header, MasterPage, PageLayout, Style, TextProperties
from odf.svg import Desc, Title
from odf.table import Table, TableCell, TableRow
from odf.text import H, Note, NoteBody, NoteCitation, P, Span

from radio.archive import Archive
from radio.text.transcript import Region, Segment, Word
from radio.transcribe.align import align
from radio.transcribe.documents import Paragraph, ScriptLine, assign, read
from tests.heard import evidence_for, write_evidence
from tests.processes import command
from tests.samples import SHOW, STREET, unpacked
from tests.tables import check, for_each

KEY = f"{SHOW}/{STREET}"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
NOTE = (
    f'<w:footnotes {W}><w:footnote w:id="2"><w:p><w:r><w:t>En note.</w:t></w:r></w:p>'
    "</w:footnote></w:footnotes>"
)
EDITS = (
    f"<w:p {W}><w:ins><w:r><w:t>Ajouté</w:t></w:r></w:ins>"
    "<w:del><w:r><w:delText>effacé</w:delText></w:r></w:del><w:r><w:t>.</w:t></w:r></w:p>"
)


def save_docx(path: Path) -> None:
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "En tête."
    document.add_paragraph("Avant.")
    document.add_table(1, 1).cell(0, 0).text = "En case."
    document.add_paragraph("Après.")
    document.element.body.insert(-1, parse_xml(EDITS))
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, NOTE.encode(), document.part.package)
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    document.part.relate_to(part, f"{base}/footnotes")
    document.save(str(path))


def grown(element: Any, *children: Any) -> Any:
    for child in children:
        (element.addText if isinstance(child, str) else element.addElement)(child)
    return element


def save_odt(path: Path) -> None:
    document, layout = OpenDocumentText(), PageLayout(name="page")
    document.automaticstyles.addElement(layout)
    master = MasterPage(name="Standard", pagelayoutname=layout)
    grown(document.masterstyles, grown(master, grown(Header(), P(text="En tête."))))
    body = grown(NoteBody(), P(text="En note."))
    note = grown(Note(noteclass="footnote"), NoteCitation(text="1"), body)
    table = grown(Table(), grown(TableRow(), grown(TableCell(), P(text="En case."))))
    after = P(text="Après."), P(text="Ajouté.")
    grown(document.text, grown(P(text="Avant."), note), table, *after)
    document.save(str(path))


def said_in(path: Path) -> list[str]:
    return [line.text for line in read(path)]


@for_each(("name", "save"), [("t.docx", save_docx), ("t.odt", save_odt)])
def test_headers_tables_notes_and_edits_are_read_once_and_in_order(
    tmp_path: Path, name: str, save: Callable[[Path], None]
) -> None:
    save(tmp_path / name)
    said = ["En tête.", "Avant.", "En case.", "Après.", "Ajouté.", "En note."]
    assert said_in(tmp_path / name) == said


def assigned(paragraphs: str) -> str:
    made = list(map(Paragraph, paragraphs.split(" | ")))
    return " | ".join(f"{name}> {text}" for name, text in assign(made, ["Camille Durand"]))


def test_names_are_known_as_people_write_them() -> None:
    again = "Noé : Un. | Noé : Deux. | Noé (bis) : Trois. | Noé (bis) : Quatre."
    crowd = " | ".join([f"Voix {chr(97 + n % 26)}{n} : Oui." for n in range(200)] * 2)
    check(
        (paragraphs, assigned(paragraphs), said)
        for paragraphs, said in (
            ("NOÉ. — Oui. | Non. | NOÉ. - Si.", "NOÉ> Oui. | NOÉ> Non. | NOÉ> Si."),
            ("NOÉ — Oui. | NOÉ – Si.", "NOÉ> Oui. | NOÉ> Si."),
            ("Oui — mais non. | Oui — et alors.", "> Oui — mais non. | > Oui — et alors."),
            ("CAMILLE DURAND | Oui.", "Camille Durand> Oui."),
            ("camille durand : oui", "Camille Durand> oui"),
            ("Musique : Air | Musique : Chanson", "> Musique : Air | > Musique : Chanson"),
            ("Attention : voilà.", "> Attention : voilà."),
            ("Noé : | Oui. | Noé : Si.", "Noé> Oui. | Noé> Si."),
            ("Camille Durand : Oui. | Non.", "Camille Durand> Oui. | Camille Durand> Non."),
            ("[00:12:30] Noé : Oui. | 12:34 Noé : Si.", "Noé> Oui. | Noé> Si."),
            (again, again.replace(" :", ">")),
            (crowd, crowd.replace(" :", ">")),
        )
    )


@for_each("voice", ["M. Dupont", "Musique", "Camille : l’invitée"])
def test_the_voice_of_captions_is_not_published_as_spoken(tmp_path: Path, voice: str) -> None:
    cues = [f"<v {voice}>Bonsoir à", f"<v {voice}>toutes. Ça va ?", "Attention : partez."]
    times = (f"00:00:0{n}.000 --> 00:00:0{n + 1}.000\n{cue}" for n, cue in enumerate(cues))
    (tmp_path / "t.vtt").write_text("\n\n".join(["WEBVTT", *times]), encoding="utf-8")
    said = ("Bonsoir à toutes.", voice), ("Ça va ?", voice), ("Attention : partez.",)
    assert read(tmp_path / "t.vtt", ["Attention"]) == tuple(ScriptLine(*each) for each in said)


SCRIPT = [("Bonsoir à toutes.", "Camille"), ("Ça va ?", "Camille")]
SCRIPT += [("Très bien.", "Noé"), ("Merci !", "Camille")]
LINES = ["Camille : Bonsoir à toutes. Ça va ?", "Noé : Très bien.", "", "Camille : Merci !"]
PAGE = "".join(f"<p>{line.replace(':', '<b>:</b>')}</p>" for line in LINES).encode()


@for_each(("name", "content"), [("t.txt", "\r\n".join(LINES).encode("cp1252")), ("t.html", PAGE)])
def test_a_script_is_read_from_text_or_page(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    assert read(tmp_path / name, ["Noé"]) == tuple(ScriptLine(*each) for each in SCRIPT)


@for_each("name", ["t.txt", "t.html"])
def test_an_arrow_makes_no_captions_and_a_hyphen_that_is_not_seen_hides_no_word(
    tmp_path: Path, name: str
) -> None:
    text = "Départ --> arrivée, à 1:02,5 --> 1:03,5 du quai de la sur\u00advei\u200bllance."
    (tmp_path / name).write_text(f"Bonsoir.\n{text}\n01:02,5 --> 01:03,5\n", encoding="utf-8")
    said = text.replace("\u00ad", "").replace("\u200b", "")
    first = "" if name == "t.txt" else "01:02,5 "  # where a line begins, it is when that is said
    assert " ".join(said_in(tmp_path / name)) == f"Bonsoir. {said} {first}--> 01:03,5"


@for_each(
    "content",
    [
        "<html><head><title>Titre</title><body><p>Bonsoir.</p><p>Salut.</p>",
        "<head><style>p {}</style><title>Titre</title><p>Bonsoir.<p>Salut.",
        "<head><script>x = 1</script>Bonsoir. <b>Salut.</b>",
        "<title>Titre</title>Bonsoir. Salut.",
        "<p>Bonsoir.</p><p>Salut.",
        "<p>Bonsoir.</p>Salut.&nbsp",
        "<p>Bonsoir.</p>Salut. <",
        "<p>Bonsoir.</p>Salut. &",
        "<p>Bonsoir.</p><![foo bar]><p>Salut.</p>",
        "<table><tr><td>Bonsoir.</td><td>Salut.</td></tr></table>",
        "<section>Bonsoir.</section><section>Salut.</section>",
        "<p>Bonsoir.<hr>Salut.",
    ],
)
def test_no_paragraph_of_a_page_is_lost_or_glued(tmp_path: Path, content: str) -> None:
    (tmp_path / "t.html").write_text(content, encoding="utf-8")
    assert [line.rstrip(" <&") for line in said_in(tmp_path / "t.html")] == ["Bonsoir.", "Salut."]


def bomb(entry: str, save: Callable[[Path], None]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        save(path)
        parts = unpacked(path.read_bytes())
        start = parts.pop(entry).partition(b"Avant.")[0]
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as huge:
            for each in parts.items():
                huge.writestr(*each)
            with huge.open(entry, "w", force_zip64=True) as file:
                file.write(start)
                for _block in range(700):
                    file.write(b" " * (1 << 20))
        assert path.stat().st_size < 32 << 20

    return write


def encrypted_odt(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as parcel:
        parcel.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        parcel.writestr("content.xml", os.urandom(2000))
        parcel.writestr("META-INF/manifest.xml", "<manifest><manifest:encryption-data/></manifest>")


def holding(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # how a .docx with a password begins
ENGLISH = b"Everyone has the right to life, liberty and security. " * 50
BACK = b"WEBVTT\n\n00:00:02.000 --> 00:00:01.000\nmot\n"


def test_a_bad_text_costs_one_line_and_nothing_is_lost(chain: Path, tmp_path: Path) -> None:
    archive = Archive(shutil.copytree(chain, tmp_path / "archive"))
    before, rows = archive.vtt_path(KEY).read_bytes(), list[tuple[object, object, object]]()
    for name, make, told in (
        ("bombe.docx", bomb("word/document.xml", save_docx), "of memory"),
        ("bombe.odt", bomb("content.xml", save_odt), "of memory"),
        ("secret.docx", holding(OLE + os.urandom(4096)), "protected by a password"),
        ("secret.odt", encrypted_odt, "protected by a password"),
        ("anglais.txt", holding(ENGLISH), "is it the right text?"),
        ("enorme.txt", holding(b"mot parole ville radio " * 200_000), "too long for one show"),
        ("vide.docx", lambda path: docx.Document().save(str(path)), "no words in it"),
        ("signes.txt", holding("— … !".encode()), "no words in it"),
        ("faux.docx", holding(b"no document"), "faux.docx"),
        ("faux.odt", holding(b"PK\x03\x04 no document"), "faux.odt"),
        ("film.mkv", holding(b"words"), "not one of"),
        ("casse.vtt", holding(BACK), "casse.vtt"),
        ("absent.txt", lambda _path: None, "No such file or directory; check the name"),
    ):
        make(tmp_path / name)
        done = command(archive, "text", "align", KEY, str(tmp_path / name), check=False)
        lines = done.stderr.strip().splitlines()
        is_told = len(lines) == 1 and name in lines[0] and told in lines[0]
        is_same = archive.vtt_path(KEY).read_bytes() == before
        rows.append((name, (done.returncode, is_told, is_same), (1, True, True)))
    check(rows)
    write_evidence(archive, KEY, regions=(Region(0.0, 60.0, "music"),))
    done = command(archive, "text", "align", KEY, str(tmp_path / "anglais.txt"), check=False)
    assert done.stderr == f"radio: {KEY}: the machine heard no word in it\n"


def test_a_text_of_hours_is_laid_within_bounds() -> None:
    chance = random.Random(2)
    words = [f"mot{chance.randrange(5000)}" for _word in range(30_000)]
    said = tuple(Word(n / 3, (n + 1) / 3, word, 0.9) for n, word in enumerate(words))
    segment, regions = Segment(0.0, 1e4, "", said, 1, 0, 0, 1, 0), (Region(0.0, 1e4, "speech"),)
    evidence = evidence_for("", segment, duration=1e4, regions=regions)
    lines = [ScriptLine(" ".join(words[n : n + 10])) for n in range(0, 30_000, 10)]
    alignment = align(lines, evidence)
    assert alignment.starts == pytest.approx([n / 3 for n in range(0, 30_000, 10)])


def test_comments_and_what_pictures_show_are_not_published(tmp_path: Path) -> None:
    document = OpenDocumentText()
    comment = grown(Annotation(), Creator(text="Relectrice"), P(text="C’est faux !"))
    box = grown(TextBox(), H(outlinelevel=1, text="Encadré."))
    picture = grown(Frame(), box, Title(text="Logo"), Desc(text="Un micro rouge"))
    grown(document.text, grown(P(text="Bonsoir"), comment, picture, " à toutes."))
    document.save(str(tmp_path / "t.odt"))
    assert said_in(tmp_path / "t.odt") == ["Bonsoir à toutes.", "Encadré."]


RUN = "<w:r><w:t>Bonsoir.</w:t></w:r>"
BOX = "<w:txbxContent><w:p><w:r><w:t>Encadré.</w:t></w:r></w:p></w:txbxContent>"
BOTH = f'<mc:Choice Requires="wps">{BOX}</mc:Choice><mc:Fallback>{BOX}</mc:Fallback>'
ALTERNATE = f"<mc:AlternateContent>{BOTH}</mc:AlternateContent>"
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


@for_each(
    ("body", "said"),
    [
        (f"<w:moveFrom>{RUN}</w:moveFrom><w:moveTo>{RUN}</w:moveTo>", ["Bonsoir."]),
        (f"{RUN}<w:r>{ALTERNATE}</w:r>", ["Bonsoir.", "Encadré."]),
        ("<w:r><w:t>Dit</w:t><w:noBreakHyphen/><w:t>elle.</w:t></w:r>", ["Dit-elle."]),
    ],
)
def test_moves_boxes_hyphens_are_read_once(tmp_path: Path, body: str, said: list[str]) -> None:
    document = docx.Document()
    document.element.body.insert(-1, parse_xml(f"<w:p {W} {MC}>{body}</w:p>"))
    document.save(str(tmp_path / "t.docx"))
    assert said_in(tmp_path / "t.docx") == said


BOLD = [("Camille", " Bonsoir."), ("Noé :", " Salut."), ("Camille", " Alors ?")]
BOLD += [("Tout en gras, et personne ne le dit.", "")]


def save_bold_docx(path: Path, lines: Sequence[tuple[str, str]] = BOLD) -> None:
    document = docx.Document()
    for bold, plain in lines:
        paragraph = document.add_paragraph()
        paragraph.add_run(bold).bold = True
        paragraph.add_run(plain)
    document.save(str(path))


def save_bold_odt(path: Path) -> None:
    document, styles = OpenDocumentText(), dict[str, Style]()
    kinds = ("heavy", "text", "bold"), ("light", "text", "normal"), ("whole", "paragraph", "bold")
    for name, family, weight in kinds:
        style = Style(name=name, family=family)
        styles[name] = grown(style, TextProperties(fontweight=weight))
        document.automaticstyles.addElement(style)
    for number, (bold, plain) in enumerate(BOLD):
        light = Span(stylename=styles["light"], text=plain)
        heavy = P(), Span(stylename=styles["heavy"], text=bold)
        paragraph, first = (P(stylename=styles["whole"]), Span(text=bold)) if number == 2 else heavy
        grown(document.text, grown(paragraph, first, light))
    document.save(str(path))


def save_bold_html(path: Path) -> None:
    lines = (f"<p>\n<strong>{bold}</strong>{plain}</p>" for bold, plain in BOLD)
    path.write_text("".join(lines), encoding="utf-8")


def test_a_bold_name_is_who_speaks(tmp_path: Path) -> None:
    said = [("Bonsoir.", "Camille"), ("Salut.", "Noé"), ("Alors ?", "Camille")]
    said += [("Tout en gras, et personne ne le dit.", "Camille")]
    for kind, save in (("docx", save_bold_docx), ("odt", save_bold_odt), ("html", save_bold_html)):
        save(tmp_path / f"t.{kind}")
        assert read(tmp_path / f"t.{kind}", ["Noé"]) == tuple(ScriptLine(*each) for each in said)


@for_each(
    ("bold", "rest", "voice", "said"),
    [
        ("Attention", " à la marche.", "", "Attention à la marche."),
        ("Bonsoir à toutes", " et à tous.", "", "Bonsoir à toutes et à tous."),
        ("Noé", " Salut.", "Noé", "Salut."),
        ("Noé", " : Salut.", "Noé", "Salut."),
        ("noé ", "— Salut.", "Noé", "Salut."),
        ("[0:12] Noé", " -5 degrés : il gèle.", "Noé", "-5 degrés : il gèle."),
        ("Noé", "mie arrive.", "", "Noémie arrive."),
    ],
)
def test_words_in_bold_are_read_as_they_are_written(
    tmp_path: Path, bold: str, rest: str, voice: str, said: str
) -> None:
    save_bold_docx(tmp_path / "gras.docx", [(bold, rest)])
    assert read(tmp_path / "gras.docx", ["Noé"]) == (ScriptLine(said, voice),)
