"""What is taken for a word that nobody said, and what never is."""

from pathlib import Path

import feedparser
import pytest

from radio.archive import Archive
from radio.archive.episode import Show
from radio.french.dates import MONTHS
from radio.search import Index
from radio.search.french import forms
from radio.search.widening import EXACT_ONLY
from radio.web.site import create_app
from tests.search.episodes import indexed, put
from tests.tables import for_each
from tests.visits import text

FIRST, SECOND, THIRD = "2024-01-16-un", "2025-03-18-deux", "2025-06-17-trois"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    made = Archive(tmp_path)
    made.create()
    made.write_show(Show("machine", "La Machine"))
    put(
        made,
        FIRST,
        "La maison des caméras, au mois de mai, avec des marts et des mares.",
        title="§",
    )
    put(made, SECOND, "Au printemps de mars 2025, la loi de 2023 et la loi 78-17.", title="§")
    put(made, THIRD, "Treize drones, seize voisins, le G7 et la 5G.", title="§")
    return made


@pytest.fixture
def index(archive: Archive) -> Index:
    return indexed(archive)


@for_each(
    "typed",
    ["mars 2024", "2026", "2022", "2015", "2o25", "78-18", "G8", "g20", "4G", "20255", "025"],
)
def test_a_year_or_a_number_is_never_answered_with_another(index: Index, typed: str) -> None:
    answer = index.search(typed)
    assert answer.instead == ""
    assert answer.episodes == ()


@for_each(
    ("typed", "without"),
    [
        ("avril", ()),
        ("juin", ()),
        ("quinze", ()),
        ("marts maison avril", ("avril",)),
        ("trente drones", ("trente",)),
    ],
)
def test_a_month_or_a_number_in_words_is_never_answered_with_another(
    index: Index, typed: str, without: tuple[str, ...]
) -> None:
    answer = index.search(typed)
    assert answer.instead == ""
    assert (answer.total, answer.interpretation.without) == (len(without), without)


def test_a_month_is_never_taken_for_a_word_that_is_written_almost_so(archive: Archive) -> None:
    put(
        archive, FIRST, "Une maison, un marais, un moi, une plume, un jeu, une livre, douce, sente."
    )
    put(archive, SECOND, "Rien.")
    put(archive, THIRD, "Rien.")
    index = indexed(archive)
    assert index.search("maisom").instead == "maison"
    for word in EXACT_ONLY:
        assert index.search(word).instead == "", word


def test_no_month_shares_a_form_with_another() -> None:
    known = [set(forms(month)) for month in MONTHS["fr"]]
    assert all(not one & other for one in known for other in known if one is not other)


def test_the_query_as_typed_is_one_link_away(archive: Archive, index: Index) -> None:
    site = create_app(archive, index).test_client()
    for page in ("/search", "/search/listen", "/search/words", "/search/months"):
        given = site.get(f"{page}?q=camras+maison")
        assert "Voici les passages pour « cameras maison" in text(given), page
        assert f"{page}?q=camras+maison&amp;exact=1" in given.text, page
        typed = site.get(f"{page}?q=camras+maison&exact=1")
        assert "Voici les passages" not in text(typed), page
        assert "Rien n’a été trouvé" in text(typed), page


def test_feed_and_api_say_what_was_taken_for_another_word(archive: Archive, index: Index) -> None:
    site = create_app(archive, index, base_url="https://radio.example").test_client()
    feed = feedparser.parse(site.get("/search.xml?q=camras").data)
    assert "Voici les passages pour «\N{NO-BREAK SPACE}cameras" in feed.feed.description
    assert "https://radio.example/search.xml?q=camras&amp;exact=1" in feed.feed.description
    exact = feedparser.parse(site.get("/search.xml?q=camras&exact=1").data)
    assert (len(feed.entries), len(exact.entries)) == (1, 0)
    answer = site.get("/api/v1/search?q=camras&sort=newest").get_json()
    assert (answer["instead"], answer["total"]) == ("cameras", 1)
    assert site.get(answer["as_typed"]).get_json()["total"] == 0
    said = site.get("/api/v1/search?q=maison").get_json()
    assert (said["instead"], said["as_typed"]) == (None, None)


def test_an_episode_says_what_was_taken_for_another_word(archive: Archive, index: Index) -> None:
    site = create_app(archive, index).test_client()
    page = site.get(f"/shows/machine/{FIRST}?q=camras")
    assert "Voici les passages pour « cameras »" in text(page)
    assert f'href="/shows/machine/{FIRST}?q=camras&amp;exact=1#found"' in page.text
    assert "n’a pas été trouvé" in text(site.get(f"/shows/machine/{FIRST}?q=camras&exact=1"))


@for_each(
    ("typed", "instead"),
    [
        ('camras -"la loi"', 'cameras -"la loi"'),
        ("les camras après:2023", "les cameras après:2023"),
        ("Camras, MAISOM !", "cameras, maison !"),
    ],
)
def test_what_is_looked_for_instead_is_the_whole_query(
    index: Index, typed: str, instead: str
) -> None:
    assert index.search(typed).instead == instead
