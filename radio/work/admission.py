"""Recordings that keepers sent are taken into the archive, one after the other."""

from collections.abc import Sequence
from pathlib import Path

from radio import journal
from radio.archive import Archive
from radio.errors import RadioError
from radio.ingest import uploads
from radio.ingest.plan import Order
from radio.ingest.recordings import Recordings
from radio.ingest.uploads import SentFile
from radio.progress import Progress
from radio.search import Index


def admit(
    archive: Archive,
    index: Index,
    orders: Sequence[tuple[SentFile, Order]],
    who: str,
    progress: Progress,
) -> None:
    """Make episodes of what was sent; what can't be taken stays, with the reason beside it.

    Raises SearchError if the index does not follow.
    """
    recordings = Recordings(archive, [Path(order.place) for _, order in orders])
    whole, before = sum(upload.size for upload, _ in orders) or 1, 0
    for upload, order in orders:
        told = _part_of(progress, before / whole, upload.size / whole)
        _take(archive, upload, order, recordings, who, told)
        before += upload.size
    recordings.save()
    index.refresh()


def _part_of(progress: Progress, before: float, part: float) -> Progress:
    return lambda share: progress(before + share * part)


def _take(
    archive: Archive,
    upload: SentFile,
    order: Order,
    recordings: Recordings,
    who: str,
    progress: Progress,
) -> None:
    """Take one; only who does loads what reads foreign texts."""
    from radio.ingest.files import ingest

    path = Path(order.place)
    try:
        episode = ingest(archive, path, order.show, order.said, progress, None, recordings)
    except (RadioError, OSError) as error:
        told = str(error).replace(str(path), upload.name)
        uploads.refuse(archive, upload, told)
        return
    journal.note(archive.root, "ingest", key=episode.key, who=who)
    uploads.remove(archive, upload)
