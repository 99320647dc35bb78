"""The words that are quoted: a whole sentence, or just what somebody chose."""

from radio.text.sentences import CUT, PIECE, quote
from radio.text.transcript import Cue
from tests.tables import for_each

SAID = (
    Cue(1.0, 3.0, "Les travaux continuent."),
    Cue(3.0, 5.0, "Des cassettes,"),
    Cue(5.0, 7.5, "et encore\ndes cassettes."),
    Cue(9.5, 12.0, "Une suite", "Noé"),
    Cue(12.0, 13.0, "Non !", "Zoé"),
    Cue(30.0, 31.0, "La fin"),
)


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
    found = quote(SAID, second)
    assert found
    assert (found.start, found.words) == (start, words)
    assert quote(SAID, found.start) == found


def test_music_far_from_any_word_quotes_none() -> None:
    assert quote(SAID, 22.0) is None
    assert quote((), 22.0) is None


def test_a_stretch_stays_exact_and_shows_where_it_cuts_a_sentence() -> None:
    found = quote(SAID, 5.0, 7.5)
    assert found
    assert (found.start, found.end, found.words) == (5.0, 7.5, f"{CUT} et encore des cassettes.")
    begun = quote(SAID, 1.0, 5.0)
    assert begun
    assert begun.words == f"Les travaux continuent. Des cassettes, {CUT}"


def test_two_voices_at_once_are_quoted_together() -> None:
    both = (Cue(0.0, 4.0, "Oui.", "Noé"), Cue(0.0, 4.0, "Jamais.", "Zoé"), Cue(4.0, 5.0, "Bon."))
    found = quote(both, 0.0)
    assert found
    assert found.words == "Oui. Jamais."


def test_a_text_without_full_stops_is_not_quoted_whole() -> None:
    endless = [Cue(n, n + 1, f"mot{n} " * 10) for n in range(1_000)]
    found = quote(endless, 500.0)
    assert found
    assert "mot500" in found.words
    assert found.words.startswith(CUT)
    assert found.words.endswith(CUT)
    assert len(found.words) < 3 * PIECE
