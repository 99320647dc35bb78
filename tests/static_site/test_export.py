"""The site as files: pages, player, transcript and search from a disk, with no server at all."""

import dataclasses
import functools
import http.server
import itertools
import json
import random
import re
import shutil
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from radio.archive import Archive
from radio.archive.episode import Audio, Episode, Person, Show
from radio.search import Index, SearchOptions
from radio.static_site.export import copies, export, freeze
from radio.static_site.lexicon import SHARD
from radio.system.disk import write_whole
from radio.system.errors import ArchiveError
from radio.system.tree import LEDGER
from radio.text.transcript import Cue, Transcript, render_vtt
from tests.patience import until
from tests.poison import HOSTILE, poison
from tests.processes import call
from tests.samples import CITY, MEMORY, SHOW, STREET, said_at, street
from tests.visits import faults, wait_until, watch

pytestmark = pytest.mark.long

PAGES = ["index.html", "catalogue.html", "search.html", "help.html", "about.html", "privacy.html"]
PAGES += ["legal.html", "accessibility.html", "themes/index.html"]
PAGES += [f"shows/{SHOW}/index.html", f"shows/{SHOW}/{CITY}.html?t=20"]
PAGES += ["search.html?q=cam%C3%A9ra", "search.html?q=zzzz"]
FORMS = [
    *("lampadaire", "camera", "CAMÉRAS", "surveiller", "promettre", "poubelle", "victoires"),
    *("quartier", "illégaux", "micro", "rue", "émissions", "conversation", "intelligents"),
    *("2019", "plateformes", "fragilité", "vieux", "travail", "saint-étienne", "mémoire"),
]
SIGNS = {
    '"ville intelligente"': {CITY, STREET},
    '"intelligente ville"': set[str](),
    "micros OU cassette": {MEMORY, STREET},
    "ville intelligente -promoteurs": {CITY},
    "plate*": {CITY},
    "docum": set[str](),
    "après:2024-01 avant:2024-03": {CITY},
    "mémoire": {MEMORY},
    "de la": set[str](),
}


@pytest.fixture(scope="module")
def two_shows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two shows of two episodes each, with texts and without sound, and their site."""
    folder = Path(tmp_path_factory.mktemp("shows"))
    archive = Archive(folder / "archive")
    archive.create()
    for show, number in itertools.product(("une", "deux"), (1, 2)):
        archive.write_show(Show(show, f"Émission {show}"))
        write_episode(archive, show, number, f"Le numéro {number} de l’émission {show}.")
    export(archive, folder / "site")
    return folder


@pytest.fixture
def small(two_shows: Path, tmp_path: Path) -> Archive:
    """A copy of the two shows, with their site beside them: what is made anew is what changes."""
    shutil.copytree(two_shows, tmp_path, dirs_exist_ok=True)
    return Archive(tmp_path / "archive")


def write_episode(archive: Archive, show: str, number: int, text: str) -> Episode:
    day = date(2024, 1, number)
    slug = f"{day}-numero"
    audio = Audio(f"{slug}.mp3", "0" * 64, 5, "audio/mpeg", 60.0)
    episode = Episode(show, slug, f"Numéro {number}", day, audio, slug)
    archive.write_episode(episode)
    archive.audio_path(episode).write_bytes(b"sound")
    write_text(archive, episode.key, text)
    return episode


def write_text(archive: Archive, key: str, *lines: str) -> None:
    cues = (Cue(4.0 * n, 4.0 * n + 3, line) for n, line in enumerate(lines))
    write_whole(archive.vtt_path(key), render_vtt(Transcript(tuple(cues))).encode())


def stood(folder: Path) -> dict[str, tuple[int, int]]:
    """Which file lies where, and when it was written."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != LEDGER)
    return {
        str(path.relative_to(folder)): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in files
    }


def changed(before: dict[str, tuple[int, int]], after: dict[str, tuple[int, int]]) -> set[str]:
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


