"""Serve the site."""

import click

from radio.archive import Archive, imprint
from radio.cli.lines import tell
from radio.cli.terminal import public_address, with_archive
from radio.server import serve
from radio.system.messages import _


@click.command("serve")
@with_archive
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--desk",
    type=click.IntRange(1, 65535),
    help=_("Another port, where the desk is to be; the site itself then has none."),
)
def command(archive: Archive, host: str, port: int, desk: int | None) -> None:
    """Serve the site.

    RADIO_BASE_URL is the address that listeners use.
    """
    base_url = public_address()

    def ready(address: str) -> None:
        tell(address)
        if not base_url:
            told = _(
                "RADIO_BASE_URL is not set: feeds, the sitemap and playlists will ask for it, "
                "and citations give no address"
            )
            tell(told)
        if not imprint.about(archive.root).contact:
            tell(_("site.json names no contact: who meets an error can tell nobody"))

    serve(archive.require(), host, port, ready, base_url=base_url, desk=desk)
