"""What keepers sent that sounds like an episode: copies of it, whatever their format and tags."""

import logging
from collections.abc import Iterator

from radio.archive import Archive, paths
from radio.ingest import uploads
from radio.ingest.plan import path_of
from radio.ingest.uploads import SentFile
from radio.proposals.twins.likeness import compare
from radio.proposals.twins.prints import Prints
from radio.system.disk import explained
from radio.system.errors import RadioError
from radio.system.messages import _

log = logging.getLogger(__name__)


def sent_copies(archive: Archive, key: str) -> list[SentFile]:
    """List what was sent and waits, and sounds like an episode, or like a part of it.

    Each is listened to; what can't be decoded costs a warning, and is no copy.
    """
    waiting = [each for each in uploads.uploads(archive) if each.sha256 and each.row]
    return list(_alike(archive, key, waiting)) if waiting else []


def _alike(archive: Archive, key: str, waiting: list[SentFile]) -> Iterator[SentFile]:
    prints = Prints(archive)
    try:
        own = prints.of(archive.episode(key))
    except RadioError as error:  # there is none any more, or its sound can't be read
        log.warning("%s", error)
        return
    for each in waiting:
        try:
            other = prints.of_file(path_of(each.row.file if each.row else ""), each.sha256)
        except RadioError as error:
            log.warning("%s", error)
            continue
        if compare(own, other).is_twin:
            yield each


def remove_copies(archive: Archive, copies: list[SentFile]) -> None:
    """Take them away, with what was heard of them."""
    for each in copies:
        uploads.remove(archive, each)
        path = archive.root / paths.fingerprint(each.sha256)
        with explained(path, _("check the free space and the rights of the folder")):
            path.unlink(missing_ok=True)
