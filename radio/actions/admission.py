"""Take recordings that keepers sent into the archive; then decide on those that sound alike."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from radio.actions import merging
from radio.actions.action import catch_up
from radio.archive import Archive, journal
from radio.archive.imprint import about
from radio.ingest import uploads
from radio.ingest.plan import Order
from radio.ingest.recordings import Recordings
from radio.ingest.run import IngestRun
from radio.ingest.uploads import SentFile
from radio.proposals.twins.arrivals import note_row
from radio.search import Index
from radio.system.errors import RadioError
from radio.system.messages import _, reworded
from radio.system.progress import Progress, part_of

ENTERING = 0.7  # of the time; the rest is for what sounds alike

Verdict = Literal["", "same", "other"]  # of a recording that sounds like another


@dataclass(frozen=True)
class Entrant:
    """A recording to take in."""

    upload: SentFile
    order: Order
    verdict: Verdict = ""
    twin: str = ""  # the key of an episode, or the place of another candidate


def admit(
    archive: Archive, index: Index, candidates: Sequence[Entrant], who: str, progress: Progress
) -> list[str]:
    """Make episodes of what was sent; what can't be taken stays, with the reason beside it. Gives
    lines about those that sound like another. Raises SearchError if the index can't be updated."""
    from radio.ingest.files import ingest  # only now: it loads what reads texts

    run = IngestRun(archive.root, who=who)
    recordings = Recordings(archive, [Path(each.order.place) for each in candidates], run=run)
    is_draft = "uploads" in about(archive.root).drafts
    judged = [each for each in candidates if each.verdict]
    whole, done = sum(each.upload.size for each in candidates) or 1, 0
    share, keys = ENTERING if judged else 1.0, dict[str, str]()  # of episodes, by place
    for each in candidates:
        before, part = share * done / whole, share * each.upload.size / whole
        path, order = Path(each.order.place), each.order
        try:
            report = part_of(progress, before, part)
            given = replace(order.said, is_draft=is_draft)
            episode = ingest(archive, path, order.show, given, report, None, recordings)
        except (RadioError, OSError) as error:
            fault = reworded(error, str(path), each.upload.name)
            uploads.note(archive, replace(each.upload, fault=fault))
        else:
            keys[order.place] = episode.key
            uploads.remove(archive, each.upload)
        done += each.upload.size
    recordings.save()
    for waiting in uploads.uploads(archive):
        if waiting.row and waiting.row.twin_of in keys:  # what it sounds like is an episode now
            note_row(archive, waiting, replace(waiting.row, twin_of=keys[waiting.row.twin_of]))
    said = list[str]()
    for number, each in enumerate(judged):
        before = share + (1 - share) * number / len(judged)
        if each.order.place in keys:
            said.append(_settle(archive, each, keys, who, part_of(progress, before, 0)))
    catch_up(archive, index)
    return said


def _settle(
    archive: Archive, candidate: Entrant, keys: dict[str, str], who: str, progress: Progress
) -> str:
    """Unite a recording with its twin, or mark both as different, and say which."""
    key = keys[candidate.order.place]
    try:
        other = archive.episode(keys.get(candidate.twin, candidate.twin))
        episode = archive.episode(key)
        if candidate.verdict == "other":
            line = merging.part(archive, episode, other)
            journal.note(archive.root, "apart", key=key, facts={"other": other.key}, who=who)
            return line
        merging.require_whole(other, episode)
        choice = merging.judge(archive, other, episode, progress)
        merging.unite(archive, choice, progress, who=who)
    except RadioError as error:
        return _("{key} a été ajouté comme un épisode à part : {reason}", key=key, reason=error)
    journal.note(archive.root, "merge", key=choice.kept.key, who=who)
    keys.update({a: choice.kept.key for a, key in keys.items() if key == choice.left.key})
    return choice.summary
