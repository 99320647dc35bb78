"""A copy with another cut, or at another pace: what people wrote stays with the words."""

import dataclasses
import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray

from radio.actions.redacting import Request, take_out
from radio.archive import Archive, rereading
from radio.archive.protection import Protection, PublicReply, Redaction
from radio.archive.standing import hash_cues, sha256, status_of
from radio.cli import protect
from radio.ingest.files import ingest
from radio.proposals.decisions import accept, waiting
from radio.proposals.intake import Budget, Sentence, take
from radio.search import Index
from radio.sound.moments import Moments, SharedPart, shifted
from radio.sound.samples import RATE, decode
from radio.text.chapters import Chapter
from radio.text.transcript import (
    Cue,
    Evidence,
    Region,
    Segment,
    Transcript,
    Turn,
    Word,
    render_evidence,
    render_vtt,
)
from tests.samples import CITY, DEMO, MEMORY, STREET
from tests.sounds import encode

LATER, CUT, LEFT = 5.0, 70.0, 90.0  # seconds: a pause before all, and what the copy lacks
PACE = 1 / 1.03
NEAR = 0.1  # seconds
SAID = 4.0  # seconds of a sentence

Sound = NDArray[np.float32]


@pytest.fixture(scope="module")
def sound() -> Sound:
    paths = (DEMO / f"{slug}.mp3" for slug in (STREET, CITY, MEMORY))
    return np.concatenate([block for path in paths for block in decode(path)])


@pytest.fixture
def key(archive: Archive, sound: Sound, tmp_path: Path) -> str:
    """An episode of which a person put right every second sentence, and reread the end."""
    ingest(archive, encode(sound, tmp_path / "2024-01-16-rue.mp3", RATE), "emission")
    (episode,) = archive.episodes()
    starts = np.arange(0.0, episode.audio.duration - SAID, SAID).tolist()
    cues = tuple(Cue(at, at + SAID, f"Phrase {at:.0f}.", "Zoé") for at in starts)
    note = {"status": "machine", "model": "base", "reread": "2:00-4:00"}
    archive.vtt_path(episode.key).parent.mkdir(exist_ok=True)
    archive.vtt_path(episode.key).write_text(render_vtt(Transcript(cues, note)), encoding="utf-8")
    words = tuple(Word(at, at + 0.5, f"mot{at:.0f}", 0.9) for at in starts)
    segment = Segment(0.0, cues[-1].end, "mots", words, 5, 0.0, -0.2, 1.2, 0.1)
    regions, turns = (Region(72.0, 88.0, "music"),), (Turn(100.0, 110.0, 1),)
    sha = episode.audio.sha256
    heard = Evidence("openai", {}, "base", "0", {}, sha, "fr", 190.0, regions, (segment,), turns)
    archive.evidence_path(episode.key).write_bytes(render_evidence(heard))
    reply = PublicReply("Non.", "Zoé", 120.0, dt.date(2026, 11, 26))
    archive.write_episode(
        dataclasses.replace(
            episode,
            chapters=(Chapter(0.0, "Début"), Chapter(100.0, "Rue")),
            playlist=("Magny – Melocoton 2:12 @1:50",),
            redactions=(Redaction(130.0, 131.0, "2026-11-26"),),
            protection=Protection(replies=(reply,)),
        )
    )
    return episode.key


def moved(second: float) -> float:
    """When a second of the old recording is said in the copy."""
    return LATER + PACE * (second - (LEFT - CUT if second >= LEFT else 0.0))


def copied(sound: Sound, path: Path) -> Path:
    """A copy without twenty seconds, a little faster, louder, after a pause."""
    left = np.concatenate([sound[: round(CUT * RATE)], sound[round(LEFT * RATE) :]])
    places = np.arange(0.0, len(left) - 1, 1 / PACE)
    faster = np.interp(places, np.arange(len(left)), left).astype(np.float32)
    return encode(np.concatenate([np.zeros(round(LATER * RATE)), 1.2 * faster]), path, RATE)


def replaced(archive: Archive, key: str, file: Path) -> str:
    asked = [key, str(file), "--yes", "--root", str(archive.root)]
    done = CliRunner().invoke(protect.put_better, asked)
    assert done.exit_code == 0, done.output
    return done.output


