"""Replace a name in all that is written of an episode, or of all: in texts, sidecars, versions.

The recording stays as it is: a name that is heard in it goes by `redacting` alone. With `forget`
the name stands in no history either, and nothing can take that back.
"""

import contextlib
import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from radio import history, journal, paths, removal, themes
from radio.acts.editing import name_some
from radio.acts.pseudonym_texts import texts_with
from radio.archive import Archive
from radio.belongings import perform, require_idle, require_own
from radio.disk import is_file
from radio.episode import Episode, read_episode, read_show, render_episode, render_show
from radio.errors import ArchiveError
from radio.history import Act, Rewriting
from radio.messages import _
from radio.pseudonyms import (
    EVERYWHERE,
    Pseudonym,
    hide_anywhere,
    path_of,
    pseudonym_of,
    read_pseudonyms,
    render_pseudonyms,
    substitute,
)
from radio.removal import Removal, Wording
from radio.slugs import slugify
from radio.traces import caches_of, history_without, key_of, keys_of, trashed

KEPT = frozenset({"audio", "guid", "formerly", "image", "url", "page", "link", "status", "sha256"})
"""Keys of JSON whose values are addresses, names of files or words of the program."""
SOUND = "cache/waveforms/"  # no word is in it


@dataclass(frozen=True)
class Replacement:
    """A name that a keeper has replaced, and what is known of who asked."""

    name: str
    shown: str
    forget: bool = False  # keep the name in no history; nothing takes that back
    note: str = ""
    who: str = ""


def replace_name(archive: Archive, keys: Sequence[str], asked: Replacement) -> list[str]:
    """Replace a name in some episodes, or where no key is given everywhere; name those changed.

    Raises NotFoundError if there is none of a key, ArchiveError, having changed nothing, if the
    name or the pseudonym is none, if a text can't be read or the disk refuses, BusyError while one
    of them is being transcribed.
    """
    made = pseudonym_of(asked.name, asked.shown)
    if not (made.size and slugify(asked.shown)) or slugify(asked.name) in slugify(asked.shown):
        raise ArchiveError(_("give a name, and a pseudonym in which it does not stand"))
    require_own(archive)
    journal.desk(archive.root)
    with archive.lock():
        episodes = [archive.episode(k) for k in keys] if keys else archive.episodes()
        changed, rewritings = list[Episode](), list[Rewriting]()
        for each in episodes:
            written = list(_episode_with(archive, each, made))
            rewritings += written
            changed += [each] if written else []
        rewritings += [] if keys else _shared_with(archive, made)
        if rewritings:
            names = [each.key for each in changed]
            require_idle(archive, names)
            rewritings += _known_with(archive, names if keys else [], made)
            _write(archive, changed, rewritings, asked)
        if asked.forget:
            _forget(archive, episodes if keys else None, made)
    if asked.forget:
        journal.keep(archive.root, lambda entry: _without_name(entry, made))
    for each in changed:
        told = f"→ {made.shown}"
        journal.note(
            archive.root, "pseudonym", key=each.key, told=told, note=asked.note, who=asked.who
        )
    return [each.key for each in changed]


def still_named(archive: Archive, keys: Sequence[str], name: str) -> Iterator[str]:
    """Tell where a name still stands that no text holds: in addresses, and in files kept whole."""
    slug = slugify(name)
    for key in keys:
        if slug in key:
            yield _("{key}: its address has the name; `radio rename` changes it").format(key=key)
        show, _slash, stem = key.partition("/")
        for path in sorted((archive.transcripts / show).glob(f"{stem}.source*.*")):
            if path.suffix not in (".vtt", ".srt", ".txt"):
                yield _("{path}: not looked into; delete it if the name stands there").format(
                    path=path
                )


def _episode_with(archive: Archive, episode: Episode, made: Pseudonym) -> Iterator[Rewriting]:
    """Give the files of an episode in which a name stands, with its pseudonym."""
    texts = list(texts_with(archive, episode, [made]))
    data = json.loads(render_episode(episode))
    hidden = hide_anywhere(data, [made], KEPT)
    if not texts and hidden == data:
        return
    place = paths.sidecar(episode.key)
    new = read_episode(episode.show, episode.slug, json.dumps(hidden).encode(), place)
    known = new.protection
    days = tuple(dict.fromkeys((*known.pseudonyms, dt.date.today())))
    new = replace(new, protection=replace(known, pseudonyms=days))
    before = history.text_of(archive.root / place)
    yield from texts
    yield Rewriting(place, before, render_episode(new).decode())


