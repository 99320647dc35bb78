"""A better copy takes the place of a recording: what people wrote stays with the words."""

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from radio.actions.deletion import empty_trash
from radio.actions.redacting import Request, take_out
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
from radio.archive import Archive, history, journal, removal, rereading
from radio.archive.authorship import hash_cues, sha256, status_of
from radio.archive.check import check
from radio.archive.episode import Show
from radio.archive.protection import Protection, PublicReply, Redaction
from radio.derived.prints import Prints
from radio.ingest.files import ingest
from radio.proposals.decisions import accept, waiting
from radio.proposals.intake import Budget, Sentence, take
from radio.proposals.queue import Mending, Mendings, changing, hash_of, name_of, read
from radio.search import Index
from radio.sound.moments import Moments, SharedPart, refine, shifted
from radio.sound.samples import RATE, decode
from radio.system.checksums import hash_file
from radio.system.errors import ArchiveError, NotFoundError
from radio.text.chapters import Chapter
from radio.text.transcript import Cue, Region, Turn, render_evidence
from tests.heard import evidence_of, segment, transcript_of, write_cues, write_evidence
from tests.killed import dying
from tests.processes import command
from tests.samples import CITY, DEMO, MEMORY, STREET, holding, put
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


def replaced(archive: Archive, file: Path) -> str:
    done = command(archive, "replace", KEY, str(file), check=False)
    return done.stdout + done.stderr


def test_a_better_copy_takes_its_place(archive: Archive, better: Path) -> None:
    episode = put(archive, STREET, chapters=(Chapter(10.0, "La rue"),))
    sha256 = episode.audio.sha256
    regions = (Region(0.0, 2.0, "speech"),)
    heard = write_evidence(archive, KEY, segment(("Bonjour", 0.5)), regions=regions)
    old = archive.audio_path(episode).read_bytes()
    said = archive.vtt_path(KEY).read_bytes()
    assert "replaced" in replaced(archive, better)
    after = archive.episode(KEY)
    assert (after.guid, after.audio.file) == (episode.guid, f"{STREET}.flac")
    assert after.audio.sha256 == hash_file(archive.audio_path(after)) == hash_file(better)
    assert sha256 in after.audio.formerly
    assert after.chapters[0].start == pytest.approx(10 + LATER, abs=0.01)
    transcript, evidence = transcript_of(archive), evidence_of(archive)
    assert transcript.cues[0].start == pytest.approx(LATER, abs=0.01)
    assert evidence.segments[0].words[0].start == pytest.approx(0.5 + LATER, abs=0.01)
    assert evidence.audio == after.audio.sha256
    assert status_of(archive, KEY) == "machine"
    (kept,) = (archive.root / "trash").rglob("*.mp3")
    assert kept.read_bytes() == old
    assert not (archive.media / f"{KEY}.mp3").exists()
    assert not list(check(archive))
    journal.note(archive.root, "reply", key=KEY)
    command(archive, "undo")
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
    before = put(archive, STREET)
    sound = np.zeros(5 * RATE, np.float32)
    for number in (1, 2):  # of the same format, too
        file = encode(sound[number:], tmp_path / f"{number}.mp3", RATE)
        replace_recording(archive, KEY, file, shifted(-float(number)))
    twice, act = archive.episode(KEY), replacements(archive, KEY)[0]
    path = archive.vtt_path(KEY)
    text = path.read_bytes()
    path.write_bytes(text + b"\n00:50.000 --> 00:51.000\nEncore.\n")
    with pytest.raises(ArchiveError, match="changed in the meantime"):
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


def test_a_replacement_is_undone_though_the_power_failed(archive: Archive, tmp_path: Path) -> None:
    before = put(archive, STREET)
    file = encode(np.zeros(5 * RATE, np.float32), tmp_path / "x.flac", RATE)
    with dying(removal, "perform", once_done=True):
        replace_recording(archive, KEY, file, Moments(), who="Zoé")
    (act,) = replacements(archive, KEY)
    assert act.who == "Zoé"
    with dying(removal, "perform", once_done=True):
        reinstate(archive, act)
    assert archive.episode(KEY) == before
    assert replacements(archive, KEY) == []
    assert [each.state for each in history.acts(archive.root)] == ["undone"]


def test_what_is_proposed_goes_with_its_sentence_and_back(archive: Archive, tmp_path: Path) -> None:
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


