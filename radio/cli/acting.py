"""Commands made from the declaration of an action: its keys, what it asks for, and a note."""

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import click

from radio.actions.action import NOTE, Action, Input, Kind, WrongFieldError, catch_up
from radio.archive import Archive
from radio.archive.history import Act
from radio.cli.lines import counted, tell, warn
from radio.cli.naming import Several, find_episode, require_show
from radio.cli.terminal import Command, each_of, with_archive
from radio.search import Index
from radio.system.messages import _

METAVARS: dict[Kind, str] = {"day": _("JOUR"), "coming": _("JOUR"), "moment": _("SECONDE")}
YES = Input("sure", "switch", option="yes", help=_("Ne pas demander."))


def acting(action: Action) -> Callable[[Command], Command]:
    """Have a command do an action to the episodes that it names; its docstring says what."""

    def made(command: Command) -> Command:
        def act(archive: Archive, keys: Several, note: str, **asked: Any) -> int:
            found, failures = find_all(archive, keys)
            changed = action(archive, found, note=note, **asked)
            settle(archive, changed)
            if action.words and changed:
                tell(_("le public lira : « {words} »", words=asked["reason"] or _(action.words)))
            return failures

        asked = asking(*action.fields)(functools.update_wrapper(act, command))
        named = click.argument("keys", nargs=-1, required=True, metavar=_("CLÉ…"))
        return with_archive(named(asked))

    return made


def on_episode(*fields: Input) -> Callable[[Command], Command]:
    """Give a command the episode that it names, what some fields ask for, and a private note."""

    def made(command: Command) -> Command:
        def act(archive: Archive, key: str, **asked: Any) -> Any:
            return command(archive, find_episode(archive, key), **asked)

        asked = asking(*fields)(functools.update_wrapper(act, command))
        return with_archive(click.argument("key", metavar=_("CLÉ"))(asked))

    return made


def asking(*fields: Input) -> Callable[[Command], Command]:
    """Give a command what some fields ask for, by name, and its private note. A choice is empty if
    the command names several, or none and each has an option."""
    choices = [each for each in fields if each.kind == "choice"]

    def made(command: Command) -> Command:
        def act(*given: Any, **asked: Any) -> Any:
            for each in choices:
                named = [one for one in each.flags if asked.pop(one)]
                found = named or [one for one in each.choices if one not in each.flags]
                asked[each.name] = found[0] if len(found) == 1 else ""
            return command(*given, **asked)

        asked: Command = functools.update_wrapper(act, command)
        for each in (NOTE, *reversed([each for each in fields if each != NOTE])):
            for option in reversed(list(_options(each))):
                asked = option(asked)
        return asked

    return made


def read_as(kind: Kind) -> Callable[[object, object, str | None], Any]:
    """Give the reader of an option's or argument's text, or None."""
    field = Input(kind, kind)

    def read(_context: object, _option: object, text: str | None) -> Any:
        try:
            return field.read(text) if text else None
        except WrongFieldError as error:
            raise click.BadParameter(str(error)) from error

    return read


def _options(field: Input) -> Iterator[Callable[[Command], Command]]:
    """Ask for a field: by an argument if required, a flag for each choice, or an option."""
    metavar = field.metavar or METAVARS.get(field.kind, _("TEXTE"))
    reader = read_as(field.kind) if field.kind in METAVARS else None
    if field.is_needed:
        yield click.argument(field.name, metavar=metavar, callback=reader)
    elif field.kind == "choice":
        for choice, text in field.flags.items():
            yield click.option(f"--{choice}", choice, is_flag=True, help=text)
    else:
        options = {"default": None if reader else "", "metavar": metavar, "callback": reader}
        switch = {"is_flag": True, "callback": lambda _context, _option, on: on != field.is_on}
        shape: dict[str, Any] = switch if field.kind == "switch" else options
        option = f"--{field.option or field.name}"
        yield click.option(option, field.name, help=field.help, **shape)


def find_all(
    archive: Archive, keys: Iterable[str], *, shows: bool = False
) -> tuple[list[str], int]:
    """Find the episodes of some keys, and the `shows`; missing ones cost a line; count them."""
    found = dict[str, None]()

    def find(key: str) -> None:
        is_show = shows and "/" not in key
        found[require_show(archive, key) if is_show else find_episode(archive, key).key] = None

    failures = each_of(keys, find)
    return list(found), failures


def settle(archive: Archive, act: Act | None) -> None:
    """Let all that was made of the episodes follow at once, and say what was done."""
    catch_up(archive, Index(archive))
    tell_done(len(act.keys) if act else 0)


def tell_done(changed: int, *, final: bool = False) -> None:
    """Say how many episodes changed, and whether that can be taken back."""
    message = _("changé : {episodes} ; `radio undo` l’annule") if changed else _("rien n’a changé")
    message = _("changé pour toujours : {episodes}") if changed and final else message
    tell(message, episodes=counted(changed, "{n} épisode", "{n} épisodes"))


def tell_left(paths: Iterable[str]) -> None:
    """Name the files that may still hold what was removed, for whoever can judge them."""
    message = _(
        "{path} : pas un fichier du programme ; ce qui a été retiré s’y trouve "
        "peut-être : regardez, effacez-le"
    )
    for path in paths:
        warn(message, path=path)
