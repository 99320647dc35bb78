"""The worker: it has all made that goes on by itself, one thing at a time, the most urgent first.

An episode that just arrived comes before all else, and takes the place of whatever is under way.
Then, what is derived of the files is made whenever they changed; then come the other episodes
without a text, in quiet hours the better pass, listening, for loudness and twins, and at last
hearing again what is in doubt. What is heard gives way between two chunks (to news even a first
pass does), and may be killed at any moment. What comes in (the inbox, sources that are followed) is
taken beside all that.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from radio.archive import Archive
from radio.archive.locks import is_locked
from radio.derived.recipe import Begun, Failed, Means, Message, Reached, Recipe, Remaining, SaidLine
from radio.ingest.drops import INBOX
from radio.ingest.looks import SOURCES
from radio.search import Index
from radio.system.errors import ModelError, RadioError
from radio.system.messages import _
from radio.transcribe.adoption import adopt_waiting
from radio.transcribe.recipes import HEARING, HEARINGS, TRANSCRIPTS, Pass, better
from radio.transcribe.schedule import Hours
from radio.work.follower import OFTEN, RESTING, Follower, Stamps
from radio.work.maker import PATIENCE, Maker
from radio.work.passes import Passes, choose_passes, disappoint
from radio.work.queue import Queue
from radio.work.recipes import SOUND, derived
from radio.work.status import Asked, Trouble
from radio.work.teller import Teller
from radio.work.tries import Orders, Tries

LOADING = 1800.0  # seconds in which weights are surely read, and a first chunk decoded
SLACK = 5  # times as long as a show should take, its pass may be silent

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
    """Tell for how long a pass may be silent, in seconds; only one that hangs ever is.

    `length` is that of the show, in seconds; `speed` its seconds in a second, None where unknown.

    >>> patience(3600.0, 5.0), patience(3600.0, None)
    (5400.0, 19800.0)
    """
    return LOADING + SLACK * length / (speed or 1.0)


class Worker:
    """Works on an archive until it is told to stop."""

    def __init__(
        self, archive: Archive, options: WorkOptions, say: Callable[[str], None], pages: Recipe
    ):
        """Take how `pages` are made, which are of a room above."""
        self._archive, self._options, self._say = archive, options, say
        self._follower = Follower(archive, Index(archive), self._interrupt)
        self._queue, self._teller = Queue(archive), Teller(archive, options.quiet, options.asked)
        self._orders = Orders(archive)
        self._tries = Tries(self._teller.earlier, self._orders)
        self._maker = Maker(
            archive, self._recipes(pages), self._tries, self._means, self._take, self._patience
        )
        arriving = (INBOX, SOURCES) if options.follow else (INBOX,)
        self._arrivals = [
            Maker(archive, [each], Tries(), told=self._take_arrivals) for each in arriving
        ]
        self._passes: Passes | None = None
        self._met = frozenset[str]()  # episodes without a text that are no news
        self._adopted: Stamps | None = None  # for which state of the files texts were laid
        self._stopped, self._last_warning = threading.Event(), ""
        self._doubted: Passes | None = None  # that a better pass is no better was said of
        self.failures = 0  # of this run

    def _recipes(self, pages: Recipe) -> tuple[Recipe, ...]:
        """List what is made, the most urgent first; who waits for the end wants texts first."""
        improved = better(lambda _: self._improvable())
        news = replace(TRANSCRIPTS, missing=lambda _: self._news())
        if self._options.once:
            return (news, TRANSCRIPTS, improved, SOUND, *derived(pages))
        return (news, *derived(pages), TRANSCRIPTS, improved, SOUND, HEARINGS)

    def stop(self) -> None:
        """Stop, soon."""
        self._stopped.set()

    def run(self) -> None:
        """Work; what is under way when this ends goes on in the next run."""
        try:
            while not self._stopped.is_set():
                began = time.thread_time()
                for maker in self._arrivals:
                    self._unless_refused(maker.keep_up)
                for act in (self._follower.follow, self._choose, self._step):
                    self._unless_refused(act)
                look = time.thread_time() - began
                self._unless_refused(self._tell)
                if self._options.once and self._is_idle():
                    break
                self._stopped.wait(max(OFTEN, RESTING * look))
        finally:
            for maker in (self._maker, *self._arrivals):
                maker.end()
            self._unless_refused(lambda: self._teller.end(self._unsolved()))

    def _unless_refused(self, act: Callable[[], None]) -> None:
        """Do something; what the disk refuses is said once, and tried again."""
        try:
            act()
        except (RadioError, OSError) as error:
            self.failures += 1
            if str(error) != self._last_warning:
                log.warning("%s", error)
            self._last_warning = str(error)

    def _step(self) -> None:
        if self._orders.is_paused and not self._options.once:
            self._interrupt()
            return
        if self._maker.run is None:
            self._lay_texts()
        self._maker.keep_up(self._follower.state, self._follower.stamps)
        if self._maker.run is None:
            self._teller.pause()

    def _tell(self) -> None:
        self._teller.tell(self._queue, self._passes, self._unsolved(), self._follower.stamps)

    def _unsolved(self) -> tuple[Trouble, ...]:
        return self._queue.unsolved(self._tries.troubles(), self._passes)

    def _is_idle(self) -> bool:
        return all(each.is_idle for each in (self._maker, *self._arrivals))

    def _interrupt(self) -> None:
        self._maker.end()
        self._teller.pause()

    # What to do

    def _choose(self) -> None:
        """Choose the models; where there is none, that is said once in a while."""
        try:
            passes = choose_passes(self._options.asked)
        except ModelError as error:
            self._passes = None
            if not self._tries.hold("model", "", ""):
                self._tries.fail("model", "", "", str(error))
                self._complain(str(error))
            return
        self._passes = passes
        self._tries.forget("model")
        if disappoint(passes, self._options.asked) and passes != self._doubted:
            log.warning(
                _("{better}: not known to be better than {first}; without a better pass").format(
                    better=passes.better, first=passes.first
                )
            )
            self._doubted = passes

    def _lay_texts(self) -> None:
        """Lay the texts that people wrote on recordings which were heard since."""
        if self._follower.stamps is not self._adopted:
            self._adopted = self._follower.stamps
            for key in adopt_waiting(self._archive):
                self._say(_("{key}: the text that came with it is laid").format(key=key))

    def _news(self) -> list[str]:
        """Name the episodes without a text that arrived since something was begun."""
        return [each.key for each in self._queue.first() if each.key not in self._met]

    def _improvable(self) -> list[str]:
        return [each.key for each in self._queue.better(self._passes)] if self._passes else []

    def _means(self, recipe: Recipe) -> Means | None:
        """Tell with what something may be made now; None where it has to wait."""
        if recipe.is_quiet and not self._is_quiet():
            return None
        options, asked = self._options, self._options.asked
        means = Means(asked.engine, "", options.threads, options.base_url, options.once)
        if recipe.kind in ("transcribe", "improve"):
            task: Pass = "improve" if recipe.kind == "improve" else "transcribe"
            passes = self._passes if self._may_hear() else None
            return replace(means, model=passes.model(task)) if passes else None
        if recipe.kind == "rehear":
            may_rehear = asked.rehear and self._passes and self._may_hear()
            return replace(means, model=asked.better) if may_rehear else None
        return None if self._follower.held else means

    def _may_hear(self) -> bool:
        """Whether no other process transcribes."""
        run = self._maker.run
        is_ours = run is not None and run.recipe.kind in ("transcribe", "improve")
        return is_ours or not is_locked(self._archive.root, HEARING)

    def _is_quiet(self) -> bool:
        hours = self._options.quiet
        return hours is None or hours.contains(datetime.now().time())

    def _patience(self, recipe: Recipe, keys: Sequence[str], means: Means) -> float:
        if recipe.kind not in ("transcribe", "improve"):
            return PATIENCE
        longest = max(self._archive.episode(key).audio.duration for key in keys)
        return patience(longest, self._teller.speed(means.model))

    # How it goes

    def _take(self, recipe: Recipe, message: Message) -> None:
        match message:
            case Begun():
                self._met = frozenset(each.key for each in self._queue.first())
                self._teller.begin(recipe.kind)
            case Reached(key, share) if recipe.kind in ("transcribe", "improve"):
                run = self._maker.run
                model = run.means.model if run else ""
                self._teller.reached(recipe.kind, key, model, share)
            case Remaining(number):
                self._teller.books = number
            case SaidLine(text):
                self._say(text)
            case Failed(_, text, is_busy) if not is_busy:
                self._complain(text)

    def _take_arrivals(self, _recipe: Recipe, message: Message) -> None:
        match message:
            case SaidLine(text):
                self._say(text)
            case Failed(_, text, is_busy) if not is_busy:
                self._complain(text)

    def _complain(self, text: str) -> None:
        self.failures += 1
        if text:
            log.error("%s", text)
