"""Pictures: drawn within their edges and told apart; those of others made plain, or refused."""

import base64
import io
import logging
import random
import shutil
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import mutagen
import pytest
from mutagen import flac, id3, mp4
from PIL import Image, ImageChops

from radio.archive import Archive
from radio.ingest.files import ingest
from radio.pictures import cover, drawing, icon, quote_card, shrink
from radio.pictures.lettering import BOLD, drawable, fit, length
from radio.sound.tags.reader import read_picture, read_tags
from radio.system.errors import ReaderError
from tests.sounds import KINDS
from tests.tables import for_each

TITLES = (
    "Ça",
    "L’œil de la ville : qui écoute ? « Nous »",
    "Anticonstitutionnellement",
    "Reconnaissance faciale et vidéosurveillance, deux heures d’entretien " * 3,
    "a" * 500,
    "mot " * 5000,
    "",
    "日本 \ud800\0\u202e",
)


PATCH = BOLD, 0.7, 0.5, (0.055, 0.17)  # its width and height, and the sizes of letters


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def noise(side: int) -> Image.Image:
    return Image.frombytes("RGB", (side, side), random.Random(7).randbytes(3 * side * side))


# Tells how much more memory a large cover takes than a small one, in kB
GROWING = """
from radio.pictures import cover
from radio.system.process import spare

def peak():
    with open("/proc/self/status") as status:
        return int(dict(line.split(":", 1) for line in status)["VmHWM"].split()[0])

spare(heaps=1)
cover("Titre", "Radio", "a/b", 96)
before = peak()
cover("Titre", "Radio", "a/b", 3000)
print(peak() - before)
"""


@for_each("size", [96, 400, 1400])
def test_a_cover_is_a_small_square_with_a_palette(size: int) -> None:
    content = cover("La Machine à découdre", "Radio Dio", "la-machine-a-decoudre", size)
    image = opened(content)
    assert (image.format, image.mode, image.size) == ("PNG", "P", (size, size))
    assert len(content) < 200_000


def test_a_large_cover_takes_no_small_server_s_memory() -> None:
    grown = subprocess.run([sys.executable, "-c", GROWING], capture_output=True, check=True)
    assert int(grown.stdout) < 30_000  # kB


def test_no_seam_shows_where_a_cover_is_drawn_in_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    for size in (400, 1400):
        drawn = []
        for pixels in (size * 100, 16 * size * size):
            monkeypatch.setattr(drawing, "BAND", pixels)
            image = opened(cover("La Machine à découdre", "Radio", "a/b", size))
            drawn.append(image.convert("RGB"))
        other = ImageChops.difference(*drawn).convert("L").point(bool)
        assert other.histogram()[1] < 100  # of the ends of a thread, here and there


def test_a_seed_gives_one_cover_and_a_show_one_cloth() -> None:
    first, again, other = (cover("Titre", "Radio", seed, 96) for seed in ("a/b", "a/b", "a/c"))
    assert first == again != other
    covers = (first, other, cover("Émission", "", "a", 96))
    assert len({opened(each).convert("RGB").getpixel((1, 1)) for each in covers}) == 1


@for_each("title", TITLES)
def test_a_title_stays_on_its_patch_in_lines_that_fit(title: str) -> None:
    # Smaller covers have few colours, and not the same ones
    drawn, blank = (opened(cover(each, "", "a/b", 800)).convert("RGB") for each in (title, ""))
    assert (drawn.tobytes() == blank.tobytes()) is (not drawable(title, BOLD).strip())
    for image in (drawn, blank):
        image.paste("white", (96, 96, 704, 544))  # where the title stands
    assert drawn.tobytes() == blank.tobytes()
    block = fit(title, *PATCH, most=5)
    assert len(block.lines) <= 5
    assert block.height <= 0.5
    assert all(length(line, BOLD) * block.size <= 0.7 for line in block.lines)


def test_what_is_too_long_is_cut_with_an_ellipsis_and_no_letter_of_french_is_left_out() -> None:
    block = fit("des mots " * 100, *PATCH, most=5, dress="« {} »".format)
    assert block.lines[0].startswith("«\u00a0des")
    assert block.lines[-1].endswith("…\u00a0»")
    assert block.size >= 0.055
    assert " ".join(fit("Peu de mots", *PATCH, most=5).lines) == "Peu de mots"
    french = "ÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸàâæçéèêëîïôœùûüÿ «»’“”–—…·\u00a0\u202f!?€°"
    assert drawable(french, BOLD) == french
    assert drawable("e\u0301té", BOLD) == "été"


def test_a_quote_card_has_the_size_that_networks_show() -> None:
    given = "Garder la mémoire", "La Machine à découdre", "mardi 19 mars 2024", "00:12:34"
    cards = [
        quote_card(words, *given, label=label, seed="a/b")
        for words in ("Œuvrons.", "", "de longs mots " * 200)
        for label in ("transcription automatique", "")
    ]
    assert all(opened(card).size == (1200, 630) for card in cards)
    assert len(set(cards)) == len(cards)
    assert max(map(len, cards)) < 100_000


