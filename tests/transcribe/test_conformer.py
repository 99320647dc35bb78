"""The engine of conformers, on networks of the published layout whose numbers are drawn, or which
say what they are told (tests/conformer.py): how well the published one hears is not proved."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from radio.archive import Archive
from radio.archive.episode import Show
from radio.books.book import read_part
from radio.cli import model as command_line
from radio.sound import RATE
from radio.system.errors import ModelError, TranscriptError
from radio.text.chapters import Chapters
from radio.text.transcript import Cue, Evidence, Transcript, render_vtt
from radio.transcribe import engines, extras
from radio.transcribe.engines.interface import DecodeOptions
from radio.transcribe.models import weights
from radio.transcribe.models.catalogue import CONFORMERS
from radio.transcribe.transcription import transcribe
from radio.transcribe.windows import Window
from tests.conformer import NAME, make
from tests.fakes import at_work
from tests.heard import evidence_of
from tests.hub import NOT_FOUND, whole
from tests.processes import call
from tests.samples import DEMO, STREET, keep_episode
from tests.servers import serving
from tests.sounds import samples
from tests.web.sites import visit

KEY = "emission/2024-01-16-mp3"
LINE = "▁la 1 ▁ra 3 di 4 o 5 , 6 ▁vingt 8 ▁deux 10 ▁ca 14 mé 15 ra 16 s 17 . 18 ?▁bo 24 ?bran 26"
SAID = dict(zip(map(int, LINE.split()[1::2]), LINE.split()[::2], strict=True))  # by frame
CREDIT = f"{NAME} (NVIDIA, CC BY 4.0)"


Hear = Callable[..., Evidence]


@pytest.fixture
def hear(archive: Archive, folder: Path, sounds: dict[str, Path]) -> Hear:
    """Transcribe four seconds of a sample show; `words` are those of the show."""

    def hear(says: dict[int, str] | None = None, **words: object) -> Evidence:
        make(folder, says)
        archive.write_show(Show("emission", "Émission", **words))  # type: ignore[arg-type]
        keep_episode(archive, sounds[".mp3"])
        at_work(transcribe, archive, engines.load("conformer"))
        return evidence_of(archive, KEY)

    return hear


def test_words_have_the_times_and_certainties_of_their_pieces(folder: Path) -> None:
    make(folder, SAID)
    engine = engines.load(*engines.pick("conformer"), threads=1)
    sound = samples(DEMO / f"{STREET}.mp3")
    apart = Window(sound[: 4 * RATE], ((10 * RATE, 11 * RATE), (20 * RATE, 23 * RATE)))
    for batch in ([apart], [apart, Window(sound[: 9 * RATE], ((0, 9 * RATE),))]):
        segment = engine.decode(batch, DecodeOptions("fr"), engine.attempts[0])[0]
        assert [(word.text, word.start, word.end) for word in segment.words] == [
            *(("la", 10.08, 10.24), ("radio,", 10.24, 10.64), ("vingt", 10.64, 10.8)),
            *(("deux", 10.8, 11.0), ("caméras.", 20.12, 20.84), ("bobran", 20.92, 21.48)),
        ], "in the two ranges of speech, and over where nothing more is said"
        sure = [word.probability for word in segment.words]
        assert min(sure[:5]) > 0.99 > 0.5 > sure[5]
        assert engine.hear_again(batch, DecodeOptions("fr"), 40)[0] == [segment.text]


def test_drawn_numbers_give_words_in_speech_alone(hear: Hear, folder: Path) -> None:
    evidence, numbers = hear(), folder / NAME / "model.onnx"
    words = [word for segment in evidence.segments for word in segment.words]
    speech = [each for each in evidence.regions if each.kind == "speech"]
    assert len(words) > 5
    for word in words:
        assert any(r.start - 0.01 <= word.start <= word.end <= r.end + 0.01 for r in speech)
        assert 0 < word.probability < 1
    assert [word.start for word in words] == sorted(word.start for word in words)
    assert evidence.weights == hashlib.sha256(numbers.read_bytes()).hexdigest()


def test_conventions_corrections_and_names_come_after_and_the_maker_is_named(
    archive: Archive, hear: Hear
) -> None:
    evidence = hear(SAID, glossary=("Beaubrun",), corrections={"la radio": "Radio Dio"})
    text = archive.vtt_path(KEY).read_text(encoding="utf-8")
    said = " ".join(cue.text for cue in archive.transcript(KEY).cues)  # type: ignore[union-attr]
    assert said.replace("\n", " ") == "Radio Dio, 22 caméras. Beaubrun"
    assert f"\nengine: onnx-asr {evidence.versions['onnx-asr']}\nmodel: {CREDIT}\n" in text
    page = visit(archive).get(f"/shows/{KEY}").get_data(as_text=True)
    told = (page, read_part(archive, archive.episode(KEY), Chapters(), "").note)
    assert all(CREDIT in each for each in told), "on its page, and in the colophon of a booklet"
    assert evidence.model == NAME
    assert evidence.parameters["credit"] == f"NVIDIA, CC BY 4.0, {CONFORMERS[0].page}"


def test_keepers_compare_it_with_whisper_by_their_own_reread_texts(
    archive: Archive, hear: Hear, folder: Path, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here the text is what the network is told to say, so that Whisper alone errs."""
    hear(SAID, glossary=("Beaubrun",))
    (folder / "base").symlink_to(models / "base")
    cues = (Cue(0.0, 4.0, "La radio, vingt-deux caméras. Beaubrun."),)
    archive.vtt_path(KEY).write_text(render_vtt(Transcript(cues, {"status": "reread"})), "utf-8")
    monkeypatch.setenv("RADIO_ROOT", str(archive.root))
    asked = ("--engine", "faster", "--engine", "conformer", "--json")
    rows = json.loads(call("model", "compare", KEY, *asked).stdout)
    assert [each["pairing"] for each in rows] == [f"conformer {NAME}", "faster base"]
    assert rows[0]["error"][0] == 0.0 < 0.5 < rows[1]["error"][0]
    assert all(each["hours"] > 0 == each["outside"] for each in rows)
    monkeypatch.setattr(command_line, "_measure", lambda _engine: None)
    advise = ("model", "advise", "--engine", "faster")
    assert json.loads(call(*advise, "--json").stdout)["compared"] == rows
    to_try = f"To be tried: {CREDIT}, 460 MB, 10 wrong words in 100 "
    (line,) = (each for each in call(*advise).stdout.splitlines() if each.startswith(to_try))
    assert line.endswith("never measured on radio: `radio model compare`.")


