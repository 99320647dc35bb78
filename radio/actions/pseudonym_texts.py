"""The texts of an episode with a pseudonym: of record, versions, translations, what was heard."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from radio.archive import Archive, hearings, paths
from radio.archive.authorship import BEFORE, authorship, naming
from radio.archive.episode import Episode, read_episode
from radio.archive.history import Rewriting, text_of
from radio.archive.keys import keys_of, names_of
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
from radio.text.transcript import (
    Evidence,
    read_evidence,
    read_vtt,
    render_evidence,
    render_vtt,
)

TEXTS = (".vtt", ".srt", ".txt")
WRITTEN = (*TEXTS, ".json")
WITH_NAMES: Mapping[str, tuple[str, ...]] = {"media": (".json",), "transcripts": WRITTEN}
"""Ends of the names of files in which a name may stand, by their folder of the root."""
HASHES = frozenset({"weights", "audio", "vtt", "cues", BEFORE})

Read = Callable[[str], str | None]
"""Gives the text that a file had, by the path that it had; None where there was none."""


def is_heard(
    archive: Archive, episode: Episode, pseudonyms: Sequence[Pseudonym], names: Sequence[str]
) -> bool:
    """Whether a name was heard where the texts say something else; such a file goes whole."""
    texts = (hearings.text_of(archive, key) for key in keys_of(archive, episode))
    return any(is_suspect(text, names) and substitute(text, pseudonyms) != text for text in texts)


def hidden_texts(
    root: Path, said: Sequence[str], pseudonyms: Sequence[Pseudonym], names: Sequence[str]
) -> Iterator[Rewriting]:
    """Give those of some texts, beneath the root, in which a name stands, with its pseudonym."""
    texts = dict[str, tuple[str, str]]()
    for path in said:
        if PurePosixPath(path).suffix in TEXTS:
            before = after = text_of(root / path) or ""
            if is_suspect(before, names):
                after = _hidden(before, pseudonyms, path)
            texts[path] = before, after
    yield from (Rewriting(path, *both) for path, both in texts.items() if both[0] != both[1])
    for path in said:
        place = PurePosixPath(path)
        if place.suffix != ".json":
            continue
        before = text_of(root / path) or ""
        both = texts.get(str(place.with_suffix(".vtt")), ("", ""))
        if both[0] == both[1] and not is_suspect(before, names):
            continue
        after = _evidence(before, path, both, pseudonyms)
        if after != before:
            yield Rewriting(path, before, after)


def without_names(texts: Mapping[str, str], pseudonyms: Sequence[Pseudonym]) -> dict[str, str]:
    """Give texts that lie elsewhere, by the paths that they had, with pseudonyms in them."""
    if not pseudonyms:
        return dict(texts)
    captions = (path for path in texts if path.endswith(TEXTS))
    found = {path: _hidden(texts[path], pseudonyms, path) for path in captions}
    for path in (each for each in texts if each.endswith(".json")):
        beside = str(PurePosixPath(path).with_suffix(".vtt"))
        both = texts.get(beside, ""), found.get(beside, "")
        found[path] = _evidence(texts[path], path, both, pseudonyms)
    return found


def _hidden(text: str, pseudonyms: Sequence[Pseudonym], path: str) -> str:
    """Hide names in a text; in captions also those that two cues share."""
    text = substitute(text, pseudonyms)
    try:
        said = read_vtt(text.encode(), path) if path.endswith(".vtt") else None
    except RadioError:
        said = None
    shown = AlignedText(said.cues if said else ())
    for each in pseudonyms:
        for start, end in reversed(list(find(shown.letters, each))):
            shown = shown.with_letters(start, end, each.shown)
    if said is None or shown.cues == said.cues:
        return text
    return render_vtt(replace(said, cues=shown.cues))


def _evidence(
    before: str, path: str, texts: tuple[str, str], pseudonyms: Sequence[Pseudonym]
) -> str:
    """Hide names in what a machine heard, which goes on to know its own text by its hash.

    What is no evidence, as work under way, is taken as any JSON.
    """
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
    if texts[0] != texts[1]:
        new = _knowing(old, new, texts)
    return before if new == old else render_evidence(new).decode()


def _knowing(old: Evidence, new: Evidence, texts: tuple[str, str]) -> Evidence:
    is_machines = authorship(read_vtt(texts[0].encode(), ""), old) == "machine"
    return naming(new, texts[1]) if is_machines else new


def with_names_hidden(archive: Archive, texts: Mapping[str, str]) -> dict[str, str]:
    """Give texts of episodes and shows, by the paths that they had, with pseudonyms in them."""
    return {**texts, **dict(names_hidden(archive, texts, texts.get))}


def names_hidden(archive: Archive, some: Iterable[str], read: Read) -> Iterator[tuple[str, str]]:
    """Give those of some files in which a name stands that was replaced, with its pseudonym."""
    found = defaultdict[str, list[str]](list)
    for path in some:
        if path.endswith(WITH_NAMES.get(path.partition("/")[0], ())):
            found[key_of(path)].append(path)
    for key, own in found.items():
        if made := _pseudonyms(archive, key, read):
            texts = {path: text for path in own if (text := read(path)) is not None}
            said = {path: text for path, text in texts.items() if path.startswith("transcripts/")}
            shown = without_names(said, made)
            shown |= {path: hide_in_json(texts[path], made) for path in texts.keys() - said.keys()}
            yield from ((path, text) for path, text in shown.items() if text != texts[path])


def _pseudonyms(archive: Archive, key: str, read: Read) -> tuple[Pseudonym, ...]:
    """Give the pseudonyms that hold for an episode, or for a show by the key of its file."""
    names: Sequence[str] = (key,)
    try:
        sidecar = paths.sidecar(key)
        text = read(sidecar)
        show, _slash, slug = key.partition("/")
        own = read_episode(show, slug, text.encode(), sidecar) if text else None
        names = names_of(archive, own or archive.episode(key))
    except RadioError:
        pass  # of a show, or of an episode that is there no more, or can't be read
    try:
        return pseudonyms_for(archive.root, names)
    except NotFoundError:  # of a name that no episode has
        return ()