def _shared_with(archive: Archive, made: Pseudonym) -> list[Rewriting]:
    """Give the files of shows and themes in which a name stands, with its pseudonym."""
    found = list[Rewriting]()
    for show in archive.shows():
        place = paths.show(show.slug)
        data = json.loads(render_show(show))
        hidden = hide_anywhere(data, [made], KEPT)
        if hidden != data:
            new = read_show(show.slug, json.dumps(hidden).encode(), place)
            before = history.text_of(archive.root / place)
            found.append(Rewriting(place, before, render_show(new).decode()))
    if is_file(archive.root / themes.FILE):
        before = history.text_of(archive.root / themes.FILE) or "{}"
        data = json.loads(before)
        hidden = hide_anywhere(data, [made], KEPT)
        if hidden != data:
            after = json.dumps(hidden, ensure_ascii=False, indent=2) + "\n"
            found.append(Rewriting(themes.FILE, before, after))
    return found


def _known_with(archive: Archive, keys: Sequence[str], made: Pseudonym) -> Iterator[Rewriting]:
    """Keep a pseudonym for later transcriptions: of some episodes, or of all."""
    for key in keys or (EVERYWHERE,):
        known = read_pseudonyms(archive.root, key)
        new = replace(known, pseudonyms=(*known.pseudonyms, made))
        before = history.text_of(archive.root / path_of(key))
        yield Rewriting(path_of(key), before, render_pseudonyms(new))


def _without_name(entry: journal.Entry, made: Pseudonym) -> journal.Entry:
    told, note = (substitute(each, [made]) for each in (entry.told, entry.note))
    return replace(entry, told=told, note=note)


def _write(
    archive: Archive,
    changed: Sequence[Episode],
    rewritings: Sequence[Rewriting],
    asked: Replacement,
) -> None:
    """Write all of it in one act; or where nothing is to be kept, without a trace."""
    caches = dict.fromkeys(
        path
        for each in changed
        for path in caches_of(archive, (), keys_of(archive, each))
        if not path.startswith(SOUND)
    )
    names = name_some([each.key for each in changed])
    if not asked.forget:
        perform(archive, Act("pseudonym", f"{names} → {asked.shown}", (), tuple(rewritings)))
        removal.perform(archive.root, Removal(deletions=tuple(caches)))
        return
    keys = frozenset(key for each in changed for key in keys_of(archive, each))
    past = list(history_without(archive, keys))
    removal.perform(
        archive.root,
        Removal(
            wordings=(
                *(Wording(each.path, each.after or "") for each in rewritings),
                *(each for each in past if isinstance(each, Wording)),
            ),
            deletions=(
                *(each for each in past if isinstance(each, str)),
                *trashed(archive, keys),
                *caches,
            ),
        ),
    )


def _forget(archive: Archive, some: Sequence[Episode] | None, made: Pseudonym) -> None:
    """Take a name out of what the history keeps of some episodes, or of everything."""
    keys = frozenset(key for each in some or () for key in keys_of(archive, each))

    def is_gone(each: Rewriting) -> bool:
        is_meant = some is None or key_of(each.path) in keys
        return is_meant and any(_names(text, made) for text in (each.before, each.after))

    def amend(act: Act) -> Act:
        gone = {key_of(each.path) for each in act.rewritings if is_gone(each)}
        left = tuple(each for each in act.rewritings if key_of(each.path) not in gone)
        return replace(act, told=substitute(act.told, [made]), rewritings=left)

    past = list(history_without(archive, frozenset(), amend=amend))
    wordings = tuple(each for each in past if isinstance(each, Wording))
    gone = tuple(each for each in past if isinstance(each, str))
    removal.perform(archive.root, Removal(wordings=wordings, deletions=gone))


def _names(text: str | None, made: Pseudonym) -> bool:
    """Whether a name stands in a file, which may write its letters as JSON does."""
    data: Any = text or ""
    with contextlib.suppress(ValueError):
        data = json.loads(data)
    return bool(hide_anywhere(data, [made], KEPT) != data)
