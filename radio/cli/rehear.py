"""Hear again."""

import sys
import time

import click

from radio.archive import Archive
from radio.cli.naming import find_episode
from radio.cli.terminal import each_of, progress_bar, with_archive
from radio.system import process
from radio.system.messages import _
from radio.transcribe import engines
from radio.transcribe.rehearing import hear_again, missing
from radio.work.slices import MORE, SLICE

LOCK = "hearings"
WHILE = 3 * SLICE  # seconds: the sound is decoded anew from its start in each run


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
@click.option("--a-while", is_flag=True, hidden=True, help=_("Only for some minutes."))
def command(
    archive: Archive, keys: tuple[str, ...], engine: str, model: str | None, a_while: bool
) -> None:
    """Hear again what the machine was not sure of, to offer other words to who rereads.

    That is all of its texts that nobody reread, or the episodes named. No text changes: the desk
    offers what was heard. `radio work` does this by itself, when there is nothing else to do.
    """
    archive.require()
    todo = [find_episode(archive, key).key for key in keys]
    todo = todo or [each.key for each in missing(archive)]
    until = time.monotonic() + (WHILE if a_while else float("inf"))
    process.lower_priority()
    process.spare(heaps=2)
    left = list(todo)

    def hear(key: str) -> None:
        with progress_bar(key, archive.episode(key).audio.duration) as show:
            is_done = hear_again(archive, key, heard_by, show, lambda: time.monotonic() > until)
        if is_done:
            left.remove(key)

    with archive.lock(LOCK, wait=False):
        heard_by = engines.load(engine, model, threads=1)
        failed = each_of((each for each in todo if time.monotonic() <= until), hear)
    if a_while and time.monotonic() > until and len(left) > failed:
        sys.exit(MORE)
    sys.exit(1 if failed else 0)
