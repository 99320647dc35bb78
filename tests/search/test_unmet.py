"""A query that nothing meets whole: an answer all the same, and what it leaves out is told."""

import dataclasses
from pathlib import Path
from typing import cast

import pytest
import tantivy

from radio.archive import Archive
from radio.archive.episode import Show
from radio.search import Index, SearchOptions
from radio.search.results import Near
from tests.search.episodes import SHOW, begun, indexed, marked, put, slugs
from tests.search.lists import lines, rows
from tests.search.unmet import FANFARE, PARCOURSUP, POLICE, URGENCES, asked, write_corpus
from tests.tables import check, for_each

AS_TYPED = SearchOptions(as_typed=True)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    archive = Archive(Path(tmp_path_factory.mktemp("unmet")))
    write_corpus(archive)
    return indexed(archive)


@for_each(("query", "first", "without"), asked())
def test_a_word_too_many_does_not_empty_the_page(
    index: Index, query: str, first: str, without: set[str]
) -> None:
    results = index.search(query)
    assert bool(results.episodes) == bool(first)
    assert all(each.key.endswith(first) for each in results.episodes[:1])
    assert set(results.interpretation.without) == without


def test_a_question_is_asked_by_its_words_and_nothing_else_is_one(index: Index) -> None:
    for query, words, first in rows("unmet", "questions"):
        results = index.search(query)
        assert results.interpretation.asked == words, query
        assert results.episodes[0].key.endswith(first), query
    none = lines("unmet", "no questions")
    check((query, index.search(query).interpretation.asked, "") for query in none)


def test_english_words_are_told_in_french_and_french_ones_are_not(index: Index) -> None:
    for query, french in rows("unmet", "english"):
        told = index.search(query).interpretation.french
        assert french in told
        first = french.split(maxsplit=1)[0]
        assert index.search(first).total or french in ("vie privée", "logement")
    signs = index.search('the housing -police "la place" avant:2010').interpretation
    assert signs.french == 'logement -police "la place" avant:2010'
    own = ("logement", "zinzolin", "reconnaissance licorne", "drones", "surveillance")
    check((query, index.search(query).interpretation.french, "") for query in own)


@pytest.fixture
def corpus(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path)
    write_corpus(archive)
    return archive


def test_an_archive_with_an_english_show_says_nothing_of_languages(corpus: Archive) -> None:
    corpus.write_show(Show("english", "The Show", language="en"))
    assert indexed(corpus).search("facial recognition").interpretation.french == ""


def test_people_tags_and_titles_near_a_word_that_nobody_says(index: Index) -> None:
    near = {
        "belkacerts": Near(people=("Inès Belkacem",)),
        "camillou": Near(people=("Camille Dupont",)),
        "musiquette": Near(tags=("musique",)),
        "parcours": Near(episodes=((f"{SHOW}/{PARCOURSUP}", "Parcoursup à la loupe"),)),
        "écoloux": Near(tags=("écologie",)),
    }
    for query, wanted in near.items():
        results = index.search(query, AS_TYPED)
        assert (results.total, results.near) == (0, wanted), query
    results = index.search("drones belkacerts")
    assert results.interpretation.without == ("belkacerts",)
    assert results.near == near["belkacerts"]


def test_no_page_is_empty(index: Index) -> None:
    for query in ("zzzzzz", "§§§", "licorne", "x " * 100, "où"):
        results = index.search(query, AS_TYPED)
        assert (results.total, results.pages, results.near.is_close) == (0, 0, False), query
        assert results.near.tags[0] == "santé"
        assert results.near.episodes[0] == (f"{SHOW}/{URGENCES}", "Une nuit aux urgences")


def test_nothing_that_was_withdrawn_is_near(corpus: Archive) -> None:
    index = indexed(corpus)
    assert index.search("belkacerts").near.people
    for slug in (FANFARE, POLICE):
        episode = corpus.episode(f"{SHOW}/{slug}")
        corpus.write_episode(dataclasses.replace(episode, status="withdrawn"))
    assert "Inès Belkacem" not in index.search("belkacerts").near.people
    assert "musique" not in index.search("zzzzzz").near.tags


