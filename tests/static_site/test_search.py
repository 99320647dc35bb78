"""The search of a site without a server answers as that of the server, in a real browser."""

import dataclasses
import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from radio.archive import Archive
from radio.numbers import NUMERALS
from radio.search import Index, SearchOptions
from radio.search.french import words
from radio.static_site.export import export, static_files
from radio.static_site.lexicon import lexicon
from tests.search import test_acronyms as acronyms
from tests.search import test_families as families
from tests.search import test_french as french
from tests.search import test_misspelling as misspelling
from tests.search import test_spacing as spacing
from tests.search.episodes import put
from tests.search.said import Pair, say
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


class Words:
    """The words of some tables in a browser: each was said once, in an episode of its own."""

    def __init__(self, page: Page, folder: Path, pairs: Sequence[Pair], typed: Sequence[str] = ()):
        said = say(folder / "archive", pairs)
        self.words, self._index = said.words, said.index
        archive = Archive(folder / "archive")
        for path, content in (*static_files(), *lexicon(archive, archive.episodes())):
            (folder / path).parent.mkdir(exist_ok=True)
            (folder / path).write_bytes(content)
        (folder / "index.html").write_text(
            '<!doctype html><meta charset=utf-8><script src="static/search.js"></script>', "utf-8"
        )
        page.goto((folder / "index.html").as_uri())
        typed = typed or sorted({word for pair in pairs for word in pair})
        self.found = dict(zip(typed, self._find(page, typed), strict=True))

    def _find(self, page: Page, queries: Sequence[str]) -> Iterator[set[str]]:
        """Give the words that each query finds in the browser."""
        answers = page.evaluate(
            """async (queries) => {
                const answers = [];
                for (const query of queries) {
                    const { found } = await lexicon.find(query, { shows: new Map() });
                    answers.push(found.filter(({ hits }) => hits.length).map(({ key }) => key));
                }
                return answers;
            }""",
            queries,
        )
        for keys in answers:
            yield {self.words[int(key.removeprefix("mots/e"))] for key in keys}

    def lost(self, pairs: Sequence[Pair]) -> list[Pair]:
        """Give the pairs of which one does not find the other."""
        return [(a, b) for a, b in pairs if b not in self.found[a] or a not in self.found[b]]

    def confused(self, pairs: Sequence[Pair]) -> list[Pair]:
        """Give the pairs of which one finds the other."""
        return [(a, b) for a, b in pairs if b in self.found[a] or a in self.found[b]]

    def unlike(self) -> dict[str, tuple[set[str], set[str]]]:
        """Give what the browser alone finds, and what the server alone finds, by query."""
        options = SearchOptions(size=100)
        unlike = {}
        for query, found in self.found.items():
            episodes = self._index.search(query, options).episodes
            wanted = {self.words[int(each.key.removeprefix("mots/e"))] for each in episodes}
            if found != wanted:
                unlike[query] = (found - wanted, wanted - found)
        return unlike


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
    for query, asked, first in QUESTIONS:
        found = unmet.find(query)
        assert found["asked"] == asked, query
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


def test_acronyms_and_their_words_find_each_other(browser: Browser, tmp_path: Path) -> None:
    archive = acronyms.explain(tmp_path / "archive")
    archive.write_show(dataclasses.replace(archive.shows()[0], corrections={"vessa": "VSA"}))
    put(archive, "2024-02-01-vessa", "Et puis la vessa.")
    export(archive, tmp_path / "site")
    index = Index(archive)
    index.refresh()
    with browser.new_context(locale="fr-FR") as context:
        site = Site(context.new_page(), (tmp_path / "site").as_uri())
        for query, _ in acronyms.FOUND + acronyms.AS_TYPED:
            wanted, found = index.search(query, SearchOptions(size=50)), site.find(query)
            assert set(found["keys"]) == {each.key for each in wanted.episodes}, query
            assert found["also"] == [each.text for each in wanted.interpretation.also], query
        assert f"Aussi : « {acronyms.VSA} »." in site.read("VSA")
        assert site.find("VSA", exact=True)["also"] == []


def test_whatever_is_typed_there_is_an_answer(unmet: Site) -> None:
    for query in HOSTILE:
        assert unmet.find(query)["keys"] is not None, query


def test_families_find_each_other_as_on_the_server(page: Page, tmp_path: Path) -> None:
    said = Words(page, tmp_path, families.JOINED + families.APART)
    assert len(said.lost(families.JOINED)) <= 0.05 * len(families.JOINED), said.lost(
        families.JOINED
    )
    wrong = said.confused(families.APART)
    assert len(wrong) <= 0.05 * len(families.APART), wrong
    assert [query for query in said.unlike() if not is_beyond(query)] == []


def test_french_is_found_as_on_the_server(page: Page, tmp_path: Path) -> None:
    said = Words(page, tmp_path, french.PAIRS + french.KEPT_APART)
    assert [pair for pair in said.lost(french.PAIRS) if not any(map(is_beyond, pair))] == []
    assert said.confused(french.KEPT_APART) == [("rendez-vous", "rendez")]
    assert [query for query in said.unlike() if not is_beyond(query)] == ["rendez-vous"]


def test_words_in_one_part_or_two_find_each_other_as_on_the_server(
    page: Page, tmp_path: Path
) -> None:
    said = Words(page, tmp_path, spacing.JOINED + spacing.APART)
    assert said.lost(spacing.JOINED) == []
    assert said.confused(spacing.APART) == []
    assert [query for query in said.unlike() if not is_beyond(query)] == []


def test_misspelt_words_are_taken_for_those_that_were_meant(page: Page, tmp_path: Path) -> None:
    pairs = misspelling.MISSPELT + misspelling.APART
    said = Words(page, tmp_path, [(word, word) for _, word in pairs], [typed for typed, _ in pairs])
    assert [pair for pair in misspelling.MISSPELT if pair[1] not in said.found[pair[0]]] == []
    assert [pair for pair in misspelling.APART if pair[1] in said.found[pair[0]]] == []
    assert said.unlike() == {}


def is_beyond(query: str) -> bool:
    """Whether a query is beyond the browser: function words alone, or numbers in words."""
    typed = list(words(query))
    has_numerals = not {word.spelling for word in typed}.isdisjoint(NUMERALS)
    grouped = any(word.is_compound and word.spelling[0].isdecimal() for word in typed)
    return has_numerals or grouped or all(word.is_light for word in typed)


def test_the_scripts_of_the_site_stay_light() -> None:
    scripts = [content for path, content in static_files() if path.endswith(".js")]
    sizes = [len(gzip.compress(content)) for content in scripts]
    assert len(sizes) == 4
    assert sum(sizes) <= LARGEST
