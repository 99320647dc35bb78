"""The pages of an archive of sample shows, and whether all is well with each of them."""

import dataclasses
import hashlib
import shutil
from pathlib import Path

from radio.archive import Archive
from radio.archive.check import check
from radio.bags.payload import measure_all
from tests.samples import DEMO
from tests.web.sites import visit

GOOD, BAD, THIRD = sorted(path.stem for path in DEMO.glob("*.mp3"))
SHOW = "emission"
PAGES = [
    *("/", "/catalogue", "/help", "/about", "/fixity", "/fixity.jsonl"),
    *("/catalogue.csv", "/sitemap.xml", "/download/archive.zip"),
    *(f"{each}?q=bonjour" for each in ("/search", "/search.xml", "/search/words.csv")),
    *("/api/v1/search?q=bonjour", f"/download/archive.zip?show={SHOW}"),
    *(f"/shows/{SHOW}/{each}" for each in ("", "feed.xml", GOOD, f"{GOOD}?q=bonjour")),
    *(f"/{each}/{SHOW}/{GOOD}" for each in ("share", "embed")),
    *(f"/media/{SHOW}/{GOOD}.mp3", f"/media/{SHOW}/{GOOD}.json", f"/cite/{SHOW}/{GOOD}.bib"),
    *(f"/transcripts/{SHOW}/{GOOD}.vtt", f"/transcripts/{SHOW}/{GOOD}.srt"),
]


def add(archive: Archive, slug: str) -> Path:
    """Add an episode with a recording of its own, and give the path of its sidecar."""
    model = archive.episode(f"{SHOW}/{GOOD}")
    content = archive.audio_path(model).read_bytes() + slug.encode()
    digest = hashlib.sha256(content).hexdigest()
    audio = dataclasses.replace(model.audio, file=f"{slug}.mp3", sha256=digest, size=len(content))
    archive.write_episode(dataclasses.replace(model, slug=slug, guid=slug, audio=audio))
    (archive.media / SHOW / f"{slug}.mp3").write_bytes(content)
    shutil.copy(archive.vtt_path(model.key), archive.vtt_path(f"{SHOW}/{slug}"))
    return archive.sidecar_path(f"{SHOW}/{slug}")


def all_well(archive: Archive) -> None:
    client = visit(archive, "https://radio.example")
    measure_all(archive)
    given = {page: client.get(page, buffered=True) for page in PAGES}
    assert [page for page, each in given.items() if each.status_code != 200 or not each.data] == []


def named(archive: Archive) -> set[str]:
    return {finding.path.name for finding in check(archive)}
