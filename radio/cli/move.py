"""Move episodes to another show."""

import sys

import click

from radio.actions.renaming import move_episode
from radio.archive import Archive
from radio.cli.lines import say
from radio.cli.naming import find_episode, require_show
from radio.cli.terminal import each_of, with_archive
from radio.search import Index
from radio.system.messages import _


@click.command("move")
@with_archive
@click.argument("keys", nargs=-1, required=True, metavar=_("KEY…"))
@click.argument("show", metavar=_("SHOW"))
def command(archive: Archive, keys: tuple[str, ...], show: str) -> None:
    """Move episodes to another show; their old addresses lead there.

    Nothing is transcribed again. `radio undo` takes it back, one episode after the other.
    """
    require_show(archive.require(), show)

    def move(key: str) -> None:
        say(move_episode(archive, find_episode(archive, key).key, show).key)

    failures = each_of(keys, move)
    Index(archive).refresh()
    sys.exit(1 if failures else 0)
