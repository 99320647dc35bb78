"""Give back a sealed original."""

from dataclasses import replace

import click

from radio.actions.following import catch_up
from radio.actions.unsealing import sealed_original, unseal
from radio.archive import Archive
from radio.archive.episode import Episode
from radio.cli.acting import YES, on_episode
from radio.cli.lines import say
from radio.cli.terminal import confirm
from radio.search import Index
from radio.system.messages import _
from radio.text.transcript import clock


@click.command("unseal")
@on_episode(replace(YES, help=_("Do not ask, and put the old text back too.")))
def command(archive: Archive, episode: Episode, sure: bool, note: str) -> None:
    """Give back the original of the passage that was taken out of an episode last.

    Sound and texts are as they were before, but for names that were replaced since; page and feed
    no longer say that a passage was removed. What stood in its place goes to the folder `trash`.
    `radio protect redact` takes the passage out again. What was destroyed can't be given back.
    """
    sealed_original(archive, episode.key)
    if not sure:
        passage = episode.redactions[-1]
        asked = _("Let everybody hear {start} to {end} of {key} again?")
        span = {"start": clock(passage.start), "end": clock(passage.end)}
        confirm(asked.format(key=episode.key, **span))
    unseal(archive, episode.key, is_sure=sure, note=note)
    catch_up(archive, Index(archive), [episode.key])
    say(_("{key}: the original is back"), key=episode.key)
