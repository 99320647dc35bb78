"""The worker: it does what there is to do, one thing at a time, the most urgent first.

An episode that just arrived comes before all else, and takes the place of whatever is under way.
Then, what is derived of the files is made whenever they changed; then come the other episodes
without a text, in quiet hours the better pass, listening, for loudness and twins, and at last
hearing again what is in doubt. What is heard gives way between two chunks (to news even a first
pass does), and may be killed at any moment.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.archive.locks import is_locked
from radio.search import Index
from radio.system.errors import ModelError, RadioError
from radio.system.messages import _
from radio.transcribe.adoption import adopt_waiting
from radio.work.allowance import Allowance
from radio.work.child import LOCK as ANOTHER
from radio.work.child import Child, Done, Failed, Means, Reached, patience
from radio.work.follower import OFTEN, RESTING, Follower, Stamps
from radio.work.inbox import InboxWork
from radio.work.listening import listening
from radio.work.options import WorkOptions
from radio.work.orders import Orders
from radio.work.passes import Pass, Passes, choose_passes, disappoint
from radio.work.queue import Queue
from radio.work.rehearing import rehearing
from radio.work.rest import UNFINISHED, Rest
from radio.work.sources import Sources
from radio.work.status import Kind, Trouble
from radio.work.teller import Teller
from radio.work.troubles import Troubles

log = logging.getLogger(__name__)


class Worker:
    """Works on an archive until it is told to stop."""

    def __init__(self, archive: Archive, options: WorkOptions, say: Callable[[str], None]):
        self._archive, self._options, self._say = archive, options, say
        self._rest = Rest(archive, output=None, ended=self._take_the_rest, pauses=not options.once)
        self._listening = listening(archive, self._rest, pauses=not options.once)
        self._rehearing = rehearing(archive, options.asked)
        self._follower = Follower(archive, Index(archive), self._interrupt)
        self._sources = Sources(archive, output=None, is_off=not options.follow)
        self._inbox = InboxWork(archive, output=None)
        self._queue, self._teller = Queue(archive), Teller(archive, options.quiet, options.asked)
        self._orders = Orders(archive)
        self._troubles = Troubles(self._teller.earlier, self._orders)
        self._child: Child | None = None
        self._adopted: Stamps | None = None  # for which state of the files
        self._met = frozenset[str]()  # episodes without a text that are no news
        self._stopped, self._last_warning = threading.Event(), ""
        self._doubted: Passes | None = None  # that a better pass is no better was said of
        self.failures = 0  # of this run

    def stop(self) -> None:
        """Stop, soon."""
        self._stopped.set()

    def run(self) -> None:
        """Work; what is under way when this ends goes on in the next run."""
        passes: Passes | None = None
        try:
            while not self._stopped.is_set():
                began = time.thread_time()
                for act in (self._sources.keep_up, self._inbox.keep_up, self._follower.follow):
                    self._unless_refused(act)
                passes = self._passes()
                self._unless_refused(self._step, passes)
                look = time.thread_time() - began
                self._unless_refused(self._tell, passes)
                if self._options.once and self._is_idle():
                    break
                self._stopped.wait(max(OFTEN, RESTING * look))
        finally:
            self._end_child()
            self._interrupt()
            self._sources.end()
            self._inbox.end()
            self.failures += self._sources.failures + self._inbox.failures
            self._unless_refused(self._tell_the_end, passes)

    def _unless_refused(self, act: Callable[..., None], *given: object) -> None:
        """Do something; what the disk refuses is said once, and tried again."""
        try:
            act(*given)
        except (RadioError, OSError) as error:
            self.failures += 1
            if str(error) != self._last_warning:
                log.warning("%s", error)
            self._last_warning = str(error)

    def _step(self, passes: Passes | None) -> None:
        if self._orders.is_paused and not self._options.once:
            self._end_child()
            self._interrupt()
            self._teller.pause()
            return
        if self._child:
            self._hear(self._child)
        if self._child is None:
            self._lay_texts()
            self._begin(passes)

    def _tell(self, passes: Passes | None) -> None:
        stamps = self._follower.stamps
        self._teller.tell(self._queue, passes, self._unsolved(passes), stamps)

    def _tell_the_end(self, passes: Passes | None) -> None:
        self._teller.end(self._unsolved(passes))

    def _unsolved(self, passes: Passes | None) -> tuple[Trouble, ...]:
        return self._queue.unsolved(self._troubles.list(), passes)

    def _is_idle(self) -> bool:
        due = not self._follower.held and self._rest.is_due(self._follower.stamps)
        due = due or (self._is_quiet() and self._listening.is_due(self._follower.stamps))
        is_done = self._sources.is_done and self._inbox.is_done and not self._is_aside
        return self._child is None and is_done and not due

    @property
    def _is_aside(self) -> bool:
        """Whether a process beside this one makes the rest, or listens."""
        return any(each.is_running for each in (self._rest, self._listening, self._rehearing))

    def _interrupt(self) -> None:
        for each in (self._rest, self._listening, self._rehearing):
            each.end()

    # What to do

    def _passes(self) -> Passes | None:
        """Choose the models; None where there is none, which is said once in a while."""
        try:
            passes = choose_passes(self._options.asked)
        except ModelError as error:
            if not self._troubles.hold("model", "", ""):
                self._fail("model", "", "", str(error))
            return None
        self._troubles.forget("model", "")
        if disappoint(passes, self._options.asked) and passes != self._doubted:
            log.warning(
                _("{better}: not known to be better than {first}; without a better pass").format(
                    better=passes.better, first=passes.first
                )
            )
            self._doubted = passes
        return passes

    def _lay_texts(self) -> None:
        """Lay the texts that people wrote on recordings which were heard since."""
        if self._follower.stamps is not self._adopted:
            self._adopted = self._follower.stamps
            for key in adopt_waiting(self._archive):
                self._say(_("{key}: the text that came with it is laid").format(key=key))

    def _begin(self, passes: Passes | None) -> None:
        """Begin what is most urgent now."""
        can_hear = passes and not is_locked(self._archive.root, ANOTHER)
        missing = self._ready("transcribe", self._queue.first()) if can_hear else []
        news = [each for each in missing if each.key not in self._met]
        if passes and self._rehearing.is_running and (missing or self._better(passes)):
            self._rehearing.end()
        if self._is_aside and not news:
            return
        self._met = frozenset(each.key for each in missing)
        if passes and news:
            self._interrupt()
            self._start("transcribe", news[0], passes)
        elif not self._options.once and self._make_the_rest():
            return
        elif passes and missing:
            self._start("transcribe", missing[0], passes)
        elif passes and can_hear and (better := self._better(passes)):
            self._start("improve", better[0], passes)
        elif self._options.once and self._make_the_rest():
            return
        elif self._is_quiet():
            self._listen()

    def _better(self, passes: Passes) -> list[Episode]:
        return self._ready("improve", self._queue.better(passes)) if self._is_quiet() else []

    def _ready(self, task: Pass, episodes: Sequence[Episode]) -> list[Episode]:
        """Leave out what failed a moment ago."""
        holds = self._troubles.hold
        if holds(task, "", ""):
            return []
        return [each for each in episodes if not holds(task, each.key, self._queue.files(each))]

    def _is_quiet(self) -> bool:
        hours = self._options.quiet
        return hours is None or hours.contains(datetime.now().time())

    def _make_the_rest(self) -> bool:
        """Have the rest made where something changed; tell whether that goes on now."""
        if self._troubles.is_wished("rest", ""):
            self._rest.try_again(time.time())
        if not self._follower.held:
            self._rest.keep_up(self._follower.stamps)
        if self._rest.is_running:
            self._teller.begin("rest")
        else:
            self._teller.pause()
        return self._rest.is_running

    def _listen(self) -> None:
        """Have recordings listened to, where nothing else is to do; and at last heard again."""
        stamps = self._follower.stamps
        self._listening.keep_up(stamps)
        if self._listening.is_running:
            self._teller.begin("sound")
        elif not self._listening.is_due(stamps):
            self._rehearing.keep_up(stamps)
            if self._rehearing.is_running:
                self._teller.begin("rehear")

    def _take_the_rest(self, code: int) -> None:
        """Note how the process that makes the rest ended."""
        if code in (0, UNFINISHED):
            self._troubles.forget("rest", "")
            if code:
                self._rest.try_again(Allowance(self._archive).again)
            return
        message = _("some of it could not be made; `radio index` says what")
        self._rest.try_again(self._fail("rest", "", "", message).until)

    # The child

    def _start(self, task: Pass, episode: Episode, passes: Passes) -> None:
        model = passes.model(task)
        self._teller.begin(task, episode, model)
        means = Means(self._options.asked.engine, model, self._options.threads)
        silence = patience(episode.audio.duration, self._teller.speed(model))
        self._child = Child(self._archive, task, episode.key, means, silence)

    def _hear(self, child: Child) -> None:
        """Take in what the child says; between two chunks it may have to give way."""
        for message in child.messages():
            match message:
                case Reached(second):
                    self._teller.reached(second)
                    if self._must_give_way(child):
                        self._end_child()
                        return
                case Done(is_another):
                    self._finish(child, is_another)
                    return
                case Failed():
                    self._give_up(child, message)
                    return

    def _must_give_way(self, child: Child) -> bool:
        """Whether a pass must wait: something more urgent came, or it is day for a better one."""
        missing = self._ready("transcribe", self._queue.first())
        if child.task == "transcribe":
            return any(each.key not in self._met for each in missing)
        may_rest = not self._follower.held and self._rest.may_begin(self._follower.stamps)
        return not self._is_quiet() or bool(missing) or (may_rest and not self._options.once)

    def _finish(self, child: Child, is_another: bool) -> None:
        task, key = child.task, child.key
        text = _("improved") if task == "improve" else _("transcribed")
        if not is_another:
            text = _("no better; the new version is kept aside")
        self._say(f"{key} {text} ({child.means.model})")
        self._end_child()
        for each in (key, ""):
            self._troubles.forget(task, each)

    def _give_up(self, child: Child, failed: Failed) -> None:
        task, key = child.task, child.key
        self._end_child()
        if failed.is_busy or self._stopped.is_set():
            return
        if failed.concerns_all:
            self._fail(task, "", "", failed.message)
        else:
            self._fail(task, key, self._queue.files(self._archive.episode(key)), failed.message)

    def _end_child(self) -> None:
        if self._child:
            self._child.end()
            self._child = None
            self._teller.pause()

    def _fail(self, kind: Kind, key: str, files: str, message: str) -> Trouble:
        self.failures += 1
        log.error("%s", message)
        return self._troubles.note(kind, key, files, message)
