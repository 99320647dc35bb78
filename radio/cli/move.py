"""Move episodes to another show."""

import sys

import click

from radio.actions.renaming import move_episode
from radio.archive import Archive
from radio.cli.lines import say
from radio.cli.naming import find_episode, require_show
from radio.cli.rename import command as rename_one
from radio.cli.terminal import each_of, with_archive
from radio.search import Index
from radio.system.messages import _


@click.command("move")
@with_archive
@click.argument("keys", nargs=-1, required=True, metavar=_("KEY…"))
@click.argument("show", metavar=_("SHOW"))
@click.option(
    "--rename", is_flag=True, help=_("Give one episode or show another name: KEY, then NAME.")
)
@click.pass_context
def command(
    context: click.Context, archive: Archive, keys: tuple[str, ...], show: str, rename: bool
) -> None:
    """Move episodes to another show, or rename an episode or a show; old addresses lead there.

    A new name is a title, or the end of the address. Nothing is transcribed again. `radio undo`
    takes it back, one episode after the other.
    """
    if rename:
        if len(keys) > 1:
            raise click.UsageError(_("--rename takes one KEY, and a NAME"))
        context.invoke(rename_one, archive=archive, key=keys[0], name=show)
        return
    require_show(archive.require(), show)

    def move(key: str) -> None:
        say(move_episode(archive, find_episode(archive, key).key, show).key)

    failures = each_of(keys, move)
    Index(archive).refresh()
    sys.exit(1 if failures else 0)
