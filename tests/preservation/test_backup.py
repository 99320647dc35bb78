"""Copies of a whole archive, by the real rsync and the real restic: made, read back, cut, damaged,
tried and brought back."""

import datetime as dt
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from radio.archive import Archive
from radio.archive.check import check
from radio.archive.episode import Show
from radio.archive.losses import INVENTORY
from radio.preservation.backup import back_up, choose
from radio.preservation.copies import (
    HASHES,
    Copies,
    Snapshot,
    backups,
    contents_of,
    kept,
    parse_hashes,
)
from radio.preservation.restic import ResticCopies
from radio.preservation.restore import drill, restore, restore_some
from radio.preservation.rsync import DRAFT
from radio.system.disk import write_whole
from radio.system.errors import ArchiveError, LossError, ProgramError
from tests.patience import until
from tests.processes import call, radio
from tests.samples import CITY, STREET, files_in, put

KEY = f"emission/{CITY}"
SOUND, TEXT = f"media/{KEY}.mp3", f"transcripts/{KEY}.vtt"
ODD = (
    "inbox/à\nla ligne.txt",
    "inbox/[a]*\\#012 b.txt",
    os.fsdecode(b"inbox/\xe9t\xe9 $HOME;ls.txt"),
)
SSH = '#!/bin/sh\nwhile [ "${1#radio@}" != machine ]; do shift; done; shift\nexec sh -c "$*"\n'
RSYNC = shutil.which("rsync") or "rsync"
ALL = 1  # every file is read back


BOTH = ["rsync", pytest.param("restic", marks=pytest.mark.torture)]  # a minute each


@pytest.fixture(params=BOTH)
def copies(
    stocked: Archive,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Copies:
    """Where copies go, of an archive with files of odd names, half files and links."""
    for each in ODD:
        write_whole(stocked.root / each, each.encode(errors="surrogateescape"))
    for each in (".x.mp3.1.2.part", "index/x", "cache/x"):
        (stocked.root / each).parent.mkdir(exist_ok=True)
        (stocked.root / each).write_text("derived")
    (stocked.media / "emission" / "link.mp3").symlink_to("/etc/passwd")
    (tmp_path / "secret").write_text("mot de passe")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "restic"))
    monkeypatch.setenv("RESTIC_PASSWORD_FILE", str(tmp_path / "secret"))
    return there(stocked, tmp_path, request.param)


def there(archive: Archive, folder: Path, program: str = "rsync") -> Copies:
    (folder / "copies").mkdir(exist_ok=True)
    return choose(archive.root, str(folder / "copies"), program)


def truth(root: Path) -> dict[str, bytes]:
    return {path: (root / path).read_bytes() for path in contents_of(root).files}


def flip(path: Path, place: int = -3) -> None:
    """Change a bit, and nothing that tells of it."""
    status, content = path.stat(), bytearray(path.read_bytes())
    content[place] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def last_of(folder: Path) -> Path:
    return max((folder / "copies").glob("2*Z"))


def test_a_whole_archive_is_copied_and_comes_back(
    stocked: Archive, copies: Copies, tmp_path: Path
) -> None:
    before = truth(stocked.root)
    made = back_up(stocked, copies)
    assert (made.faults, made.files, made.fresh) == ((), len(before), len(before))
    stocked.write_show(Show("autre", "Autre"))
    put(stocked, STREET, "autre")
    again = back_up(stocked, copies, keep_all=True)
    assert again.fresh == 5 and len(copies.every()) == 2  # and the notes of the first copy
    done = restore(copies, tmp_path / "back")
    assert (done.damaged, done.mended, done.lacking) == ([], {}, {})
    whole = truth(tmp_path / "back")
    whole.pop("desk/backups.json")
    assert whole.keys() == before.keys() | set(kept_files(stocked, "autre"))
    assert whole.items() >= before.items() and set(ODD) < whole.keys()
    assert not (tmp_path / "back/index").exists() and not (tmp_path / "back/cache/x").exists()
    assert [each.kind for each in check(Archive(tmp_path / "back"))] == []
    with pytest.raises(ArchiveError, match=r"not empty"):
        restore(copies, tmp_path / "back")
    first = restore(copies, tmp_path / "first", made.copy.name)
    assert truth(tmp_path / "first") == before and first.copy == made.copy


