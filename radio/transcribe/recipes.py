"""How transcripts are made: the jobs of `radio transcribe`, and automatic ones."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from radio.archive import Archive
from radio.archive.acts import HEARING, require_own
from radio.archive.episode import Episode
from radio.derived.recipe import Making, Recipe, keys_of
from radio.system.messages import _
from radio.system.progress import Progress
from radio.transcribe import engines, voices
from radio.transcribe.adoption import adopt_source
from radio.transcribe.engines.interface import Provenance
from radio.transcribe.pool import Pool, local_pool
from radio.transcribe.rehearing import hear_again, missing
from radio.transcribe.renewal import candidates, improve, renew
from radio.transcribe.transcription import may_hear, transcribe, translate, untranslated

REHEARING = "hearings"  # and of whoever hears again

Pass = Literal["transcribe", "improve"]
Task = Literal["transcribe", "renew", "improve", "translate"]


@dataclass(frozen=True)
class Job:
    """A task on an episode."""

    task: Task
    key: str
    force: bool = False  # renew even what a person reread or changed


def unheard(archive: Archive) -> list[Episode]:
    """List the episodes that lack a transcript and may be heard here, the newest first."""
    return [each for each in archive.missing() if may_hear(archive, each)]


def _transcribe(task: Pass, archive: Archive, keys: Sequence[str], making: Making) -> None:
    means = making.means
    with archive.lock(HEARING, wait=False):
        engine = engines.load(means.engine, means.model, means.threads)
        with local_pool(engine) as pool:

            def hear(key: str) -> None:
                shown = _shares(archive, key, making)
                is_another = work(archive, Job(task, key), pool, shown)
                text = _("amélioré") if task == "improve" else _("transcrit")
                if not is_another:
                    text = _("pas mieux ; la nouvelle version est gardée à côté")
                making.say(f"{key} {text} ({means.model})")

            making.each(keys, hear)


def _shares(archive: Archive, key: str, making: Making) -> Callable[[float], None]:
    """Give the function that is shown how many seconds of the episode are done."""
    length = archive.episode(key).audio.duration or 1.0
    return lambda seconds: making.progress(min(seconds / length, 1.0))


def _rehear(archive: Archive, keys: Sequence[str], making: Making) -> None:
    means = making.means
    with archive.lock(REHEARING, wait=False):
        engine = engines.load(means.engine, means.model or None, threads=1)

        def hear(key: str) -> None:
            hear_again(archive, key, engine, _shares(archive, key, making), making.is_over)

        making.each(keys, hear)


def _tell_voices(archive: Archive, keys: Sequence[str], making: Making) -> None:
    making.each(keys, lambda key: voices.tell(archive, key, _shares(archive, key, making)))


TRANSCRIPTS = Recipe(
    "transcribe", keys_of(unheard), partial(_transcribe, "transcribe"), slice=0.0, is_steady=True
)
VOICES = Recipe(
    "voices",  # none where texts can't be written
    lambda archive: voices.untold(archive) if os.access(archive.transcripts, os.W_OK) else [],
    _tell_voices,
)
HEARINGS = Recipe("rehear", keys_of(missing), _rehear, slice=180.0, share=3 / 4, is_quiet=True)


def better(find: Callable[[Archive], Sequence[str]]) -> Recipe:
    """Give the recipe of better transcripts, for the episodes that are found to need one."""
    return Recipe("improve", find, partial(_transcribe, "improve"), slice=0.0, is_quiet=True)


def plan(
    archive: Archive,
    keys: Sequence[str] = (),
    *,
    again: bool = False,
    force: bool = False,
    english: bool = False,
) -> list[Job]:
    """List what is to transcribe: the episodes of some keys, else those without a transcript.
    `again` renews the transcripts of these keys. `english` also writes subtitles: keys with a
    transcript get nothing else. Raises ArchiveError in a mirror."""
    require_own(archive)
    missing = [each.key for each in unheard(archive)]
    if again:
        jobs = [Job("renew", key, force) for key in keys]
    else:
        own_keys = [key for key in keys if key in missing or not english] if keys else missing
        jobs = [Job("transcribe", key) for key in own_keys]
    if english:
        foreign_keys = (each.key for each in untranslated(archive))
        jobs += [Job("translate", key) for key in foreign_keys if not keys or key in keys]
    return jobs


def plan_improvements(archive: Archive, keys: Sequence[str], provenance: Provenance) -> list[Job]:
    """List what is decoded once more: some keys, else what an engine may better; raises so too."""
    require_own(archive)
    own_keys = keys or [each.key for each in candidates(archive, provenance)]
    return [Job("improve", key) for key in own_keys]


def work(archive: Archive, job: Job, pool: Pool, progress: Progress) -> bool:
    """Do a job; return whether the transcript changed. Raises TranscriptError where a person's text
    is, AudioError if the recording can't be read."""
    episode, is_another = archive.episode(job.key), True
    match job.task:
        case "transcribe":
            transcribe(archive, episode, pool, progress=progress)
        case "renew":
            renew(archive, episode, pool, force=job.force, progress=progress)
        case "translate":
            translate(archive, episode, pool, progress)
        case "improve":
            is_another = improve(archive, episode, pool, progress)
    if job.task != "translate":
        voices.tell_if_untold(archive, job.key)
    if job.task == "transcribe":
        adopt_source(archive, job.key)
    return is_another
