"""The machine's text follows the show's convention for acronyms, numbers and hours; evidence and
people's words don't, nor what may mean something else."""

import dataclasses
import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from radio.archive.episode import Audio, Episode, Person, Show
from radio.text.transcript import Segment, Word
from radio.transcribe.conventions import Conventions, conventions, write_acronyms
from radio.transcribe.corrections import compose
from radio.transcribe.figures import write_numbers
from tests.search.lists import lines, rows
from tests.tables import check, for_each

SHOW = Show("emission", "Émission", glossary=("la CNIL",))
AUDIO = Audio("2024-01-16-la-rue.mp3", "00" * 32, 1, "audio/mpeg", 9.0)
EPISODE = Episode("emission", AUDIO.file[:-4], "La rue", dt.date(2024, 1, 16), AUDIO, "g")


def heard(*texts: str, pace: float = 0.25) -> list[Word]:
    return [Word(i * pace, (i + 1) * pace, text, 0.9 - i / 100) for i, text in enumerate(texts)]


def segment(text: str) -> Segment:
    words = heard(*text.split(), pace=1)
    return Segment(0, len(words), text, tuple(words), 1, 0, -0.1, 1, 0)


def composed(text: str, show: Show = SHOW, episode: Episode = EPISODE) -> str:
    written = compose([segment(text)], {}, conventions(show, episode))
    return " ".join(" ".join(cue.text.split()) for cue in written.cues)


def test_a_text_follows_the_convention_unless_the_show_keeps_what_is_heard() -> None:
    said = "la cnil a 2 mois, dit-il à dix-neuf heures."
    assert composed(said) == "la CNIL a deux mois, dit-il à 19 heures."
    show = dataclasses.replace(SHOW, numbers="heard")
    assert composed(said, show) == said.replace("cnil", "CNIL")


@for_each("language", ["en", "en-GB", "de"])
def test_other_languages_are_left_alone(language: str) -> None:
    assert conventions(dataclasses.replace(SHOW, language=language), EPISODE) == Conventions()
    english = dataclasses.replace(EPISODE, language=language)
    assert composed("a cent for 2 C.N.I.L. six", episode=english) == "a cent for 2 C.N.I.L. six"


def test_no_convention_rewrites_people() -> None:
    check(
        (said, composed(said, dataclasses.replace(SHOW, corrections={wrong: right})), written)
        for said, wrong, right, written in rows("conventions", "corrected")
    )


def test_an_acronym_is_known_by_the_glossary_the_episode_and_the_catalogue() -> None:
    glossary = ("VSA = la vidéosurveillance OU algorithmique", "la RATP")
    show = dataclasses.replace(SHOW, glossary=glossary)
    episode = dataclasses.replace(EPISODE, people=(Person("Camille, de la CGT"),))
    for said, wrong, right, written in rows("conventions", "known"):
        corrected = dataclasses.replace(show, corrections={wrong: right})
        assert composed(said, corrected, episode) == written, said


def test_a_cue_is_never_cut_within_an_hour() -> None:
    text = "on se retrouve " * 5 + "à dix-neuf heures trente devant la maison de quartier du Soleil"
    cues = compose([segment(text)], {}, Conventions(numbers=True)).cues
    assert sum("19 h 30" in line for cue in cues for line in cue.text.split("\n")) == 1


LISTED, SEEN = {"CNIL", "RATP", "ONU"}, {"CAF", "SNCF", "STAS"}


def with_acronyms(text: str) -> str:
    return " ".join(word.text for word in write_acronyms(heard(*text.split()), LISTED, SEEN))


def test_a_known_acronym_has_one_spelling_and_what_nobody_knows_stays() -> None:
    acronyms, unknown = rows("conventions", "acronyms"), lines("conventions", "unknown")
    check((said, with_acronyms(said), written) for said, written in acronyms)
    check((said, with_acronyms(said), said) for said in unknown)


def test_letters_keep_their_time() -> None:
    la, word, a = write_acronyms(heard(*["la", "C", "N", "I", "L", "a"], pace=1), LISTED, SEEN)
    assert (la.end, word.start, word.end, a.start) == (1, 1, 5, 5)
    assert word.probability == pytest.approx(0.86)


def written(text: str) -> str:
    return " ".join(word.text for word in write_numbers(heard(*text.split())))


def test_numbers_have_one_spelling_unless_they_may_mean_something_else() -> None:
    numbers = rows("conventions", "numbers")
    check((said, written(said), expected) for said, expected in numbers)
    stay = (*lines("conventions", "as heard"), *(each for _, each in numbers))
    check((said, written(said), said) for said in stay)
    assert written("à dix-neuf heures trente personnes") == "à 19 heures 30 personnes"
    assert written("il dure deux heures trente minutes") == "il dure deux heures 30 minutes"


def test_a_number_lasts_as_long_as_its_words_and_is_as_sure_as_the_least() -> None:
    words = [Word(1.0, 1.2, "à", 0.9), Word(1.2, 1.6, "dix-neuf", 0.8)]
    words += [Word(1.6, 1.9, "heures", 0.9), Word(1.9, 2.4, "trente.", 0.4)]
    assert write_numbers(words) == [words[0], Word(1.2, 2.4, "19 h 30.", 0.4)]
    words = [Word(0, 1, "vingt", 0.9), Word(3, 4, "deux", 0.9)]
    assert [word.text for word in write_numbers(words)] == ["vingt", "deux"]


@for_each(
    "text",
    ["9" * 5_000, "1." + "000." * 3_000, "." * 9_000 + "a", "a" + ".-" * 9_000, "000 " * 3_000],
)
def test_what_is_no_word_costs_nothing(text: str) -> None:
    words = heard("12", *text.split(), "mille")
    assert [word.start for word in write_numbers(words)][:1] == [0]
    assert len(write_acronyms(words, {"CNIL"}, {"CAF"})) == len(words)


_TEXTS = """
    un une deux trois dix onze vingt vingt-et-une et mille cent cents million millions milliard
    0 2 3 5 10 12 000 500 2019 0,8 007 12.000 heures h H 24h 19:30 19h30 pour virgule trente,
    % € 20% pourcent article Louis mars unième 2ème euros ans km -3 … « » à ou sur de neuf
    quatre-vingt-dix Deux
"""
TEXTS = [*_TEXTS.split(), "12 000", "12\u202f000", "3,5 %", "19 h 30"]


@given(st.lists(st.sampled_from(TEXTS), max_size=14))
@example(["un", "un", "mille", "et", "deux"])
@example(["«", "cent", "millions", "3", "virgule"])
@example(["pour", "cent", "3", "20%"])
@example(["2", "à", "onze", "million"])
@example(["2", "et", "0", "000,"])
@example(["vingt-et-une", "trente,", "10", "pourcent", "500", "ou", "5"])
@example(["et", "11", "pour", "cent", "12\u202f000"])
@example(["2", "et", "onze", "une", "h", "trois"])
def test_whatever_is_said_keeps_its_order_and_time(texts: list[str]) -> None:
    words = heard(*texts)
    found = write_numbers(words)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert [word.start for word in found[:1]] == [word.start for word in words[:1]]
    assert [word.end for word in found[-1:]] == [word.end for word in words[-1:]]
    again = write_numbers(found)
    assert [word.text for word in again] == [word.text for word in found]
