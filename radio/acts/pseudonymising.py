"""Replace a name in all that is written of an episode, or of all: in texts, sidecars, versions.

The recording stays as it is: a name that is heard in it goes by `redacting` alone. With `forget`
the name stands in no history either, and nothing can take that back.
"""

import contextlib
import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from radio import gone, history, journal, paths, removal
from radio.acts.editing import name_some
from radio.acts.pseudonym_shared import (
    KEPT,
    hide_fields,
    hide_reasons,
    known_with,
    sealed_with,
    shows_with,
    trash_with,
)
from radio.acts.pseudonym_texts import is_heard, texts_with
from radio.archive import Archive
from radio.belongings import perform, require_idle, require_own
from radio.episode import Episode, read_episode, render_episode
from radio.errors import ArchiveError
from radio.history import Act, Rewriting
from radio.messages import _
from radio.progress import Progress, told
from radio.pseudonyms import (
    EVERYWHERE,
    Pseudonym,
    hide_anywhere,
    path_of,
    pseudonym_of,
    read_pseudonyms,
    render_pseudonyms,
    show_key,
    substitute,
)
from radio.removal import Removal, Wording
from radio.slugs import slugify
from radio.traces import caches_of, history_without, key_of, keys_of, trashed

WRONG = _("give a name, and a pseudonym in which it does not stand")
SOUND = "cache/waveforms/"  # no word is in it


