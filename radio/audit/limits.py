"""How far an audit goes, since a site may have no end."""

import contextlib
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType

from radio.system.errors import NoAnswerError


@dataclass(frozen=True)
class Limits:
    """What ends an audit, or one page of it."""

    addresses: int = 200_000
    redirects: int = 20  # one after the other
    findings: int = 10_000
    length: int = 4096  # characters of an address
    seconds: float = 6 * 3600.0
    reading: float = 10.0  # seconds of the processor for one page or file
    memory: int = 2 << 30  # bytes that the audit takes

    def passed(self, addresses: int, findings: int, seconds: float, memory: int) -> str:
        """Name the limit that an audit has passed, if any."""
        limits = {
            f"{self.addresses} addresses": addresses > self.addresses,
            f"{self.findings} findings": findings > self.findings,
            f"{self.seconds:.0f} s": seconds > self.seconds,
            f"{self.memory >> 20} MiB": memory > self.memory,
        }
        return next((name for name, is_passed in limits.items() if is_passed), "")


@contextlib.contextmanager
def hurried(seconds: float) -> Iterator[None]:
    """Raise NoAnswerError after so many seconds of the processor; in the main thread alone."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise NoAnswerError(f"> {seconds:g} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
