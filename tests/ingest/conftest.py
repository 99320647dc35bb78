"""What the tests of sources share."""

from collections.abc import Iterator

import pytest

from tests.ingest.site import Site, serving


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site on this machine, that may be asked."""
    monkeypatch.setenv("RADIO_ALLOW_HOSTS", "127.0.0.1")
    with serving() as site:
        yield site
