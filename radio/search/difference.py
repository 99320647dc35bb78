"""The difference between index and files: episodes to add, to update, to remove, to move."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from radio.search.store import IndexEntry


@dataclass(frozen=True)
class Difference:
    """What to change in the index, in keys of episodes."""

    updates: Sequence[str]  # new, or changed
    removals: Set[str]
    moves: Mapping[str, str]  # new key: old key

    def __bool__(self) -> bool:
        return bool(self.updates or self.removals or self.moves)

    def rename(self, entries: Mapping[str, IndexEntry]) -> dict[str, IndexEntry]:
        """Give the entries by their new keys."""
        now = {old: key for key, old in self.moves.items()}
        return {now.get(key, key): each for key, each in entries.items()}

    def without(self, lost_files: Set[str]) -> tuple["Difference", int]:
        """Leave out episodes whose files are lost, and count them."""
        removals = {key for key in self.removals if f"media/{key}.json" not in lost_files}
        updates = [key for key in self.updates if f"transcripts/{key}.vtt" not in lost_files]
        count = len(self.removals) - len(removals) + len(self.updates) - len(updates)
        return Difference(updates, removals, self.moves), count


def compare(entries: Mapping[str, IndexEntry], stamps: Mapping[str, str]) -> Difference:
    """Compare the entries of an index with the stamps of the files.

    An episode counts as moved where another show has the same slug with the same stamp.

    >>> compare({"a/x": IndexEntry(7, "1 2 3 4")}, {"b/x": "1 2 3 4", "b/y": "5 6 7 8"})
    Difference(updates=['b/y'], removals=set(), moves={'b/x': 'a/x'})
    """
    missing = {_name(key, entries[key].stamp): key for key in entries.keys() - stamps.keys()}
    updates, moves = list[str](), dict[str, str]()
    for key, stamp in stamps.items():
        if key in entries and entries[key].stamp == stamp:
            continue
        if old := missing.pop(_name(key, stamp), None):
            moves[key] = old
        else:
            updates.append(key)
    return Difference(updates, entries.keys() - stamps.keys() - set(moves.values()), moves)


def follow_renames(
    difference: Difference,
    entries: Mapping[str, IndexEntry],
    stamps: Mapping[str, str],
    former_keys: Callable[[str], Iterable[str]],
) -> Difference:
    """Take an episode for moved that had another key before, if its words are as they were."""
    moves, removals = dict(difference.moves), set(difference.removals)
    for key in difference.updates:
        for old in former_keys(key) if key not in entries else ():
            if old in removals and _text(entries[old].stamp) == _text(stamps[key]):
                moves[key] = old
                removals.remove(old)
                break
    updates = [key for key in difference.updates if key not in moves]
    return Difference(updates, removals, moves)


def _text(stamp: str) -> list[str]:
    """Give the state of the transcript, of those of an episode's files.

    >>> _text("1 2 3 4")
    ['3', '4']
    """
    return stamp.split()[2:]


def _name(key: str, stamp: str) -> tuple[str, str]:
    return key.partition("/")[2], stamp
