"""Damage is not given away as good, and is repaired from a copy where the hash fits."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from radio.actions.deletion import delete
from radio.actions.repairing import Repair, open_sources, repair, to_repair
from radio.actions.undoing import undo
from radio.archive import Archive, fixity_log, journal
from radio.archive.check import check, prove
from radio.bags.export import export_bag
from radio.bags.payload import Selection, public_files
from radio.mirror.manifest import list_files, list_withdrawals
from radio.search import Index
from radio.system.errors import ArchiveError, TranscriptError
from radio.transcribe.recipes import unheard
from radio.transcribe.transcription import require_may_hear
from radio.web.site import create_app
from tests.processes import command
from tests.samples import CITY, STREET, put_all
from tests.web.sites import visit

KEY = f"emission/{STREET}"
SOUND, TEXT = f"media/{KEY}.mp3", f"transcripts/{KEY}.vtt"


@pytest.fixture
def short(archive: Archive) -> Archive:
    put_all(archive, STREET, CITY, is_short=True)
    journal.note(archive.root, "edit", key=KEY)
    assert prove(archive).findings == 0
    return archive


def flip(path: Path) -> None:
    status, content = path.stat(), bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def mend(archive: Archive, place: Path | str) -> list[Repair]:
    findings = list(check(archive))
    with ExitStack() as held:
        sources = open_sources(archive, str(place), held)
        return repair(archive, to_repair(archive, findings), sources)


def test_a_damaged_recording_is_not_given_as_the_sound(short: Archive, tmp_path: Path) -> None:
    site, place = visit(short, "https://radio.example"), f"/media/{KEY}.mp3"
    assert site.get(place).status_code == 200
    export_bag(short, tmp_path / "bag")
    flip(short.root / SOUND)
    flip(short.root / f"transcripts/emission/{CITY}.vtt")
    list(check(short))
    answer = site.get(place)
    assert answer.status_code == 403 and "s’est abîmé ici" in answer.text
    assert site.get(f"/download/{KEY}.mp3").status_code == 403
    page = site.get(f"/shows/{KEY}?lang=en").text
    assert "the file was damaged here" in page and "<audio" not in page
    feed = site.get("/shows/emission/feed.xml").text
    assert f"{CITY}.mp3" in feed and f"{STREET}.mp3" not in feed
    public = {each.source for each in public_files(short, Selection(""))}
    assert {SOUND, f"transcripts/emission/{CITY}.vtt"}.isdisjoint(public)
    assert SOUND not in {each.path for each in list_files(short)}
    assert list(list_withdrawals(short)) == []  # copies have it whole
    proof = site.get("/fixity?lang=en").text
    assert "1 recording was damaged" in proof and "1 recording verified, all of them" in proof
    (short.root / TEXT).unlink()
    assert unheard(short) == []
    with pytest.raises((ArchiveError, TranscriptError), match="damaged"):
        require_may_hear(short, short.episode(KEY))
    before = (tmp_path / "bag" / "data" / SOUND).read_bytes()
    assert any("damaged" in each for each in export_bag(short, tmp_path / "bag").faults)
    assert (tmp_path / "bag" / "data" / SOUND).read_bytes() == before
    assert "Damaged or missing files: " in command(short, "status", check=False).stdout


def sources(short: Archive, tmp_path: Path) -> Iterator[str]:
    """A backup of two days, the newer one damaged as well; a bag; a site."""
    for day in ("2026-11-28T010000Z", "2026-11-29T010000Z"):
        shutil.copytree(short.root, tmp_path / "days" / day, ignore=shutil.ignore_patterns("cache"))
    flip(tmp_path / "days" / "2026-11-29T010000Z" / SOUND)
    yield str(tmp_path / "days")
    export_bag(short, tmp_path / "bag")
    yield str(tmp_path / "bag")
    copy = Archive(shutil.copytree(short.root, tmp_path / "original"))
    server = make_server("127.0.0.1", 0, create_app(copy, Index(copy)), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        server.server_close()


def test_damaged_and_missing_files_come_back_from_each_kind_of_copy(
    short: Archive, tmp_path: Path
) -> None:
    good = {path: (short.root / path).read_bytes() for path in (SOUND, TEXT)}
    for place in sources(short, tmp_path):
        flip(short.root / SOUND)
        bad = (short.root / SOUND).read_bytes()
        (short.root / TEXT).unlink()
        flip(short.root / "desk/journal.jsonl")
        found = {each.path: each for each in mend(short, place)}
        assert {path: (short.root / path).read_bytes() for path in good} == good, place
        assert all(place in found[path].source for path in good)
        assert fixity_log.damaged(short.root).keys() <= {"desk/journal.jsonl"}
        aside = [each.read_bytes() for each in short.root.glob(f"trash/*-repair/{SOUND}")]
        assert bad in aside
        if "days" not in place:  # what is private is in no other copy, and is named
            assert not found["desk/journal.jsonl"].source and found["desk/journal.jsonl"].tried
            flip(short.root / "desk/journal.jsonl")
            list(check(short))
    assert undo(short).what == "repair"
    assert (short.root / SOUND).read_bytes() == bad
    assert SOUND in fixity_log.damaged(short.root)


def test_other_bytes_are_refused_and_named(short: Archive, tmp_path: Path) -> None:
    other = shutil.copytree(short.root, tmp_path / "other")
    (other / SOUND).write_bytes(b"another recording")
    flip(short.root / SOUND)
    bad = (short.root / SOUND).read_bytes()
    done = command(short, "check", "--repair", "--from", str(other), check=False)
    assert done.returncode == 1
    assert f"not repaired: {SOUND}: {other}: is not there, or not as it was" in done.stderr
    assert (short.root / SOUND).read_bytes() == bad
    with pytest.raises(ArchiveError, match="neither a copy of an archive"):
        mend(short, tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    done = command(short, "check", "--repair", "--from", str(tmp_path / "empty"), check=False)
    assert done.returncode == 1 and "neither a copy" in done.stderr


def test_what_grew_since_the_copy_keeps_what_came_later(short: Archive, tmp_path: Path) -> None:
    copy, path = shutil.copytree(short.root, tmp_path / "copy"), short.root / "desk/journal.jsonl"
    flip(path)
    journal.note(short.root, "withdraw", key=KEY)
    (done,) = mend(short, copy)
    assert done.source == str(copy)
    assert path.read_bytes().startswith((copy / "desk/journal.jsonl").read_bytes())
    assert [each.what for each in journal.entries(short.root)] == ["repair", "withdraw", "edit"]
    assert list(check(short)) == []


def test_one_damaged_recording_keeps_no_other_episode_in_the_trash(
    short: Archive, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    other, copy = f"emission/{CITY}", shutil.copytree(short.root, tmp_path / "copy")
    flip(short.root / SOUND)  # and nobody has read it since
    act = delete(short, [KEY, other], reason="")
    assert act
    (text,) = short.root.glob(f"trash/*/transcripts/{other}.vtt")
    flip(text)
    undo(short, act.name)
    assert [each.key for each in short.episodes()] == [other, KEY]
    bad = {SOUND, f"transcripts/{other}.vtt"}
    assert fixity_log.damaged(short.root).keys() == bad
    assert all(f"{path}: damaged; " in caplog.text for path in bad)
    site = visit(short, "https://radio.example")
    assert site.get(f"/media/{KEY}.mp3").status_code == 403
    assert site.get(f"/media/{other}.mp3").status_code == 200
    assert {each.path for each in mend(short, copy) if each.source} == bad
    assert site.get(f"/media/{KEY}.mp3").status_code == 200
