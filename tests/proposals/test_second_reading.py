"""The second reading of a section is for another person than the first."""

import pytest

from radio.actions.renaming import rename_episode
from radio.archive import Archive
from radio.proposals.rereading import mark
from radio.system.errors import TranscriptError
from tests.samples import STREET, put


def test_nobody_rereads_twice_what_has_another_address_by_then(archive: Archive) -> None:
    put(archive, STREET)
    mark(archive, f"emission/{STREET}", 0, 1, "Noé")
    rename_episode(archive, f"emission/{STREET}", "autre")
    with pytest.raises(TranscriptError, match="another person"):
        mark(archive, "emission/autre", 0, 2, "Noé")
    assert mark(archive, "emission/autre", 0, 2, "Zoé").level(0) == 2
