"""Shows taken from what a station records day and night: none is lost, none is taken twice."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

import pytest

from radio.actions import trimming
from radio.actions.undoing import undo
from radio.archive import Archive
from radio.archive.episode import Episode, Show
from radio.archive.follows import Follow, Follows, read_follows, write_follows
from radio.ingest import air
from radio.ingest.air import AirLook
from radio.ingest.extracts import set_clocks
from radio.ingest.looks import LOCK, LOOKS, Look, Looks, read_looks
from radio.ingest.recorders import Recorder
from radio.search import Index
from radio.sound.excerpt import locate
from radio.system.errors import ArchiveError
from radio.work.alarm import URGENT
from radio.work.waiting import State, list_waiting
from tests.pige import Shows, Station, record
from tests.processes import command

pytestmark = pytest.mark.long
HOUR = dt.datetime(2026, 11, 24, 20).timestamp()  # a Tuesday
LENGTH = 120.0  # seconds of the show
FILE = 90.0  # seconds of a file of the recorder
SHOW = [12, 5, 1, 2, 9, 4]  # the tiles that are the show, its jingle first
LAST = 80.0  # the second of the show at which its last whole tile begins
DAY = 86_400.0


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Station:
    return Station(tmp_path_factory.mktemp("station"))


Taken = Callable[..., AirLook]


@pytest.fixture
def taken(archive: Archive, tmp_path: Path) -> Taken:
    """Look at recorders by some clock, and give what came of it."""
    archive.write_show(Show("machine", "La Machine", grid=("mardi 20:00 2 min",)))

    def look(*recorders: str, now: float = HOUR + 3600, **more: object) -> AirLook:
        follows = [Follow(str(tmp_path / each), "", **more) for each in recorders]  # type: ignore[arg-type]
        return air.look(archive, follows, {}, lambda _: None, now)

    return look


def write(
    station: Station,
    folder: Path,
    lacks: tuple[int, ...] = (),
    late: float = 0.0,
    hour: float = HOUR,
    moved: float = 0.0,
    first: int = -2,
    last: int = 4,
    also: Shows = MappingProxyType({}),
    over: float = 0.0,
    silent: bool = False,
) -> None:
    """Record around an hour in short files, each some seconds over, of which some lack. The show
    begins `moved` seconds after the hour."""
    for number in range(first, last):
        begin = hour + number * FILE
        if number in lacks:
            continue
        heard = station.heard(begin, begin + FILE + over, {hour + moved: SHOW, **also})
        heard = (9 * station.silence)[: len(heard)] if silent else heard
        name = f"{dt.datetime.fromtimestamp(begin - late):%Y-%m-%d-%H_%M_%S}.mp3"
        record(heard, folder / name, begin + FILE - late)


def last_hour() -> float:
    """Give when the show was last on the air, two days ago at least: commands look by the clock of
    the machine, whatever its day."""
    day = dt.date.today() - dt.timedelta(2)
    tuesday = day - dt.timedelta((day.weekday() - 1) % 7)
    return dt.datetime.combine(tuesday, dt.time(20)).timestamp()


def only(archive: Archive) -> Episode:
    [episode] = archive.episodes()
    return episode


def begins(archive: Archive, station: Station, tile: int = SHOW[0]) -> float:
    """Give when a tile is heard in the only episode."""
    place = locate(archive.audio_path(only(archive)), station.path(tile))
    assert place.is_sure
    return place.second


def test_a_show_over_two_files_becomes_one_draft_once(
    archive: Archive, station: Station, taken: Taken, tmp_path: Path
) -> None:
    write(station, tmp_path / "pige")
    found = taken("pige")
    assert (found.taken, found.failed, found.missed, found.told) == (1, {}, {}, {})
    episode = only(archive)
    assert (episode.status, episode.known_date) == ("draft", "2026-11-24")
    assert episode.title == "Émission du 24 novembre 2026"
    assert episode.audio.duration == pytest.approx(LENGTH, abs=0.2)
    assert begins(archive, station) < 0.2
    assert begins(archive, station, SHOW[4]) == pytest.approx(LAST, abs=0.4)
    assert found.next == HOUR + 7 * DAY + LENGTH + air.SETTLED
    assert taken("pige").taken == 0
    assert not (archive.cache / "arrivals").exists() or not any(
        (archive.cache / "arrivals").iterdir()
    )


def test_an_hour_that_is_not_whole_is_waited_for_then_told(
    archive: Archive, station: Station, taken: Taken, tmp_path: Path
) -> None:
    write(station, tmp_path / "pige", lacks=(1,))
    waiting = taken("pige", now=HOUR + LENGTH + air.SETTLED)
    assert (waiting.taken, list(waiting.failed)) == (0, ["machine 2026-11-24 20:00"])
    found = taken("pige", now=HOUR + DAY + LENGTH)
    assert found.taken == 1
    assert "20:01:30" in found.told["machine 2026-11-24 20:00"]
    assert only(archive).audio.duration == pytest.approx(FILE, abs=0.2)


def test_what_is_waited_for_until_the_recorder_forgot_it_is_told(
    archive: Archive, station: Station, taken: Taken, tmp_path: Path
) -> None:
    """The show was on the air once: whatever the day, no later one lacks."""
    once = "mardi 20:00 2 min, depuis 2026-11-24, jusqu’au 2026-11-24"
    archive.write_show(Show("machine", "La Machine", grid=(once,)))
    write(station, tmp_path / "pige", last=1)
    command(archive, "source", "add", str(tmp_path / "pige"))
    address, name = str(tmp_path / "pige"), "machine 2026-11-24 20:00"
    with archive.lock(LOCK):
        LOOKS.write(archive.root, Looks({address: Look(failed={name: f"{name}: 20:01"})}))
    for path in (tmp_path / "pige").iterdir():
        path.rename(path.with_name("2026-11-25-09_00_00.mp3"))
    command(archive, "source", "look")
    assert read_looks(archive)[address].missed == {name: f"{name}: 20:01"}


def test_a_show_is_not_lost_for_its_jingle(
    archive: Archive,
    station: Station,
    taken: Taken,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(air, "SLACK", 60.0)
    write(station, tmp_path / "pige")
    found = taken("pige", jingles={"machine": (str(tmp_path / "gone.mp3"),)})
    assert (found.taken, begins(archive, station) < 0.2) == (1, True)
    assert "machine 2026-11-24 20:00" in found.told


def test_a_show_that_was_not_recorded_is_told(
    archive: Archive, station: Station, taken: Taken, tmp_path: Path
) -> None:
    write(station, tmp_path / "pige", lacks=(0, 1))
    found = taken("pige", now=HOUR + 2 * DAY)
    assert list(found.missed) == ["machine 2026-11-24 20:00"]
    assert not archive.episodes()
    assert any("pige" in each for each in found.failed)  # the recorder stopped


def test_what_one_recorder_lacks_the_other_has_by_its_own_clock(
    archive: Archive, station: Station, taken: Taken, tmp_path: Path
) -> None:
    write(station, tmp_path / "a", lacks=(1,), first=-12)
    write(station, tmp_path / "b", late=41.0, first=-12)
    found = taken("a", "b")
    assert found.taken == 1
    assert "41" in found.told["machine 2026-11-24 20:00"]
    assert only(archive).audio.duration == pytest.approx(LENGTH, abs=0.5)
    assert begins(archive, station, SHOW[1]) == pytest.approx(20, abs=0.5)
    assert begins(archive, station, SHOW[4]) == pytest.approx(LAST, abs=0.5)


def test_files_that_overlap_say_nothing_twice(
    archive: Archive, station: Station, taken: Taken, tmp_path: Path
) -> None:
    write(station, tmp_path / "pige", over=7.0)
    assert taken("pige").taken == 1
    assert only(archive).audio.duration == pytest.approx(LENGTH, abs=0.3)
    assert begins(archive, station, SHOW[4]) == pytest.approx(LAST, abs=0.4)  # over the border


def test_a_recorder_that_hears_nothing_is_not_believed(
    archive: Archive, station: Station, taken: Taken, tmp_path: Path
) -> None:
    write(station, tmp_path / "a", silent=True)
    write(station, tmp_path / "b")
    assert taken("a", "b").taken == 1
    assert begins(archive, station, SHOW[1]) == pytest.approx(20, abs=0.5)


def test_a_clock_is_not_measured_by_what_is_heard_twice(station: Station, tmp_path: Path) -> None:
    """The first recorder lacks the show, of which a trailer was heard a minute before."""
    write(station, tmp_path / "a", lacks=(0, 1, 2, 3), first=-12, also={HOUR - 60: [12]})
    write(station, tmp_path / "b", first=-12, late=41.0, also={HOUR - 60: [12]})
    recorders = [Recorder(str(tmp_path / "a")), Recorder(str(tmp_path / "b"), late=41.0)]
    set_clocks(recorders, HOUR, tmp_path / "work")
    assert recorders[1].late == pytest.approx(41, abs=0.5)


def test_a_jingle_tells_when_a_moved_show_began(
    archive: Archive,
    station: Station,
    taken: Taken,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its jingle is heard in a trailer too, further from its hour."""
    monkeypatch.setattr(air, "SLACK", 240.0)  # else half an hour is decoded
    write(station, tmp_path / "pige", moved=120.0, first=-3, last=8, also={HOUR - 180: [12]})
    jingles = {"machine": (str(station.path(SHOW[0])),)}
    found = taken("pige", jingles=jingles)
    assert "2 min" in found.told["machine 2026-11-24 20:00"]
    assert begins(archive, station) == pytest.approx(air.EARLY, abs=0.2)
    assert only(archive).audio.duration == pytest.approx(LENGTH, abs=0.5)


