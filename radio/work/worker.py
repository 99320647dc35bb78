"""The worker has all made that goes on by itself, one thing at a time: a new episode before all
else, what is derived of changed files, other texts, in quiet hours the better pass, measures of
sound, doubts heard again. Transcription gives way between two chunks, and may be killed. New files
(inbox, followed sources) are taken beside all that."""

import contextlib
import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from radio.archive import Archive
from radio.archive.acts import HEARING
from radio.archive.locks import is_locked
from radio.derived.recipe import (
    Begun,
    Failed,
    Made,
    Means,
    Message,
    Reached,
    Recipe,
    Remaining,
    SaidLine,
)
from radio.ingest.inbox import INBOX
from radio.ingest.looks import SOURCES
from radio.search import Index
from radio.system.errors import BusyError, ModelError, RadioError
from radio.system.messages import _
from radio.transcribe.adoption import adopt_waiting
from radio.transcribe.recipes import HEARINGS, TRANSCRIPTS, better, unheard
from radio.transcribe.schedule import Hours
from radio.work.alarm import EVERY, calls
from radio.work.maker import PATIENCE, Maker
from radio.work.queue import Passes, Queue, choose_passes, reached
from radio.work.recipes import FIXITY, SOUND, derived
from radio.work.status import Asked, Current, Trouble, WorkStatus, read_status, write_status
from radio.work.tries import ORDERS, Tries
from radio.work.upkeep import OFTEN, RESTING, Follower, Stamps

PASSES = ("transcribe", "improve")
LOADING = 1800.0  # seconds in which weights are surely read, and a first chunk decoded
SLACK = 5  # times as long as a show should take, its pass may be silent
REMEMBERED = 1800.0  # seconds of work, as which the speed known before an episode counts
SELDOM = 2.0  # seconds between two counts of what is left, at least
COUNTING = 20  # times as long as a count takes is waited

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class WorkOptions:
    """How to work."""

    asked: Asked = field(default_factory=Asked)
    quiet: Hours | None = None  # the hours of the better pass; always without
    threads: int | None = None
    once: bool = False  # end when there is nothing to do for now
    follow: bool = True  # look at what is followed
    base_url: str = ""  # the address that listeners use


def patience(length: float, speed: float | None) -> float:
    """Give the seconds that a pass may be silent; only one that hangs is so long.

    `length` is that of the show in seconds; `speed` its seconds in a second, None where unknown.

    >>> patience(3600.0, 5.0), patience(3600.0, None)
    (5400.0, 19800.0)
    """
    return LOADING + SLACK * length / (speed or 1.0)


