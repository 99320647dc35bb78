"""Fetch and name the weights of Whisper."""

import click

from radio.cli.terminal import progress_bar
from radio.messages import _
from radio.transcribe import engines
from radio.transcribe.models import weights


@click.group("model")
def command() -> None:
    """Fetch or list the weights of Whisper."""


@command.command()
@click.argument("name", metavar=_("NAME"))
@click.option(
    "--engine",
    type=click.Choice(["openai", "faster"]),
    help=_("That will use them; by default openai where it is installed, else faster."),
)
def fetch(name: str, engine: str | None) -> None:
    """Fetch weights by name: base, small, medium…"""
    engine = engine or engines.choose(engines.usual())
    with progress_bar(f"Whisper {name}") as progress:
        model = engines.fetch(engine, name, progress)
    click.echo(model.path)


@command.command("list")
def list_models() -> None:
    """Name the weights that are here."""
    for each in weights.installed():
        click.echo(f"{each.name}  {each.size / 1e6:.0f} MB  {each.form}  {each.path}")
    click.echo(_("in {folder}").format(folder=weights.folder()), err=True)
