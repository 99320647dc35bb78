"""Tags: the same words in every format; hostile ones cost a warning."""

import logging
import resource
import shutil
from pathlib import Path

import pytest

from radio.sound.tags.reader import Tags, read_tags
from tests.sound.tags.taggers import TAGGERS, WORDS
from tests.sounds import id3_frame, id3_tag, swelling_tag
from tests.tables import for_each


@for_each("suffix", TAGGERS)
def test_every_format_says_the_same(sounds: dict[str, Path], tmp_path: Path, suffix: str) -> None:
    path = Path(shutil.copy(sounds[suffix], tmp_path / f"tagged{suffix}"))
    if suffix in (".wav", ".flac"):
        assert read_tags(path) == Tags()
    TAGGERS[suffix](path)
    assert read_tags(path) == WORDS


def test_a_swelling_tag_costs_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "bomb.mp3"
    path.write_bytes(swelling_tag())
    with caplog.at_level(logging.WARNING):
        assert read_tags(path) == Tags()
    assert "bomb.mp3" in caplog.text


@pytest.mark.long
def test_a_tag_of_60_000_frames_keeps_none_waiting(sounds: dict[str, Path], tmp_path: Path) -> None:
    frames = (id3_frame(b"TXXX", b"\0k\0%06d" % number) for number in range(60_000))
    path = tmp_path / "x.mp3"
    path.write_bytes(id3_tag(*frames, version=3) + sounds[".mp3"].read_bytes())
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert read_tags(path) == Tags()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 8
