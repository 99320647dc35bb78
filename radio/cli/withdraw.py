"""Withdraw episodes, for ever or for a while."""

import datetime as dt
import sys

import click

from radio.actions.publishing import withdraw
from radio.archive import Archive
from radio.cli.days import read_coming
from radio.cli.protection import find_keys, settle, with_note
from radio.cli.terminal import with_archive
from radio.system.messages import _


@click.command("withdraw")
@with_archive
@click.argument("keys", nargs=-1, required=True, metavar=_("KEY…"))
@click.option(
    "--reason",
    default="",
    metavar=_("TEXT"),
    help=_("What whoever asks for it is told, with the day."),
)
@click.option(
    "--until",
    metavar=_("DAY"),
    callback=read_coming,
    help=_("Let it be heard again from this day on."),
)
@with_note
def command(
    archive: Archive, keys: tuple[str, ...], reason: str, until: dt.date | None, note: str
) -> None:
    """Let nobody hear or read some episodes: not in pages, search, feeds, downloads or mirrors.

    Their addresses say that they were withdrawn, and why. Files stay; `radio protect publish`
    gives them back.
    """
    found, failures = find_keys(archive.require(), keys)
    settle(archive, withdraw(archive, found, reason=reason, until=until, note=note))
    sys.exit(1 if failures else 0)
