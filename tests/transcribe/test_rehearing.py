"""What is in doubt is heard again, beside the text, without what nobody is to read."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from radio.actions.pseudonymising import Replacement, replace_name
from radio.archive import Archive, hearings
from radio.sound import RATE, decode
from radio.system.errors import ArchiveError, AudioError, TranscriptError
from radio.text.transcript import render_evidence
from radio.transcribe import engines
from radio.transcribe.engines.interface import DecodeOptions
from radio.transcribe.rehearing import hear_again, missing
from radio.transcribe.windows import Window
from tests.fakes import Fake
from tests.heard import KEY, edit, evidence_of
from tests.samples import DEMO, STREET
from tests.sounds import samples


@dataclasses.dataclass
class Guess(Fake):
    """Guesses some texts for each window, and keeps the windows."""

    texts: tuple[str, ...] = ("la cnil", "la qui", "la cnil", "La kni dit non à tout le monde.")
    windows: list[Window] = dataclasses.field(default_factory=list)
    batch: int = 1

    def hear_again(
        self, windows: Sequence[Window], options: DecodeOptions, times: int
    ) -> list[list[str]]:
        assert times == self.draws
        if len(self.windows) == self.stop_at:
            raise KeyboardInterrupt
        self.windows += windows
        self.meanwhile()
        return [list(self.texts) for _ in windows]


def starts(archive: Archive) -> list[float]:
    return [each.start for each in hearings.read(archive, KEY)]


def test_only_windows_in_doubt_are_heard_in_the_very_sound_of_before(heard: Archive) -> None:
    assert [each.key for each in missing(heard)] == [KEY]
    text = heard.vtt_path(KEY).read_bytes()
    guess = Guess()
    assert hear_again(heard, KEY, guess)
    first, second = hearings.read(heard, KEY)
    assert (first.start, second.start) == (10.0, 20.0)
    said = ("la cnil", "la cnil", "la qui", "La kni dit non à tout le monde.")
    assert first.texts == second.texts == said
    sound = samples(heard.audio_path(heard.episode(KEY)))
    for window, segment in zip(guess.windows, evidence_of(heard).segments, strict=False):
        begin, end = round(segment.start * RATE), round(segment.end * RATE)
        assert window.ranges == ((begin, end),)
        assert np.array_equal(window.samples, sound[begin:end])
    assert missing(heard) == [] and heard.vtt_path(KEY).read_bytes() == text


def test_a_run_that_was_killed_goes_on_where_it_was(heard: Archive) -> None:
    with pytest.raises(KeyboardInterrupt):
        hear_again(heard, KEY, Guess(stop_at=1))
    assert starts(heard) == [10.0] and [each.key for each in missing(heard)] == [KEY]
    guess = Guess()
    assert hear_again(heard, KEY, guess)
    assert [each.start for each in guess.windows] == [20.0] and starts(heard) == [10.0, 20.0]


def test_a_text_that_repeats_itself_or_never_ends_is_no_other_hearing(heard: Archive) -> None:
    odd = ("et voilà " * 6, "mot " * 40, "la cпil", "la \ufffdnil", "", "la cnil")
    hear_again(heard, KEY, Guess(texts=odd))
    assert [each.texts for each in hearings.read(heard, KEY)] == [("la cnil",), ("la cnil",)]


def test_what_is_reread_or_withdrawn_is_not_heard_again(heard: Archive) -> None:
    edit(heard, ("status: machine", "status: reread"))
    assert missing(heard) == []
    edit(heard, ("status: reread", "status: machine"))
    assert missing(heard) != []
    (heard.root / "mirror.json").write_text("{}", encoding="utf-8")
    assert missing(heard) == []
    with pytest.raises(ArchiveError):
        hear_again(heard, KEY, Guess())
    assert not hearings.path_of(heard, KEY).exists()
    (heard.root / "mirror.json").unlink()
    heard.write_episode(dataclasses.replace(heard.episode(KEY), status="withdrawn"))
    assert missing(heard) == []


def test_sound_that_breaks_off_costs_what_lies_behind_and_no_second_try(heard: Archive) -> None:
    path = heard.audio_path(heard.episode(KEY))
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(AudioError):
        hear_again(heard, KEY, Guess())
    assert missing(heard) == [] == starts(heard)


def test_it_stops_when_its_time_is_over_and_a_full_disk_leaves_what_was_kept(
    heard: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not hear_again(heard, KEY, Guess(), is_over=lambda: True)
    assert starts(heard) == [10.0]

    def refuse(*_: object) -> None:
        raise ArchiveError("full")

    monkeypatch.setattr(hearings, "write_whole", refuse)
    with pytest.raises(ArchiveError):
        hear_again(heard, KEY, Guess())
    assert starts(heard) == [10.0]


def test_words_of_an_evidence_that_anybody_wrote_take_no_memory(heard: Archive) -> None:
    evidence = evidence_of(heard)
    first = dataclasses.replace(evidence.segments[0], start=0.0, end=9e8)
    region = dataclasses.replace(evidence.regions[0], start=0.0, end=9e8)
    wide = dataclasses.replace(evidence, segments=(first,), regions=(region,))
    heard.evidence_path(KEY).write_bytes(render_evidence(wide))
    guess = Guess()
    assert hear_again(heard, KEY, guess) and guess.windows == []


def test_what_is_redacted_or_withdrawn_while_it_is_heard_is_not_kept(heard: Archive) -> None:
    redacted = heard.evidence_path(KEY).read_bytes().replace(b"monde", b"mot")
    withdrawn = dataclasses.replace(heard.episode(KEY), status="withdrawn")
    for act in (
        lambda: heard.evidence_path(KEY).write_bytes(redacted),
        lambda: heard.write_episode(withdrawn),
    ):
        with pytest.raises(TranscriptError):
            hear_again(heard, KEY, Guess(meanwhile=act))
        assert not hearings.path_of(heard, KEY).exists()


@pytest.mark.parametrize(
    ("replacement", "texts"),
    [
        (Replacement("kni", "Zorro"), ("la knie dit", "la cnit dit")),
        (Replacement("monde", "Zorro", ("Durand",)), ("Durand dit peut-être", "Durant dit")),
    ],
)
def test_a_replaced_name_is_not_heard_again_in_any_form(
    heard: Archive, replacement: Replacement, texts: tuple[str, ...]
) -> None:
    """Where a name is said, its other forms are as near, and nobody knows them all."""
    replace_name(heard, [KEY], replacement)
    guess = Guess(texts=texts)
    assert hear_again(heard, KEY, guess)
    assert guess.windows != [] and hearings.read(heard, KEY) == ()
    kept = hearings.path_of(heard, KEY).read_text(encoding="utf-8")
    assert not any(text in kept for text in texts)


def street_windows(*seconds: tuple[int, int]) -> list[Window]:
    sound = next(decode(DEMO / f"{STREET}.mp3"))
    places = [(first * RATE, last * RATE) for first, last in seconds]
    return [Window(sound[first:last], ((first, last),)) for first, last in places]


@pytest.mark.torture
@pytest.mark.parametrize("name", ["faster", pytest.param("openai", marks=pytest.mark.torch)])
def test_whisper_itself_hears_other_words_in_the_same_windows(
    models: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("RADIO_MODELS", str(models))
    engine, windows = engines.load(name, "base", 1), street_windows((2, 9), (10, 14))
    options = DecodeOptions("fr", "Avec la CNIL, à Saint-Étienne.")
    heard = engine.decode(windows, options, engine.attempts[0])
    drawn = engine.hear_again(windows, options, 4)
    assert [len(texts) for texts in drawn] == [4, 4]
    assert any(text != heard[0].text for text in drawn[0])
    for segment, texts in zip(heard, drawn, strict=True):
        words = set(segment.text.lower().split())
        assert any(len(words & set(text.lower().split())) > len(words) / 2 for text in texts)


def test_the_likeliest_texts_are_offered(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else what is offered for a word is luck: another run of the same sound has not got it."""
    monkeypatch.setenv("RADIO_MODELS", str(models))
    engine, windows = engines.load("faster", "base", 1), street_windows((2, 6))
    (first,), (again,) = (engine.hear_again(windows, DecodeOptions("fr"), 12) for _ in range(2))
    assert first[:3] == again[:3] and len(set(first)) > 3
