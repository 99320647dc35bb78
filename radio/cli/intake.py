"""Many files taken at once, or laid out in a plan; bags taken back."""

import contextlib
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.archive.gone import discards
from radio.bags.containers import opened
from radio.bags.restore import Part, require_room, sort_out, take
from radio.bags.verify import verify
from radio.cli.lines import say, tell, warn
from radio.cli.terminal import counted, each_of, progress_bar, told_of
from radio.ingest.description import Description
from radio.ingest.files import READERS, ingest
from radio.ingest.folders import kept, neighbour
from radio.ingest.plan import (
    COLUMNS,
    REFUSE,
    SKIP,
    TAKE,
    TWIN,
    Order,
    PlanRow,
    Surveyor,
    write_plan,
)
from radio.ingest.recordings import Recordings
from radio.sound.tags import read_tags
from radio.system import sandbox
from radio.system.disk import write_whole
from radio.system.errors import ArchiveError, DiscardedError, TwinError
from radio.system.messages import _
from radio.system.progress import Progress

NAMED = 20  # recordings that are here already
FATES = {TAKE: "planned", TWIN: "known", SKIP: "deleted", REFUSE: "refused"}


def take_files(
    archive: Archive, orders: Sequence[Order], tally: Counter[str], recordings: Recordings
) -> None:
    """Take files, as many at once as there are cores; name each in its turn, and count them.

    One that can't be taken costs its line.
    """
    if not orders:
        return
    with _pool(len(orders)) as pool, _bar(orders) as share_of:

        def take_file(order: Order) -> Episode:
            recordings.refuse_seen(Path(order.place))
            told = share_of(order)
            try:
                return ingest(
                    *(archive, Path(order.place), order.show, order.said, told),
                    recordings=recordings,
                )
            finally:
                told(1.0)

        pairs = [(order, pool.submit(take_file, order)) for order in orders]
        try:
            tally["refused"] += each_of(pairs, lambda pair: _tell(archive, *pair, tally))
        finally:
            recordings.save()
    if tally["known"] > NAMED:
        more = counted(tally["known"] - NAMED, "{n} autre est déjà là", "{n} autres sont déjà là")
        warn(more)


def _tell(archive: Archive, order: Order, future: "Future[Episode]", tally: Counter[str]) -> None:
    """Name the episode that a file became, and the text that was kept with it."""
    path = Path(order.place)
    try:
        episode = future.result()
        key = episode.key
    except TwinError as error:
        fate = "deleted" if isinstance(error, DiscardedError) else "known"
        tally[fate] += 1
        if tally[fate] <= NAMED:
            warn(error)
        return
    tally["taken"] += 1
    say(key)
    tell_again(archive, path, episode)
    text = neighbour(path)
    if text and kept(archive, key, text).exists():
        told = _(
            "{path} : gardé comme texte de {key} ; il est posé sur le son dès que "
            "celui-ci est entendu"
        )
        warn(told, path=text, key=key)


def tell_again(archive: Archive, path: Path | str, episode: Episode) -> None:
    """Say of an episode that was just taken whether it was deleted before."""
    if discard := discards(archive.root).get(episode.audio.sha256):
        told = _("{path} : repris, bien que supprimé ici le {date}")
        warn(told, path=path, date=discard.date)


def readers_for(number: int) -> contextlib.AbstractContextManager[None]:
    """Have the children that read recordings be forked by one process, where there are several."""
    return sandbox.nursery(*READERS) if number > 1 else contextlib.nullcontext()


@contextlib.contextmanager
def _pool(number: int) -> Iterator[ThreadPoolExecutor]:
    """Give threads for a number of files."""
    cores = len(os.sched_getaffinity(0))
    with readers_for(number), ThreadPoolExecutor(min(cores, number) or 1) as pool:
        try:
            yield pool
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def _bar(orders: Sequence[Order]) -> Iterator[Callable[[Order], Progress]]:
    """Show one bar for all files, with the time left; give each file its part of it, by size."""
    sizes = {order.place: _size(order.place) for order in orders}
    done, lock = [0.0], threading.Lock()
    label = Path(orders[0].place).name if len(orders) == 1 else _("ajout")
    with progress_bar(label, float(sum(sizes.values())) or 1.0) as bar:

        def share_of(order: Order) -> Progress:
            before = [0.0]

            def told(share: float) -> None:
                with lock:
                    done[0] += (share - before[0]) * sizes[order.place]
                    before[0] = share
                    bar(done[0])

            return told

        yield share_of


def _size(place: str) -> int:
    try:
        return os.stat(place).st_size  # noqa: PTH116
    except OSError:
        return 0


def plan_files(
    archive: Archive,
    files: Sequence[Path],
    show: str,
    said: Description,
    recordings: Recordings,
) -> Iterator[PlanRow]:
    """Lay out what would become of files."""
    surveyor, into = Surveyor(archive, recordings), archive.show(show)
    with _pool(len(files)) as pool:
        for path, tags in zip(files, pool.map(read_tags, files), strict=True):
            yield surveyor.row(path, tags, into, said)
    recordings.save()


def show_plan(rows: Sequence[PlanRow], target: Path | None, tally: Counter[str]) -> None:
    """Write a plan to a file, or show it; count what would become of the recordings."""
    if target:
        write_whole(target.absolute(), write_plan(rows))
        number = counted(len(rows), "{n} enregistrement", "{n} enregistrements")
        told = _(
            "{path} : {number} enregistrements ; corrigez-le, puis `radio ingest --apply {path}`"
        )
        warn(told, path=target, number=number)
    elif rows:
        say("\t".join(COLUMNS[:-1]))
        for row in rows:
            cells = (getattr(row, name) for name in COLUMNS[:-1])
            say("\t".join(" ".join(cell.split()) for cell in cells))
    tally.update(FATES[row.action] for row in rows)


def take_bag(archive: Archive, path: Path, tally: Counter[str], *, dry_run: bool) -> None:
    """Take what is new and sound of a bag, with a line for what is not, and count both.

    Raises ArchiveError if it is no bag, or is not whole.
    """
    with opened(path) as parcel:
        with progress_bar(path.name) as progress:
            bag = verify(parcel, path, progress)
        for place, fault in bag.faults.items():
            tell(told_of(path / place, fault))
        parts = sort_out(archive, bag)
        require_room(archive, bag, parts)
        new = [part for part in parts if part.fate == "new"]
        refused = [part for part in parts if part.fate == "refused"]
        for part in parts:
            if part.fate != "new" and part.reason:
                tell(told_of(part.name, part.reason))

        def take_part(part: Part) -> None:
            if not dry_run:
                with progress_bar(part.name) as progress:
                    take(archive, bag, part, progress)
            say(part.name)

        with readers_for(len(new)):
            failed = each_of(new, take_part)
    tally["taken"] += len(new) - failed
    tally["refused"] += len(refused) + failed
    if bag.faults:
        told = _("{path} : abîmé, {faults} défauts ; ce qui est sain a été pris")
        raise ArchiveError(told, path=path, faults=len(bag.faults))
    if refused:
        number = counted(len(refused), "{n} partie", "{n} parties")
        message = _("{path} : {number} non reprises", path=path, number=number)
        warn(message)
