"""A station on the air day and night, with two recorders and every fault that they have."""

import datetime as dt
import os
import random
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from radio.archive import Archive
from radio.archive.episode import Episode, Show
from radio.archive.follows import Follow
from radio.archive.grid import Airing, airings
from radio.ingest import air
from radio.sound.cutting import Strip, assemble
from radio.sound.excerpt import locate
from tests.pige import TILE, Station, record
from tests.processes import command

FIRST = dt.date(2026, 10, 12)  # two weeks before clocks go back
HOUR, DAY = 3600.0, 86_400.0
SHOWS = {  # of a small station, those that end with _ have a jingle
    "matin": "lundi mardi mercredi jeudi vendredi 7:00 30 min",
    "midi_": "mercredi vendredi 12:30 30 min, sauf 2026-10-19/2026-11-01",
    "machine_": "mardi 20:00 60 min, une semaine sur 2, depuis 2026-10-13, aussi 2026-10-21T20:00",
    "nuit": "samedi 1:30 120 min",
    "jazz_": "jeudi 21:00 60 min, 1er et 3e du mois",
    "rock": "vendredi 22:15 45 min, dernier du mois",
    "enfants_": "mercredi 16:00 30 min, depuis 10-20, jusqu’au 11-03",
    "ecologie_": "lundi 19:00 60 min, sauf 2026-10-26",
    "sport": "samedi 18:00 30 min",
    "monde_": "dimanche 10:00 60 min",
    "contes": "dimanche 20:30 30 min",
    "direct_": "jeudi 18:05 25 min, titre Direct du {date}",
}
WINDOW = 60.0  # seconds in which a border is heard
NEAR = 1.0  # seconds by which a border may be wrong
FAULTS = ("hole", "stopped", "late", "silent", "both", "short", "moved", "again", "overlap")
OFTEN = 0.45  # share of shows with a fault


@dataclass
class OnAir:
    """A show on the air as it really was."""

    show: str
    airing: Airing
    start: float
    tiles: list[int]
    fault: str = ""
    like: str = ""  # the name of what it repeats

    @property
    def name(self) -> str:
        """What the program calls it."""
        return f"{self.show} {self.airing.start:%Y-%m-%d %H:%M}"

    @property
    def length(self) -> float:
        """Seconds."""
        return (self.airing.end - self.airing.start).total_seconds()


@dataclass
class Outcome:
    """What the program said and did, day after day."""

    missed: dict[str, str] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    spent: float = 0.0  # seconds of a processor


def pige(count: int, chance: random.Random, folder: Path) -> Iterator[str]:
    """Two recorders, day and night: each of twelve shows is there with its borders, or told.

    Nearly half of them meet something that befalls recorders and shows."""
    os.environ["TZ"] = "Europe/Paris"
    time.tzset()
    station, archive = Station(folder / "station", 60, len(SHOWS)), Archive(folder / "archive")
    station.folder.mkdir()
    archive.root.mkdir()
    archive.create()
    for slug, line in SHOWS.items():
        archive.write_show(Show(slug.strip("_"), slug, guid=slug, grid=(line,)))
    every = list(_programme(count, chance, station))
    outcome = Outcome()
    for day in range(count + 2):
        if day < count:
            _record(station, folder, every, day)
        now = _midnight(day + 1) + 6 * HOUR
        _look(archive, station, folder, outcome, now)
        for recorder in "ab":  # as a station, but after five days, which a disk has room for
            for path in sorted((folder / recorder).iterdir())[: -5 * 25]:
                path.unlink()
    yield from _judge(archive, station, every, outcome, folder)
    minutes = outcome.spent / 60 / count
    taken, told = len(archive.episodes()), len(outcome.missed) + len(outcome.told)
    sys.stdout.write(
        f"{len(every)} on the air, {taken} taken, {told} told; "
        f"{minutes:.1f} minutes of a processor for a day of air\n"
    )


def _midnight(day: int) -> float:
    return dt.datetime.combine(FIRST + dt.timedelta(day), dt.time()).timestamp()


