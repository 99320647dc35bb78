"""The site as files: pages, player, transcript and search from a disk, with no server at all."""

import dataclasses
import itertools
import json
import re
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from radio.archive import Archive
from radio.archive.episode import Audio, Person, Show
from radio.static_site.export import copies, export, freeze
from radio.system.disk import write_whole
from radio.system.errors import ArchiveError
from radio.system.tree import LEDGER
from tests.patience import until
from tests.poison import HOSTILE, poison
from tests.processes import command
from tests.samples import CITY, SHOW, files_in, said_at, street
from tests.search.episodes import put, say_again
from tests.servers import hosting
from tests.visits import Links, faults, wait_until, watch

pytestmark = pytest.mark.long

FIRST, SECOND = (f"une/2024-01-0{number}-numero" for number in (1, 2))
FOREIGN = "main iframe, main style, main script:not([type='text/html']), main .hits img"
ASK_ELSEWHERE = """() => ["img", "script", "audio", "iframe", "link"].forEach((tag) => {
    const address = "http://127.0.0.1:9/canari";
    const told = { src: address, href: address, rel: "stylesheet" };
    document.body.append(Object.assign(document.createElement(tag), told));
})"""


@pytest.fixture(scope="module")
def two_shows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(tmp_path_factory.mktemp("shows"))
    archive = Archive(folder / "archive")
    archive.create()
    for show, number in itertools.product(("une", "deux"), (1, 2)):
        archive.write_show(Show(show, f"Émission {show}"))
        write_episode(archive, show, number, f"Le numéro {number} de l’émission {show}.")
    write_whole(archive.translation_path(FIRST), b"WEBVTT\n")
    write_whole(archive.root / "site.json", b'{"proposals": true}')  # which no file could take
    export(archive, folder / "site")
    return folder


@pytest.fixture
def small(two_shows: Path, tmp_path: Path) -> Archive:
    """A copy of the two shows, with their site beside them: what is made anew is what changes."""
    shutil.copytree(two_shows, tmp_path, dirs_exist_ok=True)
    return Archive(tmp_path / "archive")


def write_episode(archive: Archive, show: str, number: int, text: str, **more: Any) -> None:
    slug = f"2024-01-0{number}-numero"
    audio = Audio(f"{slug}.mp3", "0" * 64, 5, "audio/mpeg", 60.0)
    key = put(archive, slug, text, show=show, title=f"Numéro {number}", audio=audio, **more)
    archive.audio_path(archive.episode(key)).write_bytes(b"sound")


def withdraw(archive: Archive, key: str) -> None:
    archive.write_episode(dataclasses.replace(archive.episode(key), status="withdrawn"))


def state(folder: Path) -> dict[str, tuple[int, int]]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != LEDGER)
    stats = {str(path.relative_to(folder)): path.stat() for path in files}
    return {path: (stat.st_ino, stat.st_mtime_ns) for path, stat in stats.items()}


def search(page: Page, words: str) -> None:
    page.locator("#q").fill(words)
    page.locator("#q").press("Enter")


def test_from_the_first_page_to_the_second_at_which_it_is_said(page: Page, frozen: Path) -> None:
    requests, messages = watch(page)
    page.goto(f"{frozen.as_uri()}/index.html")
    page.locator(".shows a").first.click()
    page.get_by_role("link", name="La ville intelligente", exact=True).click()
    page.locator(".cue", has_text="plateforme").click()
    start = said_at(CITY, "plateforme")[0]
    wait_until(page, f"return !audio.paused && Math.abs(audio.currentTime - {start}) < 3")
    assert "?t=" in page.url
    search(page, "document")
    hit = page.locator("#results .hits a:not(.disc)")
    expect(hit.locator("mark")).to_have_text("documents")
    hit.click()
    wait_until(page, "return audio.readyState >= 1 && audio.currentTime > 0")
    second = page.evaluate("document.querySelector('audio').currentTime")
    assert min(abs(second - said) for said in said_at(CITY, "documents")) <= 3
    expect(page.locator("a.cue[aria-current=true] mark").first).to_be_in_viewport()
    expect(page.locator("#passage")).to_contain_text("Passage ")
    page.keyboard.press("/")
    page.get_by_label("Mots à chercher").fill("micros")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Aucun épisode")
    page.goto(f"{frozen.as_uri()}/index.html")
    page.locator(".tries a").first.click()
    expect(page.locator("#results h2").first).to_be_visible()
    assert len(requests) > 15
    assert [url for url in requests if not url.startswith(f"{frozen.as_uri()}/")] == []
    assert messages == []
    page.evaluate(ASK_ELSEWHERE)

    def are_refused() -> bool:
        page.wait_for_timeout(50)
        return ["Content Security Policy" in text for text in messages].count(True) == 5

    until(are_refused, lambda: messages)


