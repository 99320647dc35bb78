"""Transcribed anew: the old text stays until the new one is whole, whatever happens meanwhile."""

import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

import pytest

from radio.archive import Archive
from radio.system.disk import write_whole
from radio.system.errors import TranscriptError
from radio.transcribe import chunks, renewal, versions
from radio.transcribe.pool import local_pool
from radio.transcribe.renewal import renew
from radio.transcribe.transcription import transcribe
from radio.transcribe.versions import is_by_hand, texts_aside
from tests.fakes import Fake, Short, Slow, Sure, every_five_seconds, heard_street
from tests.processes import EASE, GROWTH, KILLED, LONGEST, Mortal, radio
from tests.samples import files, said, street

KILLS = 40
SEED = 11
BOTH = [".1.json", ".1.vtt", ".json", ".vtt"]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive whose only episode was transcribed by a first model."""
    return heard_street(tmp_path_factory.mktemp("first"), Sure(word="premier"))


@pytest.fixture
def transcribed(first: Path, tmp_path: Path) -> Archive:
    """A copy of it for each test."""
    return Archive(shutil.copytree(first, tmp_path, dirs_exist_ok=True))


def text(archive: Archive) -> str:
    return archive.vtt_path(archive.episodes()[0].key).read_text(encoding="utf-8")


def anew(archive: Archive, engine: Fake, **options: Any) -> None:
    with local_pool(engine) as pool:
        renew(archive, archive.episodes()[0], pool, **options)


def edit(archive: Archive, old: str, new: str) -> str:
    changed = text(archive).replace(old, new)
    archive.vtt_path(archive.episodes()[0].key).write_text(changed, encoding="utf-8")
    return changed


def test_listeners_keep_the_old_text_until_the_new_one_is_whole(
    transcribed: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "PART", 15 * 16_000)
    (episode,) = transcribed.episodes()
    old, seen = text(transcribed), list[str]()
    with pytest.raises(KeyboardInterrupt):
        anew(transcribed, Short(stop_at=2))
    assert text(transcribed) == old
    assert transcribed.missing() == []
    assert transcribed.evidence(episode.key)
    rest = Short()
    anew(transcribed, rest, progress=lambda _: seen.append(text(transcribed)))
    assert set(seen) == {old}
    assert rest.calls == len(seen) >= 2  # the two pieces of the first run are not decoded again
    assert "parole" in text(transcribed)
    assert transcribed.vtt_path(episode.key).with_suffix(".1.vtt").read_text("utf-8") == old
    assert files(transcribed) == BOTH
    assert not is_by_hand(transcribed, episode.key)


@pytest.mark.parametrize(
    ("old", "new"),
    [("status: machine", "status: reread"), ("premier", "Premier"), ("WEBVTT", "Rien")],
)
def test_what_a_person_wrote_goes_aside_by_force_alone(
    transcribed: Archive, old: str, new: str
) -> None:
    (episode,) = transcribed.episodes()
    edited = edit(transcribed, old, new)
    engine = Fake()
    with pytest.raises(TranscriptError, match="`--again --force` keeps that aside"):
        anew(transcribed, engine)
    assert (engine.calls, text(transcribed), files(transcribed)) == (0, edited, [".json", ".vtt"])
    anew(transcribed, engine, force=True)
    assert "parole" in text(transcribed)
    assert transcribed.vtt_path(episode.key).with_suffix(".1.vtt").read_text("utf-8") == edited
    assert files(transcribed) == BOTH
    assert not is_by_hand(transcribed, episode.key)


def test_a_person_who_corrects_meanwhile_is_not_overwritten(transcribed: Archive) -> None:
    with pytest.raises(TranscriptError, match="a person"):
        anew(
            transcribed, Fake(), progress=lambda _: edit(transcribed, "premier", "Premier") and None
        )
    assert "Premier" in text(transcribed)
    anew(transcribed, Fake(), force=True)
    assert files(transcribed) == BOTH


def test_what_was_never_finished_is_gone_on_with(
    transcribed: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "PART", 15 * 16_000)
    (episode,) = transcribed.episodes()
    transcribed.vtt_path(episode.key).unlink()
    transcribed.evidence_path(episode.key).unlink()
    with local_pool(Short(stop_at=2)) as pool, pytest.raises(KeyboardInterrupt):
        transcribe(transcribed, episode, pool)
    edit(transcribed, "parole", "Parole")
    with pytest.raises(TranscriptError, match="--again --force"):
        anew(transcribed, Short())
    anew(transcribed, Short(), force=True)
    assert "Parole" not in text(transcribed)
    assert files(transcribed) == [".1.vtt", ".json", ".vtt"]


@pytest.mark.parametrize("by_hand", [True, False])
@pytest.mark.parametrize("write", [1, 2])
def test_killed_while_they_change_places(
    transcribed: Archive, monkeypatch: pytest.MonkeyPatch, write: int, by_hand: bool
) -> None:
    """Whatever was written by then, the old text is kept once and never taken for the machine's."""
    (episode,) = transcribed.episodes()
    old = edit(transcribed, "premier", "Premier") if by_hand else text(transcribed)
    with pytest.raises(KeyboardInterrupt), monkeypatch.context() as patch:
        for module in (renewal, versions):
            patch.setattr(module, "write_whole", stopped_at(write))
        anew(transcribed, Fake(), force=True)
    assert text(transcribed) == old
    assert is_by_hand(transcribed, episode.key) == by_hand
    anew(transcribed, Fake(), force=True)
    assert "parole" in text(transcribed)
    assert transcribed.vtt_path(episode.key).with_suffix(".1.vtt").read_text("utf-8") == old
    assert files(transcribed) == BOTH
    if by_hand:  # put back by a person, it is still theirs
        transcribed.vtt_path(episode.key).write_text(old, encoding="utf-8")
        assert is_by_hand(transcribed, episode.key)


