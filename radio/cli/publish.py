"""Publish episodes that were withdrawn or under embargo."""

import sys

import click

from radio.actions.publishing import publish
from radio.archive import Archive
from radio.cli.protection import find_keys, settle, with_note
from radio.cli.terminal import with_archive
from radio.system.messages import _


@click.command("publish")
@with_archive
@click.argument("keys", nargs=-1, required=True, metavar=_("KEY…"))
@with_note
def command(archive: Archive, keys: tuple[str, ...], note: str) -> None:
    """Let everybody hear some episodes that were withdrawn or under embargo."""
    found, failures = find_keys(archive.require(), keys)
    settle(archive, publish(archive, found, note=note))
    sys.exit(1 if failures else 0)
