"""A look at what is followed: new recordings are taken, vanished ones reported. What was seen is in
`cache/follows.json`: without it, all is read again, and nothing taken twice."""

import dataclasses
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from radio.archive import Archive
from radio.archive.follows import Follow, is_folder, read_follows
from radio.archive.imprint import about
from radio.derived.recipe import Failed, Making, Recipe
from radio.ingest.arrival import take_new
from radio.ingest.folders import Left
from radio.ingest.recordings import Known
from radio.ingest.run import IngestRun
from radio.system.connection.fetch import Web
from radio.system.errors import RadioError, TwinError
from radio.system.messages import _
from radio.system.records import RecordFile

if TYPE_CHECKING:
    from radio.ingest import sources

LOCK = "follow"  # that whoever looks holds
REMEMBERED, TOLD = 500, 20  # shows on the air that were missed, and of which something is told
FIRST, GROWTH = 900.0, 2  # seconds until another look after one that failed; times as long each


@dataclass(frozen=True)
class Look:
    """What the last look at a source brought."""

    etag: str = ""
    modified: str = ""
    began: float = 0.0  # seconds since the epoch
    next: float = 0.0  # when to look again
    taken: int = 0  # recordings, in all
    seen: Mapping[str, str] = field(default_factory=dict)  # titles by name, of what is there now
    vanished: Mapping[str, str] = field(default_factory=dict)  # of what was there, and is here
    missed: Mapping[str, str] = field(default_factory=dict)  # what vanished before it was taken
    failed: Mapping[str, str] = field(default_factory=dict)  # why recordings could not be taken
    told: Mapping[str, str] = field(default_factory=dict)  # what to know of what was taken
    trouble: str = ""  # why the source could not be read
    times: int = 0  # that it could not, one after the other


@dataclass(frozen=True)
class Looks:
    """The last looks at all sources."""

    looks: Mapping[str, Look] = field(default_factory=dict)  # by address


LOOKS = RecordFile("cache/follows.json", Looks, has_messages=True)


def read_looks(archive: Archive) -> dict[str, Look]:
    """Read the last looks by the address that is followed; none where they can't be read."""
    return dict(LOOKS.recall(archive.root).looks)


def hasten(archive: Archive, address: str) -> None:
    """Make a source be looked at soon. Raises BusyError if somebody looks at sources now."""
    with archive.lock(LOCK, wait=False):
        looks = read_looks(archive)
        looks[address] = dataclasses.replace(looks.get(address, Look()), next=0.0)
        LOOKS.write(archive.root, Looks(looks))


def due(archive: Archive, now: float | None = None) -> list[Follow]:
    """List what is to be looked at now. Raises ArchiveError if `follows.json` can't be read."""
    looks, moment = read_looks(archive), time.time() if now is None else now
    follows = read_follows(archive.root).follows
    return [each for each in follows if looks.get(each.address, Look()).next <= moment]


def look_at_all(
    archive: Archive, follows: list[Follow], say: Callable[[str], None], *, wait: bool = False
) -> int:
    """Look at sources, say what was taken of each; return how many failed. Waits, or BusyError."""
    failures = 0
    with archive.lock(LOCK, wait=wait):
        for follow in follows:
            earlier = read_looks(archive).get(follow.address, Look())
            found = _look(archive, follow, earlier, say)
            failures += bool(found.trouble)
            addresses = {each.address for each in read_follows(archive.root).follows}
            every = {**read_looks(archive), follow.address: found}
            looks = {place: look for place, look in every.items() if place in addresses}
            LOOKS.write(archive.root, Looks(looks))
    return failures


