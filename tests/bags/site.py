"""The archive as one download: its address, the site that gives it, what is in it."""

from pathlib import Path

from flask.testing import FlaskClient

from radio.archive import Archive
from radio.search import Index
from radio.web.site import create_app

WHOLE = "/download/archive.zip"


def payload(bag: Path) -> set[str]:
    return {each.relative_to(bag / "data").as_posix() for each in (bag / "data").rglob("*.*")}


def visit(archive: Archive) -> FlaskClient:
    index = Index(archive)
    index.refresh()
    return create_app(archive, index).test_client()
