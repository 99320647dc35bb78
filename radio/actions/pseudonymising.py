"""Replace a name in the texts, sidecars and versions of an episode, or of all. In the recording it
goes by `redacting` alone. With `forget` it is in no history either, and nothing takes that back."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

from radio.actions.action import catch_up
from radio.actions.erasing import copies_of, history_without, unknown_files
from radio.actions.pseudonym_texts import WRITTEN, without_names
from radio.archive import Archive, hearings, journal, paths, pseudonyms, removal, stores
from radio.archive.acts import perform, require_idle, require_own
from radio.archive.changes import TRASH
from radio.archive.episode import Episode, read_episode, render_episode
from radio.archive.facts import amended
from radio.archive.gone import Forgotten
from radio.archive.history import Act, Rewriting, text_of
from radio.archive.keys import keys_of
from radio.archive.paths import key_of
from radio.archive.pseudonyms import Pseudonym, is_suspect, path_of, show_key, stands_in, substitute
from radio.archive.removal import HIDDEN, SEALED, Removal
from radio.archive.slugs import slugify
from radio.archive.stores import BESIDE, hidden, holds_names, place_of
from radio.derived.cache import caches_of
from radio.proposals import queue
from radio.search import Index
from radio.system.errors import ArchiveError, warned
from radio.system.messages import _
from radio.system.progress import Progress, silent, with_progress

WRONG = _("donnez un nom, et un pseudonyme qui ne le contient pas")
PROMPT = re.compile(r'(?<="prompt": )"(?:[^"\\]|\\.)*"')  # in an evidence
SOUND = "cache/waveforms/"  # no word is in it


@dataclass(frozen=True)
class Replacement:
    """A name to replace, and what is known of who asked."""

    name: str
    shown: str
    forms: tuple[str, ...] = ()  # others of the same name: misheard, or a part of it
    forget: bool = False  # keep the name in no history; nothing takes that back
    note: str = ""
    who: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The name in all its forms, the longest first: else a part would be replaced first."""
        every = dict.fromkeys((self.name, *self.forms))
        return tuple(sorted(every, key=lambda each: -len(each.split())))

    @cached_property
    def made(self) -> tuple[Pseudonym, ...]:
        """The pseudonym of each form. Raises ArchiveError if a name or pseudonym is not valid."""
        found = tuple(pseudonyms.pseudonym_of(each, self.shown) for each in self.names)
        shown = slugify(self.shown)
        is_shown = any(slugify(each) in shown for each in self.names)
        if is_shown or not shown or not all(each.size for each in found):
            raise ArchiveError(WRONG)
        return found

    def hide(self, text: str) -> str:
        """Replace the name in a text."""
        return substitute(text, self.made)

    def may_stand_in(self, text: str) -> bool:
        """Whether the name may stand in a text."""
        return pseudonyms.may_name(text, self.names)


@dataclass(frozen=True)
class Scope:
    """Where a name is replaced: in which episodes, and in the texts of which shows."""

    episodes: tuple[Episode, ...]
    keys: frozenset[str]  # all that these episodes have or had
    shows: tuple[str, ...] = ()
    is_all: bool = False

    def means(self, path: str) -> bool:
        """Whether a file is of one of these episodes or shows."""
        key = key_of(path)
        return self.is_all or key in self.keys or key.partition("/")[0] in self.shows


def scope_of(archive: Archive, keys: Sequence[str]) -> Scope:
    """Find what some keys and slugs mean; none of them means all."""
    if keys:
        shows = tuple(archive.show(key).slug for key in keys if "/" not in key)
        own = {key: archive.episode(key) for key in keys if "/" in key}
        own |= {each.key: each for slug in shows for each in archive.episodes(slug)}
    else:
        shows = tuple(each.slug for each in archive.shows())
        own = {each.key: each for each in archive.episodes()}
    every = frozenset(key for each in own.values() for key in keys_of(archive, each))
    return Scope(tuple(own.values()), every, shows, is_all=not keys)


