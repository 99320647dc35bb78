"""The search of a site without a server, in a real browser: what it finds, the server finds too."""

import dataclasses
import gzip
import random
import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from radio.archive import Archive, holdings
from radio.archive.episode import Person, Show
from radio.french.numbers import NUMERALS
from radio.search.french import JOINT, STEM, words
from radio.search.results import EpisodeHits, SearchOptions, table
from radio.static_site.export import freeze, static_files
from radio.static_site.lexicon import SHARD, lexicon
from radio.system.disk import write_whole
from radio.web.timeline import Bars
from tests.samples import SHOW as SAMPLES
from tests.search.debate import write_voices
from tests.search.episodes import SHOW, begun, indexed, put
from tests.search.lists import pairs, rows
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
COUNT = """async (queries) => {
    const answers = [];
    for (const query of queries) {
        const { found } = await lexicon.find(query, { shows: new Map() });
        answers.push(Object.fromEntries(found.map(({ key, hits }) => [key, hits.length])));
    }
    return answers;
}"""
PAGE = b'<meta charset="utf-8"><script src="static/search.js"></script>'
HOSTILE = [
    *(" ".join(["caméra"] * 200), "mot " * 200, "x" * 5_000),
    *('"', '""', "«", "« »", '"la place', "» fanfare «", "“", "-", "--", "*", "**", "OU", "OU OU"),
    *("?", "???", "!!!", "()[]{}", "\\", "/", "%", "%%%", "'", "’", ":"),
    *("avant:", "avant:x", "a:b"),
    *("\u202ecaméra", "كاميرا المراقبة", "מצלמה", "\u200f", "\u0000", "\ud83d\ude00", "e\u0301"),
    *("__proto__", "constructor", "hasOwnProperty toString", "<script>", "-OU", "OU -", "a OU"),
    *("qui ?", "c’est quoi ?", "où", "- - -", '-"', 'mot-clé:"', "personne:«", "１２３", "²", "½"),
]
TALK = ["pigeon place", '"soir matin soir"', "pigeon -marché", "regard*", "place OU marché"]
TALK += ["arc-en-ciel", "pigeon place marché"]


class Site:
    """A site of files in a browser, at its page of search."""

    def __init__(self, page: Page, folder: Path, archive: Archive):
        self.archive, self.page, self.root = archive, page, folder.as_uri()
        page.goto(f"{self.root}/search.html")

    def read(self, query: str) -> None:
        self.page.goto(f"{self.root}/search.html?q={quote(query)}")
        expect(self.page.locator("h1")).not_to_have_text("Recherche")

    def find(self, queries: Sequence[str]) -> dict[str, dict[str, int]]:
        return dict(zip(queries, self.page.evaluate(COUNT, queries), strict=True))

    def server(self, queries: Sequence[str]) -> dict[str, tuple[EpisodeHits, ...]]:
        index, options = indexed(self.archive), SearchOptions(size=50, as_typed=True)
        return {query: index.search(query, options).episodes for query in queries}


def without_pages(page: Page, archive: Archive) -> Site:
    """Write the search of a site alone: an archive of many episodes would have many pages."""
    folder = archive.root.with_name("site")
    files = *static_files(), *lexicon(archive, holdings.episodes(archive))
    for path, content in (*files, ("search.html", PAGE)):
        write_whole(folder / path, content)
    return Site(page, folder, archive)


def with_pages(page: Page, archive: Archive) -> Site:
    folder = archive.root.with_name("site")
    freeze(archive, folder)
    return Site(page, folder, archive)


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(locale="fr-FR") as context:
        yield context.new_page()


@pytest.fixture(scope="module")
def dated(page: Page, tmp_path_factory: pytest.TempPathFactory) -> Site:
    archive = Archive(Path(tmp_path_factory.mktemp("dated")) / "archive")
    write_unmet(archive)
    for slug, (known, _shown) in DATES.items():
        episode = archive.episode(f"{SHOW}/{slug}")
        archive.write_episode(dataclasses.replace(episode, **known))  # type: ignore[arg-type]
    return with_pages(page, archive)


def test_an_empty_page_leads_on_and_orders_nothing(dated: Site) -> None:
    for query, is_empty in (("zzzzzz", True), ("police", False)):
        dated.read(query)
        assert dated.page.locator("#lost").is_visible() == is_empty
        assert dated.page.locator("#sort").is_visible() != is_empty


def test_whatever_is_typed_there_is_an_answer(dated: Site) -> None:
    dated.page.goto(f"{dated.root}/search.html")
    assert len(dated.find(HOSTILE)) == len(HOSTILE)


