"""What the measures compare: the same words heard count as the same, however they are written."""

from bench.shows import plain
from tests.tables import for_each

ALIKE = [
    ("dix-neuf heures trente", "19 h 30"),
    ("dix-neuf heures trente", "19h30"),
    ("Quatorze heures", "14 h"),
    ("deux caméras", "2 caméras"),
    ("deux mille dix-neuf", "2019"),
    ("douze mille euros", "12 000 €"),
    ("deux mille trois cents euros", "2.300 euros"),
    ("six millions d'euros", "6 millions d’euros"),
    ("quarante et une", "41"),
    ("trois pour cent", "3 %"),
    ("trois virgule cinq", "3,5"),
    ("Article premier", "article 1er"),
    ("la CNIL", "la C.N.I.L."),
    ("numéro quarante-deux", "n° 42"),
    ("Œuvre", "oeuvre"),
]
APART = [
    ("un micro", "deux micros"),
    ("19 h 30", "19 h 13"),
    ("2019", "2 019 300"),
    ("premier", "un"),
    ("a b", "ab"),
]


@for_each(("one", "other"), ALIKE)
def test_ways_to_write_one_thing_are_no_error(one: str, other: str) -> None:
    assert plain(one) == plain(other)


@for_each(("one", "other"), APART)
def test_what_is_heard_otherwise_stays_an_error(one: str, other: str) -> None:
    assert plain(one) != plain(other)
