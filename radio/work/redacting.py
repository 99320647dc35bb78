"""A passage is taken out of an episode, and out of all that quotes it or was made of it."""

from radio.actions.redacting import Request, redact
from radio.actions.unknown_files import speaking_of, unknown_files
from radio.archive import Archive
from radio.archive.episode import Episode
from radio.archive.keys import keys_of, sounds_of
from radio.ingest import drops, uploads
from radio.proposals import queue as proposals
from radio.proposals.twins.arrivals import remove_copies, sent_copies
from radio.search import Index
from radio.system.progress import Progress
from radio.work.following import catch_up


def take_out(
    archive: Archive, index: Index, episode: Episode, asked: Request, progress: Progress
) -> list[str]:
    """Take a passage out of an episode; proposals for it, search and what was made of it follow.

    It takes minutes for a long recording. Gives the files, beneath the root, that may still hold
    what was said there (`unknown_files`). Raises as `redact` does.
    """
    keys = keys_of(archive, episode)

    def forget_waiting() -> None:  # what quotes what stood there, or sounds like it
        for each in keys:
            proposals.forget(archive.root, each)
            uploads.forget(archive, each)
            drops.forget(archive, each)

    copies = sent_copies(archive, episode.key)
    redact(archive, episode.key, asked, progress, forget_waiting)
    remove_copies(archive, copies)
    forget_waiting()  # that came meanwhile
    catch_up(archive, index, [episode.key])
    return list(unknown_files(archive, keys, speaking_of(keys, sounds_of(episode))))
