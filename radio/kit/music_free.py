"""A copy of a recording without its music, for those who may give the words alone. The music that
the machine found is cut, up to the words on both sides; music under voices stays, and is listed."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from radio.archive import Archive, holdings
from radio.archive.episode import Episode
from radio.derived.cache import MUSIC, MUSIC_FREE, Cache
from radio.derived.copies import has_room
from radio.formats.tables import render_csv
from radio.sound.borders import MusicSpan, listen
from radio.sound.recoding import recode, shorter
from radio.system import records
from radio.system.disk import is_file, stamp, unfinished
from radio.system.edition import edition
from radio.system.errors import NotFoundError
from radio.system.messages import _
from radio.system.progress import Progress, part_of, silent
from radio.text.transcript import Evidence, Region, Word

MARGIN = 0.02  # seconds on both sides of a word that are never cut
PAD = 0.1  # seconds that speech was heard too long on purpose; a word that fills them ends before
INTO_SPEECH = 0.3  # seconds up to the first word, where speech was heard a little too long
LEAST = 0.35  # seconds of the word before music that are never cut: its end may be told too late
NEAR = 20.0  # seconds around music in which words tell how voices sound
AWAY = 0.5  # seconds beside it in which they do not: that may be music already
JOINED = 0.2  # seconds between words that one voice says without a break
INTO_SILENCE = 3.0  # seconds: music that fades, or rests
WITHOUT = "sans musique"


@dataclass(frozen=True)
class Cut:
    """A part of a recording."""

    start: float  # seconds
    end: float


@dataclass(frozen=True)
class MusicPlan:
    """What a copy without music leaves out."""

    cuts: tuple[Cut, ...]
    beneath: tuple[Cut, ...]  # where something sounds under voices: music, or noise; it stays

    @property
    def length(self) -> float:
        """How many seconds are left out."""
        return sum(each.end - each.start for each in self.cuts)


def spans(evidence: Evidence) -> list[Cut]:
    """Tell where music may be cut at most: up to the words around it, in the order of time."""
    words, found = _words(evidence), list[Cut]()
    for at, region in enumerate(evidence.regions):
        if region.kind != "music":
            continue
        before = evidence.regions[at - 1 :: -1] if at else ()
        start = max(0.0, region.start - _reach(before))
        end = min(region.end + _reach(evidence.regions[at + 1 :]), evidence.duration)
        for word in [*words, None]:  # what no word touches
            first, last = (word.start - MARGIN, word.end + MARGIN) if word else (end, end)
            if start < min(first, end):
                is_more = bool(found) and start <= found[-1].end
                found.append(Cut(found.pop().start if is_more else start, min(first, end)))
            start = max(start, last)
    return found


def _reach(regions: Sequence[Region]) -> float:
    """Tell how far into the regions beside music one may look for a word."""
    reach = 0.0
    for region in regions[:2]:
        length = region.end - region.start
        if region.kind == "speech":
            return reach + min(length, INTO_SPEECH)
        reach += min(length, INTO_SILENCE)
        if length > INTO_SILENCE:
            break
    return reach


def asked(evidence: Evidence) -> tuple[MusicSpan, ...]:
    """Tell where music may be cut, and what is said around it, for who listens to the sound."""
    words = _words(evidence)
    starts = [each.start for each in words]
    found = list[MusicSpan]()
    for cut in spans(evidence):
        at, behind = bisect_left(starts, cut.start), bisect_left(starts, cut.end - MARGIN)
        before = words[at - 1] if at else None
        first = min(before.end, before.start + LEAST) + MARGIN if before else cut.start
        last = words[behind].start - MARGIN if behind < len(words) else cut.end
        near = words[bisect_left(starts, cut.start - NEAR) : bisect_left(starts, cut.end + NEAR)]
        voices = list[tuple[float, float]]()
        for each in near:
            if each.end <= cut.start - AWAY or each.start >= cut.end + AWAY:
                is_more = bool(voices) and each.start - voices[-1][1] <= JOINED
                voices.append((voices.pop()[0] if is_more else each.start, each.end))
        ends = min(first, cut.start), max(last, cut.end)
        found.append(MusicSpan(cut.start, cut.end, *ends, tuple(voices)))
    return tuple(found)


def _words(evidence: Evidence) -> list[Word]:
    """Give all words, in the order of time; those at the end of a region without its padding."""
    edges = sorted(each.end for each in evidence.regions if each.kind == "speech")
    found = list[Word]()
    for word in (word for segment in evidence.segments for word in segment.words):
        at = bisect_left(edges, word.end - MARGIN)
        is_padded = at < len(edges) and edges[at] - word.end <= MARGIN
        end = max(word.start, edges[at] - PAD) if is_padded else word.end
        found.append(replace(word, end=end))
    return sorted(found, key=lambda each: each.start)


def plan_of(archive: Archive, episode: Episode, progress: Progress = silent) -> MusicPlan:
    """Tell what the copy leaves out; listens to the recording once. Raises NotFoundError if no
    machine heard it yet, AudioError if it can't be decoded, ArchiveError if the disk refuses."""
    if found := known_plan(archive, episode):
        return found
    evidence = archive.evidence(episode.key)
    if evidence is None or evidence.audio != episode.audio.sha256:
        message = _(
            "{key} : personne ne sait où sont ses musiques ; `radio transcribe {key}` les trouve"
        )
        raise NotFoundError(message, key=episode.key)
    heard = listen(archive.audio_path(episode), asked(evidence), progress)
    plan = MusicPlan(*(tuple(Cut(*each) for each in some) for some in (heard.cuts, heard.beneath)))
    path = _path(archive, MUSIC, episode)
    with unfinished(path) as part:
        part.write_bytes(records.render(plan))
        _keep(archive, episode, MUSIC, part, path)
    return plan


