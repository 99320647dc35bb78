"""Put episodes under embargo."""

import click

from radio.actions.publishing import embargo
from radio.cli.acting import acting


@click.command("embargo")
@acting(embargo)
def command() -> None:
    """Let nobody know of some episodes before a day: "25/12/2026", "1er janvier 2027".

    They appear by themselves on that day, at midnight.
    """
