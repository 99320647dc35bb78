"""Two episodes are told to be one, or not: for the command and the desk alike.

`twins` proposes them by their sound; a keeper decides.
"""

from radio.actions.merging import Merger, choose, merge
from radio.archive import Archive
from radio.archive.apart import tell_apart
from radio.archive.episode import Episode
from radio.derived.soundness import quality_of
from radio.proposals.twins.likeness import Likeness, compare
from radio.proposals.twins.prints import Prints
from radio.system.errors import ArchiveError
from radio.system.messages import _
from radio.system.progress import Progress


def require_whole(one: Episode, two: Episode) -> None:
    """Raise ArchiveError if a passage was taken out of one of two episodes."""
    if one.redactions or two.redactions:
        told = _("{first}, {second}: a passage was taken out of one; --yes if none has it any more")
        raise ArchiveError(told.format(first=one.key, second=two.key))


def judge(archive: Archive, one: Episode, two: Episode, progress: Progress) -> Merger:
    """Measure two episodes, and choose the better sound. `progress` goes up to 2."""
    first = quality_of(archive, one, progress)
    second = quality_of(archive, two, lambda done: progress(1 + done))
    return choose(one, two, (first, second))


def listen(archive: Archive, choice: Merger, progress: Progress) -> Likeness:
    """Tell how alike two episodes sound. `progress` goes up to 2."""
    prints, found = Prints(archive), []
    for number, each in enumerate((choice.kept, choice.left)):
        found.append(prints.of(each, lambda done, before=number: progress(before + done)))  # type: ignore[misc]
    return compare(*found)


def require_alike(one: Episode, two: Episode, likeness: Likeness) -> None:
    """Raise ArchiveError if two episodes do not sound alike."""
    if not likeness.is_twin:
        told = _("{first} and {second} do not sound alike; --yes merges them nevertheless")
        raise ArchiveError(told.format(first=one.key, second=two.key))


def unite(archive: Archive, choice: Merger, likeness: Likeness, who: str = "") -> None:
    """Make one of two episodes. Raises as `merge`."""
    offset = likeness.offset if likeness.is_twin else 0.0
    alike = likeness.is_twin and likeness.is_whole
    merge(archive, choice.kept.key, choice.left.key, offset, alike=alike, who=who)


def part(archive: Archive, first: Episode, second: Episode) -> str:
    """Keep that two episodes are not the same, and tell it. Raises ArchiveError as `tell_apart`."""
    with archive.lock():
        tell_apart(archive.root, first.guid, second.guid)
    told = _("{first} and {second}: kept as not the same")
    return told.format(first=first.key, second=second.key)


def told_united(choice: Merger) -> str:
    """Tell which of two episodes stays, and why."""
    told = _("{left} -> {kept} ({reason})")
    return told.format(left=choice.left.key, kept=choice.kept.key, reason=choice.reason)
