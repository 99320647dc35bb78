"""Undo of an ingest: what a run took, or some of it, leaves the archive and may be taken anew.

Files go to the trash; a recording of the inbox goes back there, to the refused ones, with a note:
so it is not taken at once again. An episode that somebody worked on since stays, unless a keeper
names it. Where only some go, they become a run of their own first, which is then undone."""

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from radio.actions.deletion import parted
from radio.archive import Archive, acts, gone, hearings, history, paths, pseudonyms, stores
from radio.archive.acts import require_idle, require_own, to_trash
from radio.archive.authorship import status_of
from radio.archive.episode import Episode
from radio.archive.gone import render_gone
from radio.archive.history import Act, Renaming, Rewriting, text_of
from radio.archive.stores import TRASHED
from radio.derived.cache import measured
from radio.ingest.inbox import places_back
from radio.ingest.run import TAKEN
from radio.proposals import queue
from radio.system.disk import stamp
from radio.system.errors import ArchiveError, NotFoundError
from radio.system.messages import _

SOON = 60.0  # seconds after its recording came in, until which the sidecar is as it was made
OF_PEOPLE = ("reread", "changed")  # texts
BY_PEOPLE = ("desk", "sealed")  # folders that have files of an episode only if somebody acted
log = logging.getLogger(__name__)


def episodes_of(archive: Archive, run: Act) -> dict[str, bool]:
    """Give the episodes of a run that are here, and whether somebody worked on each since."""
    touched = {each.key for each in queue.read(archive.root).waiting}
    for act in history.acts(archive.root):
        if act.state == "done" and act.when >= run.when and act.name != run.name:
            touched.update(act.keys, (paths.key_of(each.path) for each in act.rewritings))
    here = _here(archive, run.keys)
    return {each.key: each.key in touched or _is_changed(archive, each, run) for each in here}


def undo_run(archive: Archive, run: Act, keys: Sequence[str] = ()) -> Act:
    """Undo a run: what nobody worked on since, or the episodes with these keys; warn of what stays.
    Raises NotFoundError for a key that is none of it, ArchiveError if all were worked on."""
    require_own(archive)
    with archive.lock():
        known = episodes_of(archive, run)
        if strange := next((each for each in keys if each not in known), ""):
            raise NotFoundError(_("{key} : pas un épisode de cet ajout"), key=strange)
        chosen = tuple(keys or (key for key, is_worked_on in known.items() if not is_worked_on))
        left = tuple(key for key in known if key not in chosen)
        if left and not chosen:
            message = _(
                "{keys} : quelqu’un y a travaillé depuis ; rien n’a été fait ; `radio undo {run} "
                "CLÉ` défait aussi ceux que vous nommez"
            )
            raise ArchiveError(message, keys=", ".join(left), run=run.name)
        if left:
            part = replace(history.named(archive.root, run), keys=chosen, when=run.when)
            history.keep(archive.root, part)
            history.keep(archive.root, replace(run, keys=left))
            run = part
    undone = acts.undo(archive, run.name, partial(_leaving, keys=chosen))
    if left and not keys:
        message = _("{keys} : reste ici : quelqu’un y a travaillé depuis")
        log.warning("%s", _(message, keys=", ".join(left)))
    return undone


def _here(archive: Archive, keys: Sequence[str]) -> list[Episode]:
    return [each for each in archive.episodes() if each.key in keys]


def _is_changed(archive: Archive, episode: Episode, run: Act) -> bool:
    """Whether people changed the sidecar or the text, or noted something in private; a bag brings
    texts of people and hidden names, and its sidecars tell when others took the recordings."""
    key, bag = episode.key, float(run.facts.get(TAKEN, 0.0))
    try:
        taken = bag or dt.datetime.fromisoformat(episode.source.retrieved).timestamp()
    except ValueError:
        return True
    written, said = (stamp(each(key))[0] / 1e9 for each in (archive.sidecar_path, archive.vtt_path))
    is_text = said > taken + SOON * bool(bag) and status_of(archive, key) in OF_PEOPLE
    private = stores.files(archive.root, [key], *BY_PEOPLE)
    noted = (each for each in private if not (bag and each.startswith(pseudonyms.FOLDER)))
    return written > taken + SOON or is_text or next(noted, None) is not None


def _leaving(archive: Archive, run: Act, keys: Sequence[str]) -> Act:
    """Give a run as it is undone: what is at `new` of its renamings goes to `old`."""
    some = _here(archive, keys)
    require_idle(archive, list(keys))
    hearings.forget(archive, keys)
    files = list(stores.files(archive.root, keys, *TRASHED))
    files += (path for each in some for path in measured(archive, each))
    places = {each.old: each.new for each in to_trash("ingest", files)}
    left = text_of(archive.root / gone.FILE)
    written = [Rewriting(gone.FILE, render_gone(parted(archive, some, "", undone=True)), left)]
    if run.facts.get("origin") == "inbox":
        for path, there, note in places_back(archive, some, files):
            places[path] = there
            written += [Rewriting(f"{there}.txt", note, None)] if note else []
    moved = tuple(Renaming(places[path], path) for path in reversed(files))
    return replace(run, keys=tuple(keys), renamings=moved, rewritings=tuple(written))
