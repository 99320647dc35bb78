"""Replace names in the texts of an episode: of record, versions, translations, evidence."""

import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from radio.archive import Archive, paths
from radio.archive.authorship import BEFORE, authorship, naming, with_names_of
from radio.archive.episode import read_episode
from radio.archive.keys import names_of
from radio.archive.paths import key_of
from radio.archive.pseudonyms import (
    Pseudonym,
    find,
    hide_anywhere,
    hide_in,
    hide_in_json,
    is_suspect,
    pseudonyms_for,
    substitute,
)
from radio.system.errors import NotFoundError, RadioError
from radio.text.aligned import AlignedText
from radio.text.transcript import read_evidence, read_vtt, render_evidence, render_vtt

TEXTS = (".vtt", ".srt", ".txt")
WRITTEN = (*TEXTS, ".json")
# ends of names of files in which a name may stand, by folder of the root
WITH_NAMES: Mapping[str, tuple[str, ...]] = {"media": (".json",), "transcripts": WRITTEN}
HASHES = frozenset({"weights", "audio", "vtt", "cues", BEFORE})

Read = Callable[[str], str | None]  # the text of a file by its former path, or None


def without_names(
    texts: Mapping[str, str], pseudonyms: Sequence[Pseudonym], names: Sequence[str] | None = None
) -> dict[str, str]:
    """Replace names in texts, by former path; those surely without any of `names` are skipped."""
    found = dict(texts)
    captions = (path for path in texts if path.endswith(TEXTS))
    for path in (*captions, *(path for path in texts if path.endswith(".json"))):
        text, beside = texts[path], str(PurePosixPath(path).with_suffix(".vtt"))
        both = texts.get(beside, ""), found.get(beside, "")
        if not pseudonyms or (both[0] == both[1] and names and not is_suspect(text, names)):
            continue
        if path.endswith(".json"):
            found[path] = _evidence(text, path, both, pseudonyms)
        else:
            found[path] = _hidden(text, pseudonyms, path)
    return found


def _hidden(text: str, pseudonyms: Sequence[Pseudonym], path: str) -> str:
    """Hide names in a text; in captions also those that two cues share."""
    text = substitute(text, pseudonyms)
    if not path.endswith(".vtt"):
        return text
    try:
        said = read_vtt(text.encode(), path)
    except RadioError:
        return text
    shown = AlignedText(said.cues)
    for each in pseudonyms:
        for start, end in reversed(list(find(shown.letters, each))):
            shown = shown.with_letters(start, end, each.shown)
    return text if shown.cues == said.cues else render_vtt(replace(said, cues=shown.cues))


def _evidence(
    before: str, path: str, texts: tuple[str, str], pseudonyms: Sequence[Pseudonym]
) -> str:
    """Hide names in an evidence, with the hash of its new text; other JSON counts as text."""
    try:
        old = read_evidence(before.encode(), path)
    except RadioError:
        return substitute(before, pseudonyms)
    new = replace(
        old,
        parameters=hide_anywhere(dict(old.parameters), pseudonyms, HASHES),
        extra=hide_anywhere(dict(old.extra), pseudonyms, HASHES),
        segments=hide_in(old.segments, pseudonyms),
    )
    said, shown = texts
    if old.names:
        new = with_names_of(new, read_vtt(shown.encode(), path).cues if shown else ())
    if said != shown and authorship(read_vtt(said.encode(), ""), old) == "machine":
        new = naming(new, shown)
    return before if new == old else render_evidence(new).decode()


def with_names_hidden(archive: Archive, texts: Mapping[str, str]) -> dict[str, str]:
    """Replace names in texts of episodes and shows, by former path."""
    return {**texts, **dict(names_hidden(archive, texts, texts.get))}


def may_name_people(path: str) -> bool:
    """Whether a file of an episode or a show is a text in which names are replaced."""
    return path.endswith(WITH_NAMES.get(path.partition("/")[0], ()))


def names_hidden(archive: Archive, some: Iterable[str], read: Read) -> Iterator[tuple[str, str]]:
    """Give those of some files in which a replaced name stands, with its pseudonym."""
    found = defaultdict[str, list[str]](list)
    for path in filter(may_name_people, some):
        found[key_of(path)].append(path)
    for key, own in found.items():
        made = _pseudonyms(archive, key, read)
        texts = {path: text for path in own if made and (text := read(path)) is not None}
        said = {path: text for path, text in texts.items() if path.startswith("transcripts/")}
        shown = without_names(said, made)
        shown |= {path: hide_in_json(texts[path], made) for path in texts.keys() - said.keys()}
        yield from ((path, text) for path, text in shown.items() if text != texts[path])


def _pseudonyms(archive: Archive, key: str, read: Read) -> tuple[Pseudonym, ...]:
    """Give the pseudonyms of an episode, or of a show by the key of its file."""
    names: Sequence[str] = (key,)
    with contextlib.suppress(RadioError):  # of a show, or of an episode gone or unreadable
        sidecar = paths.sidecar(key)
        text = read(sidecar)
        show, _slash, slug = key.partition("/")
        own = read_episode(show, slug, text.encode(), sidecar) if text else None
        names = names_of(archive, own or archive.episode(key))
    with contextlib.suppress(NotFoundError):  # of a name that no episode has
        return pseudonyms_for(archive.root, names)
    return ()
