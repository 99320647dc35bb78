"""The archive as one download: its address, the site that gives it, what is in it."""

from pathlib import Path

from flask.testing import FlaskClient

from radio.archive import Archive
from radio.search import Index
from radio.web.site import create_app

WHOLE = "/download/archive.zip"


def tree(folder: Path) -> dict[str, bytes]:
    """The files of a folder, by path."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def payload(bag: Path) -> set[str]:
    return {each.relative_to(bag / "data").as_posix() for each in (bag / "data").rglob("*.*")}


def visit(archive: Archive) -> FlaskClient:
    index = Index(archive)
    index.refresh()
    return create_app(archive, index).test_client()
