"""Publish episodes that were withdrawn or under embargo."""

import click

from radio.actions.publishing import publish
from radio.cli.acting import acting


@click.command("publish")
@acting(publish)
def command() -> None:
    """Let everybody hear some episodes that were withdrawn or under embargo."""
