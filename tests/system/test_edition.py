"""The edition: who asks a program that was mended again is given what it makes now."""

import dataclasses
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from radio.archive import Archive
from radio.archive.episode import Show
from radio.system.edition import PACKAGE, edition
from radio.system.tree import files
from radio.text.transcript import Evidence, render_evidence
from tests.samples import DEMO, put

pytestmark = pytest.mark.long

SLUG = "2024-01-16-les-micros-de-la-rue"
STREET = f"emission/{SLUG}"
FEED = "/shows/emission/feed.xml"
COVER = f"/covers/{STREET}.png?size=96"
RECORDING = f"/download/{STREET}.mp3"
LIST, BAG = "/catalogue.csv", "/download/archive.zip"
TEMPLATE = ("web/templates/about.html", '<article class="prose">', '<article class="mended">')
PODCAST = ("formats/podcast_feed.py", '"isPermaLink": "false"', '"isPermaLink": "true"')
MENDED = {
    FEED: PODCAST,
    "/feed.xml": PODCAST,
    LIST: ("formats/tables.py", "csv.writer(line)", "csv.writer(line, 'excel-tab')"),
    "/fixity.jsonl": ("mirror/manifest.py", "ensure_ascii=False", "ensure_ascii=True, indent=0"),
    f"/clips/{STREET}.mp3?t=2,20": (
        *("sound/container.py", "packet.pts < first", "packet.pts < first + 99_000_000"),
    ),
    RECORDING: ("derived/downloads.py", '"AUDIO_SHA256"', '"AUDIO_HASH"'),
    BAG: ("bags/bagit.py", "Archives sonores", "Archive sonore"),
    COVER: ("pictures/drawing.py", "STEP = 0.034", "STEP = 0.05"),
}
"""What is mended in which source, by what it changes."""

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

    def radio(self, archive: Archive, *words: str) -> None:
        self.run("-m", "radio", "--root", str(archive.root), *words)

    def pull(self, archive: Archive, addresses: Iterable[str], known: Answers) -> Answers:
        etags = {each: known[each][1] if each in known else "" for each in addresses}
        told: Answers = json.loads(self.run("-c", PULL, str(archive.root), json.dumps(etags)))
        return told


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path / "program")


@pytest.fixture
def archive(archive: Archive) -> Archive:
    put(archive, SLUG)
    return archive


@pytest.fixture(scope="module")
def pulled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, Answers]:
    """An archive, and what the program as it is makes of it, pulled once for all."""
    made = Archive(tmp_path_factory.mktemp("pulled") / "archive")
    made.create()
    made.write_show(Show("emission", "Émission"))
    put(made, SLUG)
    return made, Program(tmp_path_factory.mktemp("unmended")).pull(made, MENDED, {})


@pytest.mark.torture
@pytest.mark.parametrize("address", MENDED)
def test_a_listener_who_pulls_again_gets_what_was_mended(
    pulled: tuple[Archive, Answers], program: Program, address: str
) -> None:
    archive, known = pulled
    program.mend(*MENDED[address])
    before, now = known[address], program.pull(archive, [address], known)[address]
    assert before[0] == now[0] == 200
    assert before[1] != now[1] and before[2] != now[2]


@pytest.mark.torture
def test_a_mended_template_changes_what_goes_with_it(archive: Archive, program: Program) -> None:
    folder = archive.root / "site"

    def written() -> Mapping[str, bytes]:
        program.radio(archive, "export", "site", str(folder))
        return {name: (folder / name).read_bytes() for name in files(folder)}

    before, known = written(), program.pull(archive, (LIST, COVER), {})
    program.mend(*TEMPLATE)
    now = written()
    assert {name for name in now if now[name] != before[name]} == {"about.html"}
    again = program.pull(archive, known, known)
    assert (again[LIST][0], again[COVER][0]) == (200, 304)  # or programs load every cover again


@pytest.mark.torture
@pytest.mark.parametrize(
    ("kind", "mended"),
    [
        ("words", ("search/french.py", "LONGEST_WORD = 64", "LONGEST_WORD = 63")),
        ("chapters", ("derived/chapters.py", "SHORTEST = 120.0", "SHORTEST = 90.0")),
    ],
)
def test_what_takes_long_is_made_again_by_who_makes_it_otherwise_only(
    archive: Archive, program: Program, kind: str, mended: tuple[str, str, str]
) -> None:
    (episode,) = archive.episodes()
    longer = dataclasses.replace(episode.audio, duration=3600.0)
    archive.write_episode(dataclasses.replace(episode, audio=longer))
    evidence = Evidence("x", {}, "base", "", {}, "", "fr", 3600.0, (), (), ())
    archive.evidence_path(STREET).write_bytes(render_evidence(evidence))
    command = ["export", "site", str(archive.root / "site")] if kind == "words" else ["index"]

    def made() -> tuple[str, bytes]:
        """What is kept of the episode: its name, which tells the edition, and its content."""
        program.radio(archive, *command)
        (path,) = archive.cache.glob(f"{kind}/{STREET}.*")
        return path.name, path.read_bytes()

    first = made()
    program.mend(*TEMPLATE)
    assert made() == first
    program.mend(*mended)
    assert made() != first


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


def test_a_room_that_is_none_has_no_edition() -> None:
    with pytest.raises(KeyError):
        edition("serch")
