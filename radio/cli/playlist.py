"""What episodes play: for the page, for the society that asks for it."""

import datetime as dt

import click

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.archive.tunes import read_tune
from radio.cli.acting import read_as
from radio.cli.lines import say
from radio.cli.naming import find_episode
from radio.cli.terminal import with_archive
from radio.formats.playlists import render_tunes
from radio.system.messages import _
from radio.text.transcript import clock


@click.command("playlist")
@with_archive
@click.argument("keys", metavar="[KEY]…", nargs=-1)
@click.option(
    "--from", "since", metavar=_("DAY"), callback=read_as("day"), help=_("From this day on only.")
)
@click.option(
    "--to", "until", metavar=_("DAY"), callback=read_as("day"), help=_("Up to this day only.")
)
@click.option("--csv", "as_csv", is_flag=True, help=_("As CSV, as rights societies ask for it."))
def command(
    archive: Archive,
    keys: tuple[str, ...],
    since: dt.date | None,
    until: dt.date | None,
    as_csv: bool,
) -> None:
    """Tell what music episodes play, the oldest first.

    It is what their sidecars say, and `radio edit KEY playlist="…"` writes it, as in « Artist –
    Title [Label] 3:25 @12:30 »: how long it is played, when it begins. Without keys, of all
    episodes that were broadcast in some days, withdrawn ones too: they were on the air.
    """
    archive.require()
    found = [find_episode(archive, key) for key in keys] if keys else archive.episodes()
    episodes = [each for each in found if (since or each.date) <= each.date <= (until or each.date)]
    episodes.sort(key=lambda each: (each.date, each.slug))
    if as_csv:
        listed = ((archive.show(each.show), each) for each in episodes)
        click.echo(render_tunes(listed), nl=False)
        return
    told = [_told(each) for each in episodes if each.playlist]
    say("\n\n".join(told) if told else _("No music is told of."))


def _told(episode: Episode) -> str:
    """Write what an episode plays, as people read it."""
    lines = [f"{episode.known_date}  {episode.title}  ({episode.key})".strip()]
    for tune in map(read_tune, episode.playlist):
        start = "" if tune.start is None else clock(tune.start)
        label = f" [{tune.label}]" if tune.label else ""
        length = "" if tune.length is None else f"  {clock(tune.length)}"
        lines.append(f"{start:>8}  {tune.name}{label}{length}")
    return "\n".join(lines)
