"""Sentences of a text: each a line of its own, and not a sign of it is lost."""

from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from radio.text.sentences import cut_sentences
from radio.transcribe.documents import read
from tests.tables import for_each


def lines(tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "texte.txt").write_text(text, encoding="utf-8")
    return [line.text for line in read(tmp_path / "texte.txt")]


@for_each(
    ("text", "said"),
    [
        ("Il a dit « Oui. » Puis il part.", ["Il a dit « Oui. »", "Puis il part."]),
        ("Il a dit «\u202fOui.\u202f» Puis il part.", ["Il a dit « Oui. »", "Puis il part."]),
        ("« Oui.» « Non… » Bon.", ["« Oui.»", "« Non… »", "Bon."]),
        ('"Non !" Alors il part.', ['"Non !"', "Alors il part."]),
        ('“Non !” Alors "Si." "Bon."', ["“Non !”", 'Alors "Si."', '"Bon."']),
        ('Fini. "Oui", dit-elle.', ["Fini.", '"Oui", dit-elle.']),
    ],
)
def test_a_closing_quotation_mark_is_not_lost(tmp_path: Path, text: str, said: list[str]) -> None:
    assert lines(tmp_path, text) == said


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
def test_monsieur_and_initials_are_not_cut_from_what_is_said(tmp_path: Path, text: str) -> None:
    assert lines(tmp_path, text) == [text]


def test_signs_between_sentences_are_not_lost(tmp_path: Path) -> None:
    assert "".join(lines(tmp_path, "Oui. — … ! « ! Non. —")) == "Oui. — … ! « !Non. —"


@given(st.text(alphabet="aéB7M. !?…«»”\"'’—(),;:-\u202f\n_"))
@example("« ! A. » » B")
def test_lines_hold_every_letter_and_sign_of_the_paragraph(paragraph: str) -> None:
    found = list(cut_sentences(paragraph))
    if any(map(str.isalnum, paragraph)):
        assert "".join("".join(found).split()) == "".join(paragraph.split())
    assert all(any(map(str.isalnum, line)) for line in found)
