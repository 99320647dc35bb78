"""Transcription: pieces, kills, what a person wrote. The engine here is a fake that counts;
the real one is at work in test_chain.py."""

import dataclasses
import datetime as dt
import itertools
import random
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.ingest.files import ingest
from radio.search import Index
from radio.sound import RATE
from radio.system.errors import TranscriptError
from radio.text.transcript import Segment
from radio.transcribe import transcription, windows
from radio.transcribe.engines.interface import provenance
from radio.transcribe.pool import local_pool
from radio.transcribe.renewal import candidates
from radio.transcribe.versions import Headway, headway, is_by_hand
from radio.transcribe.windows import LENGTH, Window, pack
from radio.web.rereading import sheet
from tests.fakes import Fake, Short, killed_writing, transcribe_slowly
from tests.heard import edit, evidence_of, transcript_of
from tests.processes import EASE, GROWTH, KILLED, LONGEST, Mortal
from tests.samples import DEMO, STREET, files, reference, said, street
from tests.sounds import encode
from tests.web.sites import visit


@pytest.fixture(autouse=True)
def short_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "PART", 15 * RATE)


def transcribe(archive: Archive, episode: Episode, engine: Fake, **more: Any) -> None:
    with local_pool(engine) as pool:
        transcription.transcribe(archive, episode, pool, **more)


@pytest.fixture
def episode(archive: Archive) -> Episode:
    return ingest(archive, DEMO / f"{STREET}.mp3", "emission")


def vtt(archive: Archive, episode: Episode) -> str:
    return archive.vtt_path(episode.key).read_text(encoding="utf-8")


def test_a_text_says_its_origin_and_is_not_made_again(archive: Archive, episode: Episode) -> None:
    transcribe(archive, episode, Fake())
    transcript, evidence = transcript_of(archive, episode.key), evidence_of(archive, episode.key)
    made = {"status": "machine", "engine": "fake 1", "model": "base", "language": "fr"}
    made |= {"date": dt.date.today().isoformat(), "audio": episode.audio.sha256}
    assert transcript.note == made
    assert evidence.regions[0].start == 0
    assert evidence.parameters["regions"]["threshold"] == 0.5
    assert files(archive) == [".json", ".vtt"]
    assert archive.missing() == []
    assert not is_by_hand(archive, episode.key)
    by_hand = "someone"
    for old, new, refusal in (
        ("", "", "--again"),
        ("status: machine", "status: reread", by_hand),
        ("status: reread", "status: machine", "--again"),
        ("parole-", "Parole ", by_hand),
    ):
        before, engine = edit(archive, (old, new), key=episode.key), Fake()
        assert is_by_hand(archive, episode.key) is (refusal == by_hand)
        with pytest.raises(TranscriptError, match=refusal):
            transcribe(archive, episode, engine)
        assert (engine.calls, vtt(archive, episode)) == (0, before)


def test_ctrl_c_loses_only_the_piece_under_way(archive: Archive, episode: Episode) -> None:
    whole = Short()
    transcribe(archive, episode, whole)
    unbroken = vtt(archive, episode)
    archive.vtt_path(episode.key).unlink()
    archive.evidence_path(episode.key).unlink()
    with pytest.raises(KeyboardInterrupt):
        transcribe(archive, episode, Short(stop_at=2))
    assert archive.missing() == [episode]
    for engine, calls in ((Short(), whole.calls - 2), (Short(name="other"), whole.calls)):
        rest = dataclasses.replace(engine, versions={engine.name: "2"})
        root = Path(shutil.copytree(archive.root, archive.root.with_name(engine.name)))
        transcribe(Archive(root), episode, rest)
        assert rest.calls == calls  # another engine begins anew
        assert said(Archive(root)) == unbroken[unbroken.index("\n\n1\n") :]
        assert files(Archive(root)) == [".json", ".vtt"]