class Worker:
    """Works on an archive until it is told to stop."""

    def __init__(
        self, archive: Archive, options: WorkOptions, say: Callable[[str], None], pages: Recipe
    ):
        """`pages` is a recipe of a room above."""
        self._archive, self._options, self._say = archive, options, say
        self._follower = Follower(archive, Index(archive), self._interrupt)
        self._queue, self._teller = Queue(archive), Teller(archive, options.quiet, options.asked)
        self._orders = partial(ORDERS.recall, archive.root)
        self._tries = Tries(self._teller.earlier, self._orders)
        self._maker = Maker(
            archive, self._recipes(pages), self._tries, self._means, self._take, self._patience
        )
        arriving = (INBOX, SOURCES) if options.follow else (INBOX,)
        self._arrivals = [Maker(archive, [each], Tries(), report=self._hear) for each in arriving]
        self._passes: Passes | None = None
        self._met = frozenset[str]()  # episodes without a text that are no news
        self._adopted: Stamps | None = None  # for which state of the files texts were aligned
        self._stopped, self._last_warning = threading.Event(), ""
        self._called = -math.inf  # when what needs a person was last looked at
        self._doubted: Passes | None = None  # that a better pass is no better was said of
        self.failures = 0  # of this run

    def _recipes(self, pages: Recipe) -> tuple[Recipe, ...]:
        """List what is made, the most urgent first; with `once`, texts come first."""

        def improvable(_archive: Archive) -> list[str]:
            passes = self._passes
            return [each.key for each in self._queue.better(passes)] if passes else []

        def just_arrived(_archive: Archive) -> list[str]:
            """Name the episodes without a text that arrived since the last beginning."""
            return [each.key for each in unheard(self._archive) if each.key not in self._met]

        improved, news = better(improvable), replace(TRANSCRIPTS, missing=just_arrived)
        if self._options.once:
            return (news, TRANSCRIPTS, improved, SOUND, *derived(pages), FIXITY)
        return (news, *derived(pages), FIXITY, TRANSCRIPTS, improved, SOUND, HEARINGS)

    def stop(self) -> None:
        """Stop, soon."""
        self._stopped.set()

    def run(self) -> None:
        """Work; what is under way at the end goes on in the next run."""
        makers = (*self._arrivals, self._maker)
        follow, arrivals = self._follower.follow, [each.keep_up for each in self._arrivals]
        try:
            while not self._stopped.is_set():
                began = time.thread_time()
                for act in (*arrivals, follow, self._choose, self._step):
                    self._unless_refused(act)
                look = time.thread_time() - began
                self._unless_refused(self._tell)
                self._call()
                if self._options.once and all(each.is_idle for each in makers):
                    break
                pause = look if self._options.once else RESTING * look  # somebody waits for the end
                self._stopped.wait(max(OFTEN, pause))
        finally:
            for maker in makers:
                maker.end()
            self._unless_refused(lambda: self._teller.end(self._unsolved()))
            self._called = -math.inf
            self._call()

    def _unless_refused(self, act: Callable[[], object]) -> None:
        """Do something; an error of the disk is logged once, and tried again."""
        try:
            act()
        except (RadioError, OSError) as error:
            self.failures += 1
            if str(error) != self._last_warning:
                log.warning("%s", error)
            self._last_warning = str(error)

    def _choose(self) -> None:
        asked, self._passes = self._options.asked, None
        try:
            passes = self._passes = choose_passes(asked)
        except ModelError as error:
            if not self._tries.hold("model", "", ""):
                self._tries.fail("model", "", "", str(error))
                self._complain(str(error))
            return
        self._tries.forget("model")
        is_no_better = asked.better and not passes.are_two and passes.better != passes.first
        if is_no_better and passes != self._doubted:
            message = _(
                "{better} : rien ne dit qu’il est meilleur que {first} ; pas de meilleure passe"
            )
            log.warning(_(message, better=passes.better, first=passes.first))
            self._doubted = passes

    def _step(self) -> None:
        if self._orders().is_paused and not self._options.once:
            self._interrupt()
            return
        if self._options.once and not all(each.is_idle for each in self._arrivals):
            return  # all else is made of what arrives
        stamps = self._follower.stamps
        if self._maker.run is None and stamps is not self._adopted:
            self._adopted = stamps
            for key in adopt_waiting(self._archive):
                self._say(_("{key} : le texte venu avec lui est calé", key=key))
        self._maker.keep_up(self._follower.state, stamps)
        if self._maker.run is None:
            self._teller.current = None

    def _tell(self) -> None:
        self._teller.tell(self._queue, self._passes, self._unsolved(), self._follower.stamps)

    def _call(self) -> None:
        """Call for what needs a person, and for what is ready, now and then."""
        if time.monotonic() < self._called + EVERY:
            return
        self._called = time.monotonic()
        for call in calls(self._options.base_url):
            with contextlib.suppress(BusyError):
                self._unless_refused(partial(call, self._archive))

    def _unsolved(self) -> tuple[Trouble, ...]:
        return self._queue.unsolved(self._tries.troubles(), self._passes)

    def _interrupt(self) -> None:
        self._maker.end()
        self._teller.current = None

    def _means(self, recipe: Recipe) -> Means | None:
        options, asked = self._options, self._options.asked
        hours, run = options.quiet, self._maker.run
        if recipe.is_quiet and hours and not hours.contains(datetime.now().time()):
            return None
        means = Means(asked.engine, "", options.threads, options.base_url, options.once)
        is_ours = run is not None and run.recipe.kind in PASSES
        is_free = is_ours or not is_locked(self._archive.root, HEARING)  # nobody else transcribes
        passes = self._passes if is_free else None
        match recipe.kind:
            case "transcribe":
                return replace(means, model=passes.first) if passes else None
            case "improve":
                return replace(means, model=passes.better) if passes else None
            case "rehear":
                return replace(means, model=asked.better) if asked.rehear and passes else None
        return None if self._follower.held else means

    def _patience(self, recipe: Recipe, keys: Sequence[str], means: Means) -> float:
        if recipe.kind not in PASSES:
            return PATIENCE
        longest = max(self._archive.episode(key).audio.duration for key in keys)
        return patience(longest, self._teller.speeds.get(means.model))

    def _take(self, recipe: Recipe, message: Message) -> None:
        run = self._maker.run
        match message:
            case Begun():
                self._met = frozenset(each.key for each in unheard(self._archive))
                self._teller.current = Current(recipe.kind)
            case Reached(key, share) if run and recipe.kind in PASSES:
                self._teller.reached(recipe, key, run.means.model, share)
            case Remaining(number):
                self._teller.books = number
            case Made() if recipe.kind == "transcribe":
                self._called = -math.inf
        self._hear(recipe, message)

    def _hear(self, _recipe: Recipe, message: Message) -> None:
        match message:
            case SaidLine(text):
                self._say(text)
            case Failed(_, text, is_busy) if not is_busy:
                self._complain(text)

    def _complain(self, text: str) -> None:
        self.failures += 1
        if text:
            log.error("%s", text)


