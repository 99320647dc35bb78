"""The order of passages: what one would want first comes first."""

from pathlib import Path

import pytest

from radio.archive import Archive
from radio.search import Index
from tests.search.talk import WANTED, Wanted, write_talk

DEEPEST = 30  # passages that one reads at most


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    archive = Archive(Path(tmp_path_factory.mktemp("talk")))
    write_talk(archive)
    made = Index(archive)
    made.refresh()
    return made


def rank(index: Index, wanted: Wanted) -> int:
    """Count the passages of a page down to the wanted one, read from top to bottom; 0 if none."""
    quoted = [
        (episode.key, "".join(text for text, _ in hit.snippet))
        for episode in index.search(wanted.query).episodes
        for hit in episode.hits
    ]
    for place, (key, text) in enumerate(quoted[:DEEPEST], 1):
        if key.endswith(wanted.slug) and wanted.words in text.replace("'", "’"):
            return place
    return 0


def test_what_one_would_want_first_comes_first(index: Index) -> None:
    assert len(WANTED) == 40
    ranks = {each.query: rank(index, each) for each in WANTED}
    reciprocal = [1 / place if place else 0.0 for place in ranks.values()]
    assert sum(reciprocal) / len(WANTED) >= 0.8, ranks