def test_pieces_are_cut_in_pauses_and_found_before_the_rest(
    archive: Archive, episode: Episode
) -> None:
    index, seen = Index(archive), list[tuple[int, Headway | None]]()
    length = episode.audio.duration

    def look(_: float) -> None:
        index.refresh()
        hits = len(index.search("parole").episodes[0].hits)
        seen.append((hits, headway(archive, episode.key, length)))

    transcribe(archive, episode, Short(), progress=look)
    ways = [way for _, way in seen if way is not None]
    assert len(ways) == len(seen) >= 4
    assert seen[0][0] >= 1
    times = [way.reached for way in ways]
    assert times == sorted(times)
    assert 0 < times[0] <= 15
    assert times[-1] == pytest.approx(length, abs=0.01)
    lefts = [way.remaining or 0.0 for way in ways]
    assert lefts[0] > lefts[-1] == pytest.approx(0, abs=0.01)
    assert None not in [way.remaining for way in ways]
    assert headway(archive, episode.key, length) is None
    regions = evidence_of(archive, episode.key).regions
    for spoken in reference(episode.slug):
        middle = (spoken["start"] + spoken["end"]) / 2
        assert any(region.start <= middle <= region.end for region in regions)
    for before, after in itertools.pairwise(regions):
        assert before.end <= after.start


def test_a_person_s_correction_is_not_overwritten(archive: Archive, episode: Episode) -> None:
    def correct(_: float) -> None:
        edit(archive, ("parole", "Parole"), key=episode.key)

    for again in ({"progress": correct}, {}):
        with pytest.raises(TranscriptError, match="someone edited the transcript in the meantime"):
            transcribe(archive, episode, Short(), **again)
        assert "Parole" in vtt(archive, episode)


@pytest.mark.parametrize("heard", [0, 1])
def test_another_recording_is_not_written(archive: Archive, episode: Episode, heard: int) -> None:
    """A passage may have been taken out of it meanwhile."""
    engine, audio = Short(), dataclasses.replace(episode.audio, sha256="00" * 32)

    def redact() -> None:
        if engine.calls > heard:
            archive.write_episode(dataclasses.replace(episode, audio=audio))

    engine.meanwhile = redact
    with pytest.raises(TranscriptError, match="its recording has changed in the meantime"):
        transcribe(archive, episode, engine)
    assert archive.vtt_path(episode.key).exists() == bool(heard)


def test_a_crash_between_checkpoint_and_text_is_harmless(
    archive: Archive, episode: Episode
) -> None:
    transcribe(archive, episode, Short())
    unbroken = vtt(archive, episode)
    archive.vtt_path(episode.key).unlink()
    for _ in range(2):
        with killed_writing(2, ".vtt"):
            transcribe(archive, episode, Short())
    transcribe(archive, episode, Short())
    assert vtt(archive, episode) == unbroken


def test_an_episode_may_speak_another_language(archive: Archive, episode: Episode) -> None:
    engine = Fake()
    transcribe(archive, dataclasses.replace(episode, language="en"), engine)
    assert {options.language for options in engine.options} == {"en"}
    assert evidence_of(archive, episode.key).language == "en"


@dataclasses.dataclass
class Bilingual(Fake):
    """Hears English from the tenth second on, though the same words everywhere."""

    def tell_language(self, window: Window, among: Sequence[str]) -> str:
        return among[window.start > 10]

    def _hear(self, window: Window) -> Segment:
        heard, texts = super()._hear(window), itertools.cycle(["les", "vingt", "deux", "caméras."])
        said = (dataclasses.replace(word, text=next(texts)) for word in heard.words)
        return dataclasses.replace(heard, words=tuple(said))


