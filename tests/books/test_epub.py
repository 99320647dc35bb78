"""Episodes as EPUB: the text follows the voice, in every reading system, without a network."""

import dataclasses
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from radio.archive import Archive, holdings
from radio.archive.episode import Episode
from radio.books import cache
from radio.books.book import Book, book_of
from radio.derived.cache import forget
from radio.derived.chapters import sidecar_chapters
from radio.derived.downloads import find_head, make_head
from tests.books import shelf
from tests.books.shelf import BASE, CUES, OPF, pages, say, sentences, strange
from tests.books.shelf import words as text_of
from tests.samples import keep_episode, put
from tests.web.sites import visit

Take = Callable[[Episode], Path]


def address(episode: Episode) -> str:
    return f"/download/{episode.key}.epub"


def taken(client: FlaskClient, episode: Episode, folder: Path) -> Path:
    response, path = client.get(address(episode)), folder / f"{episode.slug}.epub"
    assert (response.status_code, response.mimetype) == (200, "application/epub+zip")
    path.write_bytes(response.data)
    return path


@pytest.fixture
def take(client: FlaskClient, tmp_path: Path) -> Take:
    return lambda episode: taken(client, episode, tmp_path)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book of an episode with all that is strange in it; the recording lies beside it."""
    folder = tmp_path_factory.mktemp("epub")
    archive = Archive(folder / "archive")
    archive.create()
    episode = strange(archive)
    shutil.copy(archive.audio_path(episode), folder / "sound.mp3")
    return taken(visit(archive, BASE), episode, folder)


def test_no_bookshop_and_no_reading_system_refuses_the_book(book: Path) -> None:
    said = shelf.judge(book)
    assert shelf.CLEAN in said, said


def test_each_sentence_is_heard_while_it_is_shown_and_music_is_not_jumped_over(book: Path) -> None:
    found = sentences(book)
    said = [text for text, _, _ in found]
    before, after = (" ".join(cue.text for cue in some) for some in (CUES[:3], CUES[3:]))
    read = " ".join(said).replace("\u00a0", " ").split()
    assert read == f"{before} Musique, 0:12 {after}".split()
    begins = {cue.text.split()[0]: cue.start for cue in CUES}
    for text, start, _ in found:
        assert start == begins.get(text.split()[0], start)
    ends = [end for _, _, end in found]
    assert all(0 <= start < end <= 62.8 for _, start, end in found)
    assert all(end <= start for end, (_, start, _) in zip(ends, found[1:], strict=False))
    (within,) = (each for each in found if each[0].startswith("Elle"))
    assert CUES[1].start + 2 < within[1] < CUES[1].end
    assert within[0].replace("\u00a0", " ") == "Elle dure 12 000 secondes, ou presque ?"
    (music,) = (each for each in found if each[0].startswith("Musique"))
    assert found[found.index(music) - 1][2] == music[1] == shelf.MUSIC.start
    assert music[2] == CUES[3].start  # what is said next follows without a gap


def test_the_recording_lies_in_the_book_as_it_was_received(book: Path) -> None:
    with zipfile.ZipFile(book) as packed:
        assert packed.testzip() is None
        first = packed.infolist()[0]
        assert (first.filename, first.compress_type, first.extra) == ("mimetype", 0, b"")
        content = packed.read(f"EPUB/sound-{book.stem}.mp3")
    assert content == book.with_name("sound.mp3").read_bytes()


def test_the_book_tells_chapters_voices_who_answers_how_long_it_is_and_who_can_read_it(
    book: Path,
) -> None:
    found = pages(book)
    assert all(chapter.title in text_of(found["nav.xhtml"]) for chapter in shelf.CHAPTERS)
    about = text_of(found["about.xhtml"])
    for told in (
        "Transcription automatique, non relue (base, 3 mai 2026)",
        "Licence : CC BY-SA 4.0",
        f"{BASE}/shows/",
        "Noé <b> (invité), Camille",
        "Le texte suit la voix",
    ):
        assert told in about.replace("\u00a0", " "), told
    elements = [each for page in found.values() for each in page.iter()]
    voices = [text_of(each) for each in elements if each.get("class") == "voice"]
    assert voices == ["Camille", "Noé <b>"]
    metas = [(each.get("property"), each.text) for each in found["content.opf"].iter(f"{OPF}meta")]
    wanted = {("schema:accessMode", "auditory"), ("schema:accessModeSufficient", "textual")}
    wanted.add(("schema:accessibilityFeature", "synchronizedAudioText"))
    assert wanted | {("schema:accessibilityHazard", "none")} <= {*metas}
    clips = sum(len(list(page.iter(f"{shelf.SMIL}par"))) for page in found.values())
    assert clips == len(CUES) + 2
    times = [text for name, text in metas if name == "media:duration"]
    assert len(times) == 4  # three chapters, and the whole at the end


def test_no_book_tells_afterwards_what_was_taken_out_while_it_was_made(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither words of the text, nor of a title, and no download does either."""
    episode = strange(archive)
    chapters, make = sidecar_chapters(episode), book_of

    def interrupted(*arguments: Any) -> Book:
        book = make(*arguments)
        say(archive, episode, CUES[:1])
        return book

    monkeypatch.setattr(cache, "book_of", interrupted)
    cache.make_plan(archive, episode, chapters, BASE).close()
    assert cache.find_plan(archive, episode, BASE) is None
    monkeypatch.undo()
    archive.write_episode(changed := dataclasses.replace(episode, title="Sans nom"))
    cache.make_plan(archive, episode, chapters, BASE).close()
    make_head(archive, episode, None, chapters, BASE).close()
    assert cache.find_plan(archive, changed, BASE) is None
    assert find_head(archive, changed, BASE) is None
    assert not any(path.is_file() for path in (archive.cache / "books").rglob("*"))
    make_head(archive, changed, None, chapters, BASE).close()
    kept = find_head(archive, changed, BASE)
    assert kept
    kept.close()


