"""How little a process takes from others, and what the system grants it: memory, processor, disk.
Free memory goes back to the system at once, if the C library can. What stays for long is not
searched for garbage again and again: Python stops all threads for that."""

import contextlib
import ctypes
import gc
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from radio.system.errors import ProgramError
from radio.system.messages import _, reason

# mallopt(3) of the GNU C library: parameter, value
ARENAS = -8  # M_ARENA_MAX: how many heaps the threads share
OTHERS = (
    (-3, 4 << 20),  # M_MMAP_THRESHOLD, bytes: what is larger goes back when it is freed
    (-1, 1 << 20),  # M_TRIM_THRESHOLD, bytes: so does the free end of a heap
)

SELDOM = 5_000  # new things that circles may be in, before they are searched for garbage
NICEST = 19
SWITCH = "RADIO_NICE"  # `off` where nothing else should go first
PDEATHSIG = 1  # prctl(2), Linux: the signal that a process is sent when its parent dies
IOPRIO_SET = {"x86_64": 251, "aarch64": 30}  # syscall numbers, Linux, 64 bits
THIS_PROCESS = (1, 0)  # IOPRIO_WHO_PROCESS and the caller
AUTOGROUP = Path("/proc/self/autogroup")  # sched(7): the priority of a session
OFTEN = 0.1  # seconds between two changes of such a priority that the kernel allows
ROOT = Path("/")
LIMITS = {  # of control groups, new and old: the most memory, and what is taken
    "": ("memory.max", "memory.current", "memory.stat"),
    "memory": ("memory.limit_in_bytes", "memory.usage_in_bytes", "memory.stat"),
}
TIMEX, TIME_ERROR = 512, 5  # bytes, more than there are of it; no clock to go by
COMPLAINT = 600  # bytes of what another program says is wrong
IDLE = 3 << 13  # IOPRIO_CLASS_IDLE: the disk when nobody else asks for it


def spare(heaps: int) -> None:
    """Keep to some heaps, and give back what is free; so call it before the first thread starts."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for parameter, value in ((ARENAS, heaps), *OTHERS):
            mallopt(parameter, value)


def resident() -> int:
    """Give the bytes of memory that this process holds now, else its most. The system's peak
    (`ru_maxrss`) is no measure: it begins with that of the parent."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def settle() -> None:
    """Free circles, then take what is there as lasting: garbage is searched only in what comes
    later, and seldom. Call it again when what lasts has changed."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    gc.set_threshold(SELDOM)


@contextlib.contextmanager
def unsearched() -> Iterator[None]:
    """Search for no garbage while much is made that lasts; one search comes later. Searches took
    two fifths of the time in which the desk shows a text of eight hours."""
    is_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if is_on:
            gc.enable()


def lower_priority() -> None:
    """Let everything else go first, for processor and disk. It holds for the calling thread and
    those it starts, so call it before anything heavy, and before locks are taken. Where the kernel
    divides the processor among sessions first, what follows goes on in a session of its own."""
    if os.environ.get(SWITCH) == "off":
        return
    if AUTOGROUP.exists():
        if os.getsid(0) != os.getpid():  # it is that of others, too: of a shell and what it starts
            _begin_session()
        _lower_session()
    os.setpriority(os.PRIO_PROCESS, 0, NICEST)
    number = IOPRIO_SET.get(os.uname().machine)
    # A 32-bit Python on a 64-bit kernel has other numbers.
    if sys.platform == "linux" and number is not None and sys.maxsize > 1 << 32:
        ctypes.CDLL(None).syscall(number, *THIS_PROCESS, IDLE)  # refused: no harm


def _begin_session() -> None:
    """Go on in a child that begins a session; this process hands it what a terminal asks for, and
    ends as it does."""
    sys.stdout.flush()
    sys.stderr.flush()
    asked = {signal.SIGINT, signal.SIGTERM, signal.SIGTSTP, signal.SIGCHLD}
    signal.pthread_sigmask(signal.SIG_BLOCK, asked)  # each waits until it is asked for
    if not (child := os.fork()):
        os.setsid()
        die_with_parent()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, asked)
        return
    while not (ended := os.waitpid(child, os.WNOHANG))[0]:
        number = signal.sigwait(asked)
        if number == signal.SIGTSTP:
            os.killpg(child, signal.SIGSTOP)
            os.kill(os.getpid(), signal.SIGSTOP)
            os.killpg(child, signal.SIGCONT)  # once this process goes on
        elif number != signal.SIGCHLD:
            os.kill(child, number)
    code = os.waitstatus_to_exitcode(ended[1])
    os._exit(code if code >= 0 else 128 - code)  # as a shell tells of a signal


def _lower_session() -> None:
    """Give this session the lowest priority, if the kernel lets it have one."""
    for _each in range(10):
        try:
            AUTOGROUP.write_text(str(NICEST), encoding="ascii")
        except BlockingIOError:  # another one was changed just now
            time.sleep(OFTEN)
        except OSError:
            return
        else:
            return


def die_with_parent() -> None:
    """Have the system end this process when the one that started it dies, be it killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)


