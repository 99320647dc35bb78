"""Memory given back to the system as soon as it is free, where the C library knows how.

Several threads that take and free large blocks make the GNU library keep a good part of them: a
third of what transcribing a long show needs, a quarter of what the site does.
"""

import ctypes

# mallopt(3) of the GNU C library: parameter, value
ARENAS = -8  # M_ARENA_MAX: how many heaps the threads share
OTHERS = (
    (-3, 4 << 20),  # M_MMAP_THRESHOLD, bytes: what is larger goes back when it is freed
    (-1, 1 << 20),  # M_TRIM_THRESHOLD, bytes: so does the free end of a heap
)


def spare(heaps: int) -> None:
    """Keep to some heaps, and give back what is free; so call it before the first thread starts."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for parameter, value in ((ARENAS, heaps), *OTHERS):
            mallopt(parameter, value)
