"""The site of `site.py`: a test that asks for the archive, the index or the app has its own."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.episode import Person, Show
from radio.search import Index
from radio.system.disk import stamp
from radio.web.site import create_app
from tests.samples import CITY, MEMORY, SHOW, STREET
from tests.web.views.site import CUES, HERE, MACHINE, Canned, make_episode, write_transcript

OWN = {"archive", "index", "app"}


def make(root: Path) -> Archive:
    archive = Archive(root)
    archive.create()
    archive.write_show(Show(SHOW, "La Machine à découdre", "Point par point.", "Radio Dio"))
    people = (Person("Camille", "présentation"), Person("Noé"))
    make_episode(archive, STREET, "Les micros : de la rue", description="Un\n\nDeux", people=people)
    make_episode(archive, CITY, "La ville intelligente")
    make_episode(archive, MEMORY, "Garder la mémoire")
    make_episode(archive, "2024-04-16-retire", "Retiré", status="withdrawn", reason="À sa demande.")
    make_episode(
        archive, "2024-05-21-demain", "Demain", status="embargoed", until=dt.datetime(2999, 1, 1)
    )
    write_transcript(archive, STREET, CUES, **MACHINE)
    write_transcript(archive, MEMORY, CUES, status="reread")
    for slug in ("2024-04-16-retire", "2024-05-21-demain"):
        write_transcript(archive, slug, CUES, **MACHINE)
    archive.evidence_path(f"{SHOW}/{STREET}").write_text('{"version": 1}\n', encoding="utf-8")
    return archive


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """The archive of the tests that change nothing."""
    archive = make(tmp_path_factory.mktemp("shared") / "archive")
    before = truth(archive)
    yield archive
    assert truth(archive) == before, "a test changed what it shares; let it ask for `archive`"


def truth(archive: Archive) -> dict[Path, tuple[int, int]]:
    files = (path for part in ("media", "transcripts") for path in (archive.root / part).rglob("*"))
    return {path: stamp(path) for path in files}


@pytest.fixture(scope="session")
def shared_app(shared: Archive) -> Flask:
    return create_app(shared, cast(Index, Canned()), base_url=HERE)


@pytest.fixture
def archive(shared: Archive, tmp_path: Path) -> Archive:
    return Archive(shutil.copytree(shared.root, tmp_path / "archive"))


@pytest.fixture
def index() -> Canned:
    return Canned()


@pytest.fixture
def app(archive: Archive, index: Canned) -> Flask:
    return create_app(archive, cast(Index, index), base_url=HERE)


@pytest.fixture
def client(request: pytest.FixtureRequest) -> FlaskClient:
    """A visitor: of an app of its own where the test has its hands in it."""
    name = "shared_app" if OWN.isdisjoint(request.fixturenames) else "app"
    app: Flask = request.getfixturevalue(name)
    return app.test_client()
