"""A better copy takes the place of a recording, and all that is told of moments goes along."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from radio.actions.deletion import empty_trash
from radio.actions.renaming import rename_episode
from radio.actions.replacing import (
    BetterCopy,
    CopyHeard,
    put_in_place,
    reinstate,
    replace_recording,
    replacements,
)
from radio.actions.undoing import undo
from radio.archive import Archive, history, journal, removal
from radio.archive.check import check
from radio.archive.protection import Redaction
from radio.archive.standing import status_of
from radio.cli import catalogue, protect
from radio.proposals.decisions import waiting
from radio.proposals.queue import Mending, Mendings, changing, hash_of, name_of, read
from radio.search import Index
from radio.sound.moments import Moments, refine, shifted
from radio.sound.samples import RATE, decode
from radio.system.checksums import hash_file
from radio.system.errors import ArchiveError, NotFoundError
from radio.text.chapters import Chapter
from radio.text.transcript import Evidence, Region, Segment, Word, render_evidence
from tests.samples import CITY, DEMO, STREET, put
from tests.sounds import encode

KEY = f"emission/{STREET}"
LATER = 3.37  # seconds


@pytest.fixture(scope="module")
def better(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same broadcast without loss, which begins with a pause and is louder."""
    sound = np.concatenate(list(decode(DEMO / f"{STREET}.mp3")))
    silent = np.zeros(round(LATER * RATE), np.float32)
    path = tmp_path_factory.mktemp("better") / "meilleur.flac"
    return encode(np.concatenate([silent, 1.2 * sound]), path, RATE)


def replaced(archive: Archive, file: Path, *more: str) -> str:
    asked = [KEY, str(file), *more, "--root", str(archive.root)]
    done = CliRunner().invoke(protect.put_better, asked)
    return done.output + str(done.exception or "")


def test_a_better_copy_takes_its_place(archive: Archive, better: Path) -> None:
    episode = put(archive, STREET, chapters=(Chapter(10.0, "La rue"),))
    words = (Word(0.5, 1.0, "Bonjour", 0.9),)
    segment = Segment(0.5, 1.0, "Bonjour", words, 5, 0.0, -0.2, 1.2, 0.1)
    regions = (Region(0.0, 2.0, "speech"),)
    sha256 = episode.audio.sha256
    heard = Evidence("openai", {}, "base", "0", {}, sha256, "fr", 62.8, regions, (segment,))
    archive.evidence_path(KEY).write_bytes(render_evidence(heard))
    old = archive.audio_path(episode).read_bytes()
    said = archive.vtt_path(KEY).read_bytes()
    assert "replaced" in replaced(archive, better)
    after = archive.episode(KEY)
    assert (after.guid, after.audio.file) == (episode.guid, f"{STREET}.flac")
    assert after.audio.sha256 == hash_file(archive.audio_path(after)) == hash_file(better)
    assert sha256 in after.audio.formerly
    assert after.chapters[0].start == pytest.approx(10 + LATER, abs=0.01)
    transcript, evidence = archive.transcript(KEY), archive.evidence(KEY)
    assert transcript
    assert evidence
    assert transcript.cues[0].start == pytest.approx(LATER, abs=0.01)
    assert evidence.segments[0].words[0].start == pytest.approx(0.5 + LATER, abs=0.01)
    assert evidence.audio == after.audio.sha256
    assert status_of(archive, KEY) == "machine"
    (kept,) = (archive.root / "trash").rglob("*.mp3")
    assert kept.read_bytes() == old
    assert not (archive.media / f"{KEY}.mp3").exists()
    assert not list(check(archive))
    journal.note(archive.root, "reply", key=KEY)
    CliRunner().invoke(catalogue.take_back, ["--root", str(archive.root)])
    assert archive.episode(KEY) == episode
    assert archive.audio_path(episode).read_bytes() == old
    assert not (archive.media / f"{KEY}.flac").exists()
    assert archive.evidence(KEY) == heard
    assert archive.vtt_path(KEY).read_bytes() == said
    (kept,) = (archive.root / "trash").rglob("*.flac")  # the better one is not lost either
    assert hash_file(kept) == hash_file(better)
    assert not list((archive.root / "trash").rglob("*.replaced.json"))
    assert not list(check(archive))


