"""Recordings that keepers sent are taken into the archive, one after the other.

What was said of one that sounds like another is done once all are in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from radio.actions import merging
from radio.actions.following import catch_up
from radio.archive import Archive, journal
from radio.archive.episode import Episode
from radio.ingest import uploads
from radio.ingest.plan import Order
from radio.ingest.recordings import Recordings
from radio.ingest.uploads import SentFile
from radio.proposals.twins.arrivals import note_row
from radio.search import Index
from radio.system.errors import RadioError
from radio.system.messages import _
from radio.system.progress import Progress

ENTERING = 0.7  # of the time; the rest is for what sounds alike

Verdict = Literal["", "same", "other"]
"""What a keeper says of a recording that sounds like another: one episode with it, or not."""


@dataclass(frozen=True)
class Entrant:
    """A recording that is to be taken in."""

    upload: SentFile
    order: Order
    verdict: Verdict = ""
    twin: str = ""  # the key of an episode, or the place of another candidate


@dataclass(frozen=True)
class _Entered:
    """What became of candidates: their episodes, by place, and who takes them in."""

    archive: Archive
    who: str
    keys: dict[str, str] = field(default_factory=dict)


def admit(
    archive: Archive,
    index: Index,
    candidates: Sequence[Entrant],
    who: str,
    progress: Progress,
) -> list[str]:
    """Make episodes of what was sent; what can't be taken stays, with the reason beside it.

    Tells what became of those that sound like another. Raises SearchError if the index does not
    follow.
    """
    recordings = Recordings(archive, [Path(each.order.place) for each in candidates])
    whole, before = sum(each.upload.size for each in candidates) or 1, 0
    judged = [each for each in candidates if each.verdict]
    share, entered = ENTERING if judged else 1.0, _Entered(archive, who)
    for each in candidates:
        told = _part_of(progress, share * before / whole, share * each.upload.size / whole)
        _take(entered, each, recordings, told)
        before += each.upload.size
    recordings.save()
    _follow(archive, entered.keys)
    said = [
        _settle(entered, each, _part_of(progress, share + (1 - share) * number / len(judged), 0))
        for number, each in enumerate(judged)
        if each.order.place in entered.keys
    ]
    catch_up(archive, index)
    return said


def _part_of(progress: Progress, before: float, part: float) -> Progress:
    return lambda share: progress(before + share * part)


def _take(
    entered: _Entered, candidate: Entrant, recordings: Recordings, progress: Progress
) -> None:
    """Take one; only who does loads what reads foreign texts."""
    from radio.ingest.files import ingest

    archive, upload, order = entered.archive, candidate.upload, candidate.order
    path = Path(order.place)
    try:
        episode = ingest(archive, path, order.show, order.said, progress, None, recordings)
    except (RadioError, OSError) as error:
        told = str(error).replace(str(path), upload.name)
        uploads.note(archive, replace(upload, fault=told))
        return
    journal.note(archive.root, "ingest", key=episode.key, who=entered.who)
    uploads.remove(archive, upload)
    entered.keys[order.place] = episode.key


def _follow(archive: Archive, keys: dict[str, str]) -> None:
    """Let what waits and sounds like a file that went in name its episode."""
    for each in uploads.uploads(archive):
        if each.row and each.row.twin_of in keys:
            note_row(archive, each, replace(each.row, twin_of=keys[each.row.twin_of]))


def _settle(entered: _Entered, candidate: Entrant, progress: Progress) -> str:
    """Do what was said of one that sounds like another, and tell it; one that can't be stays."""
    archive, key = entered.archive, entered.keys[candidate.order.place]
    try:
        other = archive.episode(entered.keys.get(candidate.twin, candidate.twin))
        episode = archive.episode(key)
        if candidate.verdict == "same":
            return _unite(entered, other, episode, progress)
        told = merging.part(archive, episode, other)
        journal.note(archive.root, "apart", key=key, facts={"other": other.key}, who=entered.who)
    except RadioError as error:
        return _("{key} is in, by itself: {reason}").format(key=key, reason=error)
    return told


def _unite(entered: _Entered, one: Episode, two: Episode, progress: Progress) -> str:
    """Make one of two episodes, as `radio merge` does: the better sound stays."""
    archive = entered.archive
    merging.require_whole(one, two)
    choice = merging.judge(archive, one, two, progress)
    likeness = merging.listen(archive, choice, progress)
    merging.require_alike(one, two, likeness)
    merging.unite(archive, choice, likeness, entered.who)
    journal.note(archive.root, "merge", key=choice.kept.key, who=entered.who)
    kept = {place: choice.kept.key for place, key in entered.keys.items() if key == choice.left.key}
    entered.keys.update(kept)
    return merging.told_united(choice)
