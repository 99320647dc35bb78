"""What lies beside sound and texts is proved too: what is sealed, in the trash, at the desk."""

from pathlib import Path

import pytest

from radio.acts.redacting import Fate, Request, redact
from radio.acts.unsealing import unseal
from radio.archive import Archive
from radio.errors import ArchiveError
from tests.samples import STREET, put, shorten

KEY = f"emission/{STREET}"


@pytest.fixture
def short(archive: Archive) -> Archive:
    put(archive, STREET)
    shorten(archive, KEY)
    return archive


def take_out(archive: Archive, fate: Fate) -> None:
    redact(archive, KEY, Request(6.0, 7.0, fate))


def only(root: Path, pattern: str) -> Path:
    (found,) = root.glob(pattern)
    return found


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)


def test_a_damaged_original_is_not_given_back_as_whole(short: Archive) -> None:
    take_out(short, "seal")
    sealed = only(short.root, "sealed/*/media/*/*.mp3")
    before = short.audio_path(short.episode(KEY)).read_bytes()
    flip(sealed)
    with pytest.raises(ArchiveError, match=r"sealed/.*\.mp3: damaged"):
        unseal(short, KEY, is_sure=True)
    assert sealed.exists()
    assert short.audio_path(short.episode(KEY)).read_bytes() == before
    flip(sealed)
    assert unseal(short, KEY, is_sure=True).redactions == ()
