"""What comes in a bag or from another instance is hostile: it costs its own line, and no page."""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from radio.archive import Archive
from radio.archive.episode import Show
from radio.bags.bagit import DECLARATION, DECLARED, MANIFEST
from radio.mirror.manifest import End, ListedFile, render_line
from radio.system import sandbox
from tests.ingest.site import Page, serving
from tests.pages import GOOD, SHOW, THIRD, add, all_well, named
from tests.poison import ODD_VALUES, VALUES, edit
from tests.processes import call
from tests.samples import files_in, put
from tests.web.sites import visit

pytestmark = pytest.mark.long

CUE = b"00:00:01.000 --> 00:00:09.000\n"
TEXTS = {
    "zeros.vtt": bytes(3000),
    "picture.vtt": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "prose.vtt": b"Bonjour.\n" * 1000,
    "backwards.vtt": b"WEBVTT\n\n00:00:05.000 --> 00:00:01.000\nA\n",
    "late.vtt": b"WEBVTT\n\n99999999999:00:00.000 --> 99999999999:00:01.000\nbonjour\n",
    "tags.vtt": b"WEBVTT\n\n" + CUE + b"<v <script>alert(1)</script>><c.b>" + b"<" * 5000 + b"\n",
    "letters.vtt": b"WEBVTT\n\n" + CUE + b"\xff\xfe\0\x1b[2J\xed\xa0\x80 &#xD800; bonjour\n",
    "wide.vtt": b"\xff\xfe" + b"\x00\xd8" * 3000,
    "huge.vtt": b"WEBVTT\n\n" + CUE + b"bonjour" * 300_000 + b"\n",
    "endless.vtt": b"WEBVTT\n\n" + CUE + b"mot " * 5_000_000,
    "note.vtt": b"WEBVTT\n\nNOTE\nstatus: " + b"x" * 100_000 + b"\naudio: \x1b\n\n" + CUE + b"A\n",
    "deep.json": b"[" * 100_000,
    "half.json": b'{"engine": "\\ud800", "segments": [{"start": NaN}]}',
    "numbers.json": b'{"version": 1e999, "vtt": ' + b"9" * 5000 + b"}",
    "zeros.en.vtt": bytes(3000),
    "picture.en.vtt": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
}
TAKEN = {"backwards", "zeros", "picture", "prose", "endless", "deep", "half", "numbers", "late"}
TAKEN |= {"wide", "note"}
NAMES = [b"caf\xe9", "Été".encode(), b"a b", b"a\nb", b"a%0Ab", b"x" * 240, b".cache", b"-"]
"""Names of files that are none of episodes."""


@pytest.fixture
def there(tmp_path: Path) -> Archive:
    made = Archive(tmp_path / "there")
    made.create()
    made.write_show(Show(SHOW, "Émission"))
    put(made, GOOD)
    add(made, THIRD)
    return made


@pytest.fixture
def here(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "here")


def files(archive: Archive) -> Iterator[tuple[bytes, bytes]]:
    for path, content in files_in(archive.root).items():
        if path.startswith(("media/", "transcripts/")):
            yield os.fsencode(path), content


def by_bag(there: Archive, here: Archive) -> "subprocess.CompletedProcess[str]":
    """Send an archive as a bag, whose manifest agrees with whatever is in it."""
    bag = there.root.parent / "bag"
    bag.mkdir()
    lines = b""
    for path, content in files(there):
        written = path.replace(b"%", b"%25").replace(b"\n", b"%0A").replace(b"\r", b"%0D")
        lines += hashlib.sha256(content).hexdigest().encode() + b"  data/" + written + b"\n"
    for part in (there.media, there.transcripts):
        shutil.copytree(part, bag / "data" / part.name)
    (bag / DECLARATION).write_bytes(DECLARED)
    (bag / MANIFEST).write_bytes(lines)
    here.create()
    return call("ingest", "--root", str(here.root), str(bag), check=False)


