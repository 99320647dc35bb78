"""What the original renamed is renamed in its copy, so that no recording is fetched twice."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from radio.archive import Archive, paths, stores
from radio.archive.acts import key_act, named, perform
from radio.archive.episode import Episode, render_episode
from radio.archive.history import Act
from radio.archive.paths import key_of, path_under
from radio.archive.stores import SHOWS
from radio.mirror.client import Offer
from radio.mirror.difference import hash_here
from radio.mirror.manifest import ListedFile
from radio.mirror.origin import Origin, write_origin


def follow_renames(archive: Archive, offer: Offer, known: Origin) -> Origin:
    """Give episodes and shows the names that they have in the offer, and tell what was offered.

    An episode is known by its recording, a show by the episodes that it had. Raises ArchiveError if
    the disk refuses.
    """
    entries = {entry.path: entry for entry in offer.entries}
    with archive.lock():
        for old, new in _shows(archive, entries).items():
            known = _rename_show(archive, old, new, known)
        for episode, key in list(_episodes(archive, entries)):
            known = _rename_episode(archive, episode, key, known)
    return known


def _episodes(archive: Archive, entries: Mapping[str, ListedFile]) -> Iterator[tuple[Episode, str]]:
    """Give the episodes that are offered under another key only, with that key."""
    keys = {entry.sha256: entry.key for entry in entries.values() if entry.kind == "audio"}
    for episode in archive.episodes():
        key = keys.get(episode.audio.sha256, episode.key)
        is_offered = paths.sidecar(episode.key) in entries
        if (
            not is_offered
            and key != episode.key
            and not any(stores.files(archive.root, [key], *SHOWS))
        ):
            yield episode, key


def _shows(archive: Archive, entries: Mapping[str, ListedFile]) -> dict[str, str]:
    """Give the shows all of whose episodes are offered in another, which is not here."""
    found: dict[str, set[str]] = {}
    for episode, key in _episodes(archive, entries):
        found.setdefault(episode.show, set()).add(key.partition("/")[0])
    return {
        old: new
        for old, news in found.items()
        for new in news
        if len(news) == 1 and not (archive.media / new).exists()
        if paths.show(old) not in entries and paths.show(new) in entries
    }


def _rename_show(archive: Archive, old: str, new: str, known: Origin) -> Origin:
    under = {path: path.replace(f"/{old}/", f"/{new}/", 1) for path in known.offered}
    known = _note(archive, known, {path: new for path, new in under.items() if path != new})
    moves = tuple(stores.renamed_show(archive.root, old, new))
    perform(archive, Act("rename", (old,), {"to": new}, moves))
    return known


def _rename_episode(archive: Archive, episode: Episode, key: str, known: Origin) -> Origin:
    """Rename an episode; a sidecar that nobody corrected here counts as offered."""
    show, _slash, slug = key.partition("/")
    new = named(replace(episode, show=show, slug=slug), episode)
    own = (path for path in known.offered if key_of(path) == episode.key)
    places = {path: path_under(path, episode.key, key) for path in own}
    is_theirs = hash_here(archive.sidecar_path(episode.key)) in known.offered.get(
        paths.sidecar(episode.key), ()
    )
    sha256 = hashlib.sha256(render_episode(new)).hexdigest()
    added = {paths.sidecar(key): (sha256,)} if is_theirs else {}
    known = _note(archive, known, places, added)
    perform(archive, key_act(archive, episode, new, "rename"))
    return known


def _note(
    archive: Archive,
    known: Origin,
    places: Mapping[str, str],
    added: Mapping[str, tuple[str, ...]] = {},
) -> Origin:
    """Note before a renaming what was offered of files, under their new paths too."""
    moved = {new: (*known.offered[old], *added.get(new, ())) for old, new in places.items()}
    known = replace(known, offered={**known.offered, **moved})
    write_origin(archive.root, known)
    return known
