"""What tests share: real files, real weights, a real archive and site, a real browser."""

import contextlib
import dataclasses
import datetime as dt
import fcntl
import functools
import hashlib
import importlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import soundfile
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Page

from radio.archive import Archive
from radio.episode import Audio, Episode, Show
from radio.ingest.files import ingest
from radio.transcript import Cue, Transcript, render_vtt

ROOT = Path(__file__).parent.parent
DEMO = ROOT / "radio" / "demo"
REFERENCES = ROOT / "tests" / "data" / "demo"
SHOW = "la-machine-a-decoudre"
os.environ["LC_ALL"] = "C.UTF-8"  # the command speaks English here, wherever the tests run
if "PYTEST_XDIST_WORKER" in os.environ:  # the others want their cores
    os.environ.setdefault("OMP_NUM_THREADS", "1")
KINDS = {".mp3": "MP3", ".ogg": "OGG", ".opus": "OGG", ".flac": "FLAC", ".wav": "WAV", ".m4a": ""}


@pytest.fixture(scope="session", autouse=True)
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Compile each template once, not once for each site that a test makes."""
    cache = FileSystemBytecodeCache(str(once(tmp_path_factory, "templates", lambda _: None)))
    Flask.jinja_options = Flask.jinja_options | {"bytecode_cache": cache}


NEEDS = {"models": "model", "whisper": "torch"}
"""What a fixture needs: `make test ENGINE=faster` leaves out what needs torch."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with what its fixtures need."""
    for item in items:
        for fixture in NEEDS.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(NEEDS[fixture])


@pytest.fixture(scope="session")
def whisper() -> Any:
    """openai-whisper itself, which needs torch."""
    return importlib.import_module("whisper")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """An empty archive with one show."""
    made = Archive(tmp_path / "archive")
    made.create()
    made.write_show(Show("emission", "Émission"))
    return made


def put(archive: Archive, slug: str, show: str = "emission", **fields: object) -> Episode:
    """Put a sample show in the archive, with what a machine heard of it."""
    content = (DEMO / f"{slug}.mp3").read_bytes()
    name = f"{slug}.mp3"
    audio = Audio(name, hashlib.sha256(content).hexdigest(), len(content), "audio/mpeg", 62.8)
    day = dt.date.fromisoformat(slug[:10])
    episode = dataclasses.replace(Episode(show, slug, slug, day, audio, f"guid-{slug}"), **fields)  # type: ignore[arg-type]
    (archive.media / show).mkdir(exist_ok=True)
    archive.audio_path(episode).write_bytes(content)
    archive.write_episode(episode)
    said = Transcript((Cue(0.0, 2.0, f"Bonjour, voici {slug}."),), {"status": "machine"})
    archive.vtt_path(episode.key).parent.mkdir(exist_ok=True)
    archive.vtt_path(episode.key).write_text(render_vtt(said), encoding="utf-8")
    return episode


@pytest.fixture
def stocked(archive: Archive) -> Archive:
    """Two episodes to hear, one withdrawn, and all that may lie beside."""
    archive.write_show(Show("emission", "Émission", guid="guid-of-the-show", image="L’œil.png"))
    (archive.media / "emission" / "L’œil.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
    street, city, memory = sorted(path.stem for path in DEMO.glob("*.mp3"))
    put(archive, street)
    put(archive, city)
    put(archive, memory, status="withdrawn", reason="À la demande de l’invitée")
    archive.write_aside(f"emission/{street}", b"WEBVTT\n\n1\n", b"{}")
    archive.translation_path(f"emission/{city}").write_text("WEBVTT\n", encoding="utf-8")
    (archive.media / "emission" / ".secret.json").write_text("{}", encoding="utf-8")
    return archive


def encode(samples: np.ndarray[Any, Any], path: Path, rate: int = 48_000) -> Path:
    """Write mono float samples as the kind of file that the suffix names."""
    if path.suffix != ".m4a":
        coding = "OPUS" if path.suffix == ".opus" else None
        soundfile.write(path, samples, rate, format=KINDS[path.suffix], subtype=coding)
        return path
    with av.open(path, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=rate)
        assert isinstance(stream, av.AudioStream)
        stream.layout = "mono"
        for first in range(0, len(samples), 960):
            part = samples[None, first : first + 960].astype(np.float32)
            frame = av.AudioFrame.from_ndarray(part, "flt", "mono")
            frame.sample_rate, frame.pts = rate, first
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


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


def id3_frame(name: bytes, data: bytes, flags: bytes = bytes(2)) -> bytes:
    """A frame of ID3v2.4."""
    return name + syncsafe(len(data)) + flags + data


def id3_tag(*frames: bytes, version: int = 4) -> bytes:
    """A tag of ID3v2."""
    content = b"".join(frames)
    return bytes([*b"ID3", version, 0, 0]) + syncsafe(len(content)) + content


def syncsafe(number: int) -> bytes:
    """A number as ID3v2.4 writes it."""
    return bytes(number >> 7 * place & 127 for place in (3, 2, 1, 0))


@functools.cache
def swelling_tag() -> bytes:
    """A tag of three megabytes that asks for 700."""
    swollen = zlib.compress(b"\x03" + b"a" * (700 << 20), 1)
    return id3_tag(id3_frame(b"TIT2", syncsafe(700 << 19) + swollen, b"\0\x09"))


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The weights of `base`, fetched by the `radio` command as a keeper would."""

    def fetch(folder: Path) -> None:
        radio("model", "fetch", "base", RADIO_MODELS=str(folder))

    return once(tmp_path_factory, "models", fetch)


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Make a folder once for all the processes that run the tests."""
    base = factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, part = base / name, base / f"{name}.part"
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            make(part)
            part.rename(folder)
    return folder


def radio(
    *arguments: str, check: bool = True, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run the `radio` command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "radio", *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **variables},
        check=False,
    )
    assert not check or done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="session")
