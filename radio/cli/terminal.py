"""How every command speaks: where the archive is, progress, one line for what fails."""

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import click

from radio.archive import Archive
from radio.archive.episode import Episode
from radio.cli.commands import chosen_root
from radio.cli.lines import say, tell, visible, warn
from radio.mirror.client import read_address
from radio.system.errors import ModelError, NoAnswerError, RadioError
from radio.system.messages import _, ngettext
from radio.system.progress import Progress

YES = ("y", "yes", "o", "oui")
Command = Callable[..., Any]
Item = TypeVar("Item")


def option(
    name: str, told: str, metavar: str | None = None, *names: str, **more: Any
) -> Callable[[Command], Command]:
    """Give a command an option: its name, its help, the name of its value."""
    return click.option(name, *names, metavar=metavar, help=told, **more)


def flag(name: str, told: str, *names: str, **more: Any) -> Callable[[Command], Command]:
    """Give a command a switch."""
    return click.option(name, *names, is_flag=True, help=told, **more)


accept_losses = flag(
    "--yes", _("Ce qui a disparu a été effacé exprès : ne plus le garder."), "accept"
)
as_json = flag("--json", _("Une valeur JSON, pour les scripts."), "as_json")


def with_folder(command: Command, *, is_there: bool = False) -> Command:
    """Give a command the archive: `--root`, also before it, `RADIO_ROOT` or this folder."""

    def found(context: click.Context, asked: object, given: str | None) -> Archive:
        archive = Archive(Path(chosen_root(context, asked, given)))
        return archive.require() if is_there else archive

    message = _("Le dossier de l’archive (RADIO_ROOT ; sinon le dossier courant).")
    return option("--root", message, _("DOSSIER"), "archive", callback=found)(command)


def with_archive(command: Command) -> Command:
    """Give a command likewise an archive that is there."""
    return with_folder(command, is_there=True)


def public_address() -> str:
    """Read RADIO_BASE_URL, the address for listeners; empty if unset. Raises RadioError if it is no
    address, or its path is not plain."""
    text = os.environ.get("RADIO_BASE_URL", "").strip()
    if not text:
        return ""
    try:
        address = read_address(text)
    except RadioError as error:
        raise RadioError(_("RADIO_BASE_URL : {error}"), error=error) from error
    path = urlsplit(address).path
    if "%" in path or "//" in path or path != quote(path):
        message = _("RADIO_BASE_URL : {text} : écrivez son chemin en lettres, chiffres et tirets")
        raise RadioError(message, text=text)
    return address


@contextlib.contextmanager
def progress_bar(label: str, total: float = 1.0) -> Iterator[Progress]:
    """Show a bar with the time left on a terminal, the label alone elsewhere."""
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


def warn_away(number: int) -> None:
    """Say first if files vanished at once."""
    if number:
        files = counted(number, "{n} fichier", "{n} fichiers")
        message = _(
            "radio : disparu d’un coup : {files} ; le disque est-il là ? Rien de ce qui "
            "en fut fait n’est effacé"
        )
        tell(message, files=files)


def say_json(value: object) -> None:
    """Print a result for scripts."""
    say(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def say_each(
    some: Iterable[Item],
    as_json: bool,
    line: Callable[[Item], object],
    value: Callable[[Item], object] = asdict,  # type: ignore[assignment]
    nothing: str = "",
) -> None:
    """Print a line of each, or that there is none; for scripts a list of values instead."""
    listed = list(some)
    if as_json:
        say_json([value(each) for each in listed])
        return
    for each in listed:
        say(line(each))
    if nothing and not listed:
        tell(_(nothing))


def told_of(place: object, text: object) -> str:
    """Write a line of what is wrong with something, or has become of it."""
    return _("radio: {place} : {text}", place=place, text=text)


def counted(number: int, one: str, several: str, **values: object) -> str:
    """Write how many there are of something, in the singular or the plural.

    >>> counted(1, "{n} épisode", "{n} épisodes"), counted(0, "{n} fichier", "{n} fichiers")
    ('1 episode', '0 files')
    """
    return ngettext(one, several, number, n=number, **values)


def duration(seconds: float) -> str:
    """Write how long something takes.

    >>> duration(42), duration(754), duration(5400)
    ('42 s', '13 min', '1 h 30')
    """
    minutes = round(seconds / 60)
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d}"
