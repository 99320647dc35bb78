"""What new recordings sound like, told in a plan and after an ingest, within some minutes."""

import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from os import sched_getaffinity

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.cli.lines import say
from radio.cli.terminal import counted, progress_bar
from radio.ingest.plan import PlanRow
from radio.proposals.twins import arrivals
from radio.proposals.twins.arrivals import Hear, of_episode
from radio.proposals.twins.likeness import resembled
from radio.proposals.twins.prints import Prints
from radio.sound.fingerprint import Fingerprint
from radio.system import sandbox
from radio.system.errors import RadioError
from radio.system.messages import _

PLANNED, TAKEN = 300.0, 30.0  # seconds in which is listened for a plan, and after an ingest
FEW = 20  # episodes that are listened to after an ingest; of more, those that were before


def told_alike(archive: Archive, rows: Sequence[PlanRow]) -> list[PlanRow]:
    """Name in the rows of local files what each sounds like; what is done with them stays.

    What could not be listened to in time is told in a line.
    """
    until = time.monotonic() + PLANNED
    tasks = arrivals.sounds(archive, rows)
    if not tasks:
        return list(rows)
    heard, left = _listen(tasks, until)
    if left:
        told = _(
            "{number} not listened to in {time:.0f} min; `radio merge --find` does it afterwards"
        )
        number = counted(left, "recording", "recordings")
        say(f"radio: {told.format(number=number, time=PLANNED / 60)}", err=True)
    return arrivals.told_alike(archive, rows, heard, until)


def tell_new(archive: Archive, before: Iterable[str]) -> None:
    """Say how many episodes that were not there before sound like one that was.

    Those that nobody listened to yet are left to `radio work` and `radio merge --find`.
    """
    prints, until, earlier = Prints(archive), time.monotonic() + TAKEN, set(before)
    missing, episodes = {each.key for each in prints.missing()}, archive.episodes()
    new = [each for each in episodes if each.key not in earlier]
    some = [each for each in new if each.key not in missing or len(new) <= FEW]
    others = [each for each in episodes if each.key in earlier and each.key not in missing]
    if not some or not others:
        return
    tasks = {each.key: of_episode(prints, each) for each in (*some, *others)}
    heard, _left = _listen(tasks, until)
    old, late = ([name for name in _keys(each) if name in heard] for each in (others, some))
    if number := len(resembled(heard, old, late, until)):
        told = counted(number, "episode sounds", "episodes sound")
        note = _("{told} like one that is here: `radio merge --find`").format(told=told)
        say(f"radio: {note}", err=True)


def _keys(episodes: Iterable[Episode]) -> list[str]:
    return [each.key for each in episodes]


def _listen(tasks: Mapping[str, Hear], until: float) -> tuple[dict[str, Fingerprint], int]:
    """Get fingerprints, as many at once as there are cores; tell how many are left in the end.

    What can't be decoded is left out: whoever takes it says so.
    """
    heard = dict[str, Fingerprint]()
    with (
        sandbox.nursery("radio.sound.fingerprint", "radio.sound.decoder"),
        progress_bar(_("Listening"), len(tasks)) as progress,
        ThreadPoolExecutor(len(sched_getaffinity(0))) as pool,
    ):
        names = {pool.submit(hear): name for name, hear in tasks.items()}
        waiting: set[Future[Fingerprint]] = set(names)
        while waiting and (seconds := until - time.monotonic()) > 0:
            done, waiting = wait(waiting, seconds, FIRST_COMPLETED)
            for each in done:
                if not isinstance(each.exception(), (RadioError, OSError)):
                    heard[names[each]] = each.result()
            progress(len(tasks) - len(waiting))
        pool.shutdown(wait=False, cancel_futures=True)
    return heard, len(waiting)