def test_no_day_is_shown_that_nobody_told(dated: Site) -> None:
    for slug, (_known, shown) in DATES.items():
        title = dated.archive.episode(f"{SHOW}/{slug}").title
        dated.read(title)
        results = dated.page.locator("#results > li")
        result = results.filter(has=dated.page.get_by_text(title, exact=True))
        expect(result.locator(".facts")).to_have_text(shown)


def test_what_is_found_is_drawn_on_the_timeline_as_by_the_server(dated: Site) -> None:
    index = indexed(dated.archive)
    episodes = holdings.episodes(dated.archive)
    bars = Bars(table((each.known_date, each.audio.duration) for each in episodes))
    every = " OU ".join(("hôpital", "caméras", "fanfare", "tomates", "grève", "loyers"))
    for query in ("hôpital", every, "zzzz", "tomates avant:2020"):
        dated.read(query)
        drawn = dated.page.locator("#seam .found").get_attribute("d")
        assert drawn == bars.draw(index.search(query).aired), query
    dated.page.locator("#seam .steps a", has_text="2018").click()
    expect(dated.page.locator("h1")).to_have_text("1 épisode pour «\u00a0tomates\u00a0», en 2018")
    expect(dated.page.locator("#seam [aria-current]")).to_have_text("2018")


def test_signs_and_filters_are_read_as_by_the_server(page: Page, frozen: Path, chain: Path) -> None:
    site = Site(page, frozen, Archive(chain))
    wanted = {query: {f"{SAMPLES}/{e}" for e in slugs} for query, *slugs in rows("files", "found")}
    assert {query: set(keys) for query, keys in site.find([*wanted]).items()} == wanted
    for typed, told in rows("files", "told"):
        site.read(f"ville {typed}")
        expect(page.locator("h1")).to_have_text(re.compile(rf"pour «\xa0ville\xa0», {told}$"))


def test_a_word_is_found_in_all_its_forms_and_no_other_word(page: Page, tmp_path: Path) -> None:
    """Those of the tests of the server that have a stem in common, not a family or a number."""
    together, apart = pairs("french", "found"), pairs("french", "apart")
    said = say(tmp_path / "archive", together + apart)
    answers = without_pages(page, Archive(tmp_path / "archive")).find(said.words)
    found = {word: {said.word(key) for key in answer} for word, answer in answers.items()}
    found_by_stems = [each for each in together if not holds_numbers(*each) and share_a_stem(*each)]
    assert len(found_by_stems) > 100
    both = [(one, other) for pair in found_by_stems for one, other in (pair, pair[::-1])]
    assert [pair for pair in both if pair[1] not in found[pair[0]]] == []
    apart.remove(("rendez-vous", "rendez"))
    words_apart = [each for each in apart if not holds_numbers(*each)]
    assert [pair for pair in words_apart if pair[1] in found[pair[0]]] == []
    words_said = [word for word in said.words if word != "rendez-vous" and not holds_numbers(word)]
    plain = {word: {*words_said} & found[word] for word in words_said[::3]}
    assert [word for word, own in plain.items() if not own <= said.found(word)] == []


def share_a_stem(one: str, other: str) -> bool:
    first, second = (
        [{form for form in word.forms if form[0] == STEM} for word in words(text)]
        for text in (one, other)
    )
    return len(first) == len(second) == 1 and bool(first[0] & second[0])


def holds_numbers(*texts: str) -> bool:
    spellings = {word.spelling.removesuffix(JOINT) for text in texts for word in words(text)}
    return not spellings.isdisjoint(NUMERALS) or any(map(str.isdecimal, "".join(texts)))


def test_voices_and_lengths_are_answered_as_by_the_server(page: Page, tmp_path: Path) -> None:
    asked = [query for query, *_ in rows("voices", "asked")]
    asked.remove("caméras prison voix:noé")  # he says one of them in a passage of hers
    site = without_pages(page, write_voices(tmp_path / "archive"))
    wanted = site.server(asked)
    for query, found in site.find(asked).items():
        assert found.keys() == {each.key for each in wanted[query]}, query


def test_talk_is_found_that_the_server_finds(page: Page, tmp_path: Path) -> None:
    archive = Archive(tmp_path / "archive")
    write_talk(archive)
    site = without_pages(page, archive)
    queries = [each.query for each in WANTED]
    wanted, answers = site.server(queries), site.find(queries)
    more = [query for query in queries if answers[query].keys() - {e.key for e in wanted[query]}]
    assert more == []
    assert sum(map(bool, answers.values())) >= 0.75 * len(queries)


