"""Captions of the player: there for whoever asks for them, not loaded before."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from radio.archive import Archive
from radio.archive.episode import Show
from radio.static_site.export import export
from tests.processes import running
from tests.samples import CITY, STREET, put
from tests.visits import watch

PAGE = f"/shows/emission/{STREET}"
SHOW_CAPTIONS = """() => new Promise((resolve) => {
  const [track] = document.querySelectorAll("track");
  track.addEventListener("load", () => resolve([...track.track.cues].map((cue) => cue.text)));
  track.addEventListener("error", () => resolve("error"));
  track.track.mode = "hidden";
})"""
TRACKS = """() => [...document.querySelectorAll("audio > track")].map((each) =>
  [each.kind, each.srclang, new URL(each.src).pathname, each.track.mode])"""


@pytest.fixture(scope="module")
def captioned(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """An episode with English subtitles too, and one whose text editing broke."""
    archive = Archive(tmp_path_factory.mktemp("captions") / "archive")
    archive.create()
    archive.write_show(Show("emission", "Émission"))
    key = put(archive, STREET, language="fr-CA").key
    archive.translation_path(key).write_text("WEBVTT\n", encoding="utf-8")
    broken = put(archive, CITY).key
    archive.vtt_path(broken).write_bytes(b"nothing of the kind")
    return archive


@pytest.fixture(scope="module")
def site(captioned: Archive) -> Iterator[str]:
    with running("serve", "--root", str(captioned.root), idle=captioned.root) as address:
        yield address


def test_captions_load_when_somebody_wants_them(page: Page, site: str) -> None:
    requests, messages = watch(page)
    page.goto(f"{site}{PAGE}")
    text = f"/transcripts/emission/{STREET}"
    assert page.evaluate(TRACKS) == [
        ["captions", "fr-CA", f"{text}.vtt", "disabled"],
        ["subtitles", "en", f"{text}.en.vtt", "disabled"],
    ]
    assert not any(".vtt" in each for each in requests), "a page costs no captions"
    assert page.evaluate(SHOW_CAPTIONS) == [f"Bonjour, voici {STREET}."]
    assert all(each.startswith(site) for each in requests)
    assert messages == []
    assert Axe().run(page).response["violations"] == []


def test_the_player_stands_without_script_and_without_text(browser: Browser, site: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site}{PAGE}")
        assert page.locator("audio > track").count() == 2
        assert page.locator("audio").bounding_box()
        page.goto(f"{site}/shows/emission/{CITY}")
        assert page.locator("audio").bounding_box()
        assert page.locator("track").count() == 0


def test_the_site_as_files_names_captions_that_are_there(
    captioned: Archive, page: Page, tmp_path: Path
) -> None:
    folder = tmp_path / "site"
    export(captioned, folder)
    requests, messages = watch(page)
    page.goto((folder / "shows" / "emission" / f"{STREET}.html").as_uri())
    for _, _, path, mode in page.evaluate(TRACKS):
        assert Path(path).is_file()
        assert mode == "disabled"
    assert all(each.startswith("file:") for each in requests)
    assert messages == []