def _look(archive: Archive, follow: Follow, earlier: Look, say: Callable[[str], None]) -> Look:
    """Look at one source; only here what reads feeds is imported."""
    from radio.ingest import sources

    began = time.time()
    try:
        if is_folder(follow.address):
            return _look_at_air(archive, follow, earlier, say)
        into = archive.show(follow.into)
        with Web() as web:
            discovery = sources.look(web, follow.address, into, earlier.etag, earlier.modified)
            found = earlier
            if not discovery.is_unchanged:
                found = _take_new(archive, web, follow, earlier, discovery, say)
    except RadioError as error:
        times = earlier.times + 1
        pause = min(FIRST * GROWTH ** min(times - 1, 20), follow.pause)
        found = dataclasses.replace(earlier, etag="", modified="", trouble=str(error), times=times)
        return dataclasses.replace(found, began=began, next=time.time() + pause)
    is_worse = found.failed.keys() - earlier.failed.keys()
    pause = min(FIRST, follow.pause) if is_worse else follow.pause
    return dataclasses.replace(found, began=began, next=time.time() + pause, trouble="", times=0)


def _look_at_air(
    archive: Archive, follow: Follow, earlier: Look, say: Callable[[str], None]
) -> Look:
    """Look at all recorders, when it is the turn of the first one."""
    from radio.ingest import air

    began, follows = time.time(), read_follows(archive.root).follows
    recorders = [each for each in follows if is_folder(each.address)]
    if recorders and follow.address != recorders[0].address:
        return dataclasses.replace(earlier, began=began, next=began + follow.pause)
    found = air.look(archive, recorders, earlier.missed, say)
    told = {**earlier.told, **found.told}
    known = {*found.seen, *found.failed, *(each.address for each in recorders)}
    gone = {name: why for name, why in earlier.failed.items() if name not in known and " " in name}
    return Look(
        began=began,
        next=min(found.next, time.time() + follow.pause),
        taken=earlier.taken + found.taken,
        seen=found.seen,
        missed=dict([*(gone | dict(found.missed)).items()][-REMEMBERED:]),
        failed=found.failed,
        told=dict([*told.items()][-TOLD:]),
    )


def _take_new(
    archive: Archive,
    web: Web,
    follow: Follow,
    earlier: Look,
    discovery: "sources.Discovery",
    say: Callable[[str], None],
) -> Look:
    """Take what is new of a source; what fails costs its line, and is tried again."""
    run = IngestRun(archive.root, "source")
    known, seen, failed = Known(archive, run=run), dict[str, str](), dict[str, str]()
    taken, is_whole = earlier.taken, True  # whole: nothing of the source stayed hidden
    is_draft = "sources" in about(archive.root).drafts
    for each in discovery.arrivals:
        if isinstance(each, Left):
            is_whole = is_whole and not each.hides
            continue
        name = each.said.guid or each.place
        seen[name] = each.said.title or each.name
        if known.key(each) is not None:
            continue
        try:
            said = dataclasses.replace(each.said, is_draft=is_draft)
            arrival = dataclasses.replace(each, said=said)
            key = take_new(archive, web, arrival, follow.into, known).key
        except TwinError:
            continue
        except RadioError as error:
            failed[name] = str(error)
        else:
            taken += 1
            say(_("{key} : ajouté depuis {address}", key=key, address=follow.address))

    def without(some: Mapping[str, str], others: Mapping[str, str] = seen) -> dict[str, str]:
        return {name: title for name, title in some.items() if name not in others}

    gone = without(earlier.seen) if is_whole else {}
    lost = {name: title for name, title in gone.items() if name in earlier.failed}
    is_done = is_whole and not failed
    return Look(
        etag=discovery.etag if is_done else "",
        modified=discovery.modified if is_done else "",
        taken=taken,
        seen=seen if is_whole else {**earlier.seen, **seen},
        vanished=without(earlier.vanished) | without(gone, lost),
        missed=without(earlier.missed) | lost,
        failed=failed,
    )


def _look_at_some(archive: Archive, keys: Sequence[str], making: Making) -> None:
    follows = {each.address: each for each in read_follows(archive.root).follows}

    def look(address: str) -> None:
        if address in follows and look_at_all(archive, [follows[address]], making.say):
            making.tell(Failed(address, ""))

    making.each(keys, look)


SOURCES = Recipe(
    "sources",
    lambda archive: [each.address for each in due(archive)],
    _look_at_some,
    again=30.0,
    tells_itself=True,
)
