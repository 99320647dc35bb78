"""`radio work`: two passes, one thing at a time, stopped anywhere, with the real engine."""

import contextlib
import hashlib
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest import LogCaptureFixture, MonkeyPatch

from radio.archive import Archive
from radio.archive.episode import Episode, Show
from radio.archive.locks import is_locked
from radio.ingest.files import ingest
from radio.search import Index, SearchOptions
from radio.system.disk import discard
from radio.system.process import AUTOGROUP
from radio.transcribe.models.weights import RECORD
from radio.work import maker, tries
from radio.work import worker as work
from radio.work.status import Asked, WorkStatus, read_status, write_status
from tests.patience import LONG, until
from tests.processes import command, radio
from tests.samples import CITY, STREET, put, said, shorten, street
from tests.work.runs import InsideChild, process, worker, working

pytestmark = pytest.mark.long

KEY = f"emission/{STREET}"
FASTER = ("--engine", "faster")  # where any engine proves the same
NIGHT = ("--quiet", "always")

Process = subprocess.Popen[str]


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


def once(root: Path, models: Path, *options: str, check: bool = True) -> str:
    command = ("work", "--root", str(root), "--once", *options)
    done = radio(*command, check=check, RADIO_MODELS=str(models), RADIO_INBOX_WAIT="0")
    return done.stdout + done.stderr


def by_day() -> tuple[str, str]:
    """Quiet hours that do not contain the present one."""
    now = datetime.now()
    opens, closes = (now + timedelta(hours=hours) for hours in (2, 3))
    return "--quiet", f"{opens:%H:%M}-{closes:%H:%M}"


def model_of(archive: Archive, key: str = KEY) -> str | None:
    evidence = archive.evidence(key)
    return evidence.model if evidence else None


def told(root: Path, models: Path) -> Any:
    status = command(Archive(root), "status", "--json", RADIO_MODELS=str(models))
    return json.loads(status.stdout)


def brief(archive: Archive, sounds: dict[str, Path]) -> Episode:
    path = Path(shutil.copy(sounds[".mp3"], archive.root / "2024-02-20-bref.mp3"))
    episode = ingest(archive, path, "emission")
    path.unlink()
    return episode


def said_until(end: str, run: Process) -> str:
    """Give what it said up to some words."""
    assert run.stdout
    lines, watchdog = "", threading.Timer(LONG, run.kill)
    watchdog.start()
    while end not in lines and (line := run.stdout.readline()):
        lines += line
    watchdog.cancel()
    assert end in lines, "it ended"
    return lines


def wait_until(is_so: Callable[[], bool], run: Process) -> None:
    def is_there() -> bool:
        assert run.poll() is None, "it ended"
        return is_so()

    until(is_there)


def test_all_is_made_in_one_run(models: Path, tmp_path: Path, sounds: dict[str, Path]) -> None:
    """From a dropped file to found words, chapters and pages; with one model there is one pass."""
    archive = Archive(tmp_path)
    archive.create()
    archive.write_show(Show("emission", "Émission"))
    (tmp_path / "inbox").mkdir()
    (tmp_path / "site.json").write_text('{"drafts": []}', encoding="utf-8")
    shutil.copy(sounds[".mp3"], tmp_path / "inbox" / f"{STREET}.mp3")
    assert f"{KEY} transcribed (base)" in once(tmp_path, models, *FASTER, *NIGHT)
    assert archive.missing() == []
    assert Index(archive).search("bonjour", SearchOptions()).total == 1
    page = (archive.site / "shows" / f"{KEY}.html").read_text(encoding="utf-8")
    assert 'data-gain="' in page  # it was listened to before the pages were made
    assert len(list(archive.cache.glob("fingerprints/*"))) == 1
    status = told(tmp_path, models)
    assert (status["running"], status["left"], status["troubles"]) == (False, [], [])
    assert "radio status" not in command(archive, "status").stderr


@pytest.mark.torture
def test_nights_make_it_better(two_models: Path, tmp_path: Path, sounds: dict[str, Path]) -> None:
    archive = street(tmp_path)
    other = brief(archive, sounds).key
    said_by_day = once(tmp_path, two_models, *FASTER, *by_day())
    assert said_by_day.count("transcribed (base)") == 2
    assert "small" not in said_by_day
    better = told(tmp_path, two_models)["left"]
    by_kind = [(each["kind"], each["number"]) for each in better]
    assert by_kind == [("improve", 2), ("sound", 2)]
    path = archive.vtt_path(other)
    path.write_text(path.read_text().replace("status: machine", "status: reread"))
    mended = path.read_bytes()
    assert once(tmp_path, two_models, *FASTER, *NIGHT).count("(small)") == 1
    assert path.read_bytes() == mended
    assert archive.vtt_path(KEY).with_suffix(".1.vtt").is_file()
    assert model_of(archive) == "small"
    assert told(tmp_path, two_models)["left"] == []


