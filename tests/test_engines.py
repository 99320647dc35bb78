"""The two engines, for real: the same show, the same structure, the names of the glossary."""

import itertools
import json
import re
import subprocess
import venv
from pathlib import Path

import jiwer
import pytest

from radio.archive import Archive
from radio.episode import Show
from radio.ingest.files import ingest
from radio.transcribe import engines
from radio.transcribe.crew import here
from radio.transcribe.engines import Engine
from radio.transcribe.transcription import transcribe
from radio.transcript import Evidence
from tests.conftest import DEMO, REFERENCES, SHOW, radio

STREET = "2024-01-16-les-micros-de-la-rue"
NAMES = ("CNIL", "Beaubrun", "Saint-Étienne")


@pytest.fixture(scope="module")
def loaded(models: Path) -> dict[str, Engine]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RADIO_MODELS", str(models))
        return {name: engines.load(name, "base") for name in ("openai", "faster")}


def heard(folder: Path, engine: Engine, **words: object) -> Evidence:
    """Transcribe the first sample show; `words` are those of the show."""
    archive = Archive(folder)
    archive.create()
    archive.write_show(Show("emission", "Émission", **words))  # type: ignore[arg-type]
    episode = ingest(archive, DEMO / f"{STREET}.mp3", "emission")
    with here(engine) as crew:
        transcribe(archive, episode, crew)
    evidence = archive.evidence(episode.key)
    assert evidence is not None
    return evidence


def text(evidence: Evidence) -> str:
    return " ".join(segment.text for segment in evidence.segments)


def said() -> str:
    regions = json.loads((REFERENCES / f"{STREET}.json").read_text(encoding="utf-8"))["regions"]
    return " ".join(region["text"] for region in regions if region["kind"] == "speech")


def plain(words: str) -> str:
    return re.sub(r"[\W_]+", " ", words.lower()).strip()


def test_both_engines_give_the_same_structure(
    loaded: dict[str, Engine], chain: Path, tmp_path: Path
) -> None:
    openai = Archive(chain).evidence(f"{SHOW}/{STREET}")
    faster = heard(tmp_path, loaded["faster"])
    assert openai is not None
    assert faster.regions == openai.regions
    assert faster.engine == "faster-whisper"
    assert vars(faster).keys() == vars(openai).keys()
    assert jiwer.wer(plain(said()), plain(text(faster))) < 0.30
    words = [word for segment in faster.segments for word in segment.words]
    for before, after in itertools.pairwise(words):
        assert before.start <= before.end <= after.start + 0.011
    starts = [word.start for segment in openai.segments for word in segment.words]
    apart = sorted(min(abs(word.start - start) for start in starts) for word in words)
    assert apart[len(apart) // 2] < 0.1


@pytest.mark.parametrize("name", ["openai", "faster"])
def test_names_come_right_with_a_glossary_only(
    loaded: dict[str, Engine], tmp_path: Path, name: str
) -> None:
    """With the names in the prompt all three are spelt right; without, they are not."""
    without = text(heard(tmp_path / "without", loaded[name]))
    glossary = ("la CNIL", "Beaubrun", "Saint-Étienne")
    prompted = heard(tmp_path / "with", loaded[name], glossary=glossary)
    found = {each: each in text(prompted) for each in NAMES}
    before = {each: each in without for each in NAMES}
    print(f"{name}: without {before}, with {found}")  # noqa: T201 (shown by `pytest -s`)
    assert all(found.values())
    assert not all(before.values())
    assert jiwer.wer(plain(said()), plain(text(prompted))) < 0.30


def test_auto_takes_the_faster_one() -> None:
    assert engines.choose("auto") == "faster"
    assert engines.choose("openai") == "openai"


def test_without_torch(models: Path, tmp_path: Path) -> None:
    """The light install: an environment of its own, the extra `faster` alone."""
    home = tmp_path / "light"
    venv.create(home, with_pip=True)
    python = str(home / "bin" / "python")
    source = Path(__file__).parent.parent
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, f"{source}[faster]"], check=True)
    listed = subprocess.run(
        [python, "-m", "pip", "list", "--format=json"], capture_output=True, check=True
    )
    names = {each["name"] for each in json.loads(listed.stdout)}
    assert "faster-whisper" in names
    assert not names & {"torch", "openai-whisper", "silero-vad"}
    size = sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
    print(f"light install: {size / 1e6:.0f} MB")  # noqa: T201 (shown by `pytest -s`)
    root = str(tmp_path / "archive")
    radio("init", "--root", root, "--show", "emission", "--title", "Émission")
    radio("ingest", "--root", root, str(DEMO / f"{STREET}.mp3"))

    def light(*arguments: str) -> subprocess.CompletedProcess[str]:
        variables = {"PATH": "/usr/bin:/bin", "RADIO_MODELS": str(models)}
        command = [str(home / "bin" / "radio"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=variables, check=False)

    done = light("transcribe", "--root", root, "--engine", "auto")
    assert done.returncode == 0, done.stderr
    missing = light(
        "transcribe", "--root", root, "--engine", "openai", "--again", done.stdout.strip()
    )
    assert missing.returncode == 1
    assert "`pip install 'radio-archive[whisper]'`" in missing.stderr.splitlines()[-1]
    assert done.stdout == f"emission/{STREET}\n"
    evidence = Archive(Path(root)).evidence(f"emission/{STREET}")
    assert evidence is not None
    assert jiwer.wer(plain(said()), plain(text(evidence))) < 0.30
