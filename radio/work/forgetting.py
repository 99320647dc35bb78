"""An episode is purged without a trace, with what was sent of it and waits to be decided on."""

from radio.actions.forgetting import forget_episode
from radio.archive import Archive, journal
from radio.ingest import drops, uploads
from radio.proposals import queue as proposals
from radio.proposals.twins.arrivals import remove_copies, sent_copies


def purge_copy(archive: Archive, key: str) -> None:
    """Purge an episode of a copy, as its original did; raises as `forget_episode` does."""
    _purge(archive, key, is_copy=True)


def purge(archive: Archive, key: str, who: str = "") -> list[str]:
    """Purge an episode, what listeners propose for it, and what keepers sent of its sound.

    What was sent is listened to first: another copy of the sound goes, too.
    The journal says that somebody did, and not which. Gives the files, beneath the root, that may
    speak of it still (`unknown_files`). Raises as `forget_episode` does.
    """
    left = _purge(archive, key)
    journal.note(archive.root, "forget", who=who)
    return left


def _purge(archive: Archive, key: str, *, is_copy: bool = False) -> list[str]:
    def also(each: str) -> None:
        proposals.forget(archive.root, each)
        uploads.forget(archive, each)
        drops.forget(archive, each)

    copies = sent_copies(archive, key)
    left = forget_episode(archive, key, also, is_copy=is_copy)
    remove_copies(archive, copies)
    return left