def kept_files(archive: Archive, show: str) -> list[str]:
    return [path for path in truth(archive.root) if path.split("/")[1:2] == [show]]


def test_what_did_not_change_takes_no_room_and_its_list_needs_no_program_of_ours(
    stocked: Archive, tmp_path: Path
) -> None:
    copies = there(stocked, tmp_path)
    for each in ODD:
        write_whole(stocked.root / each, b"x")
    for _each in range(2):
        back_up(stocked, copies, keep_all=True)
    one, two = sorted((tmp_path / "copies").glob("2*Z"))
    assert (one / SOUND).stat().st_ino == (two / SOUND).stat().st_ino
    words = ["sha256sum", "--check", "--strict", "--quiet", HASHES]
    assert subprocess.run(words, cwd=two, check=False).returncode == 0
    assert (two / INVENTORY).read_bytes() == (stocked.root / INVENTORY).read_bytes()


def test_media_on_another_disk_behind_a_link_are_copied_too(
    stocked: Archive, tmp_path: Path
) -> None:
    stocked.media.rename(tmp_path / "elsewhere")
    stocked.media.symlink_to(tmp_path / "elsewhere")
    back_up(stocked, there(stocked, tmp_path))
    assert not (last_of(tmp_path) / "media").is_symlink()
    assert (last_of(tmp_path) / SOUND).read_bytes() == (stocked.root / SOUND).read_bytes()
    by_restic = ResticCopies(str(tmp_path / "copies"), stocked.root)
    with pytest.raises(ArchiveError, match="mount --bind"):
        by_restic.begin(True, 0)


def test_days_weeks_months_and_years_stay() -> None:
    first = dt.datetime(2024, 1, 1, 3, 30, tzinfo=dt.UTC)
    every = [Snapshot(str(each), first + dt.timedelta(days=each)) for each in range(3 * 365)]
    stay = sorted(f"{each.when:%Y-%m-%d}" for each in kept(every))
    days = [f"2026-12-{day}" for day in (24, 25, 26, 27, 28, 29, 30)]
    assert stay == sorted(
        ["2024-12-31", "2025-12-31", "2026-12-13", "2026-12-20", *days]
        + [f"2026-{month}" for month in ("01-31", "02-28", "03-31", "04-30", "05-31", "06-30")]
        + [f"2026-{month}" for month in ("07-31", "08-31", "09-30", "10-31", "11-30")]
    )
    assert kept(every[:1]) == {every[0]}


def test_no_copy_is_made_of_an_archive_that_lost_an_episode(
    stocked: Archive, copies: Copies, tmp_path: Path
) -> None:
    """The newest copy is the one that is brought back."""
    back_up(stocked, copies)
    lost = {each: (stocked.root / each).read_bytes() for each in (SOUND, f"media/{KEY}.json", TEXT)}
    for each in lost:
        (stocked.root / each).unlink()
    shutil.rmtree(stocked.cache)  # with what remembers them here
    with pytest.raises(LossError, match=f"\n{TEXT}"):
        back_up(stocked, copies)
    (made,) = copies.every()
    brought, stay = restore_some(stocked, copies, KEY)
    assert ({*lost} <= {*brought}, stay) == (True, [])
    assert {each: (stocked.root / each).read_bytes() for each in lost} == lost
    (stocked.root / TEXT).write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nRelu.\n")
    assert restore_some(stocked, copies, KEY) == ([], [TEXT])  # a word of a person stays
    shutil.rmtree(stocked.media / "emission")
    stocked.create()
    assert back_up(stocked, copies, accept=True, keep_all=True).copy != made
    back = restore(copies, tmp_path / "back", made.name)
    assert (tmp_path / "back" / SOUND).read_bytes() == lost[SOUND] and not back.lacking