def known_plan(archive: Archive, episode: Episode) -> MusicPlan | None:
    """Tell the same where that was found out before; None where it was not."""
    return records.recall(MusicPlan, _path(archive, MUSIC, episode))


def write_copy(
    archive: Archive, episode: Episode, target: Path, progress: Progress = silent
) -> MusicPlan:
    """Write the copy; tell what it leaves out. Raises AudioError if that is all; see `plan_of`."""
    plan = plan_of(archive, episode, part_of(progress, 0.0, 0.3))
    length = episode.audio.duration
    cuts = [(a.start, a.end if a.end < length - 0.1 else length + 60) for a in plan.cuts]
    title, album = f"{episode.title} ({WITHOUT})", archive.show(episode.show).title
    tags = {"title": title, "album": album, "date": episode.known_date, "comment": tell_cuts(plan)}
    source = archive.audio_path(episode)
    recode(shorter, source, target, cuts, tags, progress=part_of(progress, 0.3, 0.7))
    return plan


def render_plan(plan: MusicPlan) -> Iterator[str]:
    """Write what is cut, and what stays under voices, as CSV; times are seconds."""
    rows = [("cut", each) for each in plan.cuts] + [("beneath", each) for each in plan.beneath]
    rows.sort(key=lambda row: row[1].start)
    table = [(what, *(f"{n:.2f}" for n in (a.start, a.end, a.end - a.start))) for what, a in rows]
    yield from render_csv([("what", "start", "end", "length"), *table])


def tell_cuts(plan: MusicPlan) -> str:
    """Name what was cut in one line, for the tags of the copy."""
    if not plan.cuts:
        return "Sans musique\u00a0: rien n’était à ôter."
    times = ", ".join(f"{_minutes(each.start)}–{_minutes(each.end)}" for each in plan.cuts)
    return f"Sans musique. Ôté\u00a0: {times}"


def _minutes(seconds: float) -> str:
    """Write a moment to the tenth of a second.

    >>> _minutes(75.26), _minutes(3600.0)
    ('1:15.3', '60:00.0')
    """
    tenths = round(10 * seconds)
    return f"{tenths // 600}:{tenths % 600 // 10:02d}.{tenths % 10}"


def find_copy(archive: Archive, episode: Episode) -> Path | None:
    """Tell where the copy of a public episode lies; None where none is made or offered."""
    is_given = episode.rights.gives_music_free and episode.is_public(dt.datetime.now())
    return made_copy(archive, episode) if is_given else None


def made_copy(archive: Archive, episode: Episode) -> Path | None:
    """Tell where the copy of an episode lies, for its keepers; None where there is none."""
    path = _path(archive, MUSIC_FREE, episode)
    return path if is_file(path) else None


def missing_copies(archive: Archive) -> list[Episode]:
    """List the episodes whose copy is to be made; none once the disk is nearly full."""
    offered = (each for each in holdings.episodes(archive) if each.rights.gives_music_free)
    heard = (each for each in offered if archive.evidence_path(each.key).is_file())
    lacking = [each for each in heard if not _path(archive, MUSIC_FREE, each).exists()]
    return lacking if lacking and has_room(archive) else []


def make_copy(archive: Archive, episode: Episode, progress: Progress = silent) -> None:
    """Make the copy of an episode, unless it is there. Raises as `write_copy` does."""
    path = _path(archive, MUSIC_FREE, episode)
    if path.exists():
        return
    with unfinished(path) as part:
        write_copy(archive, episode, part, progress)
        _keep(archive, episode, MUSIC_FREE, part, path)


def _keep(archive: Archive, episode: Episode, cache: Cache, part: Path, path: Path) -> None:
    """Keep a file in place of older ones, unless another recording took the place of its own."""
    with archive.lock():  # a redaction takes what was made away under it
        if archive.episode(episode.key).audio.sha256 == episode.audio.sha256:
            cache.keep(archive, part, path)


def _path(archive: Archive, cache: Cache, episode: Episode) -> Path:
    heard = stamp(archive.evidence_path(episode.key))
    title = episode.title if cache is MUSIC_FREE else ""  # it is in the tags of the copy
    made = edition("sound", "kit")
    return cache.path(archive, episode.key, episode.audio.sha256, heard, title, made)
