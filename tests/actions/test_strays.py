"""Words of a text that are in no cue, as the line of their times is damaged, are never lost."""

from collections.abc import Callable

import pytest

from radio.actions.merging import merge
from radio.actions.pseudonymising import Replacement, replace_name
from radio.actions.replacing import replace_recording
from radio.actions.timed_texts import Excision, texts_without
from radio.archive import Archive
from radio.archive.authorship import authorship, hash_cues
from radio.archive.check import check
from radio.proposals.decisions import accept
from radio.proposals.intake import Budget, Sentence, take
from radio.proposals.queue import read
from radio.sound.moments import shifted
from radio.system.errors import StrayError
from radio.text.transcript import find_stray, read_vtt, render_vtt
from tests.heard import evidence_for
from tests.samples import CITY, DEMO, STREET, put, put_all, snapshot
from tests.tables import for_each

KEY = f"emission/{STREET}"
TEXT = """WEBVTT

NOTE
status: reread

1
00:00:01.000 --> 00:00:02.000
Camille

2
00:00:02.000 -> 00:00:03.000
dit un mot précieux

3
00:00:03.000 --> 00:00:04.000
Dupont
"""
LINE = 11


@pytest.fixture
def damaged(archive: Archive) -> Archive:
    put_all(archive, STREET, CITY)
    archive.vtt_path(KEY).write_text(TEXT, encoding="utf-8")
    archive.vtt_path(f"emission/{CITY}").unlink()
    return archive


def redact(archive: Archive) -> object:
    return list(texts_without(archive, archive.episode(KEY), Excision(3.0, 4.0, "[…]"), "0"))


def replace(archive: Archive) -> object:
    better = archive.root.parent / "better.mp3"
    better.write_bytes((DEMO / f"{STREET}.mp3").read_bytes() + bytes(10))
    return replace_recording(archive, KEY, better, shifted(0.5))


def join(archive: Archive) -> object:
    put(archive, CITY)
    return merge(archive, f"emission/{CITY}", KEY, offset=1.0)


def hide(archive: Archive) -> object:
    """Hide a name that begins in one cue and ends in the next one."""
    return replace_name(archive, [KEY], Replacement("Camille Dupont", "C."))


def mend(archive: Archive) -> object:
    """Join two cues, for which the file is written anew."""
    sentence = Sentence(KEY, 1.0, 4.0, "Camille Dupont")
    take(archive.root, Budget(), sentence, "Camille", "")
    return accept(archive, read(archive.root).waiting[-1].id)


@pytest.mark.parametrize("act", [redact, replace, join, hide, mend])
def test_no_act_writes_such_a_text_anew(damaged: Archive, act: Callable[[Archive], object]) -> None:
    (found,) = (each for each in check(damaged) if each.kind == "damaged")
    assert found.path == damaged.vtt_path(KEY)
    assert found.detail.startswith(f"line {LINE}: words outside any cue")
    before = snapshot(damaged)
    with pytest.raises(StrayError, match=rf"{STREET}\.vtt:{LINE}: words outside any cue"):
        act(damaged)
    assert damaged.vtt_path(KEY).read_text(encoding="utf-8") == TEXT
    assert {path for path in before if path.startswith("media")} <= snapshot(damaged).keys()


def test_no_machine_takes_such_a_text_for_its_own() -> None:
    text = read_vtt(TEXT.replace("reread", "machine").encode(), "file")
    own = evidence_for("0", cues=hash_cues(text.cues))
    assert authorship(text, own) == "changed"
    whole = read_vtt(TEXT.replace(" -> ", " --> ").encode(), "file")
    assert not whole.stray
    assert "précieux" in render_vtt(whole)  # one without is written anew


@for_each(
    ("block", "line"),
    [
        ("2\n00:00:02.000 -> 00:00:03.000\nOui", 7),
        ("Oui\net non", 6),
        ("\n2\n00:00:02.000 → 00:00:03.000\nOui", 8),
        ("2", 0),
        ("NOTE\nOui", 0),
        ("NOTE Oui", 0),
        ("STYLE\n::cue {}", 0),
        ("2\n00:00:02.000 --> 00:00:03.000", 0),
    ],
)
def test_words_in_no_cue_are_told_from_notes(block: str, line: int) -> None:
    text = f"WEBVTT\nKind: captions\n\n00:00:00.000 --> 00:00:01.000\nNon\n\n{block}\n"
    assert find_stray(text.replace("\n", "\r\n").encode()) == (line and line + 1)
