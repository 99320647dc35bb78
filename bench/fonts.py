"""Make the letters of the site: `make fonts` writes to `radio/web/static/` what titles and
quotations need of the font of the covers, in two files. Its licence, which goes with them, reserves
the name “Source” to the whole font: its parts have another name."""

import hashlib
import re
import shutil
from pathlib import Path

import font_source_serif_pro
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

import radio.web

FONTS = Path(font_source_serif_pro.font_directory)
STATIC = Path(radio.web.__file__).parent / "static"
NAME = "Radio Serif"
FACES = {"400": "Regular", "600": "Semibold"}
LETTERS = (
    (0x20, 0x7F),
    (0xA0, 0x180),
    (0x218, 0x21C),
)  # of the languages of Western and Central Europe
SIGNS = "‐‑‒–—‘’‚“”„†•…′″‹›€−→←№ᵉ"
LEGAL = (0, 7, 13, 14)  # what a font says of its authors and its licence


def cut(face: str) -> TTFont:
    """Give a face with no more letters than the site needs."""
    font = TTFont(FONTS / f"SourceSerifPro-{face}.ttf", recalcTimestamp=False)
    options = Options(hinting=False, layout_features=["ccmp", "kern", "liga", "locl", "mark"])
    options.name_IDs = [*LEGAL, 1, 2, 4, 6]
    cutter = Subsetter(options)
    cutter.populate(unicodes=[n for span in LETTERS for n in range(*span)], text=SIGNS)
    cutter.subset(font)
    names = {1: NAME, 2: face, 4: f"{NAME} {face}", 6: f"{NAME.replace(' ', '')}-{face}"}
    for record in font["name"].names:
        record.string = names.get(record.nameID, record.toUnicode())
    font.flavor = "woff2"
    return font


def main() -> None:
    """Write the files, and into the style their versions: browsers keep a file of one version."""
    style = STATIC / "style.css"
    text = style.read_text(encoding="utf-8")
    for weight, face in FACES.items():
        path = STATIC / f"serif-{weight}.woff2"
        cut(face).save(path)
        version = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        text = re.sub(rf"({path.name}\?v=)\w*", rf"\g<1>{version}", text)
    style.write_text(text, encoding="utf-8")
    shutil.copyfile(FONTS / "LICENSE.txt", STATIC / "serif-LICENSE.txt")


if __name__ == "__main__":
    main()