def _programme(count: int, chance: random.Random, station: Station) -> Iterator[OnAir]:
    """Draw what is on the air, and what befalls it."""
    earlier = dict[str, OnAir]()
    for slug, line in SHOWS.items():
        for airing in airings([line], _midnight(0), _midnight(count)):
            start, has_jingle = airing.start.timestamp(), slug.endswith("_")
            length = round((airing.end - airing.start).total_seconds() / TILE)
            tiles = [chance.randrange(station.tiles) for _each in range(length)]
            if has_jingle:
                tiles[0] = station.tiles + list(SHOWS).index(slug)
            fault = chance.choice(FAULTS) if chance.random() < OFTEN else ""
            if fault == "moved":
                start += chance.choice((-480, 240, 600)) if has_jingle else 0
            found = OnAir(slug.strip("_"), airing, start, tiles, fault)
            if fault == "again" and slug in earlier:
                found.tiles, found.like = earlier[slug].tiles, earlier[slug].name
            if not found.like and not fault:
                earlier[slug] = found
            yield found


def _record(station: Station, folder: Path, every: list[OnAir], day: int) -> None:
    """Write the files of a day: those of the first recorder have names of hours, those of the
    second, whose clock runs away by three seconds a day, the moment at which they begin."""
    for hour in range(24 + (day == (dt.date(2026, 10, 25) - FIRST).days)):
        begin = _midnight(day) + hour * HOUR
        shows = {e.start: e.tiles for e in every if begin - 4 * HOUR < e.start < begin + 2 * HOUR}
        now = [e for e in every if e.start < begin + HOUR and e.start + e.length > begin]
        faults = {each.fault for each in now}
        late = 3.0 * day + 5
        _write(station, folder / "a" / f"{_local(begin):%Y-%m-%d-%H}.mp3", begin, faults, shows)
        other = faults & {"both", "short"}
        name = f"{_local(begin - late):%Y-%m-%dT%H%M%S%z}_060.mp3"
        _write(station, folder / "b" / name, begin, other, shows, late)