class Teller:
    """Updates the status of the work while it goes on."""

    def __init__(self, archive: Archive, quiet: Hours | None, asked: Asked):
        self._archive, self._quiet, self._asked = archive, str(quiet or ""), asked
        self._status = read_status(archive)
        self.earlier = self._status.troubles
        self.books = self._status.of("books").number  # that are left
        self.speeds = dict(self._status.speeds)  # seconds of sound in a second, by model
        self.current: Current | None = None
        self._length = self._from = self._began = 0.0
        self._before: float | None = None  # its speed until this episode
        self._counted: object = None  # of which state of the files
        self._next = -math.inf  # when to count again

    def reached(self, recipe: Recipe, key: str, model: str, share: float) -> None:
        """Note how much of a pass on an episode is done, 0 to 1, and how fast it went."""
        if self.current is None or self.current.key != key:
            self._began, self._length, self._from = time.monotonic(), 1.0, 0.0
            self._before = self.speeds.get(model)
            with contextlib.suppress(RadioError):  # it is gone meanwhile
                episode = self._archive.episode(key)
                self._length = max(episode.audio.duration, 1.0)
                self._from = reached(self._archive, recipe.kind, episode)
        second = share * self._length
        if second > self._from:
            spent = max(time.monotonic() - self._began, 0.1)
            known = REMEMBERED if self._before else 0.0
            heard = second - self._from + known * (self._before or 0.0)
            self.speeds[model] = round(heard / (spent + known), 2)
        second, speed = max(second, self._from), self.speeds.get(model)
        left = round(max(self._length - second, 0.0) / speed) if speed else None
        done = round(min(second / self._length, 1.0), 3)
        self.current = Current(recipe.kind, key, model, done, left)

    def tell(
        self, queue: Queue, passes: Passes | None, troubles: tuple[Trouble, ...], stamps: Stamps
    ) -> None:
        """Write the status where it changed. Raises ArchiveError if the disk refuses."""
        names = (passes.first, passes.better) if passes else ("", "")
        left, state = self._status.left, (dict(stamps), self.current, names, self.books)
        if state != self._counted and time.monotonic() >= self._next:
            began = time.thread_time()
            left, self._counted = queue.left(passes, self.speeds, self.books), state
            look = time.thread_time() - began
            self._next = time.monotonic() + max(SELDOM, COUNTING * look)
        status = WorkStatus(*names, self._quiet, self.current, left, troubles, asked=self._asked)
        self._write(replace(status, speeds=dict(self.speeds)))

    def end(self, troubles: tuple[Trouble, ...]) -> None:
        """Write that nothing is being done."""
        self._write(replace(self._status, current=None, troubles=troubles))

    def _write(self, status: WorkStatus) -> None:
        if status != self._status:
            write_status(self._archive, status)
            self._status = status