def test_a_rebroadcast_is_told_and_not_taken_twice(
    archive: Archive, station: Station, taken: Taken, tmp_path: Path
) -> None:
    write(station, tmp_path / "pige")
    assert taken("pige").taken == 1
    for path in sorted((tmp_path / "pige").iterdir()):  # the same a week later, by another encoder
        then = dt.datetime.fromisoformat(path.stem[:10]) + dt.timedelta(7)
        path.rename(path.with_name(f"{then:%Y-%m-%d}{path.name[10:]}"))
    key = only(archive).key
    found = taken("pige", now=HOUR + 8 * DAY)
    assert key in found.missed["machine 2026-12-01 20:00"]
    assert taken("pige", now=HOUR + 8 * DAY).taken == 0
    assert only(archive).key == key


def test_a_deleted_draft_does_not_come_back(
    archive: Archive, station: Station, taken: Taken, tmp_path: Path
) -> None:
    write(station, tmp_path / "pige")
    taken("pige")
    assert not command(archive, "delete", only(archive).key, "--yes").returncode
    assert taken("pige").taken == 0
    assert not archive.episodes()


def test_a_keeper_follows_the_recorder_by_two_commands(
    archive: Archive, station: Station, taken: Taken, tmp_path: Path
) -> None:
    """The clock of the machine is later than the show: it is taken at the first look."""
    write(station, tmp_path / "pige", hour=last_hour())
    done = command(archive, "source", "add", str(tmp_path / "pige"))
    assert (done.returncode, "6 " in done.stdout) == (0, True), done.stderr
    assert [each.address for each in read_follows(archive.root).follows] == [str(tmp_path / "pige")]
    assert not command(archive, "source", "look").returncode
    assert begins(archive, station) < 0.2
    assert "pige" in told_by_alarm(archive)  # nothing came there since
    look: Look = read_looks(archive)[str(tmp_path / "pige")]
    assert (look.taken, look.trouble) == (1, "")
    told = command(archive, "source", "list", "--json").stdout
    assert json.loads(told)[0]["taken"] == 1


