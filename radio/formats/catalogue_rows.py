"""The catalogue for other programs: what there is to hear, one row for each episode."""

import dataclasses
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from radio.archive.episode import Episode, Person, Show
from radio.formats import addresses
from radio.formats.tables import render_csv

BETWEEN = "; "  # the people or tags in one cell


@dataclass(frozen=True)
class Row:
    """An episode; every address is whole."""

    key: str
    show: str
    show_title: str
    station: str
    title: str
    date: str  # ISO
    date_sure: bool  # whether somebody told it
    date_precision: str  # day, month, year
    language: str
    people: tuple[Person, ...]
    producers: tuple[str, ...]  # the collectives that made it
    tags: tuple[str, ...]
    description: str
    license: str
    page: str
    audio: str  # nothing where its rights let nobody listen
    mime: str
    duration: float  # seconds
    size: int  # bytes
    sha256: str
    transcript: str  # its status: machine, changed, reread, unknown; nothing while there is none
    vtt: str
    srt: str
    txt: str


def describe(show: Show, episode: Episode, status: str, base_url: str) -> Row:
    """Describe an episode; `status` is that of its transcript, nothing while there is none."""
    vtt, srt, txt = (
        addresses.transcript(base_url, episode.key, form) if status else ""
        for form in ("vtt", "srt", "txt")
    )
    return Row(
        key=episode.key,
        show=show.slug,
        show_title=show.title,
        station=show.station,
        title=episode.title,
        date=episode.date.isoformat(),
        date_sure=episode.date_sure,
        date_precision=episode.date_precision,
        language=show.language_of(episode),
        people=episode.people,
        producers=show.producers_of(episode),
        tags=episode.tags,
        description=episode.description,
        license=show.license,
        page=addresses.episode_page(base_url, episode.key),
        audio=addresses.listening(base_url, episode),
        mime=episode.audio.mime,
        duration=episode.audio.duration,
        size=episode.audio.size,
        sha256=episode.audio.sha256,
        transcript=status,
        vtt=vtt,
        srt=srt,
        txt=txt,
    )


def render_table(rows: Iterable[Row]) -> Iterator[str]:
    """Write rows as CSV, below the names of their columns."""
    names = [field.name for field in dataclasses.fields(Row)]
    yield from render_csv([names])
    yield from render_csv([_cell(getattr(row, name)) for name in names] for row in rows)


def render_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Write rows as JSON Lines (https://jsonlines.org)."""
    for row in rows:
        yield json.dumps(dataclasses.asdict(row), ensure_ascii=False) + "\n"


def _cell(value: object) -> str:
    """Write a value in one cell; people with their roles.

    >>> _cell((Person("Camille", "présentation"), Person("Noé")))
    'Camille (présentation); Noé'
    """
    if isinstance(value, tuple):
        return BETWEEN.join(map(_cell, value))
    if isinstance(value, Person):
        return f"{value.name} ({value.role})" if value.role else value.name
    return str(value).lower() if isinstance(value, bool) else str(value)
