"""Which new recordings sound like an episode, or like another one beside them."""

import contextlib
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from radio.archive import Archive, paths
from radio.derived.prints import Prints
from radio.ingest import uploads
from radio.ingest.plan import TAKE, PlanRow, path_of
from radio.ingest.uploads import SentFile
from radio.sound.fingerprint import Fingerprint
from radio.sound.likeness import compare, resembled
from radio.system.checksums import hash_file
from radio.system.connection.place import is_address
from radio.system.disk import remove
from radio.system.errors import NotFoundError, RadioError
from radio.system.messages import _
from radio.system.progress import Progress

SENT = 600.0  # seconds in which is listened to what keepers sent

log = logging.getLogger(__name__)

Hear = Callable[[], Fingerprint]
Heard = dict[str, Fingerprint]  # by the name of a file or the key of an episode


@dataclass(frozen=True)
class Listened:
    """What came of listening to what keepers sent."""

    alike: int  # recordings that sound like another
    left: int  # recordings that were not listened to in time


def sounds(archive: Archive, rows: Iterable[PlanRow]) -> dict[str, Hear]:
    """Give what to listen to for some rows, files and episodes, if there is any to compare."""
    prints, episodes = Prints(archive), archive.episodes()
    files = [row.file for row in rows if row.action == TAKE and not is_address(row.file)]
    if not files or len(files) + len(episodes) < 2:
        return {}
    tasks: dict[str, Hear] = {name: partial(_hear, prints, path_of(name)) for name in files}
    return tasks | {each.key: partial(prints.of, each) for each in episodes}


def _hear(prints: Prints, path: Path) -> Fingerprint:
    return prints.of_file(path, hash_file(path))


def listen(
    tasks: Mapping[str, Hear], until: float, progress: Progress, workers: int = 1
) -> tuple[Heard, int]:
    """Get fingerprints of what can be decoded, in parallel; return how many are left in the end."""
    heard: Heard = {}
    with ThreadPoolExecutor(workers) as pool:
        names = {pool.submit(hear): name for name, hear in tasks.items()}
        waiting: set[Future[Fingerprint]] = set(names)
        while waiting and (seconds := until - time.monotonic()) > 0:
            done, waiting = wait(waiting, seconds, FIRST_COMPLETED)
            for each in done:
                if not isinstance(each.exception(), (RadioError, OSError)):
                    heard[names[each]] = each.result()
            progress(1 - len(waiting) / len(tasks))
        pool.shutdown(wait=False, cancel_futures=True)
    return heard, len(waiting)


def mark_twins(
    archive: Archive, rows: Sequence[PlanRow], heard: Mapping[str, Fingerprint], until: float
) -> list[PlanRow]:
    """Name in the rows of local files what each sounds like; what is done with them stays."""
    files = [row.file for row in rows if row.file in heard]
    old, marked = [each.key for each in archive.episodes() if each.key in heard], list(rows)
    alike = resembled(heard, old, files, until)
    for place, row in enumerate(rows):
        if row.file in alike:
            twin, likeness = alike[row.file]
            whole, part = _("sonne pareil"), _("l’un sonne comme une partie de l’autre")
            reason = whole if likeness.is_whole else part
            marked[place] = replace(row, twin_of=twin, reason=reason)
    return marked


def listen_to_sent(archive: Archive, progress: Progress) -> Listened:
    """Name in the rows of what keepers sent what each sounds like, by the rule of a plan.
    Fingerprints are saved, so that the next run goes on. Raises ArchiveError."""
    # Each row as if nobody had listened to its file.
    waiting = [
        (each, replace(row, twin_of="", reason="") if row.action == TAKE else row)
        for each in uploads.uploads(archive)
        if (row := each.row)
    ]
    rows, until = [row for _each, row in waiting], time.monotonic() + SENT
    heard, left = listen(sounds(archive, rows), until, progress)
    marked = mark_twins(archive, rows, heard, until)
    for (each, _row), row in zip(waiting, marked, strict=True):
        note_row(archive, each, row)
    return Listened(sum(1 for row in marked if row.action == TAKE and row.twin_of), left)


def note_row(archive: Archive, upload: SentFile, row: PlanRow) -> None:
    """Note what would become of a file that waits, if it still does."""
    with contextlib.suppress(NotFoundError):
        if (known := uploads.find(archive, upload.id)).row != row:
            uploads.note(archive, replace(known, row=row))


def sent_copies(archive: Archive, key: str) -> list[SentFile]:
    """List what was sent and sounds like an episode, or a part of it, in any format and tags. What
    can't be decoded costs a warning, and is no copy."""
    waiting = [each for each in uploads.uploads(archive) if each.sha256]
    prints, copies, own = Prints(archive), list[SentFile](), None
    for each in waiting:
        if each.row is None:
            continue
        try:
            own = prints.of(archive.episode(key)) if own is None else own
            if compare(own, prints.of_file(path_of(each.row.file), each.sha256)).is_twin:
                copies.append(each)
        except RadioError as error:
            log.warning("%s", error)
            if own is None:  # there is no episode any more, or its sound can't be read
                break
    return copies


def remove_copies(archive: Archive, copies: list[SentFile]) -> None:
    """Remove them, with their fingerprints."""
    for each in copies:
        uploads.remove(archive, each)
        remove(archive.root / paths.fingerprint(each.sha256))
