"""What an index must do to follow the files: read some episodes, let go of some, move some."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from radio.search.store import Known


@dataclass(frozen=True)
class Difference:
    """By what an index differs from the files, in keys of episodes."""

    stale: Sequence[str]  # new, or changed
    gone: Set[str]
    moved: Mapping[str, str]  # the old key by the new

    def __bool__(self) -> bool:
        return bool(self.stale or self.gone or self.moved)

    def placed(self, known: Mapping[str, Known]) -> dict[str, Known]:
        """Name what is known as it is called now."""
        now = {old: key for key, old in self.moved.items()}
        return {now.get(key, key): each for key, each in known.items()}

    def without(self, lost: Set[str]) -> tuple["Difference", int]:
        """Leave alone what lost its files, and tell how many episodes these are."""
        gone = {key for key in self.gone if f"media/{key}.json" not in lost}
        stale = [key for key in self.stale if f"transcripts/{key}.vtt" not in lost]
        kept = len(self.gone) - len(gone) + len(self.stale) - len(stale)
        return Difference(stale, gone, self.moved), kept


def compare(known: Mapping[str, Known], wanted: Mapping[str, str]) -> Difference:
    """Tell what an index lacks and what it has too much.

    What vanished with its show lies in another one, if the same slug is there with the same stamp.

    >>> compare({"a/x": Known(7, "1 2 3 4")}, {"b/x": "1 2 3 4", "b/y": "5 6 7 8"})
    Difference(stale=['b/y'], gone=set(), moved={'b/x': 'a/x'})
    """
    gone = {_name(key, known[key].stamp): key for key in known.keys() - wanted.keys()}
    stale, moved = list[str](), dict[str, str]()
    for key, stamp in wanted.items():
        if key in known and known[key].stamp == stamp:
            continue
        if old := gone.pop(_name(key, stamp), None):
            moved[key] = old
        else:
            stale.append(key)
    return Difference(stale, known.keys() - wanted.keys() - set(moved.values()), moved)


def _name(key: str, stamp: str) -> tuple[str, str]:
    return key.partition("/")[2], stamp
