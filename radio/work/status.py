"""The status, in `cache/work.json`: what `radio work` does now, what is left, and what failed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from radio.archive import Archive
from radio.archive.locks import is_locked
from radio.derived.recipe import Kind
from radio.system.records import RecordFile

LOCK = "work"  # that `radio work` holds while it runs


@dataclass(frozen=True)
class Current:
    """What is being done."""

    kind: Kind
    key: str = ""  # of the episode, where it is one
    model: str = ""
    share: float = 0.0  # of it that is done, 0 to 1
    left: float | None = None  # seconds of work; None where unknown


@dataclass(frozen=True)
class Remainder:
    """What is left to do of a kind."""

    kind: Kind
    number: int  # episodes, or files
    public: int = 0  # of these episodes, those that listeners know
    sound: float = 0.0  # seconds to hear
    size: int = 0  # bytes to read
    work: float | None = None  # seconds that it takes; None where unknown
    public_work: float | None = None  # of these seconds, those for episodes that listeners know


@dataclass(frozen=True)
class Trouble:
    """What failed and is not tried again before its time."""

    kind: Kind
    key: str  # of the episode; empty where it concerns all
    message: str
    files: str  # their state: where it changes, it is tried at once
    times: int
    until: float  # seconds since the epoch


@dataclass(frozen=True)
class Asked:
    """What a keeper asked for; empty models are chosen by what is installed."""

    engine: str = "auto"
    first: str = ""
    better: str = ""
    rehear: bool = True  # hear again what is in doubt


@dataclass(frozen=True)
class WorkStatus:
    """What is known of the work on an archive."""

    first: str = ""  # the model of the first pass
    better: str = ""  # that of the better pass
    quiet: str = ""  # the hours of the better pass; empty for always
    current: Current | None = None
    left: tuple[Remainder, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    speeds: Mapping[str, float] = field(default_factory=dict)  # seconds of sound a second, by model
    asked: Asked = field(default_factory=Asked)

    def of(self, kind: Kind) -> Remainder:
        """Give what is left of a kind."""
        return next((each for each in self.left if each.kind == kind), Remainder(kind, 0))


@dataclass(frozen=True)
class Called:
    """Of which episodes somebody was told that their text is ready."""

    guids: tuple[str, ...] | None = None  # None before the first look
    failure: str = ""  # of the last call


CALLED = RecordFile("cache/done.json", Called)
STATUS = RecordFile("cache/work.json", WorkStatus, has_messages=True)


def is_running(archive: Archive) -> bool:
    """Whether `radio work` is at an archive now."""
    return is_locked(archive.root, LOCK)


def read_status(archive: Archive) -> WorkStatus:
    """Read what was last written; empty where it can't be read."""
    return STATUS.recall(archive.root)


def write_status(archive: Archive, status: WorkStatus) -> None:
    """Write the status. Raises ArchiveError if the disk refuses."""
    STATUS.write(archive.root, status)
