"""Shows taken from what a station records day and night. `show.json` says when each is on the air.
Once recorders have its hours whole, it becomes a draft: from its jingle on where that is known,
else from the hour of the grid. Recorders keep all; nothing else of them is taken."""

import contextlib
import datetime as dt
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from pathlib import Path

from radio.archive import Archive, paths
from radio.archive.episode import Episode, Show
from radio.archive.follows import Follow, is_folder, read_follows
from radio.archive.grid import Airing, airings, read_clock
from radio.derived.prints import Prints
from radio.ingest.description import Arrival, Day, Description
from radio.ingest.extracts import Extract, Span, extract, set_clocks, workshop
from radio.ingest.files import ingest
from radio.ingest.names import folder_name
from radio.ingest.recorders import Recorder
from radio.ingest.recordings import Known
from radio.ingest.run import IngestRun
from radio.sound.cutting import Strip, assemble, measure
from radio.sound.excerpt import locate
from radio.sound.likeness import resembled
from radio.system.checksums import hash_file
from radio.system.disk import remove
from radio.system.errors import ArchiveError, RadioError, TwinError, warned
from radio.system.messages import _

GUID = "air "  # how it begins
LONG_AGO = 62 * 86_400.0  # seconds: what was on the air earlier is not looked for
AHEAD = 31 * 86_400.0  # seconds in which the next show on the air is looked for
STOPPED = 26 * 3600.0  # seconds without a new file
SETTLED = 300.0  # seconds after its end in which the last of a show is written
PATIENCE = 86_400.0  # seconds in which what lacks may still come
MISSING = 900.0  # seconds that may lack then
SLACK = 900.0  # seconds by which a show may begin or end earlier or later: its jingle tells
EARLY = 0.5  # seconds of what was before that stay, rather than a word is lost
TOLD = 5.0  # seconds from which on it is told that a clock is wrong
MOVED = 60.0  # seconds from which on it is told that a show began at another time
LISTENED = 600.0  # seconds in which a show is compared with those of the archive
COMPARED = 40.0  # seconds of an episode that are looked for in what was on the air
WIDEST = 45 * 60.0  # seconds from the hour of the grid, within which it is looked for


@dataclass(frozen=True)
class AirLook:
    """What came of looking at recorders: each show on the air by its name."""

    taken: int = 0
    seen: Mapping[str, str] = field(default_factory=dict)  # titles of what is in the archive
    failed: Mapping[str, str] = field(default_factory=dict)  # why some are not there yet
    missed: Mapping[str, str] = field(default_factory=dict)  # why some never will be
    told: Mapping[str, str] = field(default_factory=dict)  # what is to be known of taken ones
    next: float = float("inf")  # when the next one can be taken, seconds since the epoch


@dataclass(frozen=True)
class Awaited:
    """A show on the air that is not in the archive yet."""

    show: Show
    airing: Airing
    jingles: tuple[Path, ...] = ()  # the one it begins with, and the one it ends with

    @property
    def guid(self) -> str:
        """What it is called for ever."""
        return f"{GUID}{self.show.guid or self.show.slug} {self.airing.name}"

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.show.slug} {self.airing.start:%Y-%m-%d %H:%M}"

    @property
    def span(self) -> Span:
        """When it is on the air by the grid, in seconds since the epoch."""
        return self.airing.start.timestamp(), self.airing.end.timestamp()

    @property
    def ready(self) -> float:
        """From when on it can be taken."""
        return self.span[1] + SETTLED + (SLACK if self.jingles else 0.0)

    @property
    def arrival(self) -> Arrival:
        """Say what is known of it."""
        day, title = Day(self.airing.start.date()), self.airing.title
        said = Description(title, day, guid=self.guid, is_draft=True)
        return Arrival("", f"{self.show.slug} {self.airing.start:%Y-%m-%d %Hh%M}", said)


def look(
    archive: Archive,
    follows: Sequence[Follow],
    missed: Mapping[str, str],
    say: Callable[[str], None],
    now: float | None = None,
) -> AirLook:
    """Take what is due of followed recorders, that with the right clock first; `missed` is what was
    told before. Raises ArchiveError if no folder can be read."""
    moment, faults = time.time() if now is None else now, dict[str, str]()
    recorders = list(_readable(follows, moment, faults))
    if not recorders:
        raise ArchiveError(next(iter(faults.values()), ""))
    begun = [each.begins[0][0] for each in recorders if each.begins]
    first = max(min(begun, default=moment), moment - LONG_AGO)
    known, found = Known(archive, run=IngestRun(archive.root, "source")), AirLook(missed=missed)
    for each in _awaited(archive, follows, first, moment, faults):
        found = _looked(archive, recorders, known, each, found, moment, say)
    return replace(found, failed={**found.failed, **faults})


def _readable(follows: Sequence[Follow], now: float, faults: dict[str, str]) -> Iterator[Recorder]:
    """Give the recorders that can be read; one that can't, or that stopped, is a fault."""
    for each in follows:
        recorder = Recorder(each.address)
        try:
            ends = [moment for moment, _path, _is_named in recorder.begins]
        except ArchiveError as error:
            faults[each.address] = str(error)
            continue
        if max(ends, default=0.0) < now - STOPPED:
            message = _("{place} : rien d’enregistré là depuis plus d’un jour", place=each.address)
            faults[each.address] = message
        yield recorder


