"""What is offered in the place of words: what was heard as well, the likeliest first, no noise."""

from collections.abc import Sequence

from radio.archive.hearings import Hearing
from radio.proposals.offers import ALL, MOST, RereadWord, SentenceOffers, offer, units_of, variants


def said(text: str, second: float = 1.0, *, is_heard: bool = True) -> list[RereadWord]:
    return [RereadWord(each, second, is_heard) for each in text.split()]


def told(text: str, *texts: str, names: Sequence[str] = ()) -> SentenceOffers:
    hearings = [Hearing(0, 10, texts)] if texts else []
    return offer([said(text)], hearings, names)[0]


def test_a_word_misheard_as_three_is_offered_as_one() -> None:
    found = told("un guide à nos noms, dit-elle", *["un guide anonyme dit-elle"] * 4)
    assert [each.text for each in found.at(2, 5)] == ["anonyme"]
    assert [(each.first, each.last) for each in found.at(2, 3)] == [(2, 5)]
    assert "anonyme" in found.words  # by which a half typed word ends


def test_what_most_hearings_have_comes_first_then_french_before_what_nobody_says() -> None:
    texts = ["il prend la pome", "il prend la pommée", *["il prend la paume"] * 4]
    assert told("il prend la pomme", *texts).at(3, 4)[0].text == "paume"
    found = told("la hôde du soir", "la haudre du soir", "la haudre du soir !", "la ronde du soir")
    assert found.at(1, 2)[0].text == "ronde"


def test_no_offer_says_again_what_stands_or_what_another_says() -> None:
    texts = ("LA CNIL dit non", "la « cnil », dit non.", "la CNIL, dit non", "la Kni dit non")
    assert [each.text for each in told("la kni dit non", *texts).at(1, 2)] == ["CNIL"]


def test_f4_stops_where_the_machine_was_sure_and_hears_otherwise() -> None:
    texts = [f"la paume de la main {n}" for n in range(9)]
    found = told("la pomme de la main", *texts)
    assert (1, 2) in [(each.first, each.last) for each in found.stops]
    assert told("la pomme de la main", texts[0]).stops == ()


def test_f4_passes_a_word_that_each_other_hearing_has_too() -> None:
    """Each stop at a word that is right costs a key, and half of all stops were such ones."""
    sentence = [RereadWord("la", 1.0), RereadWord("paume", 1.0, reason="unsure")]
    alone, beside = (
        offer([sentence], [Hearing(0, 10, texts)] if texts else [])[0]
        for texts in ((), ("la paume",) * 9 + ("la pomme",))
    )
    assert [each[:2] for each in alone.stops] == [(1, 2)] and beside.stops == ()


def test_a_text_that_was_heard_twice_counts_twice() -> None:
    found = told("il prend la pomme", *["il prend la pomme"] * 20, "la paume", "la pome")
    assert found.stops == ()
    twice = told("il prend la pomme", *["il prend la paume"] * 12, *["il prend la pompe"] * 8)
    assert [each.text for each in twice.at(3, 4)] == ["paume", "pompe"]


def test_what_a_person_wrote_is_beyond_doubt() -> None:
    texts = [f"la kni dit {n}" for n in range(9)]
    written = [*said("la"), *said("CNIL", is_heard=False), *said("dit")]
    found = offer([written], [Hearing(0, 10, tuple(texts))])[0]
    assert found.at(1, 2) == []
    assert all(each.first > 1 or each.last < 2 for each in found.stops)


def test_a_name_of_the_glossary_is_offered_without_any_hearing() -> None:
    found = told("Avec Zoey Zimmer man ce soir", names=["Zoé Zimmermann"])
    offers = [(each.first, each.last, each.text) for each in found.at(1, 2)]
    assert offers == [(1, 4, "Zoé Zimmermann")]


def test_words_of_a_neighbour_are_not_offered_in_the_wrong_sentence() -> None:
    hearing = Hearing(0, 10, tuple(f"bonjour à tousse la CNIL dit non {n}" for n in range(3)))
    first, second = offer([said("bonjour à tous"), said("la kni dit non", 5.0)], [hearing])
    assert [each.text for each in first.at(2, 3)] == ["tousse"]
    assert [each.text for each in second.at(1, 2)] == ["CNIL"]


def test_texts_that_mean_harm_cost_little() -> None:
    hostile = ["a " * 1000, "x" * 2000, "' ’ … « »", "\u202e\u0000 " * 50, "ab " * 140, "b a " * 70]
    for text in ("a b " * 70, "a " * 400, "…", "x" * 2000):
        found = told(text, *hostile)
        assert all(0 <= each.first < each.last <= len(text.split()) for each in found.offers)
    assert variants(("a",) * 400, ("b",)) == ((), ())
    text = " ".join(f"mot{n}" for n in range(100))
    texts = [" ".join(f"mat{n}{k}" for n in range(100)) for k in range(20)]
    found = told(text, *texts)  # one sentence is offered so much and no more
    assert len(found.offers) <= ALL
    assert all(len(found.at(n, n + 1)) <= MOST for n in range(100))


def test_hearings_are_laid_beside_words_by_their_letters() -> None:
    words, other = "le train de midi", "le petit train midi"
    units = [tuple(each) for each in units_of(words.split(), other.split())]
    assert units == [(0, 1, 0, 1), (1, 1, 1, 2), (1, 2, 2, 3), (2, 3, 3, 3), (3, 4, 3, 4)]