def chain(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Path:
    """The three sample shows, ingested and transcribed by the `radio` command."""

    def fill(root: Path) -> None:
        radio("init", "--root", str(root), "--show", SHOW, "--title", "La Machine à découdre")
        radio("ingest", "--root", str(root), str(DEMO))
        radio("transcribe", "--root", str(root), RADIO_MODELS=str(models))

    return once(tmp_path_factory, "chain", fill)


def street(folder: Path, copies: int = 1) -> Archive:
    """An archive in a folder with the first sample show, said so many times over."""
    name = "2024-01-16-les-micros-de-la-rue.mp3"
    archive = Archive(folder)
    archive.create()
    archive.write_show(Show("emission", "Émission"))
    path = folder / name
    path.write_bytes((DEMO / name).read_bytes() * copies)
    ingest(archive, path, "emission")
    path.unlink()
    return archive


def said(archive: Archive) -> str:
    """The cues of the only episode of an archive, without the note and its date."""
    (episode,) = archive.episodes()
    text = archive.vtt_path(episode.key).read_text(encoding="utf-8")
    return text[text.index("\n\n1\n") :]


@pytest.fixture(scope="session")
def thrice(models: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What faster-whisper says here, unbroken, of the first sample show three times over."""

    def transcribe(root: Path) -> None:
        street(root, copies=3)
        radio("transcribe", "--root", str(root), "--engine", "faster", RADIO_MODELS=str(models))

    return said(Archive(once(tmp_path_factory, "thrice", transcribe)))


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site(chain: Path) -> Iterator[str]:
    """The address of the site over the three sample shows, served by `radio serve`."""
    with running("serve", "--root", str(chain)) as address:
        yield address


@contextlib.contextmanager
def running(*arguments: str, seconds: float = 60, base_url: str = "") -> Iterator[str]:
    """Run a `radio` command that serves; give the address of its site once it answers.

    Listeners use that address, unless there is another `base_url`.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    variables = {**os.environ, "RADIO_BASE_URL": base_url or address}
    command = [sys.executable, "-m", "radio", *arguments, "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=variables) as process:
        try:
            wait_for(f"{address}/healthz", process, seconds)
            yield address
        finally:
            process.terminate()


@contextlib.contextmanager
def proxied(folder: Path, servers: str, url: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run nginx with these servers, all its files in a folder, until `url` answers and after."""
    path = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert path, "install nginx: apt-get install nginx-light"
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    config = folder / "nginx.conf"
    user = "user root;\n" if os.geteuid() == 0 else ""  # or its workers can't read the folder
    config.write_text(
        f"daemon off;\nworker_processes 2;\n{user}pid {folder}/pid;\n"
        f"error_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\naccess_log off;\ninclude /etc/nginx/mime.types;\n{places}{servers}\n}}\n"
    )
    command = [path, "-e", f"{folder}/error.log", "-p", str(folder), "-c", str(config)]
    with subprocess.Popen(command) as process:
        try:
            wait_for(url, process)
            yield process
        finally:
            process.terminate()


def wait_for(url: str, process: "subprocess.Popen[Any]", seconds: float = 60) -> None:
    """Wait until an address answers."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        assert process.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} never answered")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium, quiet."""
    return browser_type_launch_args | chromium()


def chromium() -> dict[str, Any]:
    """How to launch Debian's Chromium, quiet."""
    path = shutil.which("chromium")
    assert path, "install Chromium: apt-get install chromium"
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    arguments = ["--no-sandbox", "--disable-gpu", "--no-first-run", *quiet]
    return {"executable_path": path, "args": arguments}


def watch(page: Page) -> tuple[list[str], list[str]]:
    """Note what a page asks for from now on, and what it has to say: messages, errors, alerts."""
    requests: list[str] = []
    messages: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on("dialog", lambda dialog: messages.append(dialog.message))
    return requests, messages


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A listener who reads French."""
    return {**browser_context_args, "locale": "fr-FR"}
