"""Demonstrate the archive with sample shows."""

from pathlib import Path

import click

from radio.archive import Archive
from radio.cli.commands import ROOT
from radio.cli.lines import say, tell
from radio.cli.terminal import progress_bar, public_address
from radio.demo import SEARCH, prepare
from radio.server import serve
from radio.system.messages import _

FOLDER = ".demo"


def _folder(context: click.Context, _option: object, given: str | None) -> Path:
    return Path(given or context.meta.get(ROOT) or FOLDER)


@click.command("demo")
@click.option(
    "--root",
    show_default=FOLDER,
    callback=_folder,
    help=_("Keep it in this folder."),
)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def command(root: Path, host: str, port: int) -> None:
    """Transcribe three sample shows here, and serve them."""

    def ready(address: str) -> None:
        told = _(
            "\nThe archive answers on {address}\nTry {address}/search?q={search}\n"
            "It stays in {root}: `radio search --root {root} {search}` finds it there"
        )
        tell(told, address=address, search=SEARCH, root=root)

    archive = Archive(root)
    prepare(archive, progress_bar, lambda line: say(line, err=True))
    base_url = public_address() or f"http://{host}:{port}"
    serve(archive, host, port, ready, base_url=base_url)
