"""Recordings at addresses: a line for each that is taken, gone or refused."""

import dataclasses
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from radio.archive import Archive
from radio.cli.intake import tell_again
from radio.cli.lines import say, tell, warn
from radio.cli.terminal import counted, progress_bar, told_of
from radio.ingest import sources
from radio.ingest.arrival import Tally, take
from radio.ingest.description import Arrival, Description
from radio.ingest.folders import Left
from radio.ingest.plan import Order, PlanRow, arrival_row
from radio.ingest.recordings import Known, Recordings
from radio.system.connection.fetch import Web
from radio.system.errors import DiscardedError, RadioError, TwinError
from radio.system.messages import _


def fetch(
    archive: Archive,
    address: str,
    show: str,
    given: Description,
    counts: Counter[str],
    orders: Mapping[str, Order] | None = None,
    *,
    anew: bool = False,
) -> list[Left]:
    """Take what lies at an address into a show; count what became of it, and give what is left.

    With the `orders` of a plan, by their place, those alone, as they say. What was taken before is
    passed over; an address that can't be read costs its line, and so does an order for what is no
    longer there. What was deleted here is taken `anew` only, or where a plan says so.
    """
    anew = anew or orders is not None
    known, tally, left = Known(archive, anew=anew), Tally(), list[Left]()
    met, before = set[str](), counts["deleted"]
    try:
        with Web() as web:
            for each in sources.arrivals(web, address, archive.show(show)):
                if isinstance(each, Left):
                    left.append(each)
                elif orders is None or each.place in orders:
                    met.add(each.place)
                    if known.key(each) is not None:
                        counts["deleted" if known.is_discarded(each) else "known"] += 1
                        continue
                    told, into = _as_told(each, show, given, orders)
                    _take(archive, web, told, into, known, tally, counts, anew=anew)
        _name_missing([each for each in orders or () if each not in met], address, counts)
    except RadioError as error:
        counts["refused"] += 1
        warn(error)
    counts.update(taken=tally.fetched, refused=tally.gone + tally.failed)
    _tell(address, tally, is_left_out=counts["deleted"] > before and not anew)
    return left


def _tell(address: str, tally: Tally, *, is_left_out: bool) -> None:
    """Say what could not be had, and how what was deleted here comes back where it is left out."""
    if tally.gone or tally.failed:
        tell(told_of(address, _sum_up(tally)))
    if not is_left_out:
        return
    tell(
        told_of(
            address,
            _(
                "ce qui a été supprimé ici est laissé de côté ; `radio ingest --anew "
                "{address}` le reprend",
                address=shlex.quote(address),
            ),
        )
    )


def _sum_up(tally: Tally) -> str:
    """Say how many recordings of a source could be had: « 99 of 161 fetched, 62 gone »."""
    whole = tally.fetched + tally.gone + tally.failed
    told = [counted(tally.fetched, "{n} sur {whole} reçu", "{n} sur {whole} reçus", whole=whole)]
    told += [counted(tally.gone, "{n} disparu", "{n} disparus")] if tally.gone else []
    told += [counted(tally.failed, "{n} en échec", "{n} en échec")] if tally.failed else []
    return ", ".join(told)


def _name_missing(places: Iterable[str], address: str, counts: Counter[str]) -> None:
    """Name what a plan asks for and a source gives no more."""
    told = _("{place} : n’est plus offert à {address} ; refaites le tableau")
    for place in places:
        counts["refused"] += 1
        warn(told, place=place, address=address)


def _take(
    archive: Archive,
    web: Web,
    arrival: Arrival,
    show: str,
    known: Known,
    tally: Tally,
    counts: Counter[str],
    *,
    anew: bool,
) -> None:
    """Take one recording; one that can't be had costs its line."""
    try:
        with progress_bar(arrival.said.title or arrival.name) as progress:
            recordings = Recordings(archive, anew=anew)
            episode = take(archive, web, arrival, show, progress, recordings)
    except TwinError as error:
        known.add_twin(arrival, error)
        counts["deleted" if isinstance(error, DiscardedError) else "known"] += 1
    except RadioError as error:
        tally.note(error)
        warn(error)
    else:
        tally.note()
        known.add(arrival, episode.key)
        say(episode.key)
        tell_again(archive, arrival.place, episode)


def _as_told(
    arrival: Arrival, show: str, given: Description, orders: Mapping[str, Order] | None
) -> tuple[Arrival, str]:
    """Give a recording as a plan, else the keeper, says of it, and the show that it goes into."""
    if orders is None:
        return _amended(arrival, given), show
    order = orders[arrival.place]
    return dataclasses.replace(arrival, said=order.said.completed(arrival.said)), order.show


def _amended(arrival: Arrival, given: Description) -> Arrival:
    """Put what the keeper says in the place of what the source says."""
    said = arrival.said
    amended = dataclasses.replace(said, title=given.title or said.title, day=given.day or said.day)
    return dataclasses.replace(arrival, said=amended)


def plan_address(
    archive: Archive, address: str, show: str, given: Description, *, anew: bool = False
) -> Iterator[PlanRow | Left]:
    """Lay out what would become of the recordings at an address.

    Raises NoAnswerError if it doesn't answer, ReaderError where nothing is found at it.
    """
    known, into = Known(archive, anew=anew), archive.show(show)
    with Web() as web:
        for each in sources.arrivals(web, address, into):
            if isinstance(each, Left):
                yield each
            else:
                yield arrival_row(_amended(each, given), into, known, address)
