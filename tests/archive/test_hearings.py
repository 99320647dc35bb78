"""Other hearings: kept beside the archive, and only as long as they are those of its evidence."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from radio.actions.deletion import delete_show, forget_episode
from radio.actions.merging import merge
from radio.actions.pseudonymising import Replacement, replace_name
from radio.archive import Archive, hearings
from radio.archive.hearings import HeardAgain, Hearing
from radio.archive.holdings import public_keys
from radio.archive.pseudonyms import pseudonyms_for
from radio.derived.cache import forget
from tests.heard import KEY, hear
from tests.samples import CITY, delete_episode, holding, put

HEARD = (Hearing(18.0, 30.5, ("la cnil", "la kni")), Hearing(0.0, 18.0, ("bonsoir",)))


@pytest.fixture
def path(archive: Archive) -> Path:
    hear(archive)
    hearings.write(archive, KEY, HeardAgain(hearings.state_of(archive, KEY), HEARD))
    return hearings.path_of(archive, KEY)


def test_what_else_was_heard_is_kept_as_long_as_the_evidence(archive: Archive, path: Path) -> None:
    assert hearings.read(archive, KEY) == HEARD[::-1]  # in the order of the episode
    archive.evidence_path(KEY).write_bytes(b'{"another": 1}')
    assert hearings.read(archive, KEY) == ()
    archive.evidence_path(KEY).unlink()
    assert hearings.read(archive, KEY) == ()


NO_NUMBER = b'"hearings": [{"start": 0, "end": 1e999, "texts": ["x"]}]}'
SPOILT = (
    *(
        b"",
        b"\x00\xff\xfe",
        b"[]",
        b'{"version": 2}',
        b'{"version": 1, "evidence": "", ' + NO_NUMBER,
    ),
    b'{"version": 1, "evidence": "", "hearings": []}',
    b'{"version": 1, "evidence": 3, "hearings": "x"}',
    b'{"version": 1, "hearings": [' + b"[" * 5000,
)


def test_a_spoilt_file_hides_no_page_and_stops_no_pseudonym(archive: Archive, path: Path) -> None:
    """A name that was heard and stands in no text is replaced all the same."""
    heard = path.read_bytes()
    for content in SPOILT:
        path.write_bytes(content)
        assert hearings.read(archive, KEY) == ()
        assert not hearings.is_whole(archive, KEY) and not hearings.begun(archive, KEY).windows
    for content in (b"\xff\xfe cnil", heard):
        path.write_bytes(content)
        assert replace_name(archive, [KEY], Replacement("CNIL", "X")) == [KEY]
        assert not path.exists() and holding(archive.root, "la cnil") == set()
    assert pseudonyms_for(archive.root, [KEY])


def test_odd_ones_are_unread(archive: Archive, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor is a file read that is a link or too large."""
    path.rename(elsewhere := path.with_name("elsewhere"))
    path.symlink_to(elsewhere)
    assert hearings.read(archive, KEY) == ()
    path.unlink()
    elsewhere.rename(path)
    odd = [
        {"start": 5, "end": 5, "texts": ["nulle part"]},
        {"start": -9, "end": 3, "texts": ["avant"]},
        {"start": 1, "end": 3, "texts": ["", " ", "x" * 3000]},
        {"start": 1, "end": 3, "texts": ["juste\n\n juste", "juste juste", *map(str, range(200))]},
    ]
    kept = json.loads(path.read_bytes()) | {"hearings": odd}
    path.write_text(json.dumps(kept), encoding="utf-8")
    (one,) = hearings.read(archive, KEY)
    assert one.texts[:3] == ("juste juste", "juste juste", "0")
    assert len(one.texts) == hearings.MOST_TEXTS
    monkeypatch.setattr(hearings, "LARGEST", path.stat().st_size - 1)
    assert hearings.read(archive, KEY) == ()


Act = Callable[[Archive], object]
ACTS: tuple[Act, ...] = (
    lambda archive: delete_episode(archive, KEY),
    lambda archive: delete_show(archive, "emission"),
    lambda archive: merge(archive, f"emission/{CITY}", KEY),
    lambda archive: forget_episode(archive, KEY),
)


@pytest.mark.parametrize("act", ACTS)
def test_what_was_heard_goes_into_no_trash(archive: Archive, path: Path, act: Act) -> None:
    put(archive, CITY)
    assert holding(archive.root, "la cnil") == {f"cache/hearings/{KEY}.json"}
    act(archive)
    assert holding(archive.root, "la cnil") == set()


def test_a_hearing_goes_with_what_is_withdrawn_alone(archive: Archive, path: Path) -> None:
    episode = archive.episode(KEY)
    archive.write_episode(replace(episode, status="embargoed", until=dt.datetime(2999, 1, 1)))
    assert forget(archive, public_keys(archive)) and path.exists()
    archive.write_episode(replace(episode, status="withdrawn"))
    assert forget(archive, public_keys(archive)) and not path.exists()