def test_the_text_is_laid_on_a_copy_with_another_cut_and_pace(
    archive: Archive, key: str, sound: Sound, tmp_path: Path
) -> None:
    """Nobody has to lay it there by hand, and nothing that was put right is lost."""
    before = archive.transcript(key)
    assert before
    third, late = before.cues[2], before.cues[30]
    budget = Budget()
    for cue in (third, late):
        sentence = Sentence(key, cue.start, cue.end, cue.text)
        assert take(archive.root, budget, sentence, f"{cue.text[:-1]}, dit-elle.", "") == "kept"
    told = replaced(archive, key, copied(sound, tmp_path / "copie.flac"))
    assert "moment by moment" in told and "20 s are missing" in told
    text, evidence, after = archive.transcript(key), archive.evidence(key), archive.episode(key)
    assert text and evidence
    kept = [cue for cue in before.cues if cue.end <= CUT or cue.start >= LEFT]
    found = {cue.text: cue for cue in text.cues}
    assert {cue.text for cue in kept} <= set(found)
    assert not {f"Phrase {at}." for at in (72, 76, 80, 84)} & set(found)
    for cue in kept:
        assert found[cue.text].start == pytest.approx(moved(cue.start), abs=NEAR), cue
        assert found[cue.text].voice == "Zoé"
    words = {word.text: word.start for each in evidence.segments for word in each.words}
    assert "mot80" not in words
    assert words["mot100"] == pytest.approx(moved(100.0), abs=NEAR)
    assert (evidence.audio, evidence.regions) == (after.audio.sha256, ())
    assert evidence.turns and evidence.turns[0].start == pytest.approx(moved(100.0), abs=NEAR)
    assert after.chapters[1].start == pytest.approx(moved(100.0), abs=NEAR)
    assert after.protection.replies[0].at == pytest.approx(moved(120.0), abs=NEAR)
    assert after.redactions[0].start == pytest.approx(moved(130.0), abs=NEAR)
    assert after.playlist == ("Magny – Melocoton 2:12 @1:32",)
    (said,) = (archive.root / "trash").rglob("*.vtt")
    assert "Phrase 80." in said.read_text(encoding="utf-8")
    assert [each.trouble for each in waiting(archive)] == ["", ""]
    for each in waiting(archive):
        accept(archive, each.mending.id)
    assert "Phrase 120, dit-elle." in archive.vtt_path(key).read_text(encoding="utf-8")


def test_what_is_reread_goes_with_the_words(
    archive: Archive, key: str, sound: Sound, tmp_path: Path
) -> None:
    silent = np.zeros(round(3.37 * RATE), np.float32)
    later = encode(np.concatenate([silent, sound]), tmp_path / "copie.flac", RATE)
    replaced(archive, key, later)
    text = archive.transcript(key)
    assert text
    assert rereading.read(text.note, text.cues).reread == {1}
    assert text.note["reread"] == "2:00-4:00"
    shorter = encode(sound[round(100 * RATE) :], tmp_path / "court.flac", RATE)
    replaced(archive, key, shorter)
    text = archive.transcript(key)
    assert text and "reread" not in text.note  # half of what is said there, nobody reread


def test_what_the_machine_wrote_stays_its_text(
    archive: Archive, key: str, sound: Sound, tmp_path: Path
) -> None:
    text, evidence = archive.transcript(key), archive.evidence(key)
    assert text and evidence
    cues = hash_cues(text.cues)
    known = dataclasses.replace(evidence, vtt=sha256(archive.vtt_path(key).read_bytes()), cues=cues)
    archive.evidence_path(key).write_bytes(render_evidence(known))
    assert status_of(archive, key) == "machine"
    replaced(archive, key, copied(sound, tmp_path / "copie.flac"))
    assert status_of(archive, key) == "machine"


def test_a_copy_that_is_not_recognised_keeps_the_times_and_says_so(
    archive: Archive, key: str, tmp_path: Path
) -> None:
    before = archive.transcript(key)
    rng = np.random.default_rng(1)
    strange = encode(rng.normal(size=200 * RATE) * 0.1, tmp_path / "autre.flac", RATE)
    told = replaced(archive, key, strange)
    assert "the text keeps its times" in told and "radio text align" in told
    after = archive.transcript(key)
    assert before and after and before.cues == after.cues


def test_moments_are_told_around_a_gap() -> None:
    moments = Moments((SharedPart(0.0, 10.0, 1.0), SharedPart(30.0, 50.0, 11.0, 0.5)), 20.0)
    assert [moments.moved(each) for each in (0.0, 10.0, 20.0, 30.0, 40.0, 99.0)] == [
        *(1.0, 11.0, 11.0, 11.0, 16.0, 20.0)
    ]
    assert moments.span(12.0, 28.0) is None
    assert moments.span(8.0, 12.0) == (9.0, 11.0)
    (gap,) = moments.gaps()
    assert (gap.at, gap.lacks, gap.adds) == (11.0, 20.0, 0.0)
    assert moments.offset is None
    assert (shifted(2.0).offset, Moments().offset) == (2.0, 0.0)
    assert shifted(-2.0).span(0.0, 1.0) is None


def test_of_what_is_taken_out_of_a_copy_nothing_is_left(
    archive: Archive, key: str, sound: Sound, tmp_path: Path
) -> None:
    """Where it is said in the new one, and in the old one that lies in the trash."""
    text = archive.transcript(key)
    assert text
    (cue,) = (each for each in text.cues if each.start == 120.0)
    sentence = Sentence(key, cue.start, cue.end, cue.text)
    take(archive.root, Budget(), sentence, "Phrase 120, dit-elle.", "")
    replaced(archive, key, copied(sound, tmp_path / "copie.flac"))
    start = moved(120.0) + 0.3
    asked = Request(start, start + 2.0, "destroy")
    take_out(archive, Index(archive), archive.episode(key), asked, lambda _: None)
    held = {path for path in archive.root.rglob("*") if path.is_file()}
    for path in held:
        content = path.read_bytes()
        assert b"Phrase 120" not in content and b"mot120" not in content, path
    assert not [path for path in held if path.suffix in (".flac", ".mp3") and "trash" in path.parts]
    (own,) = (path for path in held if path.suffix == ".flac")
    said = np.concatenate(list(decode(own)))
    passage = said[round((start + 0.2) * RATE) : round((start + 1.8) * RATE)]
    assert float(np.abs(passage).max()) < 0.001
    assert "Phrase 128." in archive.vtt_path(key).read_text(encoding="utf-8")
