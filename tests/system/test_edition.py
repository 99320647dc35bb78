"""The edition: who asks a program that was mended again is given what it makes now."""

import dataclasses
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from radio.archive import Archive
from radio.archive.episode import Show
from radio.system.edition import PACKAGE, edition
from radio.system.tree import files
from radio.text.transcript import Evidence, render_evidence
from tests.samples import DEMO, put

pytestmark = pytest.mark.long

STREET = "emission/2024-01-16-les-micros-de-la-rue"
FEED = "/shows/emission/feed.xml"
COVER = f"/covers/{STREET}.png?size=96"
CLIP = f"/clips/{STREET}.mp3?t=2,20"
RECORDING = f"/download/{STREET}.mp3"
LIST = "/catalogue.csv"
BAG = "/download/archive.zip"
TEMPLATE = ("web/templates/about.html", '<article class="prose">', '<article class="mended">')

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


class Answer(NamedTuple):
    """What a listener is given."""

    status: int
    etag: str
    content: bytes


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
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, env=variables, cwd=self.package.parent, check=True, stdout=subprocess.PIPE
        ).stdout.decode()

    def pull(self, archive: Archive, known: Mapping[str, str]) -> dict[str, Answer]:
        """Ask for some addresses, as somebody who has what has these ETags."""
        said = json.loads(self.run("-c", PULL, str(archive.root), json.dumps(known)))
        return {
            address: Answer(status, etag, content.encode("latin-1"))
            for address, (status, etag, content) in said.items()
        }


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path / "program")


@pytest.fixture
def archive(archive: Archive) -> Archive:
    put(archive, STREET.partition("/")[2])
    return archive


@pytest.fixture(scope="module")
def pulled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Archive, Mapping[str, Answer]]:
    """An archive, and what the program as it is makes of it, pulled once for all."""
    made = Archive(tmp_path_factory.mktemp("pulled") / "archive")
    made.create()
    made.write_show(Show("emission", "Émission"))
    put(made, STREET.partition("/")[2])
    program = Program(tmp_path_factory.mktemp("unmended"))
    return made, program.pull(made, dict.fromkeys(MENDED, ""))


PODCAST = "formats/podcast_feed.py"
PERMALINK = ('"isPermaLink": "false"', '"isPermaLink": "true"')
MENDED = {
    FEED: (PODCAST, *PERMALINK),
    "/feed.xml": (PODCAST, *PERMALINK),
    LIST: ("formats/tables.py", "csv.writer(line)", "csv.writer(line, 'excel-tab')"),
    "/fixity.jsonl": ("mirror/manifest.py", "ensure_ascii=False", "ensure_ascii=True, indent=0"),
    CLIP: ("sound/container.py", "packet.pts < first", "packet.pts < first + 99_000_000"),
    RECORDING: ("derived/downloads.py", '"AUDIO_SHA256"', '"AUDIO_HASH"'),
    BAG: ("bags/bagit.py", "Archives sonores", "Archive sonore"),
    COVER: ("pictures/drawing.py", "STEP = 0.034", "STEP = 0.05"),
}
"""What is mended in which source, by what it changes."""


@pytest.mark.torture
@pytest.mark.parametrize("address", MENDED)
def test_a_listener_who_pulls_again_gets_what_was_mended(
    pulled: tuple[Archive, Mapping[str, Answer]], program: Program, address: str
) -> None:
    archive, first = pulled[0], pulled[1][address]
    assert first.status == 200
    program.mend(*MENDED[address])
    again = program.pull(archive, {address: first.etag})[address]
    assert again.status == 200
    assert again.etag != first.etag
    assert again.content != first.content


@pytest.mark.torture
def test_a_mended_template_changes_what_goes_with_it(archive: Archive, program: Program) -> None:
    folder = archive.root / "site"
    export = ("-m", "radio", "export", "site", "--root", str(archive.root), str(folder))
    program.run(*export)
    before = {name: (folder / name).read_bytes() for name in files(folder)}
    first = program.pull(archive, dict.fromkeys((LIST, COVER), ""))
    program.mend(*TEMPLATE)
    program.run(*export)
    after = {name: (folder / name).read_bytes() for name in files(folder)}
    assert {name for name in after if after[name] != before[name]} == {"about.html"}
    again = program.pull(archive, {address: each.etag for address, each in first.items()})
    assert again[LIST].status == 200
    assert again[COVER].status == 304  # or programs for podcasts load every cover again


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

    def made() -> tuple[str, bytes]:
        """What is kept of the episode: its name, which tells the edition, and its content."""
        root = ("--root", str(archive.root))
        words = ("export", "site", *root, str(archive.root / "site"))
        program.run("-m", "radio", *(words if kind == "words" else ("index", *root)))
        (path,) = archive.cache.glob(f"{kind}/{STREET}.*")
        return path.name, path.read_bytes()

    first = made()
    program.mend(*TEMPLATE)
    assert made() == first
    program.mend(*mended)
    assert made() != first


def test_the_same_sources_give_the_same_tags(archive: Archive, program: Program) -> None:
    first = program.pull(archive, dict.fromkeys((FEED, LIST, BAG, COVER, RECORDING), ""))
    again = program.pull(archive, {address: each.etag for address, each in first.items()})
    assert {each.status for each in again.values()} == {304}
    assert [each.etag for each in again.values()] == [each.etag for each in first.values()]


def test_samples_and_what_python_compiles_are_no_other_edition(program: Program) -> None:
    tell = ("-c", "from radio.system.edition import edition; print(edition())")
    first = program.run(*tell)
    (program.package / "demo" / next(DEMO.glob("*.mp3")).name).unlink()
    (program.package / "web" / "templates" / ".about.html.swp").write_bytes(b"\0")
    compiled = program.package / "__pycache__" / "archive.cpython-311.pyc.12345"
    compiled.parent.mkdir(exist_ok=True)
    compiled.write_bytes(b"\0")
    assert program.run(*tell) == first
    (program.package / "web" / "static" / "letters.woff2").write_bytes(b"\0")
    assert program.run(*tell) != first


OTHER_RELEASE = """
import importlib.metadata
from radio.system.edition import edition
release = importlib.metadata.version
rooms = [(), ("search",), ("pictures",)]
importlib.metadata.version = lambda name: release(name) + ("+1" if name == "simplemma" else "")
print([edition(*each) for each in rooms])
"""


def test_another_release_of_an_analyser_is_another_edition_of_its_room() -> None:
    done = subprocess.run([sys.executable, "-c", OTHER_RELEASE], capture_output=True, check=True)
    whole, search, pictures = json.loads(done.stdout.decode().replace("'", '"'))
    assert whole != edition()
    assert search != edition("search")
    assert pictures == edition("pictures")


REPLACED = """
from pathlib import Path
import radio.system.edition
first = radio.system.edition.edition()
(Path(radio.system.edition.PACKAGE) / "search" / "french.py").write_text("")
assert radio.system.edition.edition() == first
print(radio.system.edition.edition("search"))
"""


def test_sources_that_are_replaced_below_a_site_are_not_its_edition(program: Program) -> None:
    """Else what the old program makes would bear the name of the new one, and stay."""
    before = program.run("-c", "from radio.system.edition import edition; print(edition('search'))")
    assert program.run("-c", REPLACED) == before


def test_a_room_that_is_none_has_no_edition() -> None:
    with pytest.raises(KeyError):
        edition("serch")
