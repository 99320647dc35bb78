"""What is said once is shown once: one moment, and the jingles that each episode repeats."""

from pathlib import Path

import pytest

from radio.archive import Archive
from radio.archive.episode import Person
from radio.search import EpisodeHits, Hit, Index, SearchOptions
from tests.search.episodes import begun, put

JINGLE = "Vous écoutez Contre-plongée, sur la radio libre du quartier, avec Odile Sarrazin."
MISHEARD = "Vous écoutez Contre-plongée sur la radio libre du quartier avec Odile Sarasin."
FILLER = ["Et pendant ce temps la musique continue doucement dans le studio."] * 12
OWN = "Odile Sarrazin a fondé la radio libre du quartier dans une chambre de bonne."


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return begun(tmp_path, "Contre-plongée")


def quoted(hit: Hit) -> str:
    return "".join(text for text, _ in hit.snippet)


def found(archive: Archive, query: str, **options: object) -> tuple[EpisodeHits, ...]:
    return Index(archive).search(query, SearchOptions(**options)).episodes  # type: ignore[arg-type]


def test_a_moment_is_shown_once(archive: Archive) -> None:
    texts = ["Une caméra filme la rue.", "La caméra tourne.", *FILLER, "Plus de caméra ici."]
    put(archive, "2024-01-01-x", *FILLER[:3], *texts)
    (episode,) = found(archive, "caméra")
    starts = sorted(hit.start for hit in episode.hits)
    assert len(starts) == 2 and starts[1] - starts[0] > 30
    assert starts[0] == pytest.approx(15, abs=1), "the first word met"


def test_what_an_episode_says_comes_before_jingles(archive: Archive) -> None:
    for day in range(1, 7):
        put(archive, f"2024-02-0{day}-x", JINGLE if day % 2 else MISHEARD, *FILLER)
    put(archive, "2020-01-01-histoire", JINGLE, *FILLER, OWN, *FILLER)
    first, *others = found(archive, "radio libre du quartier")
    assert first.key.endswith("histoire") and "fondé" in quoted(first.hits[0])
    assert [each.hits[0].again for each in (first, *others)] == [False, False, *[True] * 5]
    assert len(others) == 6, "nothing that is found is left out"


def test_a_title_that_says_it_is_no_jingle(archive: Archive) -> None:
    for day in range(1, 5):
        put(archive, f"2024-02-0{day}-x", JINGLE, *FILLER)
    put(archive, "2020-01-01-libre", JINGLE, *FILLER, title="Une radio libre")
    assert found(archive, "radio libre")[0].key.endswith("libre")


def test_the_newest_come_first_where_that_is_asked(archive: Archive) -> None:
    for day in range(1, 5):
        put(archive, f"2024-02-0{day}-x", JINGLE, *FILLER)
    put(archive, "2020-01-01-histoire", OWN, *FILLER)
    assert found(archive, "radio libre", order="newest")[-1].key.endswith("histoire")


def test_every_view_has_one_order(archive: Archive) -> None:
    for day in range(1, 7):
        put(archive, f"2024-02-0{day}-x", JINGLE, *FILLER)
    put(archive, "2020-01-01-histoire", OWN, *FILLER)
    index = Index(archive)
    page = index.search("radio libre du quartier")
    listened = index.batches("radio libre du quartier", SearchOptions(), 100)
    assert [each for some in listened for each in some] == list(page.episodes)


def test_what_a_title_says_whole_is_quoted_by_what_comes_closest(archive: Archive) -> None:
    texts = ["Le loyer monte.", *FILLER, "À Beaubrun, le loyer du quatrième étage double.", *FILLER]
    put(archive, "2024-01-01-x", *texts, title="Les loyers du quartier Beaubrun")
    (episode,) = found(archive, "Beaubrun quartier")
    assert ["À Beaubrun," in quoted(hit) for hit in episode.hits] == [True]
    (whole,) = found(archive, "Beaubrun quartier", whole=True)
    assert [hit.start for hit in whole.hits] == [hit.start for hit in episode.hits]
    (excluded,) = found(archive, "Beaubrun quartier -étage")
    assert excluded.hits == ()


def test_a_name_of_the_sidecar_alone_needs_no_passage(archive: Archive) -> None:
    put(archive, "2024-01-01-x", *FILLER, people=(Person("Odile Sarrazin"),))
    (episode,) = found(archive, "Odile Sarrazin")
    assert episode.hits == () and episode.told