TOLD = {
    "après:2023 avant:2025": "en 2024",
    "après:2024-01 avant:2024-03": "en février 2024",
    "après:2023": "depuis 2024",
    "avant:2024-06-02": "avant le 2 juin 2024",
    "personne:Zoé mot-clé:rue": "avec Zoé, mot-clé rue",
}
"""How the heading of a search tells filters, as the server does."""


class Links(HTMLParser):
    """All that a page refers to, and the places in it that may be referred to."""

    def __init__(self, text: str):
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if ("rel", "schema.DC") in attrs:  # a name, which nobody asks for
            return
        for name, value in attrs:
            if name in ("href", "src", "action", "data-cover", "data-help") and value:
                self.links.append(value)
            if name == "id" and value:
                self.ids.add(value)


def search(page: Page, root: str, query: str) -> None:
    page.goto(f"{root}/search.html?q={quote(query)}")
    expect(page.locator("h1")).not_to_have_text("Recherche")


def found(page: Page) -> set[str]:
    links = page.locator("#results h2 a").all()
    return {(each.get_attribute("href") or "")[len("shows/") : -len(".html")] for each in links}


# In a browser, from a disk


def test_from_the_first_page_to_the_second_at_which_it_is_said(page: Page, frozen: Path) -> None:
    requests: list[str] = []
    messages: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.goto(f"{frozen.as_uri()}/index.html")
    page.locator(".shows a").first.click()
    page.get_by_role("link", name="La ville intelligente", exact=True).click()
    page.locator(".cue", has_text="plateforme").click()
    start = said_at(CITY, "plateforme")[0]
    wait_until(page, f"return !audio.paused && Math.abs(audio.currentTime - {start}) < 3")
    assert "?t=" in page.url
    page.locator("#q").fill("document")
    page.locator("#q").press("Enter")
    hit = page.locator("#results .hits a")
    expect(hit.locator("mark")).to_have_text("documents")
    hit.click()
    wait_until(page, "return audio.readyState >= 1 && audio.currentTime > 0")
    stands = page.evaluate("document.querySelector('audio').currentTime")
    assert min(abs(stands - said) for said in said_at(CITY, "documents")) <= 3
    page.keyboard.press("/")
    page.get_by_label("Mots à chercher").fill("micros")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Aucun épisode")
    assert len(requests) > 15
    assert [url for url in requests if not url.startswith(f"{frozen.as_uri()}/")] == []
    assert messages == []


def test_words_to_try_lead_to_a_search_that_tells_its_filters(page: Page, frozen: Path) -> None:
    page.goto(f"{frozen.as_uri()}/index.html")
    page.locator(".tries a").first.click()
    expect(page.locator("#results h2").first).to_be_visible()
    for filters, told in TOLD.items():
        search(page, frozen.as_uri(), f"ville {filters}")
        expect(page.locator("h1")).to_have_text(re.compile(rf"pour «\xa0ville\xa0», {told}$"))


def test_the_policy_of_a_page_lets_nothing_be_asked_elsewhere(page: Page, frozen: Path) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(f"{frozen.as_uri()}/index.html")
    page.evaluate(
        """() => { for (const [tag, name] of [["img", "src"], ["script", "src"], ["audio", "src"],
            ["iframe", "src"], ["link", "href"]]) {
            const made = document.createElement(tag);
            made.rel = "stylesheet";
            made[name] = "http://127.0.0.1:9/canari";
            document.body.append(made);
        } }"""
    )

    def told() -> int:
        page.wait_for_timeout(50)
        return len([text for text in refused if "Content Security Policy" in text])

    until(lambda: told() >= 5, lambda: refused)
    assert told() == 5


def test_words_are_found_in_the_forms_in_which_the_site_finds_them(
    page: Page, chain: Path, frozen: Path
) -> None:
    index = Index(Archive(chain))
    index.refresh()
    missed = list[str]()  # what only a family finds, as « surveillance » for « surveiller »
    for query in FORMS:
        search(page, frozen.as_uri(), query)
        wanted = {each.key for each in index.search(query, SearchOptions(size=50)).episodes}
        assert found(page) <= wanted, query
        missed += [query] if found(page) != wanted else []
    assert len(missed) < 0.2 * len(FORMS), missed


