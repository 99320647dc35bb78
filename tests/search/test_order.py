"""The order of passages: what one would want first comes first."""

from pathlib import Path

import pytest

from radio.archive import Archive
from radio.search import Index
from tests.search.episodes import indexed
from tests.search.talk import WANTED, rank, write_talk


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    archive = Archive(Path(tmp_path_factory.mktemp("talk")))
    write_talk(archive)
    return indexed(archive)


def test_what_one_would_want_first_comes_first(index: Index) -> None:
    assert len(WANTED) == 40
    ranks = {each.query: rank(index, each) for each in WANTED}
    reciprocal = [1 / place if place else 0.0 for place in ranks.values()]
    assert sum(reciprocal) / len(WANTED) >= 0.8, ranks
