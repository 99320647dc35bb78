"""How what is heard is made by itself: transcripts, better ones, voices, other hearings."""

import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.derived.recipe import Making, Recipe, keys_of
from radio.system.messages import _
from radio.transcribe import engines, voices
from radio.transcribe.hidden_names import may_hear
from radio.transcribe.jobs import Job, work
from radio.transcribe.pool import local_pool
from radio.transcribe.rehearing import hear_again, missing

HEARING = "transcribe"  # the lock of whoever transcribes
REHEARING = "hearings"  # and of whoever hears again

Pass = Literal["transcribe", "improve"]


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
                text = _("improved") if task == "improve" else _("transcribed")
                if not is_another:
                    text = _("no better; the new version is kept aside")
                making.say(f"{key} {text} ({means.model})")

            making.each(keys, hear)


def _shares(archive: Archive, key: str, making: Making) -> Callable[[float], None]:
    """Give what is told the seconds of an episode that are done."""
    length = archive.episode(key).audio.duration or 1.0
    return lambda seconds: making.progress(min(seconds / length, 1.0))


def _rehear(archive: Archive, keys: Sequence[str], making: Making) -> None:
    means = making.means
    with archive.lock(REHEARING, wait=False):
        engine = engines.load(means.engine, means.model or None, threads=1)
        making.each(
            keys,
            lambda key: hear_again(
                archive, key, engine, _shares(archive, key, making), making.is_over
            ),
        )


def _untold(archive: Archive) -> Sequence[str]:
    """Name the episodes of which nobody knows who speaks; none where texts can't be written."""
    return voices.untold(archive) if os.access(archive.transcripts, os.W_OK) else []


def _tell_voices(archive: Archive, keys: Sequence[str], making: Making) -> None:
    making.each(keys, lambda key: voices.tell(archive, key, _shares(archive, key, making)))


TRANSCRIPTS = Recipe(
    "transcribe",
    keys_of(unheard),
    partial(_transcribe, "transcribe"),
    slice=0.0,
    is_steady=True,
)
VOICES = Recipe("voices", _untold, _tell_voices)
HEARINGS = Recipe("rehear", keys_of(missing), _rehear, slice=180.0, share=3 / 4, is_quiet=True)


def better(find: Callable[[Archive], Sequence[str]]) -> Recipe:
    """Give the recipe of better transcripts, for the episodes that are found to need one."""
    return Recipe("improve", find, partial(_transcribe, "improve"), slice=0.0, is_quiet=True)
