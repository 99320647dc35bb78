"""Tags: the same words in every format; hostile ones cost a warning."""

import logging
import shutil
from pathlib import Path

import pytest

from radio.tags import Tags, read_tags
from tests.sounds import swelling_tag
from tests.tags.taggers import TAGGERS, WORDS


@pytest.mark.parametrize("suffix", TAGGERS)
def test_every_format_says_the_same(sounds: dict[str, Path], tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"tagged{suffix}"
    shutil.copy(sounds[suffix], path)
    TAGGERS[suffix](path)
    assert read_tags(path) == WORDS


@pytest.mark.parametrize("suffix", [".wav", ".flac"])
def test_an_untagged_file_says_nothing(sounds: dict[str, Path], suffix: str) -> None:
    assert read_tags(sounds[suffix]) == Tags()


def test_a_tag_that_swells_costs_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "bomb.mp3"
    path.write_bytes(swelling_tag())
    with caplog.at_level(logging.WARNING):
        assert read_tags(path) == Tags()
    assert "bomb.mp3" in caplog.text