def stopped_at(number: int) -> Callable[[Path, bytes], None]:
    """Write until the `number`th file, then be killed."""
    written = 0

    def write(path: Path, content: bytes) -> None:
        nonlocal written
        written += 1
        if written == number:
            raise KeyboardInterrupt
        write_whole(path, content)

    return write


def run(root: Path, counter: "Synchronized[int]") -> None:
    chunks.PART, chunks.__dict__["find_speech"] = 10 * 16_000, every_five_seconds
    archive = Archive(root)
    with local_pool(Slow(counter=counter)) as pool:
        renew(archive, archive.episodes()[0], pool, force=True)


@pytest.mark.torture
@pytest.mark.long
def test_the_text_stands_through_forty_kills(transcribed: Archive) -> None:
    (episode,) = transcribed.episodes()
    path, chance = transcribed.vtt_path(episode.key), random.Random(SEED)
    work = Mortal(run, transcribed.root)
    old = edit(transcribed, "premier", "Premier")
    began = time.monotonic()
    assert work.live() == 0
    longest = usual = LONGEST * (time.monotonic() - began)
    new, kills, ends = text(transcribed), 0, 0
    assert old != new
    while kills < KILLS:
        path.write_text(old, encoding="utf-8")
        while (code := work.live(chance.uniform(0, longest))) == KILLED:
            kills, longest = kills + 1, GROWTH * longest
            assert text(transcribed) in (old, new)
            assert transcribed.is_transcribed(episode.key)
        assert code == 0
        assert text(transcribed) == new
        assert old in {each.read_text("utf-8") for each in texts_aside(transcribed, episode.key)}
        ends, longest = ends + 1, max(usual, EASE * longest)
    print(f"{kills} kills, {ends} renewals, {work.counter.value} batches")  # noqa: T201
    assert not list(transcribed.transcripts.glob("*/.*.json"))


@pytest.mark.torture
@pytest.mark.long
def test_the_real_engine_killed_leaves_the_old_text(
    models: Path, transcribed: Archive, thrice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`radio transcribe --again` killed once it has kept a piece, then run to its end."""
    monkeypatch.setenv("RADIO_MODELS", str(models))
    root = tmp_path / "long"
    archive = street(root, copies=3)
    (episode,) = archive.episodes()
    with local_pool(Sure(word="premier")) as pool:
        transcribe(archive, episode, pool)
    reread = edit(archive, "status: machine", "status: reread")
    arguments = ["transcribe", "--root", str(root), "--engine", "faster", "--again", episode.key]
    refused = radio(*arguments, check=False)
    assert (refused.returncode, text(archive)) == (1, reread)
    assert "a person reread or changed its transcript" in refused.stderr
    command = [sys.executable, "-m", "radio", *arguments, "--force"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        kept = archive.checkpoint_path(episode.key, renewal.RENEWAL)
        while process.poll() is None and not kept.exists():
            assert text(archive) == reread
            time.sleep(0.01)
        process.kill()
    assert kept.exists()
    assert text(archive) == reread
    radio(*arguments, "--force")
    assert said(archive) == thrice
    assert texts_aside(archive, episode.key)[0].read_text("utf-8") == reread
