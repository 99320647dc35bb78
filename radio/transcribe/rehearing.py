"""What else the machine may have heard in windows with doubtful words: each is decoded again
several times, mostly with words drawn by their probability. The text stays; the result is saved
beside it (`archive.hearings`) every few windows, so that a stopped run goes on."""

import datetime as dt
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np

from radio.archive import Archive, hearings
from radio.archive.authorship import status_of
from radio.archive.episode import Episode
from radio.archive.hearings import HeardAgain, Hearing
from radio.archive.keys import pseudonyms_of
from radio.archive.pseudonyms import substitute
from radio.archive.slugs import slugify
from radio.sound import RATE, decode
from radio.sound.samples import cut
from radio.system.errors import AudioError, TranscriptError
from radio.system.messages import _
from radio.system.progress import Progress
from radio.text.doubt import weigh
from radio.text.transcript import Cue, Evidence, Segment
from radio.transcribe.engines.interface import DecodeOptions, LoadedEngine, compression
from radio.transcribe.fallback import MOST_COMPRESSED
from radio.transcribe.names import prompt_of
from radio.transcribe.regions import SampleRange
from radio.transcribe.transcription import may_hear, require_may_hear
from radio.transcribe.windows import HOP, LENGTH, LONGEST, PART, Window

LONGER = 2  # times as long as what was heard first, a text is no other hearing of it
SHORT = 40  # letters that it may be longer in any case
BROKEN = "\ufffd"  # stands where a letter was drawn by half


# a segment with doubtful words, and the speech that it was heard in
Doubtful = tuple[Segment, tuple[SampleRange, ...]]
Batch = list[tuple[Segment, Window]]


def _keep(archive: Archive, key: str, evidence: Evidence, again: HeardAgain) -> None:
    """Save what was heard, without what may hold a replaced name: where that is said, nothing else
    is saved: it may be misheard. Raises TranscriptError if the episode changed."""
    with archive.lock():
        episode = archive.episode(key)
        if not _is_open(episode) or hearings.state_of(archive, key) != again.evidence:
            message = _("{key} : a changé pendant la réécoute ; elle recommence", key=key)
            raise TranscriptError(message)
        names = pseudonyms_of(archive, episode)
        transcript = archive.transcript(key) if names else None
        said: list[Cue | Segment] = [*(transcript.cues if transcript else ()), *evidence.segments]
        shown = [f"-{slugify(each.shown)}-" for each in names]
        hidden = [each for each in said if any(name in f"-{slugify(each.text)}-" for name in shown)]
        safe = tuple(
            each
            for each in again.hearings
            if all(substitute(text, names) == text for text in each.texts)
            and not any(one.start < each.end and one.end > each.start for one in hidden)
        )
        hearings.write(archive, key, replace(again, hearings=safe))


def missing(archive: Archive) -> list[Episode]:
    """List the episodes still to be heard again, the newest first; none in a copy."""
    return [
        each
        for each in filter(_is_open, archive.episodes())
        if may_hear(archive, each)
        and archive.is_transcribed(each.key)
        and archive.holds(archive.evidence_path(each.key))
        and not hearings.is_whole(archive, each.key)
        and status_of(archive, each.key) in ("machine", "changed")
    ]


def _is_open(episode: Episode) -> bool:
    return not episode.is_withdrawn(dt.datetime.now())


def hear_again(
    archive: Archive,
    key: str,
    engine: LoadedEngine,
    progress: Progress = lambda _: None,
    is_over: Callable[[], bool] = lambda: False,
) -> bool:
    """Hear an episode again, from where a run stopped; return whether that is done. `progress` gets
    the seconds done; it stops where `is_over`. Raises TranscriptError without the machine's text,
    AudioError if it can't be decoded (not tried twice), ArchiveError in a copy."""
    episode = archive.episode(key)
    require_may_hear(archive, episode)
    state, evidence = hearings.state_of(archive, key), archive.evidence(key)
    if not evidence or evidence.audio != episode.audio.sha256 or not archive.is_transcribed(key):
        message = _(
            "{key} : aucun texte de la machine pour cet enregistrement ; d’abord `radio transcribe`"
        )
        raise TranscriptError(message, key=key)
    known = hearings.begun(archive, key)
    if known.is_whole:
        return True
    names = prompt_of(archive, episode)
    options = DecodeOptions(evidence.language, names)
    heard, windows, todo = list(known.hearings), known.windows, _in_doubt(evidence)

    def keep(*, is_whole: bool) -> None:
        _keep(archive, key, evidence, HeardAgain(state, tuple(heard), windows, is_whole))

    try:
        for some in _batches(archive.audio_path(episode), todo[windows:], engine.batch):
            for segment, window in some:
                if len(window.samples) > HOP:
                    asked = DecodeOptions(segment.language) if segment.language else options
                    (texts,) = engine.hear_again([window], asked, engine.draws)
                    if possible := tuple(_possible(segment.text, texts)):
                        heard.append(Hearing(segment.start, segment.end, possible))
            windows += len(some)
            keep(is_whole=windows == len(todo))
            progress(some[-1][0].end)
            if is_over() and windows < len(todo):
                return False
    except AudioError:
        keep(is_whole=True)
        raise
    keep(is_whole=True)
    return True


def _in_doubt(evidence: Evidence) -> list[Doubtful]:
    """Give the segments with doubtful words that fit in a window: the evidence may be anybody's."""
    unsure = [each.word.start for each in weigh(evidence) if each.reason]
    spoken = (each for each in evidence.regions if each.kind == "speech")
    speech = [(round(each.start * RATE), round(each.end * RATE)) for each in spoken]
    found = list[Doubtful]()
    for segment in sorted(evidence.segments, key=lambda each: each.start):
        is_unsure = any(segment.start <= at < segment.end for at in unsure)
        if is_unsure or not segment.audible or not segment.words:
            start, end = round(segment.start * RATE), round(segment.end * RATE)
            near = ((a, b) for a, b in speech if a < end and b > start)
            ranges = tuple((max(start, first), min(end, last)) for first, last in near)
            size = sum(last - first for first, last in ranges)
            if 0 < size <= LENGTH and ranges[-1][1] - ranges[0][0] <= LONGEST + PART:
                found.append((segment, ranges))
    return found


def _batches(path: Path, todo: Sequence[Doubtful], size: int) -> Iterator[Batch]:
    """Give windows with their sound, some at a time, to save memory."""
    whole = [(ranges[0][0], ranges[-1][1]) for _segment, ranges in todo]
    sounds = zip(todo, cut(decode(path), whole), strict=True)
    while batch := list(islice(sounds, size)):
        some = Batch()
        for (segment, ranges), samples in batch:
            start = ranges[0][0]
            parts = [samples[first - start : last - start] for first, last in ranges]
            some.append((segment, Window(np.concatenate(parts), ranges)))
        yield some


def _possible(own: str, texts: Sequence[str]) -> Iterator[str]:
    """Give the texts that a window may have, as often as they were heard."""
    script, most = _script(own), max(LONGER * len(own), len(own) + SHORT)
    for text, times in Counter(texts).most_common():
        is_stray = bool(own) and (len(text) > most or not _script(text) <= script)
        if text and BROKEN not in text and not is_stray and compression(text) < MOST_COMPRESSED:
            yield from [text] * times


def _script(text: str) -> set[str]:
    """Name the scripts of a text: in some samples a letter of another one slips in.

    >>> _script("l’été, de\u0441ontage") == {"LATIN", "CYRILLIC"}
    True
    """
    return {unicodedata.name(each, "").partition(" ")[0] for each in text if each.isalpha()}
