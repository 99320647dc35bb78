"""Transcribe."""

import contextlib
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from functools import partial

import click

from radio.archive import Archive
from radio.cli.lines import say, tell
from radio.cli.naming import find_episode
from radio.cli.terminal import each_of, flag, option, progress_bar, with_archive
from radio.search import Index
from radio.system import process
from radio.system.messages import _
from radio.transcribe import engines
from radio.transcribe import pool as pools
from radio.transcribe.adoption import adopt_waiting
from radio.transcribe.corrections import apply_again
from radio.transcribe.pool import Pool
from radio.transcribe.recipes import Job, plan, plan_improvements, work
from radio.transcribe.schedule import Hours, parse_hours
from radio.transcribe.transcription import require_translator
from radio.transcribe.versions import untouched


def _read_hours(_context: object, _option: object, value: str | None) -> Hours | None:
    try:
        return parse_hours(value) if value else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command("transcribe")
@with_archive
@click.argument("keys", nargs=-1, metavar=_("[KEY…]"))
@option(
    "--engine",
    _("auto: the faster one that is installed."),
    default=engines.usual,
    type=click.Choice(engines.NAMES),
    show_default=_("openai where it is installed, else auto"),
)
@option("--model", _("See `radio model list`; the best one by default."))
@flag("--again", _("Anew, the present transcript kept aside at the end."))
@flag("--force", _("With --again: even what a person reread or changed."))
@flag("--correct-only", _("Apply the show’s corrections anew, decode nothing."))
@flag("--improve", _("Anew where that is better, the least certain first."), "better")
@flag("--translate", _("Write English subtitles too."), "english")
@option("--threads", _("Cores to use; all by default."), type=click.IntRange(1))
@option(
    "--only-between", _("Work in these hours only."), "23:00-07:00", "hours", callback=_read_hours
)
@option("--scheduler", _("Decode on the helpers of a cluster."), "tcp://HOST:8786")
def command(
    archive: Archive,
    keys: tuple[str, ...],
    engine: str,
    model: str | None,
    again: bool,
    force: bool,
    correct_only: bool,
    better: bool,
    english: bool,
    threads: int | None,
    hours: Hours | None,
    scheduler: str | None,
) -> None:
    """Transcribe what lacks a transcript, or the episodes named."""
    if again and not keys:
        raise click.UsageError(_("--again needs the keys of the episodes"))
    if force and not again:
        raise click.UsageError(_("--force goes with --again"))
    if again + correct_only + better > 1 or (english and (correct_only or better)):
        raise click.UsageError(_("--again, --correct-only, --improve: one at a time"))
    list(map(partial(find_episode, archive), keys))  # else nothing is done
    if correct_only:
        sys.exit(1 if _correct(archive, keys) else 0)
    if not keys:
        _adopt_waiting(archive)
    todo = [] if better else plan(archive, keys, again=again, force=force, english=english)
    if not (todo or better):
        tell(_("Every episode has its transcript."))
        return
    opened = _pool(scheduler, engine, model, threads, english=english)
    with archive.lock("transcribe", wait=False), opened as pool:
        if not model:
            told = _("With {model}, the best model here ({engine}); --model names another.")
            tell(told, model=pool.provenance.model, engine=pool.provenance.engine)
        if english:
            require_translator(pool.provenance)
        if better:
            todo = plan_improvements(archive, keys, pool.provenance)
        with _stopped_by_hand():
            failed = each_of(todo, lambda job: _do(archive, job, pool, hours))
    sys.exit(1 if failed else 0)


@contextlib.contextmanager
def _stopped_by_hand() -> Iterator[None]:
    """Say at once that Ctrl-C was heard; what is being decoded takes some seconds to end."""
    try:
        yield
    except KeyboardInterrupt:
        tell(_("\nStopped; what is done is kept: the same command goes on."))
        sys.exit(1)


@contextlib.contextmanager
def _pool(
    scheduler: str | None, engine: str, model: str | None, threads: int | None, *, english: bool
) -> Iterator[Pool]:
    if scheduler:
        with pools.connect(scheduler, engine, model) as pool:
            yield pool
        return
    process.lower_priority()
    process.spare(heaps=2)
    with pools.local_pool(engines.load(engine, model, threads, english=english)) as pool:
        yield pool


def _do(archive: Archive, job: Job, pool: Pool, hours: Hours | None) -> None:
    """Do a job, showing how far it is; what is ready is found at once."""
    index = Index(archive)
    with progress_bar(job.key, archive.episode(job.key).audio.duration) as show:

        def progress(done: float) -> None:
            show(done)
            index.refresh()
            if hours and (left := hours.wait(datetime.now()).total_seconds()) > 0:
                tell(_("\nWaiting for {opens:%H:%M}."), opens=hours.opens)
                time.sleep(left)

        progress(0)
        is_another = work(archive, job, pool, progress)
    index.refresh()
    say(_result(archive, job, is_another))


def _adopt_waiting(archive: Archive) -> None:
    """Lay the texts that came with recordings which were heard since."""
    for key in adopt_waiting(archive):
        Index(archive).refresh()
        say(_named(archive, key))


def _named(archive: Archive, key: str) -> str:
    """Name an episode, and the text that it has from people."""
    transcript = archive.transcript(key)
    source = transcript.note.get("source", "") if transcript else ""
    return _("{key} with the text of {source}").format(key=key, source=source) if source else key


def _result(archive: Archive, job: Job, is_another: bool) -> str:
    if job.task == "translate":
        return _("{key} in English").format(key=job.key)
    if job.task == "improve":
        better = _("improved") if is_another else _("no better; the new version is kept aside")
        return f"{job.key} {better}"
    return _named(archive, job.key)


def _correct(archive: Archive, keys: tuple[str, ...]) -> int:
    """Apply the corrections anew; without keys, to every text that nobody changed by hand.

    Tell how many failed.
    """

    def correct(key: str) -> None:
        if apply_again(archive, key):
            say(key)

    try:
        return each_of(keys or untouched(archive), correct)
    finally:
        Index(archive).refresh()
