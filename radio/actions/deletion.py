"""Delete an episode or a show: its files go to the trash, its addresses say that it is gone.

`undo` brings all of it back, until the trash is emptied.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from radio.actions.action import NOTE, Input
from radio.actions.undoing import undo
from radio.archive import Archive, hearings, history, journal, removal, stores
from radio.archive.acts import changed_meanwhile, perform, require_idle, require_own, to_trash
from radio.archive.changes import TRASH
from radio.archive.episode import Episode
from radio.archive.gone import FILE, Departure, discarded, read_gone, render_gone
from radio.archive.history import Act, Renaming, Rewriting, text_of
from radio.archive.removal import Removal
from radio.archive.stores import TRASHED
from radio.derived.cache import measured
from radio.system.errors import NotFoundError
from radio.system.messages import _

FIELDS = (
    Input("reason", help=_("Ce qui est dit à qui le demande.")),
    Input(
        "fate",
        "choice",
        choices=("trash", "forget"),
        flags={"forget": _("Effacer des épisodes sans laisser de trace ; rien ne les ramène.")},
    ),
    NOTE,
)
IN_TRASH = ("delete", "merge", "replace")
"""Acts that can't be taken back once the trash is emptied."""


def delete_episode(
    archive: Archive,
    key: str,
    reason: str = "",
    *,
    note: str = "",
    who: str = "",
    seen: Episode | None = None,
) -> Act:
    """Delete an episode; `reason` is told to whoever asks for it, `note` to keepers alone.

    Raises NotFoundError if there is none of that key, ArchiveError if it changed since it was
    `seen` or the disk refuses, BusyError while it is being transcribed.
    """
    with archive.lock():
        episode = archive.episode(key)
        if seen and episode != seen:
            raise changed_meanwhile(key)
        hearings.forget(archive, [key])
        own = stores.files(archive.root, [key], *TRASHED)
        trash = to_trash(episode.slug, (*own, *measured(archive, episode)))
        act = _delete(archive, key, trash, [episode], reason, {})
    journal.note(archive.root, "delete", key=key, facts={"reason": reason}, note=note, who=who)
    return act


def delete_show(
    archive: Archive, slug: str, reason: str = "", *, note: str = "", who: str = ""
) -> Act:
    """Delete a show with all its episodes; the same otherwise."""
    with archive.lock():
        show, episodes = archive.show(slug), archive.episodes(slug)
        hearings.forget(archive, [each.key for each in episodes])
        sounds = (path for each in episodes for path in measured(archive, each))
        trash = to_trash(slug, (*stores.files_of_show(archive.root, slug), *sounds))
        names = dict.fromkeys((slug, *show.formerly), _departure(reason))
        act = _delete(archive, slug, trash, episodes, reason, names)
    journal.note(archive.root, "delete", key=slug, facts={"reason": reason}, note=note, who=who)
    return act


def restore(archive: Archive, name: str, *, who: str = "") -> Act:
    """Bring back what was deleted, by the name of the act.

    Raises NotFoundError if no deletion of that name stands, ArchiveError if something is in the
    way.
    """
    if name not in {each.name for each in deletions(archive)}:
        told = _("{name} : pas de geste de ce nom à annuler ; `radio undo --list` les nomme")
        raise NotFoundError(told, name=name)
    return undo(archive, name, who)


def deletions(archive: Archive) -> list[Act]:
    """List what was deleted and lies in the trash, the newest first."""
    acts = history.acts(archive.root)
    return [each for each in acts if each.what == "delete" and each.state == "done"]


def empty_trash(archive: Archive) -> None:
    """Remove for ever what was deleted, all of it, whatever cuts that short.

    Raises ArchiveError if the disk refuses.
    """
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
    name: str,
    trash: tuple[Renaming, ...],
    episodes: list[Episode],
    reason: str,
    shows: dict[str, Departure],
) -> Act:
    require_own(archive)
    require_idle(archive, [each.key for each in episodes])
    known, today = read_gone(archive.root), dt.date.today().isoformat()
    recordings = {key: each for one in episodes for key, each in discarded(one, today).items()}
    gone = replace(
        known,
        episodes={**known.episodes, **_departed(episodes, reason)},
        shows={**known.shows, **shows},
        recordings={**known.recordings, **recordings},
    )
    noted = Rewriting(FILE, text_of(archive.root / FILE), render_gone(gone))
    return perform(archive, Act("delete", (name,), {}, trash, (noted,)))


def _departed(episodes: Iterable[Episode], reason: str) -> dict[str, Departure]:
    """Say of each key of some episodes, the former ones too, that it is gone."""
    today, gone = dt.date.today(), dict[str, Departure]()
    for each in episodes:
        known = each.is_public(today) or each.is_withdrawn(today)
        told = _departure(reason or each.reason, untold=not known)
        gone |= dict.fromkeys((each.key, *each.formerly), told)
    return gone


def _departure(reason: str, *, untold: bool = False) -> Departure:
    return Departure(reason, dt.date.today().isoformat(), untold)