def test_a_cut_download_goes_on_and_the_next_book_has_who_reread_it_and_corrected_words(
    archive: Archive, client: FlaskClient, take: Take
) -> None:
    episode = strange(archive)
    first, whole = take(episode).read_bytes(), client.head(address(episode))
    cut = client.get(address(episode), headers={"Range": "bytes=100000-"})
    assert (cut.status_code, cut.data) == (206, first[100000:])
    assert cut.headers["ETag"] == whole.headers["ETag"]
    shutil.rmtree(archive.cache / "books")
    assert take(episode).read_bytes() == first, "the same files make the same book"
    corrected = (*CUES[:-1], dataclasses.replace(CUES[-1], text="Apportez vos bandes."))
    say(archive, episode, corrected, status="reread", source="Collectif Micro")
    book = take(episode)
    assert "Apportez vos bandes." in [text for text, _, _ in sentences(book)]
    about = text_of(pages(book)["about.xhtml"])
    assert "Transcription relue (Collectif Micro, 3 mai 2026)." in about
    assert len(list((archive.cache / "books").rglob("*.*"))) == 1


@pytest.mark.parametrize("suffix", [".m4a", ".opus", ".ogg", ".flac", ".wav"])
def test_sound_that_books_cannot_hold_is_left_out_and_told(
    archive: Archive, sounds: dict[str, Path], take: Take, client: FlaskClient, suffix: str
) -> None:
    episode = keep_episode(archive, sounds[suffix])
    archive.vtt_path(episode.key).parent.mkdir(exist_ok=True)
    say(archive, episode, CUES[:1])
    book, page = take(episode), client.get(f"/shows/{episode.key}").text
    with zipfile.ZipFile(book) as found:
        holds = f"EPUB/sound-{episode.slug}{suffix}" in found.namelist()
    about = text_of(pages(book)["about.xhtml"])
    assert holds == (suffix in (".m4a", ".opus"))
    assert ("sans le son" in about, "Livre, sans le son" in page) == (not holds, not holds)
    assert bool(sentences(book)) == holds


def test_what_is_withdrawn_or_cut_leaves_no_book(archive: Archive, client: FlaskClient) -> None:
    episode = strange(archive)
    assert client.get(address(episode)).status_code == 200
    archive.write_episode(dataclasses.replace(episode, status="withdrawn"))
    assert client.get(address(episode)).status_code == 410
    forget(archive, holdings.public_keys(archive))
    assert list((archive.cache / "books").rglob("*.*")) == []
    episode = put(archive, episode.slug)
    archive.checkpoint_path(episode.key).write_text("{}", encoding="utf-8")
    assert client.get(address(episode)).status_code == 404
    assert ".epub" not in client.get(f"/shows/{episode.key}").text
