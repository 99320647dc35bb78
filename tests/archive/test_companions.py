"""What lies beside sound and texts is proved too: what is sealed, in the trash, at the desk."""

import os
import shutil
from pathlib import Path

import pytest

from radio.actions.deletion import empty_trash
from radio.actions.pseudonymising import Replacement, replace_name
from radio.actions.redacting import Request, redact, unseal
from radio.archive import Archive
from radio.archive.check import check
from radio.system.checksums import Checksums
from radio.system.errors import ArchiveError
from tests.processes import command
from tests.samples import STREET, delete_episode, put_all

KEY = f"emission/{STREET}"


@pytest.fixture
def short(archive: Archive) -> Archive:
    put_all(archive, STREET, is_short=True)
    return archive


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)


def found(archive: Archive) -> list[tuple[str, str]]:
    findings = check(archive)
    return [(each.kind, each.path.relative_to(archive.root).as_posix()) for each in findings]


def test_a_damaged_original_is_not_given_back_as_whole(short: Archive) -> None:
    redact(short, KEY, Request(6.0, 7.0, "seal"))
    assert found(short) == []
    (sealed,) = short.root.glob("sealed/*/media/*/*.mp3")
    place = sealed.relative_to(short.root).as_posix()
    before = short.audio_path(short.episode(KEY)).read_bytes()
    flip(sealed)
    assert found(short) == [("damaged", place)]
    with pytest.raises(ArchiveError, match=r"sealed/.*\.mp3: damaged"):
        unseal(short, KEY, is_sure=True)
    assert sealed.exists()
    assert short.audio_path(short.episode(KEY)).read_bytes() == before
    flip(sealed)
    content = sealed.read_bytes()
    sealed.unlink()
    assert found(short) == [("missing", place)]
    sealed.write_bytes(content)
    assert unseal(short, KEY, is_sure=True).redactions == ()
    redact(short, KEY, Request(6.0, 7.0, "destroy"))
    assert found(short) == []  # what was destroyed on purpose is not missed


def test_what_undo_would_need_is_missed(short: Archive) -> None:
    delete_episode(short, KEY)
    assert found(short) == []
    (sound,) = short.root.glob("trash/*/media/*/*.mp3")
    flip(sound)
    place = sound.relative_to(short.root).as_posix()
    assert found(short) == [("damaged", place)]
    sound.unlink()
    assert found(short) == [("missing", place)]
    empty_trash(short)
    assert found(short) == []
    (short.root / "gone.json").unlink()
    assert found(short) == [("missing", "gone.json")]


def test_a_copy_of_sound_and_texts_alone_is_no_whole_archive(short: Archive) -> None:
    redact(short, KEY, Request(6.0, 7.0, "seal"))
    replace_name(short, [KEY], Replacement("Bonjour", "Salut"))
    assert found(short) == []
    copy = Archive(short.root.with_name("copy"))
    for part in ("media", "transcripts"):
        shutil.copytree(short.root / part, copy.root / part)
    assert found(copy) == [("missing", "sealed"), ("missing", "desk/pseudonyms")]
    told = [each.detail for each in check(copy)]
    assert all(KEY in each and "restore" in each for each in told)
    command(copy, "check", "--yes")
    assert found(copy) == []


def test_a_word_that_rots_in_a_text_is_named(short: Archive) -> None:
    sums = Checksums(short.root)
    path = short.vtt_path(KEY)
    sums.measure("transcripts/emission", path.name)
    sums.keep()
    written = path.stat()
    path.write_bytes(path.read_bytes().replace(b"Bonjour", b"Bonsoir"))
    os.utime(path, ns=(written.st_atime_ns, written.st_mtime_ns))
    assert found(short) == [("damaged", f"transcripts/{KEY}.vtt")]
    os.utime(path)
    assert found(short) == []
