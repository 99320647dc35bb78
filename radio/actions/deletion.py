"""Delete an episode or a show, or forget an episode without a trace.

What is deleted goes to the trash, and its addresses say that it is gone; `undo` restores all, until
the trash is emptied.

What is forgotten is purged from files, index, caches, history, trash and journal, and its address
answers as if it never was. Only hashes stay, in `gone.json`: of the recording, so that no source
brings it back, and of the key, so that mirrors hide it."""

import contextlib
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from radio.actions import erasing
from radio.actions.action import NOTE, Action, Changed, Input
from radio.archive import (
    Archive,
    fixity_log,
    gone,
    hearings,
    history,
    journal,
    paths,
    removal,
    stores,
)
from radio.archive.acts import perform, require_idle, require_own, require_same, to_trash
from radio.archive.changes import TRASH
from radio.archive.episode import Episode, read_episode
from radio.archive.facts import Facts
from radio.archive.gone import FILE, Departure, Forgotten, Gone, discarded, read_gone, render_gone
from radio.archive.history import Act, Rewriting, text_of
from radio.archive.keys import keys_of
from radio.archive.losses import INVENTORY
from radio.archive.removal import Removal
from radio.archive.stores import BESIDE, TRASHED
from radio.derived.cache import caches_of, lists_naming, measured
from radio.ingest import inbox, uploads
from radio.proposals import queue
from radio.proposals.twins.arrivals import remove_copies, sent_copies
from radio.system.disk import is_file, read_bytes
from radio.system.errors import ArchiveError, NotFoundError
from radio.system.messages import _

FORGET = _("Effacer des épisodes sans laisser de trace ; c’est définitif.")
FIELDS = (
    Input("reason", help=_("La raison, que dira sa page.")),
    Input("fate", "choice", choices=("trash", "forget"), flags={"forget": FORGET}),
    NOTE,
)
IN_TRASH = ("delete", "merge", "replace", "repair")  # can't be undone once the trash is emptied


class _Deletion(Action):
    """Deletes episodes; visitors are told the reason."""

    def write(
        self, archive: Archive, both: Sequence[Changed], who: str, **asked: Any
    ) -> tuple[Act | None, Mapping[str, Facts]]:
        """Move all files of the episodes to the trash, if they are still as they were."""
        some = [old for old, _none in both]
        keys = [each.key for each in some]
        with archive.lock():
            require_same(archive, some)
            files = stores.files(archive.root, keys, *TRASHED)
            then = parted(archive, some, asked["reason"])
            act = _delete(archive, keys, some, files, then, who)
        return act, {key: {"reason": asked["reason"]} for key in keys}


delete = _Deletion("delete", lambda _episode, **_asked: None, FIELDS[:1])


def delete_show(archive: Archive, slug: str, reason: str = "", *, note: str = "") -> Act:
    """Delete a show with all its episodes, likewise."""
    with archive.lock():
        files, show = stores.files_of_show(archive.root, slug), archive.show(slug)
        some = archive.episodes(slug)
        own = Departure(reason, dt.date.today().isoformat())
        then = parted(archive, some, reason)
        shows = {**then.shows, **dict.fromkeys((show.slug, *show.formerly), own)}
        act = _delete(archive, [slug], some, files, replace(then, shows=shows))
    journal.note(archive.root, "delete", key=slug, facts={"reason": reason}, note=note)
    return act


def deletions(archive: Archive) -> list[Act]:
    """List the deletions that are in the trash, the newest first."""
    acts = history.acts(archive.root)
    return [each for each in acts if each.what == "delete" and each.state == "done"]


def empty_trash(archive: Archive) -> None:
    """Remove the trash for ever, even if that is cut short."""
    with archive.lock():
        acts = (each for each in history.acts(archive.root) if each.state == "done")
        emptied = (replace(each, state="emptied") for each in acts if each.what in IN_TRASH)
        files = (f"{TRASH}/{path.name}" for path in (archive.root / TRASH).glob("*"))
        written = {**dict(map(history.record, emptied)), **dict.fromkeys(files)}
        removal.perform(archive.root, Removal(written=written))


def trash_size(archive: Archive) -> tuple[int, int]:
    """Count the files in the trash, and their bytes."""
    files = [path for path in (archive.root / TRASH).rglob("*") if path.is_file()]
    return len(files), sum(path.stat().st_size for path in files)


def _delete(
    archive: Archive,
    names: Sequence[str],
    some: Sequence[Episode],
    files: Iterable[str],
    then: Gone,
    who: str = "",
) -> Act:
    require_own(archive)
    require_idle(archive, [each.key for each in some])
    hearings.forget(archive, [each.key for each in some])
    sounds = (path for each in some for path in measured(archive, each))
    # of several no one names the folder: any may be forgotten
    folder = names[0].rpartition("/")[2] if len(names) == 1 else "episodes"
    trash = to_trash(folder, (*files, *sounds))
    noted = Rewriting(FILE, text_of(archive.root / FILE), render_gone(then))
    return perform(archive, Act("delete", tuple(names), {}, trash, (noted,), who=who))


