"""Fixity: a flipped bit is found in every store, an edit is no damage, and years are remembered."""

import datetime as dt
import os
import random
import re
import time
from pathlib import Path

import pytest

from radio.actions.editing import edit, write
from radio.archive import Archive, fixity, fixity_log, journal
from radio.archive.check import Finding, check
from radio.archive.fixity import DAY, FixityReader, prove_read, read_again
from radio.archive.stores import STORES
from tests.samples import STREET, put

NAMES = {"show": "emission", "slug": STREET, "act": "20260101-000000-000000", "audio": "mp3"}
NAMES |= {"picture": f"{STREET}.jpg", "logo": "logo.png", "work": "checkpoint", "number": "1"}
NAMES |= {"text": "txt", "file": "vtt", "upload": "abcdefghijklmnopabcd", "month": "2026-01"}


def file_of(path: str) -> str:
    named = re.sub(r"<(\w+)>", lambda each: NAMES[each[1]], path).replace("**", "transcripts")
    return f"{named}letter.txt" if named.endswith("/") else named


FILES = [file_of(row.path) for row in STORES]


@pytest.fixture
def full(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """A file of some bytes in every store, read once; what was just written need not be flushed."""
    monkeypatch.setattr(fixity, "_let_go", lambda _: None)
    drawn = random.Random(11)
    for path in FILES:
        (archive.root / path).parent.mkdir(parents=True, exist_ok=True)
        (archive.root / path).write_bytes(drawn.randbytes(drawn.randint(1, 900)))
    read(archive)
    return archive


def read(archive: Archive, *some: str) -> dict[str, str]:
    """What is found by reading all files, or some, again."""
    reader = FixityReader(archive)
    found = read_again(reader, some or reader.files)
    return {each.path: each.found for each in found if each.found != "whole"}


def flip(path: Path, bit: int, since: float | None = None) -> None:
    """Flip a bit as a failing disk does: nobody wrote the file."""
    status, content = path.stat(), bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_each_of_two_hundred_flipped_bits_is_found_in_every_store(full: Archive) -> None:
    drawn, flips = random.Random(29), 0
    assert {*FILES} <= {*FixityReader(full).files}
    while flips < 200:
        bits = {path: drawn.randrange(8 * (full.root / path).stat().st_size) for path in FILES}
        for path, bit in bits.items():
            flip(full.root / path, bit)
        reader = FixityReader(full)
        found = [
            each.path for path in FILES if (each := reader.read(path)) and each.found == "damaged"
        ]
        assert found == FILES
        for path, bit in bits.items():
            flip(full.root / path, bit)
        flips += len(bits)
    assert read(full).keys().isdisjoint(FILES)


def test_what_a_person_wrote_is_no_damage(full: Archive) -> None:
    text, journal_file = (
        FILES[FILES.index(f"transcripts/emission/{STREET}.vtt")],
        "desk/journal.jsonl",
    )
    (full.root / text).write_bytes(b"WEBVTT, by hand")
    journal.note(full.root, "edit", key="emission/x")
    moved = full.root / "media" / "emission" / "2024-01-17-y.json"
    (full.root / f"media/emission/{STREET}.json").rename(moved)
    found = read(full)
    assert (found[text], found[journal_file]) == ("changed", "grown")
    assert moved.relative_to(full.root).as_posix() not in found
    flip(moved, 0)
    flip(full.root / journal_file, 0)
    journal.note(full.root, "edit", key="emission/z")  # it has another time now
    names = [moved.relative_to(full.root).as_posix(), journal_file]
    assert read(full, *names) == dict.fromkeys(names, "damaged")
    assert fixity_log.damaged(full.root).keys() == {names[0], names[1]}
    flip(moved, 0)
    assert read(full, names[0]) == {}  # whole again


def test_what_a_person_wrote_is_told_and_not_what_the_program_wrote(archive: Archive) -> None:
    put(archive, STREET)
    assert list(check(archive)) == []
    archive.vtt_path(f"emission/{STREET}").write_text(
        "WEBVTT\n\n00:00.000 --> 00:01.000\nÀ la main.\n"
    )
    write(archive, [edit(archive, f"emission/{STREET}", {"title": "Autre"})])
    told = list[Finding]()
    assert list(check(archive, tell=told.append)) == []
    today = dt.date.today().isoformat()
    assert [(each.path.suffix, each.detail) for each in told] == [
        (".vtt", f"changed by hand on {today}")
    ]


def test_a_file_that_moved_before_it_rotted_is_known(full: Archive) -> None:
    old, new = (
        full.root / f"media/emission/{STREET}.json",
        full.root / "media/emission/2024-01-17-y.json",
    )
    old.rename(new)
    flip(new, 3)
    assert read(full, "media/emission/2024-01-17-y.json") == {
        "media/emission/2024-01-17-y.json": "damaged"
    }


def test_a_killed_reading_goes_on_where_it_was(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        path = archive.media / "emission" / f"2024-01-1{number}-x.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(str(number))
        os.utime(path, (0, 10 * DAY + number))
    monkeypatch.setattr(fixity, "OFTEN", 2)
    first = FixityReader(archive)
    readings = read_again(first, first.due())
    for _each in range(3):
        next(readings)
    log = next((archive.root / fixity_log.FOLDER).glob("*.jsonl"))
    with log.open("ab") as file:
        file.write(b'{"when": "2026-01-01T00:00:00+00:00", "found": "new", "pa')
    left = FixityReader(archive).due()
    assert [path[23:25] for path in left] == ["12", "13", "14", "15"]
    readings.close()
    assert len(fixity_log.read_log(archive.root).whole) == 3
    assert b'"pa\n{' in log.read_bytes()  # half a line loses itself alone


def test_the_log_tells_years_later_when_each_was_whole(archive: Archive) -> None:
    episode = put(archive, STREET)
    episodes, path = [episode], f"media/emission/{STREET}.mp3"
    assert prove_read(archive, episodes) == fixity.Proof()
    late = time.time() + 100 * DAY
    assert prove_read(archive, episodes, late).late == 1  # it came, and was never read
    read(archive)
    now = time.time()  # after the reading, which is written to the second
    assert prove_read(archive, episodes, now + 31.5 * DAY) == fixity.Proof(1, 31, 0)
    assert prove_read(archive, episodes, now + 91 * DAY) == fixity.Proof(1, 91, 1)
    assert path not in FixityReader(archive).due(now + 59 * DAY)
    assert path in FixityReader(archive).due(now + 61 * DAY)
    flip(archive.audio_path(episode), 9000)
    read(archive)
    assert prove_read(archive, episodes) == fixity.Proof(0, None, 0)
    months = [each.read_bytes() for each in (archive.root / fixity_log.FOLDER).glob("*.jsonl")]
    assert all(path.encode() in each for each in months)


def test_what_is_forgotten_leaves_no_hash_to_guess_it_by(full: Archive) -> None:
    path = f"transcripts/emission/{STREET}.vtt"
    known = fixity_log.read_log(full.root).known[path].sha256
    (full.root / path).unlink()
    fixity_log.forget(full.root, lambda each: each == path)
    left = b"".join(each.read_bytes() for each in (full.root / fixity_log.FOLDER).iterdir())
    assert known.encode() not in left and f'"{path}"'.encode() not in left
    journal.keep(full.root, lambda _: None)  # written anew, not appended to
    assert {*read(full).values()} <= {"new", "grown"}
