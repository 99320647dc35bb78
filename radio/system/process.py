"""How little a process takes from others: memory, processor and disk.

Memory is given back to the system as soon as it is free, where the C library knows how.
Several threads that take and free large blocks make the GNU library keep a good part of them: a
third of what transcribing a long show needs, a quarter of what the site does.

What stays for long is not searched for garbage again and again: Python stops all threads for
that, a tenth of a second for 5,000 episodes.
"""

import contextlib
import ctypes
import gc
import os
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

# mallopt(3) of the GNU C library: parameter, value
ARENAS = -8  # M_ARENA_MAX: how many heaps the threads share
OTHERS = (
    (-3, 4 << 20),  # M_MMAP_THRESHOLD, bytes: what is larger goes back when it is freed
    (-1, 1 << 20),  # M_TRIM_THRESHOLD, bytes: so does the free end of a heap
)

NICEST = 19
PDEATHSIG = 1  # prctl(2), Linux: the signal that a process is sent when its parent dies
IOPRIO_SET = {"x86_64": 251, "aarch64": 30}  # syscall numbers, Linux, 64 bits
THIS_PROCESS = (1, 0)  # IOPRIO_WHO_PROCESS and the caller
IDLE = 3 << 13  # IOPRIO_CLASS_IDLE: the disk when nobody else asks for it


def spare(heaps: int) -> None:
    """Keep to some heaps, and give back what is free; so call it before the first thread starts."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for parameter, value in ((ARENAS, heaps), *OTHERS):
            mallopt(parameter, value)


def resident() -> int:
    """Tell how many bytes of memory this process holds now; at most, where no more can be known.

    The system's peak (`ru_maxrss`) is no measure: a process begins with that of its parent.
    """
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def settle() -> None:
    """Take what there is for lasting: only what comes later is searched for circles to free.

    Call it again when what lasts has changed; circles among it are freed then.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


@contextlib.contextmanager
def unsearched() -> Iterator[None]:
    """Search for no circles to free while much is made that lasts: each search goes over all of it.

    One search comes later, in the place of many: they took two fifths of the time in which the desk
    lays out a text of eight hours.
    """
    is_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if is_on:
            gc.enable()


def lower_priority() -> None:
    """Let everything else go first: processor and disk, as far as the system knows how.

    Holds for the calling thread and those it starts; so call it before anything heavy.
    """
    os.nice(NICEST)
    number = IOPRIO_SET.get(os.uname().machine)
    # A 32-bit Python on a 64-bit kernel has other numbers.
    if sys.platform == "linux" and number is not None and sys.maxsize > 1 << 32:
        ctypes.CDLL(None).syscall(number, *THIS_PROCESS, IDLE)  # refused: no harm


def die_with_parent() -> None:
    """Have the system end this process when the one that started it dies, be it killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
