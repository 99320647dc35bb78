"""Which model and engine are taken where nobody names one: ranks, and what is on the disk."""

from pathlib import Path

import pytest

from radio.archive import Archive
from radio.system.errors import ModelError
from radio.transcribe import engines, extras
from radio.transcribe.models import catalogue, weights
from tests.processes import radio
from tests.samples import STREET, street


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RADIO_MODELS", str(tmp_path / "models"))
    (tmp_path / "models").mkdir()
    return tmp_path / "models"


def have(folder: Path, *names: str) -> None:
    """Put empty weights there: `small.pt`, or a conversion `small`."""
    for name in names:
        path = folder / name if name.endswith(".pt") else folder / name / "model.bin"
        path.parent.mkdir(exist_ok=True)
        path.touch()


def test_a_better_rank_has_fewer_errors() -> None:
    errors = [each.error for each in catalogue.MODELS if each.error is not None]
    assert errors == sorted(errors, reverse=True)
    assert len(errors) == 5


@pytest.mark.parametrize(
    ("present", "engine", "taken"),
    [
        (["base", "small"], "faster", ("faster", "small")),
        (["base", "small.pt"], "faster", ("faster", "base")),
        (["base", "small", "turbo", "medium.en"], "faster", ("faster", "turbo")),
        (["base.pt", "small"], "openai", ("openai", "small")),
        (["base", "small.pt"], "openai", ("openai", "small")),
        (["base", "small.pt"], "auto", ("openai", "small")),
        (["base", "small"], "auto", ("faster", "small")),
    ],
)
def test_the_best_model_that_is_here(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    present: list[str],
    engine: str,
    taken: tuple[str, str],
) -> None:
    monkeypatch.setattr(extras, "is_installed", lambda _module: True)
    have(folder, *present)
    assert engines.pick(engine) == taken
    assert engines.pick(engine, "base")[1] == "base"


def test_a_model_that_is_named_has_an_engine_that_reads_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extras, "is_installed", lambda _module: True)
    have(folder, "base.pt", "small")
    assert engines.pick("auto", "base") == ("openai", "base")
    assert engines.pick("auto", "small") == ("faster", "small")


def test_a_model_that_lies_under_another_name_has_an_engine_that_reads_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extras, "is_installed", lambda _module: True)
    have(folder, "turbo.pt", "large")
    assert engines.pick("auto", "large-v3-turbo") == ("openai", "large-v3-turbo")
    assert engines.pick("auto", "large-v3") == ("faster", "large-v3")


def test_a_model_in_both_forms_is_listed_in_both(folder: Path) -> None:
    """Who had both saw OpenAI's file alone, and fetched the conversion again."""
    have(folder, "base", "base.pt", "small")
    listed = [(each.name, each.form) for each in weights.installed()]
    assert listed == [("base", "openai"), ("base", "ctranslate2"), ("small", "ctranslate2")]


def test_subtitles_in_english_are_left_to_a_model_that_translates(folder: Path) -> None:
    have(folder, "small", "large-v3-turbo")
    assert engines.pick("faster") == ("faster", "large-v3-turbo")
    assert engines.pick("faster", english=True) == ("faster", "small")


def test_without_a_model_that_can_be_read_one_line_says_what_to_fetch(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extras, "is_installed", lambda name: name == "faster_whisper")
    have(folder, "small.pt", "base.en")
    with pytest.raises(ModelError) as caught:
        engines.pick("auto")
    assert str(caught.value) == (
        f"no model of Whisper that faster_whisper reads in {folder}; "
        "`radio model fetch --engine faster`"
    )


@pytest.fixture
def two(models: Path, folder: Path) -> Path:
    """The weights of `base`, and the same ones under the name of `small`, as the hub records it."""
    (folder / "base").symlink_to(models / "base")
    (folder / "small").mkdir()
    for path in (models / "base").iterdir():
        (folder / "small" / path.name).symlink_to(path)
    record = f"{weights.CONVERSIONS['base']}  model.bin\n"
    (folder / "small" / weights.RECORD).write_text(record, encoding="ascii")
    return folder


@pytest.mark.torture
def test_transcribe_takes_the_best_model_and_says_so(two: Path, tmp_path: Path) -> None:
    root, key = tmp_path / "archive", f"emission/{STREET}"
    street(root)
    command = ("transcribe", "--root", str(root), "--engine", "faster")
    done = radio(*command)
    line = "With small, the best model here (faster-whisper); --model names another."
    assert line in done.stderr.splitlines()
    evidence = Archive(root).evidence(key)
    assert evidence is not None
    assert evidence.model == "small"
    done = radio(*command, "--model", "base", "--again", key)
    assert line not in done.stderr.splitlines()
    evidence = Archive(root).evidence(key)
    assert evidence is not None
    assert evidence.model == "base"
