"""What episodes play, as a table: what a rights society asks a radio to tell."""

from collections.abc import Iterable, Iterator

from radio.episode import Episode, Show
from radio.formats.csv_writer import render_csv
from radio.transcript import clock
from radio.tunes import read_tune

COLUMNS = ("title", "artist", "label", "length", "date", "show", "start")


def rows_of(episodes: Iterable[tuple[Show, Episode]]) -> Iterator[tuple[str, ...]]:
    """Give a row for each piece of music, in the order of the columns."""
    for show, episode in episodes:
        for tune in map(read_tune, episode.playlist):
            times = ("" if each is None else clock(each) for each in (tune.length, tune.start))
            length, start = times
            day = episode.known_date
            yield tune.title, tune.artist, tune.label, length, day, show.title, start


def render_tunes(episodes: Iterable[tuple[Show, Episode]]) -> Iterator[str]:
    """Write the table as CSV, below the names of its columns."""
    yield from render_csv([COLUMNS, *rows_of(episodes)])
