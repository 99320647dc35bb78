"""The search of a site without a server answers as that of the server, in a real browser."""

import dataclasses
import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from radio.archive import Archive, holdings
from radio.french.numbers import NUMERALS
from radio.search import Index, table
from radio.search.french import words
from radio.static_site.export import export, static_files
from radio.web.seam import SeamOfYears
from tests.search import test_acronyms as acronyms
from tests.search import test_families as families
from tests.search import test_filters as filters
from tests.search import test_french as french
from tests.search import test_misspelling as misspelling
from tests.search import test_spacing as spacing
from tests.search.episodes import SHOW, put
from tests.search.said import Pair, say
from tests.search.talk import WANTED, write_talk
from tests.search.unmet import (
    CAMERAS,
    ENGLISH,
    FANFARE,
    LEFT_OUT,
    LOGEMENT,
    NO_QUESTIONS,
    QUESTIONS,
    TITLE_AND_TALK,
    WHOLE,
)
from tests.search.unmet import write_corpus as write_unmet
from tests.static_site.ways import BothWays, Unlike

pytestmark = pytest.mark.long

DATES = {
    CAMERAS: ({"date_precision": "month"}, "mars 2024"),
    LOGEMENT: ({"date_precision": "year"}, "2023"),
    FANFARE: ({"date_from": "guessed"}, "date inconnue"),
}
LARGEST = 23_500  # bytes of all scripts of the site, compressed
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

    def shows(self, name: str) -> bool:
        """Whether a part of the page is seen."""
        return self._page.locator(f"#{name}").is_visible()

    def find(self, query: str, *, exact: bool = False) -> dict[str, Any]:
        """Search, and give the keys of the episodes, the best first, and what was searched."""
        found: dict[str, Any] = self._page.evaluate(
            """async ([query, exact]) => {
                const { found, ...told } = await lexicon.find(query, { shows: new Map(), exact });
                return { ...told, keys: found.map(({ key }) => key) };
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


def test_an_empty_page_leads_on_and_orders_nothing(unmet: Site) -> None:
    unmet.read("zzzzzz")
    assert unmet.shows("lost")
    assert not unmet.shows("sort")
    unmet.read("police")
    assert not unmet.shows("lost")
    assert unmet.shows("sort")


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


def test_whatever_is_typed_there_is_an_answer(unmet: Site) -> None:
    for query in HOSTILE:
        assert unmet.find(query)["keys"] is not None, query


def test_families_are_answered_as_by_the_server(page: Page, tmp_path: Path) -> None:
    unlike = _of_pairs(page, tmp_path, families.JOINED + families.APART)
    assert {query: each for query, each in unlike.items() if not is_joining(query)} == {}


def test_french_is_answered_as_by_the_server(page: Page, tmp_path: Path) -> None:
    unlike = _of_pairs(page, tmp_path, french.PAIRS + french.KEPT_APART)
    rest = {query: each for query, each in unlike.items() if not is_joining(query)}
    assert rest.pop("rendez-vous")["found"]  # « vous » is in no file
    assert [query for query, each in rest.items() if "found" in each] == []
    assert [query for query in rest if not holds_numbers(query) and not joins(query)] == []


def test_spacings_are_answered_as_by_the_server(page: Page, tmp_path: Path) -> None:
    unlike = _of_pairs(page, tmp_path, spacing.JOINED + spacing.APART)
    assert {query: each for query, each in unlike.items() if not is_joining(query)} == {}


def test_misspelt_words_are_answered_as_by_the_server(page: Page, tmp_path: Path) -> None:
    pairs = misspelling.MISSPELT + misspelling.APART
    typed = [one for one, _ in pairs]
    assert _of_pairs(page, tmp_path, [(word, word) for _, word in pairs], typed) == {}


def test_acronyms_are_answered_as_by_the_server(page: Page, tmp_path: Path) -> None:
    archive = acronyms.explain(tmp_path / "archive")
    archive.write_show(dataclasses.replace(archive.shows()[0], corrections={"vessa": "VSA"}))
    put(archive, "2024-02-01-vessa", "Et puis la vessa.")
    queries = [query for query, _ in acronyms.FOUND + acronyms.AS_TYPED]
    assert _of(page, tmp_path, archive, queries) == {}


def test_voices_and_lengths_are_answered_as_by_the_server(page: Page, tmp_path: Path) -> None:
    queries = [query for query, _ in (*filters.BY_VOICE, *filters.BY_LENGTH)]
    unlike = _of(page, tmp_path, filters.write_voices(tmp_path / "archive"), queries)
    del unlike["caméras prison voix:noé"]  # he says one of them: the server finds nothing
    assert unlike == {}


def test_words_too_many_and_questions_are_answered_as_by_the_server(
    page: Page, tmp_path: Path
) -> None:
    archive = Archive(tmp_path / "archive")
    write_unmet(archive)
    queries = [each.query for each in (*WHOLE, *LEFT_OUT, *TITLE_AND_TALK)]
    queries += [query for query, *_ in QUESTIONS] + NO_QUESTIONS + [query for query, _ in ENGLISH]
    queries += ["hôpital avant:2010", "fanfare personne:camille", "zzzzzz avant:2010"]
    assert _of(page, tmp_path, archive, queries) == {}


def test_talk_is_answered_as_by_the_server(page: Page, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    write_talk(archive)
    unlike = _of(page, tmp_path, archive, [each.query for each in WANTED])
    del unlike["Sylvaine Roux"]  # the server puts credits, which many repeat, after the rest
    assert {query: each for query, each in unlike.items() if each.keys() != {"marks"}} == {}


def _of_pairs(
    page: Page, folder: Path, pairs: Sequence[Pair], typed: Sequence[str] = ()
) -> dict[str, Unlike]:
    """Say each word in an episode of its own, and ask for all, or for what is typed."""
    said = say(folder / "archive", pairs)
    both = BothWays(page, Archive(folder / "archive"), said.index, folder)
    return both.unlike(typed or sorted({word for pair in pairs for word in pair}))


def _of(page: Page, folder: Path, archive: Archive, queries: Sequence[str]) -> dict[str, Unlike]:
    index = Index(archive)
    index.refresh()
    return BothWays(page, archive, index, folder).unlike(queries)


def is_joining(query: str) -> bool:
    """Whether a query is of function words alone, which are in no file."""
    return all(word.is_light for word in words(query))


def joins(query: str) -> bool:
    """Whether a query holds a function word, by whose place the server orders equals."""
    return any(word.is_light for word in words(query))


def holds_numbers(query: str) -> bool:
    return not {word.spelling for word in words(query)}.isdisjoint(NUMERALS) or any(
        letter.isdecimal() for letter in query
    )


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Episodes of which the day, the month, the year or nothing is known, and their site."""
    folder = Path(tmp_path_factory.mktemp("dated"))
    archive = Archive(folder / "archive")
    write_unmet(archive)
    for slug, (known, _shown) in DATES.items():
        episode = archive.episode(f"{SHOW}/{slug}")
        archive.write_episode(dataclasses.replace(episode, **known))  # type: ignore[arg-type]
    export(archive, folder / "site")
    return archive


def test_no_day_is_shown_that_nobody_told(page: Page, dated: Archive) -> None:
    site = dated.root.with_name("site").as_uri()
    for slug, (_known, shown) in DATES.items():
        title = dated.episode(f"{SHOW}/{slug}").title
        page.goto(f"{site}/search.html?q={quote(title)}")
        result = page.locator("#results > li").filter(has=page.get_by_text(title, exact=True))
        expect(result.locator(".facts")).to_have_text(shown)


def test_what_is_found_is_sewn_on_the_seam_as_by_the_server(page: Page, dated: Archive) -> None:
    index = Index(dated)
    index.refresh()
    site = Site(page, dated.root.with_name("site").as_uri())
    episodes = holdings.episodes(dated)
    seam = SeamOfYears(table((each.known_date, each.audio.duration) for each in episodes))
    every = " OU ".join(("hôpital", "caméras", "fanfare", "tomates", "grève", "loyers"))
    for query in ("hôpital", every, "zzzz", "tomates avant:2020"):
        site.read(query)
        sewn = page.locator("#seam .found").get_attribute("d")
        assert sewn == seam.sew(index.search(query).aired), query
    page.locator("#seam .steps a", has_text="2018").click()
    expect(page.locator("h1")).to_have_text("1 épisode pour «\u00a0tomates\u00a0», en 2018")
    expect(page.locator("#seam [aria-current]")).to_have_text("2018")


def test_the_scripts_of_the_site_stay_light() -> None:
    scripts = [content for path, content in static_files() if path.endswith(".js")]
    sizes = [len(gzip.compress(content)) for content in scripts]
    assert len(sizes) == 8
    assert sum(sizes) <= LARGEST