def parted(archive: Archive, some: Iterable[Episode], reason: str, *, undone: bool = False) -> Gone:
    """Note some episodes as gone; if `undone`, with their ingest, a keeper may take them anew."""
    known, now = read_gone(archive.root), dt.datetime.now()
    episodes, recordings, today = dict(known.episodes), dict(known.recordings), str(now.date())
    for each in some:
        departure = Departure(reason or each.reason, today, each.is_waiting(now))
        episodes |= dict.fromkeys((each.key, *each.formerly), departure)
        taken = discarded(each, today)
        recordings |= {a: replace(discard, undone=undone) for a, discard in taken.items()}
    return replace(known, episodes=episodes, recordings=recordings)


def forget_episode(
    archive: Archive, key: str, who: str = "", *, is_copy: bool = False
) -> list[str]:
    """Purge an episode, present or deleted; name the files that may still speak of it. What waits
    for a key goes first: afterwards nobody knows the keys. So do sent copies of the sound. The
    journal does not say which episode. With `is_copy` the original decided."""
    copies = sent_copies(archive, key)
    with archive.lock():
        if not is_copy:
            require_own(archive)
        require_idle(archive, [key])
        what = _find(archive, key, read_gone(archive.root))
        said = "" if is_copy else erasing.text_said(archive, key)
        left = erasing.find_unsaid(archive, key, said, "")
        plan = Removal(written=_changes(archive, what, left))
        for each in what.keys:
            journal.forget(archive.root, each)
        forget_waiting(archive, what.keys)
        left.forget(archive)
        removal.perform(archive.root, plan)
        fixity_log.forget(archive.root, lambda path: paths.key_of(path) in what.keys)
        holds = erasing.speaking_of(what.keys, what.sounds)
        unknown = list(erasing.unknown_files(archive, what.keys, holds))
    remove_copies(archive, copies)
    if not is_copy:
        journal.note(archive.root, "forget", who=who)
    return unknown


def forget_waiting(archive: Archive, keys: Iterable[str]) -> None:
    """Forget what waits for a decision on episodes with these keys."""
    for key in keys:
        queue.forget(archive.root, key)
        uploads.forget(archive, key)
        inbox.forget(archive, key)


def _find(archive: Archive, key: str, known: Gone) -> Forgotten:
    show, _slash, slug = key.partition("/")
    aside = sorted((archive.root / TRASH).glob(f"*/{paths.sidecar(key)}"))
    try:
        episode: Episode | None = archive.episode(key)
    except NotFoundError:
        episode = None
    while not episode and aside:
        with contextlib.suppress(ArchiveError):
            episode = read_episode(show, slug, read_bytes(path := aside.pop()), path)
    keys = keys_of(archive, episode) if episode else frozenset({key})
    sounds = {sha256: each.packets for sha256, each in known.recordings.items() if each.key in keys}
    if episode:
        sounds |= dict.fromkeys(episode.audio.formerly, "")
        sounds[episode.audio.sha256] = episode.audio.packets
    if not sounds and key not in known.episodes:
        raise NotFoundError(_("{key} : pas d’épisode de ce nom ; `radio list` les liste"), key=key)
    return Forgotten(keys, sounds, episode.guid if episode else "")


def _changes(archive: Archive, what: Forgotten, left: erasing.UnsaidWords) -> dict[str, str | None]:
    """Give the new text of each file that tells of the episode; None for those that go."""
    root, lists = archive.root, dict[str, str]()
    for path in (each.path for each in BESIDE if each.forget):
        text = text_of(root / path)
        if text and (less := stores.without(path, text, what)) != text:
            lists[path] = less
    noted = lists.get(gone.FILE)
    known = gone.parse(noted.encode(), gone.FILE) if noted else read_gone(root)
    lists[gone.FILE] = gone.render_gone(gone.with_hashes(known, what))
    if is_file(root / INVENTORY):
        lines = read_bytes(root / INVENTORY).decode().splitlines(keepends=True)
        lists[INVENTORY] = "".join(line for line in lines if paths.key_of(line) not in what.keys)
    slugs = (key.partition("/")[2] for key in what.keys)
    made = caches_of(archive, what.sounds, what.keys)
    naming = lists_naming(archive, {*what.keys, *what.sounds, *slugs})
    files = (*stores.files(root, what.keys), *made, *naming)
    past = erasing.history_without(root, what, forgotten=True, amend=left.amend)
    return {**past, **left.changes(), **lists, **dict.fromkeys(files)}
