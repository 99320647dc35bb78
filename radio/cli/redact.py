"""Take a passage out of an episode."""

from typing import Any

import click

from radio.actions.redacting import FIELDS, Request, take_out
from radio.archive import Archive
from radio.archive.episode import Episode
from radio.cli.acting import YES, on_episode
from radio.cli.lines import say
from radio.cli.protection import tell_left
from radio.cli.terminal import confirm, progress_bar
from radio.search import Index
from radio.system.messages import _
from radio.text.transcript import clock


@click.command("redact")
@on_episode(*FIELDS, YES)
def command(archive: Archive, episode: Episode, sure: bool, **asked: Any) -> None:
    """Take the passage between two moments (12:34.5, or seconds) out of an episode.

    It is silent in the sound, and absent from the text, what the machine heard, older versions,
    search, feeds, downloads, and what was made of them; the site as files follows with the next
    `radio export site`, mirrors and kept episodes at their next visit. The sound is encoded anew.
    The original is sealed or destroyed: say which. `radio undo` does not bring it back.
    """
    request = Request(**asked)
    if not request.fate:
        raise click.UsageError(_("say what becomes of the original: --seal or --destroy"))
    archive.transcript(episode.key)  # one that can't be read would go whole: mend it first
    if not sure:
        question = (
            _("Take {start} to {end} out of {key}, and seal the original?")
            if request.fate == "seal"
            else _("Take {start} to {end} out of {key}, and destroy the original for ever?")
        )
        span = {"start": clock(request.start), "end": clock(request.end)}
        confirm(question.format(key=episode.key, **span))
    with progress_bar(_("Sound")) as progress:
        left = take_out(archive, Index(archive), episode, request, progress)
    say(_("{key}: the passage was taken out"), key=episode.key)
    tell_left(left)
