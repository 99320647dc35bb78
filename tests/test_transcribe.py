"""Transcription: pieces, checkpoints, what a person wrote. The engine here is a fake that counts;
the real one is at work in test_chain.py."""

import dataclasses
import datetime as dt
import itertools
import json
import multiprocessing
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.synchronize import Semaphore
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from radio.archive import Archive, write_whole
from radio.audio import RATE
from radio.episode import Episode
from radio.errors import TranscriptError
from radio.ingest.files import ingest
from radio.search import Index
from radio.transcribe import transcription
from radio.transcribe.corrections import is_by_hand
from radio.transcribe.engines import Ask, Attempt
from radio.transcribe.regions import find_speech
from radio.transcribe.transcription import reached, transcribe
from radio.transcribe.weights import Weights
from radio.transcribe.windows import LENGTH, Window, pack
from radio.transcript import Segment, Word
from tests.conftest import DEMO, encode

WEIGHTS = Weights("base", "openai", Path("base.pt"), "00" * 32, 1)


@dataclasses.dataclass
class Fake:
    """Says the start of each window; may stop as Ctrl-C does, or wait to be killed."""

    stop_at: int | None = None
    gate: Semaphore | None = None
    calls: int = 0
    name: str = "fake"
    weights: Weights = WEIGHTS
    versions: Mapping[str, str] = dataclasses.field(default_factory=lambda: {"fake": "1"})
    attempts: tuple[Attempt, ...] = (Attempt(),)

    def decode(self, windows: Sequence[Window], ask: Ask, attempt: Attempt) -> list[Segment]:
        if self.gate:
            self.gate.acquire()
        if self.calls == self.stop_at:
            raise KeyboardInterrupt
        self.calls += 1
        return [self._hear(window) for window in windows]

    def _hear(self, window: Window) -> Segment:
        words = tuple(
            Word(first / RATE, last / RATE, f"parole-{first}.", 0.9)
            for first, last in window.stretches
        )
        text = " ".join(word.text for word in words)
        return Segment(window.start, window.end, text, words, 1, 0.0, -0.1, 1.0, 0.0)


@pytest.fixture
def short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcription, "PIECE", 15 * RATE)


@pytest.fixture
def episode(archive: Archive) -> Episode:
    return ingest(archive, DEMO / "2024-01-16-les-micros-de-la-rue.mp3", "emission")


def vtt(archive: Archive, episode: Episode) -> str:
    return archive.vtt_path(episode.key).read_text(encoding="utf-8")


def files(archive: Archive) -> list[str]:
    return sorted(path.name for path in (archive.transcripts / "emission").iterdir())


def test_a_transcript_says_where_it_comes_from(archive: Archive, episode: Episode) -> None:
    transcribe(archive, episode, Fake())
    transcript = archive.transcript(episode.key)
    assert transcript is not None
    assert transcript.note == {
        "status": "machine",
        "engine": "fake 1",
        "model": "base",
        "language": "fr",
        "date": dt.date.today().isoformat(),
        "audio": episode.audio.sha256,
    }
    evidence = archive.evidence(episode.key)
    assert evidence is not None
    assert evidence.regions
    assert evidence.regions[0].start == 0
    assert evidence.parameters["regions"]["threshold"] == 0.5
    assert files(archive) == [f"{episode.slug}.json", f"{episode.slug}.vtt"]
    assert archive.missing() == []


def test_pieces_are_cut_in_pauses(archive: Archive, episode: Episode, short_pieces: None) -> None:
    """Every word of the whole is in the pieces, and the pieces are several."""
    engine = Fake()
    transcribe(archive, episode, engine)
    assert engine.calls >= 4
    evidence = archive.evidence(episode.key)
    assert evidence is not None
    reference = json.loads((Path(__file__).parent / f"data/demo/{episode.slug}.json").read_text())
    for spoken in (each for each in reference["regions"] if each["kind"] == "speech"):
        middle = (spoken["start"] + spoken["end"]) / 2
        assert any(region.start <= middle <= region.end for region in evidence.regions)
    for before, after in itertools.pairwise(evidence.regions):
        assert before.end <= after.start


def test_ctrl_c_loses_only_the_piece_under_way(
    archive: Archive, episode: Episode, short_pieces: None
) -> None:
    whole = Fake()
    transcribe(archive, episode, whole)
    unbroken = vtt(archive, episode)
    archive.vtt_path(episode.key).unlink()
    archive.evidence_path(episode.key).unlink()

    with pytest.raises(KeyboardInterrupt):
        transcribe(archive, episode, Fake(stop_at=2))
    assert archive.missing() == [episode]
    rest = Fake()
    transcribe(archive, episode, rest)
    assert rest.calls == whole.calls - 2
    assert vtt(archive, episode) == unbroken
    assert files(archive) == [f"{episode.slug}.json", f"{episode.slug}.vtt"]


