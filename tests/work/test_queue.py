"""What there is to do, what stands in the way, and what is heard again: read from the files."""

import json
import time
from pathlib import Path

import pytest

from radio.archive import Archive, hearings
from radio.derived.recipe import Recipe, whole
from radio.system.disk import discard
from radio.work.queue import Passes, Queue, files_of
from radio.work.status import Asked, Trouble, WorkStatus, read_status, write_status
from radio.work.worker import COUNTING, Teller
from tests.heard import KEY as HEARD
from tests.heard import hear
from tests.patience import until
from tests.processes import command
from tests.samples import CITY, STREET, put
from tests.work.runs import worker, working

KEY = f"emission/{STREET}"


@pytest.fixture
def untold(archive: Archive) -> Archive:
    """An archive whose only episode has no transcript."""
    put(archive, STREET)
    discard(archive.vtt_path(KEY))
    return archive


@pytest.mark.parametrize("mended", ["audio", "text", "sidecar", "engine"])
def test_what_was_mended_is_not_called_failed(untold: Archive, tmp_path: Path, mended: str) -> None:
    """Nor is an engine once nothing is left for it."""

    def told() -> list[str]:
        status = command(untold, "status", "--json", RADIO_MODELS=str(tmp_path)).stdout
        return [each["message"] for each in json.loads(status)["troubles"]]

    key, episode = "" if mended == "engine" else KEY, untold.episode(KEY)
    files = files_of(untold, episode) if key else ""
    trouble = Trouble("transcribe", key, "it failed", files, 3, 4e9)
    write_status(untold, WorkStatus(troubles=(trouble,)))
    assert told() == ["it failed"]
    if mended == "audio":
        with untold.audio_path(episode).open("ab") as file:
            file.write(b"\0")
    elif mended == "sidecar":
        discard(untold.sidecar_path(KEY))
    else:
        put(untold, STREET)
    assert told() == []


def test_all_left_is_counted_again_soon(untold: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """A count that had waited for its turn put off the next one by twenty times as long."""
    asked = Asked(first="small")
    queue, teller = Queue(untold), Teller(untold, None, asked)

    def wait(*_: object) -> tuple[()]:
        time.sleep(0.5)
        return ()

    monkeypatch.setattr(queue, "left", wait)
    teller.tell(queue, None, (), {})
    assert teller._next < time.monotonic() + 0.25 * COUNTING
    assert read_status(untold).asked == asked  # for who tells of it while nothing runs


def test_the_time_left_does_not_jump_where_a_busy_minute_slows_one_episode(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for slug in (STREET, CITY):
        put(archive, slug)
    clock, teller = iter((0.0, 10.0, 10.0, 60.0)), Teller(archive, None, Asked())
    recipe = Recipe("transcribe", whole, lambda *_: None)
    monkeypatch.setattr("radio.work.worker.time.monotonic", lambda: next(clock))
    speeds = list[float]()
    for slug in (STREET, CITY):
        for share in (0.0, 0.8):
            teller.reached(recipe, f"emission/{slug}", "small", share)
        speeds.append(teller.speeds["small"])
    assert speeds[0] > 4 and speeds[1] > 0.9 * speeds[0]


def test_what_is_left_to_hear_again_is_told_unless_nobody_wants_it(archive: Archive) -> None:
    hear(archive)
    queue = Queue(archive)
    off = Passes("base", "base", rehear=False)
    for passes, number in ((Passes("base", "base"), 1), (off, 0), (None, 0)):
        found = {each.kind: each.number for each in queue.left(passes, {})}
        assert found.get("rehear", 0) == number


def test_one_is_heard_anew(archive: Archive, models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RADIO_MODELS", str(models))
    hear(archive)
    text = archive.vtt_path(HEARD).read_bytes()
    assert "listening again to what is in doubt: 1 episode" in command(archive, "status").stdout
    with archive.lock("hearings"):
        refused = command(archive, "text", "rehear", HEARD, check=False)
        assert (refused.returncode, "another `radio` is working" in refused.stderr) == (1, True)
    command(archive, "text", "rehear", HEARD)
    assert {each.start for each in hearings.read(archive, HEARD)} <= {10.0, 20.0}
    assert hearings.is_whole(archive, HEARD) and archive.vtt_path(HEARD).read_bytes() == text
    assert "listening again" not in command(archive, "status").stdout


@pytest.mark.torture
@pytest.mark.long
def test_it_is_heard_again_once_all_else_is_done(
    archive: Archive, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADIO_MODELS", str(models))
    hear(archive)
    with working(worker(archive, asked=Asked(first="base", better="base"), follow=False)):
        until(lambda: hearings.is_whole(archive, HEARD))
    assert list((archive.cache / "quality").glob("*.json"))  # loudness went first
