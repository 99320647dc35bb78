"""All that goes on by itself, in one process."""

import signal
import sys

import click

from radio.archive import Archive
from radio.cli.lines import say, tell
from radio.cli.terminal import counted, flag, option, public_address, with_archive
from radio.static_site import PAGES
from radio.system import process
from radio.system.messages import _
from radio.transcribe import engines
from radio.transcribe.schedule import Hours, parse_hours
from radio.work.status import LOCK, Asked, read_status
from radio.work.tries import pause, try_again
from radio.work.worker import Worker, WorkOptions

QUIET = "23:00-07:00"
ALWAYS = "always"


def _read_quiet(_context: object, _option: object, value: str) -> Hours | None:
    try:
        return None if value == ALWAYS else parse_hours(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command("work")
@with_archive
@option(
    "--quiet",
    _("Hours of the better pass, or `always` (RADIO_QUIET)."),
    "23:00-07:00",
    envvar="RADIO_QUIET",
    default=QUIET,
    show_default=True,
    callback=_read_quiet,
)
@flag("--once", _("Do what there is to do now, and end."))
@option(
    "--engine",
    _("auto: the faster one that is installed."),
    default="auto",
    type=click.Choice(engines.NAMES),
    show_default=True,
)
@option("--first", _("Of the first pass; base, else the lightest."), _("MODEL"))
@option("--model", _("Of the better pass; the best by default."), _("MODEL"), "better")
@option("--threads", _("Cores to use; all by default."), type=click.IntRange(1))
@option(
    "--follow/--no-follow",
    _("Look at what is followed; not where `radio source look --due` does, with a network."),
    default=True,
    show_default=True,
)
@option(
    "--rehear/--no-rehear",
    _("Hear again what is in doubt, when nothing else is to do; not with --once."),
    default=True,
    show_default=True,
)
@option(
    "--retry",
    _("Only have what failed be tried again now, by the one that runs or the next."),
    None,
    "order",
    flag_value="retry",
)
@option(
    "--pause", _("Only have the one that runs pause, till told."), None, "order", flag_value="pause"
)
@flag("--resume", _("Only have it go on."), "order", flag_value="resume")
def command(
    archive: Archive,
    quiet: Hours | None,
    once: bool,
    engine: str,
    first: str | None,
    better: str | None,
    threads: int | None,
    follow: bool,
    rehear: bool,
    order: str | None,
) -> None:
    """Do all that goes on by itself, until it is stopped.

    New episodes are transcribed at once with a light model, so that they are found within minutes,
    and in quiet hours again with the best model here, the least certain first. Chapters, checksums,
    waveforms and pages come after; what is followed (`radio source add`) is looked at when it is
    time. At the lowest priority; stop it whenever you like. `radio status` says how far it is.
    """
    if order:
        _give(archive, order)
        return
    asked = Asked(engine, first or "", better or "", rehear and not once)
    options = WorkOptions(asked, quiet, threads, once, follow, public_address())
    worker = Worker(archive, options, say, PAGES)
    signal.signal(signal.SIGTERM, lambda *_: worker.stop())
    process.lower_priority()
    process.spare(heaps=1)
    try:
        with archive.lock(LOCK, wait=False):  # nobody else works on it
            worker.run()
    except KeyboardInterrupt:
        tell(_("\nStopped; what is done is kept: the same command goes on."))
    sys.exit(1 if once and worker.failures else 0)


def _give(archive: Archive, order: str) -> None:
    if order != "retry":
        pause(archive, on=order == "pause")
        say(_("paused; --resume goes on") if order == "pause" else _("goes on"))
        return
    troubles = read_status(archive).troubles
    try_again(archive, troubles)
    say(counted(len(troubles), "thing is tried again", "things are tried again"))