def test_what_lies_outside_a_shorter_copy_is_in_the_trash(archive: Archive, tmp_path: Path) -> None:
    put(archive, STREET)
    path = archive.vtt_path(KEY)
    path.write_text("WEBVTT\n\n00:40.000 --> 00:42.000\nUn mot de la fin.\n", encoding="utf-8")
    before = path.read_bytes(), archive.sidecar_path(KEY).read_bytes()
    sound = np.concatenate(list(decode(DEMO / f"{STREET}.mp3")))[: 20 * RATE]
    replace_recording(archive, KEY, encode(sound, tmp_path / "court.flac", RATE), Moments())
    assert "mot de la fin" not in path.read_text(encoding="utf-8")
    kept = [next(archive.root.glob(f"trash/**/*.{end}")) for end in ("vtt", "json")]
    assert tuple(each.read_bytes() for each in kept) == before


def test_another_broadcast_is_refused(archive: Archive, better: Path) -> None:
    episode = put(archive, STREET)
    assert "does not sound like" in replaced(archive, DEMO / f"{CITY}.mp3")
    assert "the recording of" in replaced(archive, archive.audio_path(episode))
    assert archive.episode(KEY) == episode
    redacted = replace(episode, redactions=(Redaction(1.0, 2.0, "2026-11-26"),))
    archive.write_episode(redacted)
    assert "a passage was removed" in replaced(archive, better)
    assert archive.episode(KEY) == redacted


PAUSE, CUT, LEFT = 5.0, 70.0, 90.0  # seconds: a pause before all, and what the copy lacks
PACE, NEAR, SAID = 1 / 1.03, 0.1, 4.0  # seconds: of what is alike, of a sentence
Sound = NDArray[np.float32]


@pytest.fixture(scope="module")
def sound() -> Sound:
    paths = (DEMO / f"{slug}.mp3" for slug in (STREET, CITY, MEMORY))
    return np.concatenate([block for path in paths for block in decode(path)])


