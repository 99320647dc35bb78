"""Many recordings taken at once, or listed in a plan: files, addresses, bags."""

import contextlib
import dataclasses
import os
import shlex
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.archive.gone import discards
from radio.bags.containers import opened
from radio.bags.restore import Part, require_room, sort_out, take
from radio.bags.verify import verify
from radio.cli.lines import counted, line_about, say, tell, warn
from radio.cli.terminal import each_of, progress_bar
from radio.ingest import sources
from radio.ingest.arrival import take_new
from radio.ingest.description import Arrival, Description
from radio.ingest.files import READERS, ingest
from radio.ingest.folders import Left, neighbour, place_of_text
from radio.ingest.plan import Order, PlanRow, Surveyor
from radio.ingest.recordings import Known, Recordings
from radio.ingest.run import IngestRun
from radio.sound.tags.reader import read_tags
from radio.system import sandbox
from radio.system.connection.fetch import Web
from radio.system.errors import ArchiveError, DiscardedError, GoneError, RadioError, TwinError
from radio.system.messages import _

NAMED = 20  # recordings that are here already
Tally = Counter[str]


def take_files(
    archive: Archive, orders: Sequence[Order], tally: Tally, recordings: Recordings
) -> None:
    """Take files, as many at once as there are cores; each is named, or costs its line."""
    if not orders:
        return
    sizes, done, lock = [_size(each.place) for each in orders], 0.0, threading.Lock()
    label = Path(orders[0].place).name if len(orders) == 1 else _("ajout")
    with _pool(len(orders)) as pool, progress_bar(label, float(sum(sizes)) or 1.0) as bar:

        def take_file(order: Order, size: int) -> Episode:
            path, before = Path(order.place), 0.0
            recordings.refuse_seen(path)

            def report(share: float) -> None:  # one bar is for all of them
                nonlocal before, done
                with lock:
                    done += (share - before) * size
                    before = share
                    bar(done)

            try:
                show, said = order.show, order.said
                return ingest(archive, path, show, said, report, recordings=recordings)
            finally:
                report(1.0)

        futures = [pool.submit(take_file, *each) for each in zip(orders, sizes, strict=True)]
        pairs = zip(orders, futures, strict=True)
        try:
            tally.update(refused=each_of(pairs, lambda pair: _tell(archive, *pair, tally)))
        finally:
            recordings.save()
    if (more := tally["known"] - NAMED) > 0:
        warn(counted(more, "{n} autre est déjà là", "{n} autres sont déjà là"))


def _size(place: str) -> int:
    try:
        return os.stat(place).st_size  # noqa: PTH116
    except OSError:
        return 0


def _tell(archive: Archive, order: Order, future: "Future[Episode]", tally: Tally) -> None:
    """Name the episode made of a file, and the text that came with it."""
    try:
        episode = future.result()
    except TwinError as error:
        fate = "deleted" if isinstance(error, DiscardedError) else "known"
        tally[fate] += 1
        if tally[fate] <= NAMED:
            warn(error)
        return
    _name(archive, order.place, episode, tally)
    text = neighbour(Path(order.place))
    if text and place_of_text(archive, episode.key, text).exists():
        message = _(
            "{path} : gardé comme texte de {key} ; il sera calé sur le son après la transcription"
        )
        warn(message, path=text, key=episode.key)


def _name(archive: Archive, place: str, episode: Episode, tally: Tally) -> None:
    """Name an episode that was just taken, and say whether it was deleted before."""
    tally["taken"] += 1
    say(episode.key)
    discard = discards(archive.root).get(episode.audio.sha256)
    if discard and not discard.undone:
        message = _("{path} : ajouté de nouveau, bien que supprimé ici le {date}")
        warn(message, path=place, date=discard.date)


def readers_for(number: int) -> contextlib.AbstractContextManager[None]:
    """Fork the children that read several recordings from one process."""
    return sandbox.nursery(*READERS) if number > 1 else contextlib.nullcontext()


@contextlib.contextmanager
def _pool(number: int) -> Iterator[ThreadPoolExecutor]:
    cores = len(os.sched_getaffinity(0))
    with readers_for(number), ThreadPoolExecutor(min(cores, number) or 1) as pool:
        try:
            yield pool
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def plan_files(
    archive: Archive, files: Sequence[Path], show: str, said: Description, recordings: Recordings
) -> Iterator[PlanRow]:
    """List in a plan what would become of files."""
    surveyor, into = Surveyor(archive, recordings), archive.show(show)
    with _pool(len(files)) as pool:
        for path, tags in zip(files, pool.map(read_tags, files), strict=True):
            yield surveyor.row(path, tags, into, said)
    recordings.save()


