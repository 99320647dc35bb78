"""Forget an episode: purge it without a trace, in files, index, caches, history, trash, journal.

Nothing says afterwards that it was there: its address answers as any that never was. What stays,
in `gone.json`, are hashes, which tell nothing to whoever doesn't have what they are of: those of
the recording, so that no source brings it back, and of its key, so that mirrors let nobody hear it.
"""

import contextlib
import hashlib
from collections.abc import Callable, Collection, Iterator, Set
from dataclasses import replace
from pathlib import Path

from radio.actions.remnants import Remnants, find_remnants, text_said
from radio.actions.unknown_files import speaking_of, unknown_files
from radio.archive import Archive, apart, consents, journal, paths, pseudonyms, removal
from radio.archive.belongings import belonging, require_idle, require_own
from radio.archive.episode import Episode, read_episode
from radio.archive.gone import FILE, Discard, Gone, read_gone, render_gone, without
from radio.archive.removal import TRASH, Removal, Wording
from radio.archive.traces import caches_of, history_without, key_of, keys_of, sealed, trashed
from radio.system import records
from radio.system.disk import is_file, read_bytes
from radio.system.errors import ArchiveError, NotFoundError
from radio.system.messages import _

LISTS = ("*.json", "*.txt", "checksums/**/*.txt")
"""Caches that name many episodes; they are made anew."""
INVENTORY = "cache/inventory.txt"


def forget_episode(
    archive: Archive,
    key: str,
    also: Callable[[str], None] = lambda _: None,
    *,
    is_copy: bool = False,
) -> list[str]:
    """Purge an episode, or what is left of one that was deleted; give what may speak of it still.

    `also` forgets first what others hold of each key: once all is gone nobody knows the keys. In a
    copy of another archive its original says so, and what shows keep of it comes from there.
    Raises NotFoundError if nothing is known of that key, ArchiveError if the disk refuses,
    BusyError while it is being transcribed.
    """
    with archive.lock():
        if not is_copy:
            require_own(archive)
        require_idle(archive, [key])
        gone = read_gone(archive.root)
        episode = _episode(archive, key)
        keys = keys_of(archive, episode) if episode else frozenset({key})
        sounds = _sounds(gone, episode, keys)
        if not episode and not sounds and key not in gone.episodes:
            raise NotFoundError(
                _("{key}: no such episode; `radio list` names them").format(key=key)
            )
        said = "" if is_copy else text_said(archive, key)
        left = find_remnants(archive, key, said, "")
        plan = _plan(archive, keys, sounds, episode, gone, left)
        for each in keys:
            journal.forget(archive.root, each)
            also(each)
        left.forget(archive)
        removal.perform(archive.root, plan)
        return list(unknown_files(archive, keys, speaking_of(keys, sounds)))


def _episode(archive: Archive, key: str) -> Episode | None:
    """Read an episode, or what its sidecar said when it was deleted; None if neither is there."""
    with contextlib.suppress(NotFoundError):
        return archive.episode(key)
    show, _slash, slug = key.partition("/")
    for path in sorted((archive.root / TRASH).glob(f"*/{paths.sidecar(key)}"), reverse=True):
        with contextlib.suppress(ArchiveError):
            return read_episode(show, slug, read_bytes(path), path)
    return None


def _sounds(gone: Gone, episode: Episode | None, keys: Collection[str]) -> dict[str, str]:
    """Give the hashes of the recordings of an episode, each with that of its sound alone."""
    known = {sha256: each.packets for sha256, each in gone.recordings.items() if each.key in keys}
    if episode:
        known |= dict.fromkeys(episode.audio.formerly, "")
        known[episode.audio.sha256] = episode.audio.packets
    return known


def _plan(
    archive: Archive,
    keys: Set[str],
    sounds: dict[str, str],
    episode: Episode | None,
    gone: Gone,
    left: Remnants,
) -> Removal:
    past = list(history_without(archive, keys, forgotten=True, amend=left.amend))
    words = [each for each in past if isinstance(each, Wording)]
    words += left.wordings()
    words.append(Wording(FILE, render_gone(_forgotten(gone, keys, sounds))))
    words += _apart(archive.root, episode)
    words += _inventory(archive.root, keys)
    files = (path for key in sorted(keys) for path in belonging(archive, key))
    erased = (each for each in past if isinstance(each, str))
    return Removal(
        wordings=tuple(words),
        deletions=(
            *files,
            *trashed(archive, keys),
            *sealed(archive, keys),
            *map(consents.path_of, sorted(keys)),
            *map(pseudonyms.path_of, sorted(keys)),
            *erased,
            *left.deletions(),
            *caches_of(archive, sounds, keys),
            *_lists(archive, {*keys, *sounds, *(key.partition("/")[2] for key in keys)}),
        ),
    )


def _forgotten(gone: Gone, keys: Set[str], sounds: dict[str, str]) -> Gone:
    """Leave nothing but hashes of an episode and its recordings."""
    left = without(gone, keys)
    hashes = {sha256: Discard("", packets=packets) for sha256, packets in sounds.items()}
    names = (hashlib.sha256(key.encode()).hexdigest() for key in keys)
    return replace(
        left,
        recordings={**left.recordings, **hashes},
        forgotten=tuple(sorted({*left.forgotten, *names})),
    )


def _apart(root: Path, episode: Episode | None) -> Iterator[Wording]:
    """Leave an episode out of those that a keeper told apart."""
    known = apart.read_apart(root)
    pairs = tuple(pair for pair in known.apart if not episode or episode.guid not in pair)
    if pairs != known.apart:
        content = records.render(replace(known, apart=pairs), version=apart.VERSION)
        yield Wording(apart.FILE, content.decode())


def _inventory(root: Path, keys: Collection[str]) -> Iterator[Wording]:
    """Leave an episode out of the files that an archive had."""
    if is_file(root / INVENTORY):
        lines = read_bytes(root / INVENTORY).decode().splitlines(keepends=True)
        yield Wording(INVENTORY, "".join(line for line in lines if key_of(line) not in keys))


def _lists(archive: Archive, names: Collection[str]) -> Iterator[str]:
    """Name the caches that name an episode or its recording among others."""
    needles = [name.encode() for name in names]
    for path in (path for pattern in LISTS for path in archive.cache.glob(pattern)):
        relative = path.relative_to(archive.root).as_posix()
        if relative == INVENTORY or not is_file(path):
            continue
        try:
            content = read_bytes(path)
        except ArchiveError:
            content = b"".join(needles)
        if any(needle in content for needle in needles):
            yield relative
