"""Books of several episodes, of what a search finds, of a dossier: made by the command."""

import zipfile
from pathlib import Path

import av
import pytest

from radio.archive import Archive
from radio.archive.episode import Show
from radio.text.transcript import Cue
from tests.books.shelf import BASE, CLEAN, CUES, judge, pages, say, sentences, strange
from tests.books.shelf import words as text_of
from tests.processes import command
from tests.samples import CITY, MEMORY, keep_episode, put
from tests.tables import for_each

SLEEP = "Les cassettes de la ville dorment dans une cave."
CASSETTES = (Cue(1, 3, "Rien ici, ni là."), Cue(20, 23, SLEEP), Cue(40, 43, "Rien de plus."))


@pytest.fixture
def archive(archive: Archive) -> Archive:
    strange(archive)
    say(archive, put(archive, CITY, tags=("cassettes",)), CASSETTES)
    say(archive, put(archive, MEMORY, status="withdrawn"), CASSETTES)
    return archive


def export(form: str, archive: Archive, dest: Path, *asked: str, check: bool = True) -> str:
    words = ("export", form, *asked, str(dest))
    return command(archive, *words, check=check, RADIO_BASE_URL=BASE).stderr


def lengths(book: Path, folder: Path) -> dict[str, float]:
    """How long each sound of a book is, by decoding its packets."""
    with zipfile.ZipFile(book) as found:
        names = [name for name in found.namelist() if "/sound-" in name]
        found.extractall(folder, names)
    seconds = {}
    for name in names:
        with av.open(folder / name) as sound:
            stream = sound.streams.audio[0]
            ends = (each.pts + (each.duration or 0) for each in sound.demux(stream) if each.pts)
            seconds[name] = float(max(ends) * (stream.time_base or 0))
    return seconds


def test_a_search_becomes_a_book_of_sounding_passages(archive: Archive, tmp_path: Path) -> None:
    book = tmp_path / "cassettes.epub"
    export("epub", archive, book, "--query", "cassettes")
    found = sentences(book)
    texts = [text for text, _, _ in found]
    assert "Les cassettes de la ville dorment dans une cave." in texts
    assert "Apportez vos cassettes au studio." in texts
    assert "Rien ici, ni là." not in texts
    sounds = lengths(book, tmp_path)
    assert len(sounds) == 2
    assert all(seconds < 20 for seconds in sounds.values())  # not the whole recordings
    assert all(0 <= start < end <= max(sounds.values()) for _, start, end in found)
    about = text_of(pages(book)["about.xhtml"]).replace("\u00a0", " ")
    assert "Ce qui est dit de « cassettes »" in about
    assert "extraits" in about


@pytest.mark.torture
@pytest.mark.long
def test_the_judge_finds_nothing(archive: Archive, tmp_path: Path) -> None:
    book = tmp_path / "cassettes.epub"
    export("epub", archive, book, "--query", "cassettes")
    said = judge(book)
    assert CLEAN in said, said


def test_a_dossier_and_a_year_become_books_and_a_booklet(archive: Archive, tmp_path: Path) -> None:
    dossier, year = tmp_path / "dossier.epub", tmp_path / "année.epub"
    export("epub", archive, dossier, "--theme", "cassettes", "--no-sound")
    contents = text_of(pages(dossier)["nav.xhtml"])
    assert f"{CITY} (0:20)" in contents
    export("epub", archive, year, "--show", "emission", "--year", "2024")
    with zipfile.ZipFile(year) as found:
        names = [name for name in found.namelist() if "/sound-" in name]
    ends = [name.partition("-")[2] for name in names]
    assert ends == ["0001-2024-01-16-les-micros-de-la-rue.mp3", f"0002-{CITY}.mp3"]
    export("booklet", archive, tmp_path / "année.pdf", "--show", "emission")
    assert (tmp_path / "année.pdf").read_bytes().startswith(b"%PDF-1.7")


def test_odd_sound_is_converted(archive: Archive, sounds: dict[str, Path], tmp_path: Path) -> None:
    archive.write_show(Show("emission", "Émission"))
    episode = keep_episode(archive, sounds[".flac"])
    say(archive, episode, CUES[:1])
    book = tmp_path / "flac.epub"
    export("epub", archive, book, episode.key)
    (seconds,) = lengths(book, tmp_path).values()
    assert seconds == pytest.approx(4.0, abs=0.1)
    assert [text for text, _, _ in sentences(book)] == ["Bonjour, vous êtes bien sur Radio Dio."]


@for_each(
    ("asked", "told"),
    [
        ((f"emission/{MEMORY}",), "withdrawn"),
        (("--query", "introuvablement"), "nothing to put in a book"),
        (("--theme", "rien"), "no person, theme or thread of that name"),
        ((), "name episodes"),
    ],
)
def test_what_makes_no_book_is_told_in_one_line(
    archive: Archive, tmp_path: Path, asked: tuple[str, ...], told: str
) -> None:
    said = export("epub", archive, tmp_path / "book.epub", *asked, check=False)
    assert told in said
    assert "Traceback" not in said
    assert list(tmp_path.glob("*.epub")) == []
