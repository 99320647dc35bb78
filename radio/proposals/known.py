"""Names that the machine knows though nobody typed them for it: which are in its prompt, where they
stand in the place of what it misheard, and how one is taken away. Only the refusal is saved."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from radio.archive import Archive, themes
from radio.archive.acts import require_own
from radio.archive.authorship import status_of
from radio.search import Index
from radio.system.errors import RadioError
from radio.system.progress import Progress, silent, with_progress
from radio.text.transcript import Evidence
from radio.transcribe.corrections import apply_again
from radio.transcribe.names import known_names, untyped
from radio.transcribe.prompt import UNTYPED

RECENT = 10  # episodes and machine's texts, the newest, of which names are listed


@dataclass(frozen=True)
class ReplacedWords:
    """Words in whose place a known name was written."""

    key: str  # of the episode
    second: float
    heard: str
    written: str
    name: str  # the whole of it


def in_prompt(archive: Archive, slug: str) -> list[str]:
    """List the names that nobody typed and that are in the prompts of the newest episodes."""
    newest = archive.episodes(slug)[:RECENT]
    every = (each for episode in newest for each in untyped(archive, episode)[:UNTYPED])
    return list(dict.fromkeys(every))


def replaced(archive: Archive, slug: str) -> Iterator[ReplacedWords]:
    """List the words that gave way to a name in the newest texts of a machine."""
    for key in islice(_own_texts(archive, slug), RECENT):
        with contextlib.suppress(RadioError):  # of an evidence that can't be read
            evidence = archive.evidence(key)
            if evidence and evidence.names:
                yield from _replaced(key, evidence, known_names(archive, archive.episode(key)))


def _replaced(key: str, evidence: Evidence, known: Sequence[str]) -> Iterator[ReplacedWords]:
    words = [word for segment in evidence.segments for word in segment.words]
    wholes = {part: name for name in reversed(known) for part in (name, *name.split())}
    for name in evidence.names:
        heard = " ".join(word.text for word in words if name.start <= word.start < name.end)
        whole = wholes.get(name.text, name.text)  # which may be known no more
        yield ReplacedWords(key, name.start, heard, name.text, whole)


def refuse(archive: Archive, names: Iterable[str]) -> None:
    """Note that some names are not in the prompt, written or proposed any more."""
    with archive.lock():
        require_own(archive)
        themes.refuse(archive.root, names)


def write_without(
    archive: Archive, index: Index, slug: str, progress: Progress = silent
) -> list[str]:
    """Write the machine's texts of a show again after a refusal; name those that changed."""
    changed = list[str]()
    for key in with_progress(list(_own_texts(archive, slug)), progress):
        with contextlib.suppress(RadioError):  # a person changed it
            if apply_again(archive, key):
                changed.append(key)
    if changed:
        index.refresh()
    return changed


def _own_texts(archive: Archive, slug: str) -> Iterator[str]:
    keys = (each.key for each in archive.episodes(slug))
    return (key for key in keys if status_of(archive, key) == "machine")
