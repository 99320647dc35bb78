"""Write what is said, with Whisper."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

import click

from radio.archive import Archive
from radio.cli.lines import say, tell
from radio.cli.naming import Several, find_episode
from radio.cli.terminal import Command, each_of, flag, option, progress_bar, with_archive
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

ALWAYS = "always"  # instead of hours


def read_hours(_context: object, _option: object, value: str | None) -> Hours | None:
    """Read between which hours to work; None for always."""
    try:
        return parse_hours(value) if value and value != ALWAYS else None
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def with_engine(
    default: Callable[[], str] | str, shown: str | bool
) -> Callable[[Command], Command]:
    """Let a command choose an engine."""
    message = _("auto : le plus rapide de ceux qui sont installés.")
    choice = click.Choice(engines.NAMES)
    return option("--engine", message, default=default, type=choice, show_default=shown)


with_model = option("--model", _("Voir `radio model list` ; le meilleur par défaut."))
with_threads = option(
    "--threads",
    _("Cœurs à utiliser ; tous par défaut, sauf un avec openai."),
    type=click.IntRange(1),
)


@with_archive
@click.argument("keys", nargs=-1, metavar=_("[CLÉ…]"))
@with_engine(engines.usual, _("openai s’il est installé, sinon auto"))
@with_model
@flag("--again", _("Transcrire de nouveau ; la transcription présente est gardée à côté."))
@flag("--force", _("Avec --again : même ce qu’une personne a relu ou modifié."))
@flag("--correct-only", _("Réappliquer les corrections de l’émission, sans rien réécouter."))
@flag("--improve", _("Transcrire de nouveau où c’est mieux, les moins sûrs d’abord."), "better")
@flag("--translate", _("Écrire aussi des sous-titres en anglais."), "english")
@with_threads
@option(
    "--only-between",
    _("Ne travailler qu’à ces heures."),
    "23:00-07:00",
    "hours",
    callback=read_hours,
)
@option("--scheduler", _("Transcrire sur d’autres machines (dask)."), "tcp://HOST:8786")
def command(
    archive: Archive,
    keys: Several,
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
) -> int:
    """Transcrire ce qui n’a pas encore de texte, ou les épisodes nommés."""
    if again and not keys:
        raise click.UsageError(_("--again demande les clés des épisodes"))
    if force and not again:
        raise click.UsageError(_("--force va avec --again"))
    if again + correct_only + better > 1 or (english and (correct_only or better)):
        raise click.UsageError(_("--again, --correct-only, --improve : un seul à la fois"))
    list(map(partial(find_episode, archive), keys))  # else nothing is done
    if correct_only:
        return _correct(archive, keys)
    process.lower_priority()
    process.spare(heaps=2)
    for key in () if keys else adopt_waiting(archive):  # that came with what was heard since
        Index(archive).refresh()
        say(_named(archive, key))
    todo = [] if better else plan(archive, keys, again=again, force=force, english=english)
    if not (todo or better):
        tell(_("Chaque épisode a sa transcription."))
        return 0
    with (
        archive.lock("transcribe", wait=False),
        _pool(scheduler, engine, model, threads, english=english) as pool,
    ):
        if not model:
            message = _(
                "Avec {model}, le meilleur modèle ici ({engine}) ; --model en choisit un autre."
            )
            tell(message, model=pool.provenance.model, engine=pool.provenance.engine)
        if english:
            require_translator(pool.provenance)
        if better:
            todo = plan_improvements(archive, keys, pool.provenance)
        with _stopped_by_hand():
            return each_of(todo, lambda job: _do(archive, job, pool, hours))


@contextlib.contextmanager
def _stopped_by_hand() -> Iterator[None]:
    """Say at once that Ctrl-C was heard; what is being decoded takes some seconds to end."""
    try:
        yield
    except KeyboardInterrupt:
        tell(_("\nArrêté ; ce qui est fait est gardé : la même commande reprendra là."))
        sys.exit(1)


def _pool(
    scheduler: str | None, engine: str, model: str | None, threads: int | None, *, english: bool
) -> contextlib.AbstractContextManager[Pool]:
    if scheduler:
        return pools.connect(scheduler, engine, model)
    return pools.local_pool(engines.load(engine, model, threads, english=english))


def _do(archive: Archive, job: Job, pool: Pool, hours: Hours | None) -> None:
    """Do a job, and show how far it is; what is ready can be searched at once."""
    index = Index(archive)
    with progress_bar(job.key, archive.episode(job.key).audio.duration) as show:

        def progress(done: float) -> None:
            show(done)
            index.refresh()
            if hours and (left := hours.wait(datetime.now()).total_seconds()) > 0:
                tell(_("\nEn attente jusqu’à {opens:%H:%M}."), opens=hours.opens)
                time.sleep(left)

        progress(0)
        is_another = work(archive, job, pool, progress)
    index.refresh()
    if job.task == "translate":
        say(_("{key} en anglais"), key=job.key)
    elif job.task == "improve":
        better = _("amélioré")
        no_better = _("pas mieux ; la nouvelle version est gardée à côté")
        say(f"{job.key} {better if is_another else no_better}")
    else:
        say(_named(archive, job.key))


def _named(archive: Archive, key: str) -> str:
    """Name an episode, and its text by people, if it has one."""
    transcript = archive.transcript(key)
    source = transcript.note.get("source", "") if transcript else ""
    return _("{key} avec le texte de {source}", key=key, source=source) if source else key


def _correct(archive: Archive, keys: Several) -> int:
    """Apply the corrections anew, by default to all texts unchanged by hand; count failures."""

    def correct(key: str) -> None:
        if apply_again(archive, key):
            say(key)

    try:
        return each_of(keys or untouched(archive), correct)
    finally:
        Index(archive).refresh()