def replace_name(
    archive: Archive, keys: Sequence[str], asked: Replacement, progress: Progress = silent
) -> list[str]:
    """Replace a name in some episodes and shows, or without a key everywhere; name those changed.
    The slug of a show means all its episodes, later ones too. Proposals with the name go."""
    facts = {"shown": asked.made[0].shown}

    def without_name(entry: journal.Entry) -> journal.Entry:
        return replace(entry, facts=amended(entry.facts, asked.hide), note=asked.hide(entry.note))

    require_own(archive)
    journal.desk(archive.root)
    with archive.lock():
        scope = scope_of(archive, keys)
        found = rewritings_in(archive, scope, asked, progress)
        changed = [key for key in found if "/" in key]
        rewritings = [each for some in found.values() for each in some]
        if asked.forget:
            aside = filter(scope.means, stores.walk(archive.root, TRASH, SEALED))
            rewritings += hidden_files(archive.root, aside, asked)
        if rewritings:
            require_idle(archive, changed)
            rewritings += _with_hashes(archive, scope, changed, asked)
            rewritings += _in_other_prompts(archive, scope, asked)
        every = (keys_of(archive, archive.episode(each)) for each in changed)
        own = frozenset(key for some in every for key in some)
        made_of = caches_of(archive, (), own) if own else ()
        caches = dict.fromkeys(path for path in made_of if not path.startswith(SOUND))
        if asked.forget:
            journal.keep(archive.root, without_name)
            _forget_proposals(archive, scope, asked.names)
            texts = _forgetting(archive, scope, own, rewritings, asked)
            removal.perform(archive.root, Removal(written={**texts, **caches}))
        elif rewritings:
            act = Act("pseudonym", tuple(changed), {"shown": asked.shown}, who=asked.who)
            perform(archive, replace(act, rewritings=tuple(rewritings)))
            with warned():  # it is done by now
                removal.perform(archive.root, Removal(written=caches))
    note, who = asked.note, asked.who
    for key in changed:
        journal.note(archive.root, "pseudonym", key=key, facts=facts, note=note, who=who)
    _forget_proposals(archive, scope, asked.names)
    return changed


def put_pseudonym(
    archive: Archive,
    index: Index,
    keys: Sequence[str],
    asked: Replacement,
    progress: Progress = silent,
) -> list[str]:
    """Replace a name as `replace_name`; then update search and caches."""
    changed = replace_name(archive, keys, asked, lambda share: progress(share * 0.8))
    catch_up(archive, index, changed)
    return changed


def unknown_naming(archive: Archive, keys: Sequence[str], asked: Replacement) -> list[str]:
    """Name the unknown files in which a name may still stand, in this scope or of no episode."""
    return list(unknown_files(archive, scope_of(archive, keys).keys, asked.may_stand_in))


def _forget_proposals(archive: Archive, scope: Scope, names: Iterable[str]) -> None:
    keys = frozenset[str]() if scope.is_all else scope.keys
    for name in names if keys or scope.is_all else ():
        queue.forget_name(archive.root, name, keys)


def rewritings_in(
    archive: Archive, scope: Scope, asked: Replacement, progress: Progress
) -> Mapping[str, list[Rewriting]]:
    """Plan the changes of all files with a name, by key, slug or path; not of files put aside."""
    found = {
        each.key: _of_episode(archive, each, asked)
        for each in with_progress(scope.episodes, progress)
    }
    shared = {slug: paths.show(slug) for slug in scope.shows}
    if scope.is_all:
        shared |= {each.path: each.path for each in BESIDE if each.hide}
    for name, path in shared.items():
        found[name] = list(hidden_files(archive.root, [path], asked))
    return {name: written for name, written in found.items() if written}


def _of_episode(archive: Archive, episode: Episode, asked: Replacement) -> list[Rewriting]:
    """Plan the changes of an episode in whose files, or hearings, a name stands; note the day."""
    root, keys = archive.root, keys_of(archive, episode)
    texts = list(hidden_files(root, sorted(stores.files(root, keys, "transcripts")), asked))
    data = json.loads(render_episode(episode))
    shown = pseudonyms.hide_anywhere(data, asked.made)
    if not texts and shown == data:
        heard = (hearings.text_of(archive, key) for key in keys)
        if all(not is_suspect(text, asked.names) or asked.hide(text) == text for text in heard):
            return []
    place = paths.sidecar(episode.key)
    new = read_episode(episode.show, episode.slug, json.dumps(shown).encode(), place)
    days = tuple(dict.fromkeys((*new.protection.pseudonyms, dt.date.today())))
    new = replace(new, protection=replace(new.protection, pseudonyms=days))
    return [*texts, Rewriting(place, text_of(root / place), render_episode(new).decode())]


