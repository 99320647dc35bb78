"""Take back the replacement of a recording: the old one comes out of the trash, with its texts.

What took its place goes to the trash in turn. Nothing is overwritten that was written since.
"""

from dataclasses import replace
from pathlib import Path

from radio.actions.replacing import MEMORY, VERSION, Replaced, sums_of
from radio.actions.returning import with_names_hidden
from radio.archive import Archive, history, journal, paths, removal
from radio.archive.acts import require_idle, require_own, to_trash
from radio.archive.episode import Episode, read_episode
from radio.archive.history import Act
from radio.archive.keys import keys_of, sounds_of
from radio.archive.removal import Installment, Removal, Sealing, Wording
from radio.derived.cache import OF_ALL, caches_of
from radio.system import records
from radio.system.disk import is_file, read_bytes
from radio.system.errors import ArchiveError, NotFoundError
from radio.system.messages import _
from radio.text.transcript import LARGEST_EVIDENCE


def replacements(archive: Archive, key: str) -> list[Act]:
    """List the replacements of the recording of an episode that stand, the newest first."""
    acts = history.acts(archive.root)
    return [
        each for each in acts if (each.what, each.keys, each.state) == ("replace", (key,), "done")
    ]


def reinstate(archive: Archive, act: Act, *, who: str = "") -> Act:
    """Put the recording back that was replaced, with its sidecar and texts, if nothing changed.

    Raises NotFoundError if there is no such episode, ArchiveError, having done nothing, if
    something of it changed since, or is in the trash no longer, or if the disk refuses, BusyError
    while the episode is being transcribed.
    """
    require_own(archive.require())
    with archive.lock():
        new = archive.episode(act.keys[0])
        require_idle(archive, [new.key])
        old = _require_same(archive, new, act)
        undone = replace(act, state="undone")
        removal.perform(archive.root, _plan(archive, new, old, undone))
    journal.note(archive.root, "undo", key=new.key, facts={"undone": "replace"}, who=who)
    return undone


def _require_same(archive: Archive, new: Episode, act: Act) -> Episode:
    """Give the episode as it was, where all of it is in the trash and nothing changed since."""
    aside = {each.old: archive.root / each.new for each in act.renamings}
    memory = _memory(archive, new, act)
    sidecar = paths.sidecar(new.key)
    if sidecar not in aside or not all(map(is_file, (*aside.values(), memory))):
        raise NotFoundError(_("{key}: what was replaced is in the trash no longer"), key=new.key)
    known = records.read(Replaced, read_bytes(memory), memory, version=VERSION)
    if new.audio.sha256 != known.audio or sums_of(archive, new.key) != dict(known.written):
        raise ArchiveError(_("{key}: changed meanwhile; nothing was done"), key=new.key)
    return read_episode(new.show, new.slug, read_bytes(aside[sidecar]), aside[sidecar])


def _memory(archive: Archive, new: Episode, act: Act) -> Path:
    first = act.renamings[0]
    folder = first.new.removesuffix(f"/{first.old}")
    return archive.root / folder / MEMORY.format(key=new.key)


def _plan(archive: Archive, new: Episode, old: Episode, undone: Act) -> Removal:
    sound = paths.audio(old)
    back = [each for each in undone.renamings if each.old != sound]
    texts = {
        each.old: read_bytes(archive.root / each.new, LARGEST_EVIDENCE).decode() for each in back
    }
    kept = (paths.audio(new), *(each.old for each in back))
    caches = caches_of(archive, sounds_of(new), keys_of(archive, new))
    return Removal(
        sealings=tuple(Sealing(each.old, each.new) for each in to_trash(new.slug, kept)),
        installments=tuple(
            Installment(each.new, each.old) for each in undone.renamings if each.old == sound
        ),
        wordings=(
            *(Wording(path, text) for path, text in with_names_hidden(archive, texts).items()),
            Wording(*history.record(undone)),
        ),
        deletions=(
            *(each.new for each in back),
            _memory(archive, new, undone).relative_to(archive.root).as_posix(),
            *(path for path in caches if path not in OF_ALL),
        ),
    )
