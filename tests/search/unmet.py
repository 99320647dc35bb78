"""A small archive, and queries that nothing in it meets whole."""

from radio.archive import Archive
from radio.archive.episode import Person, Show
from tests.search.episodes import SHOW, put
from tests.search.lists import rows

CAMERAS, LOGEMENT, FANFARE = "2024-03-05-cameras", "2023-11-14-loger", "2022-06-21-fanfare"
PARCOURSUP, POLICE, URGENCES = "2021-02-02-parcoursup", "2019-09-10-police", "2025-01-15-urgences"


def asked() -> list[tuple[str, str, set[str]]]:
    """Give queries, with how the key of the first episode ends and the words that are left out."""
    return [
        (query, "" if first == "-" else first, {word for each in some for word in each.split(", ")})
        for query, first, *some in rows("unmet", "asked")
    ]


def write_corpus(archive: Archive) -> None:
    archive.create()
    archive.write_show(Show(SHOW, "La Machine à découdre"))
    for slug, title, person, tag, *said in rows("unmet", "episodes"):
        put(archive, slug, *said, title=title, people=(Person(person),), tags=(tag,))
