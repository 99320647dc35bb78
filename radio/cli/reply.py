"""Attach a reply to an episode."""

import sys
from pathlib import Path
from textwrap import shorten
from typing import Any

import click

from radio.actions.action import Input
from radio.actions.replying import FIELDS, reply
from radio.archive import Archive
from radio.archive.episode import Episode
from radio.archive.protection import PublicReply
from radio.cli.acting import on_episode
from radio.cli.lines import say
from radio.cli.protection import settle
from radio.system.disk import read_bytes
from radio.system.errors import ArchiveError
from radio.system.messages import _
from radio.text.transcript import clock


@click.command("reply")
@on_episode(*FIELDS[1:], Input("remove", "switch", help=_("Take the reply of that number away.")))
@click.option(
    "--text",
    "source",
    metavar=_("FILE"),
    help=_("The text of the reply, in UTF-8; « - » reads it from the keyboard or a pipe."),
)
@click.option(
    "--number",
    type=int,
    default=0,
    metavar=_("NUMBER"),
    help=_("Which reply it takes the place of, as the list counts them."),
)
def command(
    archive: Archive,
    episode: Episode,
    source: str | None,
    number: int,
    remove: bool,
    note: str,
    **said: Any,
) -> None:
    """Show a right of reply with an episode: on its page, in feeds, players and downloads.

    Without --text it lists the replies that stand there, with their numbers.
    """
    if remove and (source or not number):
        raise click.UsageError(_("--remove takes a --number, and no --text"))
    given = PublicReply(_read(source), said["author"], said["at"], said["day"]) if source else None
    if number:
        if given is None and not remove:
            raise click.UsageError(_("give the --text, or --remove"))
        old = _reply(episode, number)
        settle(archive, reply(archive, [episode.key], old=old, given=given, note=note))
    elif given:
        settle(archive, reply(archive, [episode.key], given=given, note=note))
    else:
        _list(episode)


def _reply(episode: Episode, number: int) -> PublicReply:
    known = episode.protection.replies
    if not 0 < number <= len(known):
        told = _("{key}: no reply {number}; `radio protect reply {key}` lists them")
        raise ArchiveError(told, key=episode.key, number=number)
    return known[number - 1]


def _list(episode: Episode) -> None:
    for number, each in enumerate(episode.protection.replies, 1):
        at = clock(each.at) if each.at is not None else ""
        words = shorten(each.text, 60, placeholder="…")
        say("  ".join(filter(None, (str(number), each.day, each.author, at, words))))


def _read(source: str) -> str:
    content = sys.stdin.buffer.read() if source == "-" else read_bytes(Path(source).resolve())
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArchiveError(_("{where}: not UTF-8; save the file as UTF-8"), where=source) from error
