"""Where a name to replace stands, what would stand there, and how it is misheard."""

import contextlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from radio.actions.pseudonymising import Replacement, rewritings_in, scope_of
from radio.archive import Archive, gone, paths, themes, threads
from radio.archive.history import Rewriting
from radio.archive.pseudonyms import Pseudonym, substitute
from radio.archive.slugs import slugify
from radio.french.sounds import find_soundalikes
from radio.system.errors import RadioError
from radio.system.progress import Progress, silent, with_progress
from radio.text.sentences import find_sentences, sentence_of
from radio.text.transcript import Transcript, read_vtt

MOST_FORMS = 30
BESIDE = (themes.FILE, threads.FILE)  # of no episode or show
AROUND = 30  # letters on both sides of a form that are shown

Pair = tuple[str, str]  # what stands somewhere, and what would stand there


@dataclass(frozen=True)
class NamedPlace:
    """An episode in which a name stands, or the texts of a show, themes or threads."""

    key: str  # of the episode, or the slug of the show; "" of themes and threads
    title: str
    fields: tuple[Pair, ...] = ()  # title, description, people, chapters
    sentences: tuple[tuple[float, str, str], ...] = ()  # each with its second
    files: int = 0  # more of them: versions, what the machine heard, what was received

    @property
    def count(self) -> int:
        """The number of places; each other file counts as one."""
        return len(self.fields) + len(self.sentences) + self.files


@dataclass(frozen=True)
class NameLeft:
    """Where a name may still stand: in the address of an episode, or in a file of it."""

    key: str
    path: str = ""  # beneath the root; none is the address


@dataclass(frozen=True)
class MisheardForm:
    """Words in a text that sound like a name, with an example."""

    words: str
    count: int
    example: str
    key: str  # of the episode of the example


@dataclass(frozen=True)
class NameFound:
    """Where a name to replace stands, and what is left to decide."""

    places: tuple[NamedPlace, ...]
    forms: tuple[MisheardForm, ...]
    left: tuple[NameLeft, ...]  # where it stands still, once it is replaced


def look_for(
    archive: Archive, keys: Sequence[str], asked: Replacement, progress: Progress = silent
) -> NameFound:
    """Look for a name, and for what sounds like it; nothing is changed."""
    places = places_of(archive, keys, asked, lambda share: progress(share / 2))
    forms = misheard_forms(archive, keys, asked.name, lambda share: progress((1 + share) / 2))
    named = [each.key for each in places if "/" in each.key]
    return NameFound(tuple(places), tuple(forms), tuple(still_named(archive, named, asked.names)))


def places_of(
    archive: Archive, keys: Sequence[str], asked: Replacement, progress: Progress = silent
) -> list[NamedPlace]:
    """Find a name in some episodes and shows, or without a key everywhere."""
    made, found = asked.made, rewritings_in(archive, scope_of(archive, keys), asked, progress)
    every = (("" if name in BESIDE else name, some) for name, some in found.items())
    return [_place(archive, *each, made) for each in every if each[0] != gone.FILE]


def still_named(archive: Archive, keys: Iterable[str], names: Iterable[str]) -> Iterator[NameLeft]:
    """Find a name where it can't be replaced: in addresses, and in files that stay whole."""
    slugs = [slugify(each) for each in names]
    for key in keys:
        if any(each in key for each in slugs):
            yield NameLeft(key)
        show, _slash, stem = key.partition("/")
        for path in sorted((archive.transcripts / show).glob(f"{stem}.source*.*")):
            if path.suffix not in (".vtt", ".srt", ".txt"):
                yield NameLeft(key, path.relative_to(archive.root).as_posix())


def misheard_forms(
    archive: Archive, keys: Sequence[str], name: str, progress: Progress = silent
) -> list[MisheardForm]:
    """Find words that sound like a name in texts of episodes, the most frequent first."""
    found = dict[str, MisheardForm]()
    for episode in with_progress(scope_of(archive, keys).episodes, progress):
        try:
            text = archive.transcript(episode.key)
        except RadioError:
            continue
        said = sentence_of(text.cues) if text else ""
        for start, end in find_soundalikes(said, name):
            form = slugify(words := said[start:end])
            first = MisheardForm(words, 0, _around(said, start, end), episode.key)
            known = found.get(form, first)
            found[form] = replace(known, count=known.count + 1)
    return sorted(found.values(), key=lambda each: (-each.count, each.words))[:MOST_FORMS]


def _place(
    archive: Archive, key: str, written: Sequence[Rewriting], made: Sequence[Pseudonym]
) -> NamedPlace:
    fields, sentences, files = list[Pair](), list[tuple[float, str, str]](), 0
    for each in sorted(written, key=lambda each: each.path):
        if not each.path.startswith("transcripts/"):
            try:
                before, after = (json.loads(text or "") for text in (each.before, each.after))
            except ValueError:
                before, after = each.before, each.after
            fields += _changed(before, after, made)
            continue
        text = None
        if each.path == paths.transcript(key):
            with contextlib.suppress(RadioError):
                text = read_vtt((each.before or "").encode(), each.path)
        if text is None:
            files += 1
            continue
        sentences += _sentences(text, made)
        for name in dict.fromkeys(cue.voice for cue in text.cues if cue.voice):
            fields += _changed(name, substitute(name, made), made)
    title = ""
    if key:
        title = archive.episode(key).title if "/" in key else archive.show(key).title
    return NamedPlace(key, title, tuple(dict.fromkeys(fields)), tuple(sentences), files)


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


def _changed(before: Any, after: Any, made: Sequence[Pseudonym]) -> Iterator[Pair]:
    """Give the lines of a JSON value in which a name stands, before and after."""
    if before == after:
        return
    if isinstance(before, str):
        for line in filter(None, map(str.strip, before.splitlines())):
            if (hidden := substitute(line, made)) != line:
                yield line, hidden
    elif isinstance(before, dict):
        for name in (each for each in before if each in after):
            yield from _changed(before[name], after[name], made)
    elif isinstance(before, list):
        for one, other in zip(before, after, strict=False):  # the day of it is new in the sidecar
            yield from _changed(one, other, made)


def _around(said: str, start: int, end: int) -> str:
    first, last = max(0, start - AROUND), min(len(said), end + AROUND)
    first = said.find(" ", first, start) + 1 if first else 0
    last = said.rfind(" ", end, last) if last < len(said) else last
    return said[first : max(last, end)].strip()