def _awaited(
    archive: Archive, follows: Sequence[Follow], first: float, now: float, faults: dict[str, str]
) -> Iterator[Awaited]:
    """List what was on the air, and the next of each show; a grid that can't be read is a fault."""
    into = {each.into for each in follows}
    jingles = {show: each for follow in follows for show, each in follow.jingles.items()}
    for show in archive.shows():
        if show.grid and (show.slug in into or "" in into):
            on_air, known = list[Airing](), tuple(map(Path, jingles.get(show.slug, ())))
            for line in show.grid:
                try:
                    on_air += airings([line], first, now + AHEAD)
                except ArchiveError as error:
                    faults[show.slug] = _about(show.slug, error)
            on_air.sort(key=lambda each: each.start)
            for each in on_air:
                yield Awaited(show, each, known)
                if each.start.timestamp() > now:
                    break


def _looked(
    archive: Archive,
    recorders: Sequence[Recorder],
    known: Known,
    awaited: Awaited,
    found: AirLook,
    now: float,
    say: Callable[[str], None],
) -> AirLook:
    """Take a show if it is due, and note what came of it."""
    name, arrival = awaited.name, awaited.arrival
    if known.key(arrival) is not None or name in found.missed:
        return replace(found, seen={**found.seen, name: arrival.said.title})
    if awaited.ready > now:
        return replace(found, next=min(found.next, awaited.ready))
    try:
        key, told = _take(archive, recorders, known, awaited, now)
    except _WaitingError as error:
        return replace(found, failed={**found.failed, name: _about(name, error)})
    except (_MissedError, TwinError) as error:
        if isinstance(error, TwinError):
            known.add_twin(arrival, error)
        say(line := _about(name, error))
        return replace(found, missed={**found.missed, name: line})
    except RadioError as error:
        return replace(found, failed={**found.failed, name: _about(name, error)})
    known.add(arrival, key)
    say(_("{key} : brouillon, pris à l’antenne ({name})", key=key, name=name))
    line = _about(key, reduce(lambda one, two: _("{one} ; {two}", one=one, two=two), told or [""]))
    return replace(
        found,
        taken=found.taken + 1,
        seen={**found.seen, name: key},
        told={**found.told, name: line} if told else found.told,
    )


def _about(name: str, why: object) -> str:
    """Say something of a show, or of one on the air."""
    return _("{name} : {why}", name=name, why=why)


class _WaitingError(RadioError):
    """What lacks of a show may still come."""


class _MissedError(RadioError):
    """A show was not recorded."""


def _take(
    archive: Archive, recorders: Sequence[Recorder], known: Known, awaited: Awaited, now: float
) -> tuple[str, list[str]]:
    """Cut a show out of what recorders have, and take it. Give its key, and what is to be known.
    Raises TwinError if it sounds like an episode."""
    folder = archive.cache / "arrivals" / folder_name(awaited.guid)
    with workshop(folder) as work:
        set_clocks(recorders, awaited.span[0], work)
        told = [_clock(each) for each in recorders if abs(each.late) >= TOLD]
        span, noted = _borders(recorders, awaited, work)
        some = extract(recorders, *span, work)
        _require_enough(some, span, now)
        if some.gaps:
            told.append(_lacking(some))
        path = some.write(work / f"{awaited.arrival.name}{some.suffix}")
        _refuse_rebroadcast(archive, path)
        said, into = awaited.arrival.said, awaited.show.slug
        episode = ingest(archive, path, into, said, recordings=known.recordings)
    return episode.key, [*told, *noted]


def _borders(recorders: Sequence[Recorder], awaited: Awaited, work: Path) -> tuple[Span, list[str]]:
    """Find when a show really began and ended, by its jingles; without any, as the grid says."""
    start, end = awaited.span
    if not awaited.jingles:
        return (start, end), []
    told, opening = list[str](), _when(recorders, start, awaited.jingles[0], work)
    if opening is None:
        told.append(_("son indicatif n’y est pas entendu : les heures de la grille"))
    begin = start if opening is None else opening.start - EARLY
    finish = begin + end - start
    if len(awaited.jingles) > 1 and (closing := _when(recorders, finish, awaited.jingles[1], work)):
        finish = closing.end
    if abs(begin - start) >= MOVED:
        after = _("commencée {minutes} min après l’heure de la grille")
        before = _("commencée {minutes} min avant l’heure de la grille")
        minutes = round(abs(begin - start) / 60)
        told.append(_(after if begin > start else before, minutes=minutes))
    return (begin, finish), told


@dataclass(frozen=True)
class _Heard:
    start: float  # seconds since the epoch
    end: float


