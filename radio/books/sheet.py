"""What the pages of a booklet look like: A5, black on white, room for the codes beside the text."""

from pathlib import Path

FACES = (
    ("Regular", "normal", 400),
    ("It", "italic", 400),
    ("Semibold", "normal", 600),
    ("Bold", "normal", 700),
)
SHEET = """
@page {
  size: A5; margin: 15mm 14mm 19mm 37mm;
  @bottom-left {
    content: string(address); font: 400 6.4pt "Booklet"; color: #444; width: 82mm;
    vertical-align: top; padding-top: 4mm; margin-left: -23mm; overflow-wrap: anywhere;
  }
  @bottom-right {
    content: counter(page); font: 600 9pt "Booklet"; vertical-align: top; padding-top: 3.4mm;
    width: 12mm;
  }
}
@page cover { margin: 0; @bottom-left { content: none } @bottom-right { content: none } }
@page plain { margin: 22mm 18mm 18mm; @bottom-left { content: none } }
html { font: 400 9.8pt/1.42 "Booklet", "DejaVu Sans", sans-serif; color: #000;
  hyphens: auto; overflow-wrap: break-word; }
body { margin: 0; }
h1, h2, .voice, .kicker, .facts, .code, .colophon { hyphens: manual; }
h1 { font-size: 20pt; line-height: 1.12; font-weight: 700; margin: 0 0 3mm; }
h2 { font-size: 13.5pt; line-height: 1.2; font-weight: 700; margin: 8mm 0 2.5mm;
  break-after: avoid; }
p { margin: 0 0 2.2mm; orphans: 2; widows: 2; }
a { color: inherit; text-decoration: none; }
.cover { page: cover; break-after: page; }
.cover img { display: block; width: 148mm; height: 148mm; object-fit: cover; }
.cover div { margin: 9mm 14mm 0; }
.cover h1 { font-size: 19pt; margin-bottom: 2.5mm; }
.about, .contents { page: plain; hyphens: manual; }
.about h2, .contents h2 { margin-top: 0; }
.contents { margin-top: 9mm; }
.contents h2 { break-after: avoid; }
.contents ol { list-style: none; padding: 0; margin: 0; }
.contents li { margin: 0 0 2mm; }
.contents .below { padding-left: 6mm; }
.contents a::after { content: leader(" .") " " target-counter(attr(href), page); }
.kicker, .facts { font-size: 9pt; margin-bottom: 1.5mm; }
.kicker { font-weight: 600; }
.status { border-left: 0.6mm solid #000; padding-left: 3mm; font-size: 9pt; }
.part { string-set: address attr(data-address); }
.part { break-before: page; }
.excerpt { break-before: auto; margin-top: 9mm; }
.about + .excerpt, .contents + .excerpt { break-before: page; margin-top: 0; }
.excerpt .code { break-after: avoid; }
.excerpt h1 { font-size: 13.5pt; break-after: avoid; hyphens: manual; }
.excerpt .kicker, .excerpt .facts { break-after: avoid; }
.voice { font-weight: 600; margin: 3mm 0 0.6mm; break-after: avoid; }
.music { font-style: italic; text-align: center; margin: 3mm 0; }
.code { float: left; clear: left; width: 22mm; margin: -1.2mm 0 4mm -26mm; text-align: center;
  font-size: 8pt; line-height: 1.25; }
.code img { display: block; width: 22mm; height: 22mm; }
.code b { font-weight: 600; display: block; }
.code span { font-size: 6.4pt; color: #444; }
.colophon { font-size: 8pt; margin-top: 9mm; break-inside: avoid; overflow-wrap: anywhere; }
"""


def style(fonts: Path) -> str:
    """Write the style sheet, with the faces of a folder."""
    faces = (
        f'@font-face {{ font-family: "Booklet"; font-weight: {weight}; font-style: {slope};'
        f' src: url("{(fonts / f"SourceSerifPro-{name}.ttf").as_uri()}"); }}'
        for name, slope, weight in FACES
    )
    return "\n".join(faces) + SHEET
