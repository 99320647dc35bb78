"""The pages of an archive of sample shows, and whether all is well with each of them."""

import dataclasses
import hashlib
import shutil
from pathlib import Path

from flask.testing import FlaskClient

from radio.archive import Archive
from radio.archive.check import check
from radio.bags.payload import measure_all
from radio.search import Index
from radio.web.site import create_app
from tests.samples import DEMO

GOOD, BAD, THIRD = sorted(path.stem for path in DEMO.glob("*.mp3"))
SHOW = "emission"
PAGES = [
    "/",
    "/catalogue",
    "/themes",
    f"/shows/{SHOW}/",
    f"/shows/{SHOW}/{GOOD}",
    f"/shows/{SHOW}/{GOOD}?q=bonjour",
    f"/share/{SHOW}/{GOOD}",
    f"/embed/{SHOW}/{GOOD}",
    f"/cite/{SHOW}/{GOOD}.bib",
    f"/media/{SHOW}/{GOOD}.mp3",
    f"/media/{SHOW}/{GOOD}.json",
    f"/transcripts/{SHOW}/{GOOD}.vtt",
    f"/transcripts/{SHOW}/{GOOD}.srt",
    f"/shows/{SHOW}/feed.xml",
    "/search?q=bonjour",
    "/search.xml?q=bonjour",
    "/search/words.csv?q=bonjour",
    "/api/v1/search?q=bonjour",
    "/fixity",
    "/fixity.jsonl",
    "/catalogue.csv",
    "/sitemap.xml",
    "/help",
    "/about",
    "/download/archive.zip",
    f"/download/archive.zip?show={SHOW}",
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


def answers(archive: Archive) -> dict[str, int]:
    index = Index(archive)
    index.refresh()
    measure_all(archive)
    client = create_app(archive, index, base_url="https://radio.example").test_client()
    return {page: status_of(client, page) for page in PAGES}


def status_of(client: FlaskClient, page: str) -> int:
    with client.get(page) as response:
        assert response.get_data()
        return response.status_code


def all_well(archive: Archive) -> None:
    assert {page: status for page, status in answers(archive).items() if status != 200} == {}


def named(archive: Archive) -> set[str]:
    return {finding.path.name for finding in check(archive)}
