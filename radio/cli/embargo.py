"""Put episodes under embargo."""

import datetime as dt
import sys

import click

from radio.actions.publishing import embargo
from radio.archive import Archive
from radio.cli.days import read_coming
from radio.cli.protection import find_keys, settle, with_note
from radio.cli.terminal import with_archive
from radio.system.messages import _


@click.command("embargo")
@with_archive
@click.argument("keys", nargs=-1, required=True, metavar=_("KEY…"))
@click.argument("until", metavar=_("DAY"), callback=read_coming)
@with_note
def command(archive: Archive, keys: tuple[str, ...], until: dt.date, note: str) -> None:
    """Let nobody know of some episodes before a day: "25/12/2026", "1er janvier 2027".

    They appear by themselves on that day, at midnight.
    """
    found, failures = find_keys(archive.require(), keys)
    settle(archive, embargo(archive, found, until, note=note))
    sys.exit(1 if failures else 0)
