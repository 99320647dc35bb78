"""What the tests of sources share."""

from collections.abc import Iterator

import pytest

from radio.ingest import pages, wordpress
from radio.system.connection import fetch
from radio.system.connection.fetch import Web
from tests.ingest.site import Site, serving


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("RADIO_ALLOW_HOSTS", "127.0.0.1")
    with serving() as site:
        yield site


@pytest.fixture
def web(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """What asks the site, without pauses."""
    monkeypatch.setattr(fetch, "PAUSES", (0.0, 0.0))
    for module in (pages, wordpress):
        monkeypatch.setattr(module, "PAUSE", 0)
    with Web() as web:
        yield web
