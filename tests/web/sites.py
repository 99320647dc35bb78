"""The site of an archive, for who visits it without a browser."""

from flask.testing import FlaskClient

from radio.archive import Archive
from radio.search import Index
from radio.web.site import create_app


def visit(archive: Archive, base_url: str = "") -> FlaskClient:
    index = Index(archive)
    index.refresh()
    return create_app(archive, index, base_url=base_url).test_client()