def test_what_changed_since_is_not_overwritten(archive: Archive, tmp_path: Path) -> None:
    """Of the same format, too, and twice."""
    before = put(archive, STREET)
    sound = np.zeros(5 * RATE, np.float32)
    for number in (1, 2):
        file = encode(sound[number:], tmp_path / f"{number}.mp3", RATE)
        replace_recording(archive, KEY, file, shifted(-float(number)))
    twice, act = archive.episode(KEY), replacements(archive, KEY)[0]
    path = archive.vtt_path(KEY)
    text = path.read_bytes()
    path.write_bytes(text + b"\n00:50.000 --> 00:51.000\nEncore.\n")
    with pytest.raises(ArchiveError, match="changed meanwhile"):
        reinstate(archive, act)
    assert archive.episode(KEY) == twice
    path.write_bytes(text)
    for act in replacements(archive, KEY):
        reinstate(archive, act)
    assert archive.episode(KEY) == before
    assert hash_file(archive.audio_path(before)) == before.audio.sha256
    with pytest.raises(NotFoundError, match="no longer"):
        reinstate(archive, act)
    replace_recording(archive, KEY, file, Moments())
    empty_trash(archive)
    assert replacements(archive, KEY) == []


class Killed(BaseException):
    """The end of a process, at any moment."""


def killed_once_done(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do something, and die when its files are in their places."""
    perform = removal.perform

    def die(root: Path, what: removal.Removal) -> None:
        perform(root, what)
        raise Killed

    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(removal, "perform", die)
        act()


def test_a_replacement_is_taken_back_though_the_power_failed(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = put(archive, STREET)
    file = encode(np.zeros(5 * RATE, np.float32), tmp_path / "x.flac", RATE)
    again = partial(replace_recording, archive, KEY, file, Moments(), who="Zoé")
    killed_once_done(monkeypatch, again)
    (act,) = replacements(archive, KEY)
    assert act.who == "Zoé"
    killed_once_done(monkeypatch, lambda: reinstate(archive, act))
    assert archive.episode(KEY) == before
    assert replacements(archive, KEY) == []
    assert [each.state for each in history.acts(archive.root)] == ["undone"]


def test_what_listeners_propose_goes_with_its_sentence_there_and_back(
    archive: Archive, tmp_path: Path
) -> None:
    """Under the key that the episode had when they proposed it, too."""
    put(archive, STREET)
    was = f"Bonjour, voici {STREET}."
    seen = hash_of(0.0, 2.0, was)
    given = Mending(name_of(KEY, seen, "Oui."), KEY, 0.0, 2.0, was, seen, "Oui.", "2026-11-26")
    with changing(archive.root) as states:
        states.append(Mendings((given,)))
    rename_episode(archive, KEY, "autre")
    file = encode(np.zeros(5 * RATE, np.float32), tmp_path / "x.flac", RATE)
    heard, copy = CopyHeard(shifted(1.5)), BetterCopy(file, is_sure=True)
    episode = archive.episode("emission/autre")
    put_in_place(archive, Index(archive), episode, copy, heard, lambda _: None)
    (there,) = waiting(archive)
    assert (there.trouble, there.mending.start) == ("", 1.5)
    undo(archive)
    assert [each.trouble for each in waiting(archive)] == [""]
    assert read(archive.root).waiting == (given,)


def test_what_lies_outside_of_a_shorter_copy_is_in_the_trash(
    archive: Archive, tmp_path: Path
) -> None:
    put(archive, STREET)
    path = archive.vtt_path(KEY)
    path.write_text("WEBVTT\n\n00:40.000 --> 00:42.000\nUn mot de la fin.\n", encoding="utf-8")
    before = path.read_bytes(), archive.sidecar_path(KEY).read_bytes()
    sound = np.concatenate(list(decode(DEMO / f"{STREET}.mp3")))[: 20 * RATE]
    replace_recording(archive, KEY, encode(sound, tmp_path / "court.flac", RATE), Moments())
    assert "mot de la fin" not in path.read_text(encoding="utf-8")
    kept = [next((archive.root / "trash").rglob(f"*{end}")) for end in (".vtt", ".json")]
    assert tuple(each.read_bytes() for each in kept) == before


def test_another_broadcast_is_refused(archive: Archive, better: Path) -> None:
    episode = put(archive, STREET)
    assert "does not sound like" in replaced(archive, DEMO / f"{CITY}.mp3")
    assert "the recording of" in replaced(archive, archive.audio_path(episode))
    assert archive.episode(KEY) == episode
    redacted = replace(episode, redactions=(Redaction(1.0, 2.0, "2026-11-26"),))
    archive.write_episode(redacted)
    assert "a passage was taken out" in replaced(archive, better)
    assert archive.episode(KEY) == redacted


def test_a_shift_is_told_to_hundredths_of_a_second(better: Path) -> None:
    old = DEMO / f"{STREET}.mp3"
    assert refine(better, old, 3.25) == pytest.approx(LATER, abs=0.01)
    assert refine(old, better, -3.5) == pytest.approx(-LATER, abs=0.01)
    assert refine(DEMO / f"{CITY}.mp3", old, 1.0) == 1.0
