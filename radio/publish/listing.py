"""The catalogue for other programs: what there is to hear, one row for each episode."""

import dataclasses
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from radio.archive import Archive
from radio.disk import Stamp, open_file, read_bytes, read_end, stamp
from radio.episode import Episode, Person, Show
from radio.errors import RadioError
from radio.publish.table import render_csv
from radio.standing import END, is_named, standing
from radio.transcript import read_vtt

HEAD = 4096  # bytes of a transcript that hold its first NOTE
END_OF_HEAD = b"\n\n00:00:00.000 --> 00:00:00.000\n.\n"  # a cue: notes are read where one follows
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
    language: str
    people: tuple[Person, ...]
    tags: tuple[str, ...]
    description: str
    license: str
    page: str
    audio: str
    mime: str
    duration: float  # seconds
    size: int  # bytes
    sha256: str
    transcript: str  # its status: machine, changed, reread, unknown; nothing while there is none
    vtt: str
    srt: str
    txt: str


def list_rows(archive: Archive, shows: Iterable[Show], base_url: str) -> Iterator[Row]:
    """Describe what listeners may hear today, show by show, the newest first."""
    for show in shows:
        yield from describe(archive, archive.public_episodes(show.slug), [show], base_url)


def describe(
    archive: Archive, episodes: Iterable[Episode], shows: Iterable[Show], base_url: str
) -> Iterator[Row]:
    """Describe some episodes of some shows, in their order."""
    known = {show.slug: show for show in shows}
    transcribed: dict[str, frozenset[str]] = {}
    for episode in episodes:
        if episode.show not in transcribed:
            transcribed[episode.show] = archive.transcribed(episode.show)
        is_there = episode.slug in transcribed[episode.show]
        status = status_of(archive, episode.key) if is_there else ""
        yield _row(known[episode.show], episode, status, base_url)


def render_table(rows: Iterable[Row]) -> Iterator[str]:
    """Write rows as CSV, below the names of their columns."""
    names = [field.name for field in dataclasses.fields(Row)]
    yield from render_csv([names])
    yield from render_csv([_cell(getattr(row, name)) for name in names] for row in rows)


def render_lines(rows: Iterable[Row]) -> Iterator[str]:
    """Write rows as JSON Lines (https://jsonlines.org)."""
    for row in rows:
        yield json.dumps(dataclasses.asdict(row), ensure_ascii=False) + "\n"


def _row(show: Show, episode: Episode, status: str, base_url: str) -> Row:
    text = f"{base_url}/transcripts/{episode.key}" if status else ""
    vtt, srt, txt = (f"{text}.{form}" if text else "" for form in ("vtt", "srt", "txt"))
    return Row(
        key=episode.key,
        show=show.slug,
        show_title=show.title,
        station=show.station,
        title=episode.title,
        date=episode.date.isoformat(),
        language=episode.language or show.language,
        people=episode.people,
        tags=episode.tags,
        description=episode.description,
        license=show.license,
        page=f"{base_url}/shows/{episode.key}",
        audio=f"{base_url}/media/{episode.show}/{episode.audio.file}",
        mime=episode.audio.mime,
        duration=episode.audio.duration,
        size=episode.audio.size,
        sha256=episode.audio.sha256,
        transcript=status,
        vtt=vtt,
        srt=srt,
        txt=txt,
    )


def status_of(archive: Archive, key: str) -> str:
    """Tell who answers for a transcript (`radio.standing`), once for each state of its files."""
    return _status(archive, key, stamp(archive.vtt_path(key)), stamp(archive.evidence_path(key)))


@lru_cache(maxsize=20_000)
def _status(archive: Archive, key: str, _said: Stamp, _written: Stamp) -> str:
    """Look no further than needed: what nobody touched, or somebody reread, is read at its ends."""
    path = archive.vtt_path(key)
    try:
        noted = _noted(path)
        end = b"" if noted == "reread" else read_end(archive.evidence_path(key), END)
        if not end:
            return noted
        if is_named(read_bytes(path), end):
            return "machine"
        said = archive.transcript(key)
        return standing(said, archive.evidence(key)) if said else "unknown"
    except RadioError:
        return "unknown"


def _noted(path: Path) -> str:
    """Give the status that the NOTE in the first lines names."""
    try:
        with open_file(path) as file:
            head, _, _ = file.read(HEAD).replace(b"\r\n", b"\n").partition(b"-->")
        note = read_vtt(head.rpartition(b"\n\n")[0] + END_OF_HEAD, path).note
    except (OSError, RadioError):
        return "unknown"
    return note.get("status", "unknown")


def _cell(value: object) -> str:
    """Write a value in one cell; people with their roles.

    >>> _cell((Person("Camille", "présentation"), Person("Noé")))
    'Camille (présentation); Noé'
    """
    if isinstance(value, tuple):
        return BETWEEN.join(map(_cell, value))
    if isinstance(value, Person):
        return f"{value.name} ({value.role})" if value.role else value.name
    return str(value)
