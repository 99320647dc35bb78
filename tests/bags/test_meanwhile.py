"""What a keeper takes away while a bag is written is not in it, and the bag is whole."""

import shutil
from pathlib import Path
from typing import Any

import bagit
import pytest

from radio.actions.redacting import Request, redact
from radio.archive import Archive
from radio.bags.export import export_bag
from radio.cli import export as exporting
from radio.search import Index
from radio.static_site.export import freeze
from tests.processes import command
from tests.samples import CITY, STREET, delete_episode, put_all


@pytest.fixture
def two(archive: Archive) -> Archive:
    put_all(archive, STREET, CITY, is_short=True)
    return archive


def test_what_is_taken_away_meanwhile_is_not_in_the_bag(two: Archive, tmp_path: Path) -> None:
    street, acts = f"emission/{STREET}", [1]

    def meanwhile(_share: float) -> None:
        if acts.pop() if acts else 0:
            redact(two, street, Request(1.0, 2.0, "destroy"))
            delete_episode(two, f"emission/{CITY}", "")

    done = export_bag(two, tmp_path / "bag", meanwhile)
    assert done.faults == ()
    bag = bagit.Bag(str(tmp_path / "bag"))
    assert bag.validate()
    recordings = [path for path in bag.entries if path.endswith(".mp3")]
    assert recordings == [f"data/media/{street}.mp3"]
    assert bag.entries[recordings[0]]["sha256"] == two.episode(street).audio.sha256


@pytest.mark.long
def test_an_export_outlives_a_removal_that_takes_index_and_pages(
    two: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Index(two).refresh()
    removals, bag = [two.site, two.index], tmp_path / "bag"

    def without_index(archive: Archive, *given: Any, **more: Any) -> object:
        if two.index not in removals:
            return freeze(archive, *given, **more)
        shutil.rmtree(removals.pop())
        with archive.lock("index"):  # who removed it makes it anew
            return freeze(archive, *given, **more)

    def without_pages(archive: Archive, *given: Any, **more: Any) -> object:
        if removals:
            shutil.rmtree(removals.pop())
        return export_bag(archive, *given, **more)

    monkeypatch.setattr(exporting, "freeze", without_index)
    monkeypatch.setattr(exporting, "export_bag", without_pages)
    command(two, "export", "bag", str(bag))
    assert removals == []
    assert bagit.Bag(str(bag)).validate()
    assert (bag / "data" / "index.html").exists()
