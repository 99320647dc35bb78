"""Ingest: what was dropped is kept whole, described, never twice; what is bad leaves nothing."""

import dataclasses
import datetime as dt
import hashlib
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from mutagen import id3

from radio.archive import Archive
from radio.ingest.description import Day, Description
from radio.ingest.files import ingest, undrawn
from radio.ingest.recordings import Recordings
from radio.system.checksums import hash_file
from radio.system.errors import ArchiveError, AudioError, TwinError
from tests.processes import call
from tests.sound.tags.taggers import TAGGERS
from tests.sounds import KINDS, encode
from tests.tables import for_each

DATED = Description(day=Day(dt.date(2024, 1, 16)))


def files(archive: Archive) -> set[str]:
    return {path.name for path in (archive.media / "emission").iterdir()}


@pytest.mark.parametrize("suffix", KINDS)
def test_every_format_is_kept_byte_for_byte_and_once(
    archive: Archive, sounds: dict[str, Path], suffix: str, tmp_path: Path
) -> None:
    episode = ingest(archive, sounds[suffix], "emission", DATED)
    assert episode.slug == "2024-01-16-parole"
    audio = archive.audio_path(archive.episode(episode.key))
    assert audio.name == f"2024-01-16-parole{suffix}"
    assert audio.read_bytes() == sounds[suffix].read_bytes()
    assert episode.audio.sha256 == hashlib.sha256(audio.read_bytes()).hexdigest()
    assert episode.audio.size == audio.stat().st_size
    assert episode.audio.duration == pytest.approx(4.0, abs=0.08)
    again = Path(shutil.copy(sounds[suffix], tmp_path / f"autre-nom{suffix}"))
    with pytest.raises(ArchiveError, match=f"the same recording as {episode.key}"):
        ingest(archive, again, "emission")
    TAGGERS[suffix](again)
    assert again.read_bytes() != sounds[suffix].read_bytes()
    with pytest.raises(ArchiveError, match=f"the same recording as {episode.key}, with other tags"):
        ingest(archive, again, "emission")
    assert files(archive) == {"show.json", audio.name, f"{episode.slug}.json"}


