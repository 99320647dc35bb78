"""Serve the site."""

import click

from radio.archive import Archive
from radio.cli.terminal import with_archive
from radio.server import serve


@click.command("serve")
@with_archive
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def command(archive: Archive, host: str, port: int) -> None:
    """Serve the site.

    RADIO_BASE_URL is the address that listeners use.
    """
    serve(archive.require(), host, port, lambda address: click.echo(address, err=True))
