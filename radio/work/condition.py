"""The condition of an archive for its keepers: room, fixity, what waits for somebody."""

import contextlib
import datetime as dt
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from radio.archive import Archive, fixity_log, losses
from radio.archive.check import Report, read_report
from radio.archive.episode import Episode
from radio.archive.fixity import Proof, prove_read
from radio.mirror.origin import read_origin
from radio.preservation.copies import Backups, backups
from radio.proposals import queue as proposals
from radio.system.errors import RadioError

USUAL = 16_000.0  # bytes of a second of sound, where there is none to measure: MP3 of 128 kbit/s
LEAST_HOURS = 20.0  # that fit; with less, somebody should make room
LONGEST_UNPROVED = 92  # days
LONGEST_UNTRIED = 62  # days without a drill of a copy
LONGEST_ALONE = 8  # days without a copy elsewhere, or without news of the original


@dataclass(frozen=True)
class Condition:
    """How an archive is."""

    free: int  # bytes of its disk
    hours: float  # of sound as it is here, that fit
    checked: Report | None  # the last check of everything
    proof: Proof  # when recordings were last read
    days: int | None  # since the one longest ago was; else since that check
    damaged: tuple[str, ...]  # files that are so still
    proposals: int  # of listeners, that wait for a keeper
    saved: int | None  # days since the last copy elsewhere; None where there is none
    is_saved: bool  # whether copies elsewhere are asked for, as far as anybody can tell
    pulled: int | None  # days since the archive that this is a copy of was asked; None for none
    tried: int | None  # days since a copy was tried; None where that was never
    wrong: int = 0  # faults that this found
    away: int = 0  # files that vanished at once, as if their disk were not there

    @property
    def is_narrow(self) -> bool:
        """Whether there is little room."""
        return self.hours < LEAST_HOURS

    @property
    def is_unproved(self) -> bool:
        """Whether some files were not read for long."""
        return self.days is None or self.days > LONGEST_UNPROVED or self.proof.late > 0

    @property
    def is_alone(self) -> bool:
        """Whether expected copies elsewhere are missing."""
        return self.is_saved and (self.saved is None or self.saved > LONGEST_ALONE)

    @property
    def is_untried(self) -> bool:
        """Whether it is not known that copies can be restored."""
        is_late = self.tried is None or self.tried > LONGEST_UNTRIED
        return self.saved is not None and (is_late or self.wrong > 0)

    @property
    def is_silent(self) -> bool:
        """Whether the original of this copy was not asked for long."""
        return self.pulled is not None and self.pulled > LONGEST_ALONE

    @property
    def findings(self) -> int:
        """The number of damaged files, and of what else the last check found."""
        return len(self.damaged) + (self.checked.findings if self.checked else 0)


def condition_of(archive: Archive, episodes: Sequence[Episode]) -> Condition:
    """Examine an archive; errors count as missing."""
    root, checked, waiting, origin = archive.root, None, 0, None
    proof, damaged = Proof(), tuple[str, ...]()
    places: tuple[Backups, ...] = ()
    with contextlib.suppress(RadioError):
        places = backups(root)
    with contextlib.suppress(RadioError):
        checked = read_report(archive)
    with contextlib.suppress(RadioError):
        proof, damaged = prove_read(archive, episodes), tuple(fixity_log.damaged(root))
    checked_ago = _days_since(checked.date) if checked else None
    with contextlib.suppress(RadioError):
        waiting = len(proposals.read(root).waiting)
    with contextlib.suppress(RadioError):
        origin = read_origin(root)
    copies, days = os.environ.get("RADIO_BACKUP", ""), ["", *(each.made[:10] for each in places)]
    with contextlib.suppress(OSError):  # of whole copies, also those that `radio` did not make
        every = Path(copies).glob("*Z") if copies else ()
        days += [each.name[:10] for each in every if each.is_dir()]
    free, sounds = shutil.disk_usage(root).free, [each.audio for each in episodes]
    seconds = sum(each.duration for each in sounds)
    rate = max(1.0, sum(each.size for each in sounds) / seconds) if seconds else USUAL
    return Condition(
        free=free,
        hours=free / rate / 3600,
        checked=checked,
        proof=proof,
        days=checked_ago if proof.days is None else proof.days,
        damaged=damaged,
        proposals=waiting,
        saved=_days_since(max(days)),
        is_saved=bool(copies or places or os.environ.get("RESTIC_REPOSITORY")),
        tried=_days_since(max(("", *(each.tried[:10] for each in places)))),
        wrong=sum(each.faults for each in places),
        pulled=_days_since(origin.pulled) if origin else None,
        away=away(archive),
    )


def away(archive: Archive) -> int:
    """Count the vanished files, if too many to be deleted on purpose."""
    with contextlib.suppress(RadioError):
        return len(losses.away(archive.root))
    return 0


def _days_since(day: str) -> int | None:
    try:
        return (dt.datetime.now(dt.UTC).date() - dt.date.fromisoformat(day)).days
    except ValueError:
        return None
