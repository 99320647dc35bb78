"""A passage is taken out of an episode, and out of all that quotes it or was made of it."""

from radio.acts.redacting import Request, redact
from radio.archive import Archive
from radio.caches import forget
from radio.episode import Episode
from radio.holdings import public_keys
from radio.ingest import drops, uploads
from radio.mending import proposals
from radio.progress import Progress
from radio.search import Index
from radio.traces import keys_of
from radio.work.sent_copies import remove_copies, sent_copies


def take_out(
    archive: Archive, index: Index, episode: Episode, asked: Request, progress: Progress
) -> None:
    """Take a passage out of an episode; proposals for it, search and what was made of it follow.

    It takes minutes for a long recording. Raises as `redact` does.
    """

    def forget_waiting() -> None:  # what quotes what stood there, or sounds like it
        for each in keys_of(archive, episode):
            proposals.forget(archive.root, each)
            uploads.forget(archive, each)
            drops.forget(archive, each)

    copies = sent_copies(archive, episode.key)
    redact(archive, episode.key, asked, progress, forget_waiting)
    remove_copies(archive, copies)
    forget_waiting()  # that came meanwhile
    forget(archive, public_keys(archive) - {episode.key})
    index.refresh()
