"""Take a passage out of an episode."""

import click

from radio.actions.redacting import Fate, Request, take_out
from radio.archive import Archive
from radio.cli.acting import read_as, with_note
from radio.cli.lines import say
from radio.cli.naming import find_episode
from radio.cli.protection import tell_left
from radio.cli.terminal import confirm, progress_bar, with_archive
from radio.search import Index
from radio.system.messages import _
from radio.text.transcript import clock


@click.command("redact")
@with_archive
@click.argument("key", metavar=_("KEY"))
@click.argument("start", metavar=_("FROM"), callback=read_as("moment"))
@click.argument("end", metavar=_("TO"), callback=read_as("moment"))
@click.option("--tone", is_flag=True, help=_("Play a tone there, not silence."))
@click.option("--text", default="", help=_("What the text says there; else that it was removed."))
@click.option("--seal", is_flag=True, help=_("Keep the original in `sealed/`, given to nobody."))
@click.option(
    "--destroy", is_flag=True, help=_("Keep no original, not one that was sealed before either.")
)
@click.option("--yes", "sure", is_flag=True, help=_("Do not ask."))
@with_note
def command(
    archive: Archive,
    key: str,
    start: float,
    end: float,
    tone: bool,
    text: str,
    seal: bool,
    destroy: bool,
    sure: bool,
    note: str,
) -> None:
    """Take the passage between two moments (12:34.5, or seconds) out of an episode.

    It is silent in the sound, and absent from the text, what the machine heard, older versions,
    search, feeds, downloads, and what was made of them; the site as files follows with the next
    `radio export site`, mirrors and kept episodes at their next visit. The sound is encoded anew.
    The original is sealed or destroyed: say which. `radio undo` does not bring it back.
    """
    archive.require()
    if seal == destroy:
        raise click.UsageError(_("say what becomes of the original: --seal or --destroy"))
    fate: Fate = "seal" if seal else "destroy"
    episode = find_episode(archive, key)
    request = Request(start, end, fate, "tone" if tone else "silence", text, note)
    archive.transcript(episode.key)  # one that can't be read would go whole: mend it first
    if not sure:
        asked = (
            _("Take {start} to {end} out of {key}, and seal the original?")
            if seal
            else _("Take {start} to {end} out of {key}, and destroy the original for ever?")
        )
        span = {"start": clock(request.start), "end": clock(request.end)}
        confirm(asked.format(key=episode.key, **span))
    with progress_bar(_("Sound")) as progress:
        left = take_out(archive, Index(archive), episode, request, progress)
    say(_("{key}: the passage was taken out").format(key=episode.key))
    tell_left(left)
