"""Advice: what is counted, what is recommended, and how it is told. Never how long it took."""

import json
import shutil
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from subprocess import CompletedProcess
from types import SimpleNamespace

import numpy as np
import pytest

from radio.cli import model as command_line
from radio.sound import RATE, Samples
from radio.system.progress import Progress
from radio.transcribe import advice, engines
from radio.transcribe.advice import Pace, Room
from radio.transcribe.models import catalogue, weights
from radio.transcribe.models.catalogue import MODELS
from tests.fakes import Fake
from tests.hub import Hub, published
from tests.processes import call
from tests.samples import DEMO, STREET
from tests.tables import for_each

BASE = MODELS[1]
NAMES = [each.name for each in MODELS]
AMPLE = Room(memory=10**12, disk=10**12)


def pace(times_life: float, engine: str = "faster") -> Pace:
    """That of `base` where it is so many times faster than life."""
    return Pace(engine, BASE, 60.0, 900, *(60 / times_life * each for each in (0.1, 0.4, 0.5)))


def measured(monkeypatch: pytest.MonkeyPatch, times_life: float) -> None:
    monkeypatch.setattr("os.getloadavg", lambda: (0.0, 0.0, 0.0))
    monkeypatch.setattr(advice, "measure", lambda *_rest: pace(times_life))


def have(folder: Path, name: str, content: bytes = b"") -> None:
    (folder / name).mkdir()
    (folder / name / "model.bin").write_bytes(content)


def run(*words: str, check: bool = True) -> CompletedProcess[str]:
    return call("model", *words, "--engine", "faster", check=check)