@dataclass(frozen=True)
class Replacement:
    """A name that a keeper has replaced, and what is known of who asked."""

    name: str
    shown: str
    forms: tuple[str, ...] = ()  # others of the same name: misheard, or a part of it
    forget: bool = False  # keep the name in no history; nothing takes that back
    note: str = ""
    who: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The name in all its forms, the longest first: no part of one goes before it."""
        every = dict.fromkeys((self.name, *self.forms))
        return tuple(sorted(every, key=lambda each: -len(each.split())))

    @property
    def made(self) -> tuple[Pseudonym, ...]:
        """The pseudonym that each form gets. Raises ArchiveError if it or a form is none."""
        found = tuple(pseudonym_of(each, self.shown) for each in self.names)
        shown = slugify(self.shown)
        if not shown or not all(each.size for each in found):
            raise ArchiveError(WRONG)
        if any(slugify(each) in shown for each in self.names):
            raise ArchiveError(WRONG)
        return found


@dataclass(frozen=True)
class Scope:
    """Where a name is replaced: in which episodes, and in what is written of which shows."""

    episodes: tuple[Episode, ...]
    shows: tuple[str, ...] = ()
    is_all: bool = False


@dataclass(frozen=True)
class NameLeft:
    """Where a name may still stand: in the address of an episode, or in a file of it."""

    key: str
    path: str = ""  # beneath the root; none is the address


def scope_of(archive: Archive, keys: Sequence[str]) -> Scope:
    """Tell what some keys of episodes and slugs of shows mean; none of them is everything.

    Raises NotFoundError if there is no such episode or show.
    """
    if not keys:
        shows = tuple(each.slug for each in archive.shows())
        return Scope(tuple(archive.episodes()), shows, True)
    slugs = tuple(archive.show(key).slug for key in keys if "/" not in key)
    of_shows = {each.key: each for slug in slugs for each in archive.episodes(slug)}
    own = {key: archive.episode(key) for key in keys if "/" in key}
    return Scope(tuple({**own, **of_shows}.values()), slugs)


def replace_name(
    archive: Archive,
    keys: Sequence[str],
    asked: Replacement,
    progress: Progress = lambda _: None,
) -> list[str]:
    """Replace a name in some episodes and shows, or without a key everywhere; name those changed.

    The slug of a show stands for all its episodes, later ones too. Raises NotFoundError if there
    is none of a key, ArchiveError, having changed nothing, if the name or the pseudonym is none, if
    a text can't be read or the disk refuses, BusyError while one is being transcribed.
    """
    made = asked.made
    require_own(archive)
    journal.desk(archive.root)
    with archive.lock():
        scope = scope_of(archive, keys)
        changed, rewritings = list[Episode](), list[Rewriting]()
        for each in told(scope.episodes, progress):
            written = rewritings_of(archive, each, asked, made)
            rewritings += written
            changed += [each] if written else []
        rewritings += _shared_with(archive, scope, asked, made)
        if rewritings:
            names = [each.key for each in changed]
            require_idle(archive, names)
            rewritings += _known_with(archive, _kept_under(scope, names), made)
            _write(archive, changed, rewritings, asked)
        if asked.forget:
            _forget(archive, scope, made)
    if asked.forget:
        journal.keep(archive.root, lambda entry: _without_name(entry, made))
    for each in changed:
        about = {"told": f"→ {made[0].shown}", "note": asked.note, "who": asked.who}
        journal.note(archive.root, "pseudonym", key=each.key, **about)
    return [each.key for each in changed]


def _kept_under(scope: Scope, changed: Sequence[str]) -> Iterator[str]:
    """Name the keys under which pseudonyms are kept for what is transcribed later."""
    if scope.is_all:
        yield EVERYWHERE
        return
    yield from map(show_key, scope.shows)
    yield from (key for key in changed if key.partition("/")[0] not in scope.shows)


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


def rewritings_of(
    archive: Archive, episode: Episode, asked: Replacement, made: Sequence[Pseudonym]
) -> list[Rewriting]:
    """Give the files of an episode in which a name stands, with its pseudonym.

    Raises ArchiveError if a text can't be read.
    """
    texts = list(texts_with(archive, episode, made, asked.names))
    data = json.loads(render_episode(episode))
    hidden = hide_anywhere(data, made, KEPT)
    if not texts and hidden == data and not is_heard(archive, episode, made, asked.names):
        return []
    place = paths.sidecar(episode.key)
    new = read_episode(episode.show, episode.slug, json.dumps(hidden).encode(), place)
    known = new.protection
    days = tuple(dict.fromkeys((*known.pseudonyms, dt.date.today())))
    new = replace(new, protection=replace(known, pseudonyms=days))
    before = history.text_of(archive.root / place)
    return [*texts, Rewriting(place, before, render_episode(new).decode())]


def _shared_with(
    archive: Archive, scope: Scope, asked: Replacement, made: Sequence[Pseudonym]
) -> Iterator[Rewriting]:
    """Give what else has the name, with its pseudonym; what is put aside where it is forgotten."""
    yield from shows_with(archive, scope.shows, made)
    if scope.is_all:
        yield from known_with(archive, made)
    if asked.forget:
        shows = None if scope.is_all else scope.shows
        yield from trash_with(archive, shows, made, asked.names)
        keys = frozenset(key for each in scope.episodes for key in keys_of(archive, each))
        yield from sealed_with(archive, None if scope.is_all else keys, made, asked.names)


def _known_with(
    archive: Archive, keys: Iterable[str], made: Sequence[Pseudonym]
) -> Iterator[Rewriting]:
    """Keep a pseudonym for later transcriptions."""
    for key in keys:
        known = read_pseudonyms(archive.root, key)
        new = replace(known, pseudonyms=(*known.pseudonyms, *made))
        before = history.text_of(archive.root / path_of(key))
        yield Rewriting(path_of(key), before, render_pseudonyms(new))


def _without_name(entry: journal.Entry, made: Sequence[Pseudonym]) -> journal.Entry:
    told, note = (substitute(each, made) for each in (entry.told, entry.note))
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
                "cache/shows",  # what they said before
            ),
        ),
    )


def _forget(archive: Archive, scope: Scope, made: Sequence[Pseudonym]) -> None:
    """Take a name out of what the history keeps of some episodes and shows, or of everything."""
    keys = {key for each in scope.episodes for key in keys_of(archive, each)}
    keys |= {show_key(each) for each in scope.shows}

    def is_gone(each: Rewriting) -> bool:
        is_meant = scope.is_all or key_of(each.path) in keys
        return is_meant and any(_names(text, made) for text in (each.before, each.after))

    def amend(act: Act) -> Act:
        known = [_with_reasons(each, made) if scope.is_all else each for each in act.rewritings]
        lost = {key_of(each.path) for each in known if is_gone(each)}
        left = tuple(each for each in known if key_of(each.path) not in lost)
        return replace(act, told=substitute(act.told, made), rewritings=left)

    past = list(history_without(archive, frozenset(), amend=amend))
    wordings = tuple(each for each in past if isinstance(each, Wording))
    gone = tuple(each for each in past if isinstance(each, str))
    removal.perform(archive.root, Removal(wordings=wordings, deletions=gone))


def _with_reasons(each: Rewriting, made: Sequence[Pseudonym]) -> Rewriting:
    """Hide names in what an act wrote of what is gone, so that it can still be undone."""
    if each.path != gone.FILE:
        return each
    before, after = (text and hide_reasons(text, made) for text in (each.before, each.after))
    return replace(each, before=before, after=after)


def _names(text: str | None, made: Sequence[Pseudonym]) -> bool:
    """Whether a name stands in a file, which may write its letters as JSON does."""
    data: Any = text or ""
    with contextlib.suppress(ValueError):
        data = json.loads(data)
    return bool(hide_fields(data, made) != data)