def test_signs_are_read_as_the_site_reads_them(page: Page, frozen: Path) -> None:
    for query, slugs in SIGNS.items():
        search(page, frozen.as_uri(), query)
        assert found(page) == {f"{SHOW}/{slug}" for slug in slugs}, query


COUNTED = [
    *("ville", "villes", "caméra", "rue", "lampadaires", "ville intelligente", "caméra quartier"),
    *('"ville intelligente"', "micros OU cassette", "ville -promoteurs", "plate*", "mémoire"),
]
TALK = [
    *("pigeon", "pigeon place", '"matin soir"', '"soir matin soir"', "pigeon -marché", "regard*"),
    *("place OU marché", "arc-en-ciel", "pigeon place marché", "fontaines"),
]


def test_passages_are_counted_as_the_site_counts_them(
    page: Page, chain: Path, frozen: Path
) -> None:
    assert sum(count_alike(page, Archive(chain), frozen, COUNTED)) > 20


def test_passages_of_long_talk_are_counted_as_the_site_counts_them(
    page: Page, small: Archive, tmp_path: Path
) -> None:
    """Words near and far, in cues short and long, one of them longer than any is read at once."""
    chance = random.Random(11)
    said = ["pigeon", "pigeons", "place", "marché", "fontaine", "regarde", "regarder", "l’eau"]
    said += ["arc-en-ciel", "sur", "la"] + ["matin", "soir"] * 5 + ["de"] * 20
    for show in ("une", "deux"):
        lines = [" ".join(chance.choices(said, k=chance.randint(1, 25))) for _ in range(60)]
        if show == "deux":
            lines[20] = " ".join(chance.choices(said, k=900))
        write_text(small, f"{show}/2024-01-01-numero", *lines)
    export(small, tmp_path / "site")
    assert sum(count_alike(page, small, tmp_path / "site", TALK)) > 100


def count_alike(page: Page, archive: Archive, folder: Path, queries: list[str]) -> Iterator[int]:
    """Compare the passages of each episode on the page of a search, and on its own page."""
    index = Index(archive)
    index.refresh()
    for query in queries:
        search(page, folder.as_uri(), query)
        best = index.search(query, SearchOptions(size=50, as_typed=True)).episodes
        rows = page.locator("#results > li").all()
        counted = {
            link[len("shows/") : -len(".html")]: row.locator(".hits a, .others a").count()
            for row in rows
            if (link := row.locator("h2 a").get_attribute("href"))
        }
        assert counted.keys() == {each.key for each in best}, query
        few = [each for each in best if not each.more]  # of more, it shows others
        assert {each.key: counted[each.key] for each in few} == {
            each.key: len(each.hits) for each in few
        }, query
        whole = SearchOptions(size=50, whole=True, as_typed=True)
        for each in index.search(query, whole).episodes:
            page.goto(f"{folder.as_uri()}/shows/{each.key}.html?q={quote(query)}&t=0")
            if each.hits:
                place = page.locator("#passage span")
                expect(place, query).to_have_text(re.compile(rf" sur {len(each.hits)}$"))
                yield len(each.hits)


