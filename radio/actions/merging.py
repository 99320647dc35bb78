"""Merge two episodes that hold one recording: the better sound stays, with all that is known. They
are found by their sound (`twins`), and a keeper decides. The files of the other go to the trash,
its address leads to the one that stays, and what people wrote goes along. `undo` works until the
trash is emptied."""

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count
from pathlib import PurePosixPath
from typing import TypeVar

from radio.actions.timed_texts import TimedText, move_evidence, move_text, moved_episode
from radio.archive import Archive, hearings, paths, stores
from radio.archive.acts import perform, require_idle, require_own, to_trash
from radio.archive.authorship import authorship
from radio.archive.distinct import mark_distinct
from radio.archive.episode import Episode, render_episode
from radio.archive.gone import FILE, discarded, read_gone, render_gone
from radio.archive.history import Act, Renaming, Rewriting, text_of
from radio.archive.paths import path_under
from radio.archive.slugs import slugify
from radio.archive.stores import TRASHED
from radio.derived.cache import measured
from radio.derived.prints import Prints
from radio.derived.soundness import CLIPPED, known_quality, quality_of
from radio.sound.likeness import compare
from radio.sound.moments import Moments, shifted
from radio.sound.quality import Quality
from radio.system.disk import is_file
from radio.system.errors import ArchiveError, UnlikeError
from radio.system.messages import _
from radio.system.progress import Progress

MANY = 3  # times as long clipped: what encoding alone makes of a loud recording is less
ALIKE = 1.5  # times as much worth: what two copies of one quality may differ by
MUCH = 30.0  # seconds that make one recording longer than another
# value of a bit in each format; the last two lose nothing
WORTH = {"mp3": 1.0, "m4a": 1.3, "ogg": 1.3, "opus": 1.6, "flac": 1000.0, "wav": 1000.0}
NEAR = 0.5  # seconds: two recordings that begin so near to each other need no other times

Item = TypeVar("Item")


@dataclass(frozen=True)
class Merger:
    """Which of two episodes stays, and why."""

    kept: Episode
    left: Episode
    reason: str  # in the language of whoever asks

    @property
    def summary(self) -> str:
        """Say which one stays, and why."""
        kept, left = self.kept.key, self.left.key
        return _("{left} -> {kept} ({reason})", left=left, kept=kept, reason=self.reason)


def choose(
    first: Episode, second: Episode, qualities: tuple[Quality, Quality] | None = None
) -> Merger:
    """Choose the better sound: the longer one, else the one far less clipped, else the one with the
    better format and rate; if about equal, the one in which players jump well."""

    def chosen(is_first: bool, reason: str) -> Merger:
        return Merger(first, second, reason) if is_first else Merger(second, first, reason)

    ours, theirs = first.audio.duration, second.audio.duration
    if abs(ours - theirs) > MUCH:
        return chosen(ours > theirs, _("plus long de {n:.0f} s", n=abs(ours - theirs)))
    rates = [x.audio.size * 8 / 1000 / max(x.audio.duration, 1.0) for x in (first, second)]
    formats = (WORTH.get(x.audio.suffix, 1.0) for x in (first, second))
    worths = [rate * worth for rate, worth in zip(rates, formats, strict=True)]
    if qualities:
        one, two = qualities
        less, more = sorted((one.clipped, two.clipped))
        if more >= CLIPPED and more >= MANY * less:
            message = _("saturé {less:.0f} s, l’autre {more:.0f} s")
            return chosen(one.clipped == less, _(message, less=less / 10, more=more / 10))
        if max(worths) < ALIKE * min(worths) and one.seekable != two.seekable:
            return chosen(bool(one.seekable), _("on y retrouve bien chaque seconde"))
    is_first = worths[0] >= worths[1]
    better, rate = (first, rates[0]) if is_first else (second, rates[1])
    message = _("{format}, {rate:.0f} kbit/s", format=better.audio.suffix, rate=rate)
    return chosen(is_first, message)


def known_choice(archive: Archive, one: Episode, two: Episode, keep: str = "") -> Merger:
    """Choose likewise by what was measured so far, or the one whose key is `keep`."""
    if keep in (one.key, two.key):
        return Merger(*((one, two) if keep == one.key else (two, one)), _("comme vous l’avez dit"))
    ours, theirs = known_quality(archive, one), known_quality(archive, two)
    return choose(one, two, (ours, theirs) if ours and theirs else None)


