"""What follows at once when an episode has changed: the search, and what was made of it."""

from collections.abc import Collection

from radio.archive import Archive, holdings
from radio.derived import cache
from radio.search import Index


def catch_up(
    archive: Archive, index: Index, changed: Collection[str] = (), *, accept: bool = False
) -> None:
    """Let the search follow, and forget what was made of what nobody may have any more.

    All that was made of the episodes with the keys `changed` is forgotten first: it quotes what
    they said. `accept` is for what is meant to be gone. Raises SearchError if the index does not
    follow, ArchiveError if the disk refuses.
    """
    if changed:
        cache.forget(archive, holdings.public_keys(archive) - set(changed))
    try:
        index.refresh(accept=accept)
    finally:
        cache.forget(archive, holdings.stamps(archive).keys())
