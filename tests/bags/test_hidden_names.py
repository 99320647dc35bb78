"""A name that was replaced comes back from no copy of the archive: bag, ZIP, folder or mirror."""

import re
import shutil
import threading
from collections import Counter
from pathlib import Path

import bagit
import pytest
from werkzeug.serving import make_server

from radio.actions.pseudonymising import Replacement, replace_name
from radio.archive import Archive
from radio.archive.episode import Show
from radio.archive.pseudonyms import (
    FOLDER,
    Pseudonyms,
    add_pseudonyms,
    pseudonym_of,
    pseudonyms_for,
)
from radio.bags.export import export_bag
from radio.cli.intake import take_bag
from radio.ingest.run import IngestRun
from radio.mirror.copy import open_copy
from radio.search import Index
from radio.system.disk import write_whole
from radio.system.errors import ArchiveError, TranscriptError
from radio.text.transcript import Cue
from radio.transcribe.pool import local_pool
from radio.transcribe.recipes import plan, plan_improvements, unheard
from radio.transcribe.renewal import renew
from radio.web.site import create_app
from radio.work.queue import Passes, Queue
from tests.bags.site import WHOLE
from tests.fakes import Naming
from tests.heard import write_cues, write_evidence
from tests.processes import command
from tests.samples import CITY, ROOT, STREET, files_in, put_all
from tests.web.sites import visit

NAME, SHOWN = "Zoé Zimmermann", "Camille"
KEY, LATER = f"emission/{STREET}", f"emission/{CITY}"
EVERYWHERE: tuple[str, ...] = ()


@pytest.fixture
def named(archive: Archive) -> Archive:
    put_all(archive, STREET, CITY, is_short=True)
    archive.vtt_path(LATER).unlink()
    write_cues(archive, KEY, Cue(0, 2, f"Bonjour {NAME}."), status="machine")
    write_evidence(archive, KEY, duration=8.0, model="tiny")
    return archive


def hide(archive: Archive, *keys: str) -> None:
    assert replace_name(archive, keys, Replacement(NAME, SHOWN, forget=True)) == [KEY]


def hear_again(archive: Archive, key: str) -> str:
    """Have an episode heard anew by an engine that hears the name; give its text."""
    with local_pool(Naming()) as pool:
        renew(archive, archive.episode(key), pool)
    return archive.vtt_path(key).read_text(encoding="utf-8")


def naming(archive: Archive) -> list[str]:
    """The files in which the name stands, the recordings left out."""
    files = files_in(archive.root)
    return [path for path in files if path[-4:] != ".mp3" and b"zimmermann" in files[path].lower()]


@pytest.fixture
def other(tmp_path: Path) -> Archive:
    made = Archive(tmp_path / "other")
    made.create()
    return made


def take(archive: Archive, bag: Path) -> Counter[str]:
    tally = Counter[str]()
    take_bag(archive, bag, tally, run=IngestRun(archive.root))
    return tally


@pytest.mark.parametrize("keys", [(KEY,), EVERYWHERE])
def test_the_bag_of_a_keeper_keeps_a_name_replaced(
    named: Archive, other: Archive, tmp_path: Path, keys: tuple[str, ...]
) -> None:
    hide(named, *keys)
    export_bag(named, tmp_path / "bag")
    assert bagit.Bag(str(tmp_path / "bag")).validate()
    assert not take(other, tmp_path / "bag")["refused"]
    for key in keys or (KEY, LATER):
        assert f"{SHOWN}." in hear_again(other, key)
    assert naming(other) == []
    assert (other.root / "desk").stat().st_mode & 0o077 == 0
    assert not take(other, tmp_path / "bag")["taken"]


