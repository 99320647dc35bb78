"""The `radio` command: it parses, calls the rooms, and says what happened.

Results go to standard output, messages to standard error. Exit 0: done; 1: failed, with one line
that says what, which file, what to do; 2: wrong usage. Each command is a module of its name, which
is imported when it is called: `radio list` waits for no engine and no site.
"""

import importlib
import inspect
import io
import logging
import sys

import click

import radio
from radio.cli.lines import VisibleFormatter, say
from radio.system.errors import RadioError
from radio.system.messages import _, speak_for_click

COMMANDS = [
    *("init", "ingest", "follow", "transcribe", "voices", "align", "work", "status", "index"),
    "rehear",
    "search",
    *("playlist", "report"),
    *("list", "show", "themes", "twins", "edit", "rename", "move", "delete", "merge", "undo"),
    *("withdraw", "embargo", "publish", "noindex", "reply", "consent", "journal"),
    *("redact", "unseal", "replace", "proposals", "glossary"),
    "pseudonym",
    *("serve", "check", "export", "mirror", "audit", "model", "demo", "inbox"),
    "user",
]


class Commands(click.Group):
    """The commands, each imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (as click calls it)
        """Name the commands in the order in which a keeper meets them."""
        return COMMANDS

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 (as click calls it)
        cmd_name: str,
    ) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"radio.cli.{cmd_name}").command
        return _speak(command)


def main() -> None:
    """Run the command; what can be explained is one line."""
    warnings = logging.StreamHandler()
    warnings.setFormatter(VisibleFormatter("radio: %(message)s"))
    logging.basicConfig(handlers=[warnings], level=logging.WARNING)
    if isinstance(sys.stdout, io.TextIOWrapper):  # names of files need not be UTF-8
        sys.stdout.reconfigure(errors="backslashreplace")
    speak_for_click()
    _speak(cli)
    try:
        cli()
    except RadioError as error:
        say(f"radio: {error}", err=True)
        sys.exit(1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(radio.__version__, prog_name="radio")
def cli() -> None:
    """Keep, transcribe, search and serve the shows of a radio, on this machine.

    The files are made to be edited; docs/fields.md, beside the source of the program, tells each
    field, and how to publish, embargo and withdraw.
    """


def _speak(command: click.Command) -> click.Command:
    """Have a command explain itself in the language of whoever runs it."""
    command.help = command.help and _(inspect.cleandoc(command.help))
    for option in command.params:
        if isinstance(option, click.Option):
            option.help = option.help and _(option.help)
    for each in command.commands.values() if isinstance(command, click.Group) else ():
        _speak(each)
    return command