def by_mirror(there: Archive, here: Archive) -> "subprocess.CompletedProcess[str]":
    """Send an archive as another instance does, which offers whatever is in it."""
    sent = {os.fsdecode(path): content for path, content in files(there)}
    hashes = {path: hashlib.sha256(content).hexdigest() for path, content in sent.items()}
    offer = [ListedFile(path, len(sent[path]), sha256) for path, sha256 in hashes.items()]
    lines = [render_line(each) for each in offer] + [render_line(End(len(offer)))]
    sent["fixity.jsonl"] = "".join(lines).encode(errors="surrogateescape")

    def answer(path: str) -> Page:
        content = sent.get(unquote(path.lstrip("/"), errors="surrogateescape"))
        return (404, {}, b"") if content is None else content

    with serving() as site:
        site.otherwise = answer
        return call("mirror", site.address, "--root", str(here.root), check=False)


Way = Callable[[Archive, Archive], "subprocess.CompletedProcess[str]"]


def said_of(done: "subprocess.CompletedProcess[str]", slug: str) -> list[str]:
    return [line for line in done.stderr.splitlines() if slug in line]


def worsen(there: Archive) -> tuple[list[str], list[str]]:
    """Add bad and odd sidecars, texts and names; give the slugs of the two kinds of sidecars."""
    bad = [f"2023-01-{number:02}-cas" for number in range(1, len(VALUES) + 1)]
    for slug, value in zip(bad, VALUES.values(), strict=True):
        edit(add(there, slug), *value)
    odd = [f"2023-02-{number:02}-odd" for number in range(1, len(ODD_VALUES) + 1)]
    for slug, values in zip(odd, ODD_VALUES, strict=True):
        sidecar = add(there, slug)
        sidecar.write_text(json.dumps(json.loads(sidecar.read_text()) | values), "utf-8")
    for name, content in TEXTS.items():
        kind, _, end = name.partition(".")
        slug = f"2023-01-01-{kind}-{end.replace('.', '-')}"
        add(there, slug)
        (there.transcripts / SHOW / f"{slug}.{end}").write_bytes(content)
    for raw in NAMES:
        for part, last in (("media", b".json"), ("media", b".mp3"), ("transcripts", b".vtt")):
            place = os.fsencode(there.root / part / SHOW) + b"/" + raw + last
            Path(os.fsdecode(place)).write_bytes(b"{}")
    folder = there.media / "Pas un nom"
    folder.mkdir()
    (folder / "show.json").write_bytes(b"{}")
    return bad, odd


@pytest.mark.parametrize("send", [by_bag, by_mirror])
def test_what_is_bad_costs_one_line_and_no_page_nor_is_python_started_for_each(
    there: Archive, here: Archive, send: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of five thousand recordings that took some half an hour more."""
    begun, spawn = list[str](), sandbox._spawned

    def note(*asked: Any) -> Iterator[bytes | int]:
        begun.append(asked[2])
        yield from spawn(*asked)

    monkeypatch.setattr(sandbox, "_spawned", note)
    monkeypatch.setattr(sandbox, "_NURSES", {})  # without that of the tests
    bad, odd = worsen(there)
    done = send(there, here)
    assert begun == []
    assert "Traceback" not in done.stderr
    taken = {each.slug for each in here.episodes()}
    assert {GOOD, THIRD} <= taken, done.stderr
    assert [slug for slug in bad if not said_of(done, slug)] == []
    assert [path for slug in bad for path in here.root.glob(f"[!c]*/*/{slug}*")] == []
    assert [slug for slug in odd if slug not in taken and not said_of(done, slug)] == []
    texts = {slug for slug in taken if slug.startswith("2023-01-01-")}
    assert taken == {GOOD, THIRD, *texts, *(taken & {*odd})}
    told = {name for name in named(here) if "-odd" not in name}
    assert {name.split("-")[3] for name in told} <= TAKEN
    if send is by_bag:  # what came by a mirror is shown likewise
        all_well(here)
        client = visit(here, "https://radio.example")
        for slug in (*taken, *odd):
            key = f"{SHOW}/{slug}"
            for page in (f"/shows/{key}?q=bonjour", f"/transcripts/{key}.srt"):
                assert client.get(page).status_code in (200, 404, 409), page
