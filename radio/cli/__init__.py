"""The `radio` command: it parses, calls the rooms, and says what happened: results on standard
output, messages on standard error. Exit 0: done; 1: failed, with one line that says what, which
file, what to do; 2: wrong usage. `radio.cli.commands` has the table of the commands."""

import io
import logging
import sys

import click

import radio
from radio.cli.commands import COMMANDS, AllCommands, chosen_root, spoken
from radio.cli.lines import VisibleFormatter, say, warn
from radio.system import edition
from radio.system.errors import RadioError
from radio.system.messages import _, speak_for_click


def main() -> None:
    """Run the command; what can be explained is one line."""
    warnings = logging.StreamHandler()
    warnings.setFormatter(VisibleFormatter("radio: %(message)s"))
    logging.basicConfig(handlers=[warnings], level=logging.WARNING)
    if isinstance(sys.stdout, io.TextIOWrapper):  # names of files need not be UTF-8
        sys.stdout.reconfigure(errors="backslashreplace")
    speak_for_click()
    spoken(cli)
    try:
        cli()
    except RadioError as error:
        warn(error)
        sys.exit(1)


def tell_version(context: click.Context, _option: object, is_asked: bool) -> None:
    """Tell the version, and the commit where that is known."""
    if is_asked:
        known = edition.commit()
        say(f"radio {radio.__version__}{f' ({known})' if known else ''}")
        context.exit()


@click.group(
    cls=AllCommands, rows=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.option(
    "--root", expose_value=False, callback=chosen_root, help=_("Le dossier de l’archive.")
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=tell_version,
    help=_("Dire la version et le commit."),
)
def cli() -> None:
    """Archiver, transcrire, chercher et publier les émissions d’une radio, chez soi."""


@cli.result_callback()
def ended(failures: int | None) -> None:
    """End with 1 where something failed: a command gives how much."""
    sys.exit(1 if failures else 0)