def test_the_models_told_are_those_the_next_run_takes(two_models: Path, tmp_path: Path) -> None:
    """With a better model fetched since, a night of work was kept silent."""
    archive = Archive(tmp_path)
    archive.create()
    wrong = command(archive, "work", "--once", check=False, RADIO_QUIET="soon")
    assert wrong.returncode == 2 and "23:00-07:00" in wrong.stderr
    for asked, first, second in (
        (Asked(), "base", "small"),
        (Asked(better="base"), "base", "base"),
        (Asked(first="small"), "small", "small"),
    ):
        write_status(archive, WorkStatus("base", "base", asked=asked))
        status = told(tmp_path, two_models)
        assert (status["first"], status["better"]) == (first, second)


def test_a_useless_model_is_named(archive: Archive, caplog: LogCaptureFixture) -> None:
    """Who asked for it waited night after night for what never began."""
    for model, times in (("mine", 1), ("tiny", 1), ("small", 0), ("base", 0)):
        caplog.clear()
        here = worker(archive, asked=Asked(first="base", better=model))
        for _look in range(2):
            here._choose()
        assert caplog.text.count(f"{model}: nothing says that it is better than base") == times


@pytest.mark.torture
@pytest.mark.parametrize(("copies", "is_better"), [(5, False), (4, True)])
def test_what_arrives_does_not_wait_behind_a_long_show(
    two_models: Path, tmp_path: Path, sounds: dict[str, Path], *, copies: int, is_better: bool
) -> None:
    """Between two chunks; then the long one goes on where it was, be it for a better pass."""
    archive = street(tmp_path, copies=copies)
    if is_better:
        once(tmp_path, two_models, *FASTER, *by_day())
    kind, end = ("improvement", "improved (small)") if is_better else ("checkpoint", "transcribed")
    checkpoint = archive.checkpoint_path(KEY, kind)

    def is_done() -> bool:
        """Whether it is done; until then what was heard so far must be kept."""
        is_kept = checkpoint.exists()  # looked at first: it is removed once all is done
        done = model_of(archive) == "small" if is_better else archive.is_transcribed(KEY)
        assert done or is_kept
        return done

    hours = NIGHT if is_better else by_day()
    with process(tmp_path, *FASTER, *hours, RADIO_MODELS=str(two_models)) as run:
        wait_until(checkpoint.exists, run)
        new = brief(archive, sounds)
        wait_until(is_done, run)
        assert f"{new.key} transcribed (base)" in said_until(f"{KEY} {end}", run)
        wait_until(lambda: not checkpoint.exists(), run)


@pytest.mark.torture
def test_killed_anywhere_it_goes_on(models: Path, tmp_path: Path, thrice: str) -> None:
    archive = street(tmp_path, copies=3)
    for seconds, blow in ((3.0, signal.SIGKILL), (5.0, signal.SIGTERM), (6.5, signal.SIGKILL)):
        with process(tmp_path, *FASTER, RADIO_MODELS=str(models)) as run:
            with contextlib.suppress(subprocess.TimeoutExpired):
                run.wait(seconds)
            run.send_signal(blow)
            run.wait(LONG)
        until(lambda: not is_locked(tmp_path, "transcribe"))  # what it had begun dies with it
        until(lambda: not is_locked(tmp_path, "work"))
    once(tmp_path, models, *FASTER)
    assert said(archive) == thrice
    assert archive.missing() == []


@pytest.mark.torture
def test_it_says_what_it_does_and_stops_by_hand(models: Path, tmp_path: Path) -> None:
    archive = street(tmp_path, copies=6)
    with process(tmp_path, RADIO_MODELS=str(models)) as run:
        wait_until(lambda: getattr(read_status(archive).current, "share", 0) > 0, run)
        status = told(tmp_path, models)
        now = status["current"]
        assert (status["running"], now["kind"], now["key"]) == (True, "transcribe", KEY)
        assert 0 < now["share"] < 1 and now["left"] > 0
        assert f"Now: first pass, {KEY} (base)" in command(archive, "status").stdout
        second = radio("work", "--root", str(tmp_path), check=False)
        assert (second.returncode, "another `radio` is working" in second.stderr) == (1, True)
        run.send_signal(signal.SIGTERM)
        assert run.wait(LONG) == 0
    assert not told(tmp_path, models)["running"]
    assert read_status(archive).current is None


