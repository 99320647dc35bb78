"""Give an episode or a show another name."""

import click

from radio.actions.renaming import rename_episode, rename_show
from radio.archive import Archive
from radio.cli.lines import say
from radio.cli.naming import find_episode, require_show
from radio.cli.terminal import with_archive
from radio.search import Index
from radio.system.messages import _


@click.command("rename")
@with_archive
@click.argument("key", metavar=_("KEY"))
@click.argument("name", metavar=_("NAME"))
def command(archive: Archive, key: str, name: str) -> None:
    """Give an episode (SHOW/EPISODE) or a show another name: a title, or the end of its address.

    The old addresses lead to the new one. Nothing is transcribed again. `radio undo` takes it back.
    """
    archive.require()
    if "/" in key:
        say(rename_episode(archive, find_episode(archive, key).key, name).key)
    else:
        say(rename_show(archive, require_show(archive, key), name).slug)
    Index(archive).refresh()
