"""The search of a site without a server, in a real browser: what it finds, the server finds too."""

import dataclasses
import gzip
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from radio.archive import Archive, holdings
from radio.french.numbers import NUMERALS
from radio.search import Index, SearchOptions, table
from radio.search.french import STEM, words
from radio.static_site.export import freeze, static_files
from radio.static_site.lexicon import lexicon
from radio.system.disk import write_whole
from radio.web.timeline import SeamOfYears
from tests.search import test_filters as filters
from tests.search import test_french as french
from tests.search.episodes import SHOW
from tests.search.said import say
from tests.search.talk import WANTED, write_talk
from tests.search.unmet import CAMERAS, FANFARE, LOGEMENT
from tests.search.unmet import write_corpus as write_unmet

pytestmark = pytest.mark.long

DATES = {
    CAMERAS: ({"date_precision": "month"}, "mars 2024"),
    LOGEMENT: ({"date_precision": "year"}, "2023"),
    FANFARE: ({"date_sure": False}, "date inconnue"),
}
PAGE = b'<meta charset="utf-8"><script src="static/search.js"></script>'
LARGEST = 22_500  # bytes of all scripts of the site as they are written, compressed
HOSTILE = [
    *(" ".join(["caméra"] * 200), "mot " * 200, "x" * 5_000),
    *('"', '""', "«", "« »", '"la place', "» fanfare «", "“", "-", "--", "*", "**", "OU", "OU OU"),
    *("?", "???", "!!!", "()[]{}", "\\", "/", "%", "%%%", "'", "’", ":"),
    *("avant:", "avant:x", "a:b"),
    *("\u202ecaméra", "كاميرا المراقبة", "מצלמה", "\u200f", "\u0000", "\ud83d\ude00", "e\u0301"),
    *("__proto__", "constructor", "hasOwnProperty toString", "<script>", "-OU", "OU -", "a OU"),
    *("qui ?", "c’est quoi ?", "où", "- - -", '-"', 'mot-clé:"', "personne:«", "１２３", "²", "½"),
]


class Site:
    """A site of files in a browser, at its page of search."""

    def __init__(self, page: Page, archive: Archive, folder: Path):
        self.archive, self.page, self._root = archive, page, folder.as_uri()
        page.goto(f"{self._root}/search.html")

    def read(self, query: str) -> None:
        """Search as listeners do."""
        self.page.goto(f"{self._root}/search.html?q={quote(query)}")
        expect(self.page.locator("h1")).not_to_have_text("Recherche")

    def find(self, queries: list[str]) -> list[dict[str, int]]:
        """Search, and count the passages of each episode that is found."""
        found: list[dict[str, int]] = self.page.evaluate(
            """async (queries) => {
                const answers = [];
                for (const query of queries) answers.push(await lexicon.find(query, { shows: new Map() }));
                return answers.map(({ found }) => Object.fromEntries(found.map(({ key, hits }) => [key, hits.length])));
            }""",  # noqa: E501
            queries,
        )
        return found


def without_pages(page: Page, archive: Archive) -> Site:
    """Write the search of a site alone: an archive of many episodes would have many pages."""
    folder = archive.root.with_name("site")
    files = *static_files(), *lexicon(archive, holdings.episodes(archive))
    for path, content in (*files, ("search.html", PAGE)):
        write_whole(folder / path, content)
    return Site(page, archive, folder)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(locale="fr-FR") as context:
        yield context.new_page()


