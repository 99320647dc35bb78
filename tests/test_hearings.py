"""Other hearings: kept beside the archive, and only as long as they are those of its evidence."""

import json
from pathlib import Path

import pytest

from radio import hearings
from radio.archive import Archive
from radio.hearings import Hearing
from tests.samples import put

SLUG = "2024-01-16-les-micros-de-la-rue"
KEY = f"emission/{SLUG}"


@pytest.fixture
def path(archive: Archive) -> Path:
    """The hearings of an episode, beside its evidence."""
    put(archive, SLUG)
    archive.evidence_path(KEY).parent.mkdir(exist_ok=True)
    archive.evidence_path(KEY).write_bytes(b"{}")
    heard = (Hearing(18.0, 30.5, ("la cnil", "la kni")), Hearing(0.0, 18.0, ("bonsoir",)))
    hearings.write(archive, KEY, hearings.state_of(archive, KEY), heard)
    return hearings.path_of(archive, KEY)


def test_what_else_was_heard_is_kept_in_the_order_of_the_episode(
    archive: Archive, path: Path
) -> None:
    assert path == archive.cache / "hearings" / f"{KEY}.json"
    assert hearings.read(archive, KEY) == (
        Hearing(0.0, 18.0, ("bonsoir",)),
        Hearing(18.0, 30.5, ("la cnil", "la kni")),
    )


def test_hearings_of_an_older_text_are_not_offered(archive: Archive, path: Path) -> None:
    archive.evidence_path(KEY).write_bytes(b'{"another": 1}')
    assert hearings.read(archive, KEY) == ()
    archive.evidence_path(KEY).unlink()
    assert hearings.read(archive, KEY) == ()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\xff\xfe",
        b"[]",
        b'{"version": 2}',
        b'{"version": 1, "evidence": "", "hearings": []}',
        b'{"version": 1, "evidence": 3, "hearings": "x"}',
        b'{"version": 1, "evidence": "", "hearings": [{"start": 0, "end": 1e999, "texts": ["x"]}]}',
        b'{"version": 1, "hearings": [' + b"[" * 5000,
    ],
)
def test_a_spoilt_file_hides_no_page(archive: Archive, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    assert hearings.read(archive, KEY) == ()


def test_what_no_page_could_show_is_left_out(archive: Archive, path: Path) -> None:
    odd = [
        {"start": 5, "end": 5, "texts": ["nulle part"]},
        {"start": -9, "end": 3, "texts": ["avant"]},
        {"start": 1, "end": 3, "texts": ["", " ", "x" * 3000]},
        {"start": 1, "end": 3, "texts": ["juste\n\n juste", "juste juste", *map(str, range(200))]},
    ]
    kept = json.loads(path.read_bytes()) | {"hearings": odd}
    path.write_text(json.dumps(kept), encoding="utf-8")
    (one,) = hearings.read(archive, KEY)
    assert one.texts[:2] == ("juste juste", "0") and len(one.texts) == hearings.MOST_TEXTS


def test_a_file_that_is_too_large_or_a_link_is_not_read(
    archive: Archive, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.rename(elsewhere := path.with_name("elsewhere"))
    path.symlink_to(elsewhere)
    assert hearings.read(archive, KEY) == ()
    path.unlink()
    elsewhere.rename(path)
    assert len(hearings.read(archive, KEY)) == 2
    monkeypatch.setattr(hearings, "LARGEST", path.stat().st_size - 1)
    assert hearings.read(archive, KEY) == ()