def test_a_disk_that_is_away_gets_no_first_copy_again(stocked: Archive, tmp_path: Path) -> None:
    copies = there(stocked, tmp_path)
    back_up(stocked, copies)
    shutil.rmtree(tmp_path / "copies")
    (tmp_path / "copies").mkdir()  # the bare mount point
    with pytest.raises(LossError, match="is the disk connected"):
        back_up(stocked, copies)
    assert not list((tmp_path / "copies").iterdir())
    assert back_up(stocked, copies, accept=True).fresh > 10
    (tmp_path / "copies").rename(tmp_path / "away")
    with pytest.raises(ArchiveError, match="no folder here"):
        choose(stocked.root, str(tmp_path / "copies"))


def test_a_copy_that_is_killed_is_gone_on_with(stocked: Archive, tmp_path: Path) -> None:
    """At any moment the last whole copy is the newest one that is listed."""
    back_up(stocked, there(stocked, tmp_path))
    whole, slow = last_of(tmp_path), tmp_path / "bin" / "rsync"
    write_whole(stocked.root / "inbox/long.wav", os.urandom(3_000_000))
    slow.parent.mkdir()
    slow.write_text(f'#!/bin/sh\nexec {RSYNC} --bwlimit=300 "$@"\n')
    slow.chmod(0o755)
    words = [sys.executable, "-m", "radio", "backup", str(tmp_path / "copies")]
    env = {**os.environ, "PATH": f"{slow.parent}:{os.environ['PATH']}"}
    draft = tmp_path / "copies" / DRAFT
    with subprocess.Popen([*words, "--root", str(stocked.root)], env=env) as process:
        until(lambda: any(each.stat().st_size for each in draft.glob("inbox/.long.wav.*")))
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert last_of(tmp_path) == whole and draft.is_dir()
    (stocked.root / "media/emission/.secret.json").unlink()  # it is in the draft
    made = back_up(stocked, there(stocked, tmp_path), parts=ALL)
    assert (made.faults, draft.exists()) == ((), False)
    listed = parse_hashes((last_of(tmp_path) / HASHES).read_bytes())
    assert set(files_in(last_of(tmp_path))) == {*listed, HASHES, INVENTORY}


def test_a_disk_that_fills_up_costs_no_older_copy(
    stocked: Archive, copies: Copies, tmp_path: Path
) -> None:
    """A file may grow to so many bytes, as on a disk without room for more."""
    back_up(stocked, copies)
    before = files_in(tmp_path / "copies")
    write_whole(stocked.root / "inbox/long.wav", os.urandom(3_000_000))
    words = [sys.executable, "-m", "radio", "backup", copies.place, "--root", str(stocked.root)]
    limits = (resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))
    done = subprocess.run(
        words, capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(*limits),
    )  # fmt: skip
    assert (done.returncode, copies.kind in done.stderr) == (1, True), done.stderr
    assert "Traceback" not in done.stderr
    assert len(copies.every()) == 1
    kept = {path: text for path, text in before.items() if not path.startswith("locks")}
    assert kept.items() <= files_in(tmp_path / "copies").items()
    made = back_up(stocked, copies)
    assert made.fresh == 2 and len(copies.every()) == 1  # of this day


def test_a_disk_is_not_filled_to_the_last_byte(
    stocked: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = there(stocked, tmp_path)
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=50_000))
    with pytest.raises(ArchiveError, match="make room"):
        back_up(stocked, copies)
    assert not list((tmp_path / "copies").iterdir())