def skipped() -> tuple[str, ...]:
    """What a copy of the folder leaves out, as the README says in both its languages."""
    found = set[tuple[str, ...]]()
    for name in ("README.md", "README.en.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        (told,) = re.findall(r"\*\*(?:L’archive est son dossier|The archive is its).*?\*\*", text)
        found.add(tuple(re.findall(r"`(\w+)/`", told)))
    (skipped,) = found
    return skipped


def test_a_folder_copied_as_told_keeps_a_name_replaced(named: Archive, tmp_path: Path) -> None:
    hide(named, *EVERYWHERE)
    Index(named).refresh()
    ignore = shutil.ignore_patterns(*skipped())
    copy = Archive(shutil.copytree(named.root, tmp_path / "copy", ignore=ignore))
    assert not (copy.cache.exists() or copy.index.exists())
    assert f"{SHOWN}." in hear_again(copy, KEY)
    assert naming(copy) == []


def test_a_public_bag_brings_no_name_back(named: Archive, other: Archive, tmp_path: Path) -> None:
    hide(named, KEY)
    (tmp_path / "bag.zip").write_bytes(visit(named).get(WHOLE).data)
    take(other, tmp_path / "bag.zip")
    assert not (other.root / FOLDER).exists()
    with pytest.raises(TranscriptError, match="it is not known here which one"):
        hear_again(other, KEY)
    passes = Passes("base", "large")
    assert Queue(named).better(passes) and not Queue(other).better(passes)
    with local_pool(Naming()) as pool:
        assert plan_improvements(named, (), pool.provenance)
        assert not plan_improvements(other, (), pool.provenance)
    assert [job.key for job in plan(other)] == [LATER]
    assert naming(other) == []


def test_a_mirror_brings_no_name_back(named: Archive, tmp_path: Path) -> None:
    hide(named, *EVERYWHERE)
    copy = Archive(tmp_path / "copy")
    site = make_server("127.0.0.1", 0, create_app(named, Index(named)), threaded=True)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    with open_copy(copy, f"http://127.0.0.1:{site.port}") as pulled:
        for unit in pulled.difference.units:
            pulled.take(unit, lambda _: None)
        pulled.finish()
    site.shutdown()
    site.server_close()
    assert SHOWN in copy.vtt_path(KEY).read_text(encoding="utf-8")
    assert not (copy.root / FOLDER).exists()
    for key in (KEY, LATER):  # nothing tells of the later one that a name is replaced in it
        with pytest.raises(ArchiveError, match="a copy; do it in the original"):
            hear_again(copy, key)
    assert not unheard(copy) and not Queue(copy).better(Passes("base", "large"))
    refused = command(copy, "transcribe", check=False)
    assert refused.returncode == 1 and "a copy; do it in the original" in refused.stderr
    assert naming(copy) == []


def test_a_bag_brings_names_beside_ours(archive: Archive, other: Archive, tmp_path: Path) -> None:
    theirs, ours = pseudonym_of(NAME, SHOWN), pseudonym_of("Ali", "Zoé")
    add_pseudonyms(archive.root, "all", Pseudonyms((theirs,)))
    add_pseudonyms(archive.root, KEY, Pseudonyms((theirs,)))
    export_bag(archive, tmp_path / "bag")
    other.write_show(Show("autre", "La nôtre"))
    add_pseudonyms(other.root, KEY, Pseudonyms((ours,)))
    take(other, tmp_path / "bag")
    assert pseudonyms_for(other.root, [LATER]) == (theirs,)
    assert pseudonyms_for(other.root, [KEY]) == (theirs, ours, theirs)
    assert pseudonyms_for(other.root, ["autre/2026-01-01-x"]) == ()
    assert not take(other, tmp_path / "bag")["taken"]


EMPTY = '{"version": 1, "pseudonyms": []}'
HOSTILE = {"emission/x.json": "[]", "emission/deep/x.json": EMPTY, "Emission/x.json": EMPTY}
HOSTILE["all.json"] = EMPTY.replace("[]", '[{"size": 0, "salt": "", "digest": "", "shown": ""}]')
HOSTILE["x.txt"] = ""


def test_only_name_hashes_reach_a_desk(archive: Archive, other: Archive, tmp_path: Path) -> None:
    export_bag(archive, tmp_path / "bag")
    data = tmp_path / "bag" / "data"
    for name, text in HOSTILE.items():
        write_whole(data / FOLDER / name, text.encode())
    write_whole(data / "desk" / "accounts.json", b"{}")
    bagit.Bag(str(tmp_path / "bag")).save(manifests=True)
    assert take(other, tmp_path / "bag")["refused"] == len(HOSTILE)
    assert not (other.root / "desk").exists()


def test_hashes_of_names_that_can_not_be_read_stop_their_episode_alone(named: Archive) -> None:
    hide(named, KEY)
    (named.root / FOLDER / f"{KEY}.json").write_text("{", encoding="utf-8")
    named.vtt_path(KEY).unlink()
    assert {job.key for job in plan(named)} == {KEY, LATER}
    with pytest.raises(ArchiveError, match=STREET):
        hear_again(named, KEY)