def test_an_episode_may_speak_two_languages(archive: Archive, episode: Episode) -> None:
    """Each part in its own: French writes numbers in figures, and names guide French alone."""
    archive.write_show(dataclasses.replace(archive.show("emission"), glossary=("Beaubrun",)))
    both = dataclasses.replace(episode, language=("fr", "en"))
    archive.write_episode(both)
    assert archive.episode(episode.key) == both
    engine = Bilingual()
    transcribe(archive, both, engine)
    asked = {(each.language, "Beaubrun" in each.prompt) for each in engine.options}
    assert asked == {("fr", True), ("en", False)}
    evidence, text = evidence_of(archive, episode.key), vtt(archive, episode)
    assert (evidence.language, evidence.also) == ("fr", ("en",))
    assert "\nlanguage: fr, en\n" in text
    cues = archive.transcript(episode.key).cues  # type: ignore[union-attr]
    assert [each for each, _run in itertools.groupby(cue.language for cue in cues)] == ["", "en"]
    french, english = (
        {word for cue in cues if cue.language == of for word in cue.text.split()}
        for of in ("", "en")
    )
    assert "22" in french and "vingt" not in french
    assert english == {"les", "vingt", "deux", "caméras."}
    page = (
        visit(archive, "https://radio.example").get(f"/shows/{episode.key}").get_data(as_text=True)
    )
    assert '<bdi lang="en">les vingt deux' in page
    assert '"inLanguage":["fr","en"]' in "".join(page.split())
    assert {row.language for row in sheet(archive, both).rows} == {"", "en"}
    assert candidates(archive, provenance(engine)) == []
    archive.write_episode(episode)
    assert candidates(archive, provenance(engine)) == [episode], (
        "other languages ask for another hearing"
    )


def test_windows_hold_speech_only_and_fit() -> None:
    samples = np.arange(100 * RATE, dtype=np.float32)
    ranges = [(0, 20 * RATE), (22 * RATE, 30 * RATE), (50 * RATE, 79 * RATE)]
    windows = pack(samples, ranges, 7)
    shifted = [(first + 7, last + 7) for first, last in ranges]
    assert [window.ranges for window in windows] == [(*shifted[:2],), (shifted[2],)]
    assert all(len(window.samples) <= LENGTH for window in windows)
    assert np.array_equal(windows[1].samples, samples[50 * RATE : 79 * RATE])


def test_a_word_lies_where_it_is_said() -> None:
    window = Window(np.zeros(30 * RATE, np.float32), ((0, 10 * RATE), (60 * RATE, 80 * RATE)))
    heard = [(1.0, 2.0), (12.0, 13.0), (9.5, 10.1), (9.8, 11.0), (29.0, 99.0)]
    said = [(1.0, 2.0), (62.0, 63.0), (9.5, 10.0), (60.0, 61.0), (79.0, 80.0)]  # by their middles
    assert [window.place(*each) for each in heard] == said


def test_an_episode_without_speech_gets_no_cue(archive: Archive, tmp_path: Path) -> None:
    path = encode(np.zeros(3 * 48_000, np.float32), tmp_path / "silence.flac")
    silent = ingest(archive, path, "emission")
    transcribe(archive, silent, Fake())
    assert transcript_of(archive, silent.key).cues == ()


KILLS = 100


@pytest.mark.long
@pytest.mark.torture
def test_a_hundred_random_kills(tmp_path: Path) -> None:
    archive, work = street(tmp_path), Mortal(transcribe_slowly, tmp_path)
    (episode,) = archive.episodes()
    chance = random.Random(20261125)

    def forget() -> None:
        archive.vtt_path(episode.key).unlink()
        archive.evidence_path(episode.key).unlink()

    assert work.live() == 0
    whole, unbroken = work.counter.value, said(archive)
    assert whole >= 7
    forget()
    began = time.monotonic()
    assert work.live() == 0
    longest = usual = LONGEST * (time.monotonic() - began)
    forget()
    kills, ends, reached = 0, 0, 0.0
    while kills < KILLS:
        code = work.live(chance.uniform(0, longest))
        assert code in (0, KILLED)
        if code == KILLED:
            kills, longest = kills + 1, GROWTH * longest
            way = headway(archive, episode.key, episode.audio.duration)
            assert way is None or way.reached >= reached
            reached = way.reached if way else reached
            archive.transcript(episode.key)  # never half written
        if archive.is_transcribed(episode.key) and archive.evidence(episode.key):
            assert said(archive) == unbroken
            ends, reached, longest = ends + 1, 0.0, max(usual, EASE * longest)
            forget()
    assert work.live() == 0
    assert said(archive) == unbroken
    print(f"{KILLS} kills, {ends} whole transcripts, {work.counter.value} batches")  # noqa: T201
    assert ends >= 5
    # One batch is under way and one may be done but not yet kept.
    assert work.counter.value <= whole * (ends + 2) + 2 * KILLS
    assert files(archive) == [".json", ".vtt"]
