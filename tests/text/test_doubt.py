"""Doubt: which words are marked, why, and how many are said to be right."""

from dataclasses import replace

from radio.text.doubt import Reason, is_wordless, right_in_ten, weigh
from radio.text.transcript import Evidence, Region, Segment, Word


def segment(text: str, start: float = 0.0, pace: float = 0.3, **changed: float) -> Segment:
    """A segment of words at a pace, in seconds; `changed` gives words another probability."""
    said = [(start + n * pace, word) for n, word in enumerate(text.split())]
    words = [Word(at, at + pace, word, changed.get(word, 0.97)) for at, word in said]
    end = words[-1].end if words else start
    return Segment(start, end, text, tuple(words), 5, 0.0, -0.3, 1.2, 0.0)


def evidence(*segments: Segment, speech: float = 60.0, prompt: str = "") -> Evidence:
    regions = (Region(0.0, speech, "speech"),)
    told = {"prompt": prompt}
    return Evidence("x", {}, "base", "", told, "", "fr", speech, regions, segments)


def marked(heard: Evidence) -> dict[str, Reason]:
    return {each.word.text: each.reason for each in weigh(heard) if each.reason}


def test_a_word_that_was_badly_heard_is_in_doubt() -> None:
    said = segment("une vingtaine de capteurs sonores dans le quartier", sonores=0.2)
    assert marked(evidence(said)) == {"sonores": "unsure"}


def test_a_word_that_french_lacks_is_in_doubt_if_it_is_said_once_and_was_not_told() -> None:
    said = segment("ils ont baissé la délanconse dans toute la ville", délanconse=0.9, baissé=0.9)
    assert marked(evidence(said)) == {"délanconse": "unsure"}
    again = evidence(said, segment("et la délanconse", start=20.0, délanconse=0.9))
    told = evidence(said, prompt="Il est question de la délanconse.")
    for other in (again, told, replace(evidence(said), language="en")):
        assert marked(other) == {}


def test_a_name_said_once_is_in_doubt_unless_it_was_told() -> None:
    said = segment("Bonjour. Nous allons à Beaubran avec la CNIL. Ici Lyon, oui Lyon. Fin de Beau")
    assert marked(evidence(said)) == {"Beaubran": "name", "CNIL.": "name", "Beau": "name"}
    told = evidence(said, prompt="Il est question de la CNIL, de Beaubran.")
    assert marked(told) == {"Beau": "name"}
    again = segment("et l'on revient à Beaubran.", start=20.0)
    assert marked(evidence(said, again)) == {"CNIL.": "name", "Beau": "name"}


def test_a_word_that_hides_others_is_in_doubt() -> None:
    said = segment("la mairie ne le savait pas du tout et elle ne dit rien à personne ici")
    long = replace(said, end=11.6, words=(*said.words, Word(4.8, 11.6, "voilà", 0.99)))
    assert marked(evidence(long, speech=6.0)) == {"voilà": "long"}


def test_speech_with_too_few_words_is_in_doubt() -> None:
    few = segment("peu de mots ici", pace=1.5)
    assert set(marked(evidence(few)).values()) == {"sparse"}
    assert marked(evidence(segment("oui merci", pace=1.5))) == {}  # 3 s are too short to tell
    rest = segment("et puis le reste", start=4.0)
    assert marked(evidence(segment("peu de mots ici"), rest, speech=5.2)) == {}


def test_an_episode_with_too_few_words_is_told() -> None:
    full = segment("mot " * 200)
    assert not is_wordless(evidence(full))
    assert is_wordless(evidence(full, speech=110.0))
    assert not is_wordless(evidence(speech=0.0))
    assert is_wordless(evidence())  # somebody speaks, and nothing was written


def test_what_is_inaudible_is_not_counted() -> None:
    lost = replace(segment("a a a", a=0.1), audible=False)
    assert list(weigh(evidence(lost))) == []
    assert right_in_ten([]) is None
