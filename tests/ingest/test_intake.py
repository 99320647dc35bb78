"""`radio ingest` of what people have on their disks: what is good is taken, the rest is told."""

import os
from pathlib import Path
from typing import Any

import pytest

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.ingest.files import ingest
from radio.search import Index
from tests.processes import command


@pytest.fixture
def heap(tmp_path: Path, sounds: dict[str, Path]) -> Path:
    folder = tmp_path / "heap"
    folder.mkdir()
    for name, kind in (("2024-01-16-un.mp3", ".mp3"), ("2024-01-17-deux.flac", ".flac")):
        (folder / name).write_bytes(sounds[kind].read_bytes())
    return folder


def test_a_name_of_an_old_disk_ends_no_run(archive: Archive, heap: Path) -> None:
    old = Path(os.fsdecode(os.fsencode(heap) + b"/2024-01-16-caf\xe9 cr\xe8me.MP3"))
    (heap / "2024-01-16-un.mp3").rename(old)
    done = command(archive, "ingest", str(heap))
    assert done.stdout.split() == ["emission/2024-01-16-cafe-creme", "emission/2024-01-17-deux"]
    episode = archive.episode("emission/2024-01-16-cafe-creme")
    assert episode.title == "Café crème"
    assert episode.source.original_name == "2024-01-16-café crème.MP3"


def test_a_bad_file_keeps_no_good_one_from_being_found(archive: Archive, heap: Path) -> None:
    (heap / "2024-01-16-un.mp3").write_bytes(b"no sound")
    done = command(archive, "ingest", str(heap), check=False)
    assert done.returncode == 1
    assert done.stdout.split() == ["emission/2024-01-17-deux"]
    assert done.stderr.splitlines()[-1] == "1 added, 1 refused"
    found = Index(archive).search("deux").episodes
    assert [each.key for each in found] == ["emission/2024-01-17-deux"]


def test_ctrl_c_keeps_files(archive: Archive, heap: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped_by_hand(archive: Archive, path: Path, *rest: Any, **options: Any) -> Episode:
        if path.suffix == ".flac":
            raise KeyboardInterrupt
        return ingest(archive, path, *rest, **options)

    Index(archive).refresh()  # one that is not there would be made by the search below
    monkeypatch.setattr("radio.cli.intake.ingest", stopped_by_hand)
    done = command(archive, "ingest", str(heap), check=False)
    assert done.returncode == 1
    assert [each.slug for each in archive.episodes()] == ["2024-01-16-un"]
    assert [each.key for each in Index(archive).search("un").episodes] == ["emission/2024-01-16-un"]


def test_what_is_left_is_named_with_its_reason(archive: Archive, heap: Path) -> None:
    kinds = ["mp4", "mkv", "wma", "aiff", "aac", "srt", "txt", "pdf", "jpg", "xyz"]
    for kind in kinds:
        (heap / f"2024-01-16-un.{kind}").write_bytes(b"x")
    for number in range(300):
        (heap / f"z{number}.jpg").touch()
    (heap / "2024-01-16-un.vtt").write_bytes(b"x")
    (heap / ".DS_Store").write_bytes(b"x")
    (heap / "._2024-01-16-un.mp3").write_bytes(b"x")
    (heap / "gone.mp3").symlink_to("nowhere")
    os.mkfifo(heap / "pipe.mp3")
    done = command(archive, "ingest", str(heap))
    told = [line for line in done.stderr.splitlines() if line.startswith("radio: skipped: ")]
    for kind in kinds:
        assert [line for line in told if f"/2024-01-16-un.{kind}: " in line], kind
    assert any("a video" in line and "(beside 2024-01-16-un.mp3)" in line for line in told)
    assert [line for line in told if "skipped: 281 more: a picture" in line]
    assert len(told) == len(kinds) + 2 + 20
    assert "2024-01-16-un.vtt: kept as the text of emission/2024-01-16-un;" in done.stderr
    assert done.stderr.splitlines()[-1] == "2 added, 312 skipped"


def test_a_text_that_comes_later_is_told_how_to_go_on(archive: Archive, heap: Path) -> None:
    command(archive, "ingest", str(heap))
    (heap / "2024-01-16-un.txt").write_text("Bonsoir.", encoding="utf-8")
    told = command(archive, "ingest", str(heap), check=False).stderr.splitlines()
    lays = f"`radio text align emission/2024-01-16-un {heap}/2024-01-16-un.txt` aligns its text"
    assert [line for line in told if lays in line]
    assert [line for line in told if "emission/2024-01-17-deux; nothing to do" in line]


def test_a_date_that_nobody_told_is_named_as_a_guess(archive: Archive, heap: Path) -> None:
    (heap / "2024-01-17-deux.flac").rename(heap / "deux.flac")
    os.utime(heap / "deux.flac", (1_500_000_000, 1_500_000_000))
    command(archive, "ingest", str(heap))
    (listed,) = command(archive, "list", "--guessed").stdout.splitlines()
    assert listed.startswith("emission/deux ") and "guessed date" in listed
    assert archive.episode("emission/deux").date.isoformat() == "2017-07-14"
