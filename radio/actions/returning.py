"""What comes back of an act that is undone: beside what was done since, without replaced names.

A name that was replaced since stands in what the history keeps, and in the trash: it comes back
neither with a text, nor with a title. Of what is gone, others may have noted more since: that stays
noted.
"""

import contextlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from radio.actions.pseudonym_texts import WRITTEN, without_names
from radio.archive import Archive, acts, gone, paths
from radio.archive.acts import with_later
from radio.archive.episode import read_episode
from radio.archive.gone import Gone, read_gone, render_gone
from radio.archive.history import Act, Rewriting, text_of
from radio.archive.keys import names_of
from radio.archive.paths import key_of
from radio.archive.pseudonyms import Pseudonym, hide_in_json, pseudonyms_for
from radio.archive.removal import TRASH
from radio.system.disk import write_whole
from radio.system.errors import ArchiveError, NotFoundError, RadioError

Read = Callable[[str], str | None]
"""Gives the text that a file had, by the path that it had; None where there was none."""


def give_back(archive: Archive, name: str) -> Act:
    """Take back an act; errors as of `acts.undo`."""
    return acts.undo(archive, name, _as_it_comes_back)


def _as_it_comes_back(archive: Archive, act: Act) -> Act:
    wide = with_later(archive, act)
    _hide_in_trash(archive, wide)
    hidden = with_pseudonyms(archive, wide)
    return replace(hidden, rewritings=tuple(_beside_later(archive, hidden.rewritings)))


def with_pseudonyms(archive: Archive, act: Act) -> Act:
    """Give an act with the pseudonyms that hold by now in all that was there before it.

    But for one that replaced a name itself.
    """
    if act.what == "pseudonym":
        return act
    before = {each.path: each.before for each in act.rewritings if each.before is not None}
    shown = with_names_hidden(archive, before)
    return replace(
        act,
        rewritings=tuple(
            replace(each, before=shown.get(each.path, each.before)) for each in act.rewritings
        ),
    )


def with_names_hidden(archive: Archive, texts: Mapping[str, str]) -> dict[str, str]:
    """Give texts of episodes and shows, by the paths that they had, with pseudonyms in them."""
    return {**texts, **dict(_hidden(archive, texts, texts.get))}


def _hide_in_trash(archive: Archive, act: Act) -> None:
    """Replace in the trash what was replaced everywhere else since a file was put there."""
    aside = {each.old: each.new for each in act.renamings if each.new.startswith(f"{TRASH}/")}

    def read(path: str) -> str | None:
        with contextlib.suppress(ArchiveError):  # of another encoding: it comes back as it is
            return text_of(archive.root / aside[path]) if path in aside else None
        return None

    for path, text in _hidden(archive, aside, read):
        write_whole(archive.root / aside[path], text.encode())


def _hidden(archive: Archive, some: Iterable[str], read: Read) -> Iterator[tuple[str, str]]:
    """Give those of some files in which a name stands, with its pseudonym."""
    found = defaultdict[str, list[str]](list)
    for path in filter(_is_text, some):
        found[key_of(path)].append(path)
    for key, own in found.items():
        if made := _pseudonyms(archive, key, read):
            texts = {path: text for path in own if (text := read(path)) is not None}
            for path, text in _shown(texts, made).items():
                if text != texts[path]:
                    yield path, text


def _is_text(path: str) -> bool:
    part = PurePosixPath(path).parts[0]
    return (part == "media" and path.endswith(".json")) or (
        part == "transcripts" and path.endswith(WRITTEN)
    )


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


def _shown(texts: Mapping[str, str], made: Sequence[Pseudonym]) -> dict[str, str]:
    said = {path: text for path, text in texts.items() if path.startswith("transcripts/")}
    written = {path: hide_in_json(text, made) for path, text in texts.items() if path not in said}
    return written | without_names(said, made)


def _beside_later(archive: Archive, rewritings: Iterable[Rewriting]) -> Iterator[Rewriting]:
    """Let what others noted of what is gone stay noted."""
    for each in rewritings:
        now = text_of(archive.root / gone.FILE) if each.path == gone.FILE else each.after
        yield each if now == each.after else _without_own(archive, each, now)


def _without_own(archive: Archive, each: Rewriting, now: str | None) -> Rewriting:
    before, after = (
        gone.parse(text.encode(), gone.FILE) if text else Gone()
        for text in (each.before, each.after)
    )
    left = gone.taken_back(read_gone(archive.root), before, after)
    return replace(each, before=render_gone(left) if left != Gone() else None, after=now)
