"""Where a name stands that is to be replaced: counted, and shown with what would stand there."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from radio.actions.pseudonym_shared import KEPT
from radio.actions.pseudonymising import (
    Replacement,
    rewritings_of,
    scope_of,
)
from radio.archive import Archive, themes
from radio.archive.episode import Episode, render_episode, render_show
from radio.archive.history import text_of
from radio.archive.pseudonyms import Pseudonym, substitute
from radio.archive.slugs import slugify
from radio.system.disk import is_file
from radio.system.errors import RadioError
from radio.system.progress import Progress, told
from radio.text.sentences import find_sentences
from radio.text.transcript import Transcript

Pair = tuple[str, str]
"""What stands somewhere, and what would stand there."""


@dataclass(frozen=True)
class NamedPlace:
    """An episode in which a name stands, or what is written of a show, or of themes."""

    key: str  # of the episode, or the slug of the show; "" of the themes
    title: str
    fields: tuple[Pair, ...] = ()  # title, description, people, chapters
    sentences: tuple[tuple[float, str, str], ...] = ()  # each with its second
    files: int = 0  # more of them: versions, what the machine heard, what was received

    @property
    def count(self) -> int:
        """In how many places it stands, each file more taken for one."""
        return len(self.fields) + len(self.sentences) + self.files


@dataclass(frozen=True)
class NameLeft:
    """Where a name may still stand: in the address of an episode, or in a file of it."""

    key: str
    path: str = ""  # beneath the root; none is the address


def places_of(
    archive: Archive,
    keys: Sequence[str],
    asked: Replacement,
    progress: Progress = lambda _: None,
) -> list[NamedPlace]:
    """Tell where a name stands in some episodes and shows, or without a key everywhere.

    Errors as of `replace_name`; nothing is done.
    """
    scope, made = scope_of(archive, keys), asked.made
    found = (_episode(archive, each, asked, made) for each in told(scope.episodes, progress))
    places = list(filter(None, found))
    for slug in scope.shows:
        show = archive.show(slug)
        if fields := tuple(_changed(json.loads(render_show(show)), made)):
            places.append(NamedPlace(slug, show.title, fields))
    if scope.is_all and is_file(archive.root / themes.FILE):
        known = json.loads(text_of(archive.root / themes.FILE) or "{}")
        if fields := tuple(_changed(known, made)):
            places.append(NamedPlace("", "", fields))
    return places


def still_named(archive: Archive, keys: Iterable[str], names: Iterable[str]) -> Iterator[NameLeft]:
    """Tell where a name still stands that no text holds: in addresses, and in files kept whole."""
    slugs = [slugify(each) for each in names]
    for key in keys:
        if any(each in key for each in slugs):
            yield NameLeft(key)
        show, _slash, stem = key.partition("/")
        for path in sorted((archive.transcripts / show).glob(f"{stem}.source*.*")):
            if path.suffix not in (".vtt", ".srt", ".txt"):
                yield NameLeft(key, path.relative_to(archive.root).as_posix())


def _episode(
    archive: Archive, episode: Episode, asked: Replacement, made: Sequence[Pseudonym]
) -> NamedPlace | None:
    changed = rewritings_of(archive, episode, asked, made)
    if not changed:
        return None
    vtt = archive.vtt_path(episode.key).relative_to(archive.root).as_posix()
    files = len([each for each in changed[:-1] if each.path != vtt])  # the last one is the sidecar
    fields = [*_changed(json.loads(render_episode(episode)), made)]
    sentences = list[tuple[float, str, str]]()
    if len(changed) - 1 > files:
        try:
            text = archive.transcript(episode.key)
        except RadioError:
            text, files = None, files + 1
        if text:
            sentences = list(_sentences(text, made))
            names = dict.fromkeys(cue.voice for cue in text.cues if cue.voice)
            fields += [pair for name in names for pair in _changed(name, made)]
    found = tuple(dict.fromkeys(fields))
    return NamedPlace(episode.key, episode.title, found, tuple(sentences), files)


def _sentences(text: Transcript, made: Sequence[Pseudonym]) -> Iterator[tuple[float, str, str]]:
    starts, whole = list[tuple[int, float]](), ""
    for cue in text.cues:
        starts.append((len(whole), cue.start))
        whole += " ".join(cue.text.split()) + " "
    for begin, end in find_sentences(whole):
        said = whole[begin:end].strip()
        if (hidden := substitute(said, made)) != said:
            second = max(second for at, second in starts if at <= begin)
            yield second, said, hidden


def _changed(value: Any, made: Sequence[Pseudonym]) -> Iterator[Pair]:
    """Give the texts of a JSON value in which a name stands, line by line."""
    if isinstance(value, str):
        for line in filter(None, map(str.strip, value.splitlines())):
            if (hidden := substitute(line, made)) != line:
                yield line, hidden
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield from () if name in KEPT else _changed(each, made)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _changed(each, made)