def has_set_clock() -> bool | None:
    """Whether something keeps the clock of this machine right; None where the kernel tells not."""
    ask = getattr(ctypes.CDLL(None), "adjtimex", None)  # adjtimex(2): with zeros it only reads
    state = ask(ctypes.create_string_buffer(TIMEX)) if ask else -1
    return None if state < 0 else state != TIME_ERROR


@contextlib.contextmanager
def program(
    *words: str, given: bytes = b"", accepted: Collection[int] = (0,), **variables: str
) -> Iterator[IO[bytes]]:
    """Run another program by its arguments, without a shell, and give what it prints as it comes;
    `given` is its input, `variables` are added to its environment. It leaves no core and dies with
    this process. Raises ProgramError with the end of its complaints where it is missing, or ends by
    a code that is not `accepted`."""
    with tempfile.TemporaryFile() as question, tempfile.TemporaryFile() as complaints:
        question.write(given)
        question.seek(0)
        try:
            child = subprocess.Popen(
                words,
                stdin=question,
                stdout=subprocess.PIPE,
                stderr=complaints,
                env={**os.environ, "LC_ALL": "C", **variables},
                preexec_fn=_bind,  # noqa: PLW1509  (nothing that needs a lock)
            )
        except OSError as error:
            message = _("{program} : {reason} ; est-ce installé ?")
            raise ProgramError(message, program=words[0], reason=reason(error)) from error
        with child, cast(IO[bytes], child.stdout) as printed:
            try:
                yield printed
                for _rest in printed:
                    pass
            except BaseException:
                child.kill()
                raise
        if child.returncode not in accepted:
            complaints.seek(-min(COMPLAINT, complaints.seek(0, os.SEEK_END)), os.SEEK_END)
            said = complaints.read().decode(errors="replace").strip()
            message = _("{program} a échoué (code {code}) : {said}")
            raise ProgramError(message, program=words[0], code=child.returncode, said=said)


def _bind() -> None:
    die_with_parent()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@dataclass(frozen=True)
class Memory:
    """Bytes of memory."""

    total: int
    free: int  # now, or given back by the system as soon as somebody asks


def memory(root: Path = ROOT) -> Memory:
    """Measure the memory of this machine, or of the container or service that we run in."""
    try:
        lines = (root / "proc/meminfo").read_text(encoding="ascii").splitlines()
        sizes = {line.split(":")[0]: int(line.split()[1]) << 10 for line in lines}
        everything = Memory(sizes["MemTotal"], sizes["MemAvailable"])
    except (OSError, KeyError, ValueError, IndexError):
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        everything = Memory(size, size)
    groups = [everything, *_groups(root)]
    return Memory(min(each.total for each in groups), min(each.free for each in groups))


def _groups(root: Path) -> Iterator[Memory]:
    """Give the limit of each control group of this process, if it has one."""
    try:
        lines = (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        _number, kind, path = line.split(":", 2)
        top = root / "sys/fs/cgroup" / kind
        inner = top / path.strip("/")
        for folder in (inner, *inner.parents) if kind in LIMITS else ():
            with contextlib.suppress(OSError, ValueError):  # no limit is written as `max`
                if folder.is_relative_to(top):
                    texts = [(folder / name).read_text("ascii") for name in LIMITS[kind]]
                    total, taken = map(int, texts[:2])
                    stats = dict(line.split(" ", 1) for line in texts[2].splitlines())
                    taken -= int(stats.get("inactive_file", 0))  # which is given back
                    yield Memory(total, max(0, total - taken))