def test_another_language_is_refused_in_one_line(hear: Hear) -> None:
    with pytest.raises(TranscriptError, match=f"{NAME} hears the language fr only; take"):
        hear(language="ar")


def test_it_is_taken_where_it_is_asked_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "is_installed", lambda _module: True)
    can = f"no model that onnx_asr can read in {folder}; `radio model fetch {NAME}`"
    with pytest.raises(ModelError, match=can):
        engines.pick("conformer")
    make(folder)
    (folder / "base").mkdir()
    (folder / "base" / "model.bin").touch()
    for asked in (("conformer",), ("auto", NAME), ("openai", NAME)):
        assert engines.pick(*asked) == ("conformer", NAME)
    assert engines.pick("auto") == ("faster", "base"), "never unasked"


def test_the_published_file_is_kept_with_the_hash_of_its_publisher(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, at = make(tmp_path / "published"), CONFORMERS[0].publisher
    sha256 = hashlib.sha256((made / "model.onnx").read_bytes()).hexdigest()

    def answer(path: str) -> Iterator[bytes]:
        model = {"rfilename": "model.onnx", "lfs": {"sha256": sums[-1]}}
        others = [{"rfilename": name} for name in ("vocab.txt", "README.md", "model.int8.onnx")]
        if path == f"/api/models/{at}?blobs=true":
            return whole(json.dumps({"sha": "abc", "siblings": [model, *others]}).encode())
        asked.append(path.removeprefix(f"/{at}/resolve/abc/"))
        return whole((made / asked[-1]).read_bytes()) if "/" not in asked[-1] else iter([NOT_FOUND])

    sums, asked = ["00" * 32], list[str]()
    with serving(answer) as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        wrong = call("model", "fetch", NAME, check=False)
        assert "cut short or changed" in wrong.stderr
        assert list(folder.iterdir()) == []
        sums.append(sha256)
        assert call("model", "fetch", NAME).stdout.strip() == str(folder / NAME)
    assert {*asked} == {"model.onnx", "vocab.txt"}
    assert weights.find(NAME).sha256 == sha256
    assert call("model", "list").stdout.startswith(f"{NAME}  0 MB  onnx  ")
    with (folder / NAME / "model.onnx").open("ab") as file:
        file.write(b"!")
    with pytest.raises(ModelError, match=rf"not the model {NAME} .* `radio model fetch {NAME}`$"):
        engines.load("conformer")
