"""The jobs of a run of `radio transcribe`, each on one episode."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from radio.archive import Archive
from radio.archive.acts import require_own
from radio.system.progress import Progress
from radio.transcribe.adoption import adopt_source
from radio.transcribe.engines.interface import Provenance
from radio.transcribe.hidden_names import may_hear
from radio.transcribe.pool import Pool
from radio.transcribe.renewal import candidates, improve, renew
from radio.transcribe.transcription import transcribe
from radio.transcribe.translation import translate, untranslated
from radio.transcribe.voices import tell_if_untold

Task = Literal["transcribe", "renew", "improve", "translate"]


@dataclass(frozen=True)
class Job:
    """A task on an episode."""

    task: Task
    key: str
    force: bool = False  # renew even what a person reread or changed


def plan(
    archive: Archive,
    keys: Sequence[str] = (),
    *,
    again: bool = False,
    force: bool = False,
    english: bool = False,
) -> list[Job]:
    """List what is to transcribe: the episodes of some keys, else those without a transcript.

    `again` renews the transcripts of these keys. With `english`, subtitles are written too, and a
    key whose transcript is there gets nothing else. Raises ArchiveError in a mirror.
    """
    require_own(archive)
    missing = [each.key for each in archive.missing() if may_hear(archive, each)]
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
    """Do a job, and tell whether the transcript is another now.

    Raises TranscriptError where a person's text stands there already, AudioError if the recording
    can't be read, ArchiveError if the disk refuses.
    """
    episode = archive.episode(job.key)
    match job.task:
        case "transcribe":
            transcribe(archive, episode, pool, progress=progress)
            tell_if_untold(archive, job.key)
            adopt_source(archive, job.key)
        case "renew":
            renew(archive, episode, pool, force=job.force, progress=progress)
            tell_if_untold(archive, job.key)
        case "translate":
            translate(archive, episode, pool, progress)
        case "improve":
            is_another = improve(archive, episode, pool, progress)
            tell_if_untold(archive, job.key)
            return is_another
    return True