def test_filters_that_leave_nothing_tell_what_lies_beyond(index: Index) -> None:
    beyond = {"hôpital avant:2010": 2, "fanfare personne:camille": 1}
    beyond |= {"fanfare avant:2025": 0, "zzzzzz avant:2010": 0}
    check((query, index.search(query).beyond, count) for query, count in beyond.items())
    assert index.search("fanfare", SearchOptions(show="autre")).beyond == 1


class Counting:
    def __init__(self, searcher: tantivy.Searcher):
        self.searcher, self.asked = searcher, 0

    def __getattr__(self, name: str) -> object:
        self.asked += name in ("search", "aggregate")
        return getattr(self.searcher, name)


def test_an_empty_page_costs_few_queries(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = index._store.reader()
    counting = Counting(reader.searcher)
    other = dataclasses.replace(reader, searcher=cast(tantivy.Searcher, counting))
    monkeypatch.setattr(index._store, "reader", lambda: other)
    many = " ".join(f"{letter}zzzz" for letter in "abcdefghijkl")
    some = "drones licorne dragon hippogriffe griffon", "fanfarre licornes dragonne avant:2010"
    for query in (many, *some, "who talked about zzzz housing strikes ?"):
        counting.asked = 0
        index.search(query)
        assert 0 < counting.asked <= 12, query


def test_the_title_of_a_show_gives_its_episodes_and_no_word_of_it_is_dropped(
    tmp_path: Path,
) -> None:
    archive = begun(tmp_path, "La Machine")
    archive.write_show(Show("voisines", "La Matinale des voisines"))
    archive.write_show(Show("minuit", "Minuit"))
    for slug, said in (("2020-01-05-a", "Des tomates."), ("2020-02-05-b", "Des courges.")):
        put(archive, slug, said, title="§", show="voisines")
    put(archive, "2021-02-05-c", "Mes voisins, ce matin, à minuit.", title="§")
    put(archive, "2021-02-06-d", "Bonsoir.", title="§", show="minuit")
    index = indexed(archive)
    for query, *wanted in (
        ("la matinale des voisines", "2020-02-05-b", "2020-01-05-a"),
        ("tomates matinale des voisines", "2020-01-05-a"),
        ("la matinale des voisines de janvier 2020", "2020-01-05-a"),
        ("minuit", "2021-02-05-c", "2021-02-06-d"),
    ):
        results = index.search(query)
        assert slugs(results)[: len(wanted)] == wanted, query
        assert results.shows == ("minuit" if query == "minuit" else "voisines",)
        assert results.interpretation.without == ()


def test_words_said_far_apart_in_one_episode_are_found_before_one_is_dropped(
    tmp_path: Path,
) -> None:
    archive = begun(tmp_path, "La Machine")
    between = ["et l’on parle d’autre chose encore longtemps"] * 40
    put(archive, "2021-01-01-a", "Un tir de flashball.", *between, "Il a perdu un œil.", title="§")
    put(archive, "2021-01-02-b", "Encore un flashball, en mars.", *between, "En 2019.", title="§")
    results = (index := indexed(archive)).search("flashball oeil")
    assert (slugs(results), results.interpretation.without) == (["2021-01-01-a"], ())
    assert results.interpretation.is_apart
    assert set(marked(*results.episodes)) == {"flashball", "œil"}
    assert index.search("mars 2019").total == 0, "a month and a year are one time"


def test_a_word_of_titles_and_tags_stays_before_a_rarer_one(tmp_path: Path) -> None:
    archive = begun(tmp_path, "La Machine")
    put(archive, "2021-01-01-a", "Le référendum.", title="Kanaky en lutte")
    put(archive, "2021-01-02-b", "Des voix.", title="§", tags=("Kanaky",))
    put(archive, "2021-01-03-c", "Une nouvelle grille.", title="§")
    results = indexed(archive).search("kanaky nouvelle calédonie")
    assert set(slugs(results)) == {"2021-01-01-a", "2021-01-02-b"}
    assert results.interpretation.without == ("nouvelle", "calédonie")