@pytest.fixture
def hub(models: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """`base` is here, and the hub has `small`."""
    (folder / "base").symlink_to(models / "base")
    with published(models, "small") as (address, hub):
        monkeypatch.setenv("HF_ENDPOINT", address)
        monkeypatch.setattr(command_line, "_room", lambda: AMPLE)
        yield hub


def test_sizes_are_those_of_the_files(models: Path) -> None:
    size = (models / "base" / "model.bin").stat().st_size
    assert abs(BASE.size / size - 1) < 0.001
    millions = [round(each.parameters / 1e6) for each in MODELS]
    assert millions == [38, 73, 242, 764, 809, 1544]  # as published


@for_each(
    ("times_life", "room", "model"),
    [
        *((11, AMPLE, "medium"), (15, AMPLE, "large-v3-turbo"), (100, AMPLE, "large-v3")),
        *((5, AMPLE, "small"), (2, AMPLE, "base"), (0.1, AMPLE, "base")),
        (100, Room(memory=2 * 5 * 10**9, disk=10**12), "large-v3-turbo"),
        (100, Room(memory=2 * 5 * 10**9, disk=10**9), "small"),
        (100, Room(memory=2 * 10**9, disk=10**12), "base"),
        (100, Room(memory=10**9, disk=10**8), "tiny"),
        (100, Room(memory=10**8, disk=10**12), "tiny"),
        (5, Room(memory=10**12, disk=0), "tiny"),
    ],
)
def test_the_best_that_is_faster_than_life_in_half_the_memory(
    folder: Path, times_life: float, room: Room, model: str
) -> None:
    rows = advice.choices("faster", pace(times_life))
    assert advice.recommend(rows, room).model == model


@pytest.mark.torture
@pytest.mark.parametrize("engine", [pytest.param("openai", marks=pytest.mark.torch), "faster"])
def test_a_measurement_is_real(models: Path, monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    monkeypatch.setenv("RADIO_MODELS", str(models))
    shares: list[float] = []
    found = advice.measure(engine, "base", DEMO / f"{STREET}.mp3", shares.append)
    workers = engines.load(engine).workers
    assert 55 < found.show / workers < 64
    assert 700 < found.frames < 1100
    assert min(found.listening, found.encoding, found.decoding) > 0
    assert shares == sorted(shares)
    assert all(each["hours"] > 0 for each in json.loads(run("advise", "--json").stdout)["models"])


def test_what_is_made_once_does_not_count_for_every_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading the network that finds speech made a machine look a third slower than it is."""
    seconds = iter((100.0, 1.0))  # of the first look for speech, of the second
    clock = [0.0]

    def find(samples: Samples) -> list[tuple[int, int]]:
        clock[0] += next(seconds)
        return [(0, len(samples))]

    monkeypatch.setattr(advice, "find_speech", find)
    monkeypatch.setattr(advice, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr(advice, "decode", lambda _path: [np.zeros(20 * RATE, np.float32)])
    monkeypatch.setattr(engines, "load", lambda *_names: Fake())
    assert advice.measure("faster", "base", Path("x.mp3"), lambda _: None).listening == 1.0


def test_advice_is_a_table_with_its_sources(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    have(folder, "base")
    measured(monkeypatch, times_life=5)
    machine, head, *lines = run("advise").stdout.splitlines()
    assert machine.startswith("This machine: ")
    assert " ".join(head.split()) == "model engine download memory hours/night wrong words"
    rows = lines[: len(MODELS)]
    assert all(name in row for name, row in zip(NAMES, rows, strict=True))
    assert [row.split()[-2:] for row in rows if "base" in row] == [["19", "%"]]
    assert [row.split()[-1] for row in rows if "turbo" in row] == ["–"]
    assert sum("→" in row for row in rows) == 1
    assert any("estimates" in line for line in lines)
    assert any(catalogue.ERROR_SOURCE in line for line in lines)
    told = json.loads(run("advise", "--json").stdout)
    assert told["recommended"] in told["models"]
    assert [each["is_here"] for each in told["models"]] == [False, True, *[False] * 4]
    hours = {each["model"]: each["hours"] for each in told["models"]}
    assert hours["base"] == pytest.approx(40)  # as measured, while others are estimated
    assert sorted(hours, key=lambda name: -hours[name]) == list(hours) == NAMES
    assert 2.5 < hours["base"] / hours["small"] < 5
    assert 8 < hours["base"] / hours["medium"] < 16
    assert told["errors_from"] == catalogue.ERROR_SOURCE


def test_without_weights_nothing_is_measured_and_base_comes_first(folder: Path) -> None:
    told = json.loads(run("advise", "--json").stdout)
    assert {each["hours"] for each in told["models"]} == {None}
    assert told["recommended"]["model"] == "base"
    done, why = run("advise"), "base first: without a model nothing can be measured; `radio model "
    assert done.stdout.splitlines()[-1].startswith(why)
    assert "Measuring" not in done.stderr


def test_fetch_takes_what_is_recommended_and_again_only_what_is_broken(
    hub: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured(monkeypatch, times_life=5)
    done = run("fetch")
    assert done.stdout.splitlines()[-1] == str(folder / "small")
    assert "small: the best that this machine runs faster" in done.stderr
    assert engines.pick("faster") == ("faster", "small")
    asked = len(hub.asked)
    for words in (("fetch",), ("fetch", "small")):
        assert run(*words).stdout.splitlines()[-1] == str(folder / "small")
    assert len(hub.asked) == asked
    with (folder / "small" / "model.bin").open("r+b") as file:
        file.write(b"!")
    run("fetch", "small")
    assert weights.find("small", "ctranslate2")


@pytest.mark.parametrize(
    ("lies", "times_life"), [("turbo", 15), ("large", 100), ("large-v3-turbo", 15)]
)
def test_what_lies_here_under_another_name_is_not_fetched_again(
    hub: Hub, folder: Path, monkeypatch: pytest.MonkeyPatch, lies: str, times_life: float
) -> None:
    shutil.copytree(folder / "base", folder / lies)
    digest = weights.CONVERSIONS["base"]
    (folder / lies / "model.bin.sha256").write_text(f"{digest}  model.bin\n", encoding="ascii")
    measured(monkeypatch, times_life)
    done = run("fetch")
    assert done.stdout.splitlines()[-1] == str(folder / lies)
    for name in catalogue.names(lies):
        assert engines.find(*engines.pick("auto", name)).path == folder / lies
    assert hub.asked == []


def test_fetch_without_a_name_and_without_weights_begins_with_base(
    hub: Hub, folder: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "base").unlink()
    whole = weights.fetch_conversion

    def fetch(name: str, progress: Progress) -> weights.Weights:
        if name != "base":
            return whole(name, progress)
        (folder / "base").symlink_to(models / "base")  # from the package index in test_weights.py
        return weights.find("base", "ctranslate2")

    monkeypatch.setattr(weights, "fetch_conversion", fetch)
    measured(monkeypatch, times_life=5)
    run("fetch")
    assert [each.name for each in weights.installed()] == ["base", "small"]


def test_the_other_engine_is_named_if_better(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paces = {"openai": pace(3, "openai"), "faster": pace(11, "faster")}
    monkeypatch.setattr(advice, "measure", lambda engine, *_rest: paces[engine])
    have(folder, "base")
    for name, value in (("is_installed", True), ("choose", "openai")):
        monkeypatch.setattr(engines, name, lambda _name, value=value: value)
    monkeypatch.setattr(command_line, "_room", lambda: AMPLE)
    done = call("model", "advise")
    assert done.stdout.splitlines()[-1] == "With `--engine faster` it would be medium."
    assert done.stdout.count("  openai  ") == done.stdout.count("  faster  ") == len(MODELS)


def test_a_busy_machine_is_told_of(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    measured(monkeypatch, times_life=2)
    for load in (0.1, 1000.0):
        monkeypatch.setattr("os.getloadavg", lambda load=load: (load, load, load))
        for words in ("advise", "fetch"):
            done = run(words)
            assert hub.asked == []
            assert "base" in done.stdout.splitlines()[-1]
            assert ("The machine is busy; when idle it does better" in done.stderr) is (load > 1)


def test_reasons_name_what_hinders(folder: Path) -> None:
    rows = advice.choices("faster", pace(2))
    small = "base: small takes 1.6 GB of memory, and this machine can give 1.0 GB."
    for room, why in (
        (AMPLE, "base: small would be slower*"),
        (Room(2 * 10**9, 10**12), small),
        (Room(10**12, 2 * 10**8), "base: small takes 484 MB on the disk, and 200 MB are free."),
        (Room(10**8, 10**12), "tiny: base takes *"),
    ):
        assert fnmatch(command_line.reason(advice.recommend(rows, room), rows, room), why)
    have(folder, "small")  # which then needs no room on the disk
    assert advice.recommend(advice.choices("faster", pace(5)), Room(10**12, 0)).model == "small"
