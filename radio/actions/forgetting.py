"""Forget an episode: purge it without a trace, in files, index, caches, history, trash, journal.

Nothing says afterwards that it was there: its address answers as any that never was. What stays,
in `gone.json`, are hashes, which tell nothing to whoever doesn't have what they are of: those of
the recording, so that no source brings it back, and of its key, so that mirrors let nobody hear it.
"""

import contextlib
from collections.abc import Iterable

from radio.actions.erasing import (
    UnsaidWords,
    find_unsaid,
    history_without,
    lists_without,
    speaking_of,
    text_said,
    unknown_files,
)
from radio.archive import Archive, gone, journal, paths, removal, stores
from radio.archive.acts import require_idle, require_own
from radio.archive.changes import TRASH
from radio.archive.episode import Episode, read_episode
from radio.archive.gone import Forgotten, Gone, read_gone
from radio.archive.keys import keys_of
from radio.archive.removal import Removal
from radio.derived.cache import INVENTORY, caches_of, lists_naming
from radio.ingest import inbox, uploads
from radio.proposals import queue
from radio.proposals.twins.arrivals import remove_copies, sent_copies
from radio.system.disk import is_file, read_bytes
from radio.system.errors import ArchiveError, NotFoundError
from radio.system.messages import _


def forget_episode(
    archive: Archive, key: str, who: str = "", *, is_copy: bool = False
) -> list[str]:
    """Purge an episode, or what is left of one that was deleted; give what may speak of it still.

    What waits of each key goes first: once all is gone nobody knows the keys. What keepers sent is
    listened to: another copy of the sound goes, too. The journal says that somebody did, and not
    which. In a copy of another archive its original says so, and what shows keep of it comes from
    there. Raises NotFoundError if nothing is known of that key, ArchiveError if the disk refuses,
    BusyError while it is being transcribed.
    """
    copies = sent_copies(archive, key)
    with archive.lock():
        if not is_copy:
            require_own(archive)
        require_idle(archive, [key])
        what = _find(archive, key, read_gone(archive.root))
        left = find_unsaid(archive, key, "" if is_copy else text_said(archive, key), "")
        plan = Removal(written=_changes(archive, what, left))
        for each in what.keys:
            journal.forget(archive.root, each)
        forget_waiting(archive, what.keys)
        left.forget(archive)
        removal.perform(archive.root, plan)
        unknown = list(unknown_files(archive, what.keys, speaking_of(what.keys, what.sounds)))
    remove_copies(archive, copies)
    if not is_copy:
        journal.note(archive.root, "forget", who=who)
    return unknown


def forget_waiting(archive: Archive, keys: Iterable[str]) -> None:
    """Forget what waits to be decided on, and is of an episode with some of these keys."""
    for key in keys:
        queue.forget(archive.root, key)
        uploads.forget(archive, key)
        inbox.forget(archive, key)


def _find(archive: Archive, key: str, known: Gone) -> Forgotten:
    """Tell all that an episode is known by. Raises NotFoundError if nothing is."""
    episode = _episode(archive, key)
    keys = keys_of(archive, episode) if episode else frozenset({key})
    sounds = {sha256: each.packets for sha256, each in known.recordings.items() if each.key in keys}
    if episode:
        sounds |= dict.fromkeys(episode.audio.formerly, "")
        sounds[episode.audio.sha256] = episode.audio.packets
    if not sounds and key not in known.episodes:
        raise NotFoundError(_("{key} : pas d’épisode de ce nom ; `radio list` les nomme"), key=key)
    return Forgotten(keys, sounds, episode.guid if episode else "")


def _episode(archive: Archive, key: str) -> Episode | None:
    """Read an episode, or what its sidecar said when it was deleted; None if neither is there."""
    with contextlib.suppress(NotFoundError):
        return archive.episode(key)
    show, _slash, slug = key.partition("/")
    for path in sorted((archive.root / TRASH).glob(f"*/{paths.sidecar(key)}"), reverse=True):
        with contextlib.suppress(ArchiveError):
            return read_episode(show, slug, read_bytes(path), path)
    return None


def _changes(archive: Archive, what: Forgotten, left: UnsaidWords) -> dict[str, str | None]:
    """Give what is left of each file that tells of the episode; None for those that go."""
    root, lists = archive.root, lists_without(archive.root, what)
    text = lists.get(gone.FILE)
    known = gone.parse(text.encode(), gone.FILE) if text else read_gone(root)
    lists[gone.FILE] = gone.render_gone(gone.with_hashes(known, what))
    if is_file(root / INVENTORY):
        lines = read_bytes(root / INVENTORY).decode().splitlines(keepends=True)
        lists[INVENTORY] = "".join(line for line in lines if paths.key_of(line) not in what.keys)
    slugs = (key.partition("/")[2] for key in what.keys)
    files = (
        *stores.files(root, what.keys),
        *caches_of(archive, what.sounds, what.keys),
        *lists_naming(archive, {*what.keys, *what.sounds, *slugs}),
    )
    past = history_without(root, what, forgotten=True, amend=left.amend)
    return {**past, **left.changes(), **lists, **dict.fromkeys(files)}