def test_what_changes_during_a_copy_is_whole_in_it(
    stocked: Archive, copies: Copies, tmp_path: Path
) -> None:
    """Texts that change together are in the copy as they were at one moment."""
    pair = [stocked.root / f"transcripts/emission/{each}.source.txt" for each in (STREET, CITY)]
    ended, rounds = threading.Event(), 0

    def write() -> None:
        nonlocal rounds
        while not ended.is_set():
            rounds += 1
            with stocked.lock():
                for each in pair:
                    write_whole(each, f"{rounds:09}".encode())
            ended.wait(0.02)

    writer = threading.Thread(target=write)
    writer.start()
    until(lambda: rounds)
    try:
        begun, made, left = rounds, back_up(stocked, copies, parts=ALL), rounds
    finally:
        ended.set()
        writer.join()
    assert left > begun and made.faults == ()
    done = restore(copies, tmp_path / "back")
    one, two = ((tmp_path / "back" / each.relative_to(stocked.root)).read_text() for each in pair)
    assert one == two and not done.damaged


def test_a_damaged_copy_is_found_and_made_whole(stocked: Archive, tmp_path: Path) -> None:
    copies = there(stocked, tmp_path)
    back_up(stocked, copies)
    good = shutil.copytree(last_of(tmp_path), tmp_path / "copies/2020-01-01T000000Z")
    for each in (SOUND, TEXT):
        flip(last_of(tmp_path) / each)
    tried = drill(stocked, copies, lambda *_: True)
    assert sorted(each.partition(" ")[0] for each in tried.faults) == [f"{SOUND}:", f"{TEXT}:"]
    assert [each.faults for each in backups(stocked.root)] == [2]
    back = restore(copies, tmp_path / "back")
    assert back.mended == dict.fromkeys((SOUND, TEXT), good.name)
    assert (tmp_path / "back" / SOUND).read_bytes() == (stocked.root / SOUND).read_bytes()
    shutil.rmtree(good)
    alone = restore(copies, tmp_path / "alone")
    assert alone.damaged == [SOUND, TEXT]
    told = call("restore", copies.place, str(tmp_path / "told"), check=False)
    assert told.returncode == 1 and f"{tmp_path}/told/{TEXT}: damaged in all" in told.stderr
    made = back_up(stocked, copies, parts=ALL)
    assert [each.partition(" ")[0] for each in made.faults] == [f"{SOUND}:", f"{TEXT}:"]
    assert len(copies.every()) == 2  # none goes while one is in doubt
    assert not drill(stocked, copies, lambda *_: True).faults
    assert back_up(stocked, copies, parts=ALL).faults == ()


@pytest.mark.long
@pytest.mark.parametrize("copies", ["restic"], indirect=True)
def test_a_damaged_repository_is_found(stocked: Archive, copies: Copies, tmp_path: Path) -> None:
    before = truth(stocked.root)
    assert back_up(stocked, copies).faults == ()
    restore(copies, tmp_path / "back")
    assert truth(tmp_path / "back") == before
    for each in (tmp_path / "copies/data").rglob("*"):
        if each.is_file() and each.stat().st_size > 100_000:
            flip(each, 50_000)
    with pytest.raises(ProgramError, match="restic"):
        back_up(stocked, copies, parts=ALL)
    assert len(copies.every()) == 1
    assert drill(stocked, copies, lambda *_: True).faults


def test_a_file_that_is_damaged_here_stops_no_copy(stocked: Archive, tmp_path: Path) -> None:
    copies = there(stocked, tmp_path)
    back_up(stocked, copies)
    flip(stocked.root / SOUND)  # the copy keeps what it was
    made = back_up(stocked, copies, parts=ALL)
    assert made.faults == ()
    assert not drill(stocked, copies, lambda *_: True).faults
    assert (last_of(tmp_path) / SOUND).read_bytes() != (stocked.root / SOUND).read_bytes()