@pytest.fixture(scope="module")
def laid(sound: Sound, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An episode of which a person put right every second sentence, and reread the end."""
    folder = tmp_path_factory.mktemp("laid")
    archive = Archive(folder / "archive")
    archive.create()
    archive.write_show(Show("emission", "Émission"))
    ingest(archive, encode(sound, folder / "2024-01-16-rue.mp3", RATE), "emission")
    (episode,) = archive.episodes()
    starts = np.arange(0.0, episode.audio.duration - SAID, SAID).tolist()
    cues = [Cue(at, at + SAID, f"Phrase {at:.0f}.", "Zoé") for at in starts]
    note = {"status": "machine", "model": "base", "reread": "2:00-4:00"}
    write_cues(archive, episode.key, *cues, **note)
    said = segment(*((f"mot{at:.0f}", at) for at in starts), seconds=0.5)
    regions, turns = (Region(72.0, 88.0, "music"),), (Turn(100.0, 110.0, 1),)
    known: dict[str, Any] = {"duration": 190.0, "regions": regions, "turns": turns}
    write_evidence(archive, episode.key, said, **known)
    reply = PublicReply("Non.", "Zoé", 120.0, dt.date(2026, 11, 26))
    own: dict[str, Any] = {"chapters": (Chapter(0.0, "Début"), Chapter(100.0, "Rue"))}
    own |= {"playlist": ("Magny – Melocoton 2:12 @1:50",)}
    own |= {"redactions": (Redaction(130.0, 131.0, "2026-11-26"),)}
    archive.write_episode(replace(episode, protection=Protection(replies=(reply,)), **own))
    Prints(archive).of(archive.episode(episode.key))
    return archive.root


@pytest.fixture
def key(laid: Path, archive: Archive) -> str:
    shutil.rmtree(archive.root)
    shutil.copytree(laid, archive.root)
    return archive.episodes()[0].key


@pytest.fixture(scope="module")
def copied(sound: Sound, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy without twenty seconds, a little faster, louder, after a pause."""
    left = np.concatenate([sound[: round(CUT * RATE)], sound[round(LEFT * RATE) :]])
    places = np.arange(0.0, len(left) - 1, 1 / PACE)
    faster = np.interp(places, np.arange(len(left)), left).astype(np.float32)
    path = tmp_path_factory.mktemp("copied") / "copie.flac"
    return encode(np.concatenate([np.zeros(round(PAUSE * RATE)), 1.2 * faster]), path, RATE)


def moved(second: float) -> float:
    return PAUSE + PACE * (second - (LEFT - CUT if second >= LEFT else 0.0))


def given(archive: Archive, key: str, file: Path) -> str:
    done = command(archive, "replace", key, str(file), "--yes")
    return done.stdout + done.stderr


def test_a_text_is_laid_on_another_cut_and_pace(archive: Archive, key: str, copied: Path) -> None:
    before = transcript_of(archive, key)
    cues, vtt = hash_cues(before.cues), sha256(archive.vtt_path(key).read_bytes())
    heard = replace(evidence_of(archive, key), vtt=vtt, cues=cues)
    archive.evidence_path(key).write_bytes(render_evidence(heard))
    assert status_of(archive, key) == "machine"
    third, late = before.cues[2], before.cues[30]
    budget = Budget()
    for cue in (third, late):
        sentence = Sentence(key, cue.start, cue.end, cue.text)
        assert take(archive.root, budget, sentence, f"{cue.text[:-1]}, dit-elle.", "") == "kept"
    told = given(archive, key, copied)
    assert "moment by moment" in told and "20 s are missing" in told
    assert status_of(archive, key) == "machine"
    text, evidence = transcript_of(archive, key), evidence_of(archive, key)
    after = archive.episode(key)
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


def test_what_is_reread_goes_too(archive: Archive, key: str, sound: Sound, tmp_path: Path) -> None:
    silent = np.zeros(round(3.37 * RATE), np.float32)
    later = encode(np.concatenate([silent, sound]), tmp_path / "copie.flac", RATE)
    given(archive, key, later)
    text = transcript_of(archive, key)
    assert rereading.read(text.note, text.cues).reread == {1}
    assert text.note["reread"] == "2:00-4:00"
    shorter = encode(sound[round(100 * RATE) :], tmp_path / "court.flac", RATE)
    given(archive, key, shorter)
    assert "reread" not in transcript_of(archive, key).note  # of half of it nobody reread a word


def test_an_unrecognised_copy_keeps_the_times(archive: Archive, key: str, tmp_path: Path) -> None:
    before, rng = transcript_of(archive, key), np.random.default_rng(1)
    strange = encode(rng.normal(size=200 * RATE) * 0.1, tmp_path / "autre.flac", RATE)
    told = given(archive, key, strange)
    assert "the text keeps its times" in told and "radio text align" in told
    assert before.cues == transcript_of(archive, key).cues


def test_moments_are_told_around_a_gap_and_a_shift_to_hundredths_of_a_second(better: Path) -> None:
    old = DEMO / f"{STREET}.mp3"
    assert refine(better, old, 3.25) == pytest.approx(LATER, abs=0.01)
    assert refine(old, better, -3.5) == pytest.approx(-LATER, abs=0.01)
    assert refine(DEMO / f"{CITY}.mp3", old, 1.0) == 1.0
    moments = Moments((SharedPart(0.0, 10.0, 1.0), SharedPart(30.0, 50.0, 11.0, 0.5)), 20.0)
    there = {0.0: 1.0, 10.0: 11.0, 20.0: 11.0, 30.0: 11.0, 40.0: 16.0, 99.0: 20.0}
    assert {each: moments.moved(each) for each in there} == there
    assert moments.span(12.0, 28.0) is None
    assert moments.span(8.0, 12.0) == (9.0, 11.0)
    (gap,) = moments.gaps()
    assert (gap.at, gap.lacks, gap.adds) == (11.0, 20.0, 0.0)
    assert moments.offset is None
    assert (shifted(2.0).offset, Moments().offset) == (2.0, 0.0)
    assert shifted(-2.0).span(0.0, 1.0) is None


def test_nothing_taken_out_of_a_copy_is_left(archive: Archive, key: str, copied: Path) -> None:
    (cue,) = (each for each in transcript_of(archive, key).cues if each.start == 120.0)
    sentence = Sentence(key, cue.start, cue.end, cue.text)
    take(archive.root, Budget(), sentence, "Phrase 120, dit-elle.", "")
    given(archive, key, copied)
    start = moved(120.0) + 0.3
    asked = Request(start, start + 2.0, "destroy")
    take_out(archive, Index(archive), archive.episode(key), asked, lambda _: None)
    assert holding(archive.root, "Phrase 120", "mot120") == set()
    (own,) = archive.root.rglob("*.flac")
    assert "trash" not in own.parts and not [*archive.root.glob("trash/**/*.mp3")]
    said = np.concatenate(list(decode(own)))
    passage = said[round((start + 0.2) * RATE) : round((start + 1.8) * RATE)]
    assert float(np.abs(passage).max()) < 0.001
    assert "Phrase 128." in archive.vtt_path(key).read_text(encoding="utf-8")