def test_another_engine_begins_anew(archive: Archive, episode: Episode, short_pieces: None) -> None:
    with pytest.raises(KeyboardInterrupt):
        transcribe(archive, episode, Fake(stop_at=2))
    other = Fake(name="other", versions={"other": "2"})
    transcribe(archive, episode, other)
    assert other.calls >= 4


def run(root: Path, key: str, gate: Semaphore) -> None:
    transcription.PIECE = 15 * RATE
    archive = Archive(root)
    transcribe(archive, archive.episode(key), Fake(gate=gate))


@pytest.mark.parametrize("pieces", [0, 1, 3])
def test_kill_9_loses_only_the_piece_under_way(
    archive: Archive, episode: Episode, short_pieces: None, pieces: int
) -> None:
    whole = Fake()
    transcribe(archive, episode, whole)
    unbroken = vtt(archive, episode)
    archive.vtt_path(episode.key).unlink()

    context = multiprocessing.get_context("spawn")
    gate = context.Semaphore(pieces)
    process = context.Process(target=run, args=(archive.root, episode.key, gate))
    process.start()
    checkpoint = archive.transcripts / "emission" / f".{episode.slug}.checkpoint.json"
    wait_for_segments(checkpoint, pieces, process)
    assert process.pid
    os.kill(process.pid, signal.SIGKILL)
    process.join()

    rest = Fake()
    transcribe(archive, episode, rest)
    assert rest.calls == whole.calls - pieces
    assert vtt(archive, episode) == unbroken


def wait_for_segments(path: Path, pieces: int, process: Any) -> None:
    """Wait until the checkpoint holds that many pieces of at most 15 s."""
    for _ in range(600):
        reached = json.loads(path.read_bytes())["reached"] if path.exists() else 0
        if reached > (pieces - 1) * 15 * RATE * 0.7 or not pieces:
            process.join(1.0)  # well into the next piece
            return
        process.join(0.05)
    raise AssertionError("no checkpoint in time")


def test_what_is_ready_is_found_while_the_rest_is_under_way(
    archive: Archive, episode: Episode, short_pieces: None
) -> None:
    index, seen = Index(archive), list[tuple[int, float | None]]()

    def look(_: float) -> None:
        index.refresh()
        seen.append((len(index.search("parole").episodes[0].hits), reached(archive, episode.key)))

    transcribe(archive, episode, Fake(), progress=look)
    assert len(seen) >= 4
    assert seen[0][0] >= 1
    times = [time for _, time in seen if time is not None]
    assert len(times) == len(seen)
    assert times == sorted(times)
    assert 0 < times[0] <= 15
    assert times[-1] == pytest.approx(episode.audio.duration, abs=0.01)
    assert reached(archive, episode.key) is None


def test_a_person_who_corrects_what_is_ready_is_not_overwritten(
    archive: Archive, episode: Episode, short_pieces: None
) -> None:
    path = archive.vtt_path(episode.key)

    def correct(_: float) -> None:
        path.write_text(path.read_text(encoding="utf-8").replace("parole", "Parole"), "utf-8")

    with pytest.raises(TranscriptError, match="a person changed its transcript meanwhile"):
        transcribe(archive, episode, Fake(), progress=correct)
    assert "Parole" in vtt(archive, episode)
    with pytest.raises(TranscriptError, match="meanwhile"):
        transcribe(archive, episode, Fake())
    assert "Parole" in vtt(archive, episode)
    transcribe(archive, episode, Fake(), again=True)
    assert "Parole" not in vtt(archive, episode)
    assert "Parole" in path.with_suffix(".1.vtt").read_text(encoding="utf-8")


