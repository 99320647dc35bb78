"""Say what listeners may do with a recording, and what music it plays: one act, for keepers."""

from collections.abc import Sequence
from dataclasses import replace

from radio.actions.publishing import amend
from radio.archive import Archive
from radio.archive.episode import Episode
from radio.archive.rights import Rights


def grant(
    archive: Archive,
    key: str,
    rights: Rights,
    playlist: Sequence[str],
    *,
    note: str = "",
    who: str = "",
    seen: Episode | None = None,
) -> int:
    """Give an episode rights and a playlist; tell how many episodes that changes.

    Raises NotFoundError if there is none of that key, ArchiveError, having changed nothing, if it
    changed since it was `seen`, or the disk refuses.
    """
    before = seen or archive.episode(key)

    def change(episode: Episode) -> Episode:
        return replace(episode, rights=rights, playlist=tuple(playlist))

    changed = [name for name in ("rights", "playlist") if _differs(before, change(before), name)]
    told = ", ".join(changed)
    return amend(archive, [key], "edit", change, told=told, note=note, who=who, seen=before)


def _differs(before: Episode, after: Episode, name: str) -> bool:
    return bool(getattr(before, name) != getattr(after, name))
