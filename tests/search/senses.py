"""Queries that say in other words what is said in the sample shows, and queries about nothing."""

from typing import NamedTuple

from bench.shows import MADE, shows
from radio.archive import Archive
from radio.archive.episode import Show
from radio.text.transcript import Cue
from tests.search.episodes import put
from tests.search.lists import lines, rows


class Wanted(NamedTuple):
    """A query, and parts of the sentences that answer it: one of them is enough."""

    query: str
    sentences: tuple[str, ...]


NEAR = [Wanted(query, tuple(sentences)) for query, *sentences in rows("senses", "near")]
FAR = lines("senses", "far")


def write_shows(archive: Archive) -> None:
    """Write the seven sample shows as episodes, each with its exact text."""
    archive.create()
    archive.write_show(Show("quartier", "Les émissions d’exemple"))
    for number, show in enumerate(shows(*MADE), 1):
        cues = (Cue(each["start"], each["end"], each["text"]) for each in show.speech)
        slug = f"2024-01-{number:02}-exemple"
        put(archive, slug, *cues, show="quartier", title=show.name, seconds=60.0)
