"""Trim a recording: dead air at its ends goes, but for a breath. Whole packets stay as they are,
and FLAC loses nothing either. What is left replaces the recording as a better copy does: all that
has a moment follows, the recording as it was goes to the trash, and `radio undo` restores it."""

from radio.actions.action import catch_up
from radio.actions.replacing import replace_recording
from radio.archive import Archive, holdings, removal
from radio.archive.acts import require_own
from radio.archive.episode import Episode
from radio.ingest import air
from radio.ingest.extracts import workshop
from radio.ingest.names import folder_name
from radio.search import Index
from radio.sound.borders import Span, heard_between
from radio.sound.cutting import Strip, assemble, measure
from radio.sound.moments import Moments, refine, shifted
from radio.system.disk import temporary
from radio.system.errors import ArchiveError, AudioError
from radio.system.messages import _
from radio.system.progress import Progress, part_of, silent

BREATH = 0.5  # seconds of dead air that stay at an end
WIDER = 600.0  # seconds that come at each end from what the station recorded
WORTH = 3.0  # seconds of it from which on an end is trimmed
UNCUT = _("{key} : ne se laisse pas couper entre deux trames ; rien n’est changé")


def kept_of(archive: Archive, episode: Episode, progress: Progress = silent) -> Span:
    """Tell from which second to which a recording is kept; all of it where there is no dead air, or
    nothing else. What is said, or was taken out, is never dead air. Raises AudioError if it can't
    be decoded, TranscriptError if its text can't be read."""
    length, text = episode.audio.duration, archive.transcript(episode.key)
    spans = [heard_between(archive.audio_path(episode), length, progress)]
    spans += [(each.start, each.end) for each in (text.cues if text else ())]
    spans += [(each.start, each.end) for each in episode.redactions]
    spans = [each for each in spans if each[0] < each[1]]
    if not spans:
        return 0.0, length
    first, last = min(start for start, _end in spans), max(end for _start, end in spans)
    start = round(first - BREATH, 3) if first >= WORTH else 0.0
    return start, round(last + BREATH, 3) if length - last >= WORTH else length


def trim(
    archive: Archive,
    index: Index,
    episode: Episode,
    *,
    asked: Span | None = None,
    note: str = "",
    who: str = "",
    progress: Progress = silent,
) -> Span | None:
    """Trim the recording of an episode to what is `asked` for, else to what `kept_of` tells; give
    what is kept, None where nothing is to go. Raises as `kept_of` and `replace_recording`;
    ArchiveError for no such part, AudioError too if it can't be cut between two packets,
    WithheldError if it is damaged."""
    require_own(archive.require())
    holdings.require_sound(archive, episode)
    length = episode.audio.duration
    start, end = kept = asked or kept_of(archive, episode, part_of(progress, 0.0, 0.4))
    if not 0 <= start < end <= length + 1:
        message = _("{key} : pas de passage de {start:g} s à {end:g} s ; il dure {length:g} s")
        raise ArchiveError(message, key=episode.key, start=start, end=end, length=length)
    if start <= 0 and end >= length:
        return None
    path = archive.audio_path(episode)
    part = temporary(path)
    with removal.making(archive.root, part):
        assemble([Strip(str(path), start, end)], part, part_of(progress, 0.4, 0.2))
        if abs(measure(part).seconds - (end - start)) > BREATH:  # after a fault it would end
            raise AudioError(_(UNCUT, key=episode.key))
        replace_recording(
            archive,
            episode.key,
            part,
            shifted(refine(part, path, -start)) if start else Moments(),
            seen=episode,
            facts={"start": start, "end": end},
            note=note,
            who=who,
            progress=part_of(progress, 0.6, 0.4),
        )
    catch_up(archive, index)
    return kept


def widen(
    archive: Archive,
    index: Index,
    episode: Episode,
    *,
    note: str = "",
    who: str = "",
    progress: Progress = silent,
) -> float:
    """Take an episode again out of what its station recorded, with some minutes more at both ends;
    give the second at which it began before. Raises ArchiveError where nobody has these hours any
    more, or a passage was taken out, and as `replace_recording`."""
    require_own(archive.require())
    if episode.redactions:
        message = _("{key} : un passage a été retiré, et la pige l’a encore : rien n’est repris")
        raise ArchiveError(message, key=episode.key)
    with workshop(archive.cache / "arrivals" / folder_name(f"wider {episode.guid}")) as work:
        path, later = air.wider(archive, episode, WIDER, work)
        replace_recording(
            archive,
            episode.key,
            path,
            shifted(later),
            seen=episode,
            facts={"wider": WIDER},
            note=note,
            who=who,
            progress=part_of(progress, 0.5, 0.5),
        )
    catch_up(archive, index)
    return later
