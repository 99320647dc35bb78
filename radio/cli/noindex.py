"""Hide episodes from search engines."""

import click

from radio.actions.publishing import hide
from radio.cli.acting import acting


@click.command("noindex")
@acting(hide)
def command() -> None:
    """Ask search engines to leave some episodes out; the search of the archive still finds them."""
