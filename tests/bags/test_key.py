"""The whole archive on a USB key: one download, checked by others, opened without a server."""

import io
import shutil
import zipfile
from pathlib import Path

import bagit
from playwright.sync_api import Page, expect

from radio.archive import Archive
from tests.bags.site import WHOLE
from tests.processes import call
from tests.samples import CITY, SHOW, said_at
from tests.visits import wait_until, watch
from tests.web.sites import visit


def test_from_the_download_to_the_spoken_word(page: Page, chain: Path, tmp_path: Path) -> None:
    root = shutil.copytree(chain, tmp_path / "archive")
    call("index", "--pages", "--root", str(root))
    with zipfile.ZipFile(io.BytesIO(visit(Archive(root)).get(WHOLE).data)) as unpacked:
        unpacked.extractall(tmp_path / "key")
    (bag,) = (tmp_path / "key").iterdir()
    bagit.Bag(str(bag)).validate()
    requests, _messages = watch(page)
    page.goto((bag / "data" / "index.html").as_uri())
    page.locator("#q").fill("document")
    page.locator("#q").press("Enter")
    hit = page.locator("#results .hits a:not(.disc)").first
    expect(hit.locator("mark")).to_have_text("documents")
    hit.click()
    expect(page.locator("h1")).to_have_text("La ville intelligente")
    page.evaluate("document.querySelector('audio').muted = true")
    page.evaluate("document.querySelector('audio').play()")
    said = said_at(CITY, "documents")[0]
    wait_until(page, f"return !audio.paused && Math.abs(audio.currentTime - {said}) < 4")
    assert (bag / "data" / "media" / SHOW / f"{CITY}.mp3").is_file()
    assert {url.partition(":")[0] for url in requests} == {"file"}
