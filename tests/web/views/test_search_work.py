"""A page of results costs little, however much is said: the work is counted, not timed."""

from collections import Counter

import pytest
from tantivy import Query, Searcher

from radio.archive import Archive
from radio.archive.episode import Person
from radio.search import Index, SearchOptions
from radio.search.passage import unpack
from radio.search.ranking import numbers_in
from radio.web.site import create_app
from tests.search.episodes import put

EPISODES = 12


@pytest.fixture
def stocked_index(archive: Archive) -> Index:
    for day in range(1, EPISODES + 1):
        people = (Person(f"Prénom{day} Nom{day}"),)
        said = [" ".join(f"m{n * i + day}" for i in range(45)) for n in range(80)]
        said = [f"La caméra {each}." if n % 5 == 0 else each for n, each in enumerate(said)]
        put(archive, f"2024-01-{day:02}-bavard", *said, people=people)
    index = Index(archive)
    index.refresh()
    return index


def test_a_page_of_results_looks_at_few_files_and_passages(
    archive: Archive, stocked_index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: Counter[str] = Counter()

    def counted(name: str, function):  # type: ignore[no-untyped-def]
        def call(*arguments, **named):  # type: ignore[no-untyped-def]
            calls[name] += 1
            return function(*arguments, **named)

        return call

    client = create_app(archive, stocked_index).test_client()
    assert client.get("/search?q=caméra").status_code == 200
    monkeypatch.setattr(Archive, "shows", counted("shows", Archive.shows))
    monkeypatch.setattr(Archive, "episode", counted("episode", Archive.episode))
    monkeypatch.setattr("radio.search.reader.unpack", counted("passages", unpack))
    page = client.get("/search?q=caméra").text
    assert "Prénom3 Nom3" in page
    assert calls["shows"] <= 3
    assert calls["episode"] <= 10
    assert calls["passages"] <= 60


def test_counts_need_no_second_look(stocked_index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Query] = []

    def counted(searcher: Searcher, query: Query) -> object:
        asked.append(query)
        return numbers_in(searcher, query)

    monkeypatch.setattr("radio.search.ranking.numbers_in", counted)
    found = stocked_index.search("caméra")
    assert (found.total, len(found.facets.people), asked) == (EPISODES, EPISODES, [])
    monkeypatch.setattr("radio.search.answers.MANY", 1)
    again = stocked_index.search("caméra", SearchOptions(size=1))
    assert (again.total, again.facets, len(asked)) == (found.total, found.facets, 1)