def test_a_static_host_serves_it_below_a_path(page: Page, frozen: Path, tmp_path: Path) -> None:
    (tmp_path / "archives").symlink_to(frozen)
    with hosting(tmp_path) as port:
        page.goto(f"http://127.0.0.1:{port}/archives/")
        search(page, "caméra")
        page.locator("#results .hits a").nth(1).click()
        expect(page.locator("h1")).to_have_text("La ville intelligente")
        wait_until(page, "return audio.readyState >= 1")


def test_without_script_pages_are_read_and_search_says_so(plain: Page, frozen: Path) -> None:
    plain.goto(f"{frozen.as_uri()}/shows/{SHOW}/{CITY}.html")
    expect(plain.locator("audio")).to_be_visible()
    plain.locator(".cue", has_text="plateforme").click()
    plain.wait_for_url(re.compile("#"))
    link = urlsplit(plain.url)
    assert link.path.endswith(f"/{CITY}.html")
    expect(plain.locator(f"#{link.fragment}")).to_contain_text("plateforme")
    search(plain, "caméra")
    expect(plain.get_by_text("La recherche a besoin de JavaScript.")).to_be_visible()
    plain.get_by_role("link", name="Parcourir tous les épisodes").click()
    expect(plain.locator("h1")).to_have_text("Parcourir")


def test_pages_are_accessible_and_fit_a_phone(browser: Browser, frozen: Path) -> None:
    size = ViewportSize(width=360, height=740)
    # For axe: a meta element binds what a test injects, too.
    with browser.new_context(bypass_csp=True, viewport=size) as context:
        page = context.new_page()
        searches = [f"search.html{query}" for query in ("", "?q=cam%C3%A9ra", "?q=zzzz")]
        for path in ("index.html", f"shows/{SHOW}/{CITY}.html?t=20", *searches):
            page.goto(f"{frozen.as_uri()}/{path}")
            if "q=" in path:
                expect(page.locator("h1")).not_to_have_text("Recherche")
            assert faults(page) == "", path
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
            assert page.locator("h1").count() == 1


def test_hostile_texts_stay_texts(page: Page, tmp_path: Path) -> None:
    archive = street(tmp_path / "hostile")
    key = poison(archive)
    export(archive, tmp_path / "site")
    root = (tmp_path / "site").as_uri()
    requests, messages = watch(page)
    for path in ("index.html", "catalogue.html", f"shows/{key}.html?t=1", "about.html"):
        page.goto(f"{root}/{path}", wait_until="networkidle")
        assert page.locator(FOREIGN).count() == 0
    for query in ("micros", f'personne:"{HOSTILE}"', HOSTILE, "__proto__", "constructor"):
        page.goto(f"{root}/search.html?q={quote(query)}")
        expect(page.locator("#status")).not_to_have_text("Recherche en cours.")
        assert page.locator(f"{FOREIGN}, main img").count() == 0
    assert [url for url in requests if not url.startswith(f"{root}/")] == []
    assert messages == []


def test_every_link_leads_to_a_file_and_a_place_in_it(frozen: Path, two_shows: Path) -> None:
    pages = [*frozen.rglob("*.html")]
    assert len(pages) == 16  # each text alone too, and what the site says of itself
    pages += (two_shows / "site").rglob("*.html")
    texts = {path: path.read_text(encoding="utf-8") for path in pages}
    ids = {path: set(re.findall(r' id="([^"]*)"', text)) for path, text in texts.items()}
    counted = 0
    for path, text in texts.items():
        for link in [*Links(text).found, *re.findall(r' data-(?:cover|help)="([^"]*)"', text)]:
            parts = urlsplit(link)
            if path.name == "accessibility.html" and parts.scheme == "https":
                continue  # to whom one complains, by law
            assert not parts.scheme, link
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target.is_file(), (path, link)
            if parts.fragment and target in ids:
                assert parts.fragment in ids[target], (path, link)
            counted += 1
    assert counted > 200


