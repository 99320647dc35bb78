"""`radio work`: two passes, one thing at a time, stopped anywhere, with the real engine."""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.archive.locks import is_locked
from radio.ingest.files import ingest
from radio.search import Index, SearchOptions
from radio.transcribe.models.weights import RECORD
from radio.work.status import Asked, WorkStatus, read_status, write_status
from tests.patience import LONG, until
from tests.processes import call, radio
from tests.samples import STREET, said, street

pytestmark = pytest.mark.long

KEY = f"emission/{STREET}"
FASTER = ("--engine", "faster")  # where any engine proves the same

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def two_models(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`base`, and a `small` as the hub gives one: its numbers are those of `base`."""
    folder = tmp_path_factory.mktemp("two")
    for name in ("base", "small"):
        shutil.copytree(models / "base", folder / name)
    weights = folder / "small" / "model.bin"
    content = weights.read_bytes() + b"\0"  # another file, which says the same
    weights.write_bytes(content)
    record = f"{hashlib.sha256(content).hexdigest()}  model.bin\n"
    (weights.parent / RECORD).write_text(record, encoding="ascii")
    return folder


def once(root: Path, models: Path, *options: str, check: bool = True, run: Command = radio) -> str:
    """Do what there is to do now; give what was said."""
    command = ("work", "--root", str(root), "--once", *options)
    done = run(*command, check=check, RADIO_MODELS=str(models))
    return done.stdout + done.stderr


def closed_now() -> str:
    """Hours that do not contain the present one."""
    now = datetime.now()
    opens, closes = (now + timedelta(hours=hours) for hours in (2, 3))
    return f"{opens:%H:%M}-{closes:%H:%M}"


def model_of(archive: Archive, key: str = KEY) -> str | None:
    evidence = archive.evidence(key)
    return evidence.model if evidence else None


def told(root: Path, **variables: str) -> dict[str, Any]:
    """What `radio status --json` says."""
    answer = call("status", "--root", str(root), "--json", check=True, **variables).stdout
    found: dict[str, Any] = json.loads(answer)
    return found


@contextlib.contextmanager
def working(root: Path, models: Path, *options: str) -> Iterator["subprocess.Popen[str]"]:
    """Run `radio work` in a process of its own."""
    command = [sys.executable, "-m", "radio", "work", "--root", str(root), *options]
    environment = {**os.environ, "RADIO_MODELS": str(models)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def brief(archive: Archive, sounds: dict[str, Path]) -> Episode:
    """Four seconds of speech, where a longer episode proves no more."""
    path = archive.root / "2024-02-20-bref.mp3"
    shutil.copyfile(sounds[".mp3"], path)
    episode = ingest(archive, path, "emission")
    path.unlink()
    return episode


def kept_or(checkpoint: Path, is_done: Callable[[], bool]) -> bool:
    """Whether it is done; until then what was heard so far must be kept."""
    is_kept = checkpoint.exists()  # looked at first: it is removed once all is done
    assert is_done() or is_kept
    return is_done()


def said_until(end: str, process: "subprocess.Popen[str]") -> str:
    """Give what it said up to some words."""
    assert process.stdout
    lines, watchdog = "", threading.Timer(LONG, process.kill)
    watchdog.start()
    for line in process.stdout:
        lines += line
        if end in line:
            break
    watchdog.cancel()
    assert end in lines, "it ended"
    return lines


def wait_until(is_so: Callable[[], bool], process: "subprocess.Popen[str]") -> None:
    def is_there() -> bool:
        assert process.poll() is None, "it ended"
        return is_so()

    until(is_there)


def test_all_is_made_in_one_run_and_once(models: Path, tmp_path: Path) -> None:
    """From a dropped file to found words, chapters and pages; with one model there is one pass."""
    archive = street(tmp_path)
    assert told(tmp_path, RADIO_MODELS=str(models))["left"][0]["kind"] == "transcribe"
    assert f"{KEY} transcribed (base)" in once(tmp_path, models, "--quiet", "always")
    assert archive.missing() == []
    assert Index(archive).search("capteurs", SearchOptions()).total == 1
    page = (archive.site / "shows" / f"{KEY}.html").read_text(encoding="utf-8")
    assert 'data-gain="' in page  # it was listened to before the pages were made
    assert len(list(archive.cache.glob("fingerprints/*"))) == 1
    status = told(tmp_path, RADIO_MODELS=str(models))
    assert (status["running"], status["left"], status["troubles"]) == (False, [], [])
    assert "radio status" not in call("status", "--root", str(tmp_path)).stderr
    assert once(tmp_path, models, "--quiet", "always").count(KEY) == 0


@pytest.mark.torture
def test_what_is_found_soon_is_made_better_at_night(
    two_models: Path, tmp_path: Path, sounds: dict[str, Path]
) -> None:
    archive = street(tmp_path)
    brief(archive, sounds)
    by_day = once(tmp_path, two_models, *FASTER, "--quiet", closed_now())
    assert by_day.count("transcribed (base)") == 2
    assert "small" not in by_day
    better = told(tmp_path, RADIO_MODELS=str(two_models))["left"]
    by_kind = [(each["kind"], each["number"]) for each in better]
    assert by_kind == [("improve", 2), ("sound", 2)]
    at_night = once(tmp_path, two_models, *FASTER, "--quiet", "always")
    first, second = (line.split()[0] for line in at_night.splitlines() if "(small)" in line)
    assert {first, second} == {each.key for each in archive.episodes()}
    aside = archive.vtt_path(first).with_suffix(".1.vtt")
    assert aside.is_file()
    assert model_of(archive, first) == "small"
    assert told(tmp_path, RADIO_MODELS=str(two_models))["left"] == []


def test_the_models_told_are_those_that_the_next_run_takes(
    two_models: Path, tmp_path: Path
) -> None:
    """With a better model fetched since, a night of work was kept silent."""
    archive = Archive(tmp_path)
    archive.create()
    write_status(archive, WorkStatus("base", "base"))
    status = told(tmp_path, RADIO_MODELS=str(two_models))
    assert (status["first"], status["better"]) == ("base", "small")
    write_status(archive, WorkStatus("base", "small", asked=Asked(better="base")))
    status = told(tmp_path, RADIO_MODELS=str(two_models))
    assert (status["first"], status["better"]) == ("base", "base")
    once(tmp_path, two_models, "--first", "small", run=call)
    status = told(tmp_path, RADIO_MODELS=str(two_models))
    assert (status["first"], status["better"]) == ("small", "small")


@pytest.mark.torture
def test_a_model_asked_for_that_makes_no_better_pass_is_named(tmp_path: Path) -> None:
    """Who asked for it waited night after night for what never began."""
    archive = Archive(tmp_path / "archive")
    archive.create()
    asked = ("--first", "base", "--model")
    for model in ("mine", "tiny"):
        said = once(archive.root, tmp_path / "none", *asked, model, run=call)
        assert said.count(f"{model}: not known to be better than base") == 1
    for model in ("small", "base"):
        said = once(archive.root, tmp_path / "none", *asked, model, run=call)
        assert "not known" not in said


@pytest.mark.torture
def test_what_a_person_wrote_is_not_heard_again(two_models: Path, tmp_path: Path) -> None:
    archive = street(tmp_path)
    once(tmp_path, two_models, *FASTER, "--quiet", closed_now())
    path = archive.vtt_path(KEY)
    path.write_text(path.read_text().replace("status: machine", "status: reread"))
    mended = path.read_bytes()
    assert "small" not in once(tmp_path, two_models, *FASTER, "--quiet", "always")
    assert path.read_bytes() == mended


@pytest.mark.torture
def test_what_arrives_goes_before_a_better_pass(
    two_models: Path, tmp_path: Path, sounds: dict[str, Path]
) -> None:
    """Between two chunks; then the better pass goes on where it was."""
    archive = street(tmp_path, copies=4)  # three chunks
    once(tmp_path, two_models, *FASTER, "--quiet", closed_now())
    with working(tmp_path, two_models, *FASTER, "--quiet", "always") as process:
        checkpoint = archive.checkpoint_path(KEY, "improvement")
        wait_until(checkpoint.exists, process)
        new = brief(archive, sounds)
        wait_until(lambda: kept_or(checkpoint, lambda: model_of(archive) == "small"), process)
        assert f"{new.key} transcribed (base)" in said_until(f"{KEY} improved (small)", process)
        wait_until(lambda: not checkpoint.exists(), process)


@pytest.mark.torture
def test_a_new_show_does_not_wait_behind_a_long_one(
    models: Path, tmp_path: Path, sounds: dict[str, Path]
) -> None:
    """Between two chunks; then the long one goes on where it was."""
    archive = street(tmp_path, copies=5)  # four chunks
    with working(tmp_path, models, *FASTER) as process:
        checkpoint = archive.checkpoint_path(KEY)
        wait_until(checkpoint.exists, process)
        new = brief(archive, sounds)
        wait_until(lambda: kept_or(checkpoint, lambda: archive.is_transcribed(KEY)), process)
        assert f"{new.key} transcribed (base)" in said_until(f"{KEY} transcribed (base)", process)
        wait_until(lambda: not checkpoint.exists(), process)


@pytest.mark.torture
def test_killed_anywhere_it_goes_on(models: Path, tmp_path: Path, thrice: str) -> None:
    archive = street(tmp_path, copies=3)
    for seconds, blow in ((3.0, signal.SIGKILL), (5.0, signal.SIGTERM), (6.5, signal.SIGKILL)):
        with working(tmp_path, models, *FASTER) as process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
            process.send_signal(blow)
            process.wait(LONG)
        until(lambda: not is_locked(tmp_path, "transcribe"))  # what it had begun dies with it
        until(lambda: not is_locked(tmp_path, "work"))
    once(tmp_path, models, *FASTER)
    assert said(archive) == thrice
    assert archive.missing() == []


@pytest.mark.torture
def test_it_says_what_it_does_and_stops_by_hand(models: Path, tmp_path: Path) -> None:
    archive = street(tmp_path, copies=6)
    with working(tmp_path, models) as process:
        wait_until(lambda: getattr(read_status(archive).current, "share", 0) > 0, process)
        status = told(tmp_path)
        assert status["running"]
        assert (status["current"]["kind"], status["current"]["key"]) == ("transcribe", KEY)
        assert 0 < status["current"]["share"] < 1
        assert status["current"]["left"] > 0
        text = radio("status", "--root", str(tmp_path)).stdout
        assert f"Now: first pass, {KEY} (base)" in text
        second = radio("work", "--root", str(tmp_path), check=False)
        assert (second.returncode, "another `radio` is at it" in second.stderr) == (1, True)
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONG) == 0
    assert not told(tmp_path)["running"]
    assert read_status(archive).current is None


@pytest.mark.torture
def test_an_episode_that_fails_costs_a_line_and_is_not_tried_in_a_circle(
    models: Path, tmp_path: Path, sounds: dict[str, Path]
) -> None:
    by_day = (*FASTER, "--quiet", closed_now())  # at night recordings are listened to as well
    archive = street(tmp_path)
    broken = brief(archive, sounds)
    path = archive.audio_path(broken)
    content = path.read_bytes()
    path.write_bytes(b"noise" * 1000)
    said_first = once(tmp_path, models, *by_day, check=False)
    assert f"{KEY} transcribed" in said_first
    (failure,) = (line for line in said_first.splitlines() if path.name in line)
    assert "not audio" in failure
    (trouble,) = [each for each in told(tmp_path)["troubles"] if each["kind"] == "transcribe"]
    assert (trouble["key"], trouble["times"]) == (broken.key, 1)
    assert "failed: " in radio("status", "--root", str(tmp_path)).stdout
    assert path.name not in once(tmp_path, models, *by_day)  # not again now
    path.write_bytes(content)
    assert f"{broken.key} transcribed" in once(tmp_path, models, *by_day)
    assert told(tmp_path)["troubles"] == []


def test_without_a_model_the_rest_is_made_all_the_same(tmp_path: Path) -> None:
    archive = street(tmp_path / "archive")
    text = once(archive.root, tmp_path / "none", check=False)
    assert "radio model fetch" in text
    assert (archive.site / "index.html").is_file()
    (trouble,) = told(archive.root, RADIO_MODELS=str(tmp_path / "none"))["troubles"]
    assert trouble["kind"] == "model"


def test_the_hours_come_from_the_environment(tmp_path: Path) -> None:
    street(tmp_path)
    wrong = call("work", "--root", str(tmp_path), "--once", check=False, RADIO_QUIET="soon")
    assert wrong.returncode == 2
    assert "23:00-07:00" in wrong.stderr
