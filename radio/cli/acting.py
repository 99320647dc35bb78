"""Commands made from the declaration of an action: its keys, what it asks for, and a note."""

import functools
import sys
from collections.abc import Callable
from typing import Any

import click

from radio.actions.action import NOTE, Action, Input, Kind, WrongFieldError
from radio.archive import Archive
from radio.cli.protection import find_keys, settle
from radio.cli.terminal import with_archive
from radio.system.messages import _

METAVARS: dict[Kind, str] = {"day": _("DAY"), "coming": _("DAY"), "moment": _("SECOND")}
Command = Callable[..., Any]


def acting(action: Action) -> Callable[[Command], Command]:
    """Have a command do an action to the episodes that it names; its docstring says what."""

    def made(command: Command) -> Command:
        def act(archive: Archive, keys: tuple[str, ...], note: str, **asked: Any) -> None:
            found, failures = find_keys(archive.require(), keys)
            settle(archive, action(archive, found, note=note, **asked))
            sys.exit(1 if failures else 0)

        asking: Command = functools.update_wrapper(act, command)
        for each in (NOTE, *reversed(action.fields)):
            asking = _asking(each)(asking)
        return with_archive(
            click.argument("keys", nargs=-1, required=True, metavar=_("KEY…"))(asking)
        )

    return made


def with_note(command: Command) -> Command:
    """Give a command its private note."""
    return _asking(NOTE)(command)


def read_as(kind: Kind) -> Callable[[object, object, str | None], Any]:
    """Give what reads the text of an option or an argument; None where there is none."""
    field = Input(kind, kind)

    def read(_context: object, _option: object, text: str | None) -> Any:
        try:
            return field.read(text) if text else None
        except WrongFieldError as error:
            raise click.BadParameter(str(error)) from error

    return read


def _asking(field: Input) -> Callable[[Command], Command]:
    """Ask for a field: by an argument where it is needed, else by an option."""
    metavar = METAVARS.get(field.kind, _("TEXT"))
    reader = read_as(field.kind) if field.kind in METAVARS else None
    if field.is_needed:
        return click.argument(field.name, metavar=metavar, callback=reader)
    default = None if reader else ""
    option = f"--{field.name}"
    return click.option(option, default=default, metavar=metavar, callback=reader, help=field.help)
