"""Fetch and name the weights of Whisper."""

import click

from radio.cli.terminal import progress_bar
from radio.transcribe import weights


@click.group("model")
def command() -> None:
    """Fetch or list the weights of Whisper."""


@command.command()
@click.argument("name")
@click.option(
    "--engine",
    default="openai",
    type=click.Choice(["openai", "faster"]),
    show_default=True,
    help="That will use them.",
)
def fetch(name: str, engine: str) -> None:
    """Fetch weights by name: base, small, medium…"""
    with progress_bar(f"Whisper {name}") as progress:
        take = weights.fetch if engine == "openai" else weights.fetch_conversion
        fetched = take(name, progress)
    click.echo(fetched.path)


@command.command("list")
def list_models() -> None:
    """Name the weights that are here."""
    for each in weights.installed():
        click.echo(f"{each.name}  {each.size / 1e6:.0f} MB  {each.form}  {each.path}")
    click.echo(f"in {weights.folder()}", err=True)
