"""Which episodes a keeper told apart, though they sound alike: `twins.json` beside `media/`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from radio.archive.gone import Forgotten
from radio.system import records
from radio.system.disk import is_file, read_bytes, write_whole

FILE = "twins.json"
VERSION = 1


@dataclass(frozen=True)
class Apart:
    """What a keeper decided: pairs of guids, each in order, of episodes that are not the same."""

    apart: tuple[tuple[str, str], ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def tells(self, first: str, second: str) -> bool:
        """Whether two episodes, given by their guids, are not the same."""
        return (min(first, second), max(first, second)) in self.apart


def tell_apart(root: Path, first: str, second: str) -> None:
    """Keep that two episodes, given by their guids, are not the same.

    Call it under the archive's lock. Raises ArchiveError if the file can't be read, or if the disk
    refuses.
    """
    known = read_apart(root)
    if not known.tells(first, second):
        pairs = (*known.apart, (min(first, second), max(first, second)))
        write_whole(root / FILE, records.render(replace(known, apart=pairs), version=VERSION))


def read_apart(root: Path) -> Apart:
    """Read which episodes of an archive a keeper told apart.

    Raises ArchiveError naming the file and what is wrong in it.
    """
    path = root / FILE
    return parse(read_bytes(path), path) if is_file(path) else Apart()


def parse(text: bytes, where: object) -> Apart:
    """Read the file; raises ArchiveError naming `where` and what is wrong in it."""
    return records.read(Apart, text, where, version=VERSION)


def forget(text: str, what: Forgotten) -> str:
    """Write the file without an episode."""
    known = parse(text.encode(), FILE)
    pairs = tuple(pair for pair in known.apart if what.guid not in pair)
    left = replace(known, apart=pairs)
    return text if left == known else records.render(left, version=VERSION).decode()
