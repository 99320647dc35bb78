"""The search of a site without a server answers as that of the server, in a real browser."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

import radio.web
from radio.archive import Archive
from radio.static_site.export import SCRIPTS, export
from tests.search.unmet import LEFT_OUT, NO_QUESTIONS, QUESTIONS, TITLE_AND_TALK, WHOLE
from tests.search.unmet import write_corpus as write_unmet

LARGEST = 18_000  # bytes of all scripts of the site, compressed
HOSTILE = [
    *(" ".join(["caméra"] * 200), "mot " * 200, "x" * 5_000),
    *('"', '""', "«", "« »", '"la place', "» fanfare «", "“", "-", "--", "*", "**", "OU", "OU OU"),
    *(
        "?",
        "???",
        "!!!",
        "()[]{}",
        "\\",
        "/",
        "%",
        "%%%",
        "'",
        "’",
        ":",
        "avant:",
        "avant:x",
        "a:b",
    ),
    *("\u202ecaméra", "كاميرا المراقبة", "מצלמה", "\u200f", "\u0000", "\ud83d\ude00", "e\u0301"),
    *("__proto__", "constructor", "hasOwnProperty toString", "<script>", "-OU", "OU -", "a OU"),
    *("qui ?", "c’est quoi ?", "où", "- - -", '-"', 'mot-clé:"', "personne:«", "１２３", "²", "½"),
]


class Site:
    """A site of files in a browser, at its page of search."""

    def __init__(self, page: Page, root: str):
        self._page, self._root = page, root
        page.goto(f"{root}/search.html")

    def read(self, query: str) -> str:
        """Search as listeners do, and give what the page says, with ordinary spaces."""
        self._page.goto(f"{self._root}/search.html?q={quote(query)}")
        expect(self._page.locator("h1")).not_to_have_text("Recherche")
        return (self._page.locator("#status").text_content() or "").replace("\u00a0", " ")

    def find(self, query: str, *, exact: bool = False) -> dict[str, Any]:
        """Search, and give the keys of the episodes, the best first, and what was searched."""
        found: dict[str, Any] = self._page.evaluate(
            """async ([query, exact]) => {
                const { found, ...told } = await lexicon.find(query, { shows: new Map(), exact });
                const best = (one, other) => other.hits.length - one.hits.length;
                return { ...told, keys: found.sort(best).map(({ key }) => key) };
            }""",
            [query, exact],
        )
        return found


@pytest.fixture(scope="module")
def unmet(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("unmet")
    archive = Archive(folder / "archive")
    write_unmet(archive)
    export(archive, folder / "site")
    with browser.new_context(locale="fr-FR") as context:
        yield Site(context.new_page(), (folder / "site").as_uri())


def test_a_word_too_many_does_not_empty_the_page(unmet: Site) -> None:
    for expected in (*WHOLE, *LEFT_OUT, *TITLE_AND_TALK):
        found = unmet.find(expected.query)
        keys = [key.partition("/")[2] for key in found["keys"]]
        assert keys[:1] == ([expected.first] if expected.first else []), expected.query
        assert set(found["without"]) == set(expected.without), expected.query


def test_a_question_is_asked_by_its_words(unmet: Site) -> None:
    for query, words, first in QUESTIONS:
        found = unmet.find(query)
        assert found["asked"] == words, query
        assert found["keys"][0].endswith(first), query
    assert [query for query in NO_QUESTIONS if unmet.find(query)["asked"]] == []


def test_as_typed_nothing_is_left_out(unmet: Site) -> None:
    assert unmet.find("drones licorne", exact=True)["keys"] == []
    assert unmet.find("qui a parlé de drones ?", exact=True)["asked"] == ""


def test_the_page_says_what_it_left_out_and_what_it_asked(unmet: Site) -> None:
    told = unmet.read("qui a parlé de drones licorne ?")
    assert "Une question se cherche par ses mots : « drones licorne »." in told
    assert "Rien ne réunit tous ces mots. Sans : « licorne »." in told
    assert "Chercher « qui a parlé de drones licorne ? » tel quel" in told


def test_whatever_is_typed_there_is_an_answer(unmet: Site) -> None:
    for query in HOSTILE:
        assert unmet.find(query)["keys"] is not None, query


def test_the_scripts_of_the_site_stay_light() -> None:
    static = Path(radio.web.__file__).parent / "static"
    sizes = [len(gzip.compress((static / f"{name}.js").read_bytes())) for name in SCRIPTS]
    assert sum(sizes) <= LARGEST
