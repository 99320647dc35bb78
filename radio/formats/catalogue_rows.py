"""The catalogue for other programs: what there is to hear, one row for each episode."""

import dataclasses
import json
from collections.abc import Iterable, Iterator
from typing import Any

from radio.archive.episode import Episode, Person, Show
from radio.formats import addresses
from radio.formats.tables import render_csv

BETWEEN = "; "  # the people or tags in one cell
TEXTS = ("vtt", "srt", "txt")
COLUMNS = (
    *("key", "show", "show_title", "station", "title", "date", "date_sure", "date_precision"),
    *("language", "people", "producers", "tags", "description", "license", "page", "audio", "mime"),
    *("duration", "size", "sha256", "transcript", *TEXTS),
)
Row = dict[str, Any]  # an episode by COLUMNS: whole addresses, its duration in seconds


def describe(show: Show, episode: Episode, status: str, base_url: str) -> Row:
    """Describe an episode; `status` is that of its transcript, empty if there is none. No address
    of its audio is given if its rights let nobody listen."""
    row: Row = {
        "key": episode.key,
        "show": show.slug,
        "show_title": show.title,
        "station": show.station,
        "title": episode.title,
        "date": episode.date.isoformat(),
        "date_sure": episode.date_sure,
        "date_precision": episode.date_precision,
        "language": show.language_of(episode),
        "people": episode.people,
        "producers": show.producers_of(episode),
        "tags": episode.tags,
        "description": episode.description,
        "license": show.license,
        "page": addresses.episode_page(base_url, episode.key),
        "audio": addresses.listening(base_url, episode),
        "mime": episode.audio.mime,
        "duration": episode.audio.duration,
        "size": episode.audio.size,
        "sha256": episode.audio.sha256,
        "transcript": status,
    }
    for form in TEXTS:
        row[form] = addresses.transcript(base_url, episode.key, form) if status else ""
    return row


def render_table(rows: Iterable[Row]) -> Iterator[str]:
    """Write rows as CSV, below the names of their columns."""
    yield from render_csv([COLUMNS])
    yield from render_csv([_cell(row[name]) for name in COLUMNS] for row in rows)


def render_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Write rows as JSON Lines (https://jsonlines.org)."""
    for row in rows:
        yield json.dumps(row, ensure_ascii=False, default=dataclasses.asdict) + "\n"


def _cell(value: object) -> str:
    """Write a value in one cell; people with their roles.

    >>> _cell((Person("Camille", "présentation"), Person("Noé")))
    'Camille (présentation); Noé'
    """
    if isinstance(value, tuple):
        return BETWEEN.join(map(_cell, value))
    if isinstance(value, Person):
        return value.with_role
    return str(value).lower() if isinstance(value, bool) else str(value)
