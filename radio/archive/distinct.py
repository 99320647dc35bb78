"""Which episodes a keeper marked as different, though they sound alike: `twins.json`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from radio.archive.gone import Forgotten
from radio.system.records import RecordFile


@dataclass(frozen=True)
class DistinctPairs:
    """The pairs of guids, each sorted, of episodes that are not the same."""

    apart: tuple[tuple[str, str], ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    def tells(self, first: str, second: str) -> bool:
        """Whether two episodes, by their guids, were marked as not the same."""
        return (min(first, second), max(first, second)) in self.apart


DISTINCT = RecordFile("twins.json", DistinctPairs)
read_distinct = DISTINCT.read


def mark_distinct(root: Path, first: str, second: str) -> None:
    """Note under the archive's lock that two episodes, by their guids, are not the same."""
    known = read_distinct(root)
    if not known.tells(first, second):
        pairs = (*known.apart, (min(first, second), max(first, second)))
        DISTINCT.write(root, replace(known, apart=pairs))


def forget(text: str, what: Forgotten) -> str:
    """Write the file without an episode."""
    known = DISTINCT.parse(text.encode(), DISTINCT.name)
    left = replace(known, apart=tuple(pair for pair in known.apart if what.guid not in pair))
    return text if left == known else DISTINCT.render(left).decode()
