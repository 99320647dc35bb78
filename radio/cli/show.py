"""Show what is known of an episode."""

import click

from radio.archive import Archive
from radio.cli.lines import say
from radio.cli.naming import find_episode
from radio.cli.terminal import with_archive
from radio.system.messages import _


@click.command("show")
@with_archive
@click.argument("key", metavar=_("KEY"))
def command(archive: Archive, key: str) -> None:
    """Print the sidecar of an episode."""
    find_episode(archive.require(), key)
    say(archive.sidecar_path(key).read_text(encoding="utf-8").rstrip("\n"))