@pytest.fixture(scope="module")
def dated(page: Page, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Episodes of which the day, the month, the year or nothing is known, and their site."""
    archive = Archive(Path(tmp_path_factory.mktemp("dated")) / "archive")
    write_unmet(archive)
    for slug, (known, _shown) in DATES.items():
        episode = archive.episode(f"{SHOW}/{slug}")
        archive.write_episode(dataclasses.replace(episode, **known))  # type: ignore[arg-type]
    folder = archive.root.with_name("site")
    freeze(archive, folder)
    return Site(page, archive, folder)


def test_an_empty_page_leads_on_and_orders_nothing(dated: Site) -> None:
    for query, is_empty in (("zzzzzz", True), ("police", False)):
        dated.read(query)
        assert dated.page.locator("#lost").is_visible() == is_empty
        assert dated.page.locator("#sort").is_visible() != is_empty


def test_whatever_is_typed_there_is_an_answer(dated: Site) -> None:
    assert len(dated.find(HOSTILE)) == len(HOSTILE)


def test_no_day_is_shown_that_nobody_told(dated: Site) -> None:
    for slug, (_known, shown) in DATES.items():
        title = dated.archive.episode(f"{SHOW}/{slug}").title
        dated.read(title)
        results = dated.page.locator("#results > li")
        result = results.filter(has=dated.page.get_by_text(title, exact=True))
        expect(result.locator(".facts")).to_have_text(shown)


def test_what_is_found_is_sewn_on_the_seam_as_by_the_server(dated: Site) -> None:
    index = Index(dated.archive)
    index.refresh()
    episodes = holdings.episodes(dated.archive)
    seam = SeamOfYears(table((each.known_date, each.audio.duration) for each in episodes))
    every = " OU ".join(("hôpital", "caméras", "fanfare", "tomates", "grève", "loyers"))
    for query in ("hôpital", every, "zzzz", "tomates avant:2020"):
        dated.read(query)
        sewn = dated.page.locator("#seam .found").get_attribute("d")
        assert sewn == seam.sew(index.search(query).aired), query
    dated.page.locator("#seam .steps a", has_text="2018").click()
    expect(dated.page.locator("h1")).to_have_text("1 épisode pour «\u00a0tomates\u00a0», en 2018")
    expect(dated.page.locator("#seam [aria-current]")).to_have_text("2018")


def test_a_word_is_found_in_all_its_forms_and_no_other_word(page: Page, tmp_path: Path) -> None:
    """Those of the tests of the server that have a stem in common, not a family or a number."""
    said = say(tmp_path / "archive", french.PAIRS + french.KEPT_APART)
    answers = without_pages(page, Archive(tmp_path / "archive")).find(said.words)
    found = {
        word: {said.words[int(key.removeprefix("mots/e"))] for key in answer}
        for word, answer in zip(said.words, answers, strict=True)
    }
    pairs = [pair for pair in french.PAIRS if not holds_numbers(*pair) and share_a_stem(*pair)]
    assert len(pairs) > 100
    both = [(one, other) for pair in pairs for one, other in (pair, pair[::-1])]
    assert [pair for pair in both if pair[1] not in found[pair[0]]] == []
    apart = [pair for pair in french.KEPT_APART if pair != ("rendez-vous", "rendez")]
    assert [pair for pair in apart if pair[1] in found[pair[0]]] == []
    words_said = [word for word in said.words if word != "rendez-vous" and not holds_numbers(word)]
    assert [word for word in words_said if not found[word] <= said.found(word)] == []


def share_a_stem(one: str, other: str) -> bool:
    """Whether each word of one text has a stem in common with one of the other."""
    first, second = (
        [{form for form in word.forms if form[0] == STEM} for word in words(text)]
        for text in (one, other)
    )
    return len(first) == len(second) == 1 and bool(first[0] & second[0])


def holds_numbers(*texts: str) -> bool:
    spellings = {word.spelling for text in texts for word in words(text)}
    return not spellings.isdisjoint(NUMERALS) or any(map(str.isdecimal, "".join(texts)))


def test_voices_and_lengths_are_answered_as_by_the_server(page: Page, tmp_path: Path) -> None:
    queries = [query for query, _ in (*filters.BY_VOICE, *filters.BY_LENGTH)]
    site = without_pages(page, filters.write_voices(tmp_path / "archive"))
    index = Index(site.archive)
    index.refresh()
    for query, found in zip(queries, site.find(queries), strict=True):
        if query != "caméras prison voix:noé":  # he says one of them in a passage of hers
            episodes = index.search(query, SearchOptions(as_typed=True)).episodes
            assert found.keys() == {each.key for each in episodes}, query


def test_talk_is_found_that_the_server_finds(page: Page, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    write_talk(archive)
    site = without_pages(page, archive)
    index = Index(archive)
    index.refresh()
    options = SearchOptions(size=50, as_typed=True)
    queries = [each.query for each in WANTED]
    answers = dict(zip(queries, site.find(queries), strict=True))
    both = {
        query: (found.keys(), {each.key for each in index.search(query, options).episodes})
        for query, found in answers.items()
    }
    assert [query for query, (found, wanted) in both.items() if not found <= wanted] == []
    assert sum(bool(found) for found, _ in both.values()) >= 0.75 * len(both)


def test_the_scripts_of_the_site_stay_light() -> None:
    scripts = [content for path, content in static_files() if path.endswith(".js")]
    sizes = [len(gzip.compress(content)) for content in scripts]
    assert len(sizes) == 8
    assert sum(sizes) <= LARGEST