@for_each(
    ("name", "content"),
    [
        ("vide.mp3", b""),
        ("page.mp3", b"<html>rien</html>" * 100),
        ("texte.wav", b"Bonjour"),
        ("coupe.mp3", None),
        ("coupe.flac", None),
        ("coupe.opus", None),
    ],
)
def test_bad_files_leave_nothing(
    archive: Archive, sounds: dict[str, Path], tmp_path: Path, name: str, content: bytes | None
) -> None:
    path = tmp_path / name
    whole = sounds[path.suffix].read_bytes()
    path.write_bytes(whole[: len(whole) // 2] if content is None else content)
    with pytest.raises(AudioError) as raised:
        ingest(archive, path, "emission")
    assert str(raised.value).startswith(str(path))
    assert "\n" not in str(raised.value)
    assert files(archive) == {"show.json"}


def test_tags_tell_title_and_day(archive: Archive, sounds: dict[str, Path], tmp_path: Path) -> None:
    path = Path(shutil.copy(sounds[".flac"], tmp_path / "2024-01-16 parole.mp3"))
    assert ingest(archive, path, "emission").audio.file == "2024-01-16-parole.flac"
    path = Path(shutil.copy(sounds[".mp3"], tmp_path / "x.mp3"))
    tags = id3.ID3()
    for each in (id3.TIT2(text="L’œil  de la ville"), id3.TDRC(text="2024-03-19")):
        tags.add(each)
    tags.add(id3.TPE1(text="Anna"))
    tags.save(path)
    episode = ingest(archive, path, "emission")
    assert episode.slug == "2024-03-19-l-oeil-de-la-ville"
    assert [person.name for person in episode.people] == ["Anna"]


NAMES = {  # `tests/data/names.tsv` has many more
    "2024-01-16-les-micros-de-la-rue": "2024-01-16-les-micros-de-la-rue",
    "2024-13-45-faux": "2024-13-45-faux",
    "Émission du 16 janvier 2024": "2024-01-16-emission",
    "émission n°12": "episode-12",
    "-rf\n$(x)`y`": "rf-x-y",
    "日本": "episode",
    "é" * 110: "e" * 80,
}


def test_names_tell_the_rest(archive: Archive, tmp_path: Path) -> None:
    for number, (name, slug) in enumerate(NAMES.items(), 1):
        tone = np.sin(np.arange(4800) * number / 50).astype(np.float32)
        path = encode(tone, tmp_path / "tone.wav").rename(tmp_path / f"{name}.wav")
        os.utime(path, (1_000_000_000, 1_000_000_000))
        episode = ingest(archive, path, "emission")
        assert episode.slug == slug
        assert archive.episode(episode.key).source.original_name == path.name


def test_recordings_of_one_name_are_numbered_and_what_a_crash_left_is_not_crushed(
    archive: Archive, sounds: dict[str, Path]
) -> None:
    first = ingest(archive, sounds[".mp3"], "emission", DATED)
    archive.sidecar_path(first.key).unlink()  # as if killed before the sidecar was written
    others = (sounds[suffix] for suffix in (".flac", ".wav"))
    slugs = [ingest(archive, path, "emission", DATED).slug for path in others]
    assert slugs == ["2024-01-16-parole-2", "2024-01-16-parole-3"]
    again = ingest(archive, sounds[".mp3"], "emission", DATED)
    assert dataclasses.replace(again, guid=first.guid, source=first.source) == first


def test_a_pipe_is_no_recording(archive: Archive, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tuyau.mp3")
    with pytest.raises(ArchiveError, match="regular"):
        ingest(archive, tmp_path / "tuyau.mp3", "emission")


def test_a_deleted_waveform_is_drawn_again(archive: Archive, sounds: dict[str, Path]) -> None:
    episode = ingest(archive, sounds[".mp3"], "emission")
    drawn = archive.waveform(episode)
    assert drawn
    assert undrawn(archive) == []
    shutil.rmtree(archive.cache)
    assert [each.key for each in undrawn(archive)] == [episode.key]
    call("index", "--root", str(archive.root))
    assert archive.waveform(episode) == drawn


def test_no_other_writer_sweeps_what_comes_in(archive: Archive, sounds: dict[str, Path]) -> None:
    def writes(_share: float) -> None:
        with archive.lock():  # as whoever saves a transcript meanwhile
            pass

    leftover = archive.media / "emission" / ".incoming-x.1.part"
    leftover.touch()
    episode = ingest(archive, sounds[".flac"], "emission", DATED, writes)
    assert not leftover.exists()
    assert archive.audio_path(episode).read_bytes() == sounds[".flac"].read_bytes()


def test_copies_at_once_are_one(archive: Archive, sounds: dict[str, Path], tmp_path: Path) -> None:
    copies = [Path(shutil.copy(sounds[".mp3"], tmp_path / f"{each}.mp3")) for each in range(4)]
    recordings = Recordings(archive)

    def take(path: Path) -> str:
        try:
            return ingest(archive, path, "emission", DATED, recordings=recordings).key
        except TwinError as error:
            return str(error)

    with ThreadPoolExecutor(4) as threads:
        told = list(threads.map(take, copies))
    (episode,) = archive.episodes()
    assert sum("the same recording as" in each for each in told) == 3
    audio = episode.audio
    with pytest.raises(TwinError, match="the same recording as"):
        recordings.refuse(sounds[".mp3"], audio.sha256, audio.packets)
    with pytest.raises(TwinError, match="with other tags"):
        recordings.refuse(sounds[".flac"], "0" * 64, audio.packets)


def test_nothing_that_lies_under_a_free_name_is_taken_for_its_own(
    archive: Archive, sounds: dict[str, Path], tmp_path: Path
) -> None:
    (archive.media / "emission" / "couverture.jpg").write_bytes(b"of the show")
    texts = archive.transcripts / "emission"
    texts.mkdir(exist_ok=True)
    (texts / "la-rue.vtt").write_text("WEBVTT\n\nNOTE\naudio: 00\n\n00:00.000 --> 00:01.000\nX\n")
    (texts / "les-puces.source.txt").write_text("Le texte d’une autre.")
    taken = []
    for name, kind in (("couverture", ".mp3"), ("la rue", ".flac"), ("les puces", ".ogg")):
        path = Path(shutil.copy(sounds[kind], tmp_path / f"{name}{kind}"))
        taken.append(ingest(archive, path, "emission"))
    assert [each.slug for each in taken] == ["couverture-2", "la-rue-2", "les-puces-2"]
    assert taken[0].image == ""
    assert archive.transcript(taken[1].key) is None
    sha256 = hash_file(sounds[".wav"])
    found = f"WEBVTT\n\nNOTE\naudio: {sha256}\n\n00:00.000 --> 00:01.000\nX\n"
    (texts / "le-retour.vtt").write_text(found)
    path = Path(shutil.copy(sounds[".wav"], tmp_path / "le retour.wav"))
    assert ingest(archive, path, "emission").slug == "le-retour"  # its own, that lost its sidecar


def test_a_warning_names_the_file_that_was_given(
    archive: Archive, sounds: dict[str, Path], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = Path(shutil.copy(sounds[".mp3"], tmp_path / "usb-12.mp3"))
    tag = id3.ID3()
    tag.add(id3.APIC(mime="image/png", type=3, data=b"no picture"))
    tag.save(path)
    ingest(archive, path, "emission", DATED)
    told = [record.getMessage() for record in caplog.records]
    assert told == ["usb-12.mp3: its picture can’t be read and is left out"]
