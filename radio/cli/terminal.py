"""How every command speaks: where the archive is, progress, one line for what fails."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any, TypeVar

import click

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.cli.commands import chosen_root
from radio.cli.lines import visible, warn
from radio.system.disk import read_bytes
from radio.system.errors import ArchiveError, ModelError, NoAnswerError, RadioError
from radio.system.messages import _
from radio.system.progress import Progress, silent

YES = ("y", "yes", "o", "oui")
Command = Callable[..., Any]
Item = TypeVar("Item")


def option(
    name: str, text: str, metavar: str | None = None, *names: str, **more: Any
) -> Callable[[Command], Command]:
    """Give a command an option: its name, its help, the name of its value; a default is shown."""
    more.setdefault("show_default", "default" in more)
    return click.option(name, *names, metavar=metavar, help=text, **more)


def flag(name: str, text: str, *names: str, **more: Any) -> Callable[[Command], Command]:
    """Give a command a switch."""
    return click.option(name, *names, is_flag=True, help=text, **more)


def table(name: str, text: str, *names: str) -> Callable[[Command], Command]:
    """Give a command the path of a table."""
    return option(name, text, _("TABLEAU.csv"), *names, type=click.Path(path_type=Path))


accept_losses = flag("--yes", _("Ce qui a disparu a été effacé exprès : l’oublier."), "accept")
on_port = click.option(
    *("--port", "port"),
    default=8000,
    show_default=True,
    type=click.IntRange(1, 65535),
    envvar="RADIO_PORT",
)
as_json = flag("--json", _("Une valeur JSON, pour les scripts."), "as_json")


def with_folder(command: Command, *, is_there: bool = False) -> Command:
    """Give a command the archive: `--root`, also before it, `RADIO_ROOT` or this folder."""

    def found(context: click.Context, asked: object, given: str | None) -> Archive:
        archive = Archive(Path(chosen_root(context, asked, given)))
        return archive.require() if is_there else archive

    message = _("Le dossier de l’archive (RADIO_ROOT ; par défaut le dossier courant).")
    return option("--root", message, _("DOSSIER"), "archive", callback=found)(command)


def with_archive(command: Command) -> Command:
    """Give a command likewise an archive that is there."""
    return with_folder(command, is_there=True)


def read_text(source: str) -> str:
    """Read a text that a command is given: a file, or « - » for what it is sent."""
    content = sys.stdin.buffer.read() if source == "-" else read_bytes(Path(source).resolve())
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = _("{where} : pas de l’UTF-8 ; enregistrez le fichier en UTF-8")
        raise ArchiveError(message, where=source) from error


@contextlib.contextmanager
def progress_bar(label: str, total: float = 1.0) -> Iterator[Progress]:
    """Show a bar with the time left on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        yield silent
        return
    steps = 1000
    with click.progressbar(length=steps, label=visible(label), file=sys.stderr) as bar:
        yield lambda amount: bar.update(round(steps * min(amount / total, 1.0)) - bar.pos)
        bar.update(steps - bar.pos)


def confirm(question: str, *, is_sure: bool = False) -> None:
    """Ask before what can't be undone, unless `is_sure`; without a yes the command ends. « oui »
    counts in any language: click itself takes `y` alone."""
    if is_sure:
        return
    asked = visible(question) + _(" [o/N]")
    answer = click.prompt(asked, default="", show_default=False, err=True)
    if answer.strip().lower() not in YES:
        raise click.Abort


def each_of(items: Iterable[Item], act: Callable[[Item], None]) -> int:
    """Do something for each; a failure costs a line and is counted. Raises ModelError and
    NoAnswerError, which the others would meet too."""
    failures = 0
    for item in items:
        try:
            act(item)
        except (ModelError, NoAnswerError):
            raise
        except RadioError as error:
            failures += 1
            warn(error)
    return failures


def listen(episodes: Sequence[Episode], hear: Callable[[Episode], object]) -> int:
    """Listen to episodes, one on each core; count the failures."""
    done, total = 0.0, sum(each.audio.duration for each in episodes) or 1.0
    with progress_bar(_("Écoute"), total) as progress, ThreadPoolExecutor(os.cpu_count()) as pool:
        listened = {pool.submit(hear, each): each for each in episodes}

        def take(future: Future[object]) -> None:
            nonlocal done
            done += listened[future].audio.duration
            progress(done)
            future.result()

        return each_of(as_completed(listened), take)