def test_each_run_writes_what_changed_and_nothing_else(small: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    export(small, folder)
    before = state(folder)
    done = export(small, folder)
    assert (done.written, done.removed) == (0, 0)
    assert state(folder) == before
    assert set(done.files) == before.keys()
    say_again(small, FIRST, "Un texte corrigé.")
    tomorrow = date.today() + timedelta(days=1)
    write_episode(small, "une", 3, "Un secret inavouable.", status="embargoed", until=tomorrow)
    export(small, folder)
    after = state(folder)
    changed = {path for path in before | after if before.get(path) != after.get(path)}
    texts = {f"texts/{FIRST}.{form}" for form in ("html", "srt", "txt")}
    words = {f"search/{name}.js" for name in ("words-0", "episodes-0", "passages-0", "index")}
    own = {f"shows/{FIRST}.html", f"transcripts/{FIRST}.vtt", f"search/said/{FIRST}-0.js"}
    assert changed == texts | words | own
    assert not any(b"inavouable" in (folder / path).read_bytes() for path in after)
    whole = (folder / "index.html").read_bytes()
    (folder / "index.html").write_text("half", encoding="utf-8")
    shutil.rmtree(folder / "search")
    export(small, folder)
    assert (folder / "index.html").read_bytes() == whole
    assert (folder / "search" / "words-0.js").exists()
    (folder / "CNAME").write_text("radio.example", encoding="utf-8")
    for key in (FIRST, SECOND):
        withdraw(small, key)
    assert export(small, folder).removed == 17
    assert not [path for path in state(folder) if path.startswith("shows/une/2024")]
    assert not (folder / "media" / "une").exists()
    assert "2024-01-01" not in (folder / "shows" / "une" / "index.html").read_text("utf-8")
    assert b"une/" not in (folder / "search" / "episodes-0.js").read_bytes()
    assert (folder / "CNAME").exists()


def test_the_pages_alone_expect_the_rest_beside_them(small: Archive) -> None:
    done = freeze(small, small.cache / "site")
    assert "index.html" in done.files
    assert not any(path.startswith(("media/", "transcripts/")) for path in done.files)
    beside = {path for part in copies(small) for path, _ in part.make()}
    assert len(beside) == 9
    assert all((small.root / path).is_file() for path in beside)


def test_what_changed_leaves_no_old_page(small: Archive, tmp_path: Path) -> None:
    """The site that is brought up to date is the one that is made anew."""
    guest = (Person("Ada", "guest"),)
    put(small, "2024-01-03-numero", "Merci.", show="deux", title="Numéro 3", people=guest)
    export(small, tmp_path / "site")
    small.write_show(Show("deux", "Le grand soir"))
    say_again(small, FIRST, "Un texte corrigé.")
    export(small, tmp_path / "site")
    shutil.rmtree(small.cache, ignore_errors=True)
    export(small, tmp_path / "other")
    first, second = (files_in(tmp_path / name) for name in ("site", "other"))
    assert first.keys() == second.keys()
    assert {path for path in first if first[path] != second[path]} == {LEDGER}


def test_a_run_that_was_cut_short_is_gone_on_with(small: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "another"

    def stop(share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(small, folder, stop)
    before = state(folder)
    with (folder / LEDGER).open("ab") as ledger:
        ledger.write(b'["half a li')
    half = folder / "search" / ".words-0.js.4242.part"
    write_whole(half, b"half a word")
    export(small, folder)
    assert before.items() <= state(folder).items() and not half.exists()
    withdraw(small, FIRST)
    export(small, folder)
    assert not [path for path in state(folder) if FIRST in path]


def test_what_belongs_to_others_is_not_taken_or_followed(small: Archive, tmp_path: Path) -> None:
    home, mine, folder = tmp_path / "public_html", tmp_path / "mine.txt", tmp_path / "site"
    for path in (home / "index.html", mine):
        write_whole(path, b"mine")
    for other in (home, small.root):
        with pytest.raises(ArchiveError, match="not empty"):
            export(small, other)
    done = command(small, "export", "site", str(home), check=False)
    assert (done.returncode, "radio: " in done.stderr) == (1, True)
    sound, evidence = small.audio_path(small.episodes()[0]), small.evidence_path(FIRST)
    sound.unlink()
    for path in (sound, evidence):
        path.symlink_to(mine)
    for named in ("../mine.txt", str(mine)):  # in the list of what was written
        with (folder / LEDGER).open("a", encoding="utf-8") as ledger:
            ledger.write(json.dumps(["x", "x", {named: [0, 0]}]) + "\n")
        export(small, folder)
        written = (folder / path.relative_to(small.root) for path in (sound, evidence))
        assert not any(path.exists() for path in written)
    assert mine.read_text("utf-8") == (home / "index.html").read_text("utf-8") == "mine"


def test_recordings_are_linked_where_that_is_asked_for(small: Archive, tmp_path: Path) -> None:
    sound = small.audio_path(small.episodes()[0])
    there = sound.relative_to(small.root)
    command(small, "export", "site", "--link", str(tmp_path / "linked"))
    for folder, same in (("linked", True), ("site", False)):
        assert (tmp_path / folder / there).read_bytes() == b"sound"
        assert (tmp_path / folder / there).samefile(sound) is same
