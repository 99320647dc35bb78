"""Sentences of a text, of which no sign is lost, and quotations of whole ones."""

from collections.abc import Sequence

from hypothesis import example, given
from hypothesis import strategies as st

from radio.text.sentences import CUT, PIECE, Quote, cut_sentences, quote
from radio.text.transcript import Cue
from tests.tables import for_each


@for_each(
    ("text", "said"),
    [
        ("Il a dit « Oui. » Puis il part.", ["Il a dit « Oui. »", "Puis il part."]),
        (
            "Il a dit «\u202fOui.\u202f» Puis il part.",
            ["Il a dit «\u202fOui.\u202f»", "Puis il part."],
        ),
        ("« Oui.» « Non… » Bon.", ["« Oui.»", "« Non… »", "Bon."]),
        ('"Non !" Alors il part.', ['"Non !"', "Alors il part."]),
        ('“Non !” Alors "Si." "Bon."', ["“Non !”", 'Alors "Si."', '"Bon."']),
        ('Fini. "Oui", dit-elle.', ["Fini.", '"Oui", dit-elle.']),
    ],
)
def test_a_closing_quotation_mark_is_not_lost(text: str, said: list[str]) -> None:
    assert list(cut_sentences(text)) == said


@for_each(
    "text",
    [
        "Voici M. Dupont et Mme. Durand.",
        "Le maire, M. Perdriau, et le Dr. Noé.",
        "La C.N.I.L. demande. pourquoi ?",
        "La C.N.I.L. Rhône-Alpes.",
        "Selon J. Dupont, p. 12, rien.",
        "Il hésite… et part.",
        "« Oui ! » dit-elle.",
    ],
)
def test_monsieur_and_initials_are_not_cut_from_what_is_said(text: str) -> None:
    assert list(cut_sentences(text)) == [text]


@given(st.text(alphabet="aéB7M. !?…«»”\"'’—(),;:-\u202f\n_"))
@example("« ! A. » » B")
@example("Oui. — … ! « ! Non. —")
def test_lines_hold_every_letter_and_sign_of_the_paragraph(paragraph: str) -> None:
    found = list(cut_sentences(paragraph))
    if any(map(str.isalnum, paragraph)):
        assert "".join("".join(found).split()) == "".join(paragraph.split())
    assert all(any(map(str.isalnum, line)) for line in found)


SAID = (
    Cue(1.0, 3.0, "Les travaux continuent."),
    Cue(3.0, 5.0, "Des cassettes,"),
    Cue(5.0, 7.5, "et encore\ndes cassettes."),
    Cue(9.5, 12.0, "Une suite", "Noé"),
    Cue(12.0, 13.0, "Non !", "Zoé"),
    Cue(30.0, 31.0, "La fin"),
)


def quoted(cues: Sequence[Cue], *stretch: float) -> Quote:
    found = quote(cues, *stretch)
    assert found
    return found


@for_each(
    ("second", "start", "words"),
    [
        (1.0, 1.0, "Les travaux continuent."),
        (2.9, 1.0, "Les travaux continuent."),
        (3.0, 3.0, "Des cassettes, et encore des cassettes."),
        (6.0, 3.0, "Des cassettes, et encore des cassettes."),
        (8.0, 3.0, "Des cassettes, et encore des cassettes."),
        (10.0, 9.5, "Une suite"),
        (12.0, 12.0, "Non !"),
        (0.0, 1.0, "Les travaux continuent."),
    ],
)
def test_a_second_quotes_its_whole_sentence(second: float, start: float, words: str) -> None:
    found = quoted(SAID, second)
    assert (found.start, found.words) == (start, words)
    assert quote(SAID, found.start) == found


def test_music_far_from_any_word_quotes_none() -> None:
    assert quote(SAID, 22.0) is None
    assert quote((), 22.0) is None


def test_a_stretch_stays_exact_and_shows_where_it_cuts_a_sentence() -> None:
    found = quoted(SAID, 5.0, 7.5)
    assert (found.start, found.end, found.words) == (5.0, 7.5, f"{CUT} et encore des cassettes.")
    assert quoted(SAID, 1.0, 5.0).words == f"Les travaux continuent. Des cassettes, {CUT}"


def test_two_voices_at_once_are_quoted_together() -> None:
    both = (Cue(0.0, 4.0, "Oui.", "Noé"), Cue(0.0, 4.0, "Jamais.", "Zoé"), Cue(4.0, 5.0, "Bon."))
    assert quoted(both, 0.0).words == "Oui. Jamais."


def test_a_text_without_full_stops_is_not_quoted_whole() -> None:
    endless = [Cue(n, n + 1, f"mot{n} " * 10) for n in range(1_000)]
    words = quoted(endless, 500.0).words
    assert "mot500" in words and words.startswith(CUT) and words.endswith(CUT)
    assert len(words) < 3 * PIECE
