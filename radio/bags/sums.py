"""The checksums of what goes into bags, taken before anybody asks for a bag."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from radio.archive import Archive
from radio.bags.payload import Selection, Stored, all_files, public_files
from radio.derived.recipe import Making, Recipe
from radio.system.checksums import Checksums, Sums
from radio.system.errors import ArchiveError
from radio.system.messages import _
from radio.system.progress import Progress

OFTEN = 256 << 20  # bytes that are measured between two writings of their checksums


@dataclass(frozen=True)
class Lacking:
    """What is not measured yet of a selection."""

    bytes: int
    total: int  # bytes of the whole selection

    @property
    def share(self) -> float:
        """Which part of the work is done, 0 to 1."""
        return 1 - self.bytes / max(1, self.total)


def checksums(archive: Archive) -> Checksums:
    """Give the checksums that are known of an archive."""
    return Checksums(archive.root, archive.checksums)


def find(known: Checksums, stored: Stored) -> Sums | None:
    """Give the checksums of a file if they are known in this state of it."""
    return known.find(stored.folder, stored.name, stored.stamp)


def lacking(archive: Archive, selection: Selection) -> Lacking:
    """Tell how much is to be read before a plan can be made."""
    known, left, total = checksums(archive), 0, 0
    for each in public_files(archive, selection):
        total += each.stamp[1]
        if find(known, each) is None:
            left += each.stamp[1]
    return Lacking(left, total)


def measured(archive: Archive, files: Iterable[Stored]) -> Iterator[tuple[Stored, Sums]]:
    """Give each file with its checksums; what can't be read is left out.

    Raises ArchiveError if a file changes meanwhile.
    """
    known = checksums(archive)
    for each in files:
        sums = find(known, each) or known.measure(each.folder, each.name)
        if sums is None or sums.stamp != each.stamp:
            raise ArchiveError(
                _("{source}: changed meanwhile; try again in a moment").format(source=each.source)
            )
        if sums.is_readable:
            yield each, sums
    known.keep()


def unmeasured(archive: Archive) -> tuple[int, int]:
    """Count the files that changed since they were last read, and their bytes."""
    known = checksums(archive)
    sizes = [each.stamp[1] for each in all_files(archive) if find(known, each) is None]
    return len(sizes), sum(sizes)


def measure_all(archive: Archive, progress: Progress = lambda _: None) -> None:
    """Read every file of the archive that changed since it was last read, and keep its checksums.

    Raises ArchiveError if they can't be written.
    """
    with archive.lock("checksums"):
        known = checksums(archive)
        total = sum(each.stamp[1] for each in all_files(archive) if find(known, each) is None)
        read = kept = 0

        def passed(size: int) -> None:
            nonlocal read
            read += size
            progress(read / max(read, total))

        for folder, files in groupby(all_files(archive), lambda each: each.folder):
            names = set()
            for each in files:
                names.add(each.name)
                if find(known, each) is None:
                    known.measure(each.folder, each.name, passed)
                if read - kept > OFTEN:
                    known.keep()
                    kept = read
            known.forget_others(folder, names)


def _make(archive: Archive, keys: Sequence[str], making: Making) -> None:
    making.each(keys, lambda _: measure_all(archive, making.progress))


CHECKSUMS = Recipe(
    "checksums",
    lambda archive: [""] if unmeasured(archive)[0] else [],
    _make,
    of_all=True,
    again=60.0,
)
