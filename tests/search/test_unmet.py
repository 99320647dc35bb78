"""A query that nothing meets whole: an answer all the same, and what it leaves out is told."""

from pathlib import Path

import pytest

from radio.archive import Archive
from radio.search import Index
from tests.search.unmet import LEFT_OUT, NO_QUESTIONS, QUESTIONS, WHOLE, Expected, write_corpus


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


@pytest.mark.parametrize("expected", LEFT_OUT, ids=lambda each: each.query)
def test_a_word_too_many_does_not_empty_the_page(index: Index, expected: Expected) -> None:
    results = index.search(expected.query)
    keys = [each.key.partition("/")[2] for each in results.episodes]
    assert keys[:1] == [expected.first] if expected.first else keys == []
    assert set(results.interpretation.without) == set(expected.without)


@pytest.mark.parametrize(("query", "words", "first"), QUESTIONS)
def test_a_question_is_asked_by_its_words(index: Index, query: str, words: str, first: str) -> None:
    results = index.search(query)
    assert results.interpretation.asked == words
    assert results.episodes[0].key.endswith(first)


@pytest.mark.parametrize("query", NO_QUESTIONS)
def test_words_that_are_no_question_are_asked_as_typed(index: Index, query: str) -> None:
    assert index.search(query).interpretation.asked == ""