def test_an_icon_is_whole_under_a_round_mask() -> None:
    size = 192
    image = opened(icon(size)).convert("RGB")
    ground = image.getpixel((0, 0))
    marked = [(x, y) for x in range(size) for y in range(size) if image.getpixel((x, y)) != ground]
    assert len(marked) > size * size / 30
    middle = (size - 1) / 2
    assert max((x - middle) ** 2 + (y - middle) ** 2 for x, y in marked) <= (0.4 * size) ** 2


def test_a_picture_is_made_small_and_plain() -> None:
    exif = Image.Exif()
    exif[0x013B] = "Camille"  # artist
    exif[0x0112] = 6  # lies on its side
    image = Image.new("RGB", (2000, 1000), "blue")
    for form in ("JPEG", "PNG", "WEBP"):
        small = shrink(encoded(image, form, exif=exif), 1400)
        assert b"Camille" not in small
        assert (opened(small).format, opened(small).size) == ("JPEG", (700, 1400))
        assert not opened(small).getexif()
    for mode in ("1", "L", "LA", "P", "I;16", "CMYK"):
        form = "JPEG" if mode == "CMYK" else "PNG"
        plain = opened(shrink(encoded(Image.new(mode, (60, 40)), form), 50))
        assert (plain.mode, plain.size) == ("RGB", (50, 33))


def png_header(width: int, height: int) -> bytes:
    """The picture of a pixel that says it is larger."""
    content = encoded(Image.new("RGB", (1, 1)), "PNG")
    header = b"IHDR" + struct.pack(">II", width, height) + content[24:29]
    return content[:12] + header + struct.pack(">I", zlib.crc32(header)) + content[33:]


HOSTILE = {
    "huge": png_header(50_000, 50_000),
    "large": png_header(10_000, 9_000),
    "vast": png_header(12_000, 12_000),
    "short": encoded(noise(64), "PNG")[:2000],
    "noise": random.Random(3).randbytes(1 << 20),
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    "gif": encoded(Image.new("RGB", (9, 9)), "GIF"),
    "nothing": b"",
}


@for_each("kind", HOSTILE)
def test_what_is_no_sound_picture_is_refused(kind: str) -> None:
    with pytest.raises(ReaderError):
        shrink(HOSTILE[kind], 1400)


def tag(path: Path, content: bytes) -> None:
    file, made = mutagen.File(path), flac.Picture()
    made.type, made.mime, made.data = 3, "image/png", content
    match path.suffix:
        case ".mp3" | ".wav":
            if file.tags is None:
                file.add_tags()
            file.tags.add(id3.TIT2(text="Les mots"))
            file.tags.add(id3.APIC(mime="image/png", type=3, desc="Cover", data=content))
        case ".m4a":
            file["covr"] = [mp4.MP4Cover(content, mp4.MP4Cover.FORMAT_PNG)]
        case ".flac":
            file.add_picture(made)
        case _:
            file["metadata_block_picture"] = [base64.b64encode(made.write()).decode()]
    file.save()


@for_each("suffix", KINDS)
def test_each_format_gives_a_picture(sounds: dict[str, Path], tmp_path: Path, suffix: str) -> None:
    path = Path(shutil.copy(sounds[suffix], tmp_path / f"tagged{suffix}"))
    tag(path, encoded(Image.new("RGB", (300, 300), "#2f5f8a"), "PNG"))
    assert read_tags(path).is_pictured
    found = opened(read_picture(path) or b"")
    assert (found.format, found.size) == ("JPEG", (300, 300))


@pytest.fixture
def path(sounds: dict[str, Path], tmp_path: Path) -> Path:
    return Path(shutil.copy(sounds[".mp3"], tmp_path / "2024-01-16-parole.mp3"))


def test_a_picture_of_the_tags_is_kept_beside_others(archive: Archive, path: Path) -> None:
    there = archive.media / "emission" / "2024-01-16-les-mots.jpg"
    there.write_bytes(b"of the keeper")
    tag(path, encoded(noise(1500), "PNG"))
    episode = ingest(archive, path, "emission")
    kept = archive.picture_path(archive.episode(episode.key))
    assert kept and kept != there
    assert there.read_bytes() == b"of the keeper"
    assert opened(kept.read_bytes()).size == (1400, 1400)
    assert archive.audio_path(episode).read_bytes() == path.read_bytes()


def test_a_hostile_picture_costs_a_warning(
    archive: Archive, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tag(path, HOSTILE["huge"])
    with caplog.at_level(logging.WARNING):
        episode = ingest(archive, path, "emission")
    assert (episode.title, episode.image) == ("Les mots", "")
    assert "picture can’t be read" in caplog.text
    assert not list(archive.media.glob("*/*.jpg"))
