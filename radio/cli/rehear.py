"""Hear again."""

import sys

import click

from radio.archive import Archive
from radio.cli.naming import find_episode
from radio.cli.terminal import each_of, progress_bar, with_archive
from radio.system import process
from radio.system.messages import _
from radio.transcribe import engines
from radio.transcribe.recipes import REHEARING
from radio.transcribe.rehearing import hear_again, missing


@click.command("rehear")
@with_archive
@click.argument("keys", nargs=-1, metavar=_("[KEY…]"))
@click.option(
    "--engine",
    default="auto",
    type=click.Choice(engines.NAMES),
    show_default=True,
    help=_("auto: the faster one that is installed."),
)
@click.option("--model", help=_("See `radio model list`; the best one by default."))
def command(archive: Archive, keys: tuple[str, ...], engine: str, model: str | None) -> None:
    """Hear again what the machine was not sure of, to offer other words to who rereads.

    That is all of its texts that nobody reread, or the episodes named. No text changes: the desk
    offers what was heard. `radio work` does this by itself, when there is nothing else to do.
    """
    archive.require()
    todo = [find_episode(archive, key).key for key in keys]
    todo = todo or [each.key for each in missing(archive)]
    process.lower_priority()
    process.spare(heaps=2)

    def hear(key: str) -> None:
        with progress_bar(key, archive.episode(key).audio.duration) as show:
            hear_again(archive, key, heard_by, show)

    with archive.lock(REHEARING, wait=False):
        heard_by = engines.load(engine, model, threads=1)
        failed = each_of(todo, hear)
    sys.exit(1 if failed else 0)