def hidden_files(root: Path, files: Iterable[str], asked: Replacement) -> Iterator[Rewriting]:
    """Plan the changes of those files, wherever they are now, in which a name stands."""
    every = list(files)
    said = (each for each in every if place_of(each).startswith("transcripts/"))
    texts = {path: text_of(root / path) or "" for path in said if path.endswith(WRITTEN)}
    shown = without_names(texts, asked.made, asked.names)
    for path in filter(holds_names, every):
        texts[path] = text = text_of(root / path) or ""
        shown[path] = hidden(path, text, asked.made) if is_suspect(text, asked.names) else text
    yield from (Rewriting(p, texts[p], after) for p, after in shown.items() if after != texts[p])


def _with_hashes(
    archive: Archive, scope: Scope, changed: Iterable[str], asked: Replacement
) -> Iterator[Rewriting]:
    """Save a pseudonym for what is transcribed later, under the right keys."""
    own = (key for key in changed if key.partition("/")[0] not in scope.shows)
    for key in (pseudonyms.EVERYWHERE,) if scope.is_all else (*map(show_key, scope.shows), *own):
        path, known = path_of(key), pseudonyms.read_pseudonyms(archive.root, key)
        new = replace(known, pseudonyms=(*known.pseudonyms, *asked.made))
        text = pseudonyms.render_pseudonyms(new)
        yield Rewriting(path, text_of(archive.root / path), text)


def _in_other_prompts(archive: Archive, scope: Scope, asked: Replacement) -> Iterator[Rewriting]:
    """Replace the name in the prompts of other episodes of the same shows."""
    for slug in {each.show for each in scope.episodes}:
        others = (each.key for each in archive.episodes(slug) if each.key not in scope.keys)
        for path in map(paths.evidence, others):
            text = text_of(archive.root / path) or ""
            shown = PROMPT.sub(lambda found: asked.hide(found[0]), text)
            if shown != text:
                yield Rewriting(path, text, shown)


def _forgetting(
    archive: Archive,
    scope: Scope,
    keys: frozenset[str],
    rewritings: Sequence[Rewriting],
    asked: Replacement,
) -> dict[str, str | None]:
    """Give all files without a trace; former acts on these episodes go too."""

    def is_copy(path: str) -> bool:
        return key_of(path) in scope.keys or (path.startswith(HIDDEN) and scope.means(path))

    copies = copies_of(archive, is_copy, asked.may_stand_in)
    gone = (*stores.files(archive.root, keys, TRASH), *copies)
    if rewritings:
        gone += ("cache/shows",)  # what they said before
    written = {each.path: each.after or "" for each in rewritings}
    past = history_without(archive.root, Forgotten(keys), amend=partial(_amended, scope, asked))
    return {**written, **past, **dict.fromkeys(gone)}


def _amended(scope: Scope, asked: Replacement, act: Act) -> Act:
    """Remove a name from an act that stays; texts beside the shows get pseudonyms."""
    keys = scope.keys | {show_key(each) for each in scope.shows}
    known, lost = list[Rewriting](), set[str]()
    for each in act.rewritings:
        texts, key = (each.before, each.after), key_of(each.path)
        if scope.is_all and "/" not in each.path:
            before, after = (text and hidden(each.path, text, asked.made) for text in texts)
            texts = before, after
        known.append(Rewriting(each.path, *texts))
        if (scope.is_all or key in keys) and any(stands_in(text, asked.made) for text in texts):
            lost.add(key)
    left = tuple(each for each in known if key_of(each.path) not in lost)
    return replace(act, facts=amended(act.facts, asked.hide), rewritings=left)
