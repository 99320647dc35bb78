"""Replace a name in all that is written of an episode, or of all: in texts, sidecars, versions.

The recording stays as it is: a name that is heard in it goes by `redacting` alone. With `forget`
the name stands in no history either, and nothing can take that back.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from radio.actions.editing import name_some
from radio.actions.pseudonym_shared import (
    KEPT,
    is_named,
    known_with,
    put_aside_with,
    shows_with,
    with_reasons,
)
from radio.actions.pseudonym_texts import is_heard, texts_with
from radio.actions.unknown_files import copies_of, naming_any
from radio.archive import Archive, history, journal, paths, removal
from radio.archive.belongings import perform, require_idle, require_own
from radio.archive.episode import Episode, read_episode, render_episode
from radio.archive.history import Act, Rewriting
from radio.archive.pseudonyms import (
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
from radio.archive.removal import HIDDEN, Removal, Wording
from radio.archive.slugs import slugify
from radio.archive.traces import caches_of, history_without, key_of, keys_of, trashed
from radio.system.errors import ArchiveError, warned
from radio.system.messages import _
from radio.system.progress import Progress, told

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
        is_shown = any(slugify(each) in shown for each in self.names)
        if is_shown or not shown or not all(each.size for each in found):
            raise ArchiveError(WRONG)
        return found


@dataclass(frozen=True)
class Scope:
    """Where a name is replaced: in which episodes, and in what is written of which shows."""

    episodes: tuple[Episode, ...]
    shows: tuple[str, ...] = ()
    is_all: bool = False


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
    also: Callable[[], None] = lambda: None,
) -> list[str]:
    """Replace a name in some episodes and shows, or without a key everywhere; name those changed.

    The slug of a show stands for all its episodes, later ones too. `also` forgets the name where
    others keep it, once nothing but the disk stands in the way of its being forgotten.

    Raises NotFoundError if there is none of a key, ArchiveError, having changed nothing, if the
    name or the pseudonym is none, if a text can't be read or the disk refuses, BusyError while one
    is being transcribed.
    """
    made = asked.made
    require_own(archive)
    journal.desk(archive.root)
    with archive.lock():
        scope = scope_of(archive, keys)
        changed, rewritings = _planned(archive, scope, asked, made, progress)
        if asked.forget:
            journal.keep(archive.root, lambda entry: _without_name(entry, made))
            also()
            _write_forgetting(archive, scope, changed, rewritings, asked)
        elif rewritings:
            _write(archive, changed, rewritings, asked)
    for each in changed:
        about = {"told": f"→ {made[0].shown}", "note": asked.note, "who": asked.who}
        journal.note(archive.root, "pseudonym", key=each.key, **about)
    return [each.key for each in changed]


def _planned(
    archive: Archive,
    scope: Scope,
    asked: Replacement,
    made: Sequence[Pseudonym],
    progress: Progress,
) -> tuple[list[Episode], list[Rewriting]]:
    """Give the episodes in which a name stands, and all that is to be written."""
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
    return changed, rewritings


def _kept_under(scope: Scope, changed: Sequence[str]) -> Iterator[str]:
    """Name the keys under which pseudonyms are kept for what is transcribed later."""
    if scope.is_all:
        yield EVERYWHERE
        return
    yield from map(show_key, scope.shows)
    yield from (key for key in changed if key.partition("/")[0] not in scope.shows)


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
        yield from put_aside_with(archive, _is_meant(archive, scope), made, asked.names)


def _is_meant(archive: Archive, scope: Scope) -> Callable[[str, str], bool]:
    """Give what tells whether a file of a key and a show is one of those meant."""
    keys = frozenset(key for each in scope.episodes for key in keys_of(archive, each))
    return lambda key, show: scope.is_all or key in keys or show in scope.shows


def _copies_meant(archive: Archive, scope: Scope) -> Callable[[str], bool]:
    """Give what tells whether a file has the name of an episode meant, or was put aside with it."""
    keys = frozenset(key for each in scope.episodes for key in keys_of(archive, each))
    is_meant = _is_meant(archive, scope)

    def is_copy(path: str) -> bool:
        key = key_of(path)
        is_aside = path.startswith(HIDDEN) and is_meant(key, key.partition("/")[0])
        return key in keys or is_aside

    return is_copy


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
    """Write all of it in one act, which keeps what was there."""
    line = f"{name_some([each.key for each in changed])} → {asked.shown}"
    perform(archive, Act("pseudonym", line, (), tuple(rewritings), who=asked.who))
    with warned():  # it is done by now
        removal.perform(archive.root, Removal(deletions=tuple(_caches(archive, changed))))


def _write_forgetting(
    archive: Archive,
    scope: Scope,
    changed: Sequence[Episode],
    rewritings: Sequence[Rewriting],
    asked: Replacement,
) -> None:
    """Write all of it without a trace: what was done to these episodes before is forgotten, too."""
    keys = frozenset(key for each in changed for key in keys_of(archive, each))
    past = list(history_without(archive, keys, amend=_forgetting(archive, scope, asked.made)))
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
                *copies_of(archive, _copies_meant(archive, scope), naming_any(asked.names)),
                *_caches(archive, changed),
                *(("cache/shows",) if rewritings else ()),  # what they said before
            ),
        ),
    )


def _caches(archive: Archive, changed: Sequence[Episode]) -> Iterable[str]:
    return dict.fromkeys(
        path
        for each in changed
        for path in caches_of(archive, (), keys_of(archive, each))
        if not path.startswith(SOUND)
    )


def _forgetting(archive: Archive, scope: Scope, made: Sequence[Pseudonym]) -> Callable[[Act], Act]:
    """Give what takes a name out of an act that is kept of some episodes and shows, or of any."""
    keys = {key for each in scope.episodes for key in keys_of(archive, each)}
    keys |= {show_key(each) for each in scope.shows}

    def is_gone(each: Rewriting) -> bool:
        is_meant = scope.is_all or key_of(each.path) in keys
        return is_meant and any(is_named(text, made) for text in (each.before, each.after))

    def amend(act: Act) -> Act:
        known = [with_reasons(each, made) if scope.is_all else each for each in act.rewritings]
        lost = {key_of(each.path) for each in known if is_gone(each)}
        left = tuple(each for each in known if key_of(each.path) not in lost)
        return replace(act, told=substitute(act.told, made), rewritings=left)

    return amend
