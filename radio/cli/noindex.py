"""Hide episodes from search engines."""

import sys

import click

from radio.actions.publishing import hide
from radio.archive import Archive
from radio.cli.acting import with_note
from radio.cli.protection import find_keys, settle
from radio.cli.terminal import with_archive
from radio.system.messages import _


@click.command("noindex")
@with_archive
@click.argument("keys", nargs=-1, required=True, metavar=_("KEY…"))
@click.option("--undo", is_flag=True, help=_("Let search engines find them again."))
@with_note
def command(archive: Archive, keys: tuple[str, ...], undo: bool, note: str) -> None:
    """Ask search engines to leave some episodes out; the search of the archive still finds them."""
    found, failures = find_keys(archive.require(), keys)
    settle(archive, hide(archive, found, hidden=not undo, note=note))
    sys.exit(1 if failures else 0)
