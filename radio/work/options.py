"""Options: how `radio work` is to work."""

from dataclasses import dataclass, field

from radio.transcribe.schedule import Hours
from radio.work.status import Asked


@dataclass(frozen=True)
class WorkOptions:
    """How to work."""

    asked: Asked = field(default_factory=Asked)
    quiet: Hours | None = None  # the hours of the better pass; always without
    threads: int | None = None
    once: bool = False  # end when there is nothing to do for now
    follow: bool = True  # look at what is followed