def test_a_copy_of_before_comes_back_and_an_older_program_takes_one_of_now(
    stocked: Archive, tmp_path: Path
) -> None:
    """As `deploy/backup` and `deploy/restore` of 0.2.0 did: folders by day, the newest one."""
    radio("check", "--root", str(stocked.root))
    copies, old = there(stocked, tmp_path), tmp_path / "copies/2026-01-01T033000Z"
    how = ["--archive", "--exclude", "/index/", "--include", f"/{INVENTORY}"]
    how += ["--exclude", "/cache/*", "--exclude", ".*.part"]
    subprocess.run([RSYNC, *how, f"{stocked.root}/", f"{old}/"], check=True)
    (tmp_path / "copies/.2026-01-02T033000Z.part").mkdir()  # one that was cut short
    done = restore(copies, tmp_path / "back")
    assert (done.has_list, truth(tmp_path / "back")) == (False, truth(stocked.root))
    back_up(stocked, copies)
    names = sorted(each.name for each in (tmp_path / "copies").iterdir())
    assert names == [old.name, last_of(tmp_path).name]
    assert (last_of(tmp_path) / SOUND).stat().st_ino == (old / SOUND).stat().st_ino
    newest = last_of(tmp_path)
    subprocess.run([RSYNC, "--archive", f"{newest}/", f"{tmp_path}/older/"], check=True)
    assert truth(tmp_path / "older") == truth(tmp_path / "back")
    assert not list(check(Archive(tmp_path / "older")))


def test_copies_go_to_another_machine(
    stocked: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real rsync at both ends; what stands for ssh runs what it is asked in a shell."""
    shell, folder = tmp_path / "bin" / "ssh", tmp_path / "là bas"
    shell.parent.mkdir()
    shell.write_text(SSH)
    shell.chmod(0o755)
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{shell.parent}:{os.environ['PATH']}")
    for each in ODD:
        write_whole(stocked.root / each, b"x")
    copies = choose(stocked.root, f"radio@machine:{folder}")
    assert (copies.kind, copies.every()) == ("rsync", [])
    assert back_up(stocked, copies).faults == ()
    (made,) = folder.iterdir()
    for each in (SOUND, ODD[0]):
        flip(made / each, 0)
    assert len(back_up(stocked, copies, parts=ALL).faults) == 2
    restore(copies, tmp_path / "back")
    was, now = (truth(each) for each in (tmp_path / "back", stocked.root))
    assert was.keys() == now.keys() and was[ODD[0]] == b"x" and was[SOUND] == now[SOUND]
    assert back_up(stocked, copies).faults == ()
    assert [each.name for each in folder.iterdir()] == [copies.every()[-1].name]  # of this day


def test_a_place_is_a_folder_or_another_machine(
    stocked: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wrong in ("", "-x", "--rsh=sh", "rsync://machine/x", "machine::x", "-e@machine:/x"):
        monkeypatch.setenv("RADIO_BACKUP", wrong)
        with pytest.raises(ArchiveError):
            choose(stocked.root)
    with pytest.raises(ArchiveError, match="in the archive itself"):
        choose(stocked.root, str(stocked.media))
    monkeypatch.delenv("RESTIC_PASSWORD_FILE", raising=False)
    assert there(stocked, tmp_path, "").kind == "rsync"
    monkeypatch.setenv("RESTIC_PASSWORD_FILE", "/nowhere")
    assert there(stocked, tmp_path, "").kind == "restic"
    (tmp_path / "copies/2026-01-01T033000Z").mkdir()
    assert there(stocked, tmp_path, "").kind == "rsync"
    for each in ("config", "keys", "snapshots"):
        (tmp_path / "copies" / each).mkdir()
    assert there(stocked, tmp_path, "").kind == "restic"
    url = "rest:https://lou:mot@machine/x"
    assert choose(stocked.root, url).place == "rest:https://…@machine/x"


def test_a_drill_searches_and_plays(stocked: Archive, tmp_path: Path) -> None:
    copies = there(stocked, tmp_path)
    assert call("backup", copies.place, "--root", str(stocked.root)).returncode == 0
    (tmp_path / "aside").mkdir()
    words = ["backup", copies.place, "--drill", "--root", str(stocked.root)]
    done = call(*words, TMPDIR=str(tmp_path / "aside"))
    assert "voici" in done.stdout and "emission/" in done.stdout
    (row,) = backups(stocked.root)
    assert row.tried >= row.made > "" and row.faults == 0
    assert (stocked.root / "desk/backups.json").stat().st_mode & 0o777 == 0o600
    assert not list((tmp_path / "aside").iterdir())