def fetch(
    archive: Archive,
    address: str,
    show: str,
    given: Description,
    tally: Tally,
    orders: Mapping[str, Order] | None = None,
    *,
    anew: bool = False,
    run: IngestRun | None = None,
) -> list[Left]:
    """Take what is at an address into a show; count it, and give what is left. `orders` of a plan,
    by place, limit it to these. What was taken before is skipped; what can't be read or is gone
    costs a line. What was deleted here is taken `anew` only, or if a plan says so."""
    anew = anew or orders is not None
    known, here = Known(archive, anew=anew, run=run), Counter[str]()
    left, met = list[Left](), set[str]()
    try:
        with Web() as web:
            for each in sources.arrivals(web, address, archive.show(show)):
                if isinstance(each, Left):
                    left.append(each)
                elif orders is None:
                    _fetch(archive, web, amended(each, given), show, known, here)
                elif order := orders.get(each.place):
                    met.add(each.place)
                    filled = dataclasses.replace(each, said=order.said.completed(each.said))
                    _fetch(archive, web, filled, order.show, known, here)
        for place in orders or ():
            if place not in met:
                here["refused"] += 1
                missing = _("{place} : n’est plus à {address} ; refaites le tableau")
                warn(missing, place=place, address=address)
    except RadioError as error:
        here["refused"] += 1
        warn(error)
    _sum_up(address, here)
    if here["deleted"] and not anew:
        back = _(
            "ce qui a été supprimé ici est laissé de côté ; `radio ingest --anew {address}` "
            "l’ajoute",
            address=shlex.quote(address),
        )
        tell(line_about(address, back))
    here["refused"] += here.pop("gone", 0) + here.pop("failed", 0)
    tally.update(here)
    return left


def _fetch(
    archive: Archive, web: Web, arrival: Arrival, show: str, known: Known, tally: Tally
) -> None:
    """Take one recording that is not here; a failure costs its line."""
    if known.key(arrival) is not None:
        tally["deleted" if known.is_discarded(arrival) else "known"] += 1
        return
    try:
        with progress_bar(arrival.said.title or arrival.name) as progress:
            episode = take_new(archive, web, arrival, show, known, progress)
    except TwinError as error:
        tally["deleted" if isinstance(error, DiscardedError) else "known"] += 1
    except RadioError as error:
        tally["gone" if isinstance(error, GoneError) else "failed"] += 1
        warn(error)
    else:
        _name(archive, arrival.place, episode, tally)


def _sum_up(address: str, tally: Tally) -> None:
    """Say how many recordings of a source failed: « 99 of 161 fetched, 62 gone »."""
    taken, gone, failed = (tally[each] for each in ("taken", "gone", "failed"))
    if gone or failed:
        whole = taken + gone + failed
        counts = [counted(taken, "{n} sur {whole} reçu", "{n} sur {whole} reçus", whole=whole)]
        counts += [counted(gone, "{n} disparu", "{n} disparus")] if gone else []
        counts += [counted(failed, "{n} en échec", "{n} en échec")] if failed else []
        tell(line_about(address, ", ".join(counts)))


def amended(arrival: Arrival, given: Description) -> Arrival:
    """Put what the keeper says in the place of what the source says."""
    said = arrival.said
    title, day = given.title or said.title, given.day or said.day
    changed = dataclasses.replace(said, title=title, day=day, is_draft=given.is_draft)
    return dataclasses.replace(arrival, said=changed)


def take_bag(archive: Archive, path: Path, tally: Tally, *, run: IngestRun | None) -> None:
    """Take what is new and sound of a bag, with a line for what is not, and count both; without a
    `run`, show what would be taken."""
    with opened(path) as parcel:
        with progress_bar(path.name) as progress:
            bag = verify(parcel, path, progress)
        for place, fault in bag.faults.items():
            tell(line_about(path / place, fault))
        parts = sort_out(archive, bag)
        require_room(archive, bag, parts)
        new = [part for part in parts if part.fate == "new"]
        refused = [part for part in parts if part.fate == "refused"]
        for part in parts:
            if part.fate != "new" and part.reason:
                tell(line_about(part.name, part.reason))

        def take_part(part: Part) -> None:
            if run:
                with progress_bar(part.name) as progress:
                    take(archive, bag, part, progress, run.note)
            say(part.name)

        with readers_for(len(new)):
            failed = each_of(new, take_part)
    tally["taken"] += len(new) - failed
    tally["refused"] += len(refused) + failed
    if bag.faults:
        message = _("{path} : abîmé, {faults} défauts ; ce qui est sain a été repris")
        raise ArchiveError(message, path=path, faults=len(bag.faults))
    if refused:
        number = counted(len(refused), "{n} partie", "{n} parties")
        warn(_("{path} : {number} non reprises", path=path, number=number))
