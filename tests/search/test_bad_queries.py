"""Whatever is typed is answered: signs, walls of words, both directions, chance."""

import random
from pathlib import Path

import pytest

from radio.search import Index, SearchOptions
from radio.web.site import create_app
from tests.search.episodes import begun, indexed, put

SIGNS = "\"'«»“”()[]{}*?~^:;,.!-_+=<>|/\\&%#@\u00a0\u202e\u200f\u0301\x00\x1c\n\t"
PARTS = (
    *SIGNS,
    *("OU", "OR", "ET", "-", "avant:", "après:2024-13", "personne:", "mot-clé:", "émission:x"),
    *("caméra", "caméras", "l’été", "vingt", "et", "un", "cent", "12 000", "3%", "19h30"),
    *("שלום", "مرحبا", "надзор", "監視", "e\u0301te\u0301", "𝔠𝔞𝔪", "🎥", "œ", "ﬁ", "ß", "İ"),
)
WALLS = (
    " ".join(f"mot{n}" for n in range(200)),
    "caméra " * 200,
    SIGNS,
    '"caméra « rue',
    'caméra" rue" "',
    "\u202eشارع מצלמה\u202c caméra",
    "*" * 200,
    "-" * 200,
    "a* b* c*",
    '"' + "a la ou du " * 30 + '"',
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    archive = begun(Path(tmp_path_factory.mktemp("bad")), "La Machine")
    put(archive, "2024-01-01-a", "Vingt et une caméras, 12 000 voix, l’été à 19h30 : 3 % de plus.")
    put(archive, "2024-01-02-b", "שלום, مرحبا, надзор. Une caméra dans la rue.")
    return indexed(archive)


def test_chance_makes_no_query_that_fails(index: Index) -> None:
    chance = random.Random(7)
    for _ in range(600):
        gap = chance.choice(("", " ", "  "))
        query = gap.join(chance.choice(PARTS) for _ in range(chance.randrange(1, 30)))
        results = index.search(query, SearchOptions(whole=chance.random() < 0.2))
        assert results.total >= len(results.episodes) >= 0, query


def test_no_page_fails_whatever_is_typed(index: Index) -> None:
    client = create_app(index._archive, index, base_url="http://localhost").test_client()
    for path in ("/search", "/search/words", "/search/months", "/search.xml", "/api/v1/search"):
        for query in WALLS:
            assert client.get(path, query_string={"q": query}).status_code == 200, (path, query)


def test_a_number_whose_figures_bear_an_accent_makes_no_query_that_fails(index: Index) -> None:
    results = index.search("cam\u030112 000\u0301 trottinettes")
    assert len(results.episodes) == results.total


def test_words_beside_the_other_direction_are_found(index: Index) -> None:
    for query in ("שלום", "مرحبا caméra", "надзор"):
        found = index.search(query).episodes
        assert [each.title for each in found] == ["Titre 2024-01-02-b"]
        assert any(is_match for _, is_match in found[0].hits[0].snippet)
