"""A dossier tells what is said of a person or a theme, in order of time, and nothing else."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from tantivy import Query, Searcher

from radio.archive import Archive
from radio.archive.dossier import Dossier, Kind
from radio.archive.episode import Person
from radio.search import Index
from radio.search.ranking import Numbers, numbers_in
from radio.static_site import PAGES
from radio.work.upkeep import Upkeep
from tests.patience import LONG
from tests.search.debate import SAID, speak
from tests.search.episodes import begun, put


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    glossary = ("CNIL = Commission de l’informatique", "Bellevue", "Jamais dite")
    words: dict[str, Any] = {"glossary": glossary, "corrections": {"Bel vu": "Bellevue"}}
    made = begun(Path(tmp_path_factory.mktemp("dossiers")), "La Machine", **words)
    people, tags = (Person("Noé"), Person("Audrey")), ("caméra", "C++")
    speak(made, put(made, "2024-03-10-debat", people=people, tags=tags))
    put(made, "2021-05-02-plus-tot", "On monte à Bel vu. Noé y était, dit-on.", "La rue dort.")
    put(made, "2022-01-01-une-annee", "Les caméras de Noe.", date_precision="year", tags=("C#",))
    put(made, "2023-01-01-sans-date", "Noé, encore.", date_sure=False)
    put(made, "2020-01-01-secret", "Noé, une caméra, Bellevue.", status="withdrawn")
    Index(made).refresh()
    return made


@pytest.fixture
def index(archive: Archive) -> Index:
    return Index(archive)


def read(index: Index, kind: Kind, slug: str) -> Dossier:
    subject = index.dossiers.find(kind, slug)
    assert subject
    return index.dossiers.dossier(subject, index.dossiers.outline(subject))


def test_all_that_has_a_dossier_is_counted_and_found(index: Index) -> None:
    found = {(each.subject.kind, each.subject.slug): each for each in index.dossiers.subjects()}
    names = {slug: each.subject.name for (_, slug), each in found.items()}
    assert [slug for kind, slug in found if kind == "person"] == ["audrey", "noe"]
    assert found["person", "noe"].episodes == 4
    assert found["theme", "camera"].episodes == 2
    assert found["theme", "bellevue"].episodes == 1, "where it was misheard"
    assert "jamais-dite" not in names, "nobody says it"
    assert sorted(slug[:2] for slug in names if names[slug] in ("C++", "C#")) == ["c", "c-"]


def test_what_is_said_of_a_person_comes_in_order_of_time(index: Index) -> None:
    noe = read(index, "person", "noe")
    dates = [each.line.known_date for each in noe.entries]
    assert dates == ["2021-05-02", "2022", "2024-03-10", ""]
    said = ["Noé y était, dit-on.", "Les caméras de Noe.", SAID[2][1], "Noé, encore."]
    assert [each.text for each in noe.sentences] == said
    entry = noe.entries[2]
    assert (entry.sentences[0].voice, entry.sentences[0].start) == ("Audrey", 10.0)
    assert [each.text for each in entry.own] == [SAID[0][1], SAID[4][1]]
    assert entry.line.is_named
    assert not noe.entries[0].line.is_named


def test_every_sentence_is_in_the_archive(index: Index, archive: Archive) -> None:
    for each in index.dossiers.subjects():
        for sentence in read(index, each.subject.kind, each.subject.slug).sentences:
            text = archive.vtt_path(sentence.key).read_text("utf-8")
            assert sentence.text.strip("…\N{NO-BREAK SPACE}") in text
            assert all(sentence.text[start:end] for start, end in sentence.found)


def test_a_theme_is_found_by_its_acronym_its_plural_and_each_spelling(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = read(index, "theme", "cnil").sentences
    assert [each.text for each in said] == [SAID[1][1], SAID[2][1]]
    said = read(index, "theme", "camera").sentences
    assert [each.text for each in said] == ["Les caméras de Noe.", SAID[0][1], SAID[3][1]]
    assert [text for text, is_found in said[1].parts if is_found] == ["caméras"]
    monkeypatch.setattr("radio.search.vocabulary.MOST_ORDERS", 1)
    assert read(index, "theme", "camera").sentences == said


def test_nothing_withdrawn_is_told_before_the_index_knows(archive: Archive, tmp_path: Path) -> None:
    index = Index(archive)
    subject = index.dossiers.find("theme", "bellevue")
    assert subject
    (line,) = index.dossiers.outline(subject)
    episode = archive.episode(line.key)
    archive.write_episode(dataclasses.replace(episode, status="withdrawn"))
    try:
        assert index.dossiers.outline(subject) == ()
        assert index.dossiers.dossier(subject, [line]).entries == ()
        assert index.dossiers.find("theme", "bellevue") is None
    finally:
        archive.write_episode(episode)


def test_a_keeper_gathers_words_and_hides_names(archive: Archive) -> None:
    (archive.root / "themes.json").write_text(
        '{"version": 1, "themes": [{"name": "Surveillance", "words": ["caméra", "CNIL"], '
        '"description": "Qui regarde ?"}, {"name": "Audrey", "kind": "person", "hidden": true}]}',
        encoding="utf-8",
    )
    index = Index(archive)
    try:
        slugs = [each.subject.slug for each in index.dossiers.subjects()]
        assert "audrey" not in slugs and "camera" not in slugs and "cnil" not in slugs
        gathered = read(index, "theme", "surveillance")
        assert gathered.subject.description == "Qui regarde ?"
        assert len(gathered.sentences) == 5
    finally:
        (archive.root / "themes.json").unlink()


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[Query]:
    """The queries that are counted, each of which takes time in a large archive."""
    counted = list[Query]()

    def count(searcher: Searcher, query: Query) -> Numbers:
        counted.append(query)
        return numbers_in(searcher, query)

    monkeypatch.setattr("radio.search.dossiers.numbers_in", count)
    return counted


def test_a_dossier_is_found_and_outlined_at_once(
    index: Index, counted: list[Query], monkeypatch: pytest.MonkeyPatch
) -> None:
    noe = index.dossiers.find("person", "noe")
    assert noe
    assert not counted
    assert index.dossiers.find("theme", "bellevue"), "a name of a glossary"
    assert index.dossiers.find("theme", "jamais-dite") is None
    assert len(counted) == 2
    monkeypatch.delattr(Archive, "episode")
    assert len(index.dossiers.outline(noe)) == 4, "no episode is read"


def test_themes_are_counted_in_advance(archive: Archive, counted: list[Query]) -> None:
    index = Index(archive)
    upkeep = Upkeep(archive, index, PAGES)
    upkeep.start()
    try:
        assert upkeep.is_fresh.wait(LONG)
    finally:
        upkeep.stop(20)
    before = len(counted)
    assert before
    assert index.dossiers.subjects()
    assert len(counted) == before
