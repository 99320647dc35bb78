"""Withdraw episodes, for ever or for a while."""

import click

from radio.actions.publishing import withdraw
from radio.cli.acting import acting


@click.command("withdraw")
@acting(withdraw)
def command() -> None:
    """Let nobody hear or read some episodes: not in pages, search, feeds, downloads or mirrors.

    Their addresses say that they were withdrawn, and why. Files stay; `radio protect publish`
    gives them back.
    """
