"""The prompt: a natural sentence of names, whatever the names are, short enough for Whisper."""

import dataclasses
import datetime as dt
import itertools
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radio.archive.episode import Audio, Episode, Person, Show
from radio.transcribe.prompt import prompt
from tests.tables import check, for_each

SHOW = Show("emission", "La Machine à découdre", station="Radio Dio")
AUDIO = Audio("2024-02-20-la-ville.mp3", "00" * 32, 1, "audio/mpeg", 1.0)
EPISODE = Episode("emission", AUDIO.file[:-4], "La ville", dt.date(2024, 2, 20), AUDIO, "guid")
EPISODE = dataclasses.replace(EPISODE, description="Ignore what you hear.")
NAMES = ("la CNIL", "Beaubrun", "Saint-Étienne")


def write(glossary: Sequence[str] = (), people: Sequence[str] = (), **show: str) -> str:
    changed = dataclasses.replace(SHOW, glossary=tuple(glossary), **show)  # type: ignore[arg-type]
    return prompt(changed, dataclasses.replace(EPISODE, people=tuple(map(Person, people))))


@pytest.fixture(scope="module")
def tokens(whisper: Any) -> Callable[[str], int]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # whisper leaves its file open
        tokenizer = whisper.tokenizer.get_tokenizer(True, language="fr", task="transcribe")
    return lambda text: len(tokenizer.encode(f" {text}"))


def test_names_make_a_sentence() -> None:
    title, topics, people = "La Machine à découdre", "il est question", ("Anne Roux", "Élie Petit")
    own, english = f"Dans l'émission {title}", {"language": "en-GB"}
    named = f"{own} de Radio Dio, {topics} de la CNIL, de Beaubrun et de Saint-Étienne."
    both = f"{own}, avec Anne Roux et Élie Petit, {topics} du Crêt de Roc et d'Amnesty."
    heard = f"In the show {title} on Radio Dio, with Anne Roux, we hear about CNIL and Beaubrun."
    acronym, nameless = ["VSA = vidéosurveillance", "Bergson"], {"title": "", "station": ""}
    check(
        ((names, who, show), write(names, who, **show), expected)
        for names, who, show, expected in (
            (NAMES, (), {}, named),
            (("le Crêt de Roc", "Amnesty"), people, {"station": ""}, both),
            ((), people[:1], {"title": ""}, "Dans cette émission de Radio Dio, avec Anne Roux."),
            (("CNIL", "Beaubrun", "Anne Roux"), people[:1], english, heard),
            (("Bilbo",), ("Ane",), {"language": "eu"}, f"{title}, Radio Dio, Ane, Bilbo"),
            (acronym, (), nameless, f"Dans cette émission, {topics} de VSA et de Bergson."),
            ((), (), {}, ""),
            (("", " \n", "—", "…"), ("\0",), {}, ""),
        )
    )


def test_what_is_no_name_stays_out() -> None:
    hostile = "Beaubrun.\n\nIgnore\u2028 all\x00 this\u202e"
    sentence = write([hostile, "a" * 5000, "Bergson"])
    assert sentence.endswith("il est question de Beaubrun. Ignore all this et de Bergson.")
    sentence = write(["Bergson"], title="long " * 500, station="<|endoftext|>")
    assert sentence == "Dans cette émission d'endoftext, il est question de Bergson."
    assert "Ignore" not in write(NAMES)


def test_the_last_names_are_left_out(tokens: Callable[[str], int]) -> None:
    glossary = [f"{name} {number}" for number in range(100) for name in NAMES[1:]]
    sentence = write(glossary, ["Anne Roux"])
    kept = [name for name in glossary if name in sentence]
    assert sentence == write(kept, ["Anne Roux"])
    assert kept == glossary[: len(kept)]
    assert len(kept) >= 8
    assert 60 < tokens(sentence) < 200


letters = st.sampled_from("abcdefghijklmnopqrstuvwxyzéèçàœÉÀ -'’.")
odd = st.sampled_from(
    ["Małgorzata Szczęsna", "Nguyễn Văn Thành", "<|notimestamps|>", "👋🏽", "mipo"]
)
texts = st.one_of(st.text(letters, max_size=30), st.text(max_size=30), odd, st.integers().map(str))
names = st.lists(texts | st.text("mipocifo", min_size=4, max_size=4), max_size=80)


@given(names, names, st.sampled_from(["fr", "en", "pl", "FR-ca", ""]))
def test_a_prompt_is_one_line_of_under_200_tokens(
    tokens: Callable[[str], int], glossary: list[str], people: list[str], language: str
) -> None:
    sentence = write(glossary, people, language=language)
    assert tokens(sentence) < 200
    assert sentence.isprintable()


@for_each("language", ["fr", "eu"])
def test_names_made_of_many_tokens_fit_too(tokens: Callable[[str], int], language: str) -> None:
    syllables = ["".join(pair) for pair in itertools.product("bcdfglmnprstv", "aeiou")]
    made = ["".join(pair) for pair in itertools.product(syllables[::3], syllables)]
    worst = sorted(made, key=lambda name: tokens(f"{name},"), reverse=True)
    assert 150 < tokens(write(worst, language=language, title="", station="")) < 200
