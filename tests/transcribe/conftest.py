"""What the tests of this room share: an episode that a machine heard, a folder for weights."""

import shutil
from pathlib import Path

import pytest

from radio.archive import Archive
from tests.fakes import Sure, heard_street
from tests.heard import hear


@pytest.fixture(scope="session")
def once_heard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return heard_street(tmp_path_factory.mktemp("heard"), Sure(sureness=0.6, word="premier"))


@pytest.fixture
def transcribed(once_heard: Path, tmp_path: Path) -> Archive:
    """An archive whose only episode `base` transcribed, 60 % sure; nobody listened for voices."""
    return Archive(shutil.copytree(once_heard, tmp_path / "archive"))


@pytest.fixture
def heard(archive: Archive) -> Archive:
    """An episode of which two windows hold a word in doubt; its sound ends after a minute."""
    hear(archive)
    return archive


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RADIO_MODELS", str(tmp_path / "models"))
    (tmp_path / "models").mkdir()
    return tmp_path / "models"