def require_whole(one: Episode, two: Episode) -> None:
    """Raise ArchiveError if a passage was taken out of one of two episodes."""
    if one.redactions or two.redactions:
        message = _(
            "{first}, {second} : un passage a été retiré de l’un ; --yes si l’autre ne l’a plus"
        )
        raise ArchiveError(message, first=one.key, second=two.key)


def judge(archive: Archive, one: Episode, two: Episode, progress: Progress) -> Merger:
    """Measure two episodes, and choose the better sound. `progress` goes up to 2."""
    first = quality_of(archive, one, progress)
    return choose(one, two, (first, quality_of(archive, two, lambda done: progress(1 + done))))


def unite(
    archive: Archive, choice: Merger, progress: Progress, *, is_sure: bool = False, who: str = ""
) -> None:
    """Merge two episodes, if they sound alike or `is_sure`; else it raises UnlikeError. `progress`
    goes up to 2."""
    prints, kept, left = Prints(archive), choice.kept, choice.left
    likeness = compare(prints.of(kept, progress), prints.of(left, lambda done: progress(1 + done)))
    if not likeness.is_twin and not is_sure:
        message = _("{first} et {second} ne se ressemblent pas ; --yes les fusionne quand même")
        raise UnlikeError(message, first=kept.key, second=left.key)
    offset = likeness.offset if likeness.is_twin else 0.0
    alike = likeness.is_twin and likeness.is_whole
    merge(archive, kept.key, left.key, offset, alike=alike, who=who)


def part(archive: Archive, first: Episode, second: Episode) -> str:
    """Note that two episodes are not the same, and say so."""
    with archive.lock():
        mark_distinct(archive.root, first.guid, second.guid)
    message = _("{first} et {second} : noté, ce ne sont pas les mêmes")
    return _(message, first=first.key, second=second.key)


def merge(
    archive: Archive, kept: str, left: str, offset: float = 0, *, alike: bool = False, who: str = ""
) -> Act:
    """Merge an episode into another, which stays; `offset`: seconds that it begins later there. If
    both sound `alike` from end to end, the machine's text of one serves the other. The recording
    that goes is noted, so that no source brings it back."""
    with archive.lock():
        require_own(archive)
        if kept == left:
            raise ArchiveError(_("{key} : un épisode ne fusionne pas avec lui-même"), key=kept)
        require_idle(archive, [kept, left])
        stays, goes = archive.episode(kept), archive.episode(left)
        offset = 0.0 if abs(offset) < NEAR else offset
        moments = replace(shifted(offset), end=stays.audio.duration)
        carried = tuple(_carried(archive, stays, goes))
        known = {each.old: each.new for each in carried}
        hearings.forget(archive, [left])
        files = (*stores.files(archive.root, [left], *TRASHED), *measured(archive, goes))
        trash = to_trash(goes.slug, (each for each in files if each not in known))
        merged = united(stays, moved_episode(goes, moments))
        if image := known.get(paths.picture(goes) or "", ""):
            merged = replace(merged, image=PurePosixPath(image).name)
        gone, today = read_gone(archive.root), dt.date.today().isoformat()
        gone = replace(gone, recordings={**gone.recordings, **discarded(goes, today, kept)})
        written = {paths.sidecar(kept): render_episode(merged).decode(), FILE: render_gone(gone)}
        written |= _text(archive, stays, goes, moments)
        if alike or stays.audio.packets == goes.audio.packets != "":
            written |= _inherited(archive, stays, goes, moments)
        changed = (Rewriting(p, text_of(archive.root / p), text) for p, text in written.items())
        act = Act("merge", (left,), {"to": kept}, (*carried, *trash), tuple(changed), who=who)
        return perform(archive, act)


def united(kept: Episode, left: Episode) -> Episode:
    """Write what is known of either episode, both with the same times, for the one that stays."""
    now = dt.datetime.now()
    dated = left if left.date_sure and not kept.date_sure else kept

    def openness(episode: Episode) -> int:
        """Order episodes by what listeners may hear of them now, and later."""
        if episode.is_public(now):
            return 3
        if episode.status == "draft" and not episode.opens:
            return 4  # nobody decided yet: the other one says
        return 2 if not episode.is_withdrawn(now) else 1 if episode.opens else 0

    state = min(kept, left, key=openness)
    return replace(
        kept,
        date=dated.date,
        date_sure=dated.date_sure,
        date_precision=dated.date_precision,
        language=kept.language or left.language,
        description=both_descriptions(kept.description, left.description),
        people=_union(kept.people, left.people, lambda each: slugify(each.name)),
        producers=_union(kept.producers, left.producers, slugify),
        tags=_union(kept.tags, left.tags, slugify),
        links=_union(kept.links, left.links, lambda each: each.url),
        chapters=kept.chapters or left.chapters,
        soundbites=kept.soundbites or left.soundbites,
        season=kept.season if kept.season is not None else left.season,
        number=kept.number if kept.number is not None else left.number,
        playlist=kept.playlist or left.playlist,
        status=state.status,
        until=state.until,
        reason=state.reason,
        protection=kept.protection.joined(left.protection, state.protection),
        rights=kept.rights.with_those_of(left.rights),
        formerly=tuple(dict.fromkeys((*kept.formerly, *left.formerly, left.key))),
        extra={**left.extra, **kept.extra},
    )


