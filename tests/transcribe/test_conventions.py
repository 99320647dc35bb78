"""The machine's text follows the show's convention; evidence and people's words don't."""

import dataclasses
import datetime as dt

import pytest

from radio.archive.episode import Audio, Episode, Person, Show
from radio.text.transcript import Segment, Word
from radio.transcribe.conventions import Conventions, conventions, write_acronyms
from radio.transcribe.corrections import compose
from tests.tables import check, for_each

SHOW = Show("emission", "Émission", glossary=("la CNIL",))
AUDIO = Audio("2024-01-16-la-rue.mp3", "00" * 32, 1, "audio/mpeg", 9.0)
EPISODE = Episode("emission", AUDIO.file[:-4], "La rue", dt.date(2024, 1, 16), AUDIO, "g")


def segment(text: str) -> Segment:
    words = [Word(i, i + 1, each, 0.9) for i, each in enumerate(text.split())]
    return Segment(0, len(words), text, tuple(words), 1, 0, -0.1, 1, 0)


def composed(text: str, show: Show = SHOW, episode: Episode = EPISODE) -> str:
    written = compose([segment(text)], show.corrections, {}, conventions(show, episode))
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


NO_SENTENCE_BEGINS = [
    ("alors la knil 3 caméras ici", {"knil": "CNIL"}, "alors la CNIL 3 caméras ici"),
    ("alors la cnile a 3 caméras", {"cnile": "CNIL"}, "alors la CNIL a trois caméras"),
    ("dans l'arcticle 5 de la loi", {"l'arcticle": "l'article"}, "dans l'article 5 de la loi"),
    ("on a bobran trois pour cent", {"bobran": "Beaubrun"}, "on a Beaubrun 3 %"),
    ("à Bobran. 3 caméras", {"bobran": "Beaubrun"}, "à Beaubrun. Trois caméras"),
    ("il est 5 eures", {"eures": "heures"}, "il est 5 heures"),
]
AS_CORRECTED = [
    ("les deux rives et 2 autres", {"deux rives": "2 Rives"}, "les 2 Rives et deux autres"),
    ("à dix-neuf eures trente", {"eures": "heures"}, "à 19 heures 30"),
    ("il y a trois pourcent", {"pourcent": "pour cent"}, "il y a trois pour cent"),
    ("il y en a vin deux", {"vin": "vingt"}, "il y en a vingt deux"),
    ("entre 12 et kinze jours", {"kinze": "quinze"}, "entre 12 et quinze jours"),
    ("la cenile et la cnil", {"cenile": "cnil"}, "la cnil et la CNIL"),
    ("la C N i-elle dit", {"i-elle": "I L"}, "la C N I L dit"),
    ("à disneuf heures", {"disneuf heures": "19h"}, "à 19h"),
]


@for_each(("said", "learnt", "expected"), [*NO_SENTENCE_BEGINS, *AS_CORRECTED])
def test_no_convention_rewrites_people(said: str, learnt: dict[str, str], expected: str) -> None:
    assert composed(said, dataclasses.replace(SHOW, corrections=learnt)) == expected


@for_each(
    ("corrections", "said", "expected"),
    [
        ({}, "oui la vsa ou la V.S.A. dit", "oui la VSA ou la VSA dit"),
        ({"Bobran": "Anna"}, "la CNIL, Bobran et la C N I L", "la CNIL, Anna et la CNIL"),
        ({"la knil": "la CNIL"}, "la knil et la C.N.I.L. fait", "la CNIL et la CNIL fait"),
    ],
)
def test_an_acronym_is_known_by_the_glossary_and_in_the_episode(
    corrections: dict[str, str], said: str, expected: str
) -> None:
    glossary = ("VSA = la vidéosurveillance OU algorithmique", "la RATP")
    show = dataclasses.replace(SHOW, glossary=glossary, corrections=corrections)
    assert composed(said, show) == expected


def test_capitals_of_the_catalogue_join_letters_said_one_by_one() -> None:
    episode = dataclasses.replace(EPISODE, people=(Person("Camille, de la CGT"),))
    assert composed("pour la C.G.T. et la cgt", episode=episode) == "pour la CGT et la cgt"


def test_a_cue_is_never_cut_within_an_hour() -> None:
    text = "on se retrouve " * 5 + "à dix-neuf heures trente devant la maison de quartier du Soleil"
    cues = compose([segment(text)], {}, {}, Conventions(numbers=True)).cues
    assert sum("19 h 30" in line for cue in cues for line in cue.text.split("\n")) == 1


LISTED = {"CNIL", "RATP", "ONU"}
SEEN = {"CAF", "SNCF", "STAS"}
ACRONYMS = [
    ("la cnil a répondu", "la CNIL a répondu"),
    ("la Cnil a répondu", "la CNIL a répondu"),
    ("la C.N.I.L. a répondu", "la CNIL a répondu"),
    ("dit la C.N.I.L. Elle répond", "dit la CNIL. Elle répond"),
    ("dit la C.N.I.L.", "dit la CNIL."),
    ("la C N I L a répondu", "la CNIL a répondu"),
    ("la c. n. i. l. a répondu", "la CNIL a répondu"),
    ("la C-N-I-L a", "la CNIL a"),
    ("l'onu, d’abord", "l'ONU, d’abord"),
    ("l'O.N.U, d’abord", "l'ONU, d’abord"),
    ("(cnil)", "(CNIL)"),
    ("à la S.N.C.F, on", "à la SNCF, on"),
    ("la C A F répond", "la CAF répond"),
    ("la CGT, la C.G.T. aussi", "la CGT, la CGT aussi"),
]
UNKNOWN = [
    "un caf et un stas",  # only seen: small letters may be a word
    "la cnile et la cnil-bis",
    "J.R.R. Tolkien",
    "il y a un a et un b",
    "la C.G.T. aussi",
    "le R.E.R, la R A T",
    "c'est-à-dire",
    "S. N. Martin",
    "cn-il",
]


def said_so(text: str) -> list[Word]:
    return [Word(i, i + 1, word, 0.9 - i / 100) for i, word in enumerate(text.split())]


def test_a_known_acronym_has_one_spelling_and_what_nobody_knows_stays() -> None:
    check(
        (said, [word.text for word in write_acronyms(said_so(said), LISTED, SEEN)], written.split())
        for said, written in [*ACRONYMS, *((each, each) for each in UNKNOWN)]
    )


def test_letters_keep_their_time() -> None:
    la, word, a = write_acronyms(said_so("la C N I L a"), LISTED, SEEN)
    assert (la.end, word.start, word.end, a.start) == (1, 1, 5, 5)
    assert word.probability == pytest.approx(0.86)