def test_a_jingle_given_later_leaves_the_right_clock_first(
    archive: Archive, station: Station, taken: Taken, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        write(station, tmp_path / name, last=0)
        command(archive, "source", "add", str(tmp_path / name))
    asked = ("--show", "machine", "--jingle", str(station.path(12)))
    assert not command(archive, "source", "add", str(tmp_path / "a"), *asked).returncode
    first, second = read_follows(archive.root).follows
    assert [first.address, second.address] == [str(tmp_path / "a"), str(tmp_path / "b")]
    assert (first.into, first.jingles) == ("", {"machine": (str(station.path(12)),)})


def told_by_alarm(archive: Archive) -> str:
    waiting = list_waiting(State(archive), URGENT)
    return " ".join(line for each in waiting if each.kind.name == "stopped" for line in each.names)


def test_hours_of_files_are_taken_by_hand(
    archive: Archive, station: Station, taken: Taken, tmp_path: Path
) -> None:
    write(station, tmp_path / "pige")
    asked = ("--from", "20:00", "--to", "20:02", "--show", "machine", str(tmp_path / "pige"))
    assert not command(archive, "ingest", *asked).returncode
    assert only(archive).known_date == "2026-11-24"
    assert only(archive).audio.duration == pytest.approx(LENGTH, abs=0.2)
    assert begins(archive, station) < 0.2


def test_a_show_that_began_late_is_taken_again_wider_and_cut(
    archive: Archive,
    station: Station,
    taken: Taken,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It has no jingle: a keeper finds its borders, with what came before and after."""
    monkeypatch.setattr(trimming, "WIDER", 60.0)
    monkeypatch.setattr(air, "WIDEST", 120.0)
    write(station, tmp_path / "pige", moved=45.0)
    taken("pige")
    before = only(archive)
    write_follows(archive.root, Follows((Follow(str(tmp_path / "pige"), ""),)))
    later = trimming.widen(archive, Index(archive), before)
    assert later == pytest.approx(60, abs=0.3)
    assert only(archive).audio.duration == pytest.approx(LENGTH + 120, abs=0.5)
    start = begins(archive, station)
    assert start == pytest.approx(105, abs=0.5)
    kept = start - 0.1, start + LENGTH
    assert trimming.trim(archive, Index(archive), only(archive), asked=kept) == kept
    assert only(archive).audio.duration == pytest.approx(LENGTH, abs=0.5)
    assert begins(archive, station) < 0.3
    for _each in range(2):
        undo(archive)
    assert only(archive) == before
    for path in (tmp_path / "pige").iterdir():
        path.unlink()
    with pytest.raises(ArchiveError):
        trimming.widen(archive, Index(archive), before)