def _local(moment: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(moment).astimezone()


def _write(
    station: Station,
    path: Path,
    begin: float,
    faults: set[str],
    shows: dict[float, list[int]],
    late: float = 0.0,
) -> None:
    first, last = begin, begin + HOUR
    if faults & {"hole", "both"}:
        return
    if "stopped" in faults:
        last = begin + 1500
    if "late" in faults:
        first = begin + 1200
    if "short" in faults:
        last = begin + HOUR - 200
    if "overlap" in faults:
        last += 7
    heard = station.heard(first, last, shows)
    if "silent" in faults:
        heard = (station.silence * (len(heard) // len(station.silence) + 1))[: len(heard)]
    record(heard, path, last - late)


def _look(archive: Archive, station: Station, folder: Path, outcome: Outcome, now: float) -> None:
    jingles = {
        slug.strip("_"): (str(station.path(station.tiles + number)),)
        for number, slug in enumerate(SHOWS)
        if slug.endswith("_")
    }
    follows = [Follow(str(folder / "a"), "", "6h", jingles), Follow(str(folder / "b"), "")]
    before = _spent()
    found = air.look(archive, follows, outcome.missed, lambda _: None, now)
    outcome.spent += _spent() - before
    outcome.missed |= found.missed
    outcome.told |= found.told
    outcome.seen |= found.seen.keys()


def _spent() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in both)


def _judge(
    archive: Archive, station: Station, every: list[OnAir], outcome: Outcome, folder: Path
) -> Iterator[str]:
    """Compare what is in the archive with what was on the air."""
    episodes = {
        each.source.guid.split(" ", 2)[1] + each.source.guid[-18:]: each
        for each in archive.episodes()
    }
    for each in every:
        slug = next(slug for slug in SHOWS if slug.strip("_") == each.show)
        episode = episodes.pop(f"{slug} {each.airing.name}", None)
        if each.like:
            if episode or each.like.rsplit(" ", 2)[0] not in outcome.missed.get(each.name, ""):
                yield f"{each.name}: a repeat, and nobody says so"
        elif episode is None:
            if each.name not in outcome.missed:
                yield f"{each.name} ({each.fault}): missed, and nobody says so"
            elif each.fault != "both":
                yield f"{each.name} ({each.fault}): missed: {outcome.missed[each.name]}"
        else:
            wrong = _wrong_borders(archive, station, each, episode, folder)
            is_told = each.name in outcome.told and "–" in outcome.told[each.name]
            if wrong and not is_told:
                yield f"{each.name} ({each.fault}): {wrong}"
    yield from (f"{name}: was never on the air" for name in episodes)


def _wrong_borders(
    archive: Archive, station: Station, each: OnAir, episode: Episode, folder: Path
) -> str:
    """Say how wrong borders are; "" where both are right."""
    path, length = archive.audio_path(episode), episode.audio.duration
    early = air.EARLY if each.tiles[0] >= station.tiles else 0.0
    last = WINDOW - each.length + (len(each.tiles) - 2) * TILE + early
    said = list[str]()
    for start, tile, awaited in ((0.0, 1, TILE + early), (length - WINDOW, -2, last)):
        part = folder / "part.mp3"
        assemble([Strip(str(path), max(0.0, start), start + WINDOW)], part)
        place = locate(part, station.path(each.tiles[tile]), awaited)
        if not place.is_sure or abs(place.second - awaited) > NEAR:
            said.append(
                f"tile {tile}: heard at {place.second:.2f}, awaited at {awaited:.2f}, "
                f"likeness {place.likeness}"
            )
    return "; ".join(said)


YEAR = {  # of a station that has three shows; the dates of each are counted by hand
    "machine": (
        "mardi 20:00 5 min, une semaine sur 2, depuis 2026-01-06, sauf 07-01/08-31 12-20/01-04"
    ),
    "matin": "lundi 7:00 3 min, 1er et 3e du mois",
    "jazz": "samedi 22:00 5 min, sauf 2026-05-01/2026-05-15, aussi 2026-06-21T21:00",
}


def on_days_of_year(slug: str) -> list[dt.date]:
    """Give the days of 2026 on which a show of YEAR is on the air, not by its grid."""
    every = [dt.date(2026, 1, 1) + dt.timedelta(number) for number in range(365)]
    match slug:
        case "machine":
            weeks = (day for day in every if (day - dt.date(2026, 1, 6)).days % 14 == 0)
            rests = [f"{month:02}-{day:02}" for month in (7, 8) for day in range(1, 32)]
            rests += [f"12-{day}" for day in range(20, 32)]
            return [day for day in weeks if f"{day:%m-%d}" not in rests]
        case "matin":
            return [d for d in every if d.weekday() == 0 and (d.day <= 7 or 15 <= d.day <= 21)]
    days = [
        day
        for day in every
        if day.weekday() == 5 and not dt.date(2026, 5, 1) <= day <= dt.date(2026, 5, 15)
    ]
    return sorted([*days, dt.date(2026, 6, 21)])


def year(archive: Archive, folder: Path) -> dict[str, int]:
    """Keep a small station for a year: each week shows are taken from the air, all but one in ten
    published, the others deleted. Count what was done."""
    station, deleted = Station(folder / "station", 40), 0
    station.folder.mkdir()
    for slug, line in YEAR.items():
        archive.write_show(Show(slug, slug.title(), guid=slug, grid=(line,)))
    chance, missed, taken = random.Random(2026), dict[str, str](), 0
    follows = [Follow(str(folder / "pige"), "")]
    for week in range(53):
        begin = dt.datetime(2026, 1, 1) + dt.timedelta(7 * week)
        end = min(begin + dt.timedelta(7), dt.datetime(2027, 1, 1))
        for line in YEAR.values():
            for each in airings([line], begin.timestamp(), end.timestamp()):
                moment = each.start.timestamp() - 300
                tiles = [chance.randrange(40) for _each in range(20)]
                heard = station.heard(moment, moment + 900, {moment + 300: tiles})
                name = f"{dt.datetime.fromtimestamp(moment):%Y-%m-%d-%H_%M_%S}.mp3"
                record(heard, folder / "pige" / name, moment + 900)
        found = air.look(archive, follows, missed, lambda _: None, end.timestamp() + 6 * HOUR)
        missed, taken = dict(found.missed), taken + found.taken
        drafts = [each.key for each in archive.episodes() if each.status == "draft"]
        gone = [key for key in drafts if chance.random() < 0.1]
        deleted += len(gone)
        if gone:
            command(archive, "delete", "--yes", *gone)
        if kept := [key for key in drafts if key not in gone]:
            command(archive, "protect", "publish", *kept)
    return {"taken": taken, "deleted": deleted, "missed": len(missed)}
