"""What episodes play, as a table: what a rights society asks a radio to tell."""

from collections.abc import Iterable, Iterator

from radio.archive.episode import Episode, Show
from radio.archive.tunes import read_tune
from radio.formats.tables import in_hours, render_table

COLUMNS = ("title", "artist", "label", "length", "date", "show", "start")
FIGURES = ("length", "date", "start")


def render_tunes(episodes: Iterable[tuple[Show, Episode]]) -> bytes:
    """Write a line for each piece of music, to open with a double click."""
    return render_table(COLUMNS, _rows(episodes), FIGURES)


def _rows(episodes: Iterable[tuple[Show, Episode]]) -> Iterator[tuple[str, ...]]:
    for show, episode in episodes:
        for tune in map(read_tune, episode.playlist):
            times = tune.length, tune.start
            length, start = ("" if each is None else in_hours(each) for each in times)
            day = episode.known_date
            yield tune.title, tune.artist, tune.label, length, day, show.title, start