def test_a_crash_between_checkpoint_and_text_is_harmless(
    archive: Archive, episode: Episode, short_pieces: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The checkpoint names a text that was never written, as after a kill between the two."""
    whole = Fake()
    transcribe(archive, episode, whole)
    unbroken = vtt(archive, episode)
    archive.vtt_path(episode.key).unlink()
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt), monkeypatch.context() as patch:
            patch.setattr(transcription, "write_whole", all_but_the_second_text())
            transcribe(archive, episode, Fake())
    transcribe(archive, episode, Fake())
    assert vtt(archive, episode) == unbroken


def all_but_the_second_text() -> Callable[[Path, bytes], None]:
    texts = 0

    def write(path: Path, content: bytes) -> None:
        nonlocal texts
        texts += path.suffix == ".vtt"
        if texts == 2:
            raise KeyboardInterrupt
        write_whole(path, content)

    return write


def test_an_episode_may_speak_another_language(archive: Archive, episode: Episode) -> None:
    asked: list[Ask] = []

    class Listening(Fake):
        def decode(self, windows: Sequence[Window], ask: Ask, attempt: Attempt) -> list[Segment]:
            asked.append(ask)
            return super().decode(windows, ask, attempt)

    transcribe(archive, dataclasses.replace(episode, language="en"), Listening())
    assert {ask.language for ask in asked} == {"en"}
    evidence = archive.evidence(episode.key)
    assert evidence is not None
    assert evidence.language == "en"


def test_what_is_transcribed_is_not_done_again(archive: Archive, episode: Episode) -> None:
    transcribe(archive, episode, Fake())
    engine = Fake()
    with pytest.raises(TranscriptError, match="--again"):
        transcribe(archive, episode, engine)
    assert engine.calls == 0


@pytest.mark.parametrize(
    ("old", "new"), [("status: machine", "status: reread"), ("parole-", "Parole ")]
)
def test_what_a_person_wrote_is_kept(
    archive: Archive, episode: Episode, old: str, new: str
) -> None:
    transcribe(archive, episode, Fake())
    assert not is_by_hand(archive, episode.key)
    corrected = vtt(archive, episode).replace(old, new)
    archive.vtt_path(episode.key).write_text(corrected, encoding="utf-8")
    assert is_by_hand(archive, episode.key)
    with pytest.raises(TranscriptError, match="a person"):
        transcribe(archive, episode, Fake())
    assert vtt(archive, episode) == corrected

    for _ in range(2):
        transcribe(archive, episode, Fake(), again=True)
    stem = f"{archive.transcripts}/emission/{episode.slug}"
    assert Path(f"{stem}.1.vtt").read_text(encoding="utf-8") == corrected
    assert Path(f"{stem}.1.json").exists()
    assert Path(f"{stem}.2.vtt").read_text(encoding="utf-8") == vtt(archive, episode)
    assert not is_by_hand(archive, episode.key)


def test_windows_hold_speech_only_and_fit() -> None:
    samples = np.arange(100 * RATE, dtype=np.float32)
    stretches = [(0, 20 * RATE), (22 * RATE, 30 * RATE), (50 * RATE, 79 * RATE)]
    windows = pack(samples, stretches, 7)
    assert [len(window.samples) <= LENGTH for window in windows] == [True, True]
    assert [window.stretches for window in windows] == [
        ((7, 20 * RATE + 7), (22 * RATE + 7, 30 * RATE + 7)),
        ((50 * RATE + 7, 79 * RATE + 7),),
    ]
    assert np.array_equal(windows[1].samples, samples[50 * RATE : 79 * RATE])


def test_a_word_lies_where_it_is_said() -> None:
    window = Window(np.zeros(30 * RATE, np.float32), ((0, 10 * RATE), (60 * RATE, 80 * RATE)))
    assert window.place(1.0, 2.0) == (1.0, 2.0)
    assert window.place(12.0, 13.0) == (62.0, 63.0)
    assert window.place(9.5, 10.1) == (9.5, 10.0)  # its middle is in the first stretch
    assert window.place(9.8, 11.0) == (60.0, 61.0)
    assert window.place(29.0, 99.0) == (79.0, 80.0)
    rest = window.after(61.0)
    assert rest.stretches == ((61 * RATE, 80 * RATE),)
    assert len(rest.samples) == 19 * RATE


def test_noise_and_silence_are_no_speech() -> None:
    silence = np.zeros(10 * RATE, np.float32)
    noise = np.random.default_rng(0).normal(0, 0.05, 10 * RATE).astype(np.float32)
    hum = (0.3 * np.sin(2 * np.pi * 220 * np.arange(10 * RATE) / RATE)).astype(np.float32)
    assert [find_speech(each) for each in (silence, noise, hum)] == [[], [], []]


def test_an_episode_without_speech_gets_an_empty_transcript(
    archive: Archive, tmp_path: Path
) -> None:
    path = encode(np.zeros(3 * 48_000, np.float32), tmp_path / "silence.flac")
    silent = ingest(archive, path, "emission")
    transcribe(archive, silent, Fake())
    transcript = archive.transcript(silent.key)
    assert transcript is not None
    assert transcript.cues == ()
