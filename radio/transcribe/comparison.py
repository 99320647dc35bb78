"""Models and engines compared on texts of one's own that people reread. An episode is decoded as
for a transcript, with glossary and corrections, and its errors are counted; no text changes. The
counts alone are saved, in `cache/comparisons/`. Each engine with each model is a run of its recipe,
in a process of its own."""

import datetime as dt
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from radio.archive import Archive
from radio.archive.acts import HEARING
from radio.archive.authorship import status_of
from radio.archive.episode import Episode
from radio.derived.cache import COMPARISONS
from radio.derived.chapters import UNSAID
from radio.derived.recipe import Making, Recipe, keys_of
from radio.sound import RATE
from radio.system import records
from radio.system.disk import read_bytes, stamp
from radio.system.edition import edition
from radio.system.errors import TranscriptError, warned
from radio.system.messages import _
from radio.text import accuracy
from radio.text.aligned import AlignedText
from radio.transcribe import engines
from radio.transcribe.advice import NIGHT
from radio.transcribe.models import catalogue
from radio.transcribe.pool import Pool, local_pool
from radio.transcribe.transcription import may_hear, prepare, words_of
from radio.transcribe.versions import Checkpoint

Pairing = tuple[str, str]  # the names of an engine and of a model; written with a space
Interval = tuple[float, float, float]  # a share, and between what it lies 19 times of 20


@dataclass(frozen=True)
class Trial:
    """What an engine with a model made of an episode."""

    day: dt.date
    counts: tuple[tuple[int, int], ...]  # errors and words of each block
    outside: int  # words where nobody speaks
    sound: float  # seconds
    took: float  # seconds


@dataclass(frozen=True)
class Trials:
    """All trials of an episode, by pairing."""

    trials: dict[str, Trial] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """What an engine with a model made of some episodes, beside the present one."""

    pairing: str
    is_present: bool  # the one that `radio transcribe` uses, if it is among them
    day: dt.date  # of the last trial
    episodes: int
    error: Interval  # of the words
    difference: Interval  # to the present one
    outside: int  # words where nobody speaks
    hours: float  # of show a night


def pairings(of: Iterable[str] = (), models: Collection[str] = ()) -> list[Pairing]:
    """List engines and the models that they read here: all of them, or those that are named. Raises
    ModelError where a named one is missing."""
    for each in models:
        engines.find(*engines.pick("auto", each))
    names = {name for each in models for name in catalogue.names(each)}
    installed = filter(engines.is_installed, engines.PACKAGES)
    found = ((each, model) for each in of or installed for model in engines.readable(each))
    return [(engine, model) for engine, model in found if model in names or not names]


def reread(archive: Archive) -> list[Episode]:
    """List the episodes that people reread and that may be heard, the newest first."""
    every = (each for each in archive.episodes() if status_of(archive, each.key) == "reread")
    return [each for each in every if may_hear(archive, each)]


def text_of(archive: Archive, key: str) -> AlignedText:
    """Give the cues of a text that people reread. Raises TranscriptError if they did not."""
    transcript = archive.transcript(key) if status_of(archive, key) == "reread" else None
    cues = transcript.cues if transcript else ()
    text = AlignedText(tuple(replace(cue, text=UNSAID.sub("", cue.text)) for cue in cues))
    if not accuracy.plain(text.line):
        message = _(
            "{key} : personne n’a relu tout son texte ; relisez-le au bureau, ou écrivez "
            "`status: reread` dans sa NOTE"
        )
        raise TranscriptError(message, key=key)
    return text


def hear(archive: Archive, key: str, pool: Pool, making: Making) -> None:
    """Decode an episode beside its text, and save what came out. Raises TranscriptError if nobody
    reread it, else as a transcription does."""
    episode, text = archive.episode(key), text_of(archive, key)
    path, others = _path(archive, episode), trials(archive, episode)
    work = prepare(archive, episode, pool, "comparison")

    def go_on(done: Checkpoint) -> Checkpoint:
        making.progress(min(done.reached / RATE / (episode.audio.duration or 1.0), 1.0))
        return done

    began = time.monotonic()
    done = work.decode(work.begin(), go_on)
    took = time.monotonic() - began
    said = [(word.text, (word.start + word.end) / 2) for word in words_of(work, done)]
    right = ((sentence, start) for start, sentence in text.sentences())
    counts = accuracy.count(right, " ".join(word for word, _ in said)).tolist()
    strays = accuracy.outside([(cue.start, cue.end) for cue in text.spoken], said)
    trial = Trial(dt.date.today(), counts, strays, done.reached / RATE, took)
    pairing = f"{making.means.engine} {making.means.model}"
    COMPARISONS.write(archive, path, records.render(Trials({**others, pairing: trial})))


def _make(archive: Archive, keys: Sequence[str], making: Making) -> None:
    means = making.means
    with (
        archive.lock(HEARING, wait=False),
        local_pool(engines.load(means.engine, means.model)) as pool,
    ):
        making.each(keys, lambda key: hear(archive, key, pool, making))


COMPARISON = Recipe("compare", keys_of(reread), _make)


def trials(archive: Archive, episode: Episode) -> dict[str, Trial]:
    """Read the trials of an episode as it is now, by pairing; a damaged file costs a warning."""
    path = _path(archive, episode)
    with warned():
        return records.read(Trials, read_bytes(path), path).trials if path.exists() else {}
    return {}


def _path(archive: Archive, episode: Episode) -> Path:
    """Another text, glossary or release of the program has other trials."""
    state = archive.stamps(episode.key), stamp(archive.show_path(episode.show))
    return COMPARISONS.path(archive, episode.key, edition("transcribe"), *state)


def compare(
    archive: Archive, episodes: Iterable[Episode], chosen: Iterable[Pairing]
) -> list[Outcome]:
    """Compare what was tried of what is chosen, the fewest errors first, on the episodes that all
    of it was tried on; nothing without one."""
    tried = [trials(archive, each) for each in episodes]
    able = [name for name in map(" ".join, chosen) if any(name in some for some in tried)]
    whole = [some for some in tried if some and some.keys() >= {*able}]
    if not able or not whole:
        return []
    usual = " ".join(engines.pick(engines.usual()))
    present = usual if usual in able else able[0]
    rows = {each: [some[each] for some in whole] for each in able}
    counts = {each: np.concatenate([one.counts for one in own]) for each, own in rows.items()}
    outcomes = [
        Outcome(
            each,
            is_present=each == present,
            day=max(one.day for one in own),
            episodes=len(own),
            error=accuracy.measured(counts[each]),
            difference=accuracy.measured(counts[each], counts[present]),
            outside=sum(one.outside for one in own),
            hours=NIGHT * sum(one.sound for one in own) / sum(one.took for one in own),
        )
        for each, own in rows.items()
    ]
    return sorted(outcomes, key=lambda each: each.error)
