"""A query that nothing meets whole: an answer all the same, and what it leaves out is told."""

from pathlib import Path

import pytest

from radio.archive import Archive
from radio.search import Index
from tests.search.unmet import WHOLE, Expected, write_corpus


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    archive = Archive(Path(tmp_path_factory.mktemp("unmet")))
    write_corpus(archive)
    made = Index(archive)
    made.refresh()
    return made


@pytest.mark.parametrize("expected", WHOLE, ids=lambda each: each.query)
def test_what_is_met_whole_is_asked_whole(index: Index, expected: Expected) -> None:
    results = index.search(expected.query)
    assert results.episodes[0].key.endswith(expected.first)
