"""Transcribe."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

import click

from radio import process
from radio.archive import Archive
from radio.cli.naming import find_episode
from radio.cli.terminal import each_of, progress_bar, with_archive
from radio.messages import _
from radio.search import Index
from radio.transcribe import cluster, engines
from radio.transcribe import pool as crews
from radio.transcribe.corrections import apply_again
from radio.transcribe.improvement import candidates, improve
from radio.transcribe.pool import Crew
from radio.transcribe.renewal import renew
from radio.transcribe.schedule import Hours, parse_hours
from radio.transcribe.transcription import Progress, transcribe
from radio.transcribe.translation import require_translator, translate, untranslated
from radio.transcribe.versions import is_by_hand

Job = tuple[Callable[[Progress], str], str]
"""Works on an episode and gives what to say of it; the key of the episode."""


def _read_hours(_context: object, _option: object, value: str | None) -> Hours | None:
    try:
        return parse_hours(value) if value else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command("transcribe")
@with_archive
@click.argument("keys", nargs=-1, metavar=_("[KEY…]"))
@click.option(
    "--engine",
    default=engines.usual,
    type=click.Choice(engines.NAMES),
    show_default=_("openai where it is installed, else auto"),
    help=_("auto: the faster one that is installed."),
)
@click.option("--model", default="base", show_default=True, help=_("See `radio model list`."))
@click.option(
    "--again", is_flag=True, help=_("Anew, the present transcript kept aside at the end.")
)
@click.option(
    "--force", is_flag=True, help=_("With --again: even what a person reread or changed.")
)
@click.option(
    "--correct-only", is_flag=True, help=_("Apply the show’s corrections anew, decode nothing.")
)
@click.option(
    "--improve",
    "better",
    is_flag=True,
    help=_("Anew where that is better, the least certain first."),
)
@click.option("--translate", "english", is_flag=True, help=_("Write English subtitles too."))
@click.option("--threads", type=click.IntRange(1), help=_("Cores to use; all by default."))
@click.option(
    "--only-between",
    "hours",
    callback=_read_hours,
    metavar="23:00-07:00",
    help=_("Work in these hours only."),
)
@click.option(
    "--scheduler", metavar="tcp://HOST:8786", help=_("Decode on the helpers of a cluster.")
)
def command(
    archive: Archive,
    keys: tuple[str, ...],
    engine: str,
    model: str,
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
    archive.require()
    for key in keys:
        find_episode(archive, key)
    if correct_only:
        _correct(archive, keys)
        return
    wanted = _wanted(archive, keys, english and not again)
    foreign = [each.key for each in untranslated(archive) if each.key in (keys or [each.key])]
    if not (wanted or better or (english and foreign)):
        click.echo(_("Every episode has its transcript."), err=True)
        return
    with (
        archive.lock("transcribe", wait=False),
        _crew(scheduler, engine, model, threads) as crew,
        _stopped_by_hand(),
    ):
        if english:
            require_translator(crew.provenance)
        if better:
            found = keys or [each.key for each in candidates(archive, crew.provenance)]
            jobs = [_improvement(archive, key, crew) for key in found]
        else:
            job = partial(_renewal, force=force) if again else _transcription
            jobs = [job(archive, key, crew) for key in wanted]
            jobs += [_translation(archive, key, crew) for key in foreign if english]
        failed = each_of(jobs, lambda job: _do(archive, job, hours))
    sys.exit(1 if failed else 0)


def _wanted(archive: Archive, keys: tuple[str, ...], only_missing: bool) -> list[str]:
    missing = [each.key for each in archive.missing()]
    if not keys:
        return missing
    return [key for key in keys if not only_missing or key in missing]


@contextlib.contextmanager
def _stopped_by_hand() -> Iterator[None]:
    """Say at once that Ctrl-C was heard; what is being decoded takes some seconds to end."""
    try:
        yield
    except KeyboardInterrupt:
        click.echo(_("\nStopped; what is done is kept: the same command goes on."), err=True)
        sys.exit(1)


@contextlib.contextmanager
def _crew(scheduler: str | None, engine: str, model: str, threads: int | None) -> Iterator[Crew]:
    if scheduler:
        with cluster.connect(scheduler, engine, model) as crew:
            yield crew
        return
    process.lower_priority()
    process.spare(heaps=2)
    with crews.here(engines.load(engine, model, threads)) as crew:
        yield crew


def _transcription(archive: Archive, key: str, crew: Crew) -> Job:
    def work(progress: Progress) -> str:
        transcribe(archive, archive.episode(key), crew, progress=progress)
        return key

    return work, key


def _renewal(archive: Archive, key: str, crew: Crew, *, force: bool) -> Job:
    def work(progress: Progress) -> str:
        renew(archive, archive.episode(key), crew, force=force, progress=progress)
        return key

    return work, key


def _translation(archive: Archive, key: str, crew: Crew) -> Job:
    def work(progress: Progress) -> str:
        translate(archive, archive.episode(key), crew, progress)
        return _("{key} in English").format(key=key)

    return work, key


def _improvement(archive: Archive, key: str, crew: Crew) -> Job:
    def work(progress: Progress) -> str:
        is_better = improve(archive, archive.episode(key), crew, progress)
        told = _("improved") if is_better else _("no better; the new version is kept aside")
        return f"{key} {told}"

    return work, key


def _do(archive: Archive, job: Job, hours: Hours | None) -> None:
    """Work on an episode, showing how far it is; what is ready is found at once."""
    work, key = job
    found = Index(archive)
    with progress_bar(key, archive.episode(key).audio.duration) as show:

        def progress(done: float) -> None:
            show(done)
            found.refresh()
            if hours:
                _wait(hours)

        progress(0)
        said = work(progress)
    found.refresh()
    click.echo(said)


def _wait(hours: Hours) -> None:
    """Sleep until they open, and say so."""
    left = hours.wait(datetime.now()).total_seconds()
    if left > 0:
        click.echo(_("\nWaiting for {opens:%H:%M}.").format(opens=hours.opens), err=True)
        time.sleep(left)


def _correct(archive: Archive, keys: tuple[str, ...]) -> None:
    """Replay the corrections; without keys over all that a machine wrote and nobody touched."""
    transcribed = (each.key for each in archive.episodes() if archive.is_transcribed(each.key))
    wanted = keys or tuple(key for key in transcribed if not is_by_hand(archive, key))

    def correct(key: str) -> None:
        if apply_again(archive, key):
            click.echo(key)

    failed = each_of(wanted, correct)
    Index(archive).refresh()
    sys.exit(1 if failed else 0)