def both_descriptions(ours: str, theirs: str) -> str:
    """Join two descriptions; the longer one, where it holds the other.

    >>> both_descriptions("La rue.", "La  rue.  Et la ville."), both_descriptions("Un.", "Deux.")
    ('La  rue.  Et la ville.', 'Un.\\n\\nDeux.')
    """
    plain = [" ".join(each.split()) for each in (ours, theirs)]
    if plain[1] in plain[0]:
        return ours
    return theirs if plain[0] in plain[1] else f"{ours.rstrip()}\n\n{theirs.lstrip()}"


def _union(
    ours: Iterable[Item], theirs: Iterable[Item], name: Callable[[Item], Hashable]
) -> tuple[Item, ...]:
    found: dict[Hashable, Item] = {}
    for each in (*ours, *theirs):
        found.setdefault(name(each), each)
    return tuple(found.values())


def _carried(archive: Archive, kept: Episode, left: Episode) -> Iterator[Renaming]:
    """Give what people made of the one that goes to the one that stays: picture, texts."""
    image, suffix = paths.picture(left), PurePosixPath(left.image).suffix
    if image and not kept.image and (archive.root / image).is_file():
        yield Renaming(image, f"media/{kept.show}/{kept.slug}{suffix}")
    numbers: dict[str, count[int]] = {}

    def free(suffix: str) -> str:
        known = numbers.setdefault(suffix, count(1))
        names = (f"transcripts/{kept.key}.{number}{suffix}" for number in known)
        return next(each for each in names if not (archive.root / each).exists())

    own = {paths.transcript(left.key), paths.evidence(left.key), paths.translation(left.key)}
    for path in stores.files(archive.root, [left.key], "transcripts"):
        place = PurePosixPath(path)
        if path in own or place.name.startswith("."):
            continue
        new = path_under(path, left.key, kept.key)
        if place.name.removeprefix(f"{left.slug}.").partition(".")[0].isdigit():
            new = free(place.suffix)
        if not (archive.root / new).exists():
            yield Renaming(path, new)
    if _is_persons(archive, left.key):
        yield Renaming(paths.transcript(left.key), free(".vtt"))


def _is_persons(archive: Archive, key: str) -> bool:
    transcript = archive.transcript(key)
    return transcript is not None and authorship(transcript, archive.evidence(key)) != "machine"


def _text(archive: Archive, kept: Episode, left: Episode, heard: Moments) -> dict[str, str]:
    text = archive.transcript(left.key)
    if text is None or not _is_persons(archive, left.key) or _is_persons(archive, kept.key):
        return {}
    new = TimedText(PurePosixPath(paths.transcript(kept.key)), None, None)
    return new.rewritten(move_text(text, heard), None, kept.audio.sha256)


def _inherited(archive: Archive, kept: Episode, left: Episode, heard: Moments) -> dict[str, str]:
    """Give the machine's text, unless a person changed it, evidence and translation, if missing."""
    there = (archive.vtt_path(kept.key), archive.evidence_path(kept.key))
    if any(each.exists() for each in there) or not archive.is_transcribed(left.key):
        return {}
    given = dict[str, str]()
    for path in (paths.transcript, paths.translation):
        if (archive.root / path(kept.key)).exists() or not is_file(archive.root / path(left.key)):
            continue
        old = TimedText.read(archive, path(left.key))
        is_given = old.is_machines or path is paths.translation
        text = move_text(old.text, heard) if old.text and is_given else None
        evidence = old.evidence and move_evidence(old.evidence, heard, kept.audio)
        own = replace(old, path=PurePosixPath(path(kept.key)))
        given |= own.rewritten(text, evidence, kept.audio.sha256)
    return given