def test_passages_are_counted_as_by_the_server(page: Page, tmp_path: Path) -> None:
    archive, chance = begun(tmp_path / "archive", "Émission"), random.Random(11)
    said = ["pigeon", "pigeons", "place", "marché", "fontaine", "regarde", "regarder", "l’eau"]
    said += ["arc-en-ciel", "sur", "la"] + ["matin", "soir"] * 5 + ["de"] * 20
    for longest in (25, 900):
        lines = [" ".join(chance.choices(said, k=chance.randint(1, 25))) for _ in range(60)]
        lines[20] = " ".join(chance.choices(said, k=longest))
        put(archive, f"2024-01-01-{longest}", *lines)
    site, counted = with_pages(page, archive), 0
    index, whole = indexed(archive), SearchOptions(size=50, whole=True, as_typed=True)
    for query, few in site.server(TALK).items():
        every = {each.key: len(each.hits) for each in index.search(query, whole).episodes}
        site.read(query)
        for row in page.locator("#results > li").all():
            key = (row.locator("h2 a").get_attribute("href") or "")[len("shows/") : -len(".html")]
            (best,) = (each for each in few if each.key == key)
            if not best.more:  # of more, it shows others
                assert row.locator(".hits a:not(.disc), .others a").count() == len(best.hits), query
        assert page.locator("#results > li").count() == len(few) == len(every), query
        for key, number in every.items():
            counted += number
            page.goto(f"{site.root}/shows/{key}.html?q={quote(query)}&t=0")
            place = page.locator("#passage span")
            expect(place, query).to_have_text(re.compile(rf" sur {number}$"))
    assert counted > 100


def test_words_names_and_sentences_are_found(page: Page, tmp_path: Path) -> None:
    archive = begun(tmp_path / "archive", "Émission")
    archive.write_show(Show("autre", "Autre"))
    put(archive, "2024-01-01-un", "Des hippopotames barrissent.")
    said = ("Bonsoir. Ce matin, la", "fontaine coule. Elle est froide.", "Puis " + "l’eau " * 50)
    put(archive, "2024-01-02-deux", *said, "revient.")
    titled = partial(put, archive, "2024-01-03-trois", "Le numéro trois.", show="autre")
    titled(title="Numéro 3", people=(Person("Noé Sœur-Lévy"),), tags=("radios libres",))
    put(archive, "2024-01-04-long", *(f"Mot{n} et {'long' * 12}{n % 7} oui." for n in range(7_000)))
    site = with_pages(page, archive)
    scripts = [path.stat().st_size for path in (tmp_path / "site" / "search").rglob("*.js")]
    assert len(scripts) > 8
    assert max(scripts) < 1.2 * SHARD
    third = "autre/2024-01-03-trois"
    by_third = ('personne:"noe soeur"', 'mot-clé:"radios libres"', "Lévy", "numéro personne:noé")
    wanted = dict.fromkeys(by_third, third)
    by_first = ("hippopotame", "barrir", "barrissait hippopotame")
    wanted |= dict.fromkeys(by_first, f"{SHOW}/2024-01-01-un")
    assert {query: "".join(keys) for query, keys in site.find([*wanted]).items()} == wanted
    for query, quoted in {
        "fontaine": "^Ce matin, la fontaine coule. Elle est froide.$",
        "revient": "^…(l’eau )+revient.$",
    }.items():
        site.read(query)
        expect(page.locator("#results q")).to_have_text(re.compile(quoted))
    site.read("mot6999")
    hit = page.locator("#results .hits a").last.get_attribute("href") or ""
    assert re.search(r"\?t=[\d.]+&q=mot6999#c7000$", hit), hit
    page.goto(f"{site.root}/shows/{third}.html")
    page.get_by_role("link", name="radios libres").click()
    expect(page.locator("#results h2")).to_have_text("Numéro 3")
    page.goto(f"{site.root}/search.html")
    page.locator("#q").fill("avant:2025")
    page.get_by_label("Émission", exact=True).select_option(SHOW)
    page.get_by_role("button", name="Rechercher").click()
    expect(page.locator("#results > li")).to_have_count(3)
    page.get_by_role("link", name="Les plus anciens").click()
    expect(page.locator("#results time").first).to_have_attribute("datetime", "2024-01-01")


def test_the_scripts_of_the_site_stay_light() -> None:
    scripts = [content for path, content in static_files() if path.endswith(".js")]
    sizes = [len(gzip.compress(content)) for content in scripts]
    assert len(sizes) == 8
    assert sum(sizes) <= 23_900  # bytes
