"""A process that dies, or a disk that fails, at any call that writes."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

WRITING = ("os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir")


class Killed(BaseException):
    """The end of a process: nothing is written afterwards."""


class Disk:
    """A disk that ends whatever writes to it, at one call or from one call on."""

    def __init__(self) -> None:
        self.root, self.left, self.fault, self.stays = "", 0, BaseException(), False
        sys.addaudithook(self._watch)  # stays for ever, and hears nothing without a root

    @contextmanager
    def failing(
        self, root: Path, number: int, fault: BaseException, *, stays: bool
    ) -> Iterator[None]:
        self.root, self.left, self.fault, self.stays = str(root), number, fault, stays
        try:
            yield
        finally:
            self.root = ""

    @contextmanager
    def killing(self, root: Path, number: int) -> Iterator[None]:
        """End what is done here at such a call, and let nothing be written from then on."""
        try:
            with self.failing(root, number, Killed(), stays=True):
                yield
        except Killed:
            pass

    @property
    def is_through(self) -> bool:
        return self.left >= 0

    def _watch(self, event: str, about: tuple[object, ...]) -> None:
        if self.root and (event in WRITING or (event == "open" and _writes(about[2]))):
            path = str(about[0])
            is_here = path.startswith(self.root) or (event != "open" and path[:1] != "/")
            if is_here and not path.endswith(".lock"):  # beneath an open folder it is a name alone
                self.left -= 1
                if self.left == -1 or (self.left < 0 and self.stays):
                    raise self.fault


def _writes(flags: object) -> bool:
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR))


DISK = Disk()


@contextmanager
def dying(owner: Any, name: str, *, once_done: bool = False) -> Iterator[None]:
    """Die where a function is called, or once it is done; it has to be called."""
    act = getattr(owner, name)

    def die(*given: Any, **more: Any) -> None:
        if once_done:
            act(*given, **more)
        raise Killed

    with pytest.MonkeyPatch.context() as patched, pytest.raises(Killed):
        patched.setattr(owner, name, die)
        yield