def _when(recorders: Sequence[Recorder], around: float, jingle: Path, work: Path) -> _Heard | None:
    """Find when a jingle was on the air, around a moment; None where it is not heard, or can't be
    read: a show is not lost for its jingle."""
    some = extract(recorders, around - SLACK, around + SLACK, work)
    with warned():
        if some.parts:
            whole, length = some.write(work / f"around{some.suffix}"), measure(jingle).seconds
            place = locate(whole, jingle, some.second(around))
            if place.is_sure:
                start = some.moment(place.second)
                return _Heard(start, start + length)
    return None


def _require_enough(some: Extract, span: Span, now: float) -> None:
    """Raise _WaitingError if something lacks that may still come, _MissedError if too much."""
    if some.gaps and now < span[1] + PATIENCE:
        raise _WaitingError(_lacking(some))
    if not some.parts or some.lacks > min(MISSING, (span[1] - span[0]) / 2):
        raise _MissedError(_("pas enregistrée à la pige : {lacking}", lacking=_lacking(some)))


def _lacking(some: Extract) -> str:
    spans = ", ".join(
        f"{time.strftime('%H:%M:%S', time.localtime(start))}–"
        f"{time.strftime('%H:%M:%S', time.localtime(end))}"
        for start, end in some.gaps
    )
    return _("il manque {spans}", spans=spans)


def _clock(recorder: Recorder) -> str:
    message = _("l’horloge de {place} est fausse de {seconds} s")
    return _(message, place=recorder.place, seconds=round(recorder.late))


def _refuse_rebroadcast(archive: Archive, path: Path) -> None:
    """Raise TwinError if a recording sounds like an episode from end to end."""
    prints, sha256 = Prints(archive), hash_file(path)
    if known := prints.made():
        heard = {**known, str(path): prints.of_file(path, sha256, measure(path).seconds)}
        until = time.monotonic() + LISTENED
        twin, likeness = resembled(heard, list(known), [str(path)], until).get(
            str(path), ("", None)
        )
        if likeness and likeness.is_whole and sha256 not in known:
            remove(archive.root / paths.fingerprint(sha256))
            keys = {each.audio.sha256: each.key for each in archive.episodes()}
            message = _("rediffusion de {key} : pas ajoutée une seconde fois")
            raise TwinError(message, key=keys[twin])


def is_from_air(episode: Episode) -> bool:
    """Whether an episode was taken from recorders."""
    return episode.source.guid.startswith(GUID)


def wider(archive: Archive, episode: Episode, seconds: float, work: Path) -> tuple[Path, float]:
    """Cut an episode out of recorders again, with so many seconds more at both ends; also give how
    much later all is heard then. Raises ArchiveError where recorders no longer have it."""
    follows = [each for each in read_follows(archive.root).follows if is_folder(each.address)]
    recorders, sound = [Recorder(each.address) for each in follows], archive.audio_path(episode)
    lost = ArchiveError(_("{key} : la pige n’a plus ces heures", key=episode.key))
    try:
        known = dt.datetime.fromisoformat(episode.source.guid.rpartition(" ")[2])
    except ValueError as error:
        raise lost from error
    awaited = known.timestamp()
    if not recorders:
        raise lost
    set_clocks(recorders, awaited, work)
    around = extract(recorders, awaited - WIDEST, awaited + WIDEST + COMPARED, work)
    if not around.parts:
        raise lost
    head = work / f"head{sound.suffix}"
    assemble([Strip(str(sound), 0.0, min(COMPARED, episode.audio.duration))], head)
    whole = around.write(work / f"around{around.suffix}")
    place = locate(whole, head, around.second(awaited))
    if not place.is_sure:
        raise lost
    began = around.moment(place.second)
    some = extract(recorders, began - seconds, began + episode.audio.duration + seconds, work)
    return some.write(work / f"wider{some.suffix}"), some.second(began)


@dataclass(frozen=True)
class FoundHours:
    """What files of a recorder hold between two hours."""

    path: Path
    day: Day
    told: tuple[str, ...] = ()


@contextlib.contextmanager
def between(
    archive: Archive, files: Sequence[Path], hours: tuple[str, str], day: dt.date | None = None
) -> Iterator[FoundHours]:
    """Cut out what is between two hours, of a day or of that of the first file; the second may be
    those of the next day. Raises ArchiveError where files tell no time, or hold nothing of it."""
    recorder = Recorder("/", tuple(each.absolute() for each in files))
    begins = dt.datetime.fromtimestamp(recorder.begins[0][0]).date()
    first, last = (dt.datetime.combine(day or begins, read_clock(each)) for each in hours)
    last += dt.timedelta(last <= first)
    span = first.timestamp(), last.timestamp()
    folder = archive.cache / "arrivals" / folder_name(f"{recorder.files[0]} {span}")
    with workshop(folder) as work:
        some = extract([recorder], *span, work)
        if not some.parts:
            message = _("{path} : rien de {first} à {last} ; les noms en disent-ils l’heure ?")
            values = {"first": f"{first:%Y-%m-%d %H:%M}", "last": f"{last:%H:%M}"}
            raise ArchiveError(message, path=recorder.files[0], **values)
        path = some.write(work / f"{first:%Y-%m-%d %Hh%M}{some.suffix}")
        told = (_lacking(some),) if some.gaps else ()
        yield FoundHours(path, Day(first.date()), told)
