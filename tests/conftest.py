"""What tests share: real files, real weights, a real archive and site, a real browser."""

import contextlib
import importlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, Page, expect
from werkzeug.test import TestResponse

from radio.archive import Archive
from radio.archive.episode import Show
from radio.desk import passwords
from radio.ingest import files
from radio.system import sandbox
from radio.transcribe.versions import set_aside
from radio.work import recipes
from tests.firefox import Firefox, started
from tests.folders import kept, once
from tests.order import HEAVIEST
from tests.processes import radio, running
from tests.samples import CITY, DEMO, MEMORY, ROOT, SHOW, STREET, put, put_all, said, street
from tests.sounds import KINDS, encode
from tests.visits import chromium
from tests.web.sites import visit

settings.register_profile(  # a run fails for what changed, not by chance or on a busy machine
    "same", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("same")  # look further: pytest --hypothesis-profile=default
expect.set_options(timeout=30_000)  # milliseconds: a busy machine is no fault of a page
os.environ["RADIO_MODELS"] = "/nonexistent"  # the weights that lie on this machine are not asked
os.environ["RADIO_SENSE"] = "off"  # the tests of the search by sense ask for it
os.environ["RADIO_NICE"] = "off"  # tests wait for what they start
if "PYTEST_XDIST_WORKER" in os.environ:  # the others want their cores
    os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Compile each template once, not once for each site that a test makes."""
    cache = FileSystemBytecodeCache(str(once(tmp_path_factory, "templates", lambda _: None)))
    Flask.jinja_options = Flask.jinja_options | {"bytecode_cache": cache}


@pytest.fixture
def paris(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock of a station in France, which changes twice a year."""
    monkeypatch.setitem(os.environ, "TZ", "Europe/Paris")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(scope="session", autouse=True)
def nothing_waits_for_the_disk() -> Iterator[None]:
    """Flush nothing from the process of the tests: what it starts anew still does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def passwords_cost_little() -> Iterator[None]:
    """Hash passwords with little memory: tests/desk proves what they cost."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "MEMORY", 8)
        patch.setattr(passwords, "PASSES", 1)
        yield


@pytest.fixture(scope="session", autouse=True)
def readers_are_forked() -> Iterator[None]:
    """Fork the children that read foreign files: each is limited as ever, and begins at once."""
    with contextlib.ExitStack() as stack:
        for modules in FOREIGN_READERS:
            stack.enter_context(sandbox.nursery(*modules))
        yield


class ReadingClient(FlaskClient):
    """A client that reads an answer to its end and closes it, as servers do."""

    def open(self, *args: Any, buffered: bool = True, **values: Any) -> TestResponse:
        return super().open(*args, buffered=buffered, **values)


@pytest.fixture(scope="session", autouse=True)
def answers_are_closed() -> None:
    """Leave no file of an answer for the garbage collector, which would fail another test."""
    Flask.test_client_class = ReadingClient


FOREIGN_READERS = (
    (*files.READERS, "radio.sound.tags.heads", "radio.sound.tags.private"),
    (*recipes.READERS, "radio.sound.borders"),
    ["radio.transcribe.documents"],
    ["radio.ingest.reading", "radio.ingest.sites", "radio.ingest.wordpress"],
)
"""Modules that read what comes from elsewhere, by the process that forks their children."""

NEEDS = {"models": "model", "voice_models": "model", "whisper": "torch", "browser": "browser"}
NEEDS |= {"firefox": "browser", "plain_firefox": "browser", "light": "long"}
"""What fixtures need: `make test ENGINE=faster` leaves out torch; `make test-lowest`, all of it."""


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Mark each test with what its fixtures need, have some chosen, put the longest files first."""
    for item in items:
        for fixture in NEEDS.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(NEEDS[fixture])
    yield
    places = {ROOT / "tests" / name: place for place, name in enumerate(HEAVIEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.fixture(scope="session")
def whisper() -> Any:
    return importlib.import_module("whisper")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    made = Archive(tmp_path / "archive")
    made.create()
    made.write_show(Show("emission", "Émission"))
    return made


@pytest.fixture
def client(archive: Archive) -> FlaskClient:
    """A visitor of the site of the archive, at `https://radio.example`."""
    return visit(archive, "https://radio.example")


@pytest.fixture
def three(archive: Archive) -> Archive:
    put_all(archive, STREET, CITY, MEMORY)
    return archive


@pytest.fixture
def stocked(archive: Archive) -> Archive:
    archive.write_show(Show("emission", "Émission", guid="guid-of-the-show", image="L’œil.png"))
    (archive.media / "emission" / "L’œil.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
    put_all(archive, STREET, CITY)
    put(archive, MEMORY, status="withdrawn", reason="À la demande de l’invitée")
    set_aside(archive, f"emission/{STREET}", b"WEBVTT\n\n1\n", b"{}")
    archive.translation_path(f"emission/{CITY}").write_text("WEBVTT\n", encoding="utf-8")
    (archive.media / "emission" / ".secret.json").write_text("{}", encoding="utf-8")
    return archive


@pytest.fixture(scope="session")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Four seconds of real speech in each format that the archive takes."""
    folder = tmp_path_factory.mktemp("sounds")
    resampler = av.AudioResampler("flt", "mono", 48_000)
    with av.open(DEMO / "2024-01-16-les-micros-de-la-rue.mp3") as source:
        parts = [
            part.to_ndarray()[0]
            for frame in source.decode(audio=0)
            for part in resampler.resample(frame)
        ]
    speech = np.concatenate(parts)[: 4 * 48_000]
    return {suffix: encode(speech, folder / f"parole{suffix}") for suffix in KINDS}


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The weights of `base`, fetched as a keeper would, and saved for the next run."""
    return once(tmp_path_factory, "models", lambda folder: take("models", "base", folder))


def take(name: str, model: str, folder: Path) -> None:
    """Fetch weights by the command, or take those that were; put them in a folder."""
    made = kept(name, lambda place: radio("model", "fetch", model, RADIO_MODELS=str(place)))
    shutil.copytree(made, folder, dirs_exist_ok=True)


@pytest.fixture(scope="session")
def voice_models(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The weights of `base` and of the network that hears voices, fetched by the command."""

    def both(folder: Path) -> None:
        shutil.copytree(models, folder, dirs_exist_ok=True)
        take("voice-models", "voices", folder)

    return once(tmp_path_factory, "voice-models", both)


@pytest.fixture(scope="session")
def chain(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Path:
    """The three sample shows, ingested and transcribed by `radio`: a copy for each worker."""

    def fill(root: Path) -> None:
        radio("init", "--root", str(root), "--show", SHOW, "--title", "La Machine à découdre")
        radio("ingest", "--root", str(root), str(DEMO))
        radio("transcribe", "--root", str(root), RADIO_MODELS=str(models))

    made = once(tmp_path_factory, "chain", fill)
    return Path(shutil.copytree(made, tmp_path_factory.mktemp("chain") / "root"))


@pytest.fixture(scope="session")
def frozen(chain: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    def write(dest: Path) -> None:
        done = radio("export", "site", "--root", str(chain), str(dest))
        assert done.stdout.strip() == str(dest / "index.html")

    return once(tmp_path_factory, "frozen", write)


@pytest.fixture(scope="session")
def thrice(models: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What faster-whisper says here, unbroken, of the first sample show three times over."""

    def transcribe(root: Path) -> None:
        street(root, copies=3)
        radio("transcribe", "--root", str(root), "--engine", "faster", RADIO_MODELS=str(models))

    return said(Archive(once(tmp_path_factory, "thrice", transcribe)))


@pytest.fixture(scope="session")
def site(chain: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `radio serve` over a copy of the three sample shows: a site writes to it."""
    root = Path(shutil.copytree(chain, tmp_path_factory.mktemp("site") / "root"))
    with running("serve", "--root", str(root)) as address:
        yield address


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return browser_type_launch_args | chromium()


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "fr-FR"}


@pytest.fixture(scope="module")
def _one_page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(locale="fr-FR") as context:
        yield context.new_page()


@pytest.fixture
def phone(_one_page: Page) -> Page:
    """A page on a phone, for one address after the other: a new context takes as long as a page."""
    _one_page.set_viewport_size({"width": 360, "height": 740})
    return _one_page


@pytest.fixture(scope="module")
def plain(browser: Browser) -> Iterator[Page]:
    """A page of a browser without JavaScript."""
    with browser.new_context(locale="fr-FR", java_script_enabled=False) as context:
        yield context.new_page()


@pytest.fixture(scope="session")
def firefox() -> Iterator[Firefox]:
    with started() as window:
        yield window


@pytest.fixture(scope="session")
def plain_firefox() -> Iterator[Firefox]:
    """The same without JavaScript, as Tor Browser is at its safest level."""
    with started(script=False) as window:
        yield window
