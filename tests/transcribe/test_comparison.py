"""Models compared on texts that people reread: errors counted exactly, and nothing else changed."""

import datetime as dt
import json
import xml.etree.ElementTree as ET
from fnmatch import fnmatch
from pathlib import Path

import pytest

from radio.archive import Archive
from radio.archive.episode import Show
from radio.archive.protection import Protection
from radio.cli import model as command_line
from radio.derived.recipe import Making, Means
from radio.system.messages import speaking
from radio.text.transcript import Cue, Transcript, Word, render_vtt
from radio.transcribe import comparison, engines
from radio.transcribe.pool import local_pool
from tests.fakes import Alike
from tests.processes import Done, call
from tests.samples import CITY, STREET, put, reference, shorten

KEY = f"emission/{STREET}"
SENTENCE = "La radio parle fort."
BOTH = ("advise", "compare")
VERDICTS = {
    "en": "On 1 proofread episode, *: faster base better than openai base, −29.2 (*",
    "fr": "Sur 1 épisode relu, le * : faster base mieux que openai base, −29,2 (*",
}
HALVES = 12  # half minutes that the text has


def reread(archive: Archive, *cues: Cue, key: str = KEY) -> None:
    text = render_vtt(Transcript(cues, {"status": "reread"}))
    archive.vtt_path(key).write_text(text, encoding="utf-8")


def hear(archive: Archive, engine: str, said: str, *strays: str) -> None:
    """Have an engine hear words within the first four seconds, and others after them."""
    times = [1 + 0.05 * place for place in range(len(said.split()))] + [6.0 for _ in strays]
    words = zip(times, (*said.split(), *strays), strict=True)
    heard = Alike(words=tuple(Word(at, at + 0.05, text, 0.9) for at, text in words))
    with local_pool(heard) as pool:
        making = Making(lambda _: None, Means(engine, "base"))
        comparison.hear(archive, KEY, pool, making)


@pytest.fixture
def compared(archive: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """Two engines heard one episode: the one in use erred at each sentence, and in the music."""
    (folder / "base").mkdir()
    (folder / "base" / "model.bin").touch()
    monkeypatch.setattr(engines, "is_installed", lambda _name: True)
    archive.write_show(Show("emission", "Émission", corrections={"raddio": "radio"}))
    put(archive, STREET)
    shorten(archive, KEY)
    starts = [30.0 * place for place in range(HALVES)]
    reread(archive, *(Cue(each, each + 4, f"{SENTENCE} [rires]") for each in starts))
    hear(archive, "openai", "la raddio parle mort. " * HALVES, "Merci", "beaucoup.")
    hear(archive, "faster", "LA RADIO PARLE FORT " * HALVES)
    return archive


def truth(archive: Archive) -> dict[Path, bytes]:
    files = (path for path in archive.root.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {each: each.read_bytes() for each in files if archive.cache not in each.parents}


def compare(archive: Archive, *words: str, check: bool = True) -> Done:
    return call("model", "compare", "--root", str(archive.root), *words, check=check)


@pytest.mark.torch
def test_errors_are_counted_exactly_by_half_minutes(compared: Archive) -> None:
    tried = comparison.trials(compared, compared.episode(KEY))
    right, wrong = tried["faster base"], tried["openai base"]
    assert right.counts == ((0, 4),) * HALVES
    assert wrong.counts == (*[(1, 4)] * (HALVES - 1), (3, 4))
    assert (right.outside, wrong.outside) == (0, 2)
    best, present = json.loads(compare(compared, KEY, "--json").stdout)
    assert (best["pairing"], present["is_present"]) == ("faster base", True)
    assert (best["error"], present["error"][0]) == ([0.0, 0.0, 0.0], pytest.approx(14 / 48))
    gap, low, high = best["difference"]
    assert low < gap < high < 0
    assert gap == pytest.approx(-14 / 48)
    assert best["hours"] == pytest.approx(8 * right.sound / right.took)


@pytest.mark.torch
def test_advice_names_what_is_better_on_own_voices(
    compared: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command_line, "_measure", lambda _engine: None)
    for language, verdict in VERDICTS.items():
        with speaking(language):
            told = [call("model", each, RADIO_ROOT=str(compared.root)) for each in BOTH]
        assert all(fnmatch(each.stdout.splitlines()[-1], verdict) for each in told)
    compared.vtt_path(KEY).write_bytes(compared.vtt_path(KEY).read_bytes() + b"\n")
    done = call("model", "advise", "--json", RADIO_ROOT=str(compared.root))
    assert json.loads(done.stdout)["compared"] == [], "of another text nothing was counted"


def test_what_may_not_be_heard_or_was_not_reread_is_refused(
    compared: Archive,
) -> None:
    put(compared, CITY)
    other, before = f"emission/{CITY}", truth(compared)
    assert f"{other}: nobody has proofread " in compare(compared, KEY, other, check=False).stderr
    assert "small" in compare(compared, KEY, "--model", "small", check=False).stderr
    assert truth(compared) == before
    put(compared, CITY, protection=Protection(pseudonyms=(dt.date(2026, 1, 1),)))
    reread(compared, Cue(0.0, 4.0, SENTENCE), key=other)
    assert f"{other}: a name was replaced" in compare(compared, other, check=False).stderr
    (compared.root / "mirror.json").write_text("{}")
    assert compare(compared, KEY, check=False).returncode == 1


def test_the_engines_here_hear_a_text_and_change_nothing(
    archive: Archive, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADIO_MODELS", str(models))
    put(archive, STREET)
    shorten(archive, KEY)
    assert "no text has been proofread" in compare(archive, check=False).stderr
    reread(archive, *(Cue(0.0, 8.0, each["text"]) for each in reference(STREET)[1:3]))
    before, picture = truth(archive), tmp_path / "errors.svg"
    found = json.loads(compare(archive, "--json", "--picture", str(picture)).stdout)
    assert truth(archive) == before
    here = {each for each in engines.FASTEST_FIRST if engines.is_installed(each)}
    assert {each["pairing"] for each in found} == {f"{each} base" for each in here}
    assert all(each["error"][0] < 0.5 and each["hours"] > 0 for each in found)
    drawn = ET.parse(picture).getroot()  # noqa: S314 (our own)
    assert len(drawn.findall("{*}rect")) == len(here)
    assert all(f"{each} base: " in (drawn.findtext("{*}desc") or "") for each in here)