@pytest.mark.torture
@pytest.mark.skipif(not AUTOGROUP.exists(), reason="sessions have no priority here")
def test_ctrl_c_ends_what_goes_on_in_a_session_of_its_own(models: Path, tmp_path: Path) -> None:
    archive, ignored = street(tmp_path, copies=6), signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # pytest-xdist has it ignored
    with process(tmp_path, *FASTER, RADIO_MODELS=str(models), RADIO_NICE="") as run:
        signal.signal(signal.SIGINT, ignored)
        (work,) = map(int, until(lambda: read(run.pid, f"task/{run.pid}/children")))
        wait_until(lambda: read(work, "autogroup")[1:] == ["nice", "19"], run)
        with contextlib.suppress(OSError):  # as root: a busy machine would leave it nothing
            Path(f"/proc/{work}/autogroup").write_text("0", "ascii")
        wait_until(lambda: read_status(archive).current is not None, run)
        made = [*map(int, read(work, f"task/{work}/children"))]
        assert [read(each, "autogroup") for each in made] == [read(work, "autogroup")] * len(made)
        run.send_signal(signal.SIGINT)
        assert run.wait(LONG) == 0
        until(lambda: not any(Path(f"/proc/{each}").exists() for each in (work, *made)))


def read(number: int, name: str) -> list[str]:
    return Path(f"/proc/{number}/{name}").read_text("ascii").split()


@pytest.mark.torture
def test_an_episode_that_fails_costs_a_line_and_is_not_tried_in_a_circle(
    models: Path, tmp_path: Path, sounds: dict[str, Path]
) -> None:
    options = (*FASTER, *by_day())  # at night recordings are listened to as well
    archive = street(tmp_path)
    broken = brief(archive, sounds)
    path = archive.audio_path(broken)
    content = path.read_bytes()
    path.write_bytes(b"noise" * 1000)
    said_first = once(tmp_path, models, *options, check=False)
    assert f"{KEY} transcribed" in said_first
    (failure,) = (line for line in said_first.splitlines() if path.name in line)
    assert "not an audio file" in failure
    (trouble,) = [each for each in told(tmp_path, models)["troubles"] if each["kind"] != "sound"]
    assert (trouble["key"], trouble["times"]) == (broken.key, 1)
    assert "failed: " in command(archive, "status").stdout
    assert path.name not in once(tmp_path, models, *options)  # not again now
    path.write_bytes(content)
    assert f"{broken.key} transcribed" in once(tmp_path, models, *options)
    assert told(tmp_path, models)["troubles"] == []


def test_without_a_model_the_rest_is_made_all_the_same(
    archive: Archive, monkeypatch: MonkeyPatch, caplog: LogCaptureFixture
) -> None:
    monkeypatch.setattr(maker, "Child", InsideChild)
    monkeypatch.setattr(work, "derived", lambda pages: (pages,))
    discard(archive.vtt_path(put(archive, STREET).key))
    shorten(archive, KEY)
    here = worker(archive, once=True, follow=False)
    here.run()
    assert "radio model fetch" in caplog.text
    assert (archive.site / "index.html").is_file()
    (trouble,) = told(archive.root, archive.root / "none")["troubles"]
    assert (trouble["kind"], here.failures) == ("model", 1)


@pytest.mark.torture
def test_failures_are_tried_and_left(archive: Archive, monkeypatch: MonkeyPatch) -> None:
    """Its status promised another try that never came."""
    monkeypatch.setattr(tries, "FIRST", 0.5)
    monkeypatch.setattr(tries, "GROWTH", 1)
    monkeypatch.setattr(maker, "ROUND", 0.5)
    path = archive.audio_path(put(archive, STREET))
    content = path.read_bytes()
    path.write_bytes(b"noise" * 1000)

    def times() -> int:
        return sum(each.times for each in read_status(archive).troubles if each.kind == "waveforms")

    with working(worker(archive)):
        until(lambda: times() >= 2)
        path.write_bytes(content)
        until(lambda: not times())


@pytest.mark.torture
def test_a_show_on_which_the_engine_hangs_keeps_no_other_from_being_heard(
    archive: Archive, models: Path, monkeypatch: MonkeyPatch
) -> None:
    monkeypatch.setenv("RADIO_MODELS", str(models))
    monkeypatch.setattr(work, "patience", lambda *_: LONG)
    for slug in (STREET, CITY):
        discard(archive.vtt_path(put(archive, slug).key))
    with working(worker(archive)) as here:
        hanging = until(lambda: here._maker.run)
        (child,) = multiprocessing.active_children()
        os.kill(child.pid or 0, signal.SIGSTOP)
        assert hanging
        hanging._patience = 0.0
        until(lambda: archive.is_transcribed(KEY))
        assert not child.is_alive()
        (trouble,) = read_status(archive).troubles
    assert trouble.message == f"emission/{CITY}: the engine no longer answers; it was stopped"
    assert (trouble.key, trouble.times) == (f"emission/{CITY}", 1)
    assert trouble.until > time.time()
