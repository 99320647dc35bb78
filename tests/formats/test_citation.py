"""BibTeX that LaTeX takes, whatever people wrote: read back sign by sign."""

import datetime as dt
import re

from hypothesis import given
from hypothesis import strategies as st

from radio.archive.episode import Audio, Episode, Person, Show
from radio.formats.citation import Citation
from tests.tables import for_each

ESCAPES = {
    **{rf"\{sign}": sign for sign in "&%#_$"},
    r"\textbackslash{}": "\\",
    r"\textbraceleft{}": "{",
    r"\textbraceright{}": "}",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
}
ESCAPE = re.compile("|".join(map(re.escape, ESCAPES)))
HOSTILE = r"100 % R&D_#1 {a} }{ ~x^2 $y$ \input{/etc/passwd} \ @book{x, title={y}}"


def cite(title: str, *names: str, words: str = "", station: str = "") -> str:
    audio = Audio("x.mp3", "0" * 64, 1, "audio/mpeg", 60.0)
    people = tuple(map(Person, names))
    day = dt.date(2024, 1, 16)
    episode = Episode("emission", "2024-01-16-x", title, day, audio, "guid", people=people)
    show = Show("emission", title, station=station)
    address = "https://radio.example/shows/emission/2024-01-16-x?t=1,5"
    return Citation(show, episode, address, 1.0, words).bibtex


def fields(entry: str) -> dict[str, str]:
    """Read an entry as BibTeX does: a field ends where its braces are even, escaped or not."""
    head, _, rest = entry.partition(",\n")
    assert re.fullmatch(r"@audio\{[a-z0-9-]+", head)
    found: dict[str, str] = {}
    while match := re.match(r"  ([a-z]+) = \{", rest):
        depth, place = 1, match.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(rest[place], 0)
            place += 1
        found[match[1]] = rest[match.end() : place - 1]
        assert rest[place : place + 2] == ",\n"
        rest = rest[place + 2 :]
    assert rest == "}\n", "nothing after the last field, so no entry of somebody else’s making"
    return found


def read(value: str) -> str:
    """What LaTeX prints of a value; no sign of its own is left bare."""
    bare = ESCAPE.sub("", value)
    assert not set(bare) & set("&%#_$~^\\{}"), bare
    return ESCAPE.sub(lambda match: ESCAPES[match[0]], value)


def plain(text: str) -> str:
    return " ".join(text.split())


@given(st.text(), st.text(alphabet=HOSTILE), st.text())
def test_a_title_is_printed_as_it_was_written(title: str, words: str, station: str) -> None:
    found = fields(cite(title, words=words, station=station))
    assert read(found.get("title", "")) == plain(title)
    assert read(found.get("abstract", "")) == plain(words)
    assert read(found.get("organization", "")) == plain(station)


def test_a_hostile_title_makes_no_entry_and_reads_no_file() -> None:
    found = fields(cite(HOSTILE, HOSTILE, words=HOSTILE))
    assert read(found["title"]) == read(found["abstract"]) == HOSTILE
    assert found["title"].startswith(r"100 \% R\&D\_\#1 \textbraceleft{}a\textbraceright{}")
    assert found["url"] == "https://radio.example/shows/emission/2024-01-16-x?t=1,5"


@for_each("name", ["Radio and Co", "Durand, Camille", "AND", "a, b, c, d"])
def test_one_name_is_not_taken_for_several(name: str) -> None:
    author = fields(cite("Titre", name, "Noé"))["author"]
    assert author == f"{{{name}}} and Noé"