def test_a_static_host_serves_it_too(page: Page, frozen: Path) -> None:
    handler = functools.partial(Quiet, directory=str(frozen))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        page.locator("#q").fill("caméra")
        page.locator("#q").press("Enter")
        page.locator("#results .hits a").first.click()
        expect(page.locator("h1")).to_have_text("La ville intelligente")
        wait_until(page, "return audio.readyState >= 1")
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_without_script_pages_are_read_and_search_says_what_it_needs(
    browser: Browser, frozen: Path
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{frozen.as_uri()}/shows/{SHOW}/{CITY}.html")
        expect(page.locator("audio")).to_be_visible()
        page.locator(".cue", has_text="plateforme").click()
        page.wait_for_url(re.compile("#"))
        assert urlsplit(page.url).path.endswith(f"/{CITY}.html")
        anchor = urlsplit(page.url).fragment
        expect(page.locator(f"#{anchor}")).to_contain_text("plateforme")
        page.locator("#q").fill("caméra")
        page.locator("#q").press("Enter")
        expect(page.get_by_text("Ici, la recherche demande JavaScript.")).to_be_visible()
        page.get_by_role("link", name="Le catalogue mène à tous les épisodes.").click()
        expect(page.locator("h1")).to_have_text("Catalogue")


def test_pages_are_accessible_and_fit_a_phone(browser: Browser, frozen: Path) -> None:
    with browser.new_context(
        bypass_csp=True,  # for axe: a meta element binds what a test injects, too
        viewport={"width": 360, "height": 740},
    ) as context:
        page = context.new_page()
        for path in PAGES:
            page.goto(f"{frozen.as_uri()}/{path}")
            if "q=" in path:
                expect(page.locator("h1")).not_to_have_text("Recherche")
            assert faults(page) == "", path
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
            assert page.locator("h1").count() == 1


def test_hostile_texts_stay_texts(browser: Browser, tmp_path: Path) -> None:
    archive = street(tmp_path / "hostile")
    key = poison(archive)
    export(archive, tmp_path / "site")
    root = (tmp_path / "site").as_uri()
    with browser.new_context(locale="fr-FR") as context:
        page = context.new_page()
        requests, messages = watch(page)
        for path in ("index.html", "catalogue.html", f"shows/{key}.html?t=1", "about.html"):
            page.goto(f"{root}/{path}", wait_until="networkidle")
            assert (
                page.locator("main iframe, main style, main script:not([type='text/html'])").count()
                == 0
            )
        for query in ("micros", f'personne:"{HOSTILE}"', HOSTILE, "__proto__", "constructor"):
            page.goto(f"{root}/search.html?q={quote(query)}")
            expect(page.locator("#status")).not_to_have_text("Recherche en cours.")
            assert (
                page.locator(
                    "main iframe, main style, main script:not([type='text/html']), main img"
                ).count()
                == 0
            )
    assert [url for url in requests if not url.startswith(f"{root}/")] == []
    assert messages == []


# On the disk


def test_every_link_leads_to_a_file_and_a_place_in_it(frozen: Path) -> None:
    pages = {path: Links(path.read_text(encoding="utf-8")) for path in frozen.rglob("*.html")}
    assert len(pages) == len(PAGES) - 2 + 2 + 3  # of each episode its text alone
    counted = 0
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if path.name == "accessibility.html" and parts.scheme == "https":
                continue  # to whom one complains, by law
            assert not parts.scheme, link
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.is_file(), (path, link)
            if parts.fragment and target in pages:
                assert parts.fragment in pages[target].ids, (path, link)
            counted += 1
    assert counted > 200


def test_only_what_is_public_is_there(small: Archive, tmp_path: Path) -> None:
    secret = write_episode(small, "une", 3, "Un secret inavouable.")
    tomorrow = date.today() + timedelta(days=1)
    small.write_episode(dataclasses.replace(secret, status="embargoed", until=tomorrow))
    export(small, tmp_path / "site")
    for path in (tmp_path / "site").rglob("*"):
        assert secret.slug not in path.name
        assert path.is_dir() or b"inavouable" not in path.read_bytes()


def test_the_pages_alone_expect_the_rest_beside_them(small: Archive) -> None:
    done = freeze(small, small.cache / "site")
    assert "index.html" in done.files
    assert not any(path.startswith(("media/", "transcripts/")) for path in done.files)
    beside = {path for part in copies(small) for path, _ in part.make()}
    assert len(beside) == 8
    assert all((small.root / path).is_file() for path in beside)


def test_a_run_without_changes_writes_nothing(small: Archive, tmp_path: Path) -> None:
    export(small, tmp_path / "site")
    before = stood(tmp_path / "site")
    done = export(small, tmp_path / "site")
    assert (done.written, done.removed) == (0, 0)
    assert stood(tmp_path / "site") == before
    assert set(done.files) == before.keys()


def test_the_same_state_gives_the_same_bytes(small: Archive, tmp_path: Path) -> None:
    for name in ("one", "other"):
        export(small, tmp_path / name)
        shutil.rmtree(small.cache, ignore_errors=True)
    first, second = (tmp_path / name for name in ("one", "other"))
    assert stood(first).keys() == stood(second).keys()
    for path in stood(first):
        assert (first / path).read_bytes() == (second / path).read_bytes(), path


def test_a_correction_changes_the_pages_that_show_it(small: Archive, tmp_path: Path) -> None:
    export(small, tmp_path / "site")
    before = stood(tmp_path / "site")
    key = "une/2024-01-01-numero"
    write_text(small, key, "Un texte corrigé.")
    export(small, tmp_path / "site")
    assert changed(before, stood(tmp_path / "site")) == {
        f"shows/{key}.html",
        f"texts/{key}.html",
        f"texts/{key}.srt",
        f"texts/{key}.txt",
        f"transcripts/{key}.vtt",
        f"search/said/{key}-0.js",
        "search/words-0.js",
        "search/episodes-0.js",
        "search/passages-0.js",
        "search/index.js",
    }


def test_what_is_withdrawn_goes_and_what_others_wrote_stays(small: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    export(small, folder)
    (folder / "CNAME").write_text("radio.example", encoding="utf-8")
    for number in (1, 2):
        gone = small.episode(f"une/2024-01-0{number}-numero")
        small.write_episode(dataclasses.replace(gone, status="withdrawn"))
    done = export(small, folder)
    assert done.removed == 16
    assert not [path for path in stood(folder) if path.startswith("shows/une/2024")]
    assert not (folder / "media" / "une").exists()
    assert "2024-01-01" not in (folder / "shows" / "une" / "index.html").read_text("utf-8")
    assert b"une/" not in (folder / "search" / "episodes-0.js").read_bytes()
    assert (folder / "CNAME").exists()


def test_a_file_that_was_lost_or_damaged_is_made_again(small: Archive, tmp_path: Path) -> None:
    export(small, tmp_path / "site")
    whole = (tmp_path / "site" / "index.html").read_bytes()
    (tmp_path / "site" / "index.html").write_text("half", encoding="utf-8")
    shutil.rmtree(tmp_path / "site" / "search")
    export(small, tmp_path / "site")
    assert (tmp_path / "site" / "index.html").read_bytes() == whole
    assert (tmp_path / "site" / "search" / "words-0.js").exists()


def test_a_run_that_was_cut_short_is_gone_on_with(small: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "another"

    def stop(share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(small, folder, stop)
    before = stood(folder)
    with (folder / LEDGER).open("ab") as ledger:
        ledger.write(b'["half a li')
    half = folder / "search" / ".words-0.js.4242.part"
    write_whole(half, b"half a word")
    export(small, folder)
    assert before.items() <= stood(folder).items() and not half.exists()
    small.write_episode(
        dataclasses.replace(small.episode("une/2024-01-01-numero"), status="withdrawn")
    )
    export(small, folder)
    assert not [path for path in stood(folder) if "une/2024-01-01" in path]


def test_a_folder_of_others_is_refused(small: Archive, tmp_path: Path) -> None:
    home = tmp_path / "public_html"
    home.mkdir()
    (home / "index.html").write_text("mine", encoding="utf-8")
    for folder in (home, small.root):
        with pytest.raises(ArchiveError, match="not empty"):
            export(small, folder)
    assert (home / "index.html").read_text("utf-8") == "mine"
    done = call("export", "site", "--root", str(small.root), str(home), check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("radio: ") or "\nradio: " in done.stderr


def test_a_list_that_names_files_elsewhere_takes_none_away(small: Archive, tmp_path: Path) -> None:
    folder, mine = tmp_path / "site", tmp_path / "mine.txt"
    mine.write_text("mine", encoding="utf-8")
    export(small, folder)
    for path in ("../mine.txt", str(mine)):
        with (folder / LEDGER).open("a", encoding="utf-8") as ledger:
            ledger.write(json.dumps(["x", "x", {path: [0, 0]}]) + "\n")
        export(small, folder)
    assert mine.exists()


def test_recordings_are_linked_where_that_is_asked_for(small: Archive, tmp_path: Path) -> None:
    sound = small.audio_path(small.episodes()[0])
    there = sound.relative_to(small.root)
    for option, same in ((["--link"], True), ([], False)):
        folder = tmp_path / f"site-{same}"
        call("export", "site", "--root", str(small.root), *option, str(folder))
        assert (folder / there).read_bytes() == b"sound"
        assert (folder / there).samefile(sound) is same


def test_a_link_to_a_file_elsewhere_is_not_followed(small: Archive, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a secret", encoding="utf-8")
    sound = small.audio_path(small.episodes()[0])
    sound.unlink()
    sound.symlink_to(secret)
    evidence = small.evidence_path(small.episodes()[1].key)
    evidence.symlink_to(secret)
    export(small, tmp_path / "site")
    for path in (sound, evidence):
        assert not (tmp_path / "site" / path.relative_to(small.root)).exists()


def test_a_transcript_that_cannot_be_read_costs_its_text_alone(
    small: Archive, tmp_path: Path
) -> None:
    small.vtt_path("une/2024-01-01-numero").write_bytes(b"\xff no WebVTT")
    export(small, tmp_path / "site")
    page = (tmp_path / "site" / "shows" / "une" / "2024-01-01-numero.html").read_text("utf-8")
    assert "ne peut pas être lue" in page
    assert "<audio" in page


def test_files_of_the_search_stay_small(page: Page, small: Archive, tmp_path: Path) -> None:
    for number in range(3, 6):
        lines = [f"Mot{n} et {'long' * 12}{n % 7}{number} encore." for n in range(3_000)]
        write_episode(small, "une", number, "")
        write_text(small, f"une/2024-01-0{number}-numero", *lines)
    export(small, tmp_path / "site")
    scripts = list((tmp_path / "site" / "search").rglob("*.js"))
    assert len(scripts) > 8
    assert max(path.stat().st_size for path in scripts) < 1.2 * SHARD
    search(page, (tmp_path / "site").as_uri(), "mot2999")
    assert len(found(page)) == 3
    hit = page.locator("#results .hits a").first
    assert (hit.get_attribute("href") or "").endswith("?t=11996&q=mot2999#c3000")


def test_words_names_and_sentences_are_found(page: Page, small: Archive, tmp_path: Path) -> None:
    first, second, third = (
        "une/2024-01-01-numero",
        "une/2024-01-02-numero",
        "deux/2024-01-02-numero",
    )
    lines = ["Bonsoir. Ce matin, la", "fontaine coule. Elle est froide.", "Puis " + "l’eau " * 50]
    write_text(small, second, *lines, "revient.")
    write_text(small, first, "Des hippopotames barrissent.")
    named = dataclasses.replace(
        small.episode(third), people=(Person("Noé Sœur-Lévy"),), tags=("radios libres",)
    )
    small.write_episode(named)
    export(small, tmp_path / "site")
    root = (tmp_path / "site").as_uri()
    for query, key in {
        "hippopotame": first,  # a form that nobody said
        "barrir": first,
        "barrissait hippopotame": first,
        'personne:"noe soeur"': third,
        'mot-clé:"radios libres"': third,
        "Lévy": third,
        "numéro personne:noé": third,
    }.items():
        search(page, root, query)
        assert found(page) == {key}, query
    for query, quoted in {
        "fontaine": re.compile("^Ce matin, la fontaine coule. Elle est froide.$"),
        "revient": re.compile("^…(l’eau )+revient.$"),
    }.items():
        search(page, root, query)
        expect(page.locator("#results q")).to_have_text(quoted)
    page.goto(f"{root}/shows/{third}.html")
    page.get_by_role("link", name="radios libres").click()
    expect(page.locator("#results h2")).to_have_text("Numéro 2")
    page.goto(f"{root}/search.html")
    page.locator("#q").fill("numéro")
    page.get_by_label("Émission", exact=True).select_option("une")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Rechercher").click()
    expect(page.locator("#results > li")).to_have_count(2)
    page.get_by_role("link", name="Les plus anciens").click()
    expect(page.locator("#results time").first).to_have_attribute("datetime", "2024-01-01")
