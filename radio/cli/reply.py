"""Attach a reply to an episode."""

import datetime as dt
import sys
from pathlib import Path

import click

from radio.acts.replying import reply
from radio.archive import Archive
from radio.cli.days import read_option
from radio.cli.naming import find_episode
from radio.cli.protection import settle, with_note
from radio.cli.redact import moment
from radio.cli.terminal import with_archive
from radio.disk import read_bytes
from radio.errors import ArchiveError
from radio.messages import _
from radio.protection import PublicReply


def _second(_context: object, _option: object, text: str | None) -> float | None:
    return moment(text) if text else None


@click.command("reply")
@with_archive
@click.argument("key", metavar=_("KEY"))
@click.option(
    "--text",
    "source",
    required=True,
    metavar=_("FILE"),
    help=_("The text of the reply, in UTF-8; « - » reads it from the keyboard or a pipe."),
)
@click.option("--from", "author", default="", metavar=_("NAME"), help=_("Who replies."))
@click.option(
    "--at",
    metavar=_("SECOND"),
    callback=_second,
    help=_("The passage that it replies to: 12:05, or 725."),
)
@click.option(
    "--date", "day", metavar=_("DAY"), callback=read_option, help=_("Its day; else today.")
)
@with_note
def command(
    archive: Archive,
    key: str,
    source: str,
    author: str,
    at: float | None,
    day: dt.date | None,
    note: str,
) -> None:
    """Show a right of reply with an episode: on its page, in feeds, players and downloads."""
    found = find_episode(archive.require(), key)
    given = PublicReply(_read(source), author, at, day)
    settle(archive, reply(archive, found.key, given, note=note))


def _read(source: str) -> str:
    content = sys.stdin.buffer.read() if source == "-" else read_bytes(Path(source).resolve())
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        told = _("{where}: not UTF-8; save the file as UTF-8")
        raise ArchiveError(told.format(where=source)) from error
