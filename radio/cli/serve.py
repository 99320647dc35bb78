"""Serve the site, and the demonstration."""

from pathlib import Path

import click

from radio.archive import Archive, imprint
from radio.cli.commands import ROOT
from radio.cli.lines import tell
from radio.cli.terminal import option, progress_bar, public_address, with_archive
from radio.demo import SEARCH, prepare
from radio.server import serve
from radio.system.messages import _

DEMO = ".demo"
on_host = click.option("--host", default="127.0.0.1", show_default=True)
on_port = click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))


@click.command("serve")
@with_archive
@on_host
@on_port
@option(
    "--desk",
    _("Another port, where the desk is to be; the site itself then has none."),
    type=click.IntRange(1, 65535),
)
def site(archive: Archive, host: str, port: int, desk: int | None) -> None:
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

    serve(archive, host, port, ready, base_url=base_url, desk=desk)


def _folder(context: click.Context, _option: object, given: str | None) -> Path:
    return Path(given or context.meta.get(ROOT) or DEMO)


@click.command("demo")
@option("--root", _("Keep it in this folder."), show_default=DEMO, callback=_folder)
@on_host
@on_port
def demo(root: Path, host: str, port: int) -> None:
    """Transcribe three sample shows here, and serve them."""

    def ready(address: str) -> None:
        told = _(
            "\nThe archive answers on {address}\nTry {address}/search?q={search}\n"
            "It stays in {root}: `radio search --root {root} {search}` finds it there"
        )
        tell(told, address=address, search=SEARCH, root=root)

    archive = Archive(root)
    prepare(archive, progress_bar, tell)
    base_url = public_address() or f"http://{host}:{port}"
    serve(archive, host, port, ready, base_url=base_url)
