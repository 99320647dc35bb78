"""The site of `site.py`, for every view."""

import datetime as dt
from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskClient

from radio.archive import Archive
from radio.episode import Person, Show
from radio.search import Index
from radio.web.site import create_app
from tests.samples import CITY, MEMORY, SHOW, STREET
from tests.web.views.site import CUES, HERE, MACHINE, Canned, make_episode, write_transcript


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """Three episodes to hear, one withdrawn and one to come."""
    archive = Archive(tmp_path / "archive")
    archive.create()
    archive.write_show(Show(SHOW, "La Machine à découdre", "Point par point.", "Radio Dio"))
    people = (Person("Camille", "présentation"), Person("Noé"))
    make_episode(archive, STREET, "Les micros : de la rue", description="Un\n\nDeux", people=people)
    make_episode(archive, CITY, "La ville intelligente")
    make_episode(archive, MEMORY, "Garder la mémoire")
    make_episode(archive, "2024-04-16-retire", "Retiré", status="withdrawn", reason="À sa demande.")
    make_episode(archive, "2024-05-21-demain", "Demain", status="embargoed", until=dt.date.max)
    write_transcript(archive, STREET, CUES, **MACHINE)
    write_transcript(archive, MEMORY, CUES, status="reread")
    for slug in ("2024-04-16-retire", "2024-05-21-demain"):
        write_transcript(archive, slug, CUES, **MACHINE)
    archive.evidence_path(f"{SHOW}/{STREET}").write_text('{"version": 1}\n', encoding="utf-8")
    return archive


@pytest.fixture
def index() -> Canned:
    return Canned()


@pytest.fixture
def app(archive: Archive, index: Canned) -> Flask:
    return create_app(archive, cast(Index, index), base_url=HERE)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
