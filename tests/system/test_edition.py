"""The edition: who asks a program that was mended again is given what it makes now."""

import dataclasses
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from radio.archive import Archive
from radio.system.edition import PACKAGE, edition
from radio.system.tree import files
from tests.heard import write_evidence
from tests.samples import DEMO, STREET, put

pytestmark = pytest.mark.long

KEY = f"emission/{STREET}"
FEED = "/shows/emission/feed.xml"
COVER = f"/covers/{KEY}.png?size=96"
RECORDING = f"/download/{KEY}.mp3"
LIST, BAG = "/catalogue.csv", "/download/archive.zip"
TEMPLATE = ("web/templates/about.html", '<article class="prose">', '<article class="mended">')
PODCAST = ("formats/podcast_feed.py", '"isPermaLink": "false"', '"isPermaLink": "true"')
MENDED = {
    FEED: PODCAST,
    "/feed.xml": PODCAST,
    LIST: ("formats/tables.py", "csv.writer(line)", "csv.writer(line, 'excel-tab')"),
    "/fixity.jsonl": ("mirror/manifest.py", "ensure_ascii=False", "ensure_ascii=True, indent=0"),
    f"/clips/{KEY}.mp3?t=2,20": (
        *("sound/container.py", "packet.pts < first", "packet.pts < first + 99_000_000"),
    ),
    RECORDING: ("derived/downloads.py", '"AUDIO_SHA256"', '"AUDIO_HASH"'),
    BAG: ("bags/bagit.py", "Archives sonores", "Archive sonore"),
    COVER: ("pictures/drawing.py", "STEP = 0.034", "STEP = 0.05"),
}
"""What is mended in which source, by what it changes."""
LONG = {
    "words": ("search/french.py", "LONGEST_WORD = 64", "LONGEST_WORD = 63"),
    "chapters": ("derived/chapters.py", "SHORTEST = 120.0", "SHORTEST = 90.0"),
}
"""The same of what takes long."""

PULL = """
import json, sys
from pathlib import Path
from radio.archive import Archive
from radio.search import Index
from radio.web.site import create_app

archive = Archive(Path(sys.argv[1]))
client = create_app(archive, Index(archive), base_url="https://radio.example").test_client()
answers = {}
for address, etag in json.loads(sys.argv[2]).items():
    answer = client.get(address, headers={"If-None-Match": etag} if etag else {})
    answers[address] = answer.status_code, answer.headers["ETag"], answer.data.decode("latin-1")
print(json.dumps(answers))
"""
Answers = dict[str, list[Any]]
"""Status, ETag and content, by address."""


class Program:
    """A copy of the program that may be changed, run in processes of its own."""

    def __init__(self, folder: Path):
        self.package = folder / "radio"
        shutil.copytree(PACKAGE, self.package, ignore=shutil.ignore_patterns("__pycache__"))

    def mend(self, name: str, old: str, new: str) -> None:
        path = self.package / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def run(self, *arguments: str) -> str:
        variables = {**os.environ, "PYTHONPATH": str(self.package.parent)}
        command, place = [sys.executable, *arguments], self.package.parent
        return subprocess.check_output(command, env=variables, cwd=place, text=True)

    def pull(self, archive: Archive, addresses: Iterable[str], known: Answers) -> Answers:
        etags = {each: known[each][1] if each in known else "" for each in addresses}
        told: Answers = json.loads(self.run("-c", PULL, str(archive.root), json.dumps(etags)))
        return told


@pytest.fixture
def program(archive: Archive, tmp_path: Path) -> Program:
    put(archive, STREET)
    return Program(tmp_path / "program")


@pytest.mark.torture
def test_a_listener_who_pulls_again_gets_what_was_mended(
    archive: Archive, program: Program, tmp_path: Path
) -> None:
    known = program.pull(archive, MENDED, {})
    for number, (address, mended) in enumerate(MENDED.items()):
        other = Program(tmp_path / str(number))
        other.mend(*mended)
        before, now = known[address], other.pull(archive, [address], known)[address]
        assert before[0] == now[0] == 200, address
        assert before[1] != now[1] and before[2] != now[2], address


@pytest.mark.torture
def test_a_mended_source_changes_what_goes_with_it_and_no_more(
    archive: Archive, program: Program
) -> None:
    (episode,) = archive.episodes()
    longer = dataclasses.replace(episode.audio, duration=3600.0)
    archive.write_episode(dataclasses.replace(episode, audio=longer))
    write_evidence(archive, KEY, duration=3600.0)
    folder = archive.root / "site"

    def made() -> dict[str, bytes]:
        """The site as files, and what took long, under names that tell the edition."""
        for words in (["index"], ["export", "site", str(folder)]):
            program.run("-m", "radio", "--root", str(archive.root), *words)
        paths = [folder / name for name in files(folder)]
        paths += (path for kind in LONG for path in archive.cache.glob(f"{kind}/{KEY}.*"))
        return {path.relative_to(archive.root).as_posix(): path.read_bytes() for path in paths}

    before, known = made(), program.pull(archive, (LIST, COVER), {})
    program.mend(*TEMPLATE)
    now, again = made(), program.pull(archive, known, known)
    assert now.keys() == before.keys()
    (changed,) = (name for name in now if now[name] != before[name])
    assert changed.endswith("/about.html")
    assert (again[LIST][0], again[COVER][0]) == (200, 304)  # or programs load every cover again
    for kind, mended in LONG.items():
        program.mend(*mended)
        before, now = now, made()
        assert [name for name in now if f"/{kind}/" in name if name not in before], kind


def test_the_same_sources_give_the_same_tags(archive: Archive, program: Program) -> None:
    first = program.pull(archive, (FEED, LIST, BAG, COVER, RECORDING), {})
    again = program.pull(archive, first, first)
    assert [each[:2] for each in again.values()] == [[304, each[1]] for each in first.values()]


def test_samples_and_what_python_compiles_are_no_other_edition(program: Program) -> None:
    tell = ("-c", "from radio.system.edition import edition; print(edition())")
    first = program.run(*tell)
    (program.package / "demo" / next(DEMO.glob("*.mp3")).name).unlink()
    (program.package / "__pycache__").mkdir(exist_ok=True)
    for name in ("web/templates/.about.html.swp", "__pycache__/archive.cpython-311.pyc.12345"):
        (program.package / name).write_bytes(b"\0")
    assert program.run(*tell) == first
    (program.package / "web" / "static" / "letters.woff2").write_bytes(b"\0")
    assert program.run(*tell) != first


def test_another_release_of_an_analyser_is_another_edition_of_its_room() -> None:
    code = (
        "import importlib.metadata; from radio.system.edition import edition\n"
        "release = importlib.metadata.version\n"
        "importlib.metadata.version = lambda name: release(name) + '+1' * (name == 'simplemma')\n"
        "print(edition(), edition('search'), edition('pictures'))"
    )
    told = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    here = [edition(), edition("search"), edition("pictures")]
    assert [new == old for new, old in zip(told, here, strict=True)] == [False, False, True]


def test_sources_that_are_replaced_below_a_site_are_not_its_edition(program: Program) -> None:
    """Else what the old program makes would bear the name of the new one, and stay."""
    begin = "from radio.system.edition import PACKAGE, edition\nfirst = edition()\n"
    tell = "assert edition() == first\nprint(edition('search'))"
    before = program.run("-c", begin + tell)
    replaced = "(PACKAGE / 'search' / 'french.py').write_text('')\n"
    assert program.run("-c", begin + replaced + tell) == before
